"""Scheduled messages: drafts that the server sends at their time, by the database's clock, exactly once.

A job waits for each. Sending and writing down that it was sent are one transaction under the row's lock, so neither two
workers nor a crash send it twice, and cancelling comes before or after, never between. What a dead job left behind is
found again by a sweep.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import orjson
from tortoise.exceptions import IntegrityError

from app.accounts.sessions import lock_user
from app.core import db, log
from app.core.clock import new_id, now
from app.core.errors import ErrorCode, UnavailableError, UserFault
from app.core.jobs import enqueue, job, schedule
from app.core.runtime import current
from app.core.viewer import Viewer
from app.messages.content import NewMessage, check_draft
from app.messages.deleting import ERASED
from app.messages.details import NO_DETAILS, details_from
from app.messages.records import Draft, MessageKind, MessageRow, attachment_of
from app.messages.sending import find_refusal, write_batch

_SWEEP = 500


class ScheduledMessageState(StrEnum):
    PENDING = "PENDING"
    SENT = "SENT"
    FAILED = "FAILED"
    CANCELED = "CANCELED"


@dataclass(slots=True, frozen=True)
class ScheduledRow:
    """A scheduled message as stored. `fault` is why it could not be sent."""

    id: UUID
    user_id: UUID
    conversation_id: UUID
    client_message_id: str
    content: Mapping[str, Any]
    send_at: datetime
    state: ScheduledMessageState
    message_id: UUID | None
    fault: UserFault | None
    created_at: datetime

    @property
    def draft(self) -> Draft:
        """What is to be sent."""
        content = self.content
        reply_to, root, details = (content.get(key) for key in ("replyTo", "threadRoot", "details"))
        return Draft(
            self.conversation_id, self.user_id, self.client_message_id, content["text"],
            UUID(reply_to) if reply_to else None, UUID(root) if root else None,
            content.get("mentionsEveryone", False), content.get("silent", False), MessageKind(content["kind"]),
            details_from(details) if details else NO_DETAILS,
            tuple(attachment_of(parts) for parts in content.get("attachments", ())),
        )  # fmt: skip


def _content(draft: Draft) -> dict[str, Any]:
    """A draft as it is stored, what is there only."""
    parts = {
        "text": draft.text,
        "kind": draft.kind,
        "replyTo": str(draft.reply_to_id) if draft.reply_to_id else None,
        "threadRoot": str(draft.thread_root_id) if draft.thread_root_id else None,
        "mentionsEveryone": draft.mentions_everyone or None,
        "silent": draft.silent or None,
        "details": draft.details.to_json(),
        "attachments": [one.to_json() for one in draft.attachments] or None,
    }
    return {key: value for key, value in parts.items() if value is not None or key == "text"}


_COLUMNS = (
    "s.id, s.user_id, s.conversation_id, s.client_message_id, s.content, s.send_at, s.state, s.message_id, s.error,"
    " s.created_at"
)


def _scheduled_from(row: db.Row) -> ScheduledRow:
    error = row["error"]
    fault = UserFault(ErrorCode(error["code"]), error["message"]) if error else None
    return ScheduledRow(
        row["id"], row["user_id"], row["conversation_id"], row["client_message_id"], row["content"], row["send_at"],
        ScheduledMessageState(row["state"]), row["message_id"], fault, row["created_at"],
    )  # fmt: skip


# ── reading ───────────────────────────────────────────────────────────────────────────────────────


async def load_scheduled(keys: Sequence[tuple[UUID, UUID]]) -> list[ScheduledRow | None]:
    """(user, id) → the person's own scheduled message."""
    sql = f"SELECT {_COLUMNS} FROM scheduled_message s WHERE s.id = ANY($1::uuid[])"
    found = {row["id"]: _scheduled_from(row) for row in await db.rows(sql, list({id_ for _, id_ in keys}))}
    rows = [(user_id, found.get(id_)) for user_id, id_ in keys]
    return [row if row is not None and row.user_id == user_id else None for user_id, row in rows]


