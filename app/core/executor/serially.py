"""Mutations: root fields one after another, each finished before the next begins."""

from __future__ import annotations

from types import CoroutineType
from typing import Any

from app.core.executor.entry import Entry
from app.core.executor.run import Run
from app.core.executor.selection import execute_fields


def execute_serially(run: Run, source: Any, entries: tuple[Entry, ...]) -> Any:
    """The answer's object; a coroutine of it from the first field on that has to be waited for."""
    results: dict[str, Any] = {}
    for at, entry in enumerate(entries):
        done = execute_fields(run, source, None, (entry,))
        if type(done) is CoroutineType or run.promises:
            return _rest(run, source, entries[at + 1 :], done, results)
        results.update(done)
    return results


async def _rest(
    run: Run, source: Any, entries: tuple[Entry, ...], under_way: Any, results: dict[str, Any]
) -> dict[str, Any]:
    results.update(await run.finish(under_way))
    for entry in entries:
        done = execute_fields(run, source, None, (entry,))
        results.update(await run.finish(done))
    return results
