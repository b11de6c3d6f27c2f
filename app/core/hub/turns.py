"""Few subscriptions catch up at once: after a restart thousands come, and each holds pages of the log meanwhile.

Those at work share what they render, the others find it kept. Whoever waits for a slow reader makes room.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from types import TracebackType
from typing import TypeVar

T = TypeVar("T")


class Turn:
    """One subscription's turn, while it is entered. `turns` has a place for each that may be at work."""

    __slots__ = ("_has_place", "_turns")

    def __init__(self, turns: asyncio.Semaphore) -> None:
        self._turns = turns
        self._has_place = False

    async def __aenter__(self) -> Turn:
        await self._enter()
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._leave()

    async def aside(self, waiting: Awaitable[T]) -> T:
        """Waits for something while others go on."""
        self._leave()
        result = await waiting
        await self._enter()
        return result

    async def give_way(self) -> None:
        """Lets those who wait come first."""
        if self._turns.locked():
            await self.aside(asyncio.sleep(0))

    async def _enter(self) -> None:
        await self._turns.acquire()
        self._has_place = True

    def _leave(self) -> None:
        if self._has_place:
            self._has_place = False
            self._turns.release()
