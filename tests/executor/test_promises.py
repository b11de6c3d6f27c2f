"""Random documents over fields that are promises (@quick, loaded) and fields that are not, nullable and not, failing
and not: the answer is graphql-core's, also where a null spreads after the objects around it were made.

Of several errors below one nulled place not always the same are told: a promise fails earlier than a task. So errors
are compared by the place they made null; each must be the one that its path has.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Sequence
from random import Random
from typing import Annotated, Any

import graphql
import pytest
import strawberry
from graphql import parse, validate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core import executor
from app.core.executor import loaded, quick
from app.core.graphql.loading import Loader
from tests.executor.agree import LEFT_BEHIND, run
from tests.executor.worlds import Writer

pytestmark = LEFT_BEHIND


class Fate:
    """What becomes of each field of each node: the same in every execution of one seed."""

    def __init__(self, seed: int, trouble: float) -> None:
        self.seed = seed
        self.trouble = trouble
        self.loader = Loader(self.load)

    async def load(self, keys: Sequence[int]) -> Sequence[Any]:
        await asyncio.sleep(0)
        return [KeyError(key) if Random(f"{self.seed} {key}").random() < self.trouble else key for key in keys]

    def number(self, name: str, n: int) -> int:
        """A number for this field of this node. Raises for some."""
        random = Random(f"{self.seed} {name} {n}")
        if random.random() < self.trouble:
            raise ValueError(f"{name} {n}")
        return random.randrange(30)

    def maybe(self, name: str, n: int) -> Node | None:
        found = self.number(name, n)
        return None if Random(f"{self.seed} {found}").random() < self.trouble else Node(n=found)


class Context:
    def __init__(self, fate: Fate) -> None:
        self.fate = fate

    def load(self, _load: Any, key: Any) -> Awaitable[Any]:
        return self.fate.loader.load(key)


SELF: Any = Annotated["Node", strawberry.lazy("tests.executor.test_promises")]


def show(n: int) -> Node:
    return Node(n=n)


async def later(info: strawberry.Info, name: str, n: int) -> Node | None:
    key = info.context.fate.number(name, n)
    return info.context.fate.maybe(name + "!", await info.context.load(None, key))  # type: ignore[no-any-return]


@strawberry.type
class Node:
    n: int

    cell = strawberry.field(resolver=loaded("load", show, of=lambda self: self.n % 7 or None, type=SELF | None))
    other_cell = strawberry.field(resolver=loaded("load", show, of=lambda self: self.n % 5, type=SELF | None))

    @strawberry.field
    @quick
    async def promised(self, info: strawberry.Info) -> Node | None:
        return await later(info, "promised", self.n)

    @strawberry.field
    @quick
    async def quick_required(self, info: strawberry.Info) -> Node:
        return await later(info, "quickRequired", self.n)  # type: ignore[return-value]

    @strawberry.field
    @quick
    async def quick_at_once(self, info: strawberry.Info) -> Node:
        return info.context.fate.maybe("quickAtOnce", self.n)  # type: ignore[no-any-return]

    @strawberry.field
    @quick
    async def quick_twice(self, info: strawberry.Info) -> int:
        first = await info.context.load(None, self.n % 3)
        return info.context.fate.number("quickTwice", await info.context.load(None, first + 4))  # type: ignore[no-any-return]

    @strawberry.field
    @quick
    async def quick_list(self, info: strawberry.Info) -> list[Node | None] | None:
        found = [await later(info, "quickList", self.n + at) for at in range(2)]
        return [*found, Node(n=self.n + 1)]

    @strawberry.field
    @quick
    async def quick_rows(self, info: strawberry.Info) -> list[list[Node]]:
        return [[await later(info, "quickRows", self.n)], [Node(n=self.n + 2)]]  # type: ignore[list-item]

    @strawberry.field
    async def slow(self, info: strawberry.Info) -> Node | None:
        await asyncio.sleep(0)
        return info.context.fate.maybe("slow", self.n)  # type: ignore[no-any-return]

    @strawberry.field
    async def slow_required(self, info: strawberry.Info) -> Node:
        await asyncio.sleep(0)
        return info.context.fate.maybe("slowRequired", self.n)  # type: ignore[no-any-return]

    @strawberry.field
    def at_once(self, info: strawberry.Info) -> Node:
        return info.context.fate.maybe("atOnce", self.n)  # type: ignore[no-any-return]

    @strawberry.field
    def rows(self, info: strawberry.Info) -> list[Node]:
        return [Node(n=self.n + 1), Node(n=self.n + 3)]


@strawberry.type
class Query:
    @strawberry.field
    def nodes(self) -> list[Node | None]:
        return [Node(n=n) for n in range(3)]

    @strawberry.field
    @quick
    async def first(self, info: strawberry.Info) -> Node:
        return await later(info, "first", 0)  # type: ignore[return-value]


@strawberry.type
class Mutation:
    @strawberry.mutation
    @quick
    async def change(self, info: strawberry.Info) -> Node | None:
        return await later(info, "change", 1)

    @strawberry.mutation
    @quick
    async def change_required(self, info: strawberry.Info) -> Node:
        return await later(info, "changeRequired", 2)  # type: ignore[return-value]


SCHEMA = strawberry.Schema(query=Query, mutation=Mutation)._schema


def nulled(seen: dict[str, Any]) -> list[list[Any]]:
    """The places that errors made null, the outermost where one is within another."""
    places: dict[str, list[Any]] = {}
    for error in seen["errors"]:
        value, place = json.loads(seen["data"]), []
        for key in error["path"] or ():  # none: the variables were wrong
            if value is None:
                break
            value = value[key]
            place.append(key)
        assert value is None, (error, "did not make its place null")
        places[str(place)] = place
    return sorted(places.values(), key=str)


async def compare(seed: int, trouble: float) -> None:
    writer = Writer(Random(seed), SCHEMA)
    document = parse(writer.document())
    if validate(SCHEMA, document):
        return
    told: dict[str, str] = {}
    outcomes = []
    for execute in (graphql.execute, executor.execute, executor.execute):
        seen, _ = await run(execute, SCHEMA, document, None, Context(Fate(seed, trouble)), dict(writer.values))
        for error in seen["errors"]:
            if error["path"]:
                assert told.setdefault(str(error["path"]), error["message"]) == error["message"]
        outcomes.append((seen["data"], nulled(seen)))
    assert outcomes[0] == outcomes[1] == outcomes[2], graphql.print_ast(document)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**40), st.sampled_from((0.0, 0.03, 0.15)))
def test_they_agree_with_graphql_core(seed: int, trouble: float) -> None:
    asyncio.run(compare(seed, trouble))


CANCELLED = {
    "quick": "{ nodes { promised { n } } }",
    "cell": "{ nodes { cell { n } } }",
    "below": "{ nodes { slow { cell { quickRequired { n } } } quickList { slow { n } } } }",
    "mutation": "mutation { change { cell { n } } changeRequired { n } }",
}


@pytest.mark.parametrize("ticks", range(8))
@pytest.mark.parametrize("name", CANCELLED)
def test_cancelled_at_any_moment(name: str, ticks: int):
    """Nothing goes on, and nothing is reported to the loop, when who waits for promises goes away."""
    asyncio.run(cancel(name, ticks))  # a loop of its own: the servers of other tests live in the session's


async def cancel(name: str, ticks: int) -> None:
    reported: list[Any] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, what: reported.append(what))
    fate = Fate(1, 0.0)
    waiting = asyncio.ensure_future(executor.execute(SCHEMA, parse(CANCELLED[name]), None, Context(fate)))
    for _ in range(ticks):
        await asyncio.sleep(0)
    waiting.cancel()
    fate.loader.abandon()
    try:
        result = await waiting
    except asyncio.CancelledError:
        pass
    else:
        assert not result.errors, "it had ended before"
    for _ in range(5):
        await asyncio.sleep(0)
    left = asyncio.all_tasks() - {asyncio.current_task()}
    assert [task for task in left if not task.done()] == []
    assert reported == []
