"""The log: partitions, positions, tags, cursors, and the transaction that appends events last (design.md, "The log").

A service opens `transaction()`, changes rows, calls `record(NewEvent(...))`, and leaves. The helper then appends all
events in one statement, commits, and hands them to the process's follower, which publishes and dispatches them.
"""

from __future__ import annotations

import base64
import zlib
from binascii import b2a_base64
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from itertools import compress
from operator import is_not, xor
from typing import Any
from uuid import UUID

import orjson

from app.core import db
from app.core.clock import new_id, now, random_tag
from app.core.records import record as immutable

PARTITIONS = 16  # for ever: it is part of every cursor and of every stream's place
_MASK = (1 << 64) - 1


def partition_of(stream_id: UUID) -> int:
    """The partition of a conversation or a user. crc32, as Python's `hash` differs between processes."""
    return zlib.crc32(stream_id.bytes) % PARTITIONS


@immutable(slots=True, frozen=True)
class NewEvent:
    """What a service records: which stream, what kind, small facts, who joins or leaves with it.

    `carried` travels with the live copy only (rows the writer has just read, or None, so that nobody reads them again
    to render it); it is never stored. `hidden_from` names people in the stream who must never see it.
    """

    stream_id: UUID
    kind: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    joined: Sequence[UUID] = ()
    left: Sequence[UUID] = ()
    hidden_from: Sequence[UUID] = ()
    carried: Mapping[str, Any] | None = None


@immutable(slots=True, frozen=True)
class Event:
    """A row of the log as the processes pass it around. `tag_before` is the tag at position - 1."""

    partition: int
    position: int
    tag: int
    tag_before: int
    stream_id: UUID
    kind: str
    payload: Mapping[str, Any]
    joined: frozenset[UUID]
    left: frozenset[UUID]
    hidden_from: frozenset[UUID]
    created_at: datetime
    carried: Mapping[str, Any] | None = None


# ── vectors and cursors ───────────────────────────────────────────────────────────────────────────

Vector = tuple[tuple[int, int], ...]
"""(position, tag) of each partition, in order."""


def encode_cursor(vector: Vector, epoch: int) -> str:
    """The opaque string for a vector: a version, 16 varint positions, and the XOR of their tags and the epoch."""
    return Cursors().of(vector, epoch).decode()


class Cursors:
    """Vectors as cursors. Of vectors that follow each other only what differs is written anew."""

    def __init__(self) -> None:
        self._vector: Vector = ()
        self._epoch = 0
        self._positions: list[bytes] = []
        self._check = 0
        self._made = b""

    def of(self, vector: Vector, epoch: int) -> bytes:
        """As encode_cursor, in bytes."""
        if vector is self._vector and epoch == self._epoch:
            return self._made
        if len(vector) != len(self._vector) or epoch != self._epoch:
            self._positions = [_varint(position) for position, _ in vector]
            self._check = reduce(xor, (tag for _, tag in vector), epoch)
        else:
            for partition in compress(_ALL, map(is_not, self._vector, vector)):
                position, tag = vector[partition]
                self._positions[partition] = _varint(position)
                self._check ^= self._vector[partition][1] ^ tag
        self._vector, self._epoch = vector, epoch
        check = (self._check & _MASK).to_bytes(8, "big")
        raw = b"\x01%b%b" % (b"".join(self._positions), check)
        self._made = b2a_base64(raw, newline=False).translate(_URL_SAFE, b"=")
        return self._made


_ALL = range(PARTITIONS)
_URL_SAFE = bytes.maketrans(b"+/", b"-_")


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


@dataclass(slots=True, frozen=True)
class Cursor:
    """A decoded cursor: positions, and the XOR that the log's tags there must give."""

    positions: tuple[int, ...]
    check: int

    def matches(self, vector: Vector, epoch: int) -> bool:
        """Whether the log that has these tags at the cursor's positions is the one the cursor was made from."""
        check = epoch & _MASK
        for _, tag in vector:
            check ^= tag & _MASK
        return check == self.check and tuple(p for p, _ in vector) == self.positions


