"""Devices: cold starts, cuts, resumes, filters, slow reading; and what each must have seen in the end."""

from __future__ import annotations

import asyncio
import random
from collections import deque
from typing import TYPE_CHECKING
from uuid import UUID

import orjson

from app.core.errors import ApiError, CursorExpiredError
from app.core.graphql.streams import DurableStream
from app.core.hub import Selection, Subscription
from app.core.log import Event, Vector, encode_cursor
from app.core.viewer import Viewer
from tests.simulation.database import START, vector_of
from tests.simulation.process import FACES, Process

if TYPE_CHECKING:
    from tests.simulation.world import World

KINDS = (None, None, frozenset(["SAID", "MOVED_ME"]), frozenset(["OWN", "MOVED"]))


class Pipe:
    """What is on its way to one client. A cut loses what is in it."""

    def __init__(self, world: World, room: int) -> None:
        self.world = world
        self.room = room
        self.frames: deque[bytes] = deque()
        self.expired = False
        self.is_over = False
        self.changed = asyncio.Event()
        self.taken = asyncio.Event()

    @property
    def is_roomy(self) -> bool:
        return True

    def push(self, payload: bytes) -> bool:
        if self.is_over or len(self.frames) >= self.room:
            return False
        self.frames.append(payload)
        self.changed.set()
        return True

    async def drained(self, timeout: float) -> bool:
        try:
            async with asyncio.timeout(timeout):
                while len(self.frames) > self.room // 2 and not self.is_over:
                    self.taken.clear()
                    await self.taken.wait()
        except TimeoutError:
            return False
        return not self.is_over

    def end(self, error: ApiError) -> None:
        self.expired = isinstance(error, CursorExpiredError)
        self.world.counts["internal"] += not self.expired
        self.vanish()

    def close(self, code: int, reason: str) -> None:
        self.vanish()

    def vanish(self) -> None:
        self.is_over = True
        self.changed.set()
        self.taken.set()


class Client:
    """One device of a person. `got` and `snapshot` are of its last cold start."""

    def __init__(self, world: World, user: UUID, chance: random.Random, number: int) -> None:
        self.world, self.user, self.chance, self.number = world, user, chance, number
        self.kinds = KINDS[number % len(KINDS)]
        streams = frozenset(chance.sample(world.conversations, 3))
        self.conversations = streams if number % 5 == 4 else None
        self.selection = Selection((self.kinds, self.conversations))
        self.cursor: str | None = None
        self.base: Vector = ()
        self.snapshot: set[int] = set()
        self.got: list[Event] = []
        self.expired = 0
        self.cuts = 0
        self.session: tuple[Process, Pipe, Subscription] | None = None

    @property
    def is_settled(self) -> bool:
        """Whether it was handed everything that there is."""
        if self.session is None:
            return False
        process, pipe, subscription = self.session
        done = subscription.is_live and not subscription.group.queue and not pipe.frames
        return done and process.follower.vector == vector_of(self.world.db)

    async def run(self) -> None:
        while True:
            process = await self._process()
            if self.cursor is None:
                await self.cold_start(process)
            process = await self._process()
            pipe = Pipe(self.world, self.chance.choice((3, 10, 100)))
            viewer = Viewer(self.user, UUID(int=self.chance.getrandbits(128)), UUID(int=self.number), START)
            stream = DurableStream(viewer, self.cursor, self.kinds, self.conversations)
            hub = process.hub
            self.session = (process, pipe, subscription := hub.open(stream, self.selection, pipe))
            await self._read(pipe)
            self.session = None
            hub.close(subscription)
            self.expired += pipe.expired
            if pipe.expired or (self.chance.random() < 0.15 and not self.world.is_quiet):
                self.cursor = None  # the second: installed anew
            await self.world.db.pause()

    async def _process(self) -> Process:
        while not (up := [p for p in self.world.processes if p.is_up]):
            await self.world.db.pause()
        return self.chance.choice(up)

    async def cold_start(self, process: Process) -> None:
        """The cursor first, then the data."""
        mutant, db = self.world.mutant, self.world.db
        base, epoch = process.follower.vector, process.follower.epoch
        if mutant == "cursor_after_data":
            snapshot = self._visible(vector_of(db))
            await db.pause()
            await db.pause()
            base, epoch = process.follower.vector, process.follower.epoch
        elif mutant == "database_cursor_old_cache":
            base, epoch = vector_of(db), db.epoch
            await db.pause()
            snapshot = self._visible(process.follower.vector)
        else:
            await db.pause()
            await db.pause()
            snapshot = self._visible(vector_of(db))
        await db.pause()
        self.base, self.snapshot, self.got = base, snapshot, []
        self.cursor = encode_cursor(base, epoch)

    def _visible(self, upto: Vector) -> set[int]:
        return {e.tag for e in self.world.db.visible(self.user) if e.position <= upto[e.partition][0]}

    async def _read(self, pipe: Pipe) -> None:
        """Reads until the stream is over or cut."""
        loop = asyncio.get_running_loop()
        end = loop.time() + 0.05 + self.chance.random() ** 2 * 1.5
        while not pipe.is_over or pipe.frames:
            if not pipe.frames:
                pipe.changed.clear()
                try:
                    async with asyncio.timeout_at(None if self.world.is_quiet else end):
                        await pipe.changed.wait()
                except TimeoutError:
                    if not self.world.is_quiet:
                        break
                continue
            if (loop.time() > end and not self.world.is_quiet) or (pipe.is_over and self.chance.random() < 0.3):
                break
            self._take(pipe.frames.popleft())
            pipe.taken.set()
            if not self.world.is_quiet and self.chance.random() < 0.3:
                await asyncio.sleep(self.chance.random() ** 8 * 0.8)
        self.cuts += not pipe.is_over
        pipe.vanish()

    def _take(self, payload: bytes) -> None:
        frame = orjson.loads(payload)
        partition, position, tag = frame["at"]
        self.cursor = frame["cursor"]
        if partition >= 0:
            found = self.world.db.state.archive[partition].get(position)
            self.got.append(found if found is not None and found.tag == tag else self.world.lost(tag))

    # ── in the end ────────────────────────────────────────────────────────────────────────────────

    def wants(self, event: Event) -> bool:
        faces = FACES[event.kind]
        face = faces.subject if self.user in event.joined | event.left else faces.others
        if face is None or (self.conversations is not None and event.stream_id not in self.conversations):
            return False
        return self.kinds is None or face in self.kinds

    def check(self) -> str | None:
        """What is wrong, or None."""
        if self.cursor is None:
            return "never started"
        seen = self.world.db.visible(self.user)
        base = [position for position, _ in self.base]
        want = {e.tag for e in seen if e.position > base[e.partition] and self.wants(e)}
        got = [e.tag for e in self.got]
        if len(got) != len(set(got)):
            return "twice"
        if set(got) - want:
            return "leak or phantom"
        if want - set(got):
            return "lost"
        everything = {e.tag for e in seen}
        if self.snapshot - everything:
            return "phantom in the snapshot"
        if {e.tag for e in seen if e.position <= base[e.partition]} - self.snapshot:
            return "lost between snapshot and stream"
        if self.kinds is None and self.conversations is None:
            shown = {e.tag for e in seen if self.wants(e)}
            if (self.snapshot | set(got)) & shown != shown:
                return "snapshot + events is not the snapshot"
        last: dict[UUID, int] = {}
        for e in self.got:
            if last.get(e.stream_id, -1) >= e.position:
                return "out of order"
            last[e.stream_id] = e.position
        return None
