"""Server-Sent Events: the same operations over one POST each, for networks that break WebSockets."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from app.core import log
from app.core.clock import now
from app.core.errors import CursorExpiredError
from tests.transport import toy as toys
from tests.transport.sockets import socket
from tests.transport.toy import Toy

SAID = "subscription { said { text cursor } }"


@asynccontextmanager
async def events(toy: Toy, query: str, token: str | None = None) -> AsyncIterator[AsyncIterator[tuple[str, Any]]]:
    """(event, data) pairs of a streamed operation."""
    headers = {"accept": "text/event-stream"} | ({"authorization": f"Bearer {token}"} if token else {})
    body = {"query": query}
    async with httpx.AsyncClient() as client, client.stream("POST", toy.url, json=body, headers=headers) as response:
        assert response.status_code == 200
        assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
        yield _read(response)


async def _read(response: httpx.Response) -> AsyncIterator[tuple[str, Any]]:
    name = ""
    async for line in response.aiter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data:"):
            data = line.removeprefix("data:").strip()
            yield name, json.loads(data) if data else None


async def _opened(toy: Toy, count: int) -> None:
    async with asyncio.timeout(3):
        while toy.transport.subscriptions != count:
            await asyncio.sleep(0)


async def test_subscription_streams_and_leaves_nothing(toy: Toy) -> None:
    before = toy.transport.subscriptions
    async with events(toy, SAID, toy.token()) as stream:
        await _opened(toy, before + 1)
        await toy.hub.announce("hi")
        await toy.hub.announce("again")
        heard = [await anext(stream), await anext(stream)]
    await _opened(toy, before)

    assert heard == [
        ("next", {"data": {"said": {"text": "hi", "cursor": "CURSOR"}}}),
        ("next", {"data": {"said": {"text": "again", "cursor": "CURSOR"}}}),
    ]
    assert len(toy.hub.streams) == before
    assert not toy.transport.sessions._live


@pytest.mark.parametrize(
    ("query", "expected"),
    [("{ hello }", {"hello": "hello world"}), ("mutation { logIn }", {"logIn": "in"}), (SAID, "UNAUTHENTICATED"),
     ("{ nothing }", "BAD_REQUEST"), ("subscription { failing { text } }", "INTERNAL")],
)  # fmt: skip
async def test_single_results_are_one_event(toy: Toy, query: str, expected: Any) -> None:
    async with events(toy, query) as stream:
        heard = [event async for event in stream]

    assert [name for name, _ in heard] == ["next", "complete"]
    payload = heard[0][1]
    if isinstance(expected, dict):
        assert payload["data"] == expected
    else:
        assert payload["errors"][0]["extensions"]["code"] == expected


@pytest.mark.parametrize(
    ("cause", "code"),
    [
        ("hub", "CURSOR_EXPIRED"),
        ("elsewhere", "UNAVAILABLE"),
        ("session", "SESSION_REVOKED"),
        ("token", "SESSION_EXPIRED"),
    ],
)
async def test_stream_ends_with_its_reason(cause: str, code: str) -> None:
    async with toys.serving_toy(accounts={"expiry_grace_seconds": 0}) as toy:
        token = toy.token(seconds=0.2 if cause == "token" else 900)
        async with events(toy, SAID, token) as stream:
            await _opened(toy, 1)
            sink = toy.hub.streams[0].sink
            if cause == "hub":
                sink.end(CursorExpiredError())
            elif cause == "elsewhere":
                sink.close(4503, "Resume elsewhere")
            elif cause == "session":
                viewer = toy.tokens[token]
                toy.dispatch(log.Event(
                    0, 1, 1, 0, viewer.user_id, "SESSION_ENDING", {"sessionId": str(viewer.session_id)},
                    frozenset(), frozenset(), frozenset(), now(),
                ))  # fmt: skip
            heard = [event async for event in stream]
        await _opened(toy, 0)

    expected = {
        "hub": "CURSOR_EXPIRED",
        "elsewhere": "UNAVAILABLE",
        "session": "SESSION_REVOKED",
        "token": "SESSION_EXPIRED",
    }
    assert heard[0][1]["errors"][0]["extensions"]["code"] == expected[cause]
    assert heard[1] == ("complete", None)


async def test_slow_reader_is_refused_more() -> None:
    query = "subscription { said { text } }"
    async with toys.serving_toy(hub={"buffer_bytes": 20_000}) as toy, events(toy, query, toy.token()) as stream:
        await _opened(toy, 1)
        sent = 0
        while not toy.hub.refused:
            await toy.hub.announce(f"{sent} {'x' * 50_000}")
            sent += 1
        sink = toy.hub.streams[0].sink
        heard = [(await anext(stream))[1]["data"]["said"]["text"] for _ in range(sent - 1)]
        assert await sink.drained(3)

    assert [int(text.split()[0]) for text in heard] == list(range(sent - 1))


async def test_clients_that_take_both_get_json_for_queries_and_events_for_subscriptions(toy: Toy) -> None:
    headers = {"accept": "application/graphql-response+json, application/json, text/event-stream"}
    async with httpx.AsyncClient() as client:
        query = await client.post(toy.url, json={"query": "{ hello }"}, headers=headers)
        auth = headers | {"authorization": f"Bearer {toy.token()}"}
        async with client.stream("POST", toy.url, json={"query": SAID}, headers=auth) as stream:
            media = stream.headers["content-type"]

    assert query.headers["content-type"].startswith("application/graphql-response+json")
    assert media.startswith("text/event-stream")


async def test_streams_and_sockets_of_an_address_count_together() -> None:
    async with toys.serving_toy(transport={"sockets_per_address": 2}) as toy, httpx.AsyncClient() as client:
        asked = {"json": {"query": SAID}, "headers": {"authorization": f"Bearer {toy.token()}"}}
        both = "application/graphql-response+json, text/event-stream"
        async with socket(toy.ws_url) as one, events(toy, SAID, toy.token()):
            await one.start()
            await _opened(toy, 1)
            refused = await client.post(toy.url, json=asked["json"], headers=asked["headers"] | {"accept": both})
            assert (refused.status_code, refused.headers["retry-after"]) == (429, "30")
            assert refused.json()["errors"][0]["extensions"]["code"] == "RATE_LIMITED"
            async with events(toy, SAID, toy.token()) as streamed:  # a client that takes nothing but a stream
                name, said = await anext(streamed)
            assert (name, said["errors"][0]["extensions"]["code"]) == ("next", "RATE_LIMITED")
            assert toy.transport.subscriptions == 1
        async with asyncio.timeout(3):
            while toy.transport.addresses._open:  # those that are gone do not count
                await asyncio.sleep(0)
        async with events(toy, SAID, toy.token()):
            await _opened(toy, 1)
