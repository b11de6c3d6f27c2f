"""The fields of a selection set on one object type: found once, executed for every object."""

from __future__ import annotations

from asyncio import Future
from collections.abc import Callable
from types import CoroutineType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from graphql import GraphQLObjectType, is_non_null_type
from graphql.execution.collect_fields import FieldDetails, GroupedFieldSet
from graphql.pyutils import gather_with_cancel

from app.core.executor.fields import compile_field
from app.core.executor.leaves import exact_type
from app.core.executor.promises import Pending
from app.core.executor.run import Complete, Resolve, Run, Site, Trail, is_later
from app.core.executor.values import compile_value
from app.core.executor.waiting import guarded, wait_for

if TYPE_CHECKING:
    from app.core.executor.plan import Shape

Select: TypeAlias = Callable[[Run, Any, "Trail | None"], Any]


class Entry(NamedTuple):
    """How one field of a selection is executed. A NamedTuple because it is unpacked for every field of every object."""

    key: str
    attribute: str | None  # read this; None: call `resolve`
    exact: type | None  # a value of exactly this class is its own result
    resolve: Resolve
    complete: Complete
    site: Site
    required: bool  # null is not allowed


def compile_selection(shape: Shape, parent: GraphQLObjectType, details: list[FieldDetails]) -> Select:
    """Executes the sub-selections of these fields on an object of `parent`; they are looked at when first needed."""
    entries: tuple[Entry, ...] | None = None
    name = parent.name

    def select(run: Run, source: Any, trail: Trail | None) -> Any:
        nonlocal entries
        if entries is None:
            entries = compile_entries(shape, parent, shape.subfields(parent, details))
        return execute_fields(run, source, trail, name, entries)

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
        complete = compile_value(shape, site, declared.type)
        required = is_non_null_type(declared.type)
        entries.append(Entry(key, attribute, exact_type(declared.type), resolve, complete, site, required))
    return tuple(entries)


def execute_fields(run: Run, source: Any, trail: Trail | None, parent: str, entries: tuple[Entry, ...]) -> Any:
    """The answer's object; a coroutine of it when a field has to be waited for. Raises what leaves no place for null.

    One loop with everything in it: this is where an execution spends its time.
    """
    results: dict[str, Any] = {}
    waiting: list[str] | None = None
    try:
        for key, attribute, exact, resolve, complete, site, required in entries:
            place: Trail = (trail, key, parent)
            try:
                if attribute is None:
                    value = resolve(run, source, place)
                    if type(value) is exact:
                        results[key] = value
                        continue
                else:
                    value = getattr(source, attribute)
                    if type(value) is exact:
                        results[key] = value
                        continue
                if is_later(value):
                    if type(value) is Pending and not required:
                        value.promise(run, complete, site, place, results, key)
                        continue
                    if type(value) is not Future or not value.done() or value.cancelled():
                        results[key] = wait_for(run, value, complete, site, place, required)
                        waiting = [key] if waiting is None else [*waiting, key]
                        continue
                    value = value.result()  # a loader that knew the answer: no task for that
                done = complete(run, value, place)
                if type(done) is CoroutineType:
                    done = guarded(run, done, site, place, required)
                    waiting = [key] if waiting is None else [*waiting, key]
            except Exception as raw:
                run.fail(raw, site, place, required=required)
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
