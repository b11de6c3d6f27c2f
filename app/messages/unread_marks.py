"""Marking conversations unread again, and all of them read. Both are the viewer's own: others see the marks at most."""

from __future__ import annotations

import asyncio
from uuid import UUID

from app.conversations.access import Access, require_conversation
from app.conversations.own_settings import lock_own_membership
from app.core import db, log
from app.core.errors import ErrorCode, UserFault
from app.core.runtime import current
from app.core.viewer import Viewer
from app.messages.receipts import BATCH, Mark, ReceiptWriter


@db.retried
async def mark_unread(viewer: Viewer, conversation_id: UUID, from_seq: int) -> Access:
    """For the viewer, the messages of others from this number on are unread again; the read mark, which others see,
    stays. A later one ends an earlier one; reading ends it.

    Raises NOT_FOUND, NOT_PARTICIPANT, LIMIT_REACHED for a start too far back.
    """
    async with log.transaction():
        access = await lock_own_membership(viewer, conversation_id)
        member = access.member
        start = max(from_seq, member.first_seq)
        most = current().settings.messages.unread_from_most
        if start <= member.read_seq - most:
            message = f"Start at most {most} messages before what you have read."
            raise UserFault(ErrorCode.LIMIT_REACHED, message, field=("fromSeq",), limit=most)
        wanted = start if start <= member.read_seq else None  # above the read mark all is unread already
        if wanted != member.unread_from_seq:
            await db.execute("UPDATE member SET unread_from_seq = $1 WHERE id = $2", wanted, member.id)
            payload = {"conversationIds": [str(conversation_id)]}
            log.record(log.NewEvent(viewer.user_id, "UNREAD_CHANGED", payload))
        return await require_conversation(viewer, conversation_id)


async def mark_all_read(viewer: Viewer) -> None:
    """Reads every conversation in the viewer's list, archived ones too; message requests stay. Raises UNAVAILABLE."""
    found = await db.rows(
        "SELECT m.conversation_id FROM member m JOIN conversation c ON c.id = m.conversation_id WHERE m.user_id = $1"
        " AND m.left_at IS NULL AND m.is_listed AND NOT m.is_request"
        " AND (c.last_seq > m.read_seq OR m.unread_from_seq IS NOT NULL) ORDER BY m.conversation_id",
        viewer.user_id,
    )
    writer = current().part(ReceiptWriter)
    for start in range(0, len(found), BATCH):
        marks = [Mark(row["conversation_id"]) for row in found[start : start + BATCH]]
        await asyncio.gather(*(writer.put(viewer.user_id, mark, is_read=True) for mark in marks))
