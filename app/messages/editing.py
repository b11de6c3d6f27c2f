"""Editing one's own messages. What they said before is kept, and shown to whoever sees the message."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from app.core import db, log
from app.core.clock import new_id, now
from app.core.errors import ErrorCode, UserFault
from app.core.runtime import current
from app.core.viewer import Viewer
from app.messages.access import check_there, check_window, lock_message, window_end
from app.messages.content import check_mentions, check_message_text
from app.messages.details import NO_DETAILS, MentionSpan, OwnEdit
from app.messages.records import MessageKind, MessageRow
from app.messages.references import follow

EDITABLE = frozenset((MessageKind.TEXT,))


@dataclass(slots=True, frozen=True)
class Revision:
    """What a message said from `edited_at` on, until the next edit."""

    text: str | None
    edited_at: datetime


def edit_until(message: MessageRow) -> datetime | None:
    """Until when its sender may edit it; None: without limit."""
    return window_end(message, current().settings.messages.edit_window_seconds)


def is_editable(message: MessageRow, user_id: UUID) -> bool:
    """Whether the person may edit it, the time aside."""
    return message.sender_id == user_id and _has_own_text(message) and message.deleted_at is None


def _has_own_text(message: MessageRow) -> bool:
    """What was forwarded tells whose it was: it must stay what they said."""
    return message.kind in EDITABLE and message.details.forwarded is None


@db.retried
async def edit_message(viewer: Viewer, message_id: UUID, text: str, mentions: Sequence[MentionSpan]) -> MessageRow:
    """Gives the viewer's own message another text and other mentions; the same ones change nothing.

    Nothing of it reaches the other person of a direct conversation who blocks the viewer: the message says from then on
    another thing to its author, also after further edits, and after the block.

    Raises CONTENT_EMPTY, TOO_LONG, INVALID, LIMIT_REACHED (mentions, or edits of this message), NOT_FOUND (also for
    mentioning somebody who is not in the conversation), NOT_PARTICIPANT, NOT_OWNER, FORBIDDEN for what has no text to
    edit and while the viewer blocks the other, EDIT_WINDOW_PASSED.
    """
    new_text = check_message_text(text, empty=ErrorCode.CONTENT_EMPTY)
    spans = check_mentions(text, new_text or "", mentions)
    async with log.transaction():
        held = await lock_message(viewer, message_id)
        message = held.message
        if message.sender_id != viewer.user_id:
            raise UserFault(ErrorCode.NOT_OWNER, "Only its author can edit a message.", field=("messageId",))
        check_there(message)
        if not _has_own_text(message):
            words = "Only text messages that were not forwarded can be edited."
            raise UserFault(ErrorCode.FORBIDDEN, words, field=("messageId",))
        details = replace(message.details, mentions=spans)
        if (message.text, message.details) == (new_text, details):
            return message
        await _check_may(message)
        hidden_from = await held.add(is_hidden=held.stored.details.own_edit is not None)
        await _check_mentioned(message.conversation_id, spans)
        edited = replace(message, text=new_text, details=details, edited_at=now())
        await _keep_revision(message)
        if hidden_from and not message.is_hidden:
            await _write_own(held.stored, edited)
        else:
            await _write(message, edited)
        payload = {"messageId": str(message.id), "seq": message.seq}
        log.record(log.NewEvent(message.conversation_id, "MESSAGE_EDITED", payload, hidden_from=hidden_from))
    return edited


async def _check_may(message: MessageRow) -> None:
    await check_window(message, current().settings.messages.edit_window_seconds)
    settings = current().settings.messages
    most = settings.edits_per_message
    row = await db.row(
        "SELECT count(*) AS total, coalesce(sum(length(text)), 0) AS length FROM message_revision"
        " WHERE message_id = $1",
        message.id,
    )
    assert row is not None, "a count has a row"
    # A page of messages shows all they ever said: it must stay one that can be shown.
    if row["length"] + len(message.text or "") > settings.revisions_length:
        words = "This message has been edited too much."
        raise UserFault(ErrorCode.LIMIT_REACHED, words, field=(), limit=row["total"])
    if row["total"] >= most:
        raise UserFault(ErrorCode.LIMIT_REACHED, f"A message can be edited {most} times.", field=(), limit=most)


async def _check_mentioned(conversation_id: UUID, spans: Sequence[MentionSpan]) -> None:
    if not spans:
        return
    found = await db.rows(
        "SELECT user_id FROM member WHERE conversation_id = $1 AND user_id = ANY($2::uuid[]) AND left_at IS NULL",
        conversation_id,
        list({span.user_id for span in spans}),
    )
    members = {row["user_id"] for row in found}
    for n, span in enumerate(spans):
        if span.user_id not in members:
            words = "Only members of the conversation can be mentioned."
            raise UserFault(ErrorCode.NOT_FOUND, words, field=("mentions", str(n), "userId"))


async def _keep_revision(before: MessageRow) -> None:
    """What somebody who edits a message saw of it: readers are shown those from before the edit that they see."""
    await db.execute(
        "INSERT INTO message_revision (id, message_id, text, edited_at) VALUES ($1, $2, $3, $4)",
        new_id(), before.id, before.text, before.edited_at or before.created_at,
    )  # fmt: skip


async def _write_own(stored: MessageRow, after: MessageRow) -> None:
    """Beside what the message says to the other, who is mentioned in nothing new, either."""
    assert after.edited_at is not None, "it was edited now"
    details = replace(stored.details, own_edit=OwnEdit(after.text, after.details.mentions, after.edited_at))
    await db.execute("UPDATE message SET details = $1 WHERE id = $2", details.to_json(), stored.id)


async def _write(before: MessageRow, after: MessageRow) -> None:
    await db.execute(
        "UPDATE message SET text = $1, details = $2, edited_at = $3, updated_at = $3 WHERE id = $4",
        after.text, after.details.to_json(), after.edited_at, after.id,
    )  # fmt: skip
    mentioned = {span.user_id for span in after.details.mentions} - {after.sender_id}
    if before.details.mentions != after.details.mentions:
        await db.execute("DELETE FROM message_mention WHERE message_id = $1", after.id)
        if not after.is_hidden:  # what is hidden from somebody mentions them not
            await db.execute_many(
                "INSERT INTO message_mention (id, user_id, conversation_id, seq, message_id)"
                " VALUES ($1, $2, $3, $4, $5)",
                [(new_id(), user_id, after.conversation_id, after.seq, after.id) for user_id in sorted(mentioned)],
            )
            if after.thread_root_id is not None and mentioned:
                assert after.edited_at is not None, "it was edited just now"
                await follow([(user_id, after.thread_root_id) for user_id in sorted(mentioned)], after.edited_at)


def as_it_was(message: MessageRow, revisions: Sequence[Revision], at: datetime) -> MessageRow:
    """The message as it read at an instant, for somebody who left then. `revisions` are newest first."""
    if message.edited_at is None or message.edited_at <= at or message.deleted_at is not None:
        return message
    said = next((revision for revision in revisions if revision.edited_at <= at), None)
    if said is None:
        return replace(message, text=None, details=NO_DETAILS)
    is_first = said.edited_at == message.created_at
    return replace(message, text=said.text, details=NO_DETAILS, edited_at=None if is_first else said.edited_at)


async def load_revisions(message_ids: Sequence[UUID]) -> list[list[Revision]]:
    """Message → what it said before its edits, newest first."""
    found = await db.rows(
        "SELECT message_id, text, edited_at FROM message_revision WHERE message_id = ANY($1::uuid[])"
        " ORDER BY message_id, edited_at DESC, id DESC",
        list(message_ids),
    )
    revisions: dict[UUID, list[Revision]] = defaultdict(list)
    for row in found:
        revisions[row["message_id"]].append(Revision(row["text"], row["edited_at"]))
    return [revisions[message_id] for message_id in message_ids]
