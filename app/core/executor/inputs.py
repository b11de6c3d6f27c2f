"""Strawberry's conversion of arguments, by type: input objects become their dataclasses, the rest stays."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from strawberry.relay.types import GlobalID
from strawberry.schema.compat import is_scalar
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.base import StrawberryList, StrawberryMaybe, StrawberryOptional, has_object_definition
from strawberry.types.enum import StrawberryEnumDefinition, has_enum_definition
from strawberry.types.lazy_type import LazyType
from strawberry.types.unset import UNSET

Convert = Callable[[Any], Any]


class UnknownInput(Exception):
    """A type that only Strawberry's own convert_argument can convert."""


def compile_input(type_: Any, converter: GraphQLCoreConverter, around: tuple[Any, ...] = ()) -> Convert | None:
    """What convert_argument does to values of a type; None: it hands them on. Raises UnknownInput."""
    if isinstance(type_, StrawberryMaybe) or type_ is GlobalID:
        raise UnknownInput
    if isinstance(type_, StrawberryOptional):
        return compile_input(type_.of_type, converter, around)
    if isinstance(type_, LazyType):
        return compile_input(type_.resolve_type(), converter, around)
    if isinstance(type_, StrawberryList):
        return _list(compile_input(type_.of_type, converter, around))
    if isinstance(type_, StrawberryEnumDefinition) or is_scalar(type_, converter.scalar_registry):
        return None
    if has_enum_definition(type_):
        return None
    if has_object_definition(type_) and type_ not in around:
        return _object(type_, converter, (*around, type_))
    raise UnknownInput


def _list(item: Convert | None) -> Convert:
    def items(value: Any) -> Any:
        if value is None or value is UNSET:
            return value
        return list(value) if item is None else [item(one) for one in value]

    return items


def _object(type_: Any, converter: GraphQLCoreConverter, around: tuple[Any, ...]) -> Convert:
    definition = type_.__strawberry_definition__
    if definition.from_input is not None:
        raise UnknownInput
    missing = dataclasses.MISSING
    nulls = {
        field.python_name: None
        for field in definition.fields
        if definition.is_input and field.default_value is missing and field.default_factory is missing
    }
    fields = [
        (
            converter.config.name_converter.from_field(field),
            field.python_name,
            compile_input(field.resolve_type(type_definition=definition), converter, around),
        )
        for field in definition.fields
    ]

    def convert(value: Any) -> Any:
        if value is None or value is UNSET:
            return value
        given: dict[str, Any] = {**nulls}
        for name, python_name, inner in fields:
            if name in value:
                given[python_name] = value[name] if inner is None else inner(value[name])
        return type_(**given)

    return convert
