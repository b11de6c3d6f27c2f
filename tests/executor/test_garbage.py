"""An execution that has answered leaves nothing to the garbage collector: not what it loaded, not itself."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
import strawberry
from graphql import parse

from app.core.executor import bind, loaded, make_plan
from app.core.graphql.loading import Loader


async def load_names(keys: Sequence[int]) -> list[str]:
    return [str(key) for key in keys]


class Context:
    """As much of a context as loads need."""

    def __init__(self) -> None:
        self.loader = Loader(load_names)

    def load(self, _load: Any, key: int) -> Any:
        return self.loader.load(key)


@strawberry.type
class Person:
    number: strawberry.Private[int]
    name = strawberry.field(resolver=loaded(load_names, str, of=lambda self: self.number, type=str | None))


@strawberry.type
class Query:
    @strawberry.field
    def people(self) -> list[Person]:
        return [Person(number=n % 2) for n in range(4)]


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def people(self, least: int) -> AsyncIterator[list[Person]]:
        yield []


SCHEMA = strawberry.Schema(Query, subscription=Subscription)._schema


@pytest.mark.parametrize("text", ["{ people { name } }", "subscription { people(least: 1) { name } }"])
async def test_nothing_is_left(text: str):
    document = parse(text)
    operation: Any = document.definitions[0]
    plan = make_plan(SCHEMA, document, operation)
    assert plan is not None
    bound = bind(plan, {}, 1, hide_suggestions=True)
    assert not isinstance(bound, list)

    async def execute() -> None:
        people = [Person(number=n % 2) for n in range(4)]
        result = bound.execute(None, Context()) if text[0] == "{" else bound.execute_event(people, Context())
        result = await result
        assert result.errors is None
        assert [one["name"] for one in result.data["people"]] == ["0", "1", "0", "1"]

    await execute()
    gc.collect()
    gc.disable()
    try:
        await execute()
        assert gc.collect() == 0
    finally:
        gc.enable()
