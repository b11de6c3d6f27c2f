"""Variables of an operation: coerced by functions made once. What they don't know goes to graphql-core, which also
says what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from graphql import (
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLSchema,
    GraphQLString,
    VariableDefinitionNode,
    is_input_object_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_required_input_field,
)
from graphql.execution.get_variable_signature import get_variable_signature
from graphql.execution.values import VariableValues, VariableValueSource, get_variable_values
from graphql.pyutils import Undefined
from graphql.utilities.coerce_input_value import coerce_default_value

from app.core.executor.arguments import is_unalterable

Coerce = Callable[[Any], Any]
Variables = Callable[[Mapping[str, Any], int, bool], VariableValues | list[GraphQLError]]


class _Unknown(Exception):
    """A value (or type) that only graphql-core knows what to do with."""


class _Variable(NamedTuple):
    name: str
    coerce: Coerce
    required: bool
    default: Any  # Undefined: none
    without: VariableValueSource
    signature: Any


def compile_variables(schema: GraphQLSchema, nodes: Sequence[VariableDefinitionNode]) -> Variables:
    """Coerces raw variables: (values, most errors, hide suggestions) → VariableValues or the errors."""
    try:
        known = [_variable(schema, node) for node in nodes]
    except _Unknown:
        return lambda raw, most, hide: get_variable_values(schema, nodes, dict(raw), most, hide)

    def variables(raw: Mapping[str, Any], most: int, hide: bool) -> VariableValues | list[GraphQLError]:
        sources: dict[str, VariableValueSource] = {}
        coerced: dict[str, Any] = {}
        try:
            for name, coerce, required, default, without, signature in known:
                value = raw.get(name, Undefined)
                if value is not Undefined:
                    sources[name] = VariableValueSource(signature, value)
                    coerced[name] = coerce(value)
                else:
                    sources[name] = without
                    if default is not Undefined:
                        coerced[name] = default
                    elif required:
                        raise _Unknown
        except Exception:
            return get_variable_values(schema, nodes, dict(raw), most, hide)
        return VariableValues(sources, coerced)

    return variables


def _variable(schema: GraphQLSchema, node: VariableDefinitionNode) -> _Variable:
    signature = get_variable_signature(schema, node)
    if isinstance(signature, GraphQLError):
        raise _Unknown
    default = Undefined
    if node.default_value is not None:
        try:
            default = coerce_default_value(signature)
        except TypeError:
            raise _Unknown from None
        if not is_unalterable(default):  # graphql-core makes a new one for each request
            raise _Unknown
    coerce = _compile_input(signature.type, ())
    required = is_non_null_type(signature.type)
    return _Variable(signature.name, coerce, required, default, VariableValueSource(signature), signature)


def _compile_input(type_: GraphQLInputType, around: tuple[str, ...]) -> Coerce:
    """`around`: the input types this one stands in. A type within itself is left to graphql-core, which limits how
    deep its values may be."""
    if is_non_null_type(type_):
        return _required(_compile_input(type_.of_type, around))
    if is_list_type(type_):
        return _list(_compile_input(type_.of_type, around))
    if is_input_object_type(type_):
        if type_.is_one_of or type_.name in around:
            raise _Unknown
        return _object(type_, (*around, type_.name))
    assert is_leaf_type(type_)
    parse = type_.coerce_input_value
    is_text = parse is GraphQLString.coerce_input_value

    def leaf(value: Any) -> Any:
        if value is None or (is_text and type(value) is str):
            return value
        parsed = parse(value)
        if parsed is Undefined:
            raise _Unknown
        return parsed

    return leaf


def _required(coerce: Coerce) -> Coerce:
    def required(value: Any) -> Any:
        if value is None:
            raise _Unknown
        return coerce(value)

    return required


def _list(item: Coerce) -> Coerce:
    def items(value: Any) -> Any:
        if value is None:
            return None
        if type(value) is not list:
            raise _Unknown
        return [item(one) for one in value]

    return items


class _Field(NamedTuple):
    name: str
    out: str
    coerce: Coerce
    default: Any  # Undefined: none
    required: bool


def _object(type_: GraphQLInputObjectType, around: tuple[str, ...]) -> Coerce:
    fields = [_field(name, field, around) for name, field in type_.fields.items()]
    finish = type_.out_type

    def input_object(value: Any) -> Any:
        if value is None:
            return None
        if type(value) is not dict:
            raise _Unknown
        known = 0
        coerced: dict[str, Any] = {}
        for name, out, coerce, default, required in fields:
            if name in value:
                known += 1
                coerced[out] = coerce(value[name])
            elif default is not Undefined:
                coerced[out] = default
            elif required:
                raise _Unknown
        if known != len(value):
            raise _Unknown
        return finish(coerced)

    return input_object


def _field(name: str, field: Any, around: tuple[str, ...]) -> _Field:
    try:
        default = coerce_default_value(field)
    except TypeError:
        raise _Unknown from None
    return _Field(
        name, field.out_name or name, _compile_input(field.type, around), default, is_required_input_field(field)
    )