async def list_scheduled(
    viewer: Viewer, size: int, *, conversation_id: UUID | None = None, after: tuple[datetime, UUID] | None = None
) -> list[ScheduledRow]:
    """What waits for its time or could not be sent, the next first: a page, with one more when there are more."""
    where, args = "s.user_id = $1 AND s.state IN ('PENDING', 'FAILED')", [viewer.user_id, size + 1]
    if conversation_id is not None:
        args.append(conversation_id)
        where += f" AND s.conversation_id = ${len(args)}"
    if after is not None:
        args += after
        where += f" AND (s.send_at, s.id) > (${len(args) - 1}, ${len(args)})"
    sql = f"SELECT {_COLUMNS} FROM scheduled_message s WHERE {where} ORDER BY s.send_at, s.id LIMIT $2"
    return [_scheduled_from(row) for row in await db.rows(sql, *args)]


# ── changing ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True, frozen=True)
class SendScheduled:
    """Sends a scheduled message."""

    scheduled_id: str


@db.retried
async def schedule_message(viewer: Viewer, new: NewMessage, send_at: datetime) -> ScheduledRow:
    """Has the message sent at that time; a repeat gives the first one again.

    Raises what sending it now would (slow mode aside), INVALID for a time that has passed or is too far ahead,
    LIMIT_REACHED for too many that wait, CONFLICT for a clientMessageId used with other content or another time.
    """
    draft = check_draft(viewer, new)
    settings = current().settings.messages
    async with log.transaction():
        await lock_user(viewer.user_id)
        if (first := await _find_first(draft)) is not None:
            if dict(first.content) not in (_content(draft), ERASED) or first.send_at != send_at or (
                first.conversation_id != draft.conversation_id
            ):  # fmt: skip
                words = "This clientMessageId was used for another message."
                raise UserFault(ErrorCode.CONFLICT, words, field=("clientMessageId",))
            return first
        wait = (send_at - await db.now()).total_seconds()
        if wait <= 0:
            raise UserFault(ErrorCode.INVALID, "This time has passed.", field=("sendAt",))
        if wait > settings.scheduled_ahead_seconds:
            days = settings.scheduled_ahead_seconds // 86400
            raise UserFault(
                ErrorCode.INVALID, f"Schedule at most {days} days ahead.", field=("sendAt",),
                limit=settings.scheduled_ahead_seconds,
            )  # fmt: skip
        await _check_room(viewer, settings.scheduled_pending)
        if (fault := await find_refusal(draft)) is not None:
            raise fault
        row = await _insert(draft, send_at)
        await enqueue(SendScheduled(str(row.id)), delay=wait, unique_key=str(row.id))
        _announce(row)
    return row


async def _find_first(draft: Draft) -> ScheduledRow | None:
    found = await db.row(
        f"SELECT {_COLUMNS} FROM scheduled_message s WHERE s.user_id = $1 AND s.client_message_id = $2",
        draft.sender_id, draft.client_message_id,
    )  # fmt: skip
    return _scheduled_from(found) if found else None


async def _check_room(viewer: Viewer, most: int) -> None:
    found = await db.row(
        "SELECT count(*) AS pending FROM scheduled_message WHERE user_id = $1 AND state = 'PENDING'", viewer.user_id
    )
    if found is not None and found["pending"] >= most:
        raise UserFault(ErrorCode.LIMIT_REACHED, f"At most {most} messages can wait for their time.", limit=most)


async def _insert(draft: Draft, send_at: datetime) -> ScheduledRow:
    row = ScheduledRow(
        new_id(), draft.sender_id, draft.conversation_id, draft.client_message_id, _content(draft), send_at,
        ScheduledMessageState.PENDING, None, None, now(),
    )  # fmt: skip
    await db.execute(
        "INSERT INTO scheduled_message (id, user_id, conversation_id, client_message_id, content, send_at, state,"
        " created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)",
        row.id, row.user_id, row.conversation_id, row.client_message_id, orjson.dumps(row.content).decode(), send_at,
        row.state, row.created_at,
    )  # fmt: skip
    return row


