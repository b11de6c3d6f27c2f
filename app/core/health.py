"""Whether this process can serve: what /readyz, `health` and `parley check` ask."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from enum import StrEnum

from app.core import db
from app.core.runtime import Runtime

_SECONDS = 1.0


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


async def _database() -> Level:
    try:
        async with asyncio.timeout(_SECONDS):
            await db.rows("SELECT value FROM log_epoch")
    except db.GONE:
        return Level.DOWN
    return Level.OK
