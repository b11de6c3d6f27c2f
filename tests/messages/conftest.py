"""Services of messages on an open database, without HTTP: lanes, receipts, and a follower that only listens."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import pytest

import app.schema  # noqa: F401  (as in every process: groups begin with a notice, whichever test runs first)
from app.core import log
from app.core.bus import Bus
from app.core.runtime import Runtime, enter
from app.messages.lifespan import lifespan
from app.settings import Settings
from tests.conftest import Engine


class Committed:
    """Hears of every commit of this process, as the follower does."""

    def __init__(self) -> None:
        self.events: list[log.Event] = []

    def committed(self, events: Sequence[log.Event]) -> None:
        self.events += events


@pytest.fixture(scope="package")
async def services(database: Engine) -> AsyncIterator[Runtime]:
    runtime = Runtime(Settings(_env_file=None, messages={"receipt_seconds": 0.01}))
    runtime.bus = Bus("", "secret")
    runtime.follower = Committed()  # type: ignore[assignment]
    enter(runtime)
    async with lifespan(runtime):
        yield runtime


@pytest.fixture
def committed(services: Runtime) -> Committed:
    """What was committed since the test began."""
    enter(services)
    services.follower.events.clear()  # type: ignore[attr-defined]
    return services.follower  # type: ignore[return-value]
