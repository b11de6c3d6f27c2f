"""The real follower, hub and store on an engine's database, with a renderer and sinks that only write down."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import orjson

from app.core import log
from app.core.clock import new_id, now
from app.core.errors import ApiError
from app.core.follower import Follower
from app.core.graphql.streams import DurableStream
from app.core.hub import Hub, Rendered, Selection
from app.core.hub.ports import Shown
from app.core.log_store import LogStore, SqlLogStore
from app.core.viewer import Viewer
from app.settings import HubSettings

SLOT = "the-slot-of-the-cursor"
EVERYBODY = Selection("everybody")


@dataclass(frozen=True)
class Face:
    subject: str | None = None
    others: str | None = None
    retracts: bool = False


FACES = {
    "SAID": Face(others="SAID"),
    "TAKEN_BACK": Face(others="TAKEN_BACK", retracts=True),
    "MEMBER_CHANGED": Face(subject="CHANGED_FOR_ME", others="MEMBER_CHANGED"),
    "CURSOR_MOVED": Face(others="CURSOR_MOVED"),
}


class Renderer:
    """Renders facts. `gates` hold executions of an event (by its fact "n", or its face) until they are set; `errors`
    fail them."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, int]] = []
        self.reads: list[int] = []  # of how many events each
        self.gates: dict[object, asyncio.Event] = {}
        self.errors: dict[object, Exception] = {}
        self.per_viewer = False
        self.state = ""  # what resolvers would read when an execution begins

    async def read(self, shown: Sequence[Shown]) -> list[None]:
        self.reads.append(len(shown))
        return [None] * len(shown)

    async def render(
        self, selection: Selection, event: log.Event, face: str, viewers: Sequence[Viewer], found: object = None
    ) -> Rendered:
        n = event.payload.get("n")
        said = {"face": face, "cursor": SLOT, "state": self.state, "carried": event.carried, **event.payload}
        self.calls.append((face, len(viewers)))
        for gate in (n, face):
            if gate in self.gates:
                await self.gates[gate].wait()
        if n in self.errors:
            raise self.errors[n]
        if self.per_viewer:
            return Rendered(by_viewer={v.session_id: orjson.dumps({**said, "for": v.user_id.hex}) for v in viewers})
        return Rendered(orjson.dumps(said))


@dataclass
class Sink:
    """Writes down what is pushed; `room` frames are taken before it is full."""

    room: int = 1 << 30
    kept_free: int = 0  # of the room, for events of the log
    got: list[dict] = field(default_factory=list)
    ended: ApiError | None = None
    closed: int | None = None
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _drained: asyncio.Event = field(default_factory=asyncio.Event)

    def push(self, payload: bytes) -> bool:
        if len(self.got) >= self.room:
            return False
        self.got.append(orjson.loads(payload))
        self._changed.set()
        return True

    @property
    def is_roomy(self) -> bool:
        return len(self.got) < self.room - self.kept_free

    async def drained(self, timeout: float) -> bool:
        try:
            async with asyncio.timeout(timeout):
                while len(self.got) >= self.room:
                    self._drained.clear()
                    await self._drained.wait()
        except TimeoutError:
            return False
        return True

    def read(self, more: int = 1 << 30) -> None:
        self.room = len(self.got) + more
        self._drained.set()

    def end(self, error: ApiError) -> None:
        self.ended = error
        self._changed.set()

    def close(self, code: int, reason: str) -> None:
        self.closed = code
        self._changed.set()

    async def until(self, condition) -> None:
        """Waits until `condition(self)`, which is looked at whenever something arrives."""
        async with asyncio.timeout(10):
            while not condition(self):
                self._changed.clear()
                await self._changed.wait()

    async def until_said(self, n: object) -> None:
        await self.until(lambda s: any(e.get("n") == n for e in s.got))

    async def until_caught_up(self) -> str:
        """The cursor of the first CursorMoved that says so."""
        await self.until(lambda s: any(e.get("isCaughtUp") for e in s.got))
        return next(e["cursor"] for e in self.got if e.get("isCaughtUp"))

    @property
    def said(self) -> list[object]:
        return [e["n"] for e in self.got if "n" in e]


class Silence:
    """A bus that reaches nobody."""

    healthy = True

    def publish(self, events: Sequence[log.Event]) -> None:
        pass


@dataclass
class Live:
    """One process."""

    store: LogStore
    follower: Follower
    hub: Hub
    renderer: Renderer

    def subscribe(self, user: UUID, sink: Sink | None = None, *, selection: Selection = EVERYBODY, **options) -> Sink:
        sink = sink or Sink()
        self.hub.open(DurableStream(viewer(user), **options), selection, sink)
        return sink


def viewer(user: UUID) -> Viewer:
    return Viewer(user, new_id(), new_id(), now() + timedelta(hours=1))


@asynccontextmanager
async def living(store: LogStore | None = None, *, bus=None, **settings) -> AsyncIterator[Live]:
    """A process on the open database. It hears what this context commits."""
    sql = SqlLogStore() if store is None else None
    if sql is not None:
        await sql.open()
    hub_settings = HubSettings(**settings)
    follower = Follower(store or sql, bus or Silence(), hub_settings)
    renderer = Renderer()
    hub = Hub(follower, store or sql, renderer, faces=FACES, cursor_slot=SLOT, settings=hub_settings)
    hub.follow()
    await follower.start()
    hub.start()
    log.announce_with(follower.committed)
    try:
        yield Live(store or sql, follower, hub, renderer)
    finally:
        await hub.stop()
        await follower.stop()
        if sql is not None:
            await sql.close()


async def say(stream: UUID, *ns: object, hidden_from: Sequence[UUID] = ()) -> None:
    """Commits messages of one stream in one transaction."""
    async with log.transaction():
        for n in ns:
            log.record(log.NewEvent(stream, "SAID", {"n": n}, hidden_from=hidden_from))


async def take_back(stream: UUID, conversation: UUID | None = None) -> None:
    """Commits an event that takes back content of its stream, or of a conversation it names."""
    facts = {"conversationId": str(conversation)} if conversation else {}
    async with log.transaction():
        log.record(log.NewEvent(stream, "TAKEN_BACK", {"n": "taken back", **facts}))


async def join(stream: UUID, *users: UUID) -> None:
    async with log.transaction():
        log.record(log.NewEvent(stream, "MEMBER_CHANGED", {"n": "joined"}, joined=users))


async def leave(stream: UUID, *users: UUID) -> None:
    async with log.transaction():
        log.record(log.NewEvent(stream, "MEMBER_CHANGED", {"n": "left"}, left=users))
