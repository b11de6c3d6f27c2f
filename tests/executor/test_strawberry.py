"""Fields as Strawberry makes them: with and without its wrappers, the resolvers are told the same."""

from __future__ import annotations

import asyncio
import functools
from enum import Enum
from random import Random
from typing import Annotated, Any, Generic, TypeVar

import graphql
import pytest
import strawberry
from graphql import parse, validate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strawberry.extensions import FieldExtension
from strawberry.permission import BasePermission

from app.core import executor
from tests.executor.agree import LEFT_BEHIND, agree, run
from tests.executor.worlds import Writer

T = TypeVar("T")
pytestmark = LEFT_BEHIND


@strawberry.enum
class Shade(Enum):
    DARK = ("d", 1)
    LIGHT = "l"
    ALIAS = "l2"


@strawberry.input
class Inner:
    n: int = 4
    shade: Shade | None = None


@strawberry.input
class Wish:
    text: str
    inner: Inner | None = None
    inners: list[Inner] = strawberry.field(default_factory=list)
    maybe: int | None = strawberry.UNSET
    names: list[str | None] | None = None


@strawberry.input
class Change:
    name: strawberry.Maybe[str]
    age: strawberry.Maybe[int | None]


class Shout(FieldExtension):
    def resolve(self, next_: Any, source: Any, info: Any, **arguments: Any) -> Any:
        return f"{next_(source, info, **arguments)}!"


class Refuse(BasePermission):
    message = "not you"

    def has_permission(self, source: Any, info: Any, **arguments: Any) -> bool:
        return False


@strawberry.type
class Box(Generic[T]):
    content: T


@strawberry.interface
class Being:
    name: str

    @strawberry.field
    def greeting(self, info: strawberry.Info, loud: bool = False) -> str:
        return f"{info.field_name} {info.path.key} {self.name} {loud} {info.context} {info.python_name}"


@strawberry.type
class Cat(Being):
    lives: int = 9
    broken: strawberry.Private[bool] = False

    @strawberry.field
    async def purr(self, info: strawberry.Info) -> str | None:
        await asyncio.sleep(0)
        return ",".join(field.name for field in info.selected_fields)

    @strawberry.field
    def needed(self) -> int:
        if self.broken:
            raise ValueError("broken cat")
        return 1

    @strawberry.field
    def kittens(self, count: int = 2) -> list[Being]:
        return [Cat(name=f"{self.name}{n}", broken=n == 1) for n in range(min(count, 3))]


@strawberry.type
class Rock(Being):
    weight: float = 1.5

    @strawberry.field(permission_classes=[Refuse])
    def secret(self) -> str | None:
        return "hidden"


def told(function: Any) -> Any:
    """A wrapper that takes what it is given by name, whatever it says it takes."""

    @functools.wraps(function)
    def wrapper(*args: Any, **given: Any) -> Any:
        return function(*args, **given) + f" {sorted(given)}"

    return wrapper


def by_parent(parent: strawberry.Parent[Any], info: strawberry.Info) -> str:
    return f"{type(parent).__name__} {parent is info.root_value} {sorted(info.variable_values)} {info.return_type}"


def by_root(root: Any) -> str:
    return type(root).__name__


async def by_wish(wish: Wish, wishes: list[Wish] | None = None) -> str:
    return f"{wish} {wishes} {wish.maybe is strawberry.UNSET}"


@strawberry.type
class Query:
    plain: str = "plain"
    missing: strawberry.Private[int] = 0

    @strawberry.field
    def beings(self, shade: Shade = Shade.DARK) -> list[Being]:
        return [Cat(name=shade.name), Rock(name="rock"), Cat(name="sick", broken=True)]

    @strawberry.field
    async def one(self, of: Annotated[str, strawberry.argument(name="which")] = "cat") -> Cat | Rock | None:
        return {"cat": Cat(name="c"), "rock": Rock(name="r")}.get(of)

    @strawberry.field
    def shade(self, of: Shade, all: list[Shade] | None = None) -> Shade:
        return (all or [of])[-1]

    @strawberry.field
    def change(self, change: Change) -> str:
        return repr(change)

    @strawberry.field(extensions=[Shout()])
    def loud(self, text: str = "x") -> str:
        return text

    @strawberry.field
    async def streamed(self, count: int = 2) -> list[str]:  # type: ignore[misc]
        for n in range(min(count, 3)):
            await asyncio.sleep(0)
            yield str(n)

    @strawberry.field
    def box(self) -> Box[int]:
        return Box(content=3)

    @strawberry.field
    def boxes(self) -> list[Box[str]]:
        return [Box(content="a"), Box(content="b")]

    @strawberry.field
    @staticmethod
    def static(n: int) -> int:
        return n + 2**31 - 5

    @strawberry.field
    @told
    def wrapped(self, info: strawberry.Info) -> str:
        return info.field_name

    @strawberry.field
    async def fails(self, late: bool = False) -> str:
        if late:
            await asyncio.sleep(0)
        raise KeyError("always")

    parent: str = strawberry.field(resolver=by_parent)
    by_root: str = strawberry.field(resolver=by_root)
    wish: str | None = strawberry.field(resolver=by_wish)


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def first(self, info: strawberry.Info, n: int = 1) -> Cat | None:
        info.context.append(n)
        return Cat(name=str(info.context))

    @strawberry.mutation
    def second(self, info: strawberry.Info, wish: Wish) -> list[int]:
        info.context.append(wish.text)
        return [len(info.context)]


