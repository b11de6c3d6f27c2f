"""The quick way of whole texts agrees with the websockets library, whatever comes before, behind or between them."""

from __future__ import annotations

import asyncio
import gc
import random
import weakref

import httpx
import orjson
import pytest
from websockets.frames import Frame, Opcode

from app.core.transport.http_protocol import ParleyHttp
from app.core.transport.protocol import ParleyWebSocket, whole_text
from tests.transport.sockets import socket
from tests.transport.toy import Toy


def text(data: bytes) -> bytes:
    return Frame(Opcode.TEXT, data).serialize(mask=True)


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 128, 255, 256, 1000, 65_535])
def test_a_whole_text(size: int):
    said = random.Random(size).randbytes(size)
    assert whole_text(text(said)) == said


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"\x81", text(b"hello")[:-1], text(b"hello") + b"\x81", text(b"x" * 126)[:-1], text(b"x" * 65_536),
        b"\x81\xff" + bytes(131),  # a length of 127 announces eight bytes of length
        Frame(Opcode.TEXT, b"hello").serialize(mask=False), Frame(Opcode.BINARY, b"hello").serialize(mask=True),
        Frame(Opcode.TEXT, b"hello", fin=False).serialize(mask=True), Frame(Opcode.PING, b"hello").serialize(mask=True),
        b"\xc1" + text(b"hello")[1:],  # a reserved bit
    ],
    ids=range(12),
)  # fmt: skip
def test_everything_else_is_left_to_websockets(raw: bytes):
    assert whole_text(raw) is None


async def test_the_order_of_what_arrives_is_kept(toy: Toy, monkeypatch: pytest.MonkeyPatch):
    """Whole texts, fragments with pings between them, several frames in a packet and frames cut anywhere."""
    quick = 0
    take_whole = ParleyWebSocket._take_whole

    def counted(self: ParleyWebSocket, data: bytes) -> bool:
        nonlocal quick
        taken = take_whole(self, data)
        quick += taken
        return taken

    monkeypatch.setattr(ParleyWebSocket, "_take_whole", counted)
    chance = random.Random(7)
    async with socket(toy.ws_url) as client:
        await client.start()
        for n in range(60):
            said = orjson.dumps({"type": "ping", "payload": {"n": n, "more": "x" * chance.choice([0, 200])}})
            packets = [text(said)]
            if chance.random() < 0.3:
                at = chance.randrange(len(said))
                packets = [
                    Frame(Opcode.TEXT, said[:at], fin=False).serialize(mask=True),
                    Frame(Opcode.PING, b"between").serialize(mask=True),
                    Frame(Opcode.CONT, said[at:]).serialize(mask=True),
                ]
            elif chance.random() < 0.3:
                at = chance.randrange(len(packets[0]))
                packets = [packets[0][:at], packets[0][at:]]
            for packet in packets:
                client.raw.transport.write(packet)
                if chance.random() < 0.7:
                    await asyncio.sleep(0.002)
        for n in range(60):
            assert (await client.hear())["payload"]["n"] == n
    assert quick > 10


async def test_a_connection_that_ended_leaves_nothing_to_the_collector(toy: Toy, monkeypatch: pytest.MonkeyPatch):
    """It looks at what lived long once in minutes: 12 KiB for each socket that came and went."""
    made: list[weakref.ref] = []
    for kind in (ParleyWebSocket, ParleyHttp):

        def connection_made(self, transport, before=kind.connection_made) -> None:
            before(self, transport)
            made.extend([weakref.ref(self), weakref.ref(transport)])
            if isinstance(self, ParleyWebSocket):
                made.append(weakref.ref(self.conn))

        monkeypatch.setattr(kind, "connection_made", connection_made)

    def _start_asgi_task(self, cycle, app, before=ParleyHttp._start_asgi_task) -> None:
        before(self, cycle, app)
        made.append(weakref.ref(cycle))

    monkeypatch.setattr(ParleyHttp, "_start_asgi_task", _start_asgi_task)
    gc.disable()
    try:
        async with socket(toy.ws_url) as client:
            await client.start()
            await client.subscribe("{ hello }")
            await client.hear()
        async with httpx.AsyncClient() as http:
            for _ in range(2):
                await http.post(toy.url, json={"query": "{ hello }"})
            streamed = {"accept": "text/event-stream", "authorization": f"Bearer {toy.token()}"}
            said = {"query": "subscription { said { text } }"}
            async with http.stream("POST", toy.url, json=said, headers=streamed) as response:
                assert response.status_code == 200
        async with asyncio.timeout(5):
            while any(ref() is not None for ref in made):
                await asyncio.sleep(0.01)
    finally:
        gc.enable()
    assert len(made) >= 10
