"""What people say about their own presence."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from app.accounts.devices import load_devices
from app.accounts.sessions import lock_user
from app.accounts.viewer_changes import ViewerChange, record_viewer_change
from app.core import db, log
from app.core.clock import now
from app.core.errors import ErrorCode, UserFault
from app.core.runtime import current
from app.core.text import check_name
from app.core.viewer import Viewer
from app.presence.board import DeviceBoard
from app.presence.records import NO_STATUS, PresenceRecord, load_records, minute_of, write_record
from app.presence.shown import PresenceState

EMOJI_LENGTH = 32


class Keep:
    """The type of KEEP."""


KEEP = Keep()
"""For a field that stays as it is."""


@dataclass(slots=True, frozen=True)
class PresenceChange:
    """What somebody wants to change. `state` is that of the device that asks, except BUSY, which is the person's."""

    state: PresenceState | None = None
    status_text: str | Keep | None = KEEP
    status_emoji: str | Keep | None = KEEP
    status_expires_at: datetime | Keep | None = KEEP
    invisible: bool | None = None


async def set_presence(viewer: Viewer, change: PresenceChange) -> None:
    """Changes what is given and tells the person's devices; the others hear of it as privacy allows.

    Raises FORBIDDEN where the server shows no presence, INVALID (state OFFLINE, text, emoji, an instant that is past),
    TOO_LONG.
    """
    if not current().settings.presence.enabled:
        raise UserFault(ErrorCode.FORBIDDEN, "This server doesn't show who is online.")
    await _set_presence(viewer, _checked(change))


@db.retried
async def _set_presence(viewer: Viewer, change: PresenceChange) -> None:
    async with log.transaction():
        await lock_user(viewer.user_id)
        (old,) = await load_records([viewer.user_id])
        new = await _without_gone_devices(_hidden_or_not(old, _changed(old, change, viewer.device_id), viewer.user_id))
        if new != old:
            await write_record(viewer.user_id, new)
            record_viewer_change(viewer.user_id, ViewerChange.PRESENCE)


def _checked(change: PresenceChange) -> PresenceChange:
    if change.state is PresenceState.OFFLINE:
        raise UserFault(ErrorCode.INVALID, "Nobody is offline by saying so: use invisible.", field=("state",))
    text, emoji, expires_at = change.status_text, change.status_emoji, change.status_expires_at
    if isinstance(text, str):
        limit = current().settings.presence.status_length
        text = check_name(text, field=("statusText",), limit=limit, empty=None) or None
    if isinstance(emoji, str):
        emoji = check_name(emoji, field=("statusEmoji",), limit=EMOJI_LENGTH, empty=None) or None
    if isinstance(expires_at, datetime) and expires_at <= now():
        raise UserFault(ErrorCode.INVALID, "Choose an instant in the future.", field=("statusExpiresAt",))
    return replace(change, status_text=text, status_emoji=emoji)


def _changed(record: PresenceRecord, change: PresenceChange, device_id: UUID) -> PresenceRecord:
    if change.state is not None:
        away = record.away_devices - {device_id}
        if change.state is PresenceState.AWAY:
            away |= {device_id}
        is_busy = change.state is PresenceState.BUSY or (record.is_busy and change.state is PresenceState.AWAY)
        record = replace(record, is_busy=is_busy, away_devices=away)
    if change.invisible is not None:
        record = replace(record, is_invisible=change.invisible)
    return _with_status(record, change)


def _hidden_or_not(old: PresenceRecord, new: PresenceRecord, user_id: UUID) -> PresenceRecord:
    """To the others becoming invisible is a goodbye, after which nothing moves."""
    if not new.is_invisible:
        return replace(new, shown_status=NO_STATUS)
    if old.is_invisible:
        return new
    if any(current().part(DeviceBoard).devices(user_id)):
        at = minute_of(now())
        new = replace(new, last_seen_at=at, active_at=at)
    return replace(new, shown_status=old.status)


async def _without_gone_devices(record: PresenceRecord) -> PresenceRecord:
    """Those that are no more are away from nobody."""
    if len(record.away_devices) < 2:
        return record  # at most the one that asks
    devices = await load_devices(list(record.away_devices))
    return replace(record, away_devices=frozenset(device.id for device in devices if device))


def _with_status(record: PresenceRecord, change: PresenceChange) -> PresenceRecord:
    """A new status lasts until it is changed, unless it says how long: what was said of the old one is over."""
    status = record.status
    if not isinstance(change.status_text, Keep):
        status = replace(status, text=change.status_text, expires_at=None)
    if not isinstance(change.status_emoji, Keep):
        status = replace(status, emoji=change.status_emoji, expires_at=None)
    if not isinstance(change.status_expires_at, Keep):
        status = replace(status, expires_at=change.status_expires_at)
    return replace(record, status=NO_STATUS if status.text is None and status.emoji is None else status)