SCHEMA = strawberry.Schema(query=Query, mutation=Mutation, types=[Cat, Rock])._schema
ALL = """query All($wish: Wish = {text: "w"}, $n: Int = 1, $shade: Shade!, $late: Boolean!) {
  plain __typename parent byRoot wrapped loud one { ... on Cat { purr name } }
  rock: one(which: "rock") { ... on Rock { secret weight } }
  none: one(which: "x") { __typename } streamed(count: $n) box { content } boxes { content } static(n: 3)
  shade(of: $shade, all: [LIGHT, $shade]) dark: shade(of: DARK)
  wish(wish: $wish) w2: wish(wish: {text: "t", inner: {shade: LIGHT}, inners: [{n: $n}], names: ["a", null]},
    wishes: [$wish])
  change(change: {name: "n"}) c2: change(change: {name: "n", age: null})
  beings(shade: $shade) { __typename name greeting(loud: true) ... on Cat { lives purr kittens { name
    ... on Cat { lives } ... on Rock { weight } } } ... @include(if: $late) { name } } }"""


async def test_every_kind_of_field():
    for late in (False, True):
        variables = {"shade": "ALIAS", "late": late, "wish": {"text": "v", "inner": {}, "maybe": 3}}
        seen = await agree(SCHEMA, ALL, Query, variables, context_value="context")
        assert [error["message"] for error in seen["errors"]] == ["not you"]
        assert '"streamed": ["0"]' in seen["data"]
        await agree(SCHEMA, ALL, Query, {"shade": "DARK", "late": late}, context_value="context")


@pytest.mark.parametrize("variables", [{}, {"n": None}, {"n": 2}, {"n": "x"}])
async def test_mutations_go_one_after_another(variables: dict[str, Any]):
    document = """mutation($n: Int = 7) { first(n: $n) { name } second(wish: {text: "b"})
      again: first { name needed } }"""
    parsed = parse(document)
    outcomes = []
    for execute in (graphql.execute, executor.execute):
        told: list[Any] = []
        outcomes.append((await run(execute, SCHEMA, parsed, Mutation(), told, variables), told))
    assert outcomes[0] == outcomes[1]


async def test_failing_resolvers_and_what_they_leave_null():
    await agree(SCHEMA, "{ plain fails }", Query)
    await agree(
        SCHEMA, "{ beings { name ... on Cat { needed kittens(count: 3) { name ... on Cat { needed } } } } }", Query
    )
    await agree(SCHEMA, "{ fails(late: true) box { content } one { ... on Cat { purr needed } } }", Query)
    await agree(SCHEMA, "{ plain }", object)  # an object without the attribute
    await agree(SCHEMA, "{ static(n: 2147483647) }", Query)  # beyond 32 bits


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**40))
def test_random_documents(seed: int) -> None:
    async def compare() -> None:
        writer = Writer(Random(seed), SCHEMA)
        document = parse(writer.document())
        if validate(SCHEMA, document):
            return
        outcomes = []
        for execute in (graphql.execute, executor.execute, executor.execute):
            root = Query() if document.definitions[0].operation.value == "query" else Mutation()  # type: ignore[attr-defined]
            outcomes.append(await run(execute, SCHEMA, document, root, [], dict(writer.values)))
        assert outcomes[0] == outcomes[1] == outcomes[2], graphql.print_ast(document)

    asyncio.run(compare())


async def test_the_wrappers_are_passed_by():
    """Or the comparison would be of Strawberry with itself."""
    plain = executor.make_plan(SCHEMA, parse(ALL), parse(ALL).definitions[0])  # type: ignore[arg-type]
    assert plain is not None
    shape = plain.shape(plain.variables({"shade": "DARK", "late": True}, 5, False))  # type: ignore[arg-type]
    entries = shape._root_entries()
    found = {e.key: e.attribute or e.resolve.__qualname__ for e in entries}
    assert found["plain"] == "plain"
    for key in ("parent", "one", "shade", "wish", "static", "beings"):
        assert found[key].startswith("_direct"), key
    for key in ("loud", "change", "streamed"):
        assert found[key].startswith("_foreign"), key
