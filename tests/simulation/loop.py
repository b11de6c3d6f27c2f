"""An asyncio loop with virtual time and a random order of ready callbacks: one seed, one run."""

from __future__ import annotations

import asyncio
import random
from collections import deque
from typing import Any


class _Clock:
    """Stands where the selector is: waiting means that time passes."""

    def __init__(self, loop: SimLoop) -> None:
        self._loop = loop

    def select(self, timeout: float | None) -> list[Any]:
        if timeout is None:
            raise RuntimeError("everybody waits for nothing: a deadlock")
        if timeout > 0:
            self._loop.now += timeout
        return []


class SimLoop(asyncio.BaseEventLoop):
    """Runs what is ready in random order; when nothing is, time jumps to the next timer."""

    def __init__(self, chance: random.Random) -> None:
        super().__init__()
        self.now = 0.0
        self._chance = chance
        self._clock_resolution = 1e-9
        self._selector = _Clock(self)

    def time(self) -> float:
        return self.now

    def _run_once(self) -> None:
        ready = list(self._ready)
        self._chance.shuffle(ready)
        self._ready = deque(ready)
        super()._run_once()

    def _process_events(self, event_list: Any) -> None:
        pass

    def _write_to_self(self) -> None:
        pass
