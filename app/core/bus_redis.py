"""Redis behind Broadcaster, made to survive: Broadcaster's own backend stays deaf after Redis was away.

Reconnects with jitter, subscribes again, waits until subscriptions are confirmed, notices half-open links, then says
GAP on one of the channels: messages may have been missed on all. Publishing is pipelined and given up after a second.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

import hiredis
import structlog
from broadcaster import BroadcastBackend
from broadcaster import Event as Message
from redis import asyncio as aioredis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from app.core.redis_link import Link

log = structlog.get_logger("bus")
GAP = "\0gap"
_BEAT = "\0beat"  # a channel of our own keeps the link subscribed
_LOST = (RedisError, OSError, TimeoutError)
_WAITING = 10_000  # messages either way
_DELAY = 0.05  # before the first try to connect again
_UNSENT = 64 * 1024 * 1024  # bytes of them


class RedisBackend(BroadcastBackend):
    """`idle` seconds without a message make a ping; none of it answered in as many again, the link is dead.

    Messages are bytes; those of which `is_own` says so are not received.
    """

    def __init__(
        self,
        url: str,
        is_own: Callable[[bytes], bool],
        *,
        idle: float = 5.0,
        cap: float = 2.0,
        publish_seconds: float = 1.0,
    ) -> None:
        # RESP2: a push of RESP3 is an object of its own kind.
        self._pool = aioredis.ConnectionPool.from_url(
            url, protocol=2, retry=Retry(NoBackoff(), 0), socket_timeout=2, socket_connect_timeout=2,
            socket_keepalive=True, health_check_interval=0,
        )  # fmt: skip
        self._is_own = is_own
        self._idle, self._cap, self._publish_seconds = idle, cap, publish_seconds
        self._wanted: set[str] = set()
        self._confirmed: set[str] = set()
        self._complete = asyncio.Event()
        self._reconnected = False
        self._received: asyncio.Queue[Message] = asyncio.Queue(_WAITING)
        self._sent: deque[float] = deque()  # when each was that Redis has not answered
        self._answered = asyncio.Event()
        self._is_taken = True  # the last one that it answered
        self._opened = asyncio.Event()  # there was a link out
        self._in: Link | None = None
        self._out: Link | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self.failed = 0
        self.heard_by = 2  # how many processes heard the last publication, this one too; at first we assume somebody

    @property
    def healthy(self) -> bool:
        """Subscribed to everything, and what is published is taken."""
        return self._complete.is_set() and self._out is not None and self._is_taken

    # ── what Broadcaster asks ─────────────────────────────────────────────────────────────────────

    async def connect(self) -> None:
        self._tasks = [
            asyncio.create_task(self._keep(self._listen, "bus_link_lost")),
            asyncio.create_task(self._keep(self._publish, "bus_publish_failed")),
        ]
        await self._until(self._complete, self._opened)  # a server may start while Redis is away

    async def disconnect(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._publish_seconds):
                while self._sent:
                    self._answered.clear()
                    await self._answered.wait()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def publish(self, channel: str, message: Any) -> None:
        self.send(channel, message)

    def send(self, channel: str, message: bytes) -> None:
        """Publishes soon; never waits."""
        out = self._out
        if out is not None and out.is_open and len(self._sent) < _WAITING and out.unsent < _UNSENT:
            out.send("PUBLISH", channel, message)
            self._sent.append(asyncio.get_running_loop().time())
        else:
            self.failed += 1

    async def subscribe(self, channel: str) -> None:
        self._wanted.add(channel)
        if not self._complete.is_set():
            return  # the next connection subscribes to it, and says GAP
        self._complete.clear()
        if self._in is not None:
            self._in.send("SUBSCRIBE", channel)
        await self._until(self._complete)

    async def unsubscribe(self, channel: str) -> None:
        self._wanted.discard(channel)

    async def next_published(self) -> Message:
        return await self._received.get()

    async def _until(self, *events: asyncio.Event) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._idle):
                for event in events:
                    await event.wait()

    # ── links ─────────────────────────────────────────────────────────────────────────────────────

    async def _keep(self, work: Callable[[], Awaitable[None]], trouble: str) -> None:
        """Does the work of a link for ever: it only ends with the link."""
        delay, loop = _DELAY, asyncio.get_running_loop()
        while True:
            begun = loop.time()
            try:
                await work()
            except _LOST as error:
                log.warning(trouble, error=repr(error), retry_seconds=round(delay, 2))
            except Exception:
                log.exception(trouble)
            if loop.time() - begun > self._cap:  # it was there
                delay = _DELAY
            await asyncio.sleep(delay * (0.5 + random.random()))  # noqa: S311 (jitter)
            delay = min(delay * 2, self._cap)

    async def _listen(self) -> None:
        """Receives until the link is lost or half open, then raises one of _LOST."""
        try:
            link = self._in = await Link.open(self._pool, self._take)
            self._confirmed.clear()
            self._reconnected = True
            link.send("SUBSCRIBE", _BEAT, *self._wanted)
            while True:
                heard = link.chunks
                await link.lost(self._idle)
                if link.chunks == heard:
                    link.send("PING", "beat")
                    await link.lost(self._idle)
                    if link.chunks == heard:
                        raise TimeoutError("no pong")
        finally:
            self._complete.clear()
            if self._in is not None:
                self._in.cut()
                self._in = None

    def _take(self, reply: Any) -> None:
        """A message, or the answer to a command."""
        if isinstance(reply, hiredis.HiredisError):
            raise reply
        if reply[0] == b"message":
            _, channel, content = reply
            if not self._is_own(content):
                self._received.put_nowait(Message(channel.decode(), content))
        elif reply[0] == b"subscribe":
            self._confirmed.add(reply[1].decode())
            if not self._complete.is_set() and self._confirmed >= self._wanted | {_BEAT}:
                # Only now: a log read before the subscription worked would miss what came in between.
                self._complete.set()
                if self._wanted and self._reconnected:
                    self._received.put_nowait(Message(min(self._wanted), GAP))
                self._reconnected = False

    async def _publish(self) -> None:
        """Lets `send` write until the link is lost or Redis answers no more, then raises one of _LOST."""
        loop = asyncio.get_running_loop()
        try:
            link = self._out = await Link.open(self._pool, self._taken)
            self._is_taken = True
            self._opened.set()
            while True:
                await link.lost(self._publish_seconds / 2)
                if self._sent and self._sent[0] < loop.time() - self._publish_seconds:
                    raise TimeoutError("publications are not taken")
        finally:
            if self._out is not None:
                self._out.cut()
                self._out = None
            self.failed += len(self._sent)
            self._sent.clear()
            self._answered.set()

    def _taken(self, reply: Any) -> None:
        """Redis has answered the oldest publication: how many heard it."""
        self._sent.popleft()
        was_taken, self._is_taken = self._is_taken, isinstance(reply, int)
        if self._is_taken:
            self.heard_by = reply
        else:
            self.failed += 1
            if was_taken:
                log.warning("bus_publish_failed", error=repr(reply))
        if not self._sent:
            self._answered.set()
