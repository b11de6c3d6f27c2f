"""Messages and their circumstances written straight into the tables: what tests of counts and reading need at will."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from app.core import db
from app.core.clock import new_id


async def insert_message(
    conversation_id: UUID,
    sender_id: UUID | None,
    *,
    kind: str = "TEXT",
    thread_root_id: UUID | None = None,
    expires_at: datetime | None = None,
    mentions_everyone: bool = False,
    is_hidden: bool = False,
) -> tuple[UUID, int]:
    """The next message of a conversation, as a send would leave it; returns its id and number."""
    at = datetime.now(UTC)
    (row,) = await db.rows(
        "UPDATE conversation SET last_seq = last_seq + 1, activity_at = $2 WHERE id = $1 RETURNING last_seq",
        conversation_id,
        at,
    )
    message_id, seq = new_id(), row["last_seq"]
    await db.execute(
        "INSERT INTO message (id, conversation_id, seq, sender_id, kind, text, thread_root_id, expires_at,"
        " mentions_everyone, is_hidden, silent, created_at) VALUES ($1, $2, $3, $4, $5, 'x', $6, $7, $8, $9, $10, $11)",
        message_id, conversation_id, seq, sender_id, kind, thread_root_id, expires_at, mentions_everyone, is_hidden,
        False, at,
    )  # fmt: skip
    if sender_id is not None:
        await db.execute(
            "UPDATE member SET read_seq = $1, delivered_seq = $1, unread_from_seq = NULL"
            " WHERE conversation_id = $2 AND user_id = $3",
            seq, conversation_id, sender_id,
        )  # fmt: skip
    return message_id, seq


async def insert_mention(user_id: UUID, conversation_id: UUID, message_id: UUID, seq: int) -> None:
    await db.execute(
        "INSERT INTO message_mention (id, user_id, conversation_id, seq, message_id) VALUES ($1, $2, $3, $4, $5)",
        new_id(), user_id, conversation_id, seq, message_id,
    )  # fmt: skip


async def insert_deleted(user_id: UUID, conversation_id: UUID, message_id: UUID, seq: int) -> None:
    """Deleted for this person alone."""
    await db.execute(
        "INSERT INTO deleted_message (id, user_id, conversation_id, seq, message_id, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6)",
        new_id(), user_id, conversation_id, seq, message_id, datetime.now(UTC),
    )  # fmt: skip


async def insert_follow(user_id: UUID, root_id: UUID, *, is_following: bool = True) -> None:
    await db.execute(
        "INSERT INTO thread_follow (id, user_id, root_id, is_following, created_at) VALUES ($1, $2, $3, $4, $5)",
        new_id(), user_id, root_id, is_following, datetime.now(UTC),
    )  # fmt: skip
