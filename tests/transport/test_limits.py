"""What a document may ask in production: hostile ones get one small error, fast, the same on HTTP and WebSocket."""

from __future__ import annotations

import time
from typing import Any

import httpx
import pytest
from graphql import build_client_schema, get_introspection_query

from tests.transport import toy as toys
from tests.transport.sockets import socket
from tests.transport.toy import Toy


def nested(depth: int, field: str = "child", leaf: str = "name") -> str:
    return "{ items(first: 1) " + f"{{ {field} " * depth + f"{{ {leaf} }}" + " }" * depth + " }"


BOMB = (
    "{ ...F0 } "
    + " ".join(f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(28))
    + (" fragment F28 on Query { hello }")
)
PAGED_BOMB = (
    "query($n: Int) { items(first: $n) { ...F0 } } "
    + " ".join(
        f"fragment F{n} on Item {{ a: items(first: $n) {{ ...F{n + 1} }} b: items(first: $n) {{ ...F{n + 1} }} }}"
        for n in range(6)
    )
    + " fragment F6 on Item { name }"
)
INTROSPECTION = "{ __schema { types { fields { type { fields { type { name } } } } } } }"

HOSTILE: list[tuple[str, dict[str, Any], str]] = [
    ("aliases", {"query": "{ " + " ".join(f"a{n}: hello" for n in range(101)) + " }"}, "TOO_COMPLEX"),
    ("sign-in aliases", {"query": "mutation { a: logIn b: logIn }"}, "TOO_COMPLEX"),
    ("sign-ins by fragment", {"query": "mutation { a: logIn ...F } fragment F on Mutation { b: logIn }"},
     "TOO_COMPLEX"),
    ("directives", {"query": "{ hello " + "@aa " * 10 + "}"}, "BAD_REQUEST"),
    ("many directives", {"query": "{ hello " + "@aa " * 200 + "}"}, "TOO_COMPLEX"),
    ("field 500 times", {"query": "{ " + "hello " * 500 + "}"}, "TOO_COMPLEX"),
    ("field 20000 times", {"query": "{ " + "a " * 8000 + "}"}, "TOO_COMPLEX"),
    ("unknown fields", {"query": "{ " + " ".join(f"f{n}" for n in range(3000)) + " }"}, "TOO_COMPLEX"),
    ("depth", {"query": nested(12)}, "TOO_COMPLEX"),
    ("depth 60", {"query": nested(60)}, "TOO_COMPLEX"),
    ("depth 1200", {"query": "{ " + "a { " * 1200 + "b" + " }" * 1201}, "TOO_COMPLEX"),
    ("unclosed depth", {"query": "{ a " * 2500}, "TOO_COMPLEX"),
    ("inline fragments", {"query": "{ " + "... { " * 300 + "hello" + " }" * 301}, "TOO_COMPLEX"),
    ("list literal", {"query": "{ number(value: " + "[" * 900 + "]" * 900 + ") }"}, "TOO_COMPLEX"),
    ("fragment cycle", {"query": "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }"}, "BAD_REQUEST"),
    ("cost of pages", {"query": "{ items(first: 100) { items(first: 100) { name } } }"}, "TOO_COMPLEX"),
    ("cost by default pages", {"query": "{ items { items { items { name } } } }"}, "TOO_COMPLEX"),
    ("cost by variables", {"query": "query($n: Int) { items(first: $n) { items(first: $n) { name } } }",
                           "variables": {"n": 100}}, "TOO_COMPLEX"),
    ("cost by default of variable",
     {"query": "query($n: Int = 100) { items(first: $n) { items(first: $n) { name } } }"},
     "TOO_COMPLEX"),
    ("cost through fragments",
     {"query": "{ items(first: 100) { ...F } } fragment F on Item { items(first: 100) { name } }"},
     "TOO_COMPLEX"),
    ("paged fragment bomb", {"query": PAGED_BOMB, "variables": {"n": 2**31 - 1}}, "TOO_COMPLEX"),
    ("huge page", {"query": "{ items(first: 99999999999999999999) { name } }"}, "BAD_REQUEST"),
    ("ids", {"query": "query($i: [ID!]!) { nodes(ids: $i) { items { name } } }", "variables": {"i": ["x"] * 1000}},
     "TOO_COMPLEX"),
    ("default of 5000 digits", {"query": f"query($n: Int = {'9' * 5000}) {{ items(first: $n) {{ name }} }}"},
     "BAD_REQUEST"),
    ("number of 5000 digits", {"query": f"{{ number(value: {'9' * 5000}) }}"}, "BAD_REQUEST"),
    ("missing variables", {"query": "query($a: Int!, $b: Int!) { number(value: $a) b: number(value: $b) }"},
     "BAD_REQUEST"),
    ("introspection", {"query": INTROSPECTION}, "FORBIDDEN"),
    ("__type", {"query": '{ __type(name: "Item") { name } }'}, "FORBIDDEN"),
    ("hidden introspection", {"query": "{ ...F } fragment F on Query { s: __schema { types { name } } }"}, "FORBIDDEN"),
    ("hint for a field", {"query": "{ hell }"}, "BAD_REQUEST"),
    ("hint for an argument", {"query": '{ hello(nam: "x") }'}, "BAD_REQUEST"),
    ("hint for a type", {"query": "{ ...F } fragment F on Quer { hello }"}, "BAD_REQUEST"),
    ("hint for a directive", {"query": "{ hello @skp(if: true) }"}, "BAD_REQUEST"),
    ("hint for an enum", {"query": "{ colour(of: RE) }"}, "BAD_REQUEST"),
    ("hint for an enum in variables", {"query": "query($c: Colour!) { colour(of: $c) }", "variables": {"c": "RE"}},
     "BAD_REQUEST"),
    ("operations", {"query": " ".join(f"query Q{n} {{ hello }}" for n in range(200)), "operationName": "Q1"},
     "TOO_COMPLEX"),
    ("variables", {"query": "query(" + " ".join(f"$v{n}: Int" for n in range(400)) + ") { hello }"}, "TOO_COMPLEX"),
    ("long comments", {"query": "#" + "x" * 200_000 + "\n{ hello }"}, "TOO_COMPLEX"),
    ("several errors", {"query": "{ a b c d e }"}, "BAD_REQUEST"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "code"), [case[1:] for case in HOSTILE], ids=[case[0] for case in HOSTILE])
