"""Generated schemas, documents, variables and resolvers: the compiled executor answers as graphql-core does.

Also the order of errors, and which of several errors below a nulled place is told, are the same: both start what has
to be waited for in the same order and wait for it in the same groups.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from random import Random
from typing import Any

import graphql
from graphql import parse, validate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core import executor
from tests.executor.agree import LEFT_BEHIND, run
from tests.executor.worlds import Oracle, Writer, random_schema

pytestmark = LEFT_BEHIND
SEEDS = st.integers(0, 2**40)


async def compare(seed: int, *, trouble: float, later: float) -> None:
    """One random world. Documents that validation refuses (a variable's default) are left out."""
    random = Random(seed)
    schema = random_schema(random)
    writer = Writer(random, schema)
    document = parse(writer.document())
    if validate(schema, document):
        return
    outcomes: list[Any] = []
    for execute in (graphql.execute, executor.execute, executor.execute):
        oracle = Oracle(schema, seed, trouble=trouble, later=later)
        outcome, waits = await run(
            execute, schema, document, {"root": 1}, "the context", dict(writer.values), None,
            oracle.resolve, oracle.type_of,
        )  # fmt: skip
        outcomes.append((outcome, waits, Counter(oracle.calls)))
    assert outcomes[1] == outcomes[0], graphql.print_ast(document)
    assert outcomes[2] == outcomes[0]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(SEEDS)
def test_everything_is_there_at_once(seed: int) -> None:
    asyncio.run(compare(seed, trouble=0.0, later=0.0))


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(SEEDS)
def test_values_null_wrong_and_failing(seed: int) -> None:
    asyncio.run(compare(seed, trouble=0.08, later=0.0))


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(SEEDS)
def test_values_that_come_later(seed: int) -> None:
    asyncio.run(compare(seed, trouble=0.0, later=0.4))


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(SEEDS)
def test_all_at_once(seed: int) -> None:
    asyncio.run(compare(seed, trouble=0.05, later=0.4))
