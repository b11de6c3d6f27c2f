"""Scalars and enums: values that become themselves, members' names looked up once, everything else by its type."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from graphql import GraphQLBoolean, GraphQLID, GraphQLLeafType, GraphQLScalarType, GraphQLString, is_non_null_type
from graphql.pyutils import Undefined, inspect
from strawberry.schema.schema_converter import CustomGraphQLEnumType

from app.core.executor.run import Complete, Run, Trail, is_later, is_plain

_UNCHANGED: dict[Any, type] = {
    GraphQLString.coerce_output_value: str,
    GraphQLID.coerce_output_value: str,
    GraphQLBoolean.coerce_output_value: bool,
    str: str,
}
_CLASSES = 32


def exact_type(type_: Any) -> type | None:
    """The class whose objects a leaf type (or a non-null one) gives out unchanged; None: it has none."""
    inner = type_.of_type if is_non_null_type(type_) else type_
    if type(inner) is not GraphQLScalarType:
        return None
    try:
        return _UNCHANGED.get(inner.coerce_output_value)
    except TypeError:  # a callable that can't be hashed
        return None


class Leaf(NamedTuple):
    """How values of a leaf type are coerced. `fine`: classes of values that were neither null, nor errors, nor to be
    waited for; of those nothing but `coerce` is asked. It fills itself."""

    complete: Complete
    coerce: Callable[[Any], Any]
    fine: set[type]


def compile_leaf(type_: GraphQLLeafType, null: str | None) -> Leaf:
    """The completion of a leaf. `null`: what to say where null is not allowed, else None."""
    fine: set[type] = set()
    coerce: Callable[[Any], Any] = type_.coerce_output_value
    if type(type_) is CustomGraphQLEnumType:
        coerce = MemberNames(type_)

    def complete_leaf(_run: Run, value: Any, _trail: Trail) -> Any:
        if value is None or value is Undefined:
            if null is not None:
                raise TypeError(null)
            return None
        if isinstance(value, Exception):
            raise value
        coerced = coerce(value)
        if len(fine) < _CLASSES and is_plain(type(value)):
            fine.add(type(value))
        if coerced is None or coerced is Undefined:
            raise TypeError(
                f"Expected `{inspect(type_)}.coerce_output_value({inspect(value)})` to return non-nullable value,"
                f" returned: {inspect(coerced)}"
            )
        return _awaited(coerced) if is_later(coerced) else coerced

    return Leaf(complete_leaf, coerce, fine)


class MemberNames:
    """Strawberry looks through all members for each value; a member's name never changes, so look it up once."""

    __slots__ = ("_coerce", "_members", "names")

    def __init__(self, type_: CustomGraphQLEnumType) -> None:
        self._coerce: Callable[[Any], Any] = type_.coerce_output_value
        self._members: list[Any] = [*type_.wrapped_cls]  # kept, so that their ids are not used again
        self.names = {id(one): self._coerce(one) for one in self._members}  # by identity: their hash is Python code

    def __call__(self, value: Any) -> Any:
        return self.names.get(id(value)) or self._coerce(value)


async def _awaited(value: Awaitable[Any]) -> Any:
    return await value
