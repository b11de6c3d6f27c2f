"""What becomes of a deleted account's messages: nobody's, or tombstones, as the person chose."""

from __future__ import annotations

from uuid import UUID

from app.accounts.erasure import DeletedAccountMessages, Erasure, ErasurePart, erases
from app.core import db, log
from app.core.clock import now

BATCH = 100
# The client's id and the hash of what was sent go too: a short text could be guessed from it.
_ANONYMOUS = "sender_id = NULL, client_message_id = NULL, content_hash = NULL, updated_at = $3"


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
        return 0
    change = _ANONYMOUS
    if erasure.messages is DeletedAccountMessages.DELETE:
        change += ", text = NULL, deleted_at = coalesce(deleted_at, $3)"
    async with log.transaction():
        await db.rows(
            "SELECT id FROM conversation WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE",
            list({row["conversation_id"] for row in found}),
        )
        await db.execute(
            f"UPDATE message SET {change} WHERE id = ANY($1::uuid[]) AND sender_id = $2",
            [row["id"] for row in found], erasure.user_id, now(),
        )  # fmt: skip
    return len(found)
