"""Arguments of a field: constants coerced once, variables looked up, anything else left to graphql-core each time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any, NamedTuple
from uuid import UUID

from graphql import (
    ArgumentNode,
    FieldNode,
    GraphQLArgument,
    GraphQLField,
    ValueNode,
    VariableNode,
    is_non_null_type,
    is_required_argument,
)
from graphql.execution.values import coerce_argument
from graphql.language import ListValueNode, ObjectValueNode
from graphql.pyutils import Undefined
from graphql.utilities.coerce_input_value import coerce_default_value, coerce_input_literal

from app.core.executor.run import Run

Arguments = Callable[[Run], dict[str, Any]]

_ABSENT = object()
_UNALTERABLE = (str, int, float, bool, bytes, type(None), UUID, datetime, date, time, Decimal, Enum)


class _Step(NamedTuple):
    """How one argument gets its value."""

    name: str  # of the resolver's parameter
    constant: Any  # if no variable is named
    variable: str | None
    required: bool  # null is not allowed
    otherwise: Any  # without a value of the variable; _ABSENT: leave the argument out
    coerce: Callable[[dict[str, Any], Run], None]  # graphql-core's way: it raises what there is to raise


def compile_arguments(declared: GraphQLField, node: FieldNode) -> Arguments | None:
    """The arguments of a field as its resolver takes them; None: there are none. The function raises GraphQLError."""
    if not declared.args:
        return None
    given = {argument.name.value: argument for argument in node.arguments or ()}
    steps = [_step(name, argument, given.get(name), node) for name, argument in declared.args.items()]
    if all(step.variable is None and step.constant is not Undefined for step in steps):
        constants = {step.name: step.constant for step in steps if step.constant is not _ABSENT}
        return lambda _run: constants  # callers hand it on with **, which copies

    def arguments(run: Run) -> dict[str, Any]:
        values: dict[str, Any] = {}
        coerced = run.coerced
        for name, constant, variable, required, otherwise, coerce in steps:
            if variable is None:
                value = constant
            else:
                value = coerced.get(variable, otherwise)
                if value is None and required:
                    value = Undefined
            if value is Undefined:
                coerce(values, run)
            elif value is not _ABSENT:
                values[name] = value
        return values

    return arguments


def _step(name: str, declared: GraphQLArgument, given: ArgumentNode | None, node: FieldNode) -> _Step:
    def coerce(values: dict[str, Any], run: Run) -> None:
        coerce_argument(values, node, name, declared, given, run.variables, None, run.hide_suggestions)

    out = declared.out_name or name
    required = is_non_null_type(declared.type)
    if given is None:
        constant = Undefined if is_required_argument(declared) else _default(declared)
        return _Step(out, constant, None, required, _ABSENT, coerce)
    if isinstance(given.value, VariableNode):
        otherwise = Undefined if is_required_argument(declared) else _default(declared)
        return _Step(out, Undefined, given.value.name.value, required, otherwise, coerce)
    return _Step(out, _constant(given.value, declared), None, required, _ABSENT, coerce)


def _default(declared: GraphQLArgument) -> Any:
    try:
        value = coerce_default_value(declared)
    except TypeError:
        return Undefined
    return _ABSENT if value is Undefined else value


def _constant(node: ValueNode, declared: GraphQLArgument) -> Any:
    """The value of a literal; Undefined: it must be coerced each time, as a resolver could alter it, or it is wrong."""
    if has_variables(node):
        return Undefined
    value = coerce_input_literal(node, declared.type)
    return value if isinstance(value, _UNALTERABLE) else Undefined


def has_variables(node: ValueNode) -> bool:
    """Whether a literal holds variables."""
    if isinstance(node, ListValueNode):
        return any(has_variables(item) for item in node.values)
    if isinstance(node, ObjectValueNode):
        return any(has_variables(field.value) for field in node.fields)
    return isinstance(node, VariableNode)


def is_unalterable(value: Any) -> bool:
    """Whether executions may share this value: nothing can be put into it."""
    return isinstance(value, _UNALTERABLE)
