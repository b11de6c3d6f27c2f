"""Server processes: the real follower and hub, on the fake database, a fake bus and a renderer that takes its time."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import orjson

from app.core.errors import UnavailableError
from app.core.follower import Follower
from app.core.graphql.streams import DurableStream
from app.core.hub import Hub, Rendered, Selection, Subscription
from app.core.hub.groups import Group
from app.core.hub.ports import Shown
from app.core.hub.quiet import Quiet
from app.core.hub.recent import Recent
from app.core.hub.replay import Replay
from app.core.log import Event, Vector
from app.core.viewer import Viewer
from app.settings import HubSettings
from tests.simulation.database import Database, Store

SLOT = "cursor-slot-of-the-simulation"
SETTINGS = HubSettings(
    queue=7,
    page=12,
    hole_seconds=0.02,
    poll_seconds=0.5,
    unwell_poll_seconds=0.2,
    quiet_seconds=0.15,
    stall_seconds=0.4,
)


@dataclass(frozen=True)
class Face:
    subject: str | None = None
    others: str | None = None
    retracts: bool = False


FACES = {
    "SAID": Face(others="SAID"),
    "OWN": Face(others="OWN"),
    "MOVED": Face(subject="MOVED_ME", others="MOVED"),
    "SECRET": Face(),
    "CURSOR_MOVED": Face(others="CURSOR_MOVED"),
}


@dataclass(frozen=True)
class Parts:
    """The real classes; a mutant puts a subclass of one of them in its place."""

    follower: type[Follower] = Follower
    subscription: type[Subscription] = Subscription
    group: type[Group] = Group
    replay: type[Replay] = Replay
    quiet: type[Quiet] = Quiet
    hub: type[Hub] = Hub
    settings: HubSettings = field(default_factory=lambda: SETTINGS)


class Wire:
    """The bus: loses, repeats, reorders, is away for some."""

    def __init__(self, chance: random.Random, late: float) -> None:
        self.chance = chance
        self.late = late
        self.processes: list[Process] = []

    def publish(self, sender: Process, events: Sequence[Event]) -> None:
        for process in self.processes:
            if process is sender or not process.follower_bus.healthy:
                continue
            for event in events:
                for _ in range(self.chance.choice((0, 1, 1, 1, 1, 2))):
                    late = self.chance.random() < self.late
                    delay = self.chance.random() ** 2 * (0.6 if late else 0.04)
                    asyncio.get_running_loop().call_later(delay, process.hear, process.life, event)


class BusEnd:
    """A process's end of the bus."""

    def __init__(self, wire: Wire, process: Process) -> None:
        self._wire, self._process = wire, process
        self.healthy = True

    def publish(self, events: Sequence[Event]) -> None:
        self._wire.publish(self._process, events)


class Renderer:
    """Executions end in any order, and fail now and then."""

    def __init__(self, database: Database, chance: random.Random, seconds: float) -> None:
        self._db, self._chance, self._seconds = database, chance, seconds

    async def read(self, shown: Sequence[Shown]) -> list[int | None]:
        """The tags of some: what was read for one event is not shown as another."""
        if self._chance.random() < 0.6:
            await self._db.pause(self._seconds)
        if self._chance.random() < (0.3 if self._db.away else 0.003):
            raise UnavailableError
        return [self._chance.choice((event.tag, None)) for event, _ in shown]

    async def render(
        self, selection: Selection, event: Event, face: str, viewers: Sequence[Viewer], found: int | None = None
    ) -> Rendered:
        assert found in (None, event.tag)
        if self._chance.random() < 0.6:
            await self._db.pause(self._seconds)
        if self._chance.random() < (0.3 if self._db.away else 0.003):
            raise UnavailableError
        payload = orjson.dumps({"at": [event.partition, event.position, event.tag], "cursor": SLOT})
        if event.tag % 4 == 0:
            return Rendered(by_viewer={v.session_id: payload for v in viewers})
        return Rendered(payload)


class Process:
    """Boots, is killed, boots again."""

    def __init__(self, database: Database, wire: Wire, parts: Parts, render_seconds: float) -> None:
        self.db, self.wire, self.parts = database, wire, parts
        self.renderer = Renderer(database, wire.chance, render_seconds)
        self.is_up = False
        self.life = 0
        self.follower_bus = BusEnd(wire, self)
        self.overflows = self.replays = self.resets = self.deliveries = 0
        wire.processes.append(self)

    async def boot(self) -> None:
        parts = self.parts
        store = Store(self.db)
        self.store = store
        self.follower = parts.follower(store, self.follower_bus, parts.settings)
        self.follower.database = self.db  # for mutants
        self.hub = _hub(parts)(
            self.follower, store, self.renderer, faces=FACES, cursor_slot=SLOT, settings=parts.settings
        )
        self.hub.recent = Recent(8)
        self.hub._quiet = parts.quiet(self.hub)
        self.hub.follow()
        while True:
            try:
                await self.follower.start()
            except UnavailableError:
                await self.db.pause()
            else:
                break
        with suppress(UnavailableError):
            await self.hub.recent.fill(store)
        self.hub.start()
        self.life += 1
        self.is_up = True

    async def kill(self) -> None:
        """Sockets break without a word."""
        self.is_up = False
        self.count()
        for subscription in self.hub._everybody():
            subscription.sink.vanish()
        await self.hub.stop()
        await self.follower.stop()

    def count(self) -> None:
        self.overflows += self.hub.overflows
        self.replays += self.hub.replays
        self.deliveries += self.hub.deliveries
        self.resets += self.follower.resets

    def hear(self, life: int, event: Event) -> None:
        if self.is_up and life == self.life:
            self.follower.received([event])


def _hub(parts: Parts) -> type[Hub]:
    class TestedHub(parts.hub):
        def new_group(self, selection: Selection, kinds: frozenset[str] | None) -> Group:
            return parts.group(
                selection, kinds, self.settings.queue,
                hand=self.hand, fail=self._fail_group, overflow=self._overflow_group,
            )  # fmt: skip

        def new_subscription(self, stream: DurableStream, group: Group, sink) -> Subscription:
            return TestedSubscription(self, stream, group, sink)

    class TestedSubscription(parts.subscription):
        __slots__ = ()

        def new_replay(self, upper: Vector) -> Replay:
            return parts.replay(self.hub, self.own, upper, self._streams())

    return TestedHub
