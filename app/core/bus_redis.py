"""Redis behind Broadcaster, made to survive: Broadcaster's own backend stays deaf after Redis was away.

Reconnects with jitter, subscribes again, waits until subscriptions are confirmed, notices half-open links, then says
GAP on one of the channels: messages may have been missed on all. Publishing is pipelined and given up after a second.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections import deque
from collections.abc import Callable
from typing import Any

import hiredis
import structlog
from broadcaster import BroadcastBackend
from broadcaster import Event as Message
from redis import asyncio as aioredis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
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
    """`idle` seconds without a message make a ping, on either link: networks forget silent ones. That to receive by
    is dead when as many pass again without an answer, that to publish by after `publish_seconds`.

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
        self._in: Link | None = None
        self._out: Link | None = None
        self._task: asyncio.Task[None] | None = None
        self.failed = 0
        self.heard_by = 2  # how many processes heard the last publication, this one too; at first we assume somebody

    @property
    def healthy(self) -> bool:
        """Subscribed to everything, and what is published is taken."""
        return self._complete.is_set() and self._is_taken

    # ── what Broadcaster asks ─────────────────────────────────────────────────────────────────────

    async def connect(self) -> None:
        self._task = asyncio.create_task(self._keep())
        await self._until_complete()  # a server may start while Redis is away

    async def disconnect(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._publish_seconds):
                while self._sent:
                    self._answered.clear()
                    await self._answered.wait()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

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
        if self._in is not None and self._in.is_open:  # else the next connection subscribes to it, and says GAP
            self._in.send("SUBSCRIBE", channel)
        if self._complete.is_set():
            self._complete.clear()
            await self._until_complete()

    async def unsubscribe(self, channel: str) -> None:
        self._wanted.discard(channel)

    async def next_published(self) -> Message:
        return await self._received.get()

    async def _until_complete(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._idle):
                await self._complete.wait()

    # ── the two links ─────────────────────────────────────────────────────────────────────────────

    async def _keep(self) -> None:
        """Links to Redis, again and again."""
        delay, loop = _DELAY, asyncio.get_running_loop()
        while True:
            begun = loop.time()
            try:
                await self._link()
            except _LOST as error:
                log.warning("bus_link_lost", error=repr(error), retry_seconds=round(delay, 2))
            except Exception:
                log.exception("bus_link_failed")
            if loop.time() - begun > self._cap:  # it was there
                delay = _DELAY
            await asyncio.sleep(delay * (0.5 + random.random()))  # noqa: S311 (jitter)
            delay = min(delay * 2, self._cap)

    async def _link(self) -> None:
        """Publishes and receives until one of the links is lost or half open, then raises one of _LOST."""
        try:
            self._out = await Link.open(self._pool, self._taken)
            self._in = await Link.open(self._pool, self._take)
            self._confirmed.clear()
            self._reconnected = self._is_taken = True
            self._in.send("SUBSCRIBE", _BEAT, *self._wanted)
            await self._watch(self._out, self._in)
        finally:
            self._complete.clear()
            for link in filter(None, (self._out, self._in)):
                link.cut()
            self._out = self._in = None
            self.failed += len(self._sent)
            self._sent.clear()
            self._answered.set()

    async def _watch(self, out: Link, into: Link) -> None:
        """Asks Redis for a sign when it is silent, and returns never: raises one of _LOST."""
        loop = asyncio.get_running_loop()
        heard, since, is_asked = into.chunks, loop.time(), False
        taken, taken_at = out.chunks, since
        while True:
            pause = min(self._idle, self._publish_seconds) / 2
            ended, _ = await asyncio.wait((out.closed, into.closed), timeout=pause, return_when="FIRST_COMPLETED")
            now = loop.time()
            if ended:
                raise RedisConnectionError("Redis ended the connection")
            if self._sent and self._sent[0] < now - self._publish_seconds:
                raise TimeoutError("publications are not taken")
            if out.chunks != taken or self._sent:
                taken, taken_at = out.chunks, now
            elif now - taken_at > self._idle:
                out.send("PING")
                self._sent.append(now)
            if into.chunks != heard:
                heard, since, is_asked = into.chunks, now, False
            elif now - since > 2 * self._idle:
                raise TimeoutError("no pong")
            elif now - since > self._idle and not is_asked:
                into.send("PING", "beat")
                is_asked = True

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

    def _taken(self, reply: Any) -> None:
        """Redis has answered the oldest publication: how many heard it; or a ping."""
        self._sent.popleft()
        if isinstance(reply, int):
            self._is_taken, self.heard_by = True, reply
        elif reply != b"PONG":
            self.failed += 1
            if self._is_taken:
                log.warning("bus_publish_failed", error=repr(reply))
            self._is_taken = False
        if not self._sent:
            self._answered.set()
