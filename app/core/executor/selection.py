"""The fields of a selection set on one object type: found once, executed for every object."""

from __future__ import annotations

from asyncio import Future
from collections.abc import Callable, Set
from types import CoroutineType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from graphql import GraphQLObjectType, get_nullable_type, is_leaf_type, is_non_null_type
from graphql.execution.collect_fields import FieldDetails, GroupedFieldSet
from graphql.pyutils import gather_with_cancel

from app.core.executor.fields import compile_field
from app.core.executor.leaves import compile_leaf, exact_type
from app.core.executor.loads import Cell
from app.core.executor.promises import Pending
from app.core.executor.run import Complete, Resolve, Run, Site, Trail, is_later
from app.core.executor.values import compile_value, null_message
from app.core.executor.waiting import guarded, wait_for

if TYPE_CHECKING:
    from app.core.executor.plan import Shape

_JSON = frozenset((str, int, float, bool))

Select: TypeAlias = Callable[[Run, Any, "Trail | None"], Any]


class Entry(NamedTuple):
    """How one field of a selection is executed. A NamedTuple because it is unpacked for every field of every object."""

    key: str
    attribute: str | None  # read this; None: call `resolve`
    exact: type | None  # a value of exactly this class is its own result
    fine: Set[type]  # a value of one of these classes has to be coerced, no more
    coerce: Callable[[Any], Any] | None
    resolve: Resolve
    complete: Complete
    site: Site
    required: bool  # null is not allowed


def compile_selection(shape: Shape, parent: GraphQLObjectType, details: list[FieldDetails]) -> Select:
    """Executes the sub-selections of these fields on an object of `parent`; they are looked at when first needed."""
    entries: tuple[Entry, ...] | None = None

    def select(run: Run, source: Any, trail: Trail | None) -> Any:
        nonlocal entries
        if entries is None:
            entries = compile_entries(shape, parent, shape.subfields(parent, details))
        return execute_fields(run, source, trail, entries)

    return select


def compile_entries(shape: Shape, parent: GraphQLObjectType, fields: GroupedFieldSet) -> tuple[Entry, ...]:
    """The entries of collected fields, in the order of the answer. Unknown fields (never validated) are left out."""
    plan = shape.plan
    entries = []
    for key, details in fields.items():
        name = details[0].node.name.value
        declared = plan.schema.get_field(parent, name)
        if declared is None:
            continue
        site = Site(plan, name, declared, parent, details, [detail.node for detail in details])
        attribute, resolve = compile_field(site)
        required = is_non_null_type(declared.type)
        leaf = get_nullable_type(declared.type)
        if is_leaf_type(leaf):
            complete, coerce, fine = compile_leaf(leaf, null_message(site) if required else None)
        else:
            complete, coerce, fine = compile_value(shape, site, declared.type), None, set()
        exact = exact_type(declared.type)
        entries.append(Entry(key, attribute, exact, fine, coerce, resolve, complete, site, required))
    return tuple(entries)


def execute_fields(run: Run, source: Any, trail: Trail | None, entries: tuple[Entry, ...]) -> Any:
    """The answer's object; a coroutine of it when a field has to be waited for. Raises what leaves no place for null.

    One loop with everything in it: this is where an execution spends its time.
    """
    results: dict[str, Any] = {}
    waiting: list[str] | None = None
    try:
        for key, attribute, exact, fine, coerce, resolve, complete, site, required in entries:
            try:
                value = resolve(run, source, (trail, key, site)) if attribute is None else getattr(source, attribute)
                kind = type(value)
                if kind is exact:
                    results[key] = value
                    continue
                if value is None and not required:
                    results[key] = None
                    continue
                if kind in fine and type(done := coerce(value)) in _JSON:  # type: ignore[misc]
                    results[key] = done
                    continue
                place: Trail = (trail, key, site)
                if kind is Cell:
                    value.promise(complete, results, key, place)
                    continue
                if is_later(value):
                    if kind is Pending:
                        value.promise(run, complete, site, place, results, key, required)
                        continue
                    if kind is not Future or not value.done() or value.cancelled():
                        results[key] = wait_for(run, value, complete, site, place, required)
                        waiting = [key] if waiting is None else [*waiting, key]
                        continue
                    value = value.result()  # a loader that knew the answer: no task for that
                done = complete(run, value, place)
                if type(done) is CoroutineType:
                    done = guarded(run, done, site, place, required)
                    waiting = [key] if waiting is None else [*waiting, key]
            except Exception as raw:
                run.fail(raw, site, (trail, key, site), required=required)
                done = None
            results[key] = done
    except Exception:
        if waiting is not None:
            run.settle([results[key] for key in waiting])
        raise
    return results if waiting is None else _gathered(results, waiting)


async def _gathered(results: dict[str, Any], waiting: list[str]) -> dict[str, Any]:
    if len(waiting) == 1:
        key = waiting[0]
        results[key] = await results[key]
        return results
    done = await gather_with_cancel(*(results[key] for key in waiting))
    results.update(zip(waiting, done, strict=True))
    return results
