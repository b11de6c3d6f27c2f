"""One seeded run: writers, processes, clients and everything that can go wrong; then quiet, then the checks."""

from __future__ import annotations

import asyncio
import random
import warnings
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from uuid import UUID

from app.core.log import Event, NewEvent, partition_of
from tests.simulation.client import Client
from tests.simulation.database import START, AbortedError, Database
from tests.simulation.loop import SimLoop
from tests.simulation.process import Parts, Process, Wire
from tests.simulation.weather import Weather

USERS, CONVERSATIONS, PROCESSES, CLIENTS = 5, 5, 3, 10
BUSY_PARTITIONS = 4


@dataclass
class Report:
    """How a run ended. `error` None: all rules held."""

    seed: int
    error: str | None
    counts: Counter[str] = field(default_factory=Counter)


class World:
    def __init__(self, chance: random.Random, mutant: str, parts: Parts, weather: Weather) -> None:
        self.chance, self.mutant, self.weather = chance, mutant, weather
        self.db = Database(chance, mutant)
        self.users = [self._id() for _ in range(USERS)]
        self.conversations = [self._id() for _ in range(CONVERSATIONS)]
        self.wire = Wire(chance, weather.late)
        self.processes = [Process(self.db, self.wire, parts, weather.render_seconds) for _ in range(PROCESSES)]
        self.clients = [Client(self, chance.choice(self.users), chance, n) for n in range(CLIENTS)]
        self.is_quiet = False
        self.counts: Counter[str] = Counter()
        self._tasks: set[asyncio.Task[None]] = set()
        self._ghosts: dict[int, Event] = {}

    def _id(self) -> UUID:
        """Few partitions are used, so that streams meet in them."""
        while partition_of(found := UUID(int=self.chance.getrandbits(128))) >= BUSY_PARTITIONS:
            pass
        return found

    def lost(self, tag: int) -> Event:
        """An event that a client was shown and that a restored backup does not have."""
        ghost = Event(0, -1, tag, 0, UUID(int=1), "SAID", {}, frozenset(), frozenset(), frozenset(), START)
        return self._ghosts.setdefault(tag, ghost)

    async def run(self) -> str | None:
        for process in self.processes:
            await process.boot()
        clients = [asyncio.create_task(client.run()) for client in self.clients]
        await self._storm()
        self.is_quiet = True
        self.db.away = False
        for process in self.processes:
            process.follower_bus.healthy = True
            if not process.is_up:
                await process.boot()
        for _ in range(round(self.weather.quiet_seconds / 0.2)):
            await asyncio.sleep(0.2)
            if all(client.is_settled for client in self.clients):
                break
        broken = [task.exception() for task in clients if task.done()]
        for task in clients:
            task.cancel()
        await asyncio.gather(*clients, return_exceptions=True)
        if broken:
            raise broken[0]
        for process in self.processes:
            await process.kill()
        self._count()
        errors = [error for client in self.clients if (error := client.check())]
        if self.counts["internal"]:
            errors.append("internal error")
        return errors[0] if errors else self._check_expired()

    def _check_expired(self) -> str | None:
        calm = not self.weather.trims and not self.weather.restores
        return "a good cursor expired" if calm and self.counts["expired"] else None

    def _count(self) -> None:
        for process in self.processes:
            for name in ("overflows", "replays", "resets", "deliveries"):
                self.counts[name] += getattr(process, name)
        self.counts["cuts"] = sum(c.cuts for c in self.clients)
        self.counts["expired"] = sum(c.expired for c in self.clients)
        self.counts["restores"] = self.db.restores
        self.counts["events"] = sum(len(rows) - 1 for rows in self.db.state.archive)

    # ── what goes on ──────────────────────────────────────────────────────────────────────────────

    async def _storm(self) -> None:
        end = asyncio.get_running_loop().time() + self.weather.seconds
        async for _ in self._moments(end):
            x = self.chance.random()
            if x < 0.85:
                if len(self._tasks) < 8:
                    self._spawn(self._transaction())
            elif x < 0.855:
                self._spawn(self._restart(self.chance.choice(self.processes)))
            elif x < 0.88:
                self._spawn(self._bus_away(self.chance.choice(self.processes)))
            elif x < 0.885:
                self._spawn(self._database_away())
            if self.chance.random() < self.weather.trims:
                self._spawn(self.db.trim(self.chance.randrange(BUSY_PARTITIONS)))
            if self.chance.random() < self.weather.restores:
                self._spawn(self._restore())
        await asyncio.gather(*self._tasks)

    async def _moments(self, end: float) -> AsyncIterator[None]:
        loop = asyncio.get_running_loop()
        while loop.time() < end:
            await asyncio.sleep(self.chance.random() * 0.04)
            yield

    def _spawn(self, work) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _restore(self) -> None:
        """Of a backup, or of a standby that lacked the last milliseconds."""
        if self.db.backup is None:
            self.db.save()
            await self.db.pause(self.chance.choice((0.1, 1.0)))
            self.db.restore()

    async def _restart(self, process: Process) -> None:
        if process.is_up:
            await process.kill()
            await self.db.pause(0.5)
            await process.boot()

    async def _bus_away(self, process: Process) -> None:
        process.follower_bus.healthy = False
        await asyncio.sleep(self.chance.random() * 0.6)
        process.follower_bus.healthy = True
        if process.is_up:
            process.follower.wake()

    async def _database_away(self) -> None:
        self.db.away = True
        await self.db.pause(0.3)
        self.db.away = False

    async def _transaction(self) -> None:
        owner, generation = object(), self.db.generation
        try:
            drafts = await self._drafts(owner)
            events = await self.db.append(owner, drafts)
            await self.db.pause()
            unlocked = self.mutant == "unlocked_positions"
            if generation != self.db.generation or (self.chance.random() < 0.1 and not unlocked):
                return  # aborted, or crashed before COMMIT
            self.db.commit(events)
        except AbortedError:
            return
        finally:
            self.db.unlock(owner)
        if self.chance.random() < 0.9:  # else a crash before anybody hears of it
            await self.db.pause()
            up = [p for p in self.processes if p.is_up]
            if up and generation == self.db.generation:
                self.chance.choice(up).follower.committed(events)

    async def _drafts(self, owner: object) -> list[NewEvent]:
        chance, db = self.chance, self.db
        what = chance.choice(("said",) * 6 + ("add", "remove", "hop"))
        drafts: list[NewEvent] = []
        for conversation in sorted(chance.sample(self.conversations, chance.choice((1, 1, 1, 2, 3)))):
            await db.lock(owner, conversation)
        await db.pause()
        for conversation in sorted(k for k, v in db.locks.items() if v is owner):
            members = db.members(conversation)
            others = [u for u in self.users if u not in members]
            if what == "add" and others:
                drafts.append(moved(conversation, joined=chance.sample(others, chance.randint(1, len(others)))))
            elif what in ("remove", "hop") and members:
                gone = [chance.choice(members)]
                drafts.append(moved(conversation, left=gone))
                if what == "hop":
                    drafts += [NewEvent(conversation, "SAID"), moved(conversation, joined=gone)]
            elif members:
                for _ in range(chance.randint(1, 3)):
                    hidden = [chance.choice(members)] if chance.random() < 0.15 else []
                    drafts.append(NewEvent(conversation, "SAID", hidden_from=hidden))
            else:
                drafts.append(moved(conversation, joined=[chance.choice(self.users)]))
        if chance.random() < 0.4:
            drafts.append(NewEvent(chance.choice(self.users), chance.choice(("OWN", "OWN", "SECRET"))))
        return drafts


def moved(conversation: UUID, *, joined=(), left=()) -> NewEvent:
    return NewEvent(conversation, "MOVED", joined=joined, left=left)


def run(seed: int, *, mutant: str = "", parts: Parts | None = None, weather: Weather | None = None) -> Report:
    """One run. Every third seed is calm: nothing is trimmed or restored, so no cursor may expire."""
    chance = random.Random(seed)
    if weather is None:
        weather = Weather(trims=0, restores=0) if seed % 3 == 0 else Weather()
    loop = SimLoop(chance)
    loop.set_exception_handler(lambda _loop, _context: None)  # of mutants; the checks see what came of it
    world = None
    try:

        async def main() -> str | None:
            nonlocal world
            world = World(chance, mutant, parts or Parts(), weather)
            return await world.run()

        error = loop.run_until_complete(main())
    finally:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            loop.close()
    assert world is not None
    return Report(seed, error, world.counts)


__all__ = ["Report", "Weather", "World", "run"]
