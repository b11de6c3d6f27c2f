"""Which object type a value has, where Strawberry decides it: by the value's class, without looking at the schema."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.cast import get_strawberry_type_cast

from app.core.executor.cells import cells, is_made_by

_CLASSES = 1000


def ignores_info(is_type_of: Any) -> bool:
    """Whether Strawberry made this is_type_of: it takes `info` and does not look at it."""
    return is_made_by(is_type_of, GraphQLCoreConverter.from_object)


def strawberry_name(resolve_type: Any) -> Callable[[Any], str | None] | None:
    """What an interface's resolve_type of Strawberry's making answers for its own plain types; None for other values
    (cast, generic, or of foreign classes), which it must see itself. Not a function: somebody else's resolve_type."""
    if not is_made_by(resolve_type, GraphQLCoreConverter.from_interface):
        return None
    interface = cells(resolve_type).get("interface")
    if not isinstance(interface, StrawberryObjectDefinition):
        return None
    origin = interface.origin
    known: dict[type, str | None] = {}

    def name_of(value: Any) -> str | None:
        if get_strawberry_type_cast(value) is not None:
            return None
        kind = type(value)
        if kind not in known:
            if len(known) > _CLASSES:  # classes made on the way
                known.clear()
            definition = getattr(kind, "__strawberry_definition__", None) if issubclass(kind, origin) else None
            plain = isinstance(definition, StrawberryObjectDefinition) and not definition.is_graphql_generic
            known[kind] = definition.name if plain and definition else None
        return known[kind]

    return name_of
