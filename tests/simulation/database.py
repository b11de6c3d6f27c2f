"""A database in memory: the log with its locks, floors, memberships, backups; and the truth that is checked against.

Appending follows the rules of app/core/log.py: partitions locked ascending to the commit, numbers dense, tags chained.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from app.core.batching import Batch
from app.core.errors import UnavailableError
from app.core.log import PARTITIONS, Event, NewEvent, Vector, partition_of
from app.core.log_store import Ends, Heads, Interval, Page, Reading, Span

START = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class State:
    """What a backup holds."""

    rows: list[dict[int, Event]]
    floors: list[int]
    stays: dict[tuple[UUID, UUID], list[list[int | None]]] = field(default_factory=dict)
    # All that was ever committed, and who came and went when: never trimmed, only restored.
    archive: list[dict[int, Event]] = field(default_factory=list)

    def copy(self) -> State:
        stays = {key: [list(stay) for stay in stays] for key, stays in self.stays.items()}
        return State([dict(r) for r in self.rows], list(self.floors), stays, [dict(r) for r in self.archive])


class AbortedError(Exception):
    """The transaction is gone: a crash, an abort, a restore."""


class Database:
    """One for all processes. `unlocked` and `one_interval` are mutants: rules of the writers switched off."""

    def __init__(self, chance: random.Random, mutant: str) -> None:
        self.chance = chance
        self.mutant = mutant
        first = [{0: event(p, 0, self.tag(), 0, NewEvent(UUID(int=0), ""), START)} for p in range(PARTITIONS)]
        self.state = State(first, [0] * PARTITIONS, {}, [dict(rows) for rows in first])
        self.epoch = self.tag()
        self.generation = 0  # of restores: open transactions of an earlier one are gone
        self.backup: State | None = None
        self.locks: dict[object, object] = {}
        self._next = [1] * PARTITIONS
        self._freed = asyncio.Event()
        self.restores = 0
        self.away = False

    def tag(self) -> int:
        return self.chance.getrandbits(64) - (1 << 63)

    async def pause(self, most: float = 0.02) -> None:
        await asyncio.sleep(self.chance.random() ** 3 * most)

    # ── writing ───────────────────────────────────────────────────────────────────────────────────

    async def lock(self, owner: object, key: object) -> None:
        generation = self.generation
        while self.locks.get(key, owner) is not owner:
            self._freed.clear()
            await self._freed.wait()
            if generation != self.generation:
                raise AbortedError
        self.locks[key] = owner

    def unlock(self, owner: object) -> None:
        for key in [k for k, v in self.locks.items() if v is owner]:
            del self.locks[key]
        self._freed.set()

    async def append(self, owner: object, drafts: Sequence[NewEvent]) -> list[Event]:
        """Numbers the drafts; they are nobody's until `commit`."""
        unlocked = self.mutant == "unlocked_positions"
        if not unlocked:
            for p in sorted({partition_of(d.stream_id) for d in drafts}):
                await self.lock(owner, p)
        ends: dict[int, tuple[int, int]] = {}
        events = []
        for d in drafts:
            p = partition_of(d.stream_id)
            position, before = ends.get(p) or self.head(p)
            position += 1
            if unlocked:
                position, self._next[p] = self._next[p], self._next[p] + 1
            tag = self.tag()
            ends[p] = (position, tag)
            events.append(event(p, position, tag, before, d, self.time()))
        return events

    def time(self) -> datetime:
        """The clocks of the writers differ."""
        return START + timedelta(seconds=asyncio.get_running_loop().time() + self.chance.random() * 0.05)

    def commit(self, events: Sequence[Event]) -> None:
        for e in events:
            self.state.rows[e.partition][e.position] = e
            self.state.archive[e.partition][e.position] = e
            for user in e.left:
                self.state.stays[(user, e.stream_id)][-1][1] = e.position
            for user in e.joined:
                stays = self.state.stays.setdefault((user, e.stream_id), [])
                if self.mutant == "one_interval":
                    stays.clear()
                stays.append([e.position, None])

    def head(self, p: int) -> tuple[int, int]:
        last = max(self.state.rows[p])
        return last, self.state.rows[p][last].tag

    def members(self, conversation: UUID) -> list[UUID]:
        return [u for (u, c), stays in self.state.stays.items() if c == conversation and stays[-1][1] is None]

    async def trim(self, p: int) -> None:
        """The floor rises first, alone; the row at the floor stays."""
        head = self.head(p)[0]
        state = self.state
        state.floors[p] = max(state.floors[p], head - self.chance.randint(0, 12))
        await self.pause()
        for position in [i for i in state.rows[p] if i < state.floors[p]]:
            del state.rows[p][position]

    def save(self) -> None:
        self.backup = self.state.copy()

    def restore(self) -> None:
        """What was written since is gone, copies on the bus are not. Restoring renews the epoch."""
        assert self.backup is not None
        self.state, self.backup = self.backup, None
        self.generation += 1
        self.restores += 1
        self.locks.clear()
        self._freed.set()
        if self.mutant != "epoch_kept":
            self.epoch = self.tag()

    # ── the truth ─────────────────────────────────────────────────────────────────────────────────

    def visible(self, user: UUID) -> list[Event]:
        """All that a person may ever see, from what happened and not from the memberships."""
        since: dict[UUID, int] = {}
        seen = []
        for rows in self.state.archive:
            for e in sorted(rows.values(), key=lambda e: e.position):
                if user in e.joined:
                    since[e.stream_id] = e.position
                if (e.stream_id == user or e.stream_id in since) and user not in e.hidden_from:
                    seen.append(e)
                if user in e.left:
                    since.pop(e.stream_id, None)
        return seen


