"""The handshake of a WebSocket as nearly all clients make it. What is unusual is left to the websockets library, which
parses the head anew and judges every header: 60 µs more of the 450 that a connection takes.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from typing import NamedTuple

_KEY = re.compile(rb"[A-Za-z0-9+/]{22}==")  # 16 bytes in base64
_SUBPROTOCOLS = re.compile(rb"[\w.+-]+(?:, ?[\w.+-]+)*")
_BODY = (b"content-length", b"transfer-encoding")
_MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, 1.3
_ACCEPTED = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
_HEAD_BYTES, _HEADERS = 8192, 128  # what websockets allows a line, and the head


class Handshake(NamedTuple):
    """What is asked for. Names of headers are in lower case."""

    target: str
    headers: list[tuple[bytes, bytes]]
    subprotocols: list[str]
    key: bytes

    def response(self, headers: Iterable[tuple[bytes, bytes]]) -> bytes:
        """The answer of who accepts, with more headers."""
        accept = base64.b64encode(hashlib.sha1(self.key + _MAGIC, usedforsecurity=False).digest())
        more = b"".join([b"%b: %b\r\n" % header for header in headers])
        return b"%b%b\r\n%b\r\n" % (_ACCEPTED, accept, more)


def plain_handshake(head: bytes) -> Handshake | None:
    """The handshake in a request's head, as uvicorn's HTTP parser has checked it and writes it down. None: websockets
    must look at it, for it is refused or has something special."""
    if len(head) > _HEAD_BYTES or not head.endswith(b"\r\n\r\n") or not head.isascii():
        return None
    first, *lines = head[:-4].split(b"\r\n")
    method, _, rest = first.partition(b" ")
    target, _, version = rest.rpartition(b" ")
    headers = [(name, value) for name, _, value in (line.partition(b": ") for line in lines)]
    found = dict(headers)
    if method != b"GET" or version != b"HTTP/1.1" or not len(found) == len(headers) <= _HEADERS:
        return None
    if found.get(b"upgrade", b"").lower() != b"websocket" or found.get(b"sec-websocket-version") != b"13":
        return None
    if found.get(b"connection", b"").lower() not in (b"upgrade", b"keep-alive, upgrade"):
        return None
    key = found.get(b"sec-websocket-key", b"")
    if not _KEY.fullmatch(key):
        return None
    spoken = found.get(b"sec-websocket-protocol")
    if (spoken is not None and not _SUBPROTOCOLS.fullmatch(spoken)) or any(name in found for name in _BODY):
        return None
    subprotocols = [one.strip() for one in spoken.decode().split(",")] if spoken is not None else []
    return Handshake(target.decode(), headers, subprotocols, key)