def decode_cursor(text: str) -> Cursor | None:
    """The cursor, or None when the text is none of ours."""
    if len(text) > 400:
        return None
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return None
    if len(raw) < 9 + PARTITIONS or raw[0] != 1:
        return None
    positions, value, shift = [], 0, 0
    for byte in raw[1:-8]:
        value |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            positions.append(value)
            value = shift = 0
    if len(positions) != PARTITIONS or shift or max(positions) >= 1 << 63:
        return None
    return Cursor(tuple(positions), int.from_bytes(raw[-8:], "big"))


# ── writing ───────────────────────────────────────────────────────────────────────────────────────

_recorded: ContextVar[list[NewEvent]] = ContextVar("recorded")
_on_commit: ContextVar[Callable[[Sequence[Event]], None]] = ContextVar("on_commit")
_afterwards: ContextVar[list[Callable[[], None]]] = ContextVar("afterwards")


def announce_with(handler: Callable[[Sequence[Event]], None]) -> None:
    """Names who is handed the events after a commit in this context: the process's follower. It must not block."""
    _on_commit.set(handler)


def record(event: NewEvent) -> None:
    """Adds an event to the current transaction. Raises LookupError outside `transaction()`."""
    _recorded.get().append(event)


def after_commit(call: Callable[[], None]) -> None:
    """Calls `call()` once the current transaction is committed; it must not block. Raises LookupError outside one."""
    _afterwards.get().append(call)


@asynccontextmanager
async def transaction() -> AsyncIterator[None]:
    """The one transaction of a service call: its changes and its events commit together, or not at all."""
    recorded: list[NewEvent] = []
    afterwards: list[Callable[[], None]] = []
    token, after_token = _recorded.set(recorded), _afterwards.set(afterwards)
    try:
        async with db.begin():
            yield
            written = await append(recorded) if recorded else []
    finally:
        _recorded.reset(token)
        _afterwards.reset(after_token)
    for call in afterwards:
        call()
    hand_over(written)


def hand_over(events: Sequence[Event]) -> None:
    """Hands committed events to the process's follower; `transaction` does so by itself."""
    if events and (handler := _on_commit.get(None)) is not None:
        handler(events)


async def append(recorded: Sequence[NewEvent]) -> list[Event]:
    """Numbers and writes events as the last act of a transaction; membership intervals get their ends here.

    The partitions' locks are held from this statement to the commit, so that inside a partition commit order is
    position order, without holes.
    """
    created_at = now()
    by_partition: dict[int, list[tuple[NewEvent, int]]] = {}
    for event in recorded:
        by_partition.setdefault(partition_of(event.stream_id), []).append((event, random_tag()))
    heads = await (_write_postgres if db.is_postgres() else _write_sqlite)(by_partition, created_at)
    written = number(by_partition, heads, created_at)
    await _move_memberships(written)
    return written


def number(by_partition: Drafts, heads: Heads, created_at: datetime) -> list[Event]:
    """The events as the log has them now, from what appending them returned."""
    written: list[Event] = []
    for partition, drafts in sorted(by_partition.items()):
        head, tag_before = heads[partition]
        for position, (draft, tag) in enumerate(drafts, head - len(drafts) + 1):
            written.append(_event(draft, partition, position, tag, tag_before, created_at))
            tag_before = tag
    return written


def _event(draft: NewEvent, partition: int, position: int, tag: int, tag_before: int, created_at: datetime) -> Event:
    return Event(
        partition, position, tag, tag_before, draft.stream_id, draft.kind, draft.payload, _people(draft.joined),
        _people(draft.left), _people(draft.hidden_from), created_at, draft.carried,
    )  # fmt: skip


def _people(ids: Sequence[UUID]) -> frozenset[UUID]:
    return frozenset(ids) if ids else _NOBODY


Drafts = Mapping[int, Sequence[tuple[NewEvent, int]]]
"""Partition → (event, tag), in order."""
Heads = Mapping[int, tuple[int, int]]
"""Partition → (new head, tag before the first of these events)."""
EVENT_NAMES = ("partition", "position", "tag", "stream_id", "kind", "payload", "hidden_from", "created_at")
_COLUMNS = ", ".join(EVENT_NAMES)
_NOBODY: frozenset[UUID] = frozenset()


def _hidden_from(draft: NewEvent) -> str | None:
    # As text: in an array of jsonb asyncpg would take a list for another dimension.
    return orjson.dumps([str(u) for u in draft.hidden_from]).decode() if draft.hidden_from else None