class Store:
    """A process's LogStore. Statements take time before and after they see the database, and sometimes fail."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._intervals = Batch(self._read_intervals, 3)

    async def _statement(self) -> State:
        await self._db.pause()
        if self._db.away:
            raise UnavailableError
        return self._db.state

    async def heads(self) -> Heads:
        await self._statement()
        heads = Heads(tuple(self._db.head(p) for p in range(PARTITIONS)), self._db.epoch)
        await self._db.pause()
        return heads

    async def read(self, positions: Sequence[int], limit: int) -> Reading:
        state = await self._statement()
        rows = {}
        for p, own in enumerate(positions):
            found = [state.rows[p][i] for i in sorted(state.rows[p]) if i >= own][: limit + 1]
            if found:
                rows[p] = found
        reading = Reading(rows, self._db.epoch)
        await self._db.pause()
        return reading

    async def ends(self, positions: Sequence[int]) -> Sequence[Ends]:
        state = await self._statement()
        found = [Ends(state.floors[p], tag_at(state, p, at), None) for p, at in enumerate(positions)]
        await self._db.pause()
        return found

    async def intervals(self, user_id: UUID) -> Sequence[Interval]:
        return await self._intervals.get(user_id)

    async def _read_intervals(self, users: Sequence[UUID]) -> Mapping[UUID, Sequence[Interval]]:
        state = await self._statement()
        found: dict[UUID, list[Interval]] = {u: [] for u in users}
        for (user, stream), stays in state.stays.items():
            if user in found:
                found[user] += [Interval(stream, first or 0, last) for first, last in stays]
        await self._db.pause()
        return found

    async def page(self, streams: Sequence[UUID], spans: Sequence[Span], limit: int) -> Page:
        state = await self._statement()
        wanted = set(streams)
        rows, more, ends = {}, set(), {}
        for s in spans:
            at = state.rows[s.partition]
            found = [at[i] for i in sorted(at) if s.own < i <= s.upper and at[i].stream_id in wanted]
            if found:
                rows[s.partition] = found[:limit]
            if len(found) > limit:
                more.add(s.partition)
            ends[s.partition] = Ends(
                state.floors[s.partition], tag_at(state, s.partition, s.own), tag_at(state, s.partition, s.upper)
            )
        await self._db.pause()
        return Page(rows, ends, frozenset(more))

    async def renew_epoch(self, known: int | None) -> int:
        await self._statement()
        if known in (None, self._db.epoch) and self._db.mutant != "epoch_kept":
            self._db.epoch = self._db.tag()
        return self._db.epoch


def event(partition: int, position: int, tag: int, before: int, draft: NewEvent, at: datetime) -> Event:
    return Event(
        partition, position, tag, before, draft.stream_id, draft.kind, draft.payload, frozenset(draft.joined),
        frozenset(draft.left), frozenset(draft.hidden_from), at,
    )  # fmt: skip


def tag_at(state: State, partition: int, position: int) -> int | None:
    row = state.rows[partition].get(position)
    return None if row is None else row.tag


def vector_of(database: Database) -> Vector:
    """The heads, as a query against the primary would find them."""
    return tuple(database.head(p) for p in range(PARTITIONS))