@db.retried
async def cancel_scheduled_message(viewer: Viewer, scheduled_id: UUID) -> ScheduledRow:
    """Takes it back before it is sent, or dismisses one that failed. Raises NOT_FOUND, CONFLICT once it was sent."""
    async with log.transaction():
        row = await _lock(scheduled_id)
        if row is None or row.user_id != viewer.user_id:
            words = "There is no such scheduled message."
            raise UserFault(ErrorCode.NOT_FOUND, words, field=("scheduledMessageId",))
        if row.state is ScheduledMessageState.SENT:
            raise UserFault(ErrorCode.CONFLICT, "It was sent already.", field=("scheduledMessageId",))
        if row.state is ScheduledMessageState.CANCELED:
            return row
        await db.execute(
            "UPDATE scheduled_message SET state = 'CANCELED', updated_at = $1 WHERE id = $2", now(), scheduled_id
        )
        _announce(row)
    (row,) = await load_scheduled([(viewer.user_id, scheduled_id)])
    assert row is not None, "rows go with their owner"
    return row


async def _lock(scheduled_id: UUID) -> ScheduledRow | None:
    await db.rows("SELECT id FROM scheduled_message WHERE id = $1 FOR NO KEY UPDATE", scheduled_id)
    found = await db.row(f"SELECT {_COLUMNS} FROM scheduled_message s WHERE s.id = $1", scheduled_id)
    return _scheduled_from(found) if found else None


def _announce(row: ScheduledRow) -> None:
    log.record(log.NewEvent(row.user_id, "SCHEDULED_MESSAGE_CHANGED", {"scheduledMessageId": str(row.id)}))


# ── sending ───────────────────────────────────────────────────────────────────────────────────────


@job("messages.sendScheduled", seconds=30)
async def send_scheduled(work: SendScheduled) -> None:
    """Sends it, unless it was sent or canceled. What refuses it is kept with it; slow mode leaves it to the sweep."""
    try:
        await _send(UUID(work.scheduled_id))
    except IntegrityError:  # the same clientMessageId was being sent elsewhere: now that can be seen
        await _send(UUID(work.scheduled_id))


@db.retried
async def _send(scheduled_id: UUID) -> None:
    (place,) = await db.rows("SELECT conversation_id, user_id FROM scheduled_message WHERE id = $1", scheduled_id) or (
        None,
    )
    if place is None:  # erased with its author
        return
    async with log.transaction():
        # A job waits for what a lane would leave to another batch.
        await db.rows("SELECT id FROM conversation WHERE id = $1 FOR NO KEY UPDATE", place["conversation_id"])
        await db.rows(
            "SELECT id FROM member WHERE conversation_id = $1 AND user_id = $2 FOR NO KEY UPDATE", *place.values()
        )
        row = await _lock(scheduled_id)
        if row is None or row.state is not ScheduledMessageState.PENDING:
            return
        (outcome,) = await write_batch([row.draft])
        if outcome is None:
            raise UnavailableError
        if isinstance(outcome, UserFault) and outcome.code is ErrorCode.COOLDOWN:
            return
        await _settle(row, outcome)


async def _settle(row: ScheduledRow, outcome: MessageRow | UserFault) -> None:
    """Writes down what became of it, and tells its author."""
    error = None
    if isinstance(outcome, UserFault):
        error = orjson.dumps({"code": outcome.code, "message": outcome.message}).decode()
    await db.execute(
        "UPDATE scheduled_message SET state = $1, message_id = $2, error = $3, updated_at = $4 WHERE id = $5",
        ScheduledMessageState.FAILED if error else ScheduledMessageState.SENT,
        outcome.id if isinstance(outcome, MessageRow) else None, error, now(), row.id,
    )  # fmt: skip
    _announce(row)


@schedule("messages.dueScheduled", every=60)
async def find_due() -> int:
    """Has sent what is due and whose job is gone: given up, or held back by slow mode."""
    found = await db.rows(
        f"SELECT id FROM scheduled_message WHERE state = 'PENDING' AND send_at <= {db.now_sql()}"
        " ORDER BY send_at LIMIT $1",
        _SWEEP,
    )
    async with log.transaction():
        added = [await enqueue(SendScheduled(str(row["id"])), unique_key=str(row["id"])) for row in found]
    return sum(added)


@schedule("messages.forgetScheduled", every=3600)
async def forget_done() -> int:
    """Deletes what was sent, canceled or failed long ago."""
    before = await db.now() - timedelta(seconds=current().settings.messages.scheduled_keep_seconds)
    return await db.execute(
        "DELETE FROM scheduled_message WHERE id IN (SELECT id FROM scheduled_message WHERE state <> 'PENDING'"
        " AND updated_at < $1 LIMIT $2)",
        before, _SWEEP,
    )  # fmt: skip
