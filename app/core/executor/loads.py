"""Fields that show what a loader knows under a key: fifty messages of one sender are one object of the answer.

Such a field is described, not programmed. graphql-core runs the resolver made of the description; a plan follows the
load itself, without a coroutine for each field, and completes a loaded value once for all fields that ask for it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import strawberry

from app.core.executor.promises import complete_later
from app.core.executor.run import Complete, Resolve, Run, Site, Trail

_LOADS = "__loads__"
_NONE_YET = object()


class Loads(NamedTuple):
    """A description: the batch function, the key of an object (None: the field is null), what to make of a value."""

    load: Any
    of: Callable[[Any], Any]
    show: Callable[[Any], Any]


def loaded(load: Any, show: Callable[[Any], Any], *, of: Callable[[Any], Any], type: Any) -> Any:
    """The resolver of a nullable field of this `type`: what `show` makes of the value under the key `of(object)`, null
    where there is none. What the type's fields answer without waiting may not depend on anything but the value."""

    async def resolver(self: Any, info: Any) -> Any:
        key = of(self)
        value = None if key is None else await info.context.load(load, key)
        return None if value is None else show(value)

    resolver.__annotations__ = {"self": Any, "info": strawberry.Info, "return": type}
    setattr(resolver, _LOADS, Loads(load, of, show))
    return resolver


def loads_of(resolver: Any) -> Loads | None:
    """The description behind a resolver."""
    return getattr(resolver, _LOADS, None)


def follow_loads(site: Site, loads: Loads) -> Resolve:
    """The value of such a field: null, or the Cell of its key in this execution."""
    load, of, show = loads

    def resolve(run: Run, source: Any, _trail: Trail) -> Any:
        key = of(source)
        if key is None:
            return None
        cells = run.cells.get(site)
        if cells is None:
            cells = run.cells[site] = {}
        cell = cells.get(key)
        if cell is None:
            cell = cells[key] = Cell(run, site, run.context.load(load, key), show)
        return cell

    return resolve


class Cell:
    """A loaded value of one execution, and the places that wait for it."""

    __slots__ = ("_complete", "_done", "_future", "_run", "_show", "_site", "_waiting")

    def __init__(self, run: Run, site: Site, future: Any, show: Callable[[Any], Any]) -> None:
        self._run = run
        self._site = site
        self._future = future
        self._show = show
        self._complete: Complete | None = None
        self._done: Any = _NONE_YET
        self._waiting: list[tuple[dict[str, Any], str, Trail]] | None = None
        if not future.done():
            self._waiting = []
            run.promises += 1
            future.add_done_callback(self._arrived)

    def promise(self, complete: Complete, results: dict[str, Any], key: str, trail: Trail) -> None:
        """Has the completed value put into `results`, where null stands, when it is there."""
        if self._waiting is not None:
            self._complete = complete
            self._waiting.append((results, key, trail))
        elif self._done is not _NONE_YET:
            results[key] = self._done
        else:
            self._complete = complete
            self._fill(results, key, trail)

    def _arrived(self, _future: Any) -> None:
        waiting, self._waiting = self._waiting or (), None
        try:
            for results, key, trail in waiting:
                if self._done is _NONE_YET:
                    self._fill(results, key, trail)
                else:
                    results[key] = self._done
        except BaseException as raw:  # cancelled
            self._run.abort(raw)
        self._run.keep_promise()

    def _fill(self, results: dict[str, Any], key: str, trail: Trail) -> None:
        run = self._run
        before = len(run.errors), run.promises
        try:
            row = self._future.result()
            assert self._complete is not None
            done = self._complete(run, None if row is None else self._show(row), trail)
        except Exception as raw:
            run.fail_late(raw, self._site, trail, required=False)
            return
        if complete_later(run, done, self._site, trail, results, key, required=False):
            return
        results[key] = done
        if before == (len(run.errors), run.promises):
            self._done = done
