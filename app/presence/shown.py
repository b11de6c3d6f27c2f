"""What there is to see of a person's presence, and what of it somebody sees."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntFlag, StrEnum
from uuid import UUID

from app.core.clock import now
from app.core.runtime import current
from app.presence.board import DeviceBoard
from app.presence.records import PresenceRecord, load_records, minute_of


class PresenceState(StrEnum):
    """How reachable somebody is."""

    ONLINE = "ONLINE"
    AWAY = "AWAY"
    BUSY = "BUSY"
    OFFLINE = "OFFLINE"


class Sight(IntFlag):
    """What one person may see of another's presence."""

    NOTHING = 0
    STATE = 1
    LAST_SEEN = 2


@dataclass(slots=True, frozen=True)
class Shown:
    """All there is to see of somebody. `last_seen_at`: the end of their last visit, not of this one."""

    state: PresenceState
    last_seen_at: datetime | None = None
    status_text: str | None = None
    status_emoji: str | None = None
    status_expires_at: datetime | None = None

    def seen_with(self, sight: Sight) -> Shown | None:
        """What of it somebody may see; None for nothing. Without the state everybody looks offline, and the last visit
        is told whether or not there is one now."""
        if not sight:
            return None
        if Sight.STATE not in sight:
            return Shown(PresenceState.OFFLINE, self.last_seen_at)
        if Sight.LAST_SEEN not in sight or self.state is not PresenceState.OFFLINE:
            return replace(self, last_seen_at=None)
        return self


def show(record: PresenceRecord, devices: Collection[UUID], left_at: datetime | None) -> Shown:
    """How a person looks with this record, while these devices of theirs are online; `left_at` is when they went, if
    that may not be stored yet. The highest state wins: busy, online, away."""
    is_there = bool(devices) and not record.is_invisible
    last_seen = record.last_seen_at
    if not is_there and not record.is_invisible:
        ends = [at for at in (record.last_seen_at, record.active_at, left_at and minute_of(left_at)) if at]
        last_seen = max(ends, default=None)
    shown = Shown(_state(record, devices) if is_there else PresenceState.OFFLINE, last_seen)
    if record.status_expires_at is not None and record.status_expires_at <= now():
        return shown
    return replace(
        shown,
        status_text=record.status_text,
        status_emoji=record.status_emoji,
        status_expires_at=record.status_expires_at,
    )


def _state(record: PresenceRecord, devices: Collection[UUID]) -> PresenceState:
    if record.is_busy:
        return PresenceState.BUSY
    return PresenceState.AWAY if set(devices) <= record.away_devices else PresenceState.ONLINE


async def load_shown(user_ids: Sequence[UUID]) -> list[Shown | None]:
    """Batch function: how these people look now; None where that is unknown. One statement; who is online is in
    memory."""
    board = current().part(DeviceBoard)
    records = await load_records(user_ids)
    return [
        show(record, tuple(board.devices(user_id)), board.left_at(user_id)) if board.knows(user_id) else None
        for user_id, record in zip(user_ids, records, strict=True)
    ]
