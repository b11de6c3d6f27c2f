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
from strawberry.types.cast import get_strawberry_type_cast

from app.core.executor.cells import cells, is_made_by
from app.core.executor.kinds import ignores_info, strawberry_name
from app.core.executor.leaves import compile_leaf
from app.core.executor.lists import compile_list
from app.core.executor.run import Complete, Run, Site, Trail, field_trail, is_later, is_plain

if TYPE_CHECKING:
    from app.core.executor.selection import Selection
    from app.core.executor.shape import Scope

_CLASSES = 32


def compile_value(scope: Scope, site: Site, type_: GraphQLOutputType) -> tuple[Complete, Selection | None]:
    """The completion of values of this type, and what is selected of an object type. The function returns the result,
    or a coroutine of it, and raises what the field or item must report."""
    required = is_non_null_type(type_)
    inner: Any = type_.of_type if is_non_null_type(type_) else type_
    null = null_message(site)
    if is_leaf_type(inner):
        return compile_leaf(inner, null if required else None).complete, None
    selection: Selection | None = None
    if is_list_type(inner):
        item, of_item = compile_value(scope, site, inner.of_type)
        complete = compile_list(site, inner, item, of_item, classes_of(item))
    elif is_abstract_type(inner):
        complete = _abstract(scope, site, inner)
    else:
        complete, selection = _object(scope, site, inner)

    def complete_value(run: Run, value: Any, trail: Trail) -> Any:
        if value is None or value is Undefined:
            if required:
                raise TypeError(null)
            return None
        if isinstance(value, Exception):
            raise value
        return complete(run, value, trail)

    return complete_value, selection


def classes_of(complete: Complete) -> dict[type, Selection] | None:
    """Of the completion of an interface or union: what is selected on objects of a class, for those it has met that are
    neither awaited nor, unless cast, of any other type. None for other types."""
    inner = cells(complete).get("complete") if is_made_by(complete, compile_value) else None
    return cells(inner)["by_class"] if inner is not None and is_made_by(inner, _abstract) else None


def null_message(site: Site) -> str:
    """What graphql-core says where null is not allowed."""
    return f"Cannot return null for non-nullable field {site.parent_type}.{site.field_name}."


# ── objects ───────────────────────────────────────────────────────────────────────────────────────


def _object(scope: Scope, site: Site, type_: GraphQLObjectType) -> tuple[Complete, Selection]:
    selection = scope.select(type_, site.details)
    is_type_of = type_.is_type_of
    if is_type_of is None:
        return _any(selection), selection
    needs_info = not ignores_info(is_type_of)
    known: set[type] = set()  # classes whose objects fit, unless cast

    def complete_object(run: Run, value: Any, trail: Trail) -> Any:
        if type(value) in known and get_strawberry_type_cast(value) is None:
            return selection.execute(run, value, trail)
        info = site.info(run, field_trail(trail)) if needs_info else cast(Any, None)
        fits = is_type_of(value, info)
        if is_later(fits):
            return _select_if(run, value, trail, cast(Awaitable[bool], fits))
        if not fits:
            raise _wrong_type(type_, value, site)
        kind = type(value)
        if not needs_info and len(known) < _CLASSES and is_plain(kind) and get_strawberry_type_cast(value) is None:
            known.add(kind)
            selection.kind = selection.kind or kind
        return selection.execute(run, value, trail)

    async def _select_if(run: Run, value: Any, trail: Trail, fits: Awaitable[bool]) -> Any:
        if not await fits:
            raise _wrong_type(type_, value, site)
        done = selection.execute(run, value, trail)
        return await done if type(done) is CoroutineType else done

    return complete_object, selection


def _any(selection: Selection) -> Complete:
    def complete_any(run: Run, value: Any, trail: Trail) -> Any:
        if selection.kind is None and is_plain(type(value)):
            selection.kind = type(value)
        return selection.execute(run, value, trail)

    return complete_any


def _wrong_type(type_: GraphQLObjectType, value: Any, site: Site) -> GraphQLError:
    return GraphQLError(f"Expected value of type '{type_}' but got: {inspect(value)}.", site.nodes)


# ── interfaces and unions ─────────────────────────────────────────────────────────────────────────


def _abstract(scope: Scope, site: Site, type_: GraphQLAbstractType) -> Complete:
    resolve_type = type_.resolve_type or scope.type_resolver
    name_of = strawberry_name(resolve_type)
    known: dict[str, tuple[Complete, Selection]] = {}
    by_class: dict[type, Selection] = {}  # where the class alone decides

    def complete_as(name: Any, value: Any) -> tuple[Complete, Selection]:
        if type(name) is str and name in known:
            return known[name]
        # graphql-core's own check and messages: of the executor it reads `schema`, of `info` the two names of a Site.
        found = Executor.ensure_valid_runtime_type(cast(Any, scope), name, type_, site.details, cast(Any, site), value)
        known[found.name] = _object(scope, site, found)
        return known[found.name]

    def complete_abstract(run: Run, value: Any, trail: Trail) -> Any:
        selection = by_class.get(type(value))
        if selection is not None and get_strawberry_type_cast(value) is None:
            return selection.execute(run, value, trail)
        name: Any = name_of(value) if name_of else None
        if name is not None:
            complete, selection = complete_as(name, value)
            done = complete(run, value, trail)
            if selection.kind is type(value):
                by_class[type(value)] = selection
            return done
        name = resolve_type(value, site.info(run, field_trail(trail)), type_)
        if is_later(name):
            return _complete_later(run, value, trail, cast(Awaitable[str], name))
        return complete_as(name, value)[0](run, value, trail)

    async def _complete_later(run: Run, value: Any, trail: Trail, name: Awaitable[str]) -> Any:
        done = complete_as(await name, value)[0](run, value, trail)
        return await done if type(done) is CoroutineType else done

    return complete_abstract
