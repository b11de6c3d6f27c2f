"""A WebSocket and HTTP client cheap enough to run by the thousand in one process, with exact control of the socket:
stop reading, cut without goodbye, hang up in the middle of a request."""

from __future__ import annotations

import asyncio
import base64
import os
import socket
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from uuid import uuid4

import orjson

Handler = Callable[[str, Any], None]  # ("next" | "error" | "complete", payload)
G = TypeVar("G", bound="GraphQLSocket")
TERMINAL = ("error", "complete")


class Lost(Exception):
    """The connection ended before the answer: what was asked may have happened or not. `code` is the close code."""

    def __init__(self, code: int = 1006, reason: str = "") -> None:
        super().__init__(f"{code} {reason}")
        self.code = code


class Refused(Exception):
    """A GraphQL request error, or an HTTP answer without data. `code` is its extensions.code."""

    def __init__(self, errors: Any) -> None:
        super().__init__(str(errors)[:500])
        first = errors[0] if isinstance(errors, list) and errors else {}
        self.code = first.get("extensions", {}).get("code", "") if isinstance(first, dict) else ""


class WebSocket(asyncio.Protocol):
    """One client socket. Frames arrive in `on_text`, in the tick they were read; a close in `on_close(code)`."""

    def __init__(self, host: str, path: str) -> None:
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.closed: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.close_code = 1006
        self.close_reason = ""
        self.transport: asyncio.Transport
        self._buffer = bytearray()
        self._key = base64.b64encode(os.urandom(16)).decode()
        self._hello = (
            f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {self._key}\r\n"
            "Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
        ).encode()

    # asyncio.Protocol

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        transport.write(self._hello)

    def data_received(self, data: bytes) -> None:
        if not self.opened.done():
            self._buffer += data
            head, end, rest = bytes(self._buffer).partition(b"\r\n\r\n")
            if not end:
                return
            self._buffer.clear()
            if not head.startswith(b"HTTP/1.1 101"):
                self.opened.set_exception(Lost(1002, head.split(b"\r\n")[0].decode()))
                self.transport.abort()
                return
            self.opened.set_result(None)
            data = rest
        if self._buffer:
            self._buffer += data
            data = bytes(self._buffer)
            self._buffer.clear()
        used = self._frames(data)
        if used < len(data):
            self._buffer += data[used:]

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.opened.done():
            self.opened.set_exception(Lost())
        if not self.closed.done():
            self.closed.set_result(self.close_code)
        self.on_close(self.close_code)

    # frames

    def _frames(self, data: bytes) -> int:
        """Handles the whole frames at the front of `data`; returns how many bytes they took."""
        at, size = 0, len(data)
        while size - at >= 2:
            length, start = data[at + 1] & 0x7F, at + 2
            if length == 126:
                if size - at < 4:
                    break
                length, start = int.from_bytes(data[at + 2 : at + 4], "big"), at + 4
            elif length == 127:
                if size - at < 10:
                    break
                length, start = int.from_bytes(data[at + 2 : at + 10], "big"), at + 10
            if size - start < length:
                break
            self._frame(data[at] & 0x0F, data[start : start + length])
            at = start + length
        return at

    def _frame(self, opcode: int, payload: bytes) -> None:
        if opcode == 1:
            self.on_text(payload)
        elif opcode == 9:
            self.send_frame(10, payload)
        elif opcode == 8:
            self.close_code = int.from_bytes(payload[:2], "big") if len(payload) >= 2 else 1005
            self.close_reason = payload[2:].decode(errors="replace")
            self.send_frame(8, payload[:2])
            self.transport.close()

    def send_frame(self, opcode: int, payload: bytes) -> None:
        """Writes one masked frame; the mask is zero, so that the payload needs no work."""
        if self.transport.is_closing():
            return
        size = len(payload)
        if size < 126:
            head = bytes((0x80 | opcode, 0x80 | size))
        else:
            head = bytes((0x80 | opcode, 0x80 | 126)) + size.to_bytes(2, "big")
        self.transport.write(head + b"\0\0\0\0" + payload)

    def send(self, message: Mapping[str, Any]) -> None:
        self.send_frame(1, orjson.dumps(message))

    def cut(self) -> None:
        """Gone without a goodbye."""
        self.transport.abort()

    def stop_reading(self) -> None:
        self.transport.pause_reading()

    def read_again(self) -> None:
        if not self.transport.is_closing():
            self.transport.resume_reading()

    # for subclasses

    def on_text(self, payload: bytes) -> None:
        """A text message."""

    def on_close(self, code: int) -> None:
        """The socket is gone; 1006 without a close frame."""


