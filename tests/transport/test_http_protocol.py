"""Below ASGI: heads that do not end, peers that do not read."""

from __future__ import annotations

import asyncio
import json
import socket
from types import SimpleNamespace

import httpx
import pytest

from app.core.transport.http_protocol import ParleyHttp, answer_at_once
from tests.transport.toy import CANCELLED, DONE, SLOW, Toy

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


LONG = BEGINNING + b"content-type: application/json\r\ncontent-length: 2000000\r\n\r\n{"


@pytest.mark.parametrize("sent", [LONG, LONG.replace(b"application/json", b"text/plain")], ids=["413", "415"])
async def test_the_rest_of_a_refused_body_is_not_waited_for_long(
    toy: Toy, monkeypatch: pytest.MonkeyPatch, sent: bytes
) -> None:
    monkeypatch.setattr(ParleyHttp, "head_seconds", 0.2)
    reader, writer = await asyncio.open_connection(*place(toy))
    writer.write(sent)
    async with asyncio.timeout(3):
        answer = await reader.readuntil(b"}]}")
        assert b"\r\nconnection: close\r\n" in answer
        with pytest.raises(ConnectionError):
            while True:  # keeps the connection busy, but to no end
                writer.write(b"x")
                await writer.drain()
                await asyncio.sleep(0.02)
    writer.close()


async def test_after_a_body_that_was_refused_the_connection_ends_where_the_body_does(toy: Toy) -> None:
    reader, writer = await asyncio.open_connection(*place(toy))
    writer.write(LONG.replace(b"application/json", b"text/plain").replace(b"2000000", b"20"))
    async with asyncio.timeout(3):
        await reader.readuntil(b"}]}")
        writer.write(b"x" * 19 + whole({"query": "{ hello }"}))
        assert await reader.read() == b""
    writer.close()


async def test_a_body_that_comes_too_slowly_ends_the_connection(toy: Toy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(toy.transport.limits, "body_seconds", 0.05)
    reader, writer = await asyncio.open_connection(*place(toy))
    writer.write(LONG.replace(b"2000000", b"20"))
    async with asyncio.timeout(3):
        answer = await reader.read()
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert answer.count(b"\r\nconnection: close\r\n") == 1
    writer.close()


async def test_empty_lines_keep_no_connection(toy: Toy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ParleyHttp, "head_seconds", 0.1)
    reader, writer = await asyncio.open_connection(*place(toy))
    writer.write(whole({"query": "{ hello }"}))
    async with asyncio.timeout(3):
        await reader.readuntil(b"}}}")
        writer.write(b"\r\n")
        assert (await reader.read()).startswith(b"HTTP/1.1 408 ")
    writer.close()


async def test_what_follows_a_body_that_was_refused_is_not_executed(toy: Toy) -> None:
    reader, writer = await asyncio.open_connection(*place(toy))
    writer.write(LONG.replace(b"application/json", b"text/plain").replace(b"2000000", b"20"))
    SLOW.set()
    async with asyncio.timeout(3):
        await reader.readuntil(b"}]}")
        writer.write(b"x" * 19 + whole({"query": 'mutation { slowly(name: "after the last") }'}))
        assert await reader.read() == b""
        async with httpx.AsyncClient() as session:  # has had its turn after it
            await session.post(toy.url, json={"query": 'mutation { slowly(name: "another") }'})
    SLOW.clear()
    assert DONE[-1] == "another"
    assert "after the last" not in DONE
    writer.close()


async def test_few_requests_of_a_peer_that_sends_faster_than_it_is_answered_are_read(
    toy: Toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting: list[int] = []
    complete = ParleyHttp.on_message_complete

    def seen(self: ParleyHttp) -> None:
        waiting.append(len(self.pipeline))
        complete(self)

    monkeypatch.setattr(ParleyHttp, "on_message_complete", seen)
    monkeypatch.setattr(ParleyHttp, "pipelined", 1_000_000)
    reader, writer = await asyncio.open_connection(*place(toy))
    writer.write(whole({"query": "{ hello }", "extensions": {"padding": "x" * 6000}}) * 2000)
    async with asyncio.timeout(20):
        for _ in range(2000):
            await reader.readuntil(b"}}}")
    writer.close()
    assert max(waiting) < 100, "those of two chunks"


async def test_who_hangs_up_gives_up_the_first_of_several_requests(toy: Toy) -> None:
    CANCELLED.clear()
    _, writer = await asyncio.open_connection(*place(toy))
    writer.write(whole({"query": "{ slow }"}) * 2)
    async with asyncio.timeout(3):
        while not toy.transport.execution.deadlines._open:
            await asyncio.sleep(0)
        writer.transport.abort()
        await CANCELLED.wait()


async def test_one_chunk_of_thousands_of_requests_ends_the_connection(toy: Toy) -> None:
    reader, writer = await asyncio.open_connection(*place(toy))
    writer.write(whole({"query": "{ slow }"}) + whole({"query": "{ hello }"}) * 100)
    async with asyncio.timeout(3):
        assert await reader.read() == b""
    writer.close()


async def test_garbage_after_a_request_is_not_answered_in_its_place(toy: Toy) -> None:
    reader, writer = await asyncio.open_connection(*place(toy))
    writer.write(whole({"query": "{ slow }"}) + b"garbage\r\n\r\n")
    async with asyncio.timeout(3):
        assert await reader.read() == b""
    writer.close()


@pytest.mark.parametrize("body", [b"content-length: 5", b"transfer-encoding: chunked"])
async def test_a_handshake_with_a_body_is_400(toy: Toy, body: bytes) -> None:
    reader, writer = await asyncio.open_connection(*place(toy))
    writer.write(
        b"GET /graphql HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: Upgrade\r\n"
        b"sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + body + b"\r\n\r\n"
    )
    async with asyncio.timeout(3):
        assert (await reader.read()).startswith(b"HTTP/1.1 400 ")
    writer.close()


async def test_a_head_of_very_many_lines_is_400(toy: Toy) -> None:
    reader, writer = await asyncio.open_connection(*place(toy))
    writer.write(b"GET /graphql HTTP/1.1\r\n" + b"a: b\r\n" * 201 + b"\r\n")
    async with asyncio.timeout(3):
        assert (await reader.read()).startswith(b"HTTP/1.1 400 ")
    writer.close()
