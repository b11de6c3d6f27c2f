"""Redis behind Broadcaster, made to survive: Broadcaster's own backend stays deaf after Redis was away.

Reconnects with jitter, subscribes again, waits until subscriptions are confirmed, notices half-open links, then says
GAP on one of the channels: messages may have been missed on all. Publishing is pipelined and given up after a second.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from typing import Any

import structlog
from broadcaster import BroadcastBackend
from broadcaster import Event as Message
from redis import asyncio as aioredis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

log = structlog.get_logger("bus")
GAP = "\0gap"
_BEAT = "\0beat"  # a channel of our own keeps the link subscribed
_LOST = (RedisError, OSError, TimeoutError)


class RedisBackend(BroadcastBackend):
    """`idle` seconds without a message make a ping; none of it answered in as many again, the link is dead."""

    def __init__(self, url: str, *, idle: float = 5.0, cap: float = 2.0, publish_seconds: float = 1.0) -> None:
        options: dict[str, Any] = {"socket_connect_timeout": 2, "socket_keepalive": True, "health_check_interval": 0}
        self._out = aioredis.Redis.from_url(url, socket_timeout=2, retry=Retry(NoBackoff(), 0), **options)
        # RESP2: with RESP3 redis-py makes a `repr` of each message, for a log line that nobody wants.
        self._in = aioredis.Redis.from_url(url, socket_timeout=None, retry=Retry(NoBackoff(), 0), protocol=2, **options)
        self._idle, self._cap, self._publish_seconds = idle, cap, publish_seconds
        self._wanted: set[str] = set()
        self._confirmed: set[str] = set()
        self._complete = asyncio.Event()
        self._reconnected = False
        self._received: asyncio.Queue[Message] = asyncio.Queue(10_000)  # full: Redis cuts us off, and we hear of a gap
        self._outbox: asyncio.Queue[tuple[str, str]] = asyncio.Queue(10_000)
        self._pubsub: Any = None
        self._tasks: list[asyncio.Task[None]] = []
        self._out_works = True
        self.failed = 0
        self.heard_by = 2  # how many processes heard the last publication, this one too; at first we assume somebody

    @property
    def healthy(self) -> bool:
        """Subscribed to everything, and the last publication was taken."""
        return self._complete.is_set() and self._out_works

    # ── what Broadcaster asks ─────────────────────────────────────────────────────────────────────

    async def connect(self) -> None:
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._publish())]
        await self._until_complete()  # a server may start while Redis is away

    async def disconnect(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._publish_seconds):
                await self._outbox.join()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for client in (self._out, self._in):
            with contextlib.suppress(*_LOST):
                await client.aclose()

    async def publish(self, channel: str, message: Any) -> None:
        self.send(channel, message)

    def send(self, channel: str, message: str) -> None:
        """Publishes soon; never waits."""
        try:
            self._outbox.put_nowait((channel, message))
        except asyncio.QueueFull:
            self.failed += 1

    async def subscribe(self, channel: str) -> None:
        self._wanted.add(channel)
        if not self._complete.is_set():
            return  # the next connection subscribes to it, and says GAP
        self._complete.clear()
        with contextlib.suppress(*_LOST):
            await self._pubsub.subscribe(channel)
        await self._until_complete()

    async def unsubscribe(self, channel: str) -> None:
        self._wanted.discard(channel)

    async def next_published(self) -> Message:
        return await self._received.get()

    async def _until_complete(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._idle):
                await self._complete.wait()

    # ── in ────────────────────────────────────────────────────────────────────────────────────────

    async def _listen(self) -> None:
        delay = 0.05
        while True:
            try:
                async with self._in.pubsub() as self._pubsub:
                    self._confirmed.clear()
                    self._reconnected = True
                    await self._pubsub.subscribe(_BEAT, *self._wanted)
                    async for message in self._messages():
                        delay = 0.05
                        await self._take(message)
            except _LOST as error:
                log.warning("bus_link_lost", error=repr(error), retry_seconds=round(delay, 2))
            except Exception:
                log.exception("bus_listener_failed")
            finally:
                self._complete.clear()
            await asyncio.sleep(delay * (0.5 + random.random()))  # noqa: S311 (jitter)
            delay = min(delay * 2, self._cap)

    async def _messages(self) -> Any:
        """What arrives. Raises TimeoutError on a half-open link."""
        pinged = False
        while True:
            message = await self._pubsub.get_message(timeout=self._idle)
            if message is not None:
                pinged = False
                yield message
            elif pinged:
                raise TimeoutError("no pong")
            else:
                pinged = True
                await self._pubsub.ping("beat")

    async def _take(self, message: Any) -> None:
        channel = message["channel"].decode() if message["channel"] else ""
        if message["type"] == "message":
            await self._received.put(Message(channel, message["data"].decode(errors="replace")))
        elif message["type"] == "subscribe":
            self._confirmed.add(channel)
            if not self._complete.is_set() and self._confirmed >= self._wanted | {_BEAT}:
                # Only now: a log read before the subscription worked would miss what came in between.
                self._complete.set()
                if self._wanted and self._reconnected:
                    await self._received.put(Message(min(self._wanted), GAP))
                self._reconnected = False

    # ── out ───────────────────────────────────────────────────────────────────────────────────────

    async def _publish(self) -> None:
        while True:
            batch = [await self._outbox.get()]
            while not self._outbox.empty() and len(batch) < 1000:
                batch.append(self._outbox.get_nowait())
            try:
                async with asyncio.timeout(self._publish_seconds), self._out.pipeline(transaction=False) as pipeline:
                    for channel, message in batch:
                        pipeline.publish(channel, message)
                    self.heard_by = max(await pipeline.execute())
                self._out_works = True
            except Exception as error:
                if self._out_works or not isinstance(error, _LOST):
                    log.warning("bus_publish_failed", error=repr(error))
                self._out_works = False
                self.failed += len(batch)
            finally:
                for _ in batch:
                    self._outbox.task_done()
