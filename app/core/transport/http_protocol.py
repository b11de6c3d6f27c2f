"""The uvicorn `--http` class, for what ASGI has no say in: heads too slow or too long, peers that stop reading.

Run uvicorn with `http="app.core.transport.http_protocol:ParleyHttp"`.
"""

from __future__ import annotations

from asyncio import TimerHandle, Transport
from collections.abc import Sequence, Sized
from functools import partial
from typing import Any

from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

EXTENSION = "parley.answer"
"""In the scope's extensions: (status, headers, body) → whether the answer is sent. False: ASGI's send() has to wait."""

_BODY = (b"content-length", b"transfer-encoding")
_FEW = 4  # requests that wait for others


class _Refused(Exception):
    """The parser's way out: uvicorn answers 400 and closes."""


class _Flow(FlowControl):
    """Reads nothing while several requests wait for the answers before them; uvicorn would read on with each that
    begins or ends, and keep all that a peer can send. With a few it reads on, or a hang-up would go unnoticed."""

    def __init__(self, transport: Transport, waiting: Sized) -> None:
        super().__init__(transport)
        self._waiting = waiting

    def resume_reading(self) -> None:
        if len(self._waiting) <= _FEW:
            super().resume_reading()


class ParleyHttp(HttpToolsProtocol):
    """HTTP/1.1 with bounds: a head of `head_bytes` in `headers_most` lines within `head_seconds`, and as long for the
    rest of a body that was answered before its end; `pipelined` requests that wait for others. A peer that has taken
    nothing of an answer for `stall_seconds` is cut off, or it would hold the answer, its task and a session's stream
    for ever."""

    head_bytes = 65_536
    headers_most = 200
    pipelined = 64
    head_seconds = 10.0
    stall_seconds = 30.0

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._head_size: int | None = 0  # of the head that is coming in; None: it is complete
        self._head_timer: TimerHandle | None = None
        self._is_in_head = False
        self._stall_timer: TimerHandle | None = None
        self._running: RequestResponseCycle | None = None  # uvicorn knows the latest, which may wait for this one

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.flow = _Flow(transport, self.pipeline)
        self._await_head()

    def data_received(self, data: bytes) -> None:
        size = None if self._head_size is None else self._head_size + len(data)
        if size is not None:
            self._head_size = size
        super().data_received(data)
        # One chunk may hold several heads, and is bounded by itself; what counts is a head that does not end.
        if size is not None and self._head_size == size and size > self.head_bytes:
            self._refuse(431)
        elif self._head_timer is None and (self._is_in_head or (self._head_size and self._is_unasked)):
            self._await_head()  # most heads come in one piece; empty lines before one ended uvicorn's own waiting

    def on_message_begin(self) -> None:
        if len(self.pipeline) >= self.pipelined:  # one chunk may hold thousands
            raise _Refused
        super().on_message_begin()
        self._is_in_head = True

    def on_headers_complete(self) -> None:
        if len(self.headers) > self.headers_most:
            raise _Refused
        self._head_size = None
        self._is_in_head = False
        self._cancel_head_timer()
        super().on_headers_complete()
        if self.cycle is not None and self.cycle.scope is self.scope:  # no WebSocket; its task has not begun yet
            self.scope["extensions"] = {EXTENSION: partial(answer_at_once, self.cycle)}  # type: ignore[dict-item]
        elif any(name in _BODY for name, _ in self.headers):  # a handshake: its body would be waited for, for ever
            raise _Refused

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._head_size = 0
        if self.cycle is not None and self.cycle.response_complete:  # before its body, see answer_at_once
            self._cancel_head_timer()
            if not self.cycle.keep_alive:
                self.transport.close()

    def send_400_response(self, msg: str) -> None:
        if self._is_unasked:
            super().send_400_response(msg)
        else:  # it would be taken for the answer that is under way
            self.transport.close()

    def handle_websocket_upgrade(self) -> None:
        super().handle_websocket_upgrade()
        self.parser = None  # type: ignore[assignment]  # it holds this, and is told of nothing any more

    def on_response_complete(self) -> None:
        if self._running is not None:
            self._running.scope.pop("extensions", None)  # they hold it
        super().on_response_complete()
        if self._head_size is None and self._is_unasked and not self.transport.is_closing():
            self._await_head()  # the rest of its body comes first

    def connection_lost(self, exc: Exception | None) -> None:
        self._cancel_head_timer()
        self._cancel_stall_timer()
        if self._running is not None and not self._running.response_complete:
            self._running.disconnected = True
            self._running.message_event.set()
            self._running.scope.pop("extensions", None)
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._watch_reader()

    def resume_writing(self) -> None:
        self._cancel_stall_timer()
        super().resume_writing()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        if not self.transport.is_closing():  # what a peer sends after its last request is not to be executed
            self._running = cycle
            super()._start_asgi_task(cycle, app)

    @property
    def _is_unasked(self) -> bool:
        """Whether every request has been answered."""
        return self.cycle is None or self.cycle.response_complete

    def _await_head(self) -> None:
        self._head_timer = self.loop.call_later(self.head_seconds, self._refuse, 408)

    def _refuse(self, status: int) -> None:
        self._cancel_head_timer()
        if not self.transport.is_closing():
            if self._head_size and self._is_unasked:  # silence is answered with silence
                self.transport.write(STATUS_LINE[status] + b"content-length: 0\r\nconnection: close\r\n\r\n")
            self.transport.close()

    def _watch_reader(self) -> None:
        waiting = self.transport.get_write_buffer_size()
        self._stall_timer = self.loop.call_later(self.stall_seconds, self._look_at_reader, waiting)

    def _look_at_reader(self, before: int) -> None:
        """Cuts a peer that has taken nothing since; one that reads slowly may go on."""
        if self.transport.get_write_buffer_size() >= before:
            self.transport.abort()  # close() would wait for the buffer
        else:
            self._watch_reader()

    def _cancel_head_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _cancel_stall_timer(self) -> None:
        if self._stall_timer is not None:
            self._stall_timer.cancel()
            self._stall_timer = None


def answer_at_once(
    cycle: RequestResponseCycle, status: int, headers: Sequence[tuple[bytes, bytes]], body: bytes
) -> bool:  # fmt: skip
    """Sends a whole answer, its length among the headers, in one system call; ASGI's way takes two, and looks through
    every header with regular expressions (14 µs more of 150). Returns False where nobody may write now.

    Where the body has not ended, this is the connection's last answer: whoever waits to be told to send it might begin
    another request in its place. The rest is read (ParleyHttp), or closing would take the answer from the peer.
    """
    if cycle.flow.write_paused or cycle.disconnected or cycle.response_started or cycle.scope["method"] == "HEAD":
        return False
    lines = [b"%b: %b\r\n" % header for header in (*cycle.default_headers, *headers)]
    head = b"".join(lines)
    if head.count(b"\n") != len(lines):
        raise ValueError("a header has a line break")
    at_once = not cycle.keep_alive or (b"connection", b"close") in headers
    cycle.keep_alive = not (at_once or cycle.more_body)
    end = b"\r\n" if cycle.keep_alive or (b"connection", b"close") in headers else b"connection: close\r\n\r\n"
    cycle.waiting_for_100_continue = False
    cycle.response_started = cycle.response_complete = True
    cycle.transport.write(STATUS_LINE[status] + head + end + body)
    cycle.message_event.set()
    if at_once:
        cycle.transport.close()
    cycle.on_response()
    return True