async def _write_postgres(by_partition: Drafts, created_at: datetime) -> Heads:
    many = [
        (partition, tag, draft.stream_id, draft.kind, stored_payload(draft), _hidden_from(draft))
        for partition in sorted(by_partition)
        for draft, tag in by_partition[partition]
    ]
    found = await db.rows(
        "SELECT partition, head, tag_before FROM parley_append($1, $2, $3, $4, $5, $6, $7)",
        *db.table_args(many),
        created_at,
    )
    return {r["partition"]: (r["head"], r["tag_before"]) for r in found}


async def _write_sqlite(by_partition: Drafts, created_at: datetime) -> Heads:
    """As `_write_postgres`; one writer holds the whole database, so statements may be as many as they like."""
    heads: dict[int, tuple[int, int]] = {}
    many: list[tuple[Any, ...]] = []
    for partition, drafts in by_partition.items():
        r = await db.row(
            "UPDATE log_partition SET head = head + $1, tag_before = tag, tag = $2 WHERE partition = $3"
            " RETURNING head, tag_before",
            len(drafts),
            drafts[-1][1],
            partition,
        )
        assert r is not None, "the first migration writes every partition"
        heads[partition] = (r["head"], r["tag_before"])
        base = r["head"] - len(drafts)
        many += [
            (partition, base + n, tag, d.stream_id, d.kind, stored_payload(d), _hidden_from(d), created_at)
            for n, (d, tag) in enumerate(drafts, 1)
        ]
    await db.execute_many(f"INSERT INTO event ({_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)", many)
    return heads


def stored_payload(event: NewEvent | Event) -> dict[str, Any]:
    """The payload as stored: its facts, and who joined or left, which routing needs on every replay."""
    payload = dict(event.payload)
    if event.joined:
        payload["joined"] = [str(u) for u in sorted(event.joined)]
    if event.left:
        payload["left"] = [str(u) for u in sorted(event.left)]
    return payload


def event_from_row(row: db.Row, tag_before: int = 0) -> Event:
    """A stored row as an Event. `tag_before` matters to live dispatch only."""
    return event_of([row[name] for name in EVENT_NAMES], tag_before)


def event_of(values: Sequence[Any], tag_before: int = 0) -> Event:
    """As event_from_row, of the values of EVENT_NAMES."""
    partition, position, tag, stream_id, kind, payload, hidden_from, created_at = values
    joined = left = hidden = _NOBODY
    if "joined" in payload or "left" in payload:
        payload = dict(payload)
        joined = frozenset(map(UUID, payload.pop("joined", ())))
        left = frozenset(map(UUID, payload.pop("left", ())))
    if hidden_from:
        hidden = frozenset(map(UUID, hidden_from))
    return Event(
        partition, position, tag, tag_before, stream_id, kind, payload, joined, left, hidden, created_at
    )  # fmt: skip


async def _move_memberships(events: Sequence[Event]) -> None:
    """Ends and opens intervals, in one statement each however many people move: the partition is locked meanwhile.

    The services hold the conversations' locks, so nobody else moves these intervals. Within one transaction a person
    may leave and come back, not come and leave again.
    """
    left = [(e.stream_id, user, e.position) for e in events for user in sorted(e.left)]
    joined = [(new_id(), e.stream_id, user, e.partition, e.position) for e in events for user in sorted(e.joined)]
    if left:
        gone = db.table("gone", {"stream_id": "uuid", "user_id": "uuid", "position": "bigint"})
        await db.execute(
            f"UPDATE membership SET to_position = gone.position FROM {gone} WHERE membership.stream_id = gone.stream_id"
            " AND membership.user_id = gone.user_id AND membership.to_position IS NULL",
            *db.table_args(left),
        )
    if joined:
        columns = {
            "id": "uuid", "stream_id": "uuid", "user_id": "uuid", "partition": "smallint", "from_position": "bigint",
        }  # fmt: skip
        come = db.table("come", columns)
        await db.execute(
            f"INSERT INTO membership ({', '.join(columns)}) SELECT {', '.join(columns)} FROM {come}",
            *db.table_args(joined),
        )
