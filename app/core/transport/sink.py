"""What leaves a socket, in order: frames written by hand (RFC 6455), those of one loop tick joined to one write.

A busy group costs one system call per subscriber for many events; past the bound nothing is taken any more.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

import orjson

from app.core.errors import ApiError
from app.core.transport.protocol import ParleyWebSocket

if TYPE_CHECKING:
    from app.core.transport.websocket import Connection

_WRITES_AT_ONCE = 256
_CROWD = 16
ROOMY = 4  # a buffer is, while less than one part of so many is in it


def text_frame(payload: bytes) -> bytes:
    """One unmasked text frame, as servers send them."""
    n = len(payload)
    if n < 126:
        return b"\x81%c%b" % (n, payload)
    if n < 65536:
        return b"\x81\x7e%b%b" % (n.to_bytes(2, "big"), payload)
    return b"\x81\x7f%b%b" % (n.to_bytes(8, "big"), payload)


def next_frame(prefix: bytes, payload: bytes) -> bytes:
    """The frame of a subscription's payload; without a prefix the payload is a frame already."""
    if not prefix:
        return payload
    n = len(prefix) + len(payload) + 1
    if 126 <= n < 65536:
        return b"\x81\x7e%b%b%b}" % (n.to_bytes(2, "big"), prefix, payload)
    return text_frame(b"%b%b}" % (prefix, payload))


def _drop(_frames: bytes) -> None:
    pass


class Ticks:
    """The sockets that have something to write in this tick of the loop. One per process."""

    def __init__(self) -> None:
        self.waiting: deque[Outbox] = deque()
        self.is_scheduled = False

    def add(self, outbox: Outbox) -> None:
        """Has the outbox flushed when all callbacks that are ready now have run."""
        self.waiting.append(outbox)
        if not self.is_scheduled:
            self.is_scheduled = True
            asyncio.get_running_loop().call_soon(self._flush)

    def hurry(self) -> None:
        """Everybody was handed what there was: a crowd gets it now, not when answers have been made and the loop has
        polled. One socket or two still wait for what joins it there: the answer of who sent."""
        if _CROWD <= len(self.waiting) <= _WRITES_AT_ONCE:
            while self.waiting:
                self.waiting.popleft().flush()

    def _flush(self) -> None:
        # A thousand system calls are 10 ms, for which locks and everybody else would wait: a share of them per tick.
        waiting = self.waiting
        for _ in range(min(len(waiting), _WRITES_AT_ONCE)):
            waiting.popleft().flush()
        self.is_scheduled = bool(waiting)
        if waiting:
            asyncio.get_running_loop().call_soon(self._flush)


class Outbox:
    """All that leaves one socket. `paused` is True while the peer reads too slowly.

    `parts` are prefixes and payloads by turns. Frames are made when they are written, one after another in the same
    memory: until then a thousand subscribers hold one payload.
    """

    __slots__ = ("_is_closing", "_on_resume", "_protocol", "_write", "bound", "parts", "paused", "size", "ticks")

    def __init__(self, protocol: ParleyWebSocket, ticks: Ticks, bound: int) -> None:
        self._protocol = protocol
        # Held here: looking them up in the protocol costs every delivery a quarter of a microsecond.
        self._write: Callable[[bytes], None] = protocol.transport.write
        self._is_closing: Callable[[], bool] = protocol.transport.is_closing
        self.ticks = ticks
        self.bound = bound
        self._on_resume: list[Callable[[], None]] = []
        self.parts: list[bytes] = []
        self.size = 0
        self.paused = False
        protocol.bound(bound, self._flow)

    def add(self, frame: bytes) -> None:
        """Takes a frame, to be written at the end of the tick; at once when the tick's frames exceed the bound."""
        parts = self.parts
        if not parts:
            self.ticks.add(self)
        parts += (b"", frame)
        self.size += len(frame)
        if self.size > self.bound:
            self.flush()

    def flush(self) -> None:
        """Writes what was taken."""
        parts = self.parts
        if not parts:
            return
        if len(parts) == 2:
            prefix, payload = parts
            n = len(prefix) + len(payload) + 1
            if prefix and 126 <= n < 65536:  # next_frame inlined
                frames = b"\x81\x7e%b%b%b}" % (n.to_bytes(2, "big"), prefix, payload)
            else:
                frames = next_frame(prefix, payload)
        else:
            frames = b"".join(map(next_frame, parts[::2], parts[1::2]))
        parts.clear()
        self.size = 0
        # uvloop raises on a closed transport: one dead subscriber must not cost the others their message.
        if not self._is_closing():
            self._write(frames)

    def close(self, code: int, reason: str) -> None:
        """Closes the socket after what was taken."""
        self.flush()
        self._write = _drop  # nothing follows a close frame
        self._protocol.close(code, reason)

    @property
    def waiting(self) -> int:
        """Bytes that the peer has not taken yet."""
        return self.size + self._protocol.transport.get_write_buffer_size()

    async def drained(self, timeout: float) -> bool:
        """Waits until the peer has read enough for more; False after `timeout` seconds or when it is gone."""
        if self.paused:
            resumed = asyncio.Event()
            self._on_resume.append(resumed.set)
            try:
                async with asyncio.timeout(timeout):
                    await resumed.wait()
            except TimeoutError:
                return False
        return not self._protocol.disconnected

    def _flow(self, paused: bool) -> None:
        self.paused = paused
        if not paused:
            waiting, self._on_resume = self._on_resume, []
            for resume in waiting:
                resume()


class SocketSink:
    """One subscription's way out through its socket (the hub's Sink)."""

    __slots__ = ("_connection", "_id", "_outbox", "_prefix")

    def __init__(self, connection: Connection, outbox: Outbox, operation_id: str) -> None:
        self._connection = connection
        self._outbox = outbox
        self._id = operation_id
        self._prefix = b'{"id":%b,"type":"next","payload":' % orjson.dumps(operation_id)

    def push(self, payload: bytes) -> bool:
        """Takes one payload, unless the socket is over its bound. Outbox.add inlined: it runs for every delivery."""
        outbox = self._outbox
        if outbox.paused:
            return False
        parts = outbox.parts
        if parts:
            parts += (self._prefix, payload)
            outbox.size += len(payload)
            if outbox.size > outbox.bound:
                outbox.flush()
        else:
            parts += (self._prefix, payload)
            outbox.size = len(payload)
            outbox.ticks.add(outbox)
        return True

    @property
    def is_roomy(self) -> bool:
        """See hub.Sink."""
        outbox = self._outbox
        return not outbox.paused and outbox.waiting * ROOMY < outbox.bound

    async def drained(self, timeout: float) -> bool:
        """See Outbox.drained."""
        return await self._outbox.drained(timeout)

    def end(self, error: ApiError) -> None:
        """Ends this subscription with an error."""
        self._connection.end_operation(self._id, error)

    def close(self, code: int, reason: str) -> None:
        """Closes the whole socket."""
        self._connection.close(code, reason)
