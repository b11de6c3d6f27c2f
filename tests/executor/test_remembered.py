"""Objects shown to many, which remember what their fields became: everybody gets what graphql-core gives them."""

from __future__ import annotations

import json
from typing import Any

import pytest
import strawberry
from graphql import execute as execute_by_core
from graphql import parse

from app.core import executor
from app.core.executor import known
from app.core.executor.selection import Selection
from tests.executor.agree import run


@strawberry.type
class Person:
    n: strawberry.Private[int]
    name: str

    def __post_init__(self) -> None:
        self.shown_nick: Any = f"nick {self.n}" if self.n != 1 else strawberry.UNSET

    @strawberry.field
    @known("shown_nick", for_all=True)
    def nick(self, info: strawberry.Info) -> str:
        return f"nick {self.n}" if self.n != 1 else f"nick for {info.context}"

    @strawberry.field
    def greeting(self, info: strawberry.Info) -> str:
        return f"{self.name} greets {info.context}"


@strawberry.type
class Note:
    answers: strawberry.Private[dict[object, Any] | None]
    n: strawberry.Private[int]
    id: strawberry.ID
    text: str | None
    size: int

    def __post_init__(self) -> None:
        self.shown_author: Any = Person(n=self.n, name=f"person {self.n}") if self.n else None

    @strawberry.field
    @known("shown_author", for_all=True)
    def author(self) -> Person | None:
        return self.shown_author

    @strawberry.field
    def mine(self, info: strawberry.Info) -> bool:
        return bool(info.context == self.n)

    @strawberry.field
    def required(self, info: strawberry.Info) -> int:
        if info.context == self.n:
            raise ValueError("not for them")
        return self.n


NOTES = [
    Note(answers={} if n != 2 else None, n=n, id=strawberry.ID(str(n)), text=f"text {n}", size=n) for n in range(4)
]
NOTES[3].size = 2**40  # no Int: an error for everybody


@strawberry.type
class Query:
    @strawberry.field
    def notes(self) -> list[Note | None]:
        return [*NOTES]


SCHEMA = strawberry.Schema(query=Query)._schema
DOCUMENTS = {
    "all alike": "{ notes { id text n: text author { name nick } } }",
    "some alike": "{ notes { mine text __typename id author { nick name greeting } again: mine } }",
    "errors": "{ notes { id text required author { name nick } size } }",
    "conditions": """query($yes: Boolean! = true) { notes { id text @include(if: $yes) author @skip(if: $yes) { name }
      ...More } } fragment More on Note { mine text other: author { nick name } }""",
    "few": "{ notes { id mine } }",
}


@pytest.fixture(autouse=True)
def _nothing_remembered():
    for note in NOTES:
        if note.answers is not None:
            note.answers.clear()


@pytest.mark.parametrize("name", DOCUMENTS)
async def test_everybody_gets_what_graphql_core_gives(name: str):
    document = parse(DOCUMENTS[name])
    for _ in range(3):
        for viewer in range(4):
            seen = await run(executor.execute, SCHEMA, document, None, viewer)
            assert seen == await run(execute_by_core, SCHEMA, document, None, viewer)


async def test_what_is_alike_is_executed_once(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Selection, "often", 4)  # by then it is known what the objects are
    document = parse(DOCUMENTS["some alike"].replace("greeting", ""))
    for viewer in (1, 2, 3):
        await run(executor.execute, SCHEMA, document, None, viewer)
    for note in NOTES:
        monkeypatch.setattr(note, "text", "another")
    found = await run(executor.execute, SCHEMA, document, None, 0)
    notes = json.loads(found[0]["data"])["notes"]
    texts = [note["text"] for note in notes]
    assert texts == ["text 0", "another", "another", "text 3"], "1 has an author who knows no nick, 2 remembers nothing"
    assert [note["mine"] for note in notes] == [True, False, False, False]
    assert [*notes[0]] == ["mine", "text", "__typename", "id", "author", "again"]


async def test_an_object_remembers_a_few_selections(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Selection, "often", 4)
    for n in range(10):
        document = parse(f"{{ notes {{ id text a{n}: text }} }}")
        for _ in range(2):
            await run(executor.execute, SCHEMA, document, None, 0)
    assert 1 <= len(NOTES[0].answers or ()) <= 4
