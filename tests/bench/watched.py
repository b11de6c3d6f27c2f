"""A `serve` that writes down its long slices: what the loop ran without looking for anything else.

    SLICES_FILE=slices.jsonl python -m tests.bench.watched serve

A timer of a millisecond tells how much CPU the loop's thread took since it last ran; another thread looks where the
loop is when the timer is overdue. A line for each slice above 5 ms: when, how long (CPU, so other processes don't
count), and where it was found.
"""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import threading
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import orjson
import uvloop

from app.cli import main

LONG_SECONDS = 0.005
_TICK = 0.001
_run = uvloop.run


class Watch:
    """Looks at the loop of its thread, until the process ends."""

    def __init__(self, path: Path) -> None:
        self._out = path.open("ab", buffering=0)
        self._thread = threading.get_ident()
        self._ticked_at = time.monotonic()
        self._found: list[str] = []
        self._collecting_at = 0.0
        gc.callbacks.append(self._on_collection)

    def _on_collection(self, phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            self._collecting_at = time.monotonic()
        elif time.monotonic() - self._collecting_at > _TICK:
            self._found.append(f"garbage collection of generation {info['generation']}")

    async def tick(self) -> None:
        threading.Thread(target=self._look, daemon=True).start()
        cpu = time.thread_time()
        while True:
            await asyncio.sleep(_TICK)
            before, cpu = cpu, time.thread_time()
            self._ticked_at = time.monotonic()
            found, self._found = self._found, []
            if cpu - before > LONG_SECONDS:
                line = {"at": time.time(), "ms": round((cpu - before) * 1000, 1), "where": found}
                self._out.write(orjson.dumps(line) + b"\n")

    def _look(self) -> None:
        while True:
            time.sleep(_TICK)
            if time.monotonic() - self._ticked_at > LONG_SECONDS - _TICK:
                self._found.append(_where(sys._current_frames()[self._thread]))


def _where(frame: Any) -> str:
    names: list[str] = []
    while frame is not None and len(names) < 8:
        code = frame.f_code
        names.append(f"{Path(code.co_filename).name}:{code.co_name}")
        frame = frame.f_back
    return " < ".join(names)


def _watched(work: Coroutine[Any, Any, Any]) -> Any:
    async def both() -> Any:
        ticking = asyncio.create_task(Watch(Path(os.environ["SLICES_FILE"])).tick())
        try:
            return await work
        finally:
            ticking.cancel()

    return _run(both())


if __name__ == "__main__":
    sys.setswitchinterval(0.001)
    uvloop.run = _watched  # type: ignore[assignment]
    main()
