"""What becomes of a deleted account's memberships: they leave everything, and their groups get another owner."""

from __future__ import annotations

from uuid import UUID

from app.accounts.erasure import Erasure, ErasurePart, erases
from app.conversations.access import lock_membership
from app.conversations.members import go
from app.core import db, log

_CURRENT = "FROM member WHERE user_id = $1 AND left_at IS NULL"


async def count_memberships(user_id: UUID) -> int:
    """How many conversations the person is in."""
    row = await db.row(f"SELECT count(*) AS total {_CURRENT}", user_id)
    return int(row["total"]) if row else 0


@erases(ErasurePart.MEMBERSHIPS, count=count_memberships)
async def leave_next(erasure: Erasure) -> int:
    """Leaves one conversation, direct ones too: the other keeps what was said, and can't write there any more. At last
    the rest that names the person goes."""
    found = await db.row(f"SELECT conversation_id {_CURRENT} ORDER BY id LIMIT 1", erasure.user_id)
    if found is None:
        return await _forget(erasure.user_id)
    async with log.transaction():
        access = await lock_membership(erasure.user_id, found["conversation_id"])
        if access is not None and access.member.left_at is None:
            await go(access)
    return 1


async def _forget(user_id: UUID) -> int:
    """What else names the person: their labels and drafts go. Their invites stay with the group."""
    async with log.transaction():
        await db.execute("UPDATE member SET draft = NULL WHERE user_id = $1 AND draft IS NOT NULL", user_id)
        return await db.execute("DELETE FROM conversation_label WHERE user_id = $1", user_id)
