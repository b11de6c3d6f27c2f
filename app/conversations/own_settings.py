"""Changing what a member set for themselves. Each change is told to all devices of the person, and to nobody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final
from uuid import UUID

from app.accounts.sessions import lock_users
from app.conversations.access import Access, access_from, check_participant, require_conversation
from app.conversations.own_state import (
    NotificationLevel,
    OwnState,
    load_labels_in_use,
    load_own_labels,
    load_own_states,
)
from app.conversations.records import CONVERSATION_COLUMNS, MEMBER_COLUMNS
from app.core import db, log
from app.core.clock import new_id, now
from app.core.errors import ErrorCode, UserFault
from app.core.text import check_name, is_blank
from app.core.viewer import Viewer
from app.settings import Settings

LABEL_LENGTH = 50
_UNFIT = "\x00"


class Kept(Enum):
    """Stands for a setting that stays as it is."""

    KEPT = "kept"


KEPT: Final = Kept.KEPT


@dataclass(slots=True, frozen=True)
class OwnChanges:
    """What is to be changed; None clears."""

    muted_until: datetime | Kept | None = KEPT
    is_archived: bool | Kept | None = KEPT
    is_pinned: bool | Kept | None = KEPT
    labels: list[str] | Kept | None = KEPT
    notification_level: NotificationLevel | Kept | None = KEPT
    draft: str | Kept | None = KEPT


@db.retried
async def update_conversation_settings(
    viewer: Viewer, conversation_id: UUID, changes: OwnChanges, *, settings: Settings
) -> Access:
    """Changes the viewer's own state in a conversation; what it is already changes nothing and is not announced.

    Raises NOT_FOUND or NOT_PARTICIPANT for the conversation, INVALID for an instant in the past, a label that is no
    name, or a draft that can't be kept; TOO_LONG for those two; LIMIT_REACHED for labels and pins.
    """
    labels = _check_labels(changes.labels, settings.conversations.labels_per_conversation)
    draft = _check_draft(changes.draft, settings.messages.length)
    if isinstance(changes.muted_until, datetime) and changes.muted_until <= now():
        raise UserFault(ErrorCode.INVALID, "Choose an instant in the future.", field=("mutedUntil",))
    async with log.transaction():
        await lock_users([viewer.user_id])  # their devices, one after another: pins and labels are counted
        access = await lock_own_membership(viewer, conversation_id)
        key = (viewer.user_id, conversation_id)
        before = (await load_own_states([key]))[0]
        wanted = _wanted(access, before, changes, draft)
        if "pinned_at" in wanted and wanted["pinned_at"] is not None:
            await _check_pins(viewer, settings.conversations.pinned)
        relabelled = labels is not None and labels != (await load_own_labels([key]))[0]
        if relabelled:
            assert labels is not None
            await _set_labels(viewer, conversation_id, labels, most=settings.conversations.labels)
        if wanted:
            columns = ", ".join(f"{name} = ${n}" for n, name in enumerate(wanted, 2))
            await db.execute(f"UPDATE member SET {columns} WHERE id = $1", access.member.id, *wanted.values())
        if wanted or relabelled:
            tell_own_devices(viewer, conversation_id)
        return await require_conversation(viewer, conversation_id)


def tell_own_devices(viewer: Viewer, conversation_id: UUID) -> None:
    """Inside a transaction: the viewer's own state in a conversation changed."""
    payload = {"conversationId": str(conversation_id)}
    log.record(log.NewEvent(viewer.user_id, "CONVERSATION_SETTINGS_CHANGED", payload))


