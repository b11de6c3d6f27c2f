"""Selections written out as functions meet every sort of value, and answer as the loop and graphql-core do."""

from __future__ import annotations

import asyncio
from enum import Enum
from typing import Any

import graphql
import pytest
import strawberry
from graphql import parse

from app.core import executor
from app.core.executor import written
from app.core.executor.selection import Selection
from tests.executor.agree import LEFT_BEHIND, agree, run

pytestmark = LEFT_BEHIND
READ: list[str] = []


@strawberry.enum
class Shade(Enum):
    DARK = 1
    LIGHT = 2
    ALSO_DARK = 1


@strawberry.interface
class Named:
    name: str


@strawberry.type
class Item(Named):
    count: int
    share: float
    maybe: int | None
    is_new: bool
    code: strawberry.ID | None
    shade: Shade
    tint: Shade | None
    words: list[str]
    inner: Item | None
    items: list[Item]
    grid: list[list[Item | None] | None] | None


class Slots:
    """Another class whose objects the type takes: it has no dict."""

    __slots__ = ("name",)


class Other(Item):
    """A class below the type's own."""


class Reading(Item):
    """Reads are noticed, and some fail."""

    def __getattribute__(self, name: str) -> Any:
        if name in ("count", "inner"):
            READ.append(name)
            if name == "inner":
                raise ValueError("no inner")
        return super().__getattribute__(name)


def item(class_: type[Item] = Item, **changed: Any) -> Item:
    usual: dict[str, Any] = {
        "name": "n", "count": 1, "share": 1.5, "maybe": None, "is_new": True, "code": strawberry.ID("c"),
        "shade": Shade.DARK, "tint": None, "words": ["a"], "inner": None, "items": [], "grid": None,
    }  # fmt: skip
    return class_(**{**usual, **changed})


async def later(value: Any) -> Any:
    await asyncio.sleep(0)
    return value


def cast(value: Any, type_: Any = Item) -> Any:
    return strawberry.cast(type_, value)


ODD: dict[str, Any] = {
    "usual": lambda: item(),
    "nested": lambda: item(inner=item(), items=[item(), item()], grid=[[item(), None], None, []]),
    "int-is-bool": lambda: item(count=True, maybe=False),
    "int-is-float": lambda: item(count=2.0, maybe=2.5),
    "int-too-big": lambda: item(maybe=2**31),
    "int-smallest": lambda: item(count=-(2**31), maybe=2**31 - 1),
    "required-too-big": lambda: item(count=2**31),
    "float-is-int": lambda: item(share=3),
    "float-is-nan": lambda: item(share=float("nan")),
    "bool-is-int": lambda: item(is_new=2),
    "text-is-number": lambda: item(name=5, code=7),
    "text-is-bytes": lambda: item(code=b"x"),
    "null-not-allowed": lambda: item(name=None),
    "shades": lambda: item(shade=Shade.ALSO_DARK, tint=Shade.LIGHT),
    "shade-by-value": lambda: item(tint=2),
    "shade-unknown": lambda: item(tint="GREEN"),
    "error-as-value": lambda: item(maybe=KeyError("k")),
    "error-not-allowed": lambda: item(count=KeyError("k")),
    "later": lambda: item(count=later(4), maybe=later(None), inner=later(item()), items=[later(item()), item()]),
    "later-fails": lambda: item(maybe=later(2**31), items=[later(KeyError("k"))]),
    "list-is-tuple": lambda: item(words=("a", "b"), items=(item(),)),
    "list-is-generator": lambda: item(items=(item() for _ in range(2))),
    "list-is-number": lambda: item(grid=5),
    "list-holds-wrong": lambda: item(grid=[[item(), 5], [item(name=None)]]),
    "wrong-object": lambda: item(inner="text"),
    "cast-elsewhere": lambda: item(inner=cast(item(), Named), grid=[[item(), cast(item(), Named)]]),
    "cast": lambda: item(inner=cast(item()), items=[item(), cast(item()), item()]),
    "subclass": lambda: item(Other, inner=item(Other), items=[item(), item(Other), item(Other), item()]),
    "reads-fail": lambda: item(items=[item(Reading)], grid=[[item(Reading, maybe=later(1))]]),
    "no-such-attribute": lambda: item(inner=Slots(), grid=[[Slots()]]),
    "undefined": lambda: item(tint=strawberry.UNSET),
}
FIELDS = "__typename name count share maybe isNew code shade tint words"
DOCUMENT = f"""query($name: String!) {{ one(name: $name) {{ a: name {FIELDS} inner {{ {FIELDS} }} items {{ {FIELDS}
  inner {{ name }} }} grid {{ {FIELDS} inner {{ count }} zzz: count }} }}
  named(name: $name) {{ name ... on Item {{ count items {{ name }} inner {{ count }} }} }} }}"""


@strawberry.type
class Query:
    @strawberry.field
    def one(self, name: str) -> Item | None:
        return ODD[name]()  # type: ignore[no-any-return]

    @strawberry.field
    def named(self, name: str) -> list[Named | None]:
        return [item(), ODD[name](), None, item(Other), cast(item()), ODD[name]()]


SCHEMA = strawberry.Schema(query=Query, types=[Item])._schema


@pytest.mark.parametrize("name", ODD)
async def test_every_sort_of_value(name: str):
    for document in (DOCUMENT, "query($name: String!) { one(name: $name) { items { maybe count } } }"):
        parsed = parse(document)
        await agree(SCHEMA, parsed, variables={"name": "nested"})  # the usual class is known when the unusual comes
        await agree(SCHEMA, parsed, variables={"name": name})
        await agree(SCHEMA, parsed, variables={"name": "nested"})


async def test_attributes_are_read_once():
    document, reads = parse(DOCUMENT), []
    for execute in (graphql.execute, executor.execute, executor.execute):
        READ.clear()
        await run(execute, SCHEMA, document, variable_values={"name": "reads-fail"})
        reads.append(sorted(READ))
    assert reads[0] == reads[1] == reads[2] != []


def entries_of(text: str) -> Any:
    document = parse(text)
    plan = executor.make_plan(SCHEMA, document, document.definitions[0])  # type: ignore[arg-type]
    assert plan is not None
    return plan.shape(plan.variables({"name": "usual"}, 5, False))._root_entries()  # type: ignore[arg-type]


def test_nothing_of_a_document_stands_in_the_text():
    one = entries_of('{ zebra: one(name: "lion") { tiger: name } elk: __typename }')
    text, names = written.text_of(one)
    for word in ("zebra", "lion", "tiger", "elk"):
        assert word not in text
    assert names["key_0"] == "zebra"


async def test_it_is_written_when_it_was_executed_often(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Selection, "often", 3)
    document = parse('{ one(name: "usual") { name } }')
    plan = executor.make_plan(SCHEMA, document, document.definitions[0])  # type: ignore[arg-type]
    assert plan is not None
    bound = executor.bind(plan, {}, 5, hide_suggestions=False)
    selection = plan.shape(plan.variables({}, 5, False))._root_entries()[0].selection  # type: ignore[arg-type]
    looped = selection.execute
    for n in range(6):
        assert bound.execute(None, None).data == {"one": {"name": "n"}}  # type: ignore[union-attr]
        assert (selection.execute == looped) == (n < 3)
