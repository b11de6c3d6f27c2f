"""A Socket.IO client of one namespace, over WebSocket alone, as cheap as the others: Engine.IO 4, Socket.IO 5."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson

from tests.bench.rig import Counting
from tests.faults.wire import Lost, open_socket

PATH = "/socket.io/?EIO=4&transport=websocket"
_PING_FRAME = b"\x81\x012"  # in JSON text there is no such byte sequence


class SocketIO(Counting):
    """Emits events and waits for their acknowledgement; counts what comes in when `counting`."""

    def __init__(self, host: str, path: str) -> None:
        super().__init__(host, path)
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._answers: dict[int, asyncio.Future[bytes]] = {}
        self._emitted = 0

    def data_received(self, data: bytes) -> None:
        if self.counting and _PING_FRAME in data:
            for _ in range(data.count(_PING_FRAME)):
                self.send_frame(1, b"3")
            data = data.replace(_PING_FRAME, b"")
        super().data_received(data)

    def on_text(self, payload: bytes) -> None:
        if payload == b"2":
            self.send_frame(1, b"3")
        elif payload.startswith(b"43"):
            start = payload.index(b"[")
            self._answers.pop(int(payload[2:start])).set_result(payload[start:])
        elif payload.startswith(b"42"):
            self.on_event(*orjson.loads(payload[2:]))
        elif payload.startswith(b"0"):
            self.acked.set_result(None)
        elif payload.startswith(b"44"):
            self.ready.set_exception(Lost(1002, payload.decode()))

    def on_event(self, name: str, *values: Any) -> None:
        """An event of the server."""
        if name == "ready" and not self.ready.done():
            self.ready.set_result(None)

    async def emit(self, name: str, value: Any) -> bytes:
        """The JSON of the answer's arguments."""
        self._emitted += 1
        answer = self._answers[self._emitted] = asyncio.get_running_loop().create_future()
        self.send_frame(1, b"42%d" % self._emitted + orjson.dumps([name, value]))
        return await asyncio.wait_for(answer, 60)


async def sign_in_io(url: str, token: str, *, listens: bool) -> SocketIO:
    """A socket that is signed in, and in its rooms if it listens."""
    socket: SocketIO = await open_socket(url, kind=SocketIO, path=PATH)
    await asyncio.wait_for(socket.acked, 30)
    socket.send_frame(1, b"40" + orjson.dumps({"token": token, "listens": listens}))
    await asyncio.wait_for(socket.ready, 30)
    return socket