async def lock_own_membership(viewer: Viewer, conversation_id: UUID) -> Access:
    """Takes the lock of the viewer's membership, then reads it. For what is the viewer's own, whatever happens in the
    conversation meanwhile. Raises NOT_FOUND, also for what is not in the list, or NOT_PARTICIPANT."""
    own = "m.user_id = $1 AND m.conversation_id = $2"
    await db.rows(f"SELECT m.id FROM member m WHERE {own} FOR NO KEY UPDATE", viewer.user_id, conversation_id)
    row = await db.row(
        f"SELECT {CONVERSATION_COLUMNS}, {MEMBER_COLUMNS} FROM member m"
        f" JOIN conversation c ON c.id = m.conversation_id WHERE {own}",
        viewer.user_id,
        conversation_id,
    )
    access = check_participant(access_from(row) if row else None)
    return access if access.member.is_listed else check_participant(None)


def _wanted(access: Access, before: OwnState, changes: OwnChanges, draft: str | Kept | None) -> dict[str, object]:
    """The columns that change, with their new values."""
    at = now()
    wanted: dict[str, object] = {}
    if changes.muted_until is not KEPT and changes.muted_until != before.muted_until:
        wanted["muted_until"] = changes.muted_until
    if changes.is_archived is not KEPT and bool(changes.is_archived) != before.is_archived:
        last_seq = access.conversation.last_seq_for(access.member.user_id)
        wanted["archived_seq"] = last_seq if changes.is_archived else None
    if changes.is_pinned is not KEPT and bool(changes.is_pinned) != before.is_pinned:
        wanted["pinned_at"] = at if changes.is_pinned else None
    if changes.notification_level is not KEPT:
        level = changes.notification_level or NotificationLevel.ALL
        if level is not before.notification_level:
            wanted["notification_level"] = level.value
    if draft is not KEPT and draft != before.draft:
        wanted |= {"draft": draft, "draft_updated_at": at}
    return wanted


def _check_labels(labels: list[str] | Kept | None, most: int) -> list[str] | None:
    """The labels, each once and in order; None when they stay."""
    if isinstance(labels, Kept):
        return None
    if len(labels or ()) > most:
        message = f"A conversation has at most {most} labels."
        raise UserFault(ErrorCode.LIMIT_REACHED, message, field=("labels",), limit=most)
    return sorted({check_name(label, field=("labels",), limit=LABEL_LENGTH) for label in labels or ()})


def _check_draft(draft: str | Kept | None, limit: int) -> str | Kept | None:
    """The draft as typed, white space and all; None when nothing of it would be seen."""
    if draft is None or isinstance(draft, Kept):
        return draft
    if len(draft) > limit:
        raise UserFault(ErrorCode.TOO_LONG, f"Use at most {limit} characters.", field=("draft",), limit=limit)
    if _UNFIT in draft or any("\ud800" <= c <= "\udfff" for c in draft):
        raise UserFault(ErrorCode.INVALID, "This text has characters that can't be kept.", field=("draft",))
    return None if is_blank(draft) else draft


async def _check_pins(viewer: Viewer, most: int) -> None:
    row = await db.row(
        "SELECT count(*) AS total FROM member WHERE user_id = $1 AND left_at IS NULL AND pinned_at IS NOT NULL",
        viewer.user_id,
    )
    if row and row["total"] >= most:
        message = f"You can pin at most {most} conversations."
        raise UserFault(ErrorCode.LIMIT_REACHED, message, field=("isPinned",), limit=most)


async def _set_labels(viewer: Viewer, conversation_id: UUID, labels: list[str], *, most: int) -> None:
    """Replaces the labels of a conversation. Raises LIMIT_REACHED when there would be too many different ones."""
    await db.execute(
        "DELETE FROM conversation_label WHERE user_id = $1 AND conversation_id = $2", viewer.user_id, conversation_id
    )
    (in_use,) = await load_labels_in_use([viewer.user_id])  # as viewer.labels: not those on what was left
    if len({*in_use, *labels}) > most:
        message = f"You can have at most {most} different labels."
        raise UserFault(ErrorCode.LIMIT_REACHED, message, field=("labels",), limit=most)
    await db.execute_many(
        "INSERT INTO conversation_label (id, user_id, conversation_id, label, created_at) VALUES ($1, $2, $3, $4, $5)",
        [(new_id(), viewer.user_id, conversation_id, label, now()) for label in labels],
    )
