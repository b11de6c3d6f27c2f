"""A worker as a process of its own, with one kind of job more: `-m tests.core.worker_process URL REDIS LEASE`."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path

from app.core.jobs import job


@dataclass(frozen=True)
class Note:
    """Adds a line to a file; the first run of a `hanging` one never ends."""

    file: str
    line: str
    hanging: bool = False


@job("tests.note")
async def note(work: Note) -> None:
    path = Path(work.file)
    is_first = work.line not in noted(path)
    with path.open("a") as file:
        file.write(work.line + "\n")
    if work.hanging and is_first:
        await asyncio.Event().wait()


def noted(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


async def main(url: str, redis_url: str, lease: str) -> None:
    from app.core.opening import opened_database
    from app.main import running
    from app.worker import working
    from tests.running import settings_for

    jobs = {"lease_seconds": float(lease), "poll_seconds": 0.05}
    settings = settings_for(url, redis_url, data_dir=Path("/nonexistent"), jobs=jobs)
    async with opened_database(url, pool_size=5), running(settings) as runtime, working(runtime):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
