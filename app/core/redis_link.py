"""A connection to Redis that is read and written in the event loop's own ticks.

redis-py makes it (TLS, password, database), and hiredis reads it. Between them stand no streams, no tasks and no
timers, which take longer than the messages of a bus that brings one each millisecond.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import hiredis
import structlog

log = structlog.get_logger("bus")
_CONNECT_SECONDS = 2.0  # for the handshake too


class Link(asyncio.Protocol):
    """One connection. `on_reply` is called with each reply in the tick in which it was read (an error is a
    `hiredis.ReplyError`), and must not block; what it raises
    ends the connection. `closed` is done when the connection is no more."""

    def __init__(self, on_reply: Callable[[Any], None]) -> None:
        self.closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.chunks = 0  # read so far: who counts them sees whether it is alive
        self._on_reply = on_reply
        self._replies = hiredis.Reader()
        self._writer: asyncio.StreamWriter

    @classmethod
    async def open(cls, pool: Any, on_reply: Callable[[Any], None]) -> Link:
        """A new connection, as this pool of redis-py would make one, but not of the pool. Raises RedisError, OSError
        or TimeoutError."""
        made = pool.make_connection()
        try:
            async with asyncio.timeout(_CONNECT_SECONDS):
                await made.connect()
        except BaseException:
            await made.disconnect(nowait=True)
            raise
        link = cls(on_reply)
        # Kept: a writer that nobody holds closes its transport.
        link._writer, made._reader, made._writer = made._writer, None, None
        link._writer.transport.set_protocol(link)
        if link._writer.transport.is_closing():
            link.connection_lost(None)
        return link

    @property
    def is_open(self) -> bool:
        """Whether it takes commands still."""
        return not self._writer.transport.is_closing()

    def send(self, *command: bytes | str) -> None:
        """Writes a command soon; never waits. It must be open."""
        self._writer.transport.write(hiredis.pack_command(command))  # type: ignore[arg-type]

    @property
    def unsent(self) -> int:
        """How many bytes wait for Redis to take them."""
        return self._writer.transport.get_write_buffer_size()

    def cut(self) -> None:
        """Ends it, without a goodbye."""
        self._writer.transport.abort()

    def data_received(self, data: bytes) -> None:
        self.chunks += 1
        self._replies.feed(data)
        try:
            while (reply := self._replies.gets()) is not False:
                self._on_reply(reply)
        except Exception as error:
            log.warning("redis_reply_refused", error=repr(error))
            self.cut()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.closed.done():
            self.closed.set_result(None)
