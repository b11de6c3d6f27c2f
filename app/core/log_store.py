"""Reading the log: what the follower and the hub need of the database, as a protocol and in SQL for both engines.

Everything here runs outside transactions and sees committed rows only. On SQLite the log has its own read-only
connection in autocommit: the writer's shows uncommitted positions, and a long read elsewhere must not delay dispatch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import aiosqlite

from app.core import db, log_sql
from app.core.batching import Batch
from app.core.clock import random_tag
from app.core.errors import UnavailableError
from app.core.log import PARTITIONS, Event, Vector, event_from_row, event_of, partition_of


@dataclass(slots=True, frozen=True)
class Heads:
    """The ends of all partitions in one statement, and the database's epoch."""

    vector: Vector
    epoch: int


@dataclass(slots=True, frozen=True)
class Reading:
    """Rows of each partition, the first being the one at the position asked for (if it still exists), and the epoch."""

    rows: Mapping[int, Sequence[Event]]
    epoch: int | None


@dataclass(slots=True, frozen=True)
class Interval:
    """A person's stay in a conversation, both ends included; `to_position` None: still in."""

    stream_id: UUID
    from_position: int
    to_position: int | None


@dataclass(slots=True, frozen=True)
class Ends:
    """What the log says about a partition beside a page's rows: its floor, and the tags at both ends (None: gone)."""

    floor: int
    own_tag: int | None
    upper_tag: int | None


@dataclass(slots=True, frozen=True)
class Page:
    """Rows of some streams, ascending inside each partition, and the ends of each partition asked for, all of one
    statement. A partition in `more` has rows left behind the last one here."""

    rows: Mapping[int, Sequence[Event]]
    ends: Mapping[int, Ends]
    more: frozenset[int] = field(default_factory=frozenset)


@dataclass(slots=True, frozen=True)
class Span:
    """A part of a partition: rows with own < position <= upper."""

    partition: int
    own: int
    upper: int


class LogStore(Protocol):
    """Where the log is read. Every method raises UnavailableError (or a driver's error) when the database is away."""

    async def heads(self) -> Heads:
        """The ends and the epoch, for a process that starts or found a foreign log."""
        ...

    async def read(self, positions: Sequence[int], limit: int) -> Reading:
        """Rows of all partitions from these positions **inclusive**, at most `limit` above each, in one statement."""
        ...

    async def ends(self, positions: Sequence[int]) -> Sequence[Ends]:
        """Floors and tags at one position of each partition (as `own_tag`), to judge a cursor."""
        ...

    async def intervals(self, user_id: UUID) -> Sequence[Interval]:
        """All stays of a person, ended ones too, of one statement that began after this call."""
        ...

    async def page(self, streams: Sequence[UUID], spans: Sequence[Span], limit: int) -> Page:
        """The first `limit` rows of each span that belong to the streams."""
        ...

    async def renew_epoch(self, known: int | None) -> int:
        """Makes every earlier cursor worthless, unless the epoch is no longer `known`; returns the epoch now."""
        ...


