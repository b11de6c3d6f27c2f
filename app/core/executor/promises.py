"""Fields whose resolvers wait for nothing but loaders: begun at once, and completed when their loads are there.

A page of fifty messages has fifty senders. As tasks they cost more than everything else of the page.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Generator
from types import CoroutineType
from typing import Any, TypeVar

from app.core.executor.run import Complete, Resolve, Run, Site, Trail
from app.core.executor.waiting import guarded

F = TypeVar("F", bound=Callable[..., Coroutine[Any, Any, Any]])

_QUICK = "__awaits_only_loads__"


def quick(resolver: F) -> F:
    """Marks an async resolver that awaits nothing but `context.load`, itself or through what it calls.

    Its steps may run in another task than its own, or in none: it must begin no transaction, timeout or task group and
    set no context variable.
    """
    setattr(resolver, _QUICK, True)
    return resolver


def is_quick(resolver: Any) -> bool:
    """Whether it is marked."""
    return hasattr(resolver, _QUICK)


def begin_at_once(resolve: Resolve) -> Resolve:
    """The same resolver, taken as far as it comes without waiting: its value, or a Pending."""

    def resolve_quickly(run: Run, source: Any, trail: Trail) -> Any:
        coroutine = resolve(run, source, trail)
        try:
            return Pending(coroutine, coroutine.send(None))
        except StopIteration as end:
            return end.value

    return resolve_quickly


class Pending:
    """A coroutine that has begun and waits for a future."""

    __slots__ = ("_coroutine", "_first", "_key", "_place", "_results")

    _place: tuple[Run, Complete, Site, Trail, bool]
    _results: dict[str, Any]
    _key: str

    def __init__(self, coroutine: Coroutine[Any, Any, Any], first: Any) -> None:
        self._coroutine = coroutine
        self._first = first
        if first is not None:
            first._asyncio_future_blocking = False  # or nobody else could wait for it

    def __await__(self) -> Generator[Any, Any, Any]:
        waits_for, send, throw = self._first, self._coroutine.send, self._coroutine.throw
        try:
            while True:
                if waits_for is not None:
                    waits_for._asyncio_future_blocking = True  # as Future.__await__ does before each yield
                try:
                    sent = yield waits_for
                except BaseException as error:  # also a cancellation
                    waits_for = throw(error)
                else:
                    waits_for = send(sent)
        except StopIteration as end:
            return end.value

    def promise(
        self, run: Run, complete: Complete, site: Site, trail: Trail, results: dict[str, Any], key: str, required: bool
    ) -> None:  # fmt: skip
        """Has the value put into `results`, where null stands, when it is there."""
        run.promises += 1
        self._place = run, complete, site, trail, required
        self._results = results
        self._key = key
        first, self._first = self._first, None
        _follow(first, self._step)

    def _step(self, _done: Any) -> None:
        run, complete, site, trail, required = self._place
        try:
            try:
                waits_for = self._coroutine.send(None)
            except StopIteration as end:
                value = end.value
            else:
                _follow(waits_for, self._step)
                return
            done = complete(run, value, trail)
            if not complete_later(run, done, site, trail, self._results, self._key, required=required):
                self._results[self._key] = done
        except Exception as raw:
            run.fail_late(raw, site, trail, required=required)
        except BaseException as raw:  # cancelled
            run.abort(raw)
        run.keep_promise()


def complete_later(
    run: Run, under_way: Any, site: Site, trail: Trail, results: dict[str, Any], key: str, *, required: bool
) -> bool:
    """Where a value is still being completed: has it put into `results` when it is there, and returns True."""
    if type(under_way) is not CoroutineType:
        return False

    def put(task: asyncio.Future[Any]) -> None:
        run.tasks.discard(task)
        error = asyncio.CancelledError() if task.cancelled() else task.exception()
        if error is None:
            results[key] = task.result()
        elif isinstance(error, Exception):
            run.fail_late(error, site, trail, required=required)
        else:
            run.abort(error)
        run.keep_promise()

    run.promises += 1
    task = asyncio.ensure_future(guarded(run, under_way, site, trail, required))
    run.tasks.add(task)
    task.add_done_callback(put)
    return True


def _follow(waits_for: Any, step: Callable[[Any], None]) -> None:
    """Has `step` called when what a coroutine yielded is there."""
    if waits_for is None:  # asyncio.sleep(0)
        asyncio.get_running_loop().call_soon(step, None)
        return
    waits_for._asyncio_future_blocking = False
    waits_for.add_done_callback(step)
