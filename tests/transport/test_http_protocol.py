"""Below ASGI: heads that do not end, peers that do not read."""

from __future__ import annotations

import asyncio
import json
import socket
from types import SimpleNamespace

import pytest

from app.core.transport.http_protocol import ParleyHttp, answer_at_once
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


async def test_answers_to_requests_sent_together_come_in_their_order(toy: Toy) -> None:
    reader, writer = await asyncio.open_connection(*place(toy))
    asked = [f"query($n: String!) {{ hello(name: $n) n{n}: __typename }}" for n in range(3)]
    writer.write(b"".join(whole({"query": q, "variables": {"n": f"name-{n}"}}) for n, q in enumerate(asked)))
    async with asyncio.timeout(5):
        for n in range(3):
            assert await reader.readline() == b"HTTP/1.1 200 OK\r\n"
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(int(line.split(b":")[1]) for line in head.splitlines() if line.startswith(b"content-length"))
            assert f"name-{n}".encode() in await reader.readexactly(length)
    writer.close()


@pytest.mark.parametrize(
    "beginning", [BEGINNING.replace(b"1.1", b"1.0"), BEGINNING + b"connection: close\r\n"], ids=["1.0", "close"]
)
async def test_who_asks_for_one_answer_gets_the_connection_closed(toy: Toy, beginning: bytes) -> None:
    reader, writer = await asyncio.open_connection(*place(toy))
    writer.write(whole({"query": "{ hello }"}).replace(BEGINNING, beginning))
    async with asyncio.timeout(5):
        answer = await reader.read()
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"\r\nconnection: close\r\n" in answer
    assert b'"hello"' in answer
    writer.close()


def test_no_header_ends_early() -> None:
    cycle = SimpleNamespace(
        flow=SimpleNamespace(write_paused=False), disconnected=False, response_started=False, default_headers=[],
        scope={"method": "POST"}, keep_alive=True,
    )  # fmt: skip
    with pytest.raises(ValueError, match="line break"):
        answer_at_once(cycle, 200, [(b"x", b"1\r\nset-cookie: a=b")], b"")  # type: ignore[arg-type]
