"""Resolvers marked @quick: begun at once, and still answered as graphql-core answers them.

Where several fields fail below one nulled place, which of them is told may differ: a quick one fails earlier. So
errors are compared without their order, and no place below another nulled one has two of them.
"""

from __future__ import annotations

import asyncio
from typing import Any

import graphql
import pytest
import strawberry
from graphql import parse
from strawberry.dataloader import DataLoader

from app.core import executor
from app.core.executor import quick
from tests.executor.agree import run

COUNT = 12


async def load(keys: list[int]) -> list[Any]:
    LOADED.append(sorted(keys))
    await asyncio.sleep(0)
    return [KeyError(key) if key % 5 == 4 else key * 10 for key in keys]


LOADED: list[list[int]] = []
ORDER: list[str] = []


@strawberry.type
class Leaf:
    n: int

    @strawberry.field
    @quick
    async def again(self, info: strawberry.Info) -> Leaf | None:
        value = await info.context.load(self.n + 100)
        return Leaf(n=(await info.context.load(value % 7)) if value else 0)

    @strawberry.field
    @quick
    async def needed(self, info: strawberry.Info) -> int:
        return await info.context.load(self.n % 9)  # type: ignore[no-any-return]

    @strawberry.field
    @quick
    async def at_once(self) -> str:
        return f"leaf {self.n}"

    @strawberry.field
    @quick
    async def fails(self) -> str | None:
        raise ValueError(f"leaf {self.n}")

    @strawberry.field
    @quick
    async def yields(self) -> int:
        await asyncio.sleep(0)
        return self.n

    @strawberry.field
    async def slow(self) -> Leaf | None:
        await asyncio.sleep(0.001)
        return Leaf(n=self.n + 1)

    @strawberry.field
    @quick
    async def many(self, info: strawberry.Info) -> list[Leaf | None] | None:
        return [Leaf(n=await info.context.load(1)), None]


@strawberry.type
class Query:
    @strawberry.field
    def leaves(self) -> list[Leaf | None]:
        return [Leaf(n=n) for n in range(COUNT)]

    @strawberry.field
    @quick
    async def never(self) -> str | None:
        await asyncio.get_running_loop().create_future()
        return None


@strawberry.type
class Mutation:
    @strawberry.mutation
    @quick
    async def step(self, info: strawberry.Info, n: int) -> Leaf | None:
        ORDER.append(f"begins {n}")
        await info.context.load(n)
        ORDER.append(f"ends {n}")
        return Leaf(n=n)


SCHEMA = strawberry.Schema(query=Query, mutation=Mutation)._schema
DOCUMENTS = {
    "nullable": "{ leaves { n again { n again { n } } } }",
    "required": "{ leaves { n needed } }",
    "at_once": "{ leaves { atOnce yields } }",
    "failing": "{ leaves { atOnce fails again { fails n } } }",
    "slow_below_quick": "{ leaves { again { slow { n again { n slow { n } } } } } }",
    "quick_below_slow": "{ leaves { slow { again { n needed } many { n } } many { n again { n } } } }",
    "mutations": "mutation { a: step(n: 1) { n again { n } } b: step(n: 2) { needed } c: step(n: 4) { n } }",
}


@pytest.mark.parametrize("name", DOCUMENTS)
async def test_it_agrees_with_graphql_core(name: str):
    document = parse(DOCUMENTS[name])
    found = []
    for execute in (graphql.execute, executor.execute, executor.execute):
        LOADED.clear()
        ORDER.clear()
        seen, waits = await run(execute, SCHEMA, document, None, DataLoader(load_fn=load))
        seen["errors"].sort(key=str)
        found.append((seen, waits, sorted(key for keys in LOADED for key in keys), [*ORDER]))
    if name == "mutations":
        assert [f"{verb} {n}" for n in (1, 2, 4) for verb in ("begins", "ends")][:5] == ORDER
    if name == "at_once":
        found = [(seen, loaded) for seen, _, loaded, _ in found]  # type: ignore[misc]
    assert found[0] == found[1] == found[2]


async def test_loads_of_one_level_are_one_batch():
    for name, batches in (("nullable", 4), ("required", 1)):
        LOADED.clear()
        await run(executor.execute, SCHEMA, parse(DOCUMENTS[name]), None, DataLoader(load_fn=load))
        assert len(LOADED) <= batches


async def test_an_operation_that_waits_for_a_promise_can_be_cancelled():
    waiting = asyncio.ensure_future(executor.execute(SCHEMA, parse("{ never leaves { slow { n } } }")))
    await asyncio.sleep(0.01)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
