"""Fields read from an attribute, and resolved where that says UNSET: as graphql-core answers, which resolves all."""

from __future__ import annotations

from typing import Any

import pytest
import strawberry
from graphql import execute as execute_by_core
from graphql import parse

from app.core import executor
from app.core.executor import known, quick
from app.core.executor.selection import Selection
from tests.executor.agree import run

ASKED: list[str] = []
DOCUMENT = parse("{ rows { text words row { text words } rows { text } count(by: 2) } }")


@strawberry.type
class Row:
    n: strawberry.Private[int]
    is_known: strawberry.Private[bool]

    def __post_init__(self) -> None:
        told = self.n != 2 and self.is_known
        self.known_text: Any = self._text() if told else strawberry.UNSET
        self.known_words: Any = ["a", "b"] if told else strawberry.UNSET
        self.known_row: Any = self._row() if told else strawberry.UNSET
        self.known_rows: Any = [row for row in [self._row()] if row] if told else strawberry.UNSET
        self.known_count: Any = -1

    def _text(self) -> str | None:
        return None if self.n == 3 else f"row {self.n}"

    def _row(self) -> Row | None:
        return Row(n=self.n - 1, is_known=self.is_known) if self.n else None

    @strawberry.field
    @known("known_text")
    def text(self) -> str | None:
        ASKED.append("text")
        return self._text()

    @strawberry.field
    @known("known_words")
    def words(self, info: strawberry.Info) -> list[str]:
        ASKED.append("words")
        return ["a", "b"]

    @strawberry.field
    @known("known_row")
    @quick
    async def row(self) -> Row | None:
        ASKED.append("row")
        return self._row()

    @strawberry.field
    @known("known_rows")
    async def rows(self) -> list[Row]:
        ASKED.append("rows")
        return [row for row in [self._row()] if row]

    @strawberry.field
    @known("known_count")
    def count(self, by: int = 1) -> int:
        return self.n * by  # no attribute holds what depends on arguments


@strawberry.type
class Query:
    @strawberry.field
    def rows(self, info: strawberry.Info) -> list[Row]:
        return [Row(n=n, is_known=info.context) for n in range(6)]


SCHEMA = strawberry.Schema(query=Query)._schema


@pytest.mark.parametrize("often", [0, 10**6], ids=["written", "loop"])
@pytest.mark.parametrize("is_known", [True, False], ids=["known", "unset"])
async def test_it_agrees_with_graphql_core(often: int, is_known: bool, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Selection, "often", often)
    expected, _ = await run(execute_by_core, SCHEMA, DOCUMENT, None, is_known)
    handed_over = executor.counts.handed_over
    for _ in range(3):
        ASKED.clear()
        found, _ = await run(executor.execute, SCHEMA, DOCUMENT, None, is_known)
        assert found == expected
        assert ("text" in ASKED, "words" in ASKED, "row" in ASKED, "rows" in ASKED) == (True,) * 4
        assert ASKED.count("text") == (3 if is_known else 16), "asked only where the object does not know"
    assert executor.counts.handed_over == handed_over
