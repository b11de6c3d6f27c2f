"""One field of a selection: how its value is got, and what becomes of values that are not simply the answer."""

from __future__ import annotations

from asyncio import Future
from collections.abc import Callable, Set
from dataclasses import dataclass
from types import CoroutineType
from typing import TYPE_CHECKING, Any

from graphql import TypeNameMetaFieldDef
from graphql.pyutils import gather_with_cancel

from app.core.executor.loads import Cell
from app.core.executor.promises import Pending
from app.core.executor.run import Complete, Resolve, Run, Site, Trail, is_later
from app.core.executor.waiting import guarded, wait_for

if TYPE_CHECKING:
    from app.core.executor.selection import Selection

JSON = frozenset((str, int, float, bool))


@dataclass(slots=True, frozen=True, eq=False)
class Entry:
    """How one field of a selection is executed."""

    key: str
    attribute: str | None  # read this; None: call `resolve`
    resolve: Resolve
    exact: type | None  # a value of exactly this class is its own result
    fine: Set[type]  # a value of one of these classes has to be coerced, no more
    coerce: Callable[[Any], Any] | None
    complete: Complete
    selection: Selection | None  # of a field whose type is an object type
    site: Site
    required: bool  # null is not allowed

    @property
    def constant(self) -> str | None:
        """What the field always is: a __typename."""
        return self.site.parent_type.name if self.site.declared is TypeNameMetaFieldDef else None


def settle_field(
    run: Run, entry: Entry, value: Any, trail: Trail | None, results: dict[str, Any], waiting: list[str] | None
) -> list[str] | None:
    """Puts what a value becomes into `results`, at once or when it is there, where null stands until then. Returns the
    keys of coroutines in `results`, None for none. Raises what the field must report."""
    key, complete, site = entry.key, entry.complete, entry.site
    kind = type(value)
    if kind in entry.fine and type(done := entry.coerce(value)) in JSON:  # type: ignore[misc]
        results[key] = done
        return waiting
    place: Trail = (trail, key, site)
    if kind is Pending:
        value.promise(run, complete, site, place, results, key, entry.required)
        return waiting
    if kind is Cell:
        value.promise(complete, results, key, place)
        return waiting
    if is_later(value):
        if not isinstance(value, Future) or not value.done() or value.cancelled():
            results[key] = wait_for(run, value, complete, site, place, entry.required)
            return [key] if waiting is None else [*waiting, key]
        value = value.result()  # a loader that knew the answer: no task for that
    return keep_field(run, entry, complete(run, value, place), trail, results, waiting)


def keep_field(
    run: Run, entry: Entry, done: Any, trail: Trail | None, results: dict[str, Any], waiting: list[str] | None
) -> list[str] | None:
    """The same for a completed value."""
    key, site = entry.key, entry.site
    if type(done) is not CoroutineType:
        results[key] = done
        return waiting
    results[key] = guarded(run, done, site, (trail, key, site), entry.required)
    return [key] if waiting is None else [*waiting, key]


def fail_field(run: Run, raw: Exception, entry: Entry, trail: Trail | None) -> None:
    """Reports what a field raised; its result stays null. Raises it where null is not allowed."""
    run.fail(raw, entry.site, (trail, entry.key, entry.site), required=entry.required)


async def gathered(results: dict[str, Any], waiting: list[str]) -> dict[str, Any]:
    """The answer's object, when all its fields are there."""
    if len(waiting) == 1:
        key = waiting[0]
        results[key] = await results[key]
        return results
    done = await gather_with_cancel(*(results[key] for key in waiting))
    results.update(zip(waiting, done, strict=True))
    return results
