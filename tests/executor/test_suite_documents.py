"""Every operation document the tests hold, executed on Parley's schema with made-up data by both executors."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import graphql
import pytest
from graphql import DocumentNode, GraphQLError, build_schema, parse, type_from_ast, validate

from app.core import executor
from app.schema import sdl
from tests.executor.agree import LEFT_BEHIND, run
from tests.executor.worlds import Oracle, random_input

TESTS = Path(__file__).parents[1]
SCHEMA = build_schema(sdl())
pytestmark = LEFT_BEHIND


def _texts(path: Path) -> Iterator[str]:
    """The string constants of a file, and those put together from its own constants."""
    tree = ast.parse(path.read_text())
    known: dict[str, str] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            text = _text(node.value, known)
            if text is not None:
                known[node.targets[0].id] = text
    yield from known.values()
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant | ast.JoinedStr) and (text := _text(node, known)):
            yield text


def _text(node: ast.expr, known: dict[str, str]) -> str | None:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.Name):
        return known.get(node.id)
    if isinstance(node, ast.FormattedValue):
        return _text(node.value, known)
    if isinstance(node, ast.JoinedStr):
        parts = [_text(part, known) for part in node.values]
        return None if None in parts else "".join(part or "" for part in parts)
    return None


def _documents() -> dict[str, DocumentNode]:
    found: dict[str, DocumentNode] = {}
    for path in sorted(TESTS.rglob("*.py")):
        for text in _texts(path):
            if "{" in text and text not in found:
                try:
                    document = parse(text)
                except GraphQLError:
                    continue
                if not validate(SCHEMA, document) and _operations(document):
                    found[text] = document
    return found


def _operations(document: DocumentNode) -> list[graphql.OperationDefinitionNode]:
    return [node for node in document.definitions if isinstance(node, graphql.OperationDefinitionNode)]


DOCUMENTS = _documents()


def test_there_are_many():
    assert len(DOCUMENTS) > 100


@pytest.mark.parametrize("trouble", [0.0, 0.05])
async def test_both_executors_agree(trouble: float):
    for text, document in DOCUMENTS.items():
        for operation in _operations(document):
            name = operation.name.value if operation.name else None
            random = Random(text)
            variables: dict[str, Any] = {
                node.variable.name.value: random_input(random, type_from_ast(SCHEMA, node.type))
                for node in operation.variable_definitions or ()
                if node.default_value is None
            }
            outcomes = []
            for execute in (graphql.execute, executor.execute):
                oracle = Oracle(SCHEMA, len(text), trouble=trouble, later=0.3)
                outcome = await run(
                    execute, SCHEMA, document, None, None, variables, name, oracle.resolve, oracle.type_of
                )
                outcomes.append((outcome, sorted(oracle.calls)))
            assert outcomes[0] == outcomes[1], text
