"""Running an operation through graphql-core and through the compiled executor, and comparing all that can be seen."""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import Callable, Mapping
from typing import Any

import graphql
import pytest
from graphql import DocumentNode, ExecutionResult, GraphQLSchema

from app.core import executor

# graphql-core too leaves coroutines behind that stood inside of what an error cancelled before it began.
LEFT_BEHIND = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning", "ignore::RuntimeWarning"
)  # fmt: skip


def seen(result: ExecutionResult) -> dict[str, Any]:
    """What a client (and a log) can see of a result, the order of keys and errors included."""
    errors = [
        {
            "message": error.message,
            "path": error.path,
            "locations": [(place.line, place.column) for place in error.locations or ()],
            "cause": type(error.original_error).__name__,
            "extensions": error.extensions,
        }
        for error in result.errors or ()
    ]
    return {"data": json.dumps(result.data, default=repr), "errors": errors, "none": result.errors is None}


async def run(execute: Callable[..., Any], *args: Any, **options: Any) -> tuple[dict[str, Any], bool]:
    """What is seen of an execution, and whether it had to be awaited."""
    result = execute(*args, **options)
    waits = inspect.isawaitable(result)
    if waits:
        result = await asyncio.wait_for(result, 10)
    await asyncio.sleep(0)
    return seen(result), waits


async def agree(
    schema: GraphQLSchema,
    document: DocumentNode | str,
    root: Callable[[], Any] = lambda: None,
    variables: Mapping[str, Any] | None = None,
    *,
    compiled: bool = True,
    **options: Any,
) -> dict[str, Any]:
    """Executes twice with graphql-core and twice with ours (a plan is used again), each with a fresh root; all must be
    the same. `compiled`: also that it was ours which executed."""
    if isinstance(document, str):
        document = graphql.parse(document)
    expected, waits = await run(graphql.execute, schema, document, root(), variable_values=variables, **options)
    before = executor.counts.handed_over
    for _ in range(2):
        found, waited = await run(executor.execute, schema, document, root(), variable_values=variables, **options)
        assert found == expected, graphql.print_ast(document)
        assert waited == waits
    assert not compiled or executor.counts.handed_over == before, "graphql-core executed it"
    return expected
