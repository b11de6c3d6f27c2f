"""execute(): in place of graphql-core's, for any schema; and binding variables for who keeps the plans itself."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

import graphql
from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    assert_valid_schema,
)
from graphql.execution.executor import Executor

from app.core.executor.bound import Bound, ByGraphQLCore, ByPlan
from app.core.executor.plan import NotCompiledError, Plan, operation_of

_PLANS = 256  # kept by execute(); the transport's live with its documents


class Counts:
    """What /metrics shows. One for the process."""

    handed_over = 0  # operations that graphql-core had to execute, though plans are on


counts = Counts()
_plans: OrderedDict[tuple[Any, ...], tuple[Plan | None, Any]] = OrderedDict()


def execute(
    schema: GraphQLSchema,
    document: DocumentNode,
    root_value: Any = None,
    context_value: Any = None,
    variable_values: dict[str, Any] | None = None,
    operation_name: str | None = None,
    field_resolver: Any = None,
    type_resolver: Any = None,
    subscribe_field_resolver: Any = None,
    max_coercion_errors: int = 50,
    hide_suggestions: bool = False,
    **others: Any,
) -> Any:
    """As graphql.execute: an ExecutionResult, or an awaitable of one. Its other options (middleware, abort_signal,
    hooks, executor_class …) are graphql-core's to honour."""
    plan = None
    if not any(value is not None for value in others.values()):
        assert_valid_schema(schema)
        plan = _plan(schema, document, operation_name, field_resolver, type_resolver)
    if plan is not None:
        try:
            bound = bind(plan, variable_values or {}, max_coercion_errors, hide_suggestions=hide_suggestions)
        except NotCompiledError:
            pass
        else:
            return ExecutionResult(None, bound) if isinstance(bound, list) else bound.execute(root_value, context_value)
    counts.handed_over += 1
    return graphql.execute(
        schema, document, root_value, context_value, variable_values, operation_name, field_resolver, type_resolver,
        subscribe_field_resolver, max_coercion_errors, hide_suggestions=hide_suggestions, **others,
    )  # fmt: skip


def bind(
    plan: Plan, variables: Mapping[str, Any], max_errors: int, *, hide_suggestions: bool
) -> Bound | list[GraphQLError]:
    """A plan with these raw variables, or what is wrong with them. Raises NotCompiledError."""
    values = plan.variables(variables, max_errors, hide_suggestions)
    if isinstance(values, list):
        return values
    return ByPlan(plan.shape(values), values, hide_suggestions=hide_suggestions)


def bind_to_graphql_core(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation_name: str | None,
    variables: Mapping[str, Any],
    max_errors: int,
    *,
    hide_suggestions: bool,
) -> Bound | list[GraphQLError]:
    """The same without a plan."""
    executor = Executor.build(
        schema,
        document,
        raw_variable_values=dict(variables),
        operation_name=operation_name,
        max_coercion_errors=max_errors,
        hide_suggestions=hide_suggestions,
    )
    return executor if isinstance(executor, list) else ByGraphQLCore(executor)


def make_plan(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    field_resolver: Any = None,
    type_resolver: Any = None,
) -> Plan | None:
    """The plan of an operation of a valid document; None: graphql-core must execute it."""
    try:
        return Plan(schema, document, operation, field_resolver, type_resolver)
    except NotCompiledError:
        return None


def _plan(
    schema: GraphQLSchema, document: DocumentNode, name: str | None, field_resolver: Any, type_resolver: Any
) -> Plan | None:  # fmt: skip
    used = (schema, document, field_resolver, type_resolver)
    key = (name, *(id(one) for one in used))
    kept = _plans.get(key)
    if kept is not None:
        _plans.move_to_end(key)
        return kept[0]
    plan = None
    operation = operation_of(document, name)
    if operation is not None and not (schema.get_directive("defer") or schema.get_directive("stream")):
        plan = make_plan(schema, document, operation, field_resolver, type_resolver)
    _plans[key] = plan, used  # kept, so that their ids are not used again
    if len(_plans) > _PLANS:
        _plans.popitem(last=False)
    return plan
