"""Bus, follower and hub of one process, started and stopped in the right order."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.core.bus import Bus
from app.core.follower import Follower
from app.core.graphql.events import CURSOR_SLOT, FACES
from app.core.hub.hub import Hub
from app.core.hub.ports import Renderer
from app.core.log_store import SqlLogStore
from app.core.runtime import Runtime, enter


@asynccontextmanager
async def following(runtime: Runtime, renderer: Renderer, *, prefix: str = "parley") -> AsyncIterator[None]:
    """Gives the runtime its bus, follower and hub, and enters it. The database is open, and closed after.

    `prefix` begins the bus's channels, for tests that share a Redis. Raises what the database does when it is away.
    """
    settings = runtime.settings
    store = SqlLogStore()
    bus = runtime.bus = Bus(settings.redis_url, settings.secret, prefix=prefix)
    follower = runtime.follower = Follower(store, bus, settings.hub)
    hub = runtime.hub = Hub(follower, store, renderer, faces=FACES, cursor_slot=CURSOR_SLOT, settings=settings.hub)
    hub.follow()
    enter(runtime)
    await store.open()
    try:
        # Subscribed first: what is committed after the heads were read arrives by itself.
        await bus.start(on_events=follower.received, on_announcement=hub.announced, on_gap=follower.wake)
        await follower.start()
        await hub.recent.fill(store)
        hub.start()
        yield
    finally:
        await hub.stop()
        await follower.stop()
        await bus.stop()
        await store.close()
