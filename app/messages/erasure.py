"""What becomes of a deleted account's messages: nobody's, or tombstones, as the person chose."""

from __future__ import annotations

from uuid import UUID

from app.accounts.erasure import DeletedAccountMessages, Erasure, ErasurePart, erases
from app.core import db, log
from app.core.clock import now
from app.messages.deleting import erase_and_tell
from app.messages.reactions import forget_reactions

BATCH = 100
# The client's id and the hash of what was sent go too: a short text could be guessed from it.
_ANONYMOUS = "sender_id = NULL, client_message_id = NULL, content_hash = NULL, updated_at = $3"


# What the person did with messages, theirs and others'; gone with the account.
_OWNED = (
    "saved_message", "deleted_message", "message_mention", "thread_follow", "scheduled_message", "attachment_view",
)  # fmt: skip
_FORGOTTEN = 1000


async def count_messages(user_id: UUID) -> int:
    """How many messages name the person as their sender."""
    row = await db.row("SELECT count(*) AS total FROM message WHERE sender_id = $1", user_id)
    return int(row["total"]) if row else 0


@erases(ErasurePart.MESSAGES, count=count_messages)
async def erase_messages(erasure: Erasure) -> int:
    """The next hundred messages, under the locks of their conversations as every change of a message."""
    sql = "SELECT id, conversation_id FROM message WHERE sender_id = $1 LIMIT $2"
    found = await db.rows(sql, erasure.user_id, BATCH)
    if not found:
        return await _forget(erasure.user_id)
    async with log.transaction():
        await db.rows(
            "SELECT id FROM conversation WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE",
            list({row["conversation_id"] for row in found}),
        )
        if erasure.messages is DeletedAccountMessages.DELETE:
            await erase_and_tell([row["id"] for row in found])
        await db.execute(
            f"UPDATE message SET {_ANONYMOUS} WHERE id = ANY($1::uuid[]) AND sender_id = $2",
            [row["id"] for row in found], erasure.user_id, now(),
        )  # fmt: skip
        if erasure.messages is DeletedAccountMessages.DELETE:
            await db.execute("DELETE FROM attachment WHERE message_id = ANY($1::uuid[])", [row["id"] for row in found])
    return len(found)


async def _forget(user_id: UUID) -> int:
    """The next rows of each table that names the person beside a message; pins stay, without a name. Reactions first:
    the others are told of each."""
    if gone := await forget_reactions(user_id, BATCH):
        return gone
    async with log.transaction():
        await db.execute(
            "DELETE FROM receipt_mark WHERE member_id IN (SELECT id FROM member WHERE user_id = $1)", user_id
        )
        gone = await db.execute("UPDATE pin SET pinned_by_id = NULL WHERE pinned_by_id = $1", user_id)
        for table in _OWNED:
            gone += await db.execute(
                f"DELETE FROM {table} WHERE id IN (SELECT id FROM {table} WHERE user_id = $1 LIMIT $2)",
                user_id,
                _FORGOTTEN,
            )
    return gone