async def test_hostile_document_gets_one_error(production: Toy, body: dict[str, Any], code: str) -> None:
    async with httpx.AsyncClient() as client:
        started = time.process_time()
        response = await client.post(production.url, json=body, headers={"accept": "application/graphql-response+json"})
        took = time.process_time() - started

    assert response.status_code == 400
    (error,) = response.json()["errors"]
    assert error["extensions"]["code"] == code
    assert "id you mean" not in error["message"]
    assert len(response.content) < 1000
    assert took < 1


async def test_same_limits_on_websocket(production: Toy) -> None:
    async with socket(production.ws_url) as client:
        await client.start()
        for name, body, code in HOSTILE:
            if len(str(body)) > 90_000:
                continue  # the frame limit closes the socket first
            await client.say({"id": name, "type": "subscribe", "payload": body})
            answer = await client.hear()
            assert (answer["id"], answer["type"]) == (name, "error")
            assert [error["extensions"]["code"] for error in answer["payload"]] == [code], name


@pytest.mark.parametrize(
    ("body", "cost"),
    [
        ({"query": "{ hello }"}, 1),
        ({"query": "{ items(first: 10) { name child { name } } }"}, 25),
        ({"query": "{ items { name } }"}, 63),
        ({"query": "query($n: Int) { items(first: $n) { name } }", "variables": {"n": 7}}, 9),
        ({"query": "query($n: Int = 7) { items(first: $n) { name } }"}, 9),
        ({"query": "query($n: Int) { items(first: $n) { name } }", "variables": {"n": None}}, 63),
        ({"query": "{ a: items(first: 2) { ...F } b: items(first: 3) { ...F } } fragment F on Item { name }"}, 7),
        ({"query": '{ nodes(ids: ["a", "b"]) { name } }'}, 3),
        ({"query": BOMB}, 2**26),
        ({"query": nested(10)}, 12),
    ],
)
async def test_cost(toy: Toy, body: dict[str, Any], cost: int) -> None:
    async with httpx.AsyncClient() as client:
        answer = (await client.post(toy.url, json=body)).json()

    if cost > 5000:
        assert answer["errors"][0]["message"].startswith(f"This costs {cost},")
    else:
        assert answer["extensions"]["cost"]["requested"] == cost


