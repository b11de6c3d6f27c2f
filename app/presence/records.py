"""What is stored about people's presence: what they said of themselves, and when they were last there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from app.accounts.loaders import load_users
from app.core import db
from app.core.clock import now

BATCH = 500


@dataclass(slots=True, frozen=True)
class Status:
    """What somebody is up to, in their words."""

    text: str | None = None
    emoji: str | None = None
    expires_at: datetime | None = None


NO_STATUS = Status()


@dataclass(slots=True, frozen=True)
class PresenceRecord:
    """One person's row, or what holds for who has none. `shown_status`: what others see of somebody invisible."""

    is_busy: bool = False
    is_invisible: bool = False
    away_devices: frozenset[UUID] = frozenset()
    status: Status = NO_STATUS
    shown_status: Status = NO_STATUS
    last_seen_at: datetime | None = None
    active_at: datetime | None = None


NOTHING = PresenceRecord()


async def load_records(user_ids: Sequence[UUID]) -> list[PresenceRecord]:
    """Batch function: the records of these people, in the order asked."""
    found = await db.rows(
        "SELECT user_id, is_busy, is_invisible, away_devices, status_text, status_emoji, status_expires_at,"
        " shown_status, last_seen_at, active_at FROM presence WHERE user_id = ANY($1::uuid[])",
        list(user_ids),
    )
    records = {row["user_id"]: _record(row) for row in found}
    return [records.get(user_id, NOTHING) for user_id in user_ids]


def _record(row: db.Row) -> PresenceRecord:
    status = Status(row["status_text"], row["status_emoji"], row["status_expires_at"])
    return PresenceRecord(
        bool(row["is_busy"]), bool(row["is_invisible"]), frozenset(map(UUID, _json(row["away_devices"]))),
        status if status != NO_STATUS else NO_STATUS, _unpacked(_json(row["shown_status"])),
        row["last_seen_at"], row["active_at"],
    )  # fmt: skip


def _json(value: Any) -> Any:
    return orjson.loads(value) if isinstance(value, str) else value  # SQLite has text


def _packed(status: Status) -> str | None:
    return None if status == NO_STATUS else orjson.dumps(asdict(status)).decode()


def _unpacked(value: Any) -> Status:
    if value is None:
        return NO_STATUS
    at = value["expires_at"]
    return Status(value["text"], value["emoji"], at and datetime.fromisoformat(at))


async def write_record(user_id: UUID, record: PresenceRecord) -> None:
    """Inside a transaction that holds the user's lock: stores all of it."""
    status = record.status
    await db.execute(
        "INSERT INTO presence (user_id, is_busy, is_invisible, away_devices, status_text, status_emoji,"
        " status_expires_at, shown_status, last_seen_at, active_at, created_at, updated_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11) ON CONFLICT (user_id) DO UPDATE SET"
        " is_busy = excluded.is_busy, is_invisible = excluded.is_invisible, away_devices = excluded.away_devices,"
        " status_text = excluded.status_text, status_emoji = excluded.status_emoji,"
        " status_expires_at = excluded.status_expires_at, shown_status = excluded.shown_status,"
        " last_seen_at = excluded.last_seen_at, active_at = excluded.active_at, updated_at = excluded.updated_at",
        user_id, record.is_busy, record.is_invisible, orjson.dumps(sorted(map(str, record.away_devices))).decode(),
        status.text, status.emoji, status.expires_at, _packed(record.shown_status), record.last_seen_at,
        record.active_at, now(),
    )  # fmt: skip


# ── last seen ─────────────────────────────────────────────────────────────────────────────────────

_END = (
    "CASE WHEN presence.active_at IS NULL OR presence.last_seen_at > presence.active_at"
    " THEN presence.last_seen_at ELSE presence.active_at END"
)


def minute_of(at: datetime) -> datetime:
    """As coarse as last seen is kept (reliability.md, section 7: no finer than it is shown)."""
    return at.replace(second=0, microsecond=0)


async def store_came(user_ids: Sequence[UUID], at: datetime) -> None:
    """These came online: their visit before this one has ended when they were last active."""
    for part in _parts(user_ids):
        await _put(part, at, f"last_seen_at = {_END}, active_at = excluded.active_at", last_seen_at=None)


async def store_active(user_ids: Sequence[UUID], at: datetime) -> None:
    """These are online still: what remains if the process is killed."""
    for part in _parts(user_ids):
        await db.execute(
            "UPDATE presence SET active_at = $1, updated_at = $2 WHERE user_id = ANY($3::uuid[]) AND NOT is_invisible",
            minute_of(at), now(), part,
        )  # fmt: skip


async def store_left(user_ids: Sequence[UUID], at: datetime) -> None:
    """These went offline. Perhaps nobody lives who stored that they came; of whoever was erased meanwhile nothing is
    stored again."""
    for part in _parts(user_ids):
        people = [person.id for person in await load_users(part) if person and not person.deleted_at]
        if people:
            what = "last_seen_at = excluded.last_seen_at, active_at = excluded.active_at"
            await _put(people, at, what, last_seen_at=minute_of(at))


async def _put(people: Sequence[UUID], at: datetime, what: str, *, last_seen_at: datetime | None) -> None:
    """Makes the rows of those who have none; changes `what` in the others', unless they are invisible."""
    source = db.table("v", {"user_id": "uuid", "n": "int"}, first=6)
    await db.execute(
        "INSERT INTO presence (user_id, is_busy, is_invisible, away_devices, active_at, last_seen_at, created_at,"
        " updated_at) SELECT v.user_id, $1, $1, $2, $3::timestamptz, $4::timestamptz, $5::timestamptz, $5::timestamptz"
        f" FROM {source} WHERE true ORDER BY v.n ON CONFLICT (user_id) DO UPDATE SET {what},"
        " updated_at = excluded.updated_at WHERE NOT presence.is_invisible",
        False, "[]", minute_of(at), last_seen_at, now(), *db.table_args([(u, n) for n, u in enumerate(people)]),
    )  # fmt: skip


def _parts(user_ids: Sequence[UUID]) -> Iterator[list[UUID]]:
    """In statements of their own, each in the order of their keys: rows are locked so."""
    for start in range(0, len(user_ids), BATCH):
        yield sorted(user_ids[start : start + BATCH])
