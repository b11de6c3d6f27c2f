"""Much to do at once, done a little in each tick of the loop: locks and everybody else wait for a long one."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any

import structlog

log = structlog.get_logger("slices")


class Slices:
    """Calls, in the order they were added, at most `at_once` of them in a tick."""

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._calls: deque[tuple[Callable[..., None], tuple[Any, ...]]] = deque()
        self._next: asyncio.Handle | None = None

    def add(self, call: Callable[..., None], *args: Any) -> None:
        """Has it called soon."""
        self._calls.append((call, args))
        if self._next is None:
            self._next = asyncio.get_running_loop().call_soon(self._run)

    def clear(self) -> None:
        """Forgets what was not called yet."""
        self._calls.clear()
        if self._next is not None:
            self._next.cancel()
            self._next = None

    def _run(self) -> None:
        for _ in range(min(self._at_once, len(self._calls))):
            call, args = self._calls.popleft()
            try:
                call(*args)
            except Exception:  # the others must not wait for ever
                log.exception("slice_failed")
        self._next = asyncio.get_running_loop().call_soon(self._run) if self._calls else None
