"""Whether this process can serve: what /readyz, `health` and `parley check` ask."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from enum import StrEnum

from app.core import db, job_store
from app.core.jobs import KINDS
from app.core.runtime import Runtime

_SECONDS = 1.0
_LATE, _LOST = 10.0, 60.0  # seconds that a job is due while every worker is busy, or there is none


class Level(StrEnum):
    """How well something works."""

    OK = "OK"
    DEGRADED = "DEGRADED"
    DOWN = "DOWN"


@dataclass(slots=True, frozen=True)
class Health:
    """The parts, and the whole: DOWN without a database, DEGRADED without the bus (events are late then)."""

    database: Level
    bus: Level

    @property
    def status(self) -> Level:
        if self.database is not Level.OK:
            return self.database
        return Level.OK if self.bus is Level.OK else Level.DEGRADED


async def check_health(runtime: Runtime) -> Health:
    """Asks the database (one second at most) and looks at the bus."""
    bus = Level.OK if runtime.bus.healthy else Level.DOWN
    return Health(await _database(), bus)


async def check_worker() -> Level:
    """Whether jobs are done: DEGRADED when one is due for 10 s, DOWN when for 60 s or when no worker ever ran.

    With nothing due a worker that died is not missed; its schedules are due every few minutes.
    """
    try:
        async with asyncio.timeout(_SECONDS):
            late = await job_store.lateness(list(KINDS))
    except db.GONE:
        return Level.DOWN
    if late is None or late > _LOST:
        return Level.DOWN
    return Level.DEGRADED if late > _LATE else Level.OK


async def _database() -> Level:
    try:
        async with asyncio.timeout(_SECONDS):
            await db.rows("SELECT value FROM log_epoch")
    except db.GONE:
        return Level.DOWN
    return Level.OK
