"""Fields described by `loaded`: all places that show one key are one object, and the answer is graphql-core's."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from typing import Any

import graphql
import pytest
import strawberry
from graphql import parse

from app.core import executor
from app.core.executor import loaded, quick
from app.core.graphql.loading import Loader
from tests.executor.agree import run

CALLS: list[list[int]] = []
SHOWN: list[int] = []


async def load_owners(keys: Sequence[int]) -> Sequence[Any]:
    CALLS.append(sorted(keys))
    return [None if key == 2 else KeyError(key) if key == 3 else key for key in keys]


class Loads:
    """A context with the loaders of one operation."""

    def __init__(self, *known: int) -> None:
        self.loaders: dict[Any, Loader[Any, Any]] = {}
        self.known = known

    def load(self, load: Any, key: Any) -> Awaitable[Any]:
        if load not in self.loaders:
            self.loaders[load] = Loader(load)
            for one in self.known:
                self.loaders[load].prime(one, one)
        return self.loaders[load].load(key)


def show_owner(n: int) -> Owner:
    SHOWN.append(n)
    if n == 4:
        raise RuntimeError("not shown")
    return Owner(n=n, grid=[[Thing(n=n + 10), Thing(n=2)], [], [Thing(n=n + 20)]])


@strawberry.type
class Owner:
    n: int
    grid: list[list[Thing]]

    @strawberry.field
    def fails(self) -> int | None:
        raise ValueError(f"owner {self.n}")

    @strawberry.field
    def required(self) -> int:
        if self.n == 5:
            raise ValueError(f"owner {self.n}")
        return self.n

    @strawberry.field
    async def slow(self) -> int:
        await asyncio.sleep(0)
        if self.n == 6:
            raise ValueError(f"owner {self.n}")
        return self.n

    @strawberry.field
    @quick
    async def next(self, info: strawberry.Info) -> Owner:
        value = await info.context.load(load_owners, self.n + 1)
        return show_owner(value) if value else None  # type: ignore[return-value]


@strawberry.type
class Thing:
    n: int
    owner = strawberry.field(
        resolver=loaded(load_owners, show_owner, of=lambda self: self.n % 10 or None, type=Owner | None)
    )
    other = strawberry.field(
        resolver=loaded(load_owners, show_owner, of=lambda self: self.n % 3 + 5, type=Owner | None)
    )


@strawberry.type
class Query:
    @strawberry.field
    def things(self, of: list[int]) -> list[Thing]:
        return [Thing(n=n) for n in of]


SCHEMA = strawberry.Schema(query=Query)._schema
ROW = "[1, 1, 11, 2, 12, 3, 13, 4, 14, 5, 5, 6, 16, 7, 7, 0, 10]"
DOCUMENTS = {
    "plain": "owner { n }",
    "two_fields": "n owner { n } other { n } again: owner { n }",
    "null_and_errors": "owner { n fails }",
    "required_fails": "owner { n required }",
    "slow": "owner { n slow }",
    "late_null_below": "owner { n next { n next { n } } }",
    "nested_lists": "owner { grid { n owner { n } } }",
    "lists_of_lists": "owner { grid { n owner { n required grid { n other { n slow } } } } }",
    "merged": "owner { n } ... on Thing { owner { grid { n } } }",
}


def document(name: str) -> Any:
    return parse(f"{{ things(of: {ROW}) {{ {DOCUMENTS[name]} }} }}")


@pytest.mark.parametrize("known", [(), (1, 2, 3, 5, 6, 7)], ids=["loading", "known"])
@pytest.mark.parametrize("name", DOCUMENTS)
async def test_it_agrees_with_graphql_core(name: str, known: tuple[int, ...]):
    found = []
    for execute in (graphql.execute, executor.execute, executor.execute):
        CALLS.clear()
        seen, _ = await run(execute, SCHEMA, document(name), None, Loads(*known))
        seen["errors"].sort(key=str)
        found.append((seen, sorted(key for keys in CALLS for key in keys)))
    assert found[0] == found[1] == found[2]


async def test_places_of_one_key_are_one_object():
    SHOWN.clear()
    result = await executor.execute(SCHEMA, document("plain"), context_value=Loads())
    owners = [thing["owner"] for thing in result.data["things"]]
    assert owners[0] is owners[1] is owners[2]
    assert sorted(SHOWN) == [1, 4, 4, 5, 6, 7]  # what failed is tried at each place: each reports it


async def test_an_error_stands_at_each_of_its_places():
    result = await executor.execute(SCHEMA, document("plain"), context_value=Loads())
    assert sorted(error.path[1] for error in result.errors) == [5, 6, 7, 8]
    assert {str(error.original_error) for error in result.errors} == {"3", "not shown"}


async def test_executions_share_nothing():
    one, other = Loads(), Loads(1)
    results = await asyncio.gather(
        *(executor.execute(SCHEMA, document("plain"), context_value=context) for context in (one, other))
    )
    first, second = ([thing["owner"] for thing in result.data["things"]] for result in results)
    assert first == second
    assert first[0] is not second[0]
    first[0]["n"] = 100  # whoever changes an answer changes it alone
    assert second[0] == {"n": 1}


@pytest.mark.parametrize("key", [1, 2], ids=["loaded", "quick"])
async def test_a_load_that_is_cancelled_cancels_the_execution(key: int):
    """As awaiting its future would, with graphql-core."""

    class Cancelled(Loads):
        def load(self, load: Any, asked: Any) -> Awaitable[Any]:
            if asked != key:
                return super().load(load, asked)
            future = asyncio.get_running_loop().create_future()
            asyncio.get_running_loop().call_soon(future.cancel)
            return future

    document = parse("{ things(of: [1, 1]) { owner { n next { n } } } }")
    for execute in (graphql.execute, executor.execute):
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(execute(SCHEMA, document, context_value=Cancelled()), 5)
