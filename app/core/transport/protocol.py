"""The uvicorn `--ws` class: WebSockets that also offer their transport, so that encoded frames skip ASGI's send().

Run uvicorn with `ws="app.core.transport.protocol:ParleyWebSocket"` and `ws_per_message_deflate=False`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any, cast
from urllib.parse import unquote

from uvicorn.protocols.utils import get_client_addr, get_path_with_query_string
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.exceptions import InvalidState
from websockets.frames import Opcode, apply_mask  # type: ignore[attr-defined]  # the one in C, if it is there
from websockets.http11 import Request
from websockets.protocol import Protocol, State
from websockets.streams import StreamReader

from app.core.transport.handshake import Handshake, plain_handshake

EXTENSION = "parley.socket"
_AT_START = StreamReader.at_eof.__code__  # where the parser of websockets waits between two frames
_FRAMES, _BURST = 100, 1000  # a second, and at once
_SLICE = 4096  # bytes; a chunk of 256 KB may hold 40,000 frames


def _ignore(_paused: bool) -> None:
    pass


def _decline(_data: bytes) -> bool:
    return False


def whole_text(data: bytes) -> bytes | None:
    """What a client says, if `data` is one masked frame, shorter than 64 KiB, that holds all of a text."""
    size = len(data)
    if size < 6 or data[0] != 0x81:
        return None
    length, start = data[1] - 0x80, 2  # without a mask: negative
    if length < 0 or length == 127:
        return None
    if length == 126:
        length, start = data[2] << 8 | data[3], 4
    if size != start + 4 + length:
        return None
    return apply_mask(data[start + 4 :], data[start : start + 4])


class ParleyWebSocket(WebSocketsSansIOProtocol):
    """One WebSocket, in the scope as `extensions[EXTENSION]`. Frames go to its transport, closing to `close`."""

    on_flow: Callable[[bool], None] = staticmethod(_ignore)
    """Told True when the write buffer is over its bound, False when it is worth writing again (or all is lost)."""

    on_text: Callable[[bytes], bool] = staticmethod(_decline)
    """Given each text as it arrives, when nothing waits to be received before it; False: receive() has it. A queue, two
    switches of the loop's reading and the wake-up of a task less for each message."""

    _asked: Handshake | None = None
    """A plain handshake that is not answered yet."""
    _left = float(_BURST)
    _counted = 0.0

    def data_received(self, data: bytes) -> None:
        if not self.handshake_initiated and (handshake := plain_handshake(data)) is not None:
            self._connect(handshake)
        elif self._take_whole(data):
            return
        elif len(data) <= _SLICE:
            self._receive(data)
        else:
            for at in range(0, len(data), _SLICE):
                if self.transport.is_closing():
                    return
                self._receive(data[at : at + _SLICE])

    def _receive(self, data: bytes) -> None:
        """As uvicorn's data_received; ends a flood of frames, which cost 10 to 20 µs each, however small: pings, parts
        of messages, and what comes after the app has closed. Single texts are the app's to count."""
        self.conn.receive_data(data)
        if self.conn.parser_exc is not None:
            self.handle_parser_exception()
            return
        events = self.conn.events
        if events and (len(events) > 1 or getattr(events[0], "opcode", None) is not Opcode.TEXT):
            self._left = min(_BURST, self._left + (self.loop.time() - self._counted) * _FRAMES) - len(events)
            self._counted = self.loop.time()
            if self._left < 0:
                self.close(4429, "Too many frames")
                self.transport.close()
                return
        self.handle_events()

    def _take_whole(self, data: bytes) -> bool:
        """Gives the app what most of what arrives is, a whole text by itself, without parsing it as any frame might be.
        False: websockets judges it, and knows what is under way."""
        conn: Any = self.conn
        if (
            conn.state is not State.OPEN or self.close_sent or conn.current_size is not None
            or len(data) > conn.max_message_size or conn.parser.gi_yieldfrom.gi_code is not _AT_START
        ):  # fmt: skip
            return False
        text = whole_text(data)
        return text is not None and self.queue.empty() and self.on_text(text)

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if hasattr(self, "scope"):  # else the handshake was refused; the app's task runs only after this
            extensions: dict[str, Any] = self.scope["extensions"]
            extensions[EXTENSION] = self

    def _connect(self, asked: Handshake) -> None:
        """As uvicorn's handle_connect after a request that websockets accepts; what follows are frames."""
        self.handshake_initiated = True
        self._asked = asked
        self.conn.parser = Protocol.parse(self.conn)
        next(self.conn.parser)
        path, _, query = asked.target.partition("?")
        extensions: dict[str, Any] = {"websocket.http.response": {}, EXTENSION: self}
        self.scope = {
            "type": "websocket", "asgi": {"version": self.asgi_version, "spec_version": "2.4"},
            "http_version": "1.1", "scheme": self.scheme, "server": self.server, "client": self.client,
            "root_path": self.root_path, "path": self.root_path + unquote(path),
            "raw_path": self.root_path.encode() + path.encode(), "query_string": query.encode(),
            "headers": asked.headers, "subprotocols": asked.subprotocols, "state": self.app_state.copy(),
            "extensions": extensions,
        }  # fmt: skip
        self.queue.put_nowait({"type": "websocket.connect"})
        task = self.loop.create_task(self.run_asgi())
        task.add_done_callback(self.on_task_complete)
        self.tasks.add(task)

    async def send(self, message: Any) -> None:
        accepts = message["type"] == "websocket.accept" and self._asked is not None and self.initial_response is None
        if accepts and not self.handshake_complete and not self.disconnected:
            self._accept(message)
        else:
            await super().send(message)

    def _accept(self, message: Any) -> None:
        """As uvicorn's send, for a handshake that was plain."""
        if self.logger.isEnabledFor(logging.INFO):
            path = get_path_with_query_string(self.scope)
            self.logger.info('%s - "WebSocket %s" [accepted]', get_client_addr(self.scope), path)
        if self.transport.is_closing() or self._asked is None:
            return
        headers = [*self.default_headers, *message.get("headers", ())]
        if spoken := message.get("subprotocol"):
            headers.append((b"sec-websocket-protocol", spoken.encode()))
        self.handshake_complete = True
        self.conn.state = State.OPEN
        self.transport.write(self._asked.response(headers))
        self._asked = None
        self.start_keepalive()

    def send_receive_event_to_app(self) -> None:
        # uvicorn would log a traceback for each frame of broken UTF-8: as bytes, the app refuses it like a binary one.
        if self.curr_msg_data_type == "text":
            data = self.frames[0] if len(self.frames) == 1 else b"".join(self.frames)
            if not self.close_sent and self.queue.empty() and self.on_text(data):
                self.frames = []
                return
            try:
                data.decode()
            except UnicodeDecodeError:
                self.curr_msg_data_type = "bytes"
        super().send_receive_event_to_app()

    def bound(self, size: int, on_flow: Callable[[bool], None]) -> None:
        """Sets the most bytes that may wait for the peer before `on_flow(True)`."""
        self.on_flow = on_flow
        self.transport.set_write_buffer_limits(high=size)

    def close(self, code: int, reason: str) -> None:
        """Closes at once, also past a full buffer, where ASGI's send() would wait for the peer. Cuts after 10 s."""
        if self.disconnected or self.close_sent or self.transport.is_closing():
            return
        if self.conn.state is not State.OPEN:
            self.transport.abort()
            return
        short = reason.encode()[:120].decode(errors="ignore")  # RFC 6455: a close frame holds 123 bytes
        try:
            self.conn.send_close(code, short)
        except InvalidState:
            self.transport.abort()
            return
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": short})
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        if self.read_paused:  # to hear the peer's own close frame
            self.read_paused = False
            self.transport.resume_reading()
        self.close_timer = self.loop.call_later(self.close_timeout, self.transport.abort)

    def pause_writing(self) -> None:
        super().pause_writing()
        self.on_flow(True)

    def resume_writing(self) -> None:
        super().resume_writing()
        self.on_flow(False)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.on_flow(False)
        # What is left of a connection is freed now: a collection that finds what lived long is rare (serve.Sweeper).
        self.on_flow, self.on_text = _ignore, _decline
        self.conn.parser.close()

    def on_task_complete(self, task: asyncio.Task[None]) -> None:
        super().on_task_complete(task)
        cast(Any, self.scope["extensions"]).clear()  # it names this

    def keepalive_timeout(self) -> None:
        closing = self.close_sent or self.transport.is_closing()
        super().keepalive_timeout()
        if not closing:
            self.transport.abort()  # close() would wait for a buffer that a silent peer never drains
