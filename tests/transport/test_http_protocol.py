"""Below ASGI: heads that do not end, peers that do not read."""

from __future__ import annotations

import asyncio
import json
import socket

import pytest

from app.core.transport.http_protocol import ParleyHttp
from tests.transport.toy import Toy

BEGINNING = b"POST /graphql HTTP/1.1\r\nhost: x\r\n"


def place(toy: Toy) -> tuple[str, int]:
    return "127.0.0.1", int(toy.url.split(":")[2].split("/")[0])


def whole(body: dict[str, object]) -> bytes:
    text = json.dumps(body).encode()
    return BEGINNING + b"content-type: application/json\r\ncontent-length: %d\r\n\r\n%b" % (len(text), text)


async def test_a_head_that_does_not_end_is_431(toy: Toy) -> None:
    reader, writer = await asyncio.open_connection(*place(toy))
    writer.write(BEGINNING + b"x: " + b"a" * 100_000)
    async with asyncio.timeout(3):
        writer.write(b"a" * 200_000)
        assert (await reader.readline()).startswith(b"HTTP/1.1 431 ")
        writer.close()


@pytest.mark.parametrize(("sent", "answer"), [(BEGINNING, b"HTTP/1.1 408 "), (b"", b"")])
async def test_a_head_that_does_not_come_is_not_waited_for(
    toy: Toy, monkeypatch: pytest.MonkeyPatch, sent: bytes, answer: bytes
) -> None:
    monkeypatch.setattr(ParleyHttp, "head_seconds", 0.05)
    reader, writer = await asyncio.open_connection(*place(toy))
    writer.write(sent)
    async with asyncio.timeout(3):
        got = await reader.read()
    assert got.startswith(answer)
    assert bool(got) == bool(answer)
    writer.close()


async def test_the_next_head_of_a_kept_connection_counts_anew(toy: Toy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ParleyHttp, "head_bytes", 200)
    monkeypatch.setattr(ParleyHttp, "head_seconds", 0.5)
    reader, writer = await asyncio.open_connection(*place(toy))
    async with asyncio.timeout(3):
        for _ in range(4):
            writer.write(whole({"query": "{ hello }", "extensions": {"padding": "x" * 300}}))
            assert await reader.readline() == b"HTTP/1.1 200 OK\r\n"
            await reader.readuntil(b'"resetsAt"')
            await reader.readuntil(b"}}}")
        writer.write(BEGINNING)
        assert (await reader.readline()).startswith(b"HTTP/1.1 408 ")
    writer.close()


async def test_a_peer_that_does_not_read_is_cut(toy: Toy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ParleyHttp, "stall_seconds", 0.1)
    cut = asyncio.Event()
    lost = ParleyHttp.connection_lost
    raw = socket.socket()

    def told(self: ParleyHttp, exc: Exception | None) -> None:
        lost(self, exc)
        if self.client == raw.getsockname():
            cut.set()

    monkeypatch.setattr(ParleyHttp, "connection_lost", told)
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    raw.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(raw, place(toy))
    big = whole({"query": "query($n: String!) { hello(name: $n) }", "variables": {"n": "x" * 900_000}})

    async def ask() -> None:
        while True:
            await loop.sock_sendall(raw, big)

    asking = asyncio.create_task(ask())
    async with asyncio.timeout(10):
        await cut.wait()
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    raw.close()
