"""Deadlines of what runs now, a few hundred microseconds each as a rule: one timer looks at all of them. A timer of its
own for each (asyncio.timeout, asyncio.wait) costs as much as the rest of a small operation."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import TracebackType

TICK = 0.1  # seconds by which a deadline may be missed


class Due:
    """Something to do at a time of the loop, unless it is dropped before."""

    __slots__ = ("at", "do")

    def __init__(self, at: float, do: Callable[[], object]) -> None:
        self.at = at
        self.do = do


class Deadlines:
    """Those of one process."""

    def __init__(self) -> None:
        self._open: set[Due] = set()
        self._is_looking = False

    def after(self, seconds: float, do: Callable[[], object]) -> Due:
        """Has `do` called in so many seconds, or up to TICK later."""
        loop = asyncio.get_running_loop()
        due = Due(loop.time() + seconds, do)
        self._open.add(due)
        if not self._is_looking:
            self._is_looking = True
            loop.call_later(TICK, self._look)
        return due

    def drop(self, due: Due) -> None:
        """It is not to be done any more."""
        self._open.discard(due)

    def within(self, seconds: float) -> Within:
        """A block that is cancelled, and raises TimeoutError, when it takes longer: as asyncio.timeout."""
        return Within(self, seconds)

    def _look(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        for due in [due for due in self._open if due.at <= now]:
            self._open.discard(due)
            due.do()
        self._is_looking = bool(self._open)
        if self._is_looking:
            loop.call_later(TICK, self._look)


class Within:
    """See Deadlines.within."""

    __slots__ = ("_cancelling", "_deadlines", "_due", "_is_late", "_seconds", "_task")

    _task: asyncio.Task[object]
    _due: Due

    def __init__(self, deadlines: Deadlines, seconds: float) -> None:
        self._deadlines = deadlines
        self._seconds = seconds
        self._is_late = False

    def __enter__(self) -> None:
        task = asyncio.current_task()
        assert task is not None, "deadlines are for tasks"
        self._task = task
        self._cancelling = task.cancelling()
        self._due = self._deadlines.after(self._seconds, self._end)

    def _end(self) -> None:
        self._is_late = True
        self._task.cancel()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._deadlines.drop(self._due)
        # Somebody else may have cancelled the task too: then it ends as they want.
        if self._is_late and self._task.uncancel() <= self._cancelling and kind is asyncio.CancelledError:
            raise TimeoutError from error
