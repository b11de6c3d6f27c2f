"""A bare graphql-transport-ws client: sends exactly what a test says, also what no real client would."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

PROTOCOL = "graphql-transport-ws"


class Socket:
    """One connection. `closed` waits for the server's close code."""

    def __init__(self, raw: ClientConnection) -> None:
        self.raw = raw

    async def say(self, message: Any) -> None:
        """Sends JSON, or a str or bytes as it is."""
        await self.raw.send(message if isinstance(message, str | bytes) else json.dumps(message))

    async def hear(self, seconds: float = 3) -> dict[str, Any]:
        """The next message; every frame is text."""
        async with asyncio.timeout(seconds):
            frame = await self.raw.recv()
        assert isinstance(frame, str)
        message: dict[str, Any] = json.loads(frame)
        return message

    async def start(self, **payload: Any) -> dict[str, Any]:
        """connection_init, and the connection_ack."""
        await self.say({"type": "connection_init", "payload": payload} if payload else {"type": "connection_init"})
        ack = await self.hear()
        assert ack["type"] == "connection_ack"
        return ack

    async def subscribe(self, query: str, operation_id: str = "1", **variables: Any) -> None:
        await self.say({"id": operation_id, "type": "subscribe", "payload": {"query": query, "variables": variables}})

    async def closed(self, seconds: float = 3) -> tuple[int, str]:
        """The code and reason the server closed with; messages before it are skipped."""
        with pytest.raises(ConnectionClosed) as closing:
            while True:
                await self.hear(seconds)
        assert closing.value.rcvd is not None, "1006"
        return closing.value.rcvd.code, closing.value.rcvd.reason


@asynccontextmanager
async def socket(url: str, *, protocols: tuple[str, ...] = (PROTOCOL,), **headers: str) -> AsyncIterator[Socket]:
    """A connected socket; `headers` go into the handshake."""
    async with connect(
        url,
        subprotocols=[Subprotocol(p) for p in protocols] or None,
        additional_headers=headers,
        compression=None,
        max_size=2**26,
        close_timeout=2,
    ) as raw:
        yield Socket(raw)
