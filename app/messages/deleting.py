"""Deleting messages: for everyone, which erases the content at once and leaves a tombstone, or for oneself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import orjson

from app.conversations.records import STAFF, ConversationKind, ConversationRow, MemberRow
from app.core import db, log
from app.core.clock import new_id, now
from app.core.errors import ErrorCode, UserFault
from app.core.runtime import current
from app.core.viewer import Viewer
from app.messages.access import check_window, lock_message, unseen_by
from app.messages.details import NO_DETAILS
from app.messages.records import MessageKind, MessageRow

# What else holds or tells of a message's content; gone with it.
_BESIDE = ("message_revision", "message_mention", "reaction", "pin", "saved_message", "attachment")


# The content that a scheduled message has once what it became was deleted for everyone.
ERASED = {"text": None, "kind": MessageKind.TEXT.value}


class DeleteScope(StrEnum):
    FOR_ME = "FOR_ME"
    FOR_EVERYONE = "FOR_EVERYONE"


@dataclass(slots=True, frozen=True)
class Deleted:
    """What became of a message: for everyone a tombstone, for the viewer alone nothing."""

    message_id: UUID
    conversation_id: UUID
    tombstone: MessageRow | None = None


def is_deletable(message: MessageRow, conversation: ConversationRow, member: MemberRow) -> bool:
    """Whether the member may delete it for everyone, the time aside."""
    if message.deleted_at is not None or message.kind is MessageKind.SYSTEM:
        return False
    return message.sender_id == member.user_id or _is_staff(conversation, member)


def _is_staff(conversation: ConversationRow, member: MemberRow) -> bool:
    return conversation.kind is not ConversationKind.DIRECT and member.role in STAFF


@db.retried
async def delete_message(viewer: Viewer, message_id: UUID, scope: DeleteScope) -> Deleted:
    """Deletes a message; again changes nothing.

    Raises NOT_FOUND, NOT_PARTICIPANT; for everyone also NOT_OWNER to whoever is neither its author nor one of the
    owner and admins, FORBIDDEN for notices, EDIT_WINDOW_PASSED.
    """
    async with log.transaction():
        if scope is DeleteScope.FOR_ME:
            return await _delete_for_me(viewer, message_id)
        held = await lock_message(viewer, message_id)
        message, conversation, member = held.message, held.access.conversation, held.access.member
        if message.sender_id != viewer.user_id and not _is_staff(conversation, member):
            words = "Only its author, or the group's owner and admins, can delete a message for everyone."
            raise UserFault(ErrorCode.NOT_OWNER, words, field=("messageId",))
        if message.kind is MessageKind.SYSTEM:
            raise UserFault(ErrorCode.FORBIDDEN, "Notices can't be deleted for everyone.", field=("messageId",))
        if message.deleted_at is not None:
            return Deleted(message.id, message.conversation_id, message)
        if not _is_staff(conversation, member):
            await check_window(message, current().settings.messages.delete_window_seconds)
        at = now()
        await erase([message.id], at)
        log.record(
            log.NewEvent(
                message.conversation_id,
                "MESSAGE_DELETED",
                _facts(message, scope, viewer),
                hidden_from=held.hidden_from,
            )
        )
    return Deleted(message.id, message.conversation_id, _tombstone(message, at))


def _tombstone(message: MessageRow, at: datetime) -> MessageRow:
    """What is left of a message deleted for everyone: it no longer disappears."""
    return replace(message, text=None, details=NO_DETAILS, mentions_everyone=False, deleted_at=at, expires_at=None)


async def erase(message_ids: Sequence[UUID], at: datetime, *, disappeared: bool = False) -> None:
    """Takes the content of messages, and all that goes with it. The conversations' locks are held."""
    ids = list(message_ids)
    stays = "" if disappeared else ", expires_at = NULL"
    await db.execute(
        # No hash either: a short text could be guessed from it. Empty, it takes any repeat for the same.
        "UPDATE message SET text = NULL, details = NULL, mentions_everyone = $1, deleted_at = $2, updated_at = $2,"
        " content_hash = CASE WHEN content_hash IS NOT NULL THEN '' END"
        f"{stays}"
        " WHERE id = ANY($3::uuid[])",
        False, at, ids,
    )  # fmt: skip
    for table in _BESIDE:
        await db.execute(f"DELETE FROM {table} WHERE message_id = ANY($1::uuid[])", ids)
    # What was scheduled keeps its row, for its author's devices. Found by its unique key: message_id has no index.
    await db.execute(
        "UPDATE scheduled_message SET content = $1 FROM message m WHERE m.id = ANY($2::uuid[])"
        " AND scheduled_message.user_id = m.sender_id AND scheduled_message.client_message_id = m.client_message_id"
        " AND scheduled_message.message_id = m.id",
        orjson.dumps(ERASED).decode(), ids,
    )  # fmt: skip


async def erase_and_tell(message_ids: Sequence[UUID], *, disappeared: bool = False) -> int:
    """As `erase`, of those not deleted yet and no notices, and announces each; returns how many. Without an actor: it
    is the work of a job."""
    rows = await db.rows(
        "SELECT m.id, m.conversation_id, m.seq, m.is_hidden, m.sender_id, c.direct_key FROM message m"
        " JOIN conversation c ON c.id = m.conversation_id WHERE m.id = ANY($1::uuid[]) AND m.deleted_at IS NULL"
        " AND (m.kind <> $2 OR m.expires_at IS NOT NULL) ORDER BY m.conversation_id, m.seq",
        list(message_ids),
        MessageKind.SYSTEM,
    )
    await erase([row["id"] for row in rows], now(), disappeared=disappeared)
    for row in rows:
        facts = {"messageId": str(row["id"]), "seq": row["seq"], "scope": DeleteScope.FOR_EVERYONE.value}
        if disappeared:
            facts["disappeared"] = True
        log.record(log.NewEvent(row["conversation_id"], "MESSAGE_DELETED", facts, hidden_from=unseen_by(row)))
    return len(rows)


def _facts(message: MessageRow, scope: DeleteScope, viewer: Viewer) -> dict[str, object]:
    return {
        "messageId": str(message.id), "seq": message.seq, "scope": scope.value, "actorId": str(viewer.user_id),
    }  # fmt: skip


async def _delete_for_me(viewer: Viewer, message_id: UUID) -> Deleted:
    try:
        message = (await lock_message(viewer, message_id, may_be_request=True)).message
    except UserFault:
        sql = "SELECT conversation_id FROM deleted_message WHERE user_id = $1 AND message_id = $2"
        if (gone := await db.row(sql, viewer.user_id, message_id)) is None:
            raise
        return Deleted(message_id, gone["conversation_id"])
    await db.execute(
        "INSERT INTO deleted_message (id, user_id, conversation_id, seq, message_id, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6)",
        new_id(), viewer.user_id, message.conversation_id, message.seq, message.id, now(),
    )  # fmt: skip
    saved = "DELETE FROM saved_message WHERE user_id = $1 AND message_id = $2"
    await db.execute(saved, viewer.user_id, message.id)
    facts = {"conversationId": str(message.conversation_id), **_facts(message, DeleteScope.FOR_ME, viewer)}
    log.record(log.NewEvent(viewer.user_id, "MESSAGE_DELETED", facts))
    return Deleted(message.id, message.conversation_id)
