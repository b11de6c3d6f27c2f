"""From what a resolver returned to what the answer holds, by type: leaves, objects, interfaces and unions."""

from __future__ import annotations

from collections.abc import Awaitable
from types import CoroutineType
from typing import TYPE_CHECKING, Any, cast

from graphql import (
    GraphQLAbstractType,
    GraphQLError,
    GraphQLObjectType,
    GraphQLOutputType,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)
from graphql.execution.executor import Executor
from graphql.pyutils import Undefined, inspect
from strawberry.types.cast import TYPE_CAST_ATTRIBUTE, get_strawberry_type_cast

from app.core.executor.kinds import ignores_info, strawberry_name
from app.core.executor.leaves import compile_leaf
from app.core.executor.lists import compile_list
from app.core.executor.run import Complete, Run, Site, Trail, field_trail, is_later

if TYPE_CHECKING:
    from app.core.executor.plan import Shape

_CLASSES = 32


def compile_value(shape: Shape, site: Site, type_: GraphQLOutputType) -> Complete:
    """The completion of values of this type. The function returns the result, or a coroutine of it, and raises what
    the field or item must report."""
    required = is_non_null_type(type_)
    inner: Any = type_.of_type if is_non_null_type(type_) else type_
    null = null_message(site)
    if is_leaf_type(inner):
        return compile_leaf(inner, null if required else None).complete
    if is_list_type(inner):
        complete = compile_list(site, inner, compile_value(shape, site, inner.of_type))
    elif is_abstract_type(inner):
        complete = _abstract(shape, site, inner)
    else:
        complete = _object(shape, site, inner)

    def complete_value(run: Run, value: Any, trail: Trail) -> Any:
        if value is None or value is Undefined:
            if required:
                raise TypeError(null)
            return None
        if isinstance(value, Exception):
            raise value
        return complete(run, value, trail)

    return complete_value


def null_message(site: Site) -> str:
    """What graphql-core says where null is not allowed."""
    return f"Cannot return null for non-nullable field {site.parent_type}.{site.field_name}."


# ── objects ───────────────────────────────────────────────────────────────────────────────────────


def _object(shape: Shape, site: Site, type_: GraphQLObjectType) -> Complete:
    select = shape.select(type_, site.details)
    is_type_of = type_.is_type_of
    if is_type_of is None:
        return select
    needs_info = not ignores_info(is_type_of)
    known: set[type] = set()  # classes whose objects fit, unless cast

    def complete_object(run: Run, value: Any, trail: Trail) -> Any:
        if type(value) in known and TYPE_CAST_ATTRIBUTE not in value.__dict__:
            return select(run, value, trail)
        info = site.info(run, field_trail(trail)) if needs_info else cast(Any, None)
        fits = is_type_of(value, info)
        if is_later(fits):
            return _select_if(run, value, trail, cast(Awaitable[bool], fits))
        if not fits:
            raise _wrong_type(type_, value, site)
        if not needs_info and len(known) < _CLASSES and is_uncast(value):
            known.add(type(value))
        return select(run, value, trail)

    async def _select_if(run: Run, value: Any, trail: Trail, fits: Awaitable[bool]) -> Any:
        if not await fits:
            raise _wrong_type(type_, value, site)
        done = select(run, value, trail)
        return await done if type(done) is CoroutineType else done

    return complete_object


def is_uncast(value: Any) -> bool:
    """Whether only the class of an object says what type it has: strawberry.cast would leave a mark in its dict."""
    return hasattr(value, "__dict__") and get_strawberry_type_cast(value) is None


def _wrong_type(type_: GraphQLObjectType, value: Any, site: Site) -> GraphQLError:
    return GraphQLError(f"Expected value of type '{type_}' but got: {inspect(value)}.", site.nodes)


# ── interfaces and unions ─────────────────────────────────────────────────────────────────────────


def _abstract(shape: Shape, site: Site, type_: GraphQLAbstractType) -> Complete:
    resolve_type = type_.resolve_type or shape.plan.type_resolver
    name_of = strawberry_name(resolve_type)
    known: dict[str, Complete] = {}

    def complete_as(name: Any, value: Any) -> Complete:
        if type(name) is str and name in known:
            return known[name]
        # graphql-core's own check and messages: of the executor it reads `schema`, of `info` the two names of a Site.
        found = Executor.ensure_valid_runtime_type(
            cast(Any, shape.plan), name, type_, site.details, cast(Any, site), value
        )
        known[found.name] = _object(shape, site, found)
        return known[found.name]

    def complete_abstract(run: Run, value: Any, trail: Trail) -> Any:
        name: Any = name_of(value) if name_of else None
        if name is None:
            name = resolve_type(value, site.info(run, field_trail(trail)), type_)
        if is_later(name):
            return _complete_later(run, value, trail, cast(Awaitable[str], name))
        return complete_as(name, value)(run, value, trail)

    async def _complete_later(run: Run, value: Any, trail: Trail, name: Awaitable[str]) -> Any:
        done = complete_as(await name, value)(run, value, trail)
        return await done if type(done) is CoroutineType else done

    return complete_abstract
