"""What plans keep: bounded, one selection however many fragments lead to it, and gone without the collector."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import Any

import pytest
from graphql import GraphQLSchema, build_schema, parse
from graphql.language import OperationDefinitionNode

from app.core import executor
from app.core.executor import shape as shapes
from app.core.executor.plan import Plan
from app.core.executor.selection import Selection
from app.core.executor.shape import Scope
from app.core.transport import documents
from app.core.transport.documents import Documents
from app.core.transport.request import GraphQLRequest
from app.settings import TransportSettings
from tests.executor.agree import agree
from tests.transport.toy import SCHEMA as TOY

SCHEMA = build_schema(
    """
    interface Named { name: String, other: Named, others: [Named!] }
    type Cat implements Named { name: String, other: Named, others: [Named!], purrs: Boolean! }
    type Query { cat: Cat, named: Named }
    """
)
CAT: dict[str, Any] = {"__typename": "Cat", "name": "Tom", "purrs": True}
CAT["other"], CAT["others"] = CAT, [CAT, CAT]
ROOT = {"cat": CAT, "named": CAT}
LEVELS = "query { cat { ...F0 } } " + " ".join(
    f"fragment F{n} on Named {{ name a: other {{ ...F{n + 1} }} b: other {{ ...F{n + 1} }} }}" for n in range(6)
) + "fragment F6 on Named { name ... on Cat { purrs } }"  # fmt: skip
ASKED = "query($a: Boolean!, $b: Boolean!) { cat { name others { name purrs } other @skip(if: $a) { name } } " \
        "named { __typename other @include(if: $b) { name others { ... on Cat { purrs } } } } }"  # fmt: skip


def plan_of(schema: GraphQLSchema, text: str) -> Plan:
    document = parse(text, no_location=True)  # its tokens know each other
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    plan = executor.make_plan(schema, document, operation)
    assert plan is not None
    return plan


def run(plan: Plan, **variables: bool) -> Any:
    bound = executor.bind(plan, variables, 1, hide_suggestions=True)
    assert not isinstance(bound, list)
    result = bound.execute(ROOT, None)
    assert result.errors is None
    return result.data


@pytest.fixture
def no_collector() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def living(kind: type) -> int:
    return sum(type(one) is kind for one in gc.get_objects())


@pytest.mark.usefixtures("no_collector")
@pytest.mark.parametrize("often", [1000, 1], ids=["looped", "written"])
def test_a_plan_that_nobody_holds_is_gone(monkeypatch: pytest.MonkeyPatch, often: int) -> None:
    monkeypatch.setattr(Selection, "often", often)
    before = living(Scope), living(Selection), shapes._Kept.entries
    plan = plan_of(SCHEMA, ASKED)
    for a in (False, True):
        for b in (False, True):
            run(plan, a=a, b=b)
    assert living(Scope) == before[0] + 4
    assert shapes._Kept.entries > before[2]
    del plan
    assert (living(Scope), living(Selection), shapes._Kept.entries) == before


@pytest.mark.usefixtures("no_collector")
def test_combinations_of_conditions_are_kept_up_to_a_bound() -> None:
    before = living(Scope)
    conditions = " ".join(f"...@skip(if: $v{n}) {{ cat {{ name }} }}" for n in range(6))
    plan = plan_of(SCHEMA, f"query({' '.join(f'$v{n}: Boolean!' for n in range(6))}) {{ {conditions} __typename }}")
    for number in range(64):
        run(plan, **{f"v{n}": bool(number >> n & 1) for n in range(6)})
    assert living(Scope) == before + 16


async def test_fragments_in_fragments_are_compiled_once_each() -> None:
    before = shapes._Kept.entries
    plan = plan_of(SCHEMA, LEVELS)
    run(plan)
    assert shapes._Kept.entries - before < 60, "2 in the power of the levels"
    await agree(SCHEMA, LEVELS, lambda: ROOT)


async def test_past_the_bound_plans_start_over(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = plan_of(SCHEMA, LEVELS)
    first = run(plan)
    for most in (1, 5, 17, shapes._Kept.entries + 10):
        monkeypatch.setattr(shapes, "MOST_ENTRIES", most)
        assert run(plan) == first
        await agree(SCHEMA, ASKED, lambda: ROOT, {"a": False, "b": True})
    monkeypatch.undo()
    other = plan_of(SCHEMA, ASKED)
    monkeypatch.setattr(shapes, "MOST_ENTRIES", shapes._Kept.entries)
    run(other, a=False, b=True)
    assert shapes._Kept.entries < 30
    assert run(plan) == first


def made(limits: TransportSettings | None = None) -> Documents:
    return Documents(TOY, limits or TransportSettings(), introspection=True, hints=False, compiled=True)


async def test_small_documents_are_kept_up_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "_KEPT_BYTES", 100 * documents._TREE_BYTES)
    kept = made()
    for n in range(200):
        await kept.operation(GraphQLRequest(f"{{ a{n}: hello }}", None, {}))
    assert 50 < len(kept._kept) < 100, "they take more than their texts' length"


@pytest.mark.usefixtures("no_collector")
async def test_documents_not_kept_any_more_are_gone() -> None:
    kept = made()
    texts = ["{ hello items(first: 2) { name child { items { name } } } }", "query($a: Int!) { number(value: $a) }"]
    for text in texts:
        operation = await kept.operation(GraphQLRequest(text, None, {}))
        assert operation.plan is not None
        bound = executor.bind(operation.plan, {"a": 1}, 1, hide_suggestions=True)
        assert bound.execute(None, None).errors is None  # type: ignore[union-attr]
    del operation, bound
    gc.collect()  # what validating left
    kept._kept.clear()
    assert gc.collect() == 0
