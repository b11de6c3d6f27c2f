"""GraphQL over HTTP: every malformed, hostile or merely unusual request gets a GraphQL answer with the right status."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest

from tests.transport import toy as toys
from tests.transport.toy import Toy

HELLO = {"query": "{ hello }"}
OK = b'{"query":"{ hello }"}'
JSON = {"content-type": "application/json"}


async def post(toy: Toy, body: Any, **headers: str) -> httpx.Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    async with httpx.AsyncClient() as client:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await client.post(toy.url, content=content, headers=JSON | named)


def codes(response: httpx.Response) -> list[str]:
    return [error["extensions"]["code"] for error in response.json()["errors"]]


async def test_query_is_answered(toy: Toy) -> None:
    response = await post(toy, HELLO)

    assert response.status_code == 200
    body = response.json()
    assert body["data"] == {"hello": "hello world"}
    assert body["extensions"]["cost"]["requested"] == 1
    assert set(body["extensions"]["cost"]) == {"requested", "remaining", "limit", "resetsAt"}
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["vary"] == "Accept, Origin"
    assert response.headers["x-request-id"]
    assert "server" not in response.headers


@pytest.mark.parametrize(
    "body",
    [
        b'"x"', b"1", b"null", b"true", b"[]", b"", b"{", b'{"query"', b"\xff\xfe", b'{"query":"\xff"}', b"{}",
        b"[" * 100_000, b'{"query":' + b"[" * 100_000, b"1" * 5000, b'{"query":1}', b'{"query":null}',
        OK[:-1] + b',"variables":' + b'{"a":' * 3000 + b"1" + b"}" * 3001,
        OK[:-1] + b',"variables":{"a":' + b"1" * 5000 + b"}}", OK[:-1] + b',"variables":{"a":NaN}}',
        OK[:-1] + b',"variables":{"a":"\\ud800"}}', OK[:-1] + b',"variables":[]}', OK[:-1] + b',"variables":"x"}',
        OK[:-1] + b',"operationName":1}', OK[:-1] + b',"extensions":"x"}',
        b"[" + OK + b"]", b"[" + (OK + b",") * 9 + OK + b"]",
    ],
    ids=lambda body: body[:24].decode("latin-1"),
)  # fmt: skip
async def test_malformed_body_is_400(toy: Toy, body: bytes) -> None:
    response = await post(toy, body)

    assert response.status_code == 400
    assert codes(response) == ["BAD_REQUEST"]
    assert "data" not in response.json()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"content-type": "text/plain"}, 415),
        ({"content-type": "application/x-www-form-urlencoded"}, 415),
        ({"content-type": "multipart/form-data; boundary=x"}, 415),
        ({"content-type": "application/graphql"}, 415),
        ({"content-type": "application/json; charset=utf-16"}, 415),
        ({"content-type": ""}, 415),
        ({"content-type": "application/json", "content-encoding": "gzip"}, 415),
        ({"content-type": "application/json", "accept": "text/html"}, 406),
        ({"content-type": "application/json", "accept": "application/json;q=0"}, 406),
        ({"content-type": 'application/json; charset="UTF-8"'}, 200),
        ({"content-type": "APPLICATION/JSON", "accept": "application/*;q=0.5"}, 200),
    ],
)
async def test_media_types(toy: Toy, headers: dict[str, str], status: int) -> None:
    async with httpx.AsyncClient() as client:
        response = await client.post(toy.url, content=json.dumps(HELLO), headers=headers)

    assert response.status_code == status
    assert response.headers["content-type"].startswith("application/json")
    assert status == 200 or codes(response) == ["BAD_REQUEST"]


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_only_post(toy: Toy, method: str) -> None:
    async with httpx.AsyncClient() as client:
        response = await client.request(method, toy.url + "?query={hello}")

    assert response.status_code == 405
    assert response.headers["allow"] == "POST, OPTIONS"


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        (None, "application/json"),
        ("*/*", "application/json"),
        ("application/*", "application/json"),
        ("application/json", "application/json"),
        ("application/graphql-response+json", "application/graphql-response+json"),
        ("application/graphql-response+json, application/json;q=0.9", "application/graphql-response+json"),
        ("application/json;q=0.5, application/graphql-response+json;q=0.9", "application/graphql-response+json"),
        ("text/html, application/json", "application/json"),
    ],
)
async def test_negotiation(toy: Toy, accept: str | None, media: str) -> None:
    response = await post(toy, HELLO, **({"accept": accept} if accept else {"accept": ""}))

    assert response.headers["content-type"].startswith(media + ";")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"query": "{"}, "BAD_REQUEST"),
        ({"query": ""}, "BAD_REQUEST"),
        ({"query": "   "}, "BAD_REQUEST"),
        ({"query": "fragment F on Query { hello }"}, "BAD_REQUEST"),
        ({"query": "{ nothing }"}, "BAD_REQUEST"),
        ({"query": "query($v: Int!) { number(value: $v) }", "variables": {"v": "x"}}, "BAD_REQUEST"),
        ({"query": "query($v: Int!) { number(value: $v) }"}, "BAD_REQUEST"),
        ({"query": "query($v: Int!) { number(value: $v) }", "variables": {"v": 2**31}}, "BAD_REQUEST"),
        ({"query": "query($v: Int!) { number(value: $v) }", "variables": {"v": 10**25}}, "BAD_REQUEST"),
        ({"query": "query A { hello } query B { who }"}, "BAD_REQUEST"),
        ({"query": "query A { hello }", "operationName": "B"}, "BAD_REQUEST"),
        ({"query": "query A { hello }", "operationName": ""}, "BAD_REQUEST"),
        ({"query": "subscription { said { text } }"}, "BAD_REQUEST"),
        ({"query": "{ __schema { nothing } }"}, "BAD_REQUEST"),
        ({"query": "{ hello @nothing }"}, "BAD_REQUEST"),
    ],
)
async def test_request_errors(toy: Toy, body: dict[str, Any], code: str) -> None:
    modern = await post(toy, body, accept="application/graphql-response+json")
    legacy = await post(toy, body)

    assert (modern.status_code, legacy.status_code) == (400, 200)
    assert codes(modern)[0] == codes(legacy)[0] == code
    assert "data" not in modern.json()
    assert all(error["extensions"]["requestId"] for error in modern.json()["errors"])


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ secret }", "INTERNAL"),
        ("{ expired }", "SESSION_EXPIRED"),
        ("{ invalid }", "BAD_REQUEST"),
        ("{ needed }", "INTERNAL"),
    ],
)
async def test_resolver_errors_are_masked_and_coded(toy: Toy, query: str, code: str) -> None:
    response = await post(toy, {"query": query}, accept="application/graphql-response+json")

    assert response.status_code == 200
    assert codes(response) == [code]
    assert response.json()["errors"][0]["path"]
    assert "secret db" not in response.text
    assert "data" in response.json()


@pytest.mark.parametrize(
    ("header", "query", "code"),
    [
        ("Bearer nobody", "{ hello }", "UNAUTHENTICATED"),
        ("Bearer old", "{ hello }", "SESSION_EXPIRED"),
        ("Basic x", "{ hello }", "UNAUTHENTICATED"),
        ("Bearer", "{ hello }", "UNAUTHENTICATED"),
        ("Bearer crash", "{ hello }", "INTERNAL"),
        ("Bearer old", "mutation { logIn }", None),
        ("Bearer old", 'mutation { logIn slowly(name: "x") }', "SESSION_EXPIRED"),
    ],
)
async def test_tokens(toy: Toy, header: str, query: str, code: str | None) -> None:
    response = await post(toy, {"query": query}, authorization=header, accept="application/graphql-response+json")

    if code is None:
        assert response.json()["data"] == {"logIn": "in"}
    else:
        assert codes(response) == [code]
        assert response.status_code == (500 if code == "INTERNAL" else 401)


async def test_viewer_is_known(toy: Toy) -> None:
    token = toy.token()

    response = await post(toy, {"query": "{ who }"}, authorization=f"Bearer {token}")

    assert response.json()["data"] == {"who": str(toy.tokens[token].user_id)}


@pytest.mark.parametrize("chunked", [False, True])
async def test_large_body_is_413(toy: Toy, chunked: bool) -> None:
    async def chunks() -> Any:
        for _ in range(20):
            yield b" " * 100_000

    async with httpx.AsyncClient() as client:
        response = await client.post(toy.url, content=chunks() if chunked else b" " * 2_000_000, headers=JSON)

    assert response.status_code == 413
    assert codes(response) == ["BAD_REQUEST"]


async def test_cors_for_listed_origins_only() -> None:
    async with toys.serving_toy(allowed_origins=["https://app.example"]) as toy, httpx.AsyncClient() as client:
        ask = {"access-control-request-method": "POST"}
        listed = await client.options(toy.url, headers={"origin": "https://app.example"} | ask)
        foreign = await client.options(toy.url, headers={"origin": "https://evil.example"} | ask)
        answer = await post(toy, HELLO, origin="https://app.example")

    assert listed.status_code == foreign.status_code == 204
    assert listed.headers["access-control-allow-origin"] == "https://app.example"
    assert listed.headers["access-control-allow-credentials"] == "true"
    assert "access-control-allow-origin" not in foreign.headers
    assert answer.headers["access-control-allow-origin"] == "https://app.example"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        ([], "1.2.3.4", "127.0.0.1"),
        (["127.0.0.1"], "1.2.3.4", "1.2.3.4"),
        (["127.0.0.0/8"], "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (["127.0.0.1", "10.0.0.0/8"], "6.6.6.6, 1.2.3.4, 10.1.1.1", "1.2.3.4"),
        (["127.0.0.1"], "", "127.0.0.1"),
        (["127.0.0.1"], "junk", "junk"),
    ],
)
async def test_client_address(proxies: list[str], forwarded: str, expected: str) -> None:
    async with toys.serving_toy(trusted_proxies=proxies) as toy:
        response = await post(toy, {"query": "{ ip }"}, x_forwarded_for=forwarded)

    assert response.json()["data"] == {"ip": expected}


async def test_mutation_goes_on_when_its_client_hangs_up(toy: Toy) -> None:
    toys.SLOW.clear()
    toys.DONE.clear()
    asking = asyncio.create_task(post(toy, {"query": 'mutation { slowly(name: "kept") }'}))
    while not toy.transport.execution._mutations:
        await asyncio.sleep(0)

    asking.cancel()
    toys.SLOW.set()
    await toy.transport.execution.settle(5)

    assert toys.DONE == ["kept"]


async def test_query_is_given_up_when_its_client_hangs_up(toy: Toy) -> None:
    toys.SLOW.clear()
    toys.CANCELLED.clear()
    with pytest.raises(httpx.ReadTimeout):
        async with httpx.AsyncClient(timeout=0.1) as client:
            await client.post(toy.url, json={"query": "{ slow }"})

    async with asyncio.timeout(3):
        await toys.CANCELLED.wait()


async def test_slow_body_is_408() -> None:
    async with toys.serving_toy(transport={"body_seconds": 0.05}) as toy:
        reader, writer = await asyncio.open_connection("127.0.0.1", httpx.URL(toy.url).port)
        writer.write(
            b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"
        )
        answer = await reader.read()
        writer.close()

    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 408 ")
    assert json.loads(body)["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


async def test_slow_query_is_cut_off() -> None:
    toys.SLOW.clear()
    async with toys.serving_toy(transport={"operation_seconds": 0.05}) as toy:
        response = await post(toy, {"query": "{ slow }"}, accept="application/graphql-response+json")

    assert response.status_code == 503
    assert codes(response) == ["UNAVAILABLE"]


async def test_budget_is_spent_per_caller() -> None:
    limits = {"cost_per_minute": 103, "cost_least": 1}  # 100 for the document, 1 each time
    async with toys.serving_toy(transport=limits) as toy:
        answers = [await post(toy, HELLO, accept="application/graphql-response+json") for _ in range(4)]
        other = await post(toy, HELLO, authorization=f"Bearer {toy.token()}")

    assert [a.json()["extensions"]["cost"]["remaining"] for a in answers[:3]] == [2, 1, 0]
    assert answers[3].status_code == 429
    assert codes(answers[3]) == ["RATE_LIMITED"]
    assert int(answers[3].headers["retry-after"]) >= 1
    assert other.json()["data"]


async def test_the_smallest_operation_has_a_price() -> None:
    """Else 200,000 a minute would be 200,000 operations."""
    async with toys.serving_toy(transport={"cost_per_minute": 124}) as toy:  # 100 for the document, 10 each time
        answers = [await post(toy, HELLO, accept="application/graphql-response+json") for _ in range(3)]

    costs = [a.json()["extensions"]["cost"] for a in answers[:2]]
    assert [(c["requested"], c["remaining"]) for c in costs] == [(10, 14), (10, 4)]
    assert codes(answers[2]) == ["RATE_LIMITED"]


async def test_signed_out_an_address_does_so_many_operations_a_minute() -> None:
    limits = {"cost_per_minute": 1000, "cost_least": 1, "signed_out_per_minute": 3}
    async with toys.serving_toy(transport=limits) as toy:  # who asks first pays for the document
        signed_in = [await post(toy, HELLO, authorization=f"Bearer {toy.token()}") for _ in range(5)]
        answers = [await post(toy, HELLO, accept="application/graphql-response+json") for _ in range(4)]

    assert [a.status_code for a in answers] == [200, 200, 200, 429]
    assert answers[0].json()["extensions"]["cost"]["requested"] == 333
    assert codes(answers[3]) == ["RATE_LIMITED"]
    assert all(a.json()["data"] for a in signed_in)
