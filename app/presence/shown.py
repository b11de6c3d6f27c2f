"""What there is to see of a person's presence, and what of it somebody sees."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntFlag, StrEnum
from uuid import UUID

from app.core.clock import now
from app.core.runtime import current
from app.presence.board import DeviceBoard
from app.presence.records import NO_STATUS, PresenceRecord, Status, load_records, minute_of


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
    OWN = 4  # one's own: also the status that nobody sees while one is invisible


SIGHTS = (Sight.STATE, Sight.LAST_SEEN, Sight.STATE | Sight.LAST_SEEN, Sight.STATE | Sight.LAST_SEEN | Sight.OWN)
"""All there are, but for nothing."""


@dataclass(slots=True, frozen=True)
class Shown:
    """All there is to see of somebody. `last_seen_at`: the end of their last visit, not of this one. `status` is what
    others see, `own_status` what they themselves do."""

    state: PresenceState
    last_seen_at: datetime | None = None
    status: Status = NO_STATUS
    own_status: Status = NO_STATUS

    def seen_with(self, sight: Sight) -> Shown | None:
        """What of it somebody may see; None for nothing. Without the state everybody looks offline, and the last visit
        is told whether or not there is one now."""
        if not sight:
            return None
        if Sight.STATE not in sight:
            return Shown(PresenceState.OFFLINE, self.last_seen_at)
        tells_last_seen = Sight.LAST_SEEN in sight and self.state is PresenceState.OFFLINE
        status = self.own_status if Sight.OWN in sight else self.status
        return Shown(self.state, self.last_seen_at if tells_last_seen else None, status)


def show(record: PresenceRecord, devices: Collection[UUID], left_at: datetime | None) -> Shown:
    """How a person looks with this record, while these devices of theirs are online; `left_at` is when they went, if
    that may not be stored yet. The highest state wins: busy, online, away."""
    is_there = bool(devices) and not record.is_invisible
    last_seen = record.last_seen_at
    if not is_there and not record.is_invisible:
        ends = [at for at in (record.last_seen_at, record.active_at, left_at and minute_of(left_at)) if at]
        last_seen = max(ends, default=None)
    own_status = _lasting(record.status)
    status = _lasting(record.shown_status) if record.is_invisible else own_status
    return Shown(_state(record, devices) if is_there else PresenceState.OFFLINE, last_seen, status, own_status)


def _lasting(status: Status) -> Status:
    return NO_STATUS if status.expires_at is not None and status.expires_at <= now() else status


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
