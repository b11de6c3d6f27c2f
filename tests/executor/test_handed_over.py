"""What a plan does not know is graphql-core's to execute, and counted; the answer is the same."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import GraphQLError, build_schema, parse

from app.core import executor
from app.core.executor import execution
from tests.executor.agree import agree

SCHEMA = build_schema("type Query { a: Int, b(n: Int!): String, c: [[Int!]] } type Subscription { a: Int }")
ROOT = {"a": 1, "b": "b", "c": [[1, 2], None, [None]]}


@pytest.mark.parametrize(
    ("document", "variables"),
    [
        ("{ a __schema { queryType { name fields { name type { name } } } } }", {}),
        ('{ __type(name: "Query") { name kind } }', {}),
        ("query($if: Boolean = true) { a @skip(if: $if) }", {"if": None}),
        ("query @experimental_disableErrorPropagation { c }", {}),
        ("{ a ... @defer(if: false) { c } }", {}),
        ("{ a } query B { c }", {}),
        ("fragment F on Query { a }", {}),
    ],
)
async def test_it_is_counted(document: str, variables: dict[str, Any]):
    before = executor.counts.handed_over
    await agree(SCHEMA, document, lambda: ROOT, variables, compiled=False)
    assert executor.counts.handed_over == before + 2


async def test_options_of_graphql_core():
    def shout(next_: Any, *args: Any, **arguments: Any) -> Any:
        return f"{next_(*args, **arguments)}!"

    seen = await agree(SCHEMA, "{ b(n: 1) }", lambda: ROOT, compiled=False, middleware=[shout])
    assert seen["data"] == '{"b": "b!"}'


@pytest.mark.parametrize(
    "document",
    [
        "{ b }", "{ b(n: null) }", '{ b(n: "x") }', "{ nothing a }", "subscription { a }", "mutation { a }",
        "{ a { a } }",
        "{ b(n: 1) b(n: 2) }", "query($n: Nothing) { b(n: $n) }", "{ b(n: $missing) }",
        "{ ...F } fragment F on Nothing { a }",
        "{ ...Nothing a }", "{ ...F } fragment F on Query { a ...F }", "{ c a: c }",
    ],
)  # fmt: skip
async def test_documents_that_nobody_validated(document: str):
    await agree(SCHEMA, document, lambda: ROOT, compiled=False)


async def test_an_invalid_schema_is_refused_by_both():
    with pytest.raises((TypeError, GraphQLError)):
        executor.execute(build_schema("type Nothing { a: Int }", assume_valid_sdl=True), parse("{ a }"))


async def test_plans_are_kept_up_to_a_bound():
    for n in range(execution._PLANS + 10):
        executor.execute(SCHEMA, parse(f"{{ a{n}: a }}"), ROOT)
    assert len(execution._plans) == execution._PLANS
