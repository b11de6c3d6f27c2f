"""The bus between processes: after a commit, the events of a loop tick travel as one message.

It may lose, repeat, reorder or be away: the follower reads what it missed from the log. Broadcaster carries it,
in-process or through Redis.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from typing import Any

import structlog
from broadcaster import Broadcast
from broadcaster._base import Subscriber, Unsubscribed

from app.core.bus_codec import (
    Announcement,
    Codec,
    pack_announcement,
    pack_event,
    pack_rows,
    unpack_announcement,
    unpack_event,
)
from app.core.bus_redis import GAP, RedisBackend
from app.core.log import Event

log = structlog.get_logger("bus")
_GATHERED_SECONDS = 0.01  # a storm of connections announces each; a message for each cost 20 µs of some 500

__all__ = ["Announcement", "Bus"]


class Bus:
    """Publishing never blocks and never fails for the caller; receiving calls the handlers given to `start`.

    `url` "" is in-process. `prefix` begins the channels' names, so that tests can share one Redis.
    """

    def __init__(self, url: str, secret: str, *, prefix: str = "parley") -> None:
        self._codec = Codec(secret, secrets.token_hex(8))
        self._redis = RedisBackend(url, self._codec.is_own) if url else None
        self._broadcast = Broadcast(backend=self._redis) if self._redis else Broadcast("memory://")
        self._durable, self._ephemeral = f"{prefix}:events", f"{prefix}:ephemeral"
        self._events: list[Any] = []  # packed, to be sent
        self._rows: list[bytes] = []  # what they carry
        self._announcements: list[Any] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._stack = AsyncExitStack()
        self._running = False
        self.published = 0
        self.forged = 0
        self.gaps = 0

    @property
    def healthy(self) -> bool:
        """Whether events of other processes can be expected to arrive by themselves."""
        return self._redis is None or self._redis.healthy

    @property
    def is_alone(self) -> bool:
        """Whether no other process heard the last message."""
        return self._redis is None or self._redis.heard_by <= 1

    @property
    def failed(self) -> int:
        """How many messages were given up because Redis did not take them within a second."""
        return 0 if self._redis is None else self._redis.failed

    async def start(
        self,
        *,
        on_events: Callable[[Sequence[Event]], None],
        on_announcement: Callable[[Announcement], None],
        on_gap: Callable[[], None],
    ) -> None:
        """Connects and subscribes to everything, once. A Redis that is away does not stop a start: `on_gap` is called
        when it has come (back), as messages may have been missed."""

        def events(channel: str, text: bytes) -> None:
            on_events([unpack_event(*packed) for packed in zip(*self._codec.decode(channel, text), strict=True)])

        def announcements(channel: str, text: bytes) -> None:
            for item in self._codec.decode(channel, text)[0]:
                on_announcement(unpack_announcement(item))

        self._stack = AsyncExitStack()
        await self._broadcast.connect()
        self._stack.push_async_callback(self._broadcast.disconnect)
        handlers = {self._durable: events, self._ephemeral: announcements}
        for channel, handle in handlers.items():
            subscriber = await self._stack.enter_async_context(self._broadcast.subscribe(channel))
            self._spawn(self._receive(subscriber, handle, on_gap))
        self._running = True

    async def stop(self) -> None:
        """Sends what waits, then disconnects."""
        self._running = False
        self._send_events()
        self._send_announcements()
        await self._stack.aclose()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def publish(self, events: Sequence[Event]) -> None:
        """Sends events to the other processes. What they carry goes with them if somebody heard the last message; who
        is new reads it, and hears of the first ones 10 ms later: alone, a message for each batch cost 3 % of all."""
        if self._redis is None or not self._running:
            return
        with_rows = not self.is_alone
        if not self._events:
            asyncio.get_running_loop().call_later(0 if with_rows else _GATHERED_SECONDS, self._send_events)
        self._events += map(pack_event, events)
        self._rows += [pack_rows(event.carried) if with_rows else b"" for event in events]

    def announce(self, announcement: Announcement) -> None:
        """Tells the other processes something that is not stored, together with what is announced in the next 10 ms."""
        if self._redis is None or not self._running:
            return
        if not self._announcements:
            asyncio.get_running_loop().call_later(_GATHERED_SECONDS, self._send_announcements)
        self._announcements.append(pack_announcement(announcement))

    def _send_events(self) -> None:
        events, rows, self._events, self._rows = self._events, self._rows, [], []
        self._send(self._durable, events, rows)

    def _send_announcements(self) -> None:
        announcements, self._announcements = self._announcements, []
        self._send(self._ephemeral, announcements)

    def _send(self, channel: str, items: list[Any], rows: Sequence[bytes] = ()) -> None:
        if self._redis is None or not items:
            return
        try:
            self._redis.send(channel, self._codec.encode(channel, items, rows))
            self.published += 1
        except Exception:
            log.exception("bus_publish_failed", channel=channel)

    async def _receive(
        self, subscriber: Subscriber, handle: Callable[[str, Any], None], on_gap: Callable[[], None]
    ) -> None:
        """Handlers are quick and never wait, so Broadcaster's unbounded queue holds one loop tick at most."""
        while True:
            try:
                message = await subscriber.get()
            except Unsubscribed:
                return
            if message.message == GAP:
                self.gaps += 1
                on_gap()
            else:
                try:
                    handle(message.channel, message.message)
                except (ValueError, TypeError):
                    self.forged += 1
                    log.warning("bus_message_refused", channel=message.channel)
                except Exception:
                    log.exception("bus_handler_failed")

    def _spawn(self, work: Any) -> None:
        task: asyncio.Task[None] = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