class GraphQLSocket(WebSocket):
    """graphql-transport-ws: `request` for queries and mutations, `subscribe` with a handler called for each frame."""

    def __init__(self, host: str, path: str) -> None:
        super().__init__(host, path)
        self.acked: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._handlers: dict[str, Handler] = {}
        self._last_id = 0
        self._name = uuid4().hex

    def on_text(self, payload: bytes) -> None:
        message = orjson.loads(payload)
        kind = message["type"]
        if kind in ("next", "error", "complete"):
            handler = self._handlers.get(message["id"])
            if kind in TERMINAL:
                self._handlers.pop(message["id"], None)
            if handler is not None:
                handler(kind, message.get("payload"))
        elif kind == "ping":
            self.send({"type": "pong"})
        elif kind == "connection_ack" and not self.acked.done():
            self.acked.set_result(message.get("payload"))

    def on_close(self, code: int) -> None:
        if not self.acked.done():
            self.acked.set_exception(Lost(code, self.close_reason))
            self.acked.exception()  # whoever waits sees it; nobody else must
        handlers, self._handlers = self._handlers, {}
        for handler in handlers.values():
            handler("lost", code)

    def next_id(self) -> str:
        """As long as what graphql-ws makes, and another on each socket: frames cannot be shared by accident."""
        self._last_id += 1
        return f"{self._name}-{self._last_id}"

    def subscribe(self, query: str, variables: Mapping[str, Any], handler: Handler) -> str:
        """Starts an operation. `handler` gets (type, payload); ("lost", close code) when the socket goes."""
        operation = self.next_id()
        self._handlers[operation] = handler
        self.send({"id": operation, "type": "subscribe", "payload": {"query": query, "variables": variables}})
        return operation

    def complete(self, operation: str) -> None:
        """Ends an operation early."""
        self._handlers.pop(operation, None)
        self.send({"id": operation, "type": "complete"})

    async def request(self, query: str, variables: Mapping[str, Any], *, timeout: float = 15) -> Any:
        """The data of a query or mutation. Raises Refused (request errors) or Lost (unknown outcome)."""
        if self.transport.is_closing():
            raise Lost
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

        def handle(kind: str, payload: Any) -> None:
            if answer.done():
                return
            if kind == "next":
                answer.set_result(payload)
            elif kind == "error":
                answer.set_exception(Refused(payload))
            else:
                answer.set_exception(Lost(payload if kind == "lost" else 1000))

        self.subscribe(query, variables, handle)
        try:
            payload = await asyncio.wait_for(answer, timeout)
        except TimeoutError:
            raise Lost(1006, "timeout") from None
        if payload.get("errors"):
            raise Refused(payload["errors"])
        return payload["data"]


async def open_socket(
    url: str,
    *,
    receive_buffer: int | None = None,
    timeout: float = 10,
    kind: type[WebSocket] = GraphQLSocket,
    path: str = "/graphql",
) -> Any:
    """A connected socket, before connection_init. Raises Lost."""
    host, port = url.removeprefix("http://").split(":")
    plain = socket.socket()
    if receive_buffer is not None:
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    plain.setblocking(False)
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(timeout):
            await loop.sock_connect(plain, (host, int(port)))
            _, client = await loop.create_connection(lambda: kind(f"{host}:{port}", path), sock=plain)
            try:
                await client.opened
            except BaseException:
                client.transport.abort()
                raise
    except (OSError, TimeoutError) as error:
        plain.close()
        raise Lost(1006, str(error)) from None
    return client


async def sign_in_socket(
    url: str, token: str, *, receive_buffer: int | None = None, timeout: float = 10, kind: type[G] | None = None
) -> G:
    """A socket past connection_ack. Raises Lost."""
    client: G = await open_socket(url, receive_buffer=receive_buffer, timeout=timeout, kind=kind or GraphQLSocket)
    client.send({"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}})
    try:
        await asyncio.wait_for(client.acked, timeout)
    except TimeoutError:
        client.cut()
        raise Lost(1006, "no connection_ack") from None
    return client


class Http:
    """One keep-alive HTTP connection to a server."""

    def __init__(self, url: str, token: str | None = None) -> None:
        self._host, port = url.removeprefix("http://").split(":")
        self._port = int(port)
        self._token = token
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    def head(self, body: bytes) -> bytes:
        """The request head for a GraphQL body."""
        authorization = f"Authorization: Bearer {self._token}\r\n" if self._token else ""
        return (
            f"POST /graphql HTTP/1.1\r\nHost: {self._host}:{self._port}\r\n{authorization}"
            "Content-Type: application/json\r\nAccept: application/graphql-response+json, application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        ).encode()

    async def request(self, query: str, variables: Mapping[str, Any], *, timeout: float = 15) -> Any:
        """The data. Raises Refused or Lost."""
        body = orjson.dumps({"query": query, "variables": variables})
        try:
            async with asyncio.timeout(timeout):
                payload = await self._exchange(body)
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            self.close()
            raise Lost(1006, repr(error)) from None
        except BaseException:
            self.close()
            raise
        if payload.get("errors") or "data" not in payload:
            self.close()
            raise Refused(payload.get("errors") or [payload])
        return payload["data"]

    async def _exchange(self, body: bytes) -> Any:
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._host, self._port)
        reader, writer = self._streams
        writer.write(self.head(body) + body)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        if b"content-length:" in head:
            length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
            text = await reader.readexactly(length)
        else:
            text = b""
            while size := int(await reader.readline(), 16):
                text += await reader.readexactly(size)
                await reader.readexactly(2)
            await reader.readexactly(2)
        if b"connection: close" in head:
            self.close()
        return orjson.loads(text)

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].transport.abort()
            self._streams = None