class SqlLogStore:
    """The log in PostgreSQL or SQLite. `open` after db.open_database, `close` before db.close_database."""

    def __init__(self) -> None:
        self._reader: aiosqlite.Connection | None = None
        self._intervals: Batch[UUID, Sequence[Interval]] = Batch(self._read_intervals, 500)
        self._ends: Batch[tuple[int, ...], Sequence[Ends]] = Batch(self._read_ends, 100)

    async def open(self) -> None:
        if not db.is_postgres():
            self._reader = await db.open_sqlite_reader()

    async def close(self) -> None:
        if self._reader is not None:
            await self._reader.close()
            self._reader = None

    async def _rows(self, sql: str, *args: Any) -> Sequence[db.Row]:
        try:
            return await db.rows(sql, *args, reader=self._reader)
        except db.GONE as error:
            if isinstance(error, ValueError):  # an argument asyncpg can't encode: a bug, not an outage
                raise
            raise UnavailableError from error

    async def heads(self) -> Heads:
        found = await self._rows(log_sql.HEADS)
        assert len(found) == PARTITIONS, "the first migration writes every partition"
        return Heads(tuple((r["head"], r["tag"]) for r in found), found[0]["epoch"])

    async def read(self, positions: Sequence[int], limit: int) -> Reading:
        found = await self._rows(log_sql.read_from(), list(range(PARTITIONS)), list(positions), limit + 1)
        return Reading(_by_partition(found), found[0]["epoch"] if found else None)

    async def ends(self, positions: Sequence[int]) -> Sequence[Ends]:
        return await self._ends.get(tuple(positions))

    async def _read_ends(self, many: Sequence[tuple[int, ...]]) -> Mapping[tuple[int, ...], Sequence[Ends]]:
        wanted = sorted({(p, at) for positions in many for p, at in enumerate(positions)})
        found = await self._rows(log_sql.ends(), [p for p, _ in wanted], [at for _, at in wanted])
        known = {(r["partition"], r["at"]): Ends(r["floor"], r["tag"], None) for r in found}
        return {positions: [known[pair] for pair in enumerate(positions)] for positions in many}

    async def intervals(self, user_id: UUID) -> Sequence[Interval]:
        return await self._intervals.get(user_id)

    async def _read_intervals(self, users: Sequence[UUID]) -> Mapping[UUID, Sequence[Interval]]:
        found = await self._rows(log_sql.INTERVALS, list(users))
        result: dict[UUID, list[Interval]] = {user: [] for user in users}
        for r in found:
            result[r["user_id"]].append(Interval(r["stream_id"], r["from_position"], r["to_position"]))
        return result

    async def page(self, streams: Sequence[UUID], spans: Sequence[Span], limit: int) -> Page:
        asked = sorted(spans, key=lambda s: s.partition)
        columns = [[s.partition for s in asked], [s.own for s in asked], [s.upper for s in asked]]
        narrow = log_sql.page_is_narrow(sum(s.upper - s.own for s in asked))
        partitions = [] if narrow else [[partition_of(s) for s in streams]]
        found = await self._rows(log_sql.page(narrow), *columns, limit + 1, list(streams), *partitions)
        ends: dict[int, Ends] = {}
        rows: dict[int, list[Event]] = {}
        for partition, floor, own_tag, upper_tag, *values in db.by_place(found):
            if partition not in ends:
                ends[partition] = Ends(floor, own_tag, upper_tag)
                if values[0] is None:
                    continue
                rows[partition] = []
            rows[partition].append(event_of(values))
        more = frozenset(p for p, events in rows.items() if len(events) > limit)
        return Page({p: events[:limit] for p, events in rows.items()}, ends, more)

    async def renew_epoch(self, known: int | None) -> int:
        if known is None:
            await db.execute("UPDATE log_epoch SET value = $1", random_tag())
        else:
            await db.execute("UPDATE log_epoch SET value = $1 WHERE value = $2", random_tag(), known)
        found = await self._rows("SELECT value FROM log_epoch")
        return int(found[0]["value"])

    async def trim(self, older_than: datetime, limit: int = 5000) -> int:
        """Forgets events written before `older_than` (a datetime); returns how many rows went, at most `limit` a
        partition: call again while it is not 0.

        The floors rise first, alone and committed: a page read at any moment then either still has its rows or sees the
        floor above its own position. The row at the floor stays, as cursors are compared with it.
        """
        for r in await self._rows(log_sql.NEW_FLOORS, older_than):
            if r["new_floor"] > r["old_floor"]:
                await db.execute(
                    "UPDATE log_partition SET floor = $1 WHERE partition = $2 AND floor < $1",
                    r["new_floor"],
                    r["partition"],
                )
        gone = 0
        for r in await self._rows("SELECT partition, floor FROM log_partition ORDER BY partition"):
            gone += await db.execute(log_sql.DELETE_BELOW, r["partition"], r["floor"], limit)
        return gone


def _by_partition(found: Sequence[db.Row]) -> dict[int, list[Event]]:
    """Rows ordered by position in each partition → events that know the tag before them (0 for the first)."""
    result: dict[int, list[Event]] = {}
    for r in found:
        events = result.setdefault(r["partition"], [])
        before = events[-1] if events else None
        linked = before is not None and before.position == r["position"] - 1
        events.append(event_from_row(r, before.tag if before is not None and linked else 0))
    return result
