"""The quick way through a WebSocket handshake agrees with the websockets library, and leaves to it what is unusual."""

from __future__ import annotations

import pytest
from websockets.http11 import Request
from websockets.server import ServerProtocol

from app.core.transport.handshake import plain_handshake

HEAD = {
    b"host": b"example.org",
    b"upgrade": b"websocket",
    b"connection": b"Upgrade",
    b"sec-websocket-key": b"dGhlIHNhbXBsZSBub25jZQ==",
    b"sec-websocket-version": b"13",
    b"sec-websocket-protocol": b"graphql-transport-ws, other",
    b"cookie": b"a=b: c",
    b"empty": b"",
}


def written(head: dict[bytes, bytes], *, first: bytes = b"GET /graphql?a=%20b HTTP/1.1", more: bytes = b"") -> bytes:
    lines = b"".join(b"%b: %b\r\n" % header for header in head.items())
    return b"%b\r\n%b%b\r\n" % (first, lines, more)


def judged(raw: bytes) -> tuple[Request, ServerProtocol]:
    """What websockets makes of it."""
    conn = ServerProtocol()
    conn.receive_data(raw)
    (request,) = conn.events_received()
    assert isinstance(request, Request)
    return request, conn


def test_it_agrees():
    found = plain_handshake(written(HEAD))
    request, conn = judged(written(HEAD))
    response = conn.accept(request)

    assert found is not None
    assert found.target == request.path
    assert found.headers == [(k.encode(), v.encode()) for k, v in request.headers.raw_items()]
    assert found.subprotocols == ["graphql-transport-ws", "other"]
    ours = found.response([(b"Date", response.headers["Date"].encode())])
    assert sorted(ours.split(b"\r\n")) == sorted(response.serialize().split(b"\r\n"))
    assert ours.startswith(b"HTTP/1.1 101 ")
    assert ours.endswith(b"\r\n\r\n")


@pytest.mark.parametrize("connection", [b"upgrade", b"keep-alive, Upgrade"])
def test_other_ways_to_say_it(connection: bytes):
    assert plain_handshake(written(HEAD | {b"connection": connection, b"upgrade": b"WebSocket"})) is not None


@pytest.mark.parametrize(
    "raw",
    [
        written(HEAD, first=b"POST /graphql HTTP/1.1"),
        written(HEAD, first=b"GET /graphql HTTP/1.0"),
        written(HEAD | {b"upgrade": b"h2c"}),
        written(HEAD | {b"upgrade": b"websocket, h2c"}),
        written(HEAD | {b"connection": b"close"}),
        written(HEAD | {b"sec-websocket-version": b"8"}),
        written(HEAD | {b"sec-websocket-key": b"short"}),
        written(HEAD | {b"sec-websocket-key": b"dGhlIHNhbXBsZSBub25jZSE="}),
        written(HEAD, more=b"sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n"),
        written(HEAD, more=b"x: \xff\r\n"),
        written({name: value for name, value in HEAD.items() if name != b"sec-websocket-key"}),
        written(HEAD | {b"long": b"x" * 9000}),
        written(HEAD | {b"h%d" % n: b"" for n in range(130)}),
        written(HEAD) + b"\x81",
        written(HEAD)[:-1],
        b"",
        written(HEAD | {b"sec-websocket-protocol": b""}),
        written(HEAD | {b"sec-websocket-protocol": b"graphql-transport-ws,"}),
        written(HEAD | {b"sec-websocket-protocol": b"graphql transport-ws"}),
        written(HEAD | {b"content-length": b"5"}),
        written(HEAD | {b"transfer-encoding": b"chunked"}),
    ],
    ids=range(21),
)  # fmt: skip
def test_what_is_unusual_is_left_to_websockets(raw: bytes):
    assert plain_handshake(raw) is None
