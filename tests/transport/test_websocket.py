"""graphql-transport-ws: the table of everything a client may send, and what it must get for it."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus

from app.core import log
from app.core.clock import now
from tests.transport import toy as toys
from tests.transport.sockets import Socket, socket
from tests.transport.toy import Toy

INIT = {"type": "connection_init"}
HELLO = {"query": "{ hello }"}
SAID = "subscription($room: String, $after: String) { said(room: $room, after: $after) { text cursor } }"


def subscribe(payload: Any = HELLO, operation_id: Any = "1") -> dict[str, Any]:
    return {"id": operation_id, "type": "subscribe", "payload": payload}


@pytest.mark.parametrize(
    ("frames", "code"),
    [
        # not JSON, not a message
        (["1"], 4400), (['"x"'], 4400), (["null"], 4400), (["[]"], 4400), (["{"], 4400), ([""], 4400), (["{}"], 4400),
        (["[" * 50_000], 4400), (['{"type":NaN}'], 4400), (['{"type":1}'], 4400), (['{"type":"nothing"}'], 4400),
        (['{"type":"start","id":"1","payload":{}}'], 4400),
        ([b"\x00\x01"], 4400), ([b'{"type":"connection_init"}'], 4400),
        (['{"type":"ping","payload":{"a":' + "1" * 5000 + "}}"], 4400), (['{"type":"ping","payload":"\\ud800"}'], 4400),
        (['{"type":"ping","payload":{"a":' + "[" * 300 + "]" * 300 + "}}"], 4400),
        # payloads of the wrong type
        ([{"type": "connection_init", "payload": []}], 4400), ([{"type": "connection_init", "payload": "x"}], 4400),
        ([{"type": "connection_init", "payload": {"token": 1}}], 4400), ([{"type": "ping", "payload": []}], 4400),
        ([{"type": "pong", "payload": "x"}], 4400),
        ([INIT, {"type": "subscribe", "payload": HELLO}], 4400), ([INIT, subscribe(operation_id=1)], 4400),
        ([INIT, subscribe(operation_id=["1"])], 4400), ([INIT, subscribe(operation_id="")], 4400),
        ([INIT, subscribe(operation_id="x" * 129)], 4400), ([INIT, subscribe([])], 4400),
        ([INIT, subscribe(None)], 4400),
        ([INIT, subscribe({})], 4400), ([INIT, subscribe({"query": 1})], 4400),
        ([INIT, subscribe(HELLO | {"variables": []})], 4400), ([INIT, subscribe(HELLO | {"variables": "x"})], 4400),
        ([INIT, subscribe(HELLO | {"extensions": "x"})], 4400), ([INIT, subscribe(HELLO | {"operationName": 1})], 4400),
        ([INIT, {"type": "complete"}], 4400), ([INIT, {"type": "complete", "id": 1}], 4400),
        # the state machine
        ([subscribe()], 4401), ([INIT, INIT], 4429), ([subscribe(), INIT], 4401),
        ([INIT, subscribe({"query": "{ slow }"}), subscribe()], 4409),
        # tokens
        ([{"type": "connection_init", "payload": {"Authorization": "Bearer nobody"}}], 4403),
        ([{"type": "connection_init", "payload": {"token": "nobody"}}], 4403),
        ([{"type": "connection_init", "payload": {"authToken": "old"}}], 4403),
        ([{"type": "connection_init", "payload": {"Authorization": "Bearer crash"}}], 4500),
        # what only the wire can carry
        (["x" * 200_000], 1009),
    ],
    ids=lambda value: str(value)[:60],
)  # fmt: skip
async def test_misuse_is_closed_with_its_code(toy: Toy, frames: list[Any], code: int) -> None:
    async with socket(toy.ws_url) as client:
        for frame in frames:
            await client.say(frame)

        assert (await client.closed())[0] == code


async def test_deep_variables_of_a_subscription_are_refused(toy: Toy) -> None:
    deep = json.loads("[" * 300 + "]" * 300)
    async with socket(toy.ws_url) as client:
        await client.start(token=toy.token())
        await client.subscribe(SAID, unknown=deep)
        answer = await client.hear()

    assert (answer["type"], answer["payload"][0]["extensions"]["code"]) == ("error", "BAD_REQUEST")


async def test_close_tells_why(toy: Toy) -> None:
    async with socket(toy.ws_url) as client:
        await client.say({"type": "connection_init", "payload": {"token": "old"}})

        assert await client.closed() == (
            4403,
            "SESSION_EXPIRED: The access token has expired: call refreshSession, then try again.",
        )


@pytest.mark.parametrize("protocols", [(), ("graphql-ws",), ("graphql-ws", "x")])
async def test_other_subprotocols_are_closed(toy: Toy, protocols: tuple[str, ...]) -> None:
    async with socket(toy.ws_url, protocols=protocols) as client:
        assert (await client.closed())[0] == 4406


@pytest.mark.parametrize(
    ("origin", "welcome"),
    [("https://app.example", True), ("http://127.0.0.1:8000", True), ("https://evil.example", False), ("null", False)],
)
async def test_foreign_origins_are_refused_at_the_handshake(origin: str, welcome: bool) -> None:
    async with toys.serving_toy(allowed_origins=["https://app.example"]) as toy:
        if welcome:
            async with socket(toy.ws_url, Origin=origin) as client:
                await client.start()
            return
        with pytest.raises(InvalidStatus) as refusal:
            async with socket(toy.ws_url, Origin=origin):
                pass
    assert refusal.value.response.status_code == 403
    assert json.loads(refusal.value.response.body)["errors"][0]["extensions"]["code"] == "FORBIDDEN"


async def test_own_origin_is_welcome(toy: Toy) -> None:
    async with socket(toy.ws_url, Origin=toy.url.removesuffix("/graphql")) as client:
        await client.start()


@pytest.mark.parametrize(
    "payload",
    [{"Authorization": "Bearer {}"}, {"authorization": "bearer {}"}, {"token": "{}"}, {"authToken": "{}"}, None],
)
async def test_ack_introduces_the_connection(toy: Toy, payload: dict[str, str] | None) -> None:
    token = toy.token()
    headers = {} if payload else {"Authorization": f"Bearer {token}"}
    async with socket(toy.ws_url, **headers) as client:
        ack = await client.start(**{name: text.format(token) for name, text in (payload or {}).items()})

    assert set(ack["payload"]) == {"userId", "sessionId", "deviceId", "expiresAt"}
    assert ack["payload"]["userId"].startswith("usr_")
    assert ack["payload"]["expiresAt"].endswith("Z")


@pytest.mark.parametrize("payload", [{}, None, {"token": None}, {"other": 1}])
async def test_signed_out_socket_runs_what_signed_out_people_may(toy: Toy, payload: Any) -> None:
    async with socket(toy.ws_url) as client:
        await client.say({"type": "connection_init", "payload": payload})
        assert await client.hear() == {"type": "connection_ack"}
        await client.subscribe("mutation { logIn }")
        assert (await client.hear())["payload"]["data"] == {"logIn": "in"}
        assert await client.hear() == {"id": "1", "type": "complete"}
        await client.subscribe(SAID)
        answer = await client.hear()

    assert answer["type"] == "error"
    assert answer["payload"][0]["extensions"]["code"] == "UNAUTHENTICATED"


@pytest.mark.parametrize(("ping", "pong"), [
    ({"type": "ping"}, {"type": "pong"}),
    ({"type": "ping", "payload": None}, {"type": "pong"}),
    ({"type": "ping", "payload": {"a": 1}}, {"type": "pong", "payload": {"a": 1}}),
])  # fmt: skip
async def test_ping_is_echoed_even_before_the_ack(toy: Toy, ping: Any, pong: Any) -> None:
    async with socket(toy.ws_url) as client:
        await client.say(ping)
        assert await client.hear() == pong


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ({"query": "{"}, "BAD_REQUEST"),
        ({"query": ""}, "BAD_REQUEST"),
        ({"query": "{ nothing }"}, "BAD_REQUEST"),
        ({"query": "query A { hello } query B { who }"}, "BAD_REQUEST"),
        ({"query": "query A { hello }", "operationName": "B"}, "BAD_REQUEST"),
        ({"query": "query($v: Int!) { number(value: $v) }"}, "BAD_REQUEST"),
        ({"query": "query { items(first: 100) { items(first: 100) { name } } }"}, "TOO_COMPLEX"),
        ({"query": "subscription { a: said { text } b: said { text } }"}, "BAD_REQUEST"),
        ({"query": "subscription { said @skip(if: true) { text } }"}, "BAD_REQUEST"),
        ({"query": "subscription { failing { text } }"}, "INTERNAL"),
    ],
)
async def test_bad_operation_ends_alone(toy: Toy, payload: dict[str, Any], code: str) -> None:
    async with socket(toy.ws_url) as client:
        await client.start(token=toy.token())
        await client.say(subscribe(payload))
        answer = await client.hear()
        await client.subscribe("{ hello }", "1")

        assert (answer["id"], answer["type"]) == ("1", "error")
        assert answer["payload"][0]["extensions"]["code"] == code
        assert "secret db" not in str(answer)
        assert (await client.hear())["payload"]["data"] == {"hello": "hello world"}


async def test_field_errors_come_with_next(toy: Toy) -> None:
    async with socket(toy.ws_url) as client:
        await client.start()
        await client.subscribe("{ hello secret }")
        answer = await client.hear()

    assert answer["type"] == "next"
    assert answer["payload"]["data"] == {"hello": "hello world", "secret": None}
    assert answer["payload"]["errors"][0]["extensions"]["code"] == "INTERNAL"
    assert answer["payload"]["extensions"]["cost"]["requested"] == 1


async def test_many_ids_interleave() -> None:
    async with (
        toys.serving_toy(transport={"operations_open": 300, "frames_per_second": 100}) as toy,
        socket(toy.ws_url) as client,
    ):
        await client.start()
        for n in range(200):
            await client.subscribe(f'{{ hello(name: "{n}") }}', str(n))
        answers = [await client.hear() for _ in range(400)]

    told = {a["id"]: a["payload"]["data"]["hello"] for a in answers if a["type"] == "next"}
    assert told == {str(n): f"hello {n}" for n in range(200)}


async def test_events_reach_every_group_and_stop_after_complete(toy: Toy) -> None:
    before = toy.transport.subscriptions
    async with socket(toy.ws_url) as client:
        await client.start(token=toy.token())
        await client.subscribe(SAID, "a", after="x")
        await client.subscribe(SAID, 'b"é', after="y")
        await client.subscribe("subscription { hers: said { text toMe } }", "c")
        await _opened(toy, before + 3)
        selections = {s.selection for s in toy.hub.streams}
        await toy.hub.announce("hi")
        heard = [await client.hear() for _ in range(3)]
        await client.say({"type": "complete", "id": "a"})
        await client.say({"type": "complete", "id": "a"})
        await client.say({"type": "ping"})
        assert await client.hear() == {"type": "pong"}
        await toy.hub.announce("again")
        later = [await client.hear() for _ in range(2)]

    assert len(selections) == 2, "after is no part of the group"
    assert {m["id"] for m in heard} == {"a", 'b"é', "c"}
    assert next(m for m in heard if m["id"] == "a") == {
        "id": "a",
        "type": "next",
        "payload": {"data": {"said": {"text": "hi", "cursor": "CURSOR"}}},
    }
    assert next(m for m in heard if m["id"] == "c")["payload"]["data"]["hers"]["toMe"]
    assert {m["id"] for m in later} == {'b"é', "c"}
    await _opened(toy, before)


async def test_viewer_relative_selections_are_rendered_for_each(toy: Toy) -> None:
    before = toy.transport.subscriptions
    async with socket(toy.ws_url) as first, socket(toy.ws_url) as second:
        tokens = [toy.token(), toy.token()]
        for client, token in zip((first, second), tokens, strict=True):
            await client.start(token=token)
            await client.subscribe("subscription { said { toMe } }")
        await _opened(toy, before + 2)
        await toy.hub.announce("hi")
        heard = [(await client.hear())["payload"]["data"]["said"]["toMe"] for client in (first, second)]

    assert heard == [str(toy.tokens[token].session_id) for token in tokens]


async def test_bug_in_an_event_is_masked_with_its_cursor(toy: Toy) -> None:
    before = toy.transport.subscriptions
    async with socket(toy.ws_url) as client:
        await client.start(token=toy.token())
        await client.subscribe("subscription { said { broken } }")
        await _opened(toy, before + 1)
        await toy.hub.announce("")  # left out by build
        await toy.hub.announce("hi")
        payload = (await client.hear())["payload"]

    assert payload["data"] is None
    assert payload["errors"][0]["extensions"]["code"] == "INTERNAL"
    assert payload["extensions"] == {"cursor": "CURSOR"}


@pytest.mark.parametrize("ending", ["close", "abort"])
async def test_nothing_is_left_of_a_closed_socket(toy: Toy, ending: str) -> None:
    before = toy.transport.subscriptions
    toys.SLOW.clear()
    async with socket(toy.ws_url) as client:
        await client.start(token=toy.token())
        for n in range(5):
            await client.subscribe(SAID, str(n))
        await client.subscribe("{ slow }", "q")
        await _opened(toy, before + 5)
        if ending == "abort":
            client.raw.transport.abort()
    async with asyncio.timeout(3):
        while toy.transport.subscriptions != before or toy.transport.connections:
            await asyncio.sleep(0)

    assert len(toy.hub.streams) == before
    assert not toy.transport.sessions._live


async def test_too_many_operations_are_refused_then_closed() -> None:
    toys.SLOW.clear()
    async with toys.serving_toy(transport={"operations_open": 12}) as toy, socket(toy.ws_url) as client:
        await client.start()
        for n in range(13):
            await client.subscribe("{ slow }", str(n))
        refusal = await client.hear()
        assert (refusal["id"], refusal["payload"][0]["extensions"]["limit"]) == ("12", 12)
        for n in range(20, 31):
            await client.subscribe("{ slow }", str(n))
        assert (await client.closed())[0] == 4429


async def test_too_many_subscriptions_are_refused_then_closed(toy: Toy) -> None:
    async with socket(toy.ws_url) as client:
        await client.start(token=toy.token())
        for n in range(11):
            await client.subscribe(SAID, str(n))
        refusal = await client.hear()
        for n in range(20, 31):
            await client.subscribe(SAID, str(n))

        assert (refusal["id"], refusal["payload"][0]["extensions"]["code"]) == ("10", "RATE_LIMITED")
        assert (await client.closed())[0] == 4429


async def test_frame_flood_is_closed(toy: Toy) -> None:
    async with socket(toy.ws_url) as client:
        await client.start()
        for _ in range(250):
            await client.say('{"type":"pong"}')

        assert (await client.closed())[0] == 4429


PING, EMPTY_PART = b"\x89\x80\0\0\0\0", b"\x00\x80\0\0\0\0"


@pytest.mark.parametrize("frame", [PING, EMPTY_PART], ids=["pings", "parts"])
async def test_a_flood_of_the_smallest_frames_is_closed(toy: Toy, frame: bytes) -> None:
    async with socket(toy.ws_url) as s:
        beginning = b"\x01\x80\0\0\0\0" if frame is EMPTY_PART else b""
        s.raw.transport.write(beginning + frame * 1100)
        assert (await s.closed())[0] == 4429


async def test_messages_in_some_parts_are_messages(toy: Toy) -> None:
    async with socket(toy.ws_url) as s:
        await s.start()
        text = json.dumps(
            {"id": "1", "type": "subscribe", "payload": {"query": "{ hello }", "extensions": {"a": "x" * 400}}}
        )
        await s.raw.send(text[n : n + 1] for n in range(len(text)))
        assert (await s.hear())["payload"]["data"] == {"hello": "hello world"}


async def test_silence_before_init_is_closed() -> None:
    async with toys.serving_toy(transport={"init_seconds": 0.05}) as toy, socket(toy.ws_url) as client:
        assert (await client.closed())[0] == 4408


async def test_token_ends_the_socket_after_its_grace() -> None:
    async with toys.serving_toy(accounts={"expiry_grace_seconds": 0}) as toy, socket(toy.ws_url) as client:
        await client.start(token=toy.token(seconds=0.2))
        warning = await client.hear()

        assert warning["type"] == "ping"
        assert set(warning["payload"]) == {"expiresAt"}
        assert await client.closed() == (4401, "Access token expired")


async def test_renewed_socket_lives_on() -> None:
    async with toys.serving_toy(accounts={"expiry_grace_seconds": 0}) as toy, socket(toy.ws_url) as client:
        token = toy.token(seconds=0.3)
        await client.start(token=token)
        assert (await client.hear())["type"] == "ping"
        (connection,) = toy.transport.connections
        old = toy.tokens[token]
        fresh = toy.tokens[toy.token()]
        connection.renew(type(old)(old.user_id, old.session_id, old.device_id, fresh.expires_at))
        with pytest.raises(TimeoutError):
            await client.hear(seconds=0.5)
        await client.subscribe("{ who }")

        assert (await client.hear())["payload"]["data"] == {"who": str(old.user_id)}


async def test_ended_session_closes_its_sockets(toy: Toy) -> None:
    token = toy.token()
    async with socket(toy.ws_url) as client, socket(toy.ws_url) as bystander:
        await client.start(token=token)
        await bystander.start(token=toy.token())
        toy.dispatch(_session_ending(toy, token))

        assert await client.closed(1) == (4401, "Session ended")
        await bystander.say({"type": "ping"})
        assert await bystander.hear() == {"type": "pong"}
    async with socket(toy.ws_url) as late:
        await late.say({"type": "connection_init", "payload": {"token": token}})
        assert (await late.closed(1))[0] == 4401


async def test_slow_reader_is_refused_more_and_keeps_its_order() -> None:
    async with toys.serving_toy(hub={"buffer_bytes": 20_000}) as toy, socket(toy.ws_url) as client:
        await client.start(token=toy.token())
        await client.subscribe("subscription { said { text } }")
        await _opened(toy, 1)
        client.raw.transport.pause_reading()
        sent = 0
        while not toy.hub.refused:
            await toy.hub.announce(f"{sent} {'x' * 50_000}")
            sent += 1
        sink = toy.hub.streams[0].sink
        assert not await sink.drained(0.01)
        client.raw.transport.resume_reading()
        reading = asyncio.create_task(_texts(client, sent - 1))
        assert await sink.drained(3)
        heard = await reading

    assert sent < 400
    assert [int(text.split()[0]) for text in heard] == list(range(sent - 1))


async def test_slow_socket_can_be_closed() -> None:
    async with toys.serving_toy(hub={"buffer_bytes": 20_000}) as toy, socket(toy.ws_url) as client:
        await client.start(token=toy.token())
        await client.subscribe("subscription { said { text } }")
        await _opened(toy, 1)
        client.raw.transport.pause_reading()
        while not toy.hub.refused:
            await toy.hub.announce("x" * 50_000)
        toy.hub.streams[0].sink.close(4508, "Reads too slowly")
        assert toy.transport.subscriptions == 0
        client.raw.transport.resume_reading()

        assert await client.closed() == (4508, "Reads too slowly")


async def test_asking_without_reading_is_closed() -> None:
    tight = {"hub": {"buffer_bytes": 20_000, "stall_seconds": 0.1}, "transport": {"frames_per_second": 1000}}
    async with toys.serving_toy(**tight) as toy, socket(toy.ws_url) as client:
        await client.start()
        (connection,) = toy.transport.connections
        client.raw.transport.pause_reading()
        while not connection._closed:  # until the kernel's buffers are full
            await client.say({"type": "ping", "payload": {"x": "x" * 80_000}})
        client.raw.transport.resume_reading()

        assert (await client.closed())[0] == 4508


async def test_mutation_goes_on_when_its_socket_is_cut(toy: Toy) -> None:
    toys.SLOW.clear()
    toys.DONE.clear()
    async with socket(toy.ws_url) as client:
        await client.start()
        await client.subscribe('mutation { slowly(name: "cut") }', "1")
        await client.subscribe('mutation { slowly(name: "completed") }', "2")
        while len(toy.transport.execution._mutations) < 2:
            await asyncio.sleep(0)
        await client.say({"id": "2", "type": "complete"})
        client.raw.transport.abort()
    toys.SLOW.set()
    await toy.transport.execution.settle(5)

    assert sorted(toys.DONE) == ["completed", "cut"]


async def test_broken_utf8_is_closed_without_a_traceback(toy: Toy, caplog: pytest.LogCaptureFixture) -> None:
    async with socket(toy.ws_url) as client:
        await client.raw.send(b"\xff\xfe", text=True)

        assert (await client.closed())[0] == 4400
    assert not caplog.records


async def test_frames_of_a_tick_are_one_write(toy: Toy) -> None:
    before = toy.transport.subscriptions
    async with socket(toy.ws_url) as client:
        await client.start(token=toy.token())
        await client.subscribe("subscription { said { text } }")
        await _opened(toy, before + 1)
        sink = toy.hub.streams[-1].sink
        writes: list[bytes] = []
        outbox = sink._outbox  # type: ignore[attr-defined]
        write = outbox._write
        outbox._write = lambda data: (writes.append(data), write(data))
        for size in (1, 50, 200, 70_000):
            assert sink.push(b'"%b"' % (b"x" * size))
        heard = [await client.hear() for _ in range(4)]

    assert len(writes) == 1
    assert [len(m["payload"]) for m in heard] == [1, 50, 200, 70_000]


async def test_drain_sends_sockets_elsewhere() -> None:
    async with toys.serving_toy() as toy, socket(toy.ws_url) as client:
        await client.start()
        await toy.transport.drain(0.02)

        assert (await client.closed())[0] == 4503


async def _texts(client: Socket, count: int) -> list[str]:
    return [(await client.hear())["payload"]["data"]["said"]["text"] for _ in range(count)]


async def _opened(toy: Toy, count: int) -> None:
    async with asyncio.timeout(3):
        while toy.transport.subscriptions != count:
            await asyncio.sleep(0)


def _session_ending(toy: Toy, token: str) -> log.Event:
    viewer = toy.tokens[token]
    return log.Event(
        0, 1, 1, 0, viewer.user_id, "SESSION_ENDING", {"sessionId": str(viewer.session_id)}, frozenset(), frozenset(),
        frozenset(), now(),
    )  # fmt: skip