async def test_documents_that_fail_are_paid_for() -> None:
    def wrong(n: int) -> dict[str, str]:
        return {"query": "{ " + " ".join(f"wrong{n}x{i}" for i in range(100)) + " }"}

    async with (
        toys.serving_toy(transport={"cost_per_minute": 3101, "cost_least": 1}) as toy,
        httpx.AsyncClient() as client,
    ):
        await client.post(toy.url, json={"query": "{ hello }"})
        codes = [(await client.post(toy.url, json=wrong(n))).json()["errors"][0]["extensions"] for n in range(9)]
        known = [(await client.post(toy.url, json={"query": "{ hello }"})).json() for _ in range(9)]
        async with socket(toy.ws_url) as other:
            await other.start()
            await other.say({"id": "1", "type": "subscribe", "payload": wrong(10)})
            same = await other.hear()

    assert [c["code"] for c in codes] == ["BAD_REQUEST"] * 6 + ["RATE_LIMITED"] * 3
    assert codes[-1]["retryAfter"] > 0
    assert same["payload"][0]["extensions"]["code"] == "RATE_LIMITED"
    assert all("errors" not in answer for answer in known)


async def test_an_answer_of_too_many_bytes_is_refused() -> None:
    async with toys.serving_toy(transport={"answer_bytes": 5000}) as toy, httpx.AsyncClient() as http:
        fits = await http.post(toy.url, json={"query": "{ items(first: 100) { name } }"})
        long = await http.post(
            toy.url, json={"query": "query ($n: String!) { hello(name: $n) }", "variables": {"n": "x" * 6000}}
        )

    assert len(fits.json()["data"]["items"]) == 100
    assert long.json()["data"] is None
    assert long.json()["errors"][0]["extensions"]["code"] == "TOO_COMPLEX"
    assert len(long.content) < 1000


async def test_developers_get_hints_and_introspection(toy: Toy) -> None:
    async with httpx.AsyncClient() as client:
        hint = await client.post(toy.url, json={"query": "{ hell numbr }"})
        schema = await client.post(toy.url, json={"query": INTROSPECTION})
        whole = await client.post(toy.url, json={"query": get_introspection_query()})

    assert [e["message"].split("?")[0].split(".")[-1] for e in hint.json()["errors"]] == [
        " Did you mean 'hello'", " Did you mean 'number'",
    ]  # fmt: skip
    assert schema.json()["data"]
    assert build_client_schema(whole.json()["data"])


REPEATED = [
    "{" + ("items {" + "child {" * 2 + "name " * 8 + "}" * 2 + "} ") * 9 + "}",
    "{ items {" + "".join(f"...F{n} " for n in range(22)) + "} }"
    + "".join(f"fragment F{n} on Item {{ child {{ name name name }} }} " for n in range(22)),
]  # fmt: skip


@pytest.mark.parametrize("query", REPEATED, ids=range(2))
async def test_one_place_is_not_selected_very_often(toy: toys.Toy, query: str) -> None:
    """Validation compares all of them, two and two."""
    async with httpx.AsyncClient() as client:
        answer = (await client.post(toy.url, json={"query": query})).json()
    assert answer["errors"][0]["extensions"]["code"] == "TOO_COMPLEX"


async def test_a_fragment_may_be_spread_wherever_it_is_of_use(toy: toys.Toy) -> None:
    parts = "".join(f"fragment P{n} on Item {{ ...Named child {{ ...Named }} }} " for n in range(60))
    query = (
        "{ items(first: 1) {" + "".join(f"...P{n} " for n in range(60)) + "} } fragment Named on Item { name } " + parts
    )
    async with httpx.AsyncClient() as client:
        answer = (await client.post(toy.url, json={"query": query})).json()
    assert answer["data"] == {"items": [{"name": "0", "child": {"name": "0'"}}]}


async def test_fragments_that_multiply_are_refused(toy: toys.Toy) -> None:
    levels = "".join(
        f"fragment F{n} on Item {{ a: child {{ ...F{n + 1} }} b: child {{ ...F{n + 1} }} }} " for n in range(7)
    )
    last = "fragment F7 on Item { " + "... { ... { ... { name } } } " * 60 + "}"
    query = "{ items { ...F0 } }" + levels + last
    async with httpx.AsyncClient() as client:
        answer = (await client.post(toy.url, json={"query": query})).json()
    assert answer["errors"][0]["extensions"]["code"] == "TOO_COMPLEX"


async def test_the_smallest_documents_that_fail_are_paid_for_too() -> None:
    async with toys.serving_toy(transport={"cost_per_minute": 1000}) as toy, httpx.AsyncClient() as client:
        codes = [
            (await client.post(toy.url, json={"query": f"{{a{n}}}"})).json()["errors"][0]["extensions"]["code"]
            for n in range(11)
        ]
    assert codes == ["BAD_REQUEST"] * 10 + ["RATE_LIMITED"]
