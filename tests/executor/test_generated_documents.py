"""Documents that hypothesis-graphql makes from Parley's own schema, over resolvers that answer right, null, wrong, late
or not at all: the compiled executor answers as graphql-core does. What our own writer of documents (worlds.py) has no
idea of is found here."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import graphql
from graphql import build_schema, is_scalar_type, is_specified_scalar_type, parse, validate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis_graphql import from_schema, nodes

from app.core import executor
from tests.executor.agree import LEFT_BEHIND, run
from tests.executor.worlds import Oracle

pytestmark = LEFT_BEHIND

SDL = (Path(__file__).parents[2] / "schema.graphql").read_text()
SCHEMA = build_schema(SDL)
OWN = {
    name: st.text("ab1", max_size=3).map(nodes.String)
    for name, type_ in SCHEMA.type_map.items()
    if is_scalar_type(type_) and not is_specified_scalar_type(type_)
}
DOCUMENTS = from_schema(SDL, custom_scalars=OWN)


async def compare(text: str, seed: int, trouble: float, later: float) -> None:
    document = parse(text)
    assert not validate(SCHEMA, document)
    outcomes: list[Any] = []
    before = executor.counts.handed_over
    for execute in (graphql.execute, executor.execute, executor.execute):
        oracle = Oracle(SCHEMA, seed, trouble=trouble, later=later)
        outcome, waits = await run(
            execute, SCHEMA, document, None, None, None, None, oracle.resolve, oracle.type_of
        )  # fmt: skip
        outcomes.append((outcome, waits, sorted(oracle.calls)))
    assert executor.counts.handed_over == before
    assert outcomes[1] == outcomes[0], text
    assert outcomes[2] == outcomes[0], text


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(DOCUMENTS, st.integers(0, 2**40), st.sampled_from((0.0, 0.03)), st.sampled_from((0.0, 0.4)))
def test_they_agree_with_graphql_core(text: str, seed: int, trouble: float, later: float) -> None:
    asyncio.run(compare(text, seed, trouble, later))
