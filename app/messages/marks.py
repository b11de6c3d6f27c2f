"""How far people are: what a member may see, has been delivered and has read. unread.py counts by these marks."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from app.conversations.records import ConversationRow, MemberRow
from app.core import db
from app.core.records import record
from app.core.runtime import current


@record(slots=True, frozen=True)
class Standing:
    """What somebody may see of a conversation (first_seq to last_seq, both included; last_seq is below first_seq while
    that is nothing), and up to where they have read."""

    conversation_id: UUID
    user_id: UUID
    first_seq: int
    last_seq: int
    read_seq: int


def standing_of(conversation: ConversationRow, member: MemberRow) -> Standing:
    """Of a member, or of somebody who was one: those see what there was up to their leaving."""
    head = conversation.last_seq if member.left_at is None else member.last_seq or 0
    last_seq = conversation.last_seq_for(member.user_id) if member.left_at is None else head
    return Standing(
        conversation.id, member.user_id, first_seq=member.first_seq, last_seq=last_seq, read_seq=member.read_seq,
    )  # fmt: skip


@record(slots=True, frozen=True)
class Ticks:
    """Up to which number a conversation is delivered to every current member, and read by every one who tells (their
    privacy.readReceipts); None when nobody does. `tellers` of the members do, `silent` don't."""

    delivered_seq: int
    read_seq: int | None
    tellers: int
    silent: int


async def load_ticks(conversation_ids: Sequence[UUID]) -> list[Ticks | None]:
    """Conversation → its ticks; None where there are too many members to announce receipts, or nobody else, and for
    broadcasts.

    What somebody who joined later never could see counts as read by them, as their marks begin where they joined. That
    somebody cleared their history is nobody's business: first_seq has no part in it.
    """
    found = await db.rows(
        """SELECT m.conversation_id, count(*) AS members, count(CASE WHEN NOT p.read_receipts THEN 1 END) AS silent,
                  min(m.delivered) AS delivered, min(CASE WHEN NOT p.read_receipts THEN NULL ELSE m.read END) AS read
           FROM (SELECT conversation_id, user_id, coalesce(told_delivered_seq, delivered_seq) AS delivered,
                        coalesce(told_read_seq, read_seq) AS read
                 FROM member WHERE conversation_id = ANY($1::uuid[]) AND left_at IS NULL AND EXISTS (SELECT 1
                      FROM conversation c WHERE c.id = conversation_id AND c.kind <> 'BROADCAST')) AS m
           LEFT JOIN privacy_settings p ON p.user_id = m.user_id GROUP BY m.conversation_id""",
        list(conversation_ids),
    )
    most = current().settings.conversations.receipts_announced_up_to
    ticks = {
        row["conversation_id"]: Ticks(row["delivered"], row["read"], row["members"] - row["silent"], row["silent"])
        for row in found
        if 1 < row["members"] <= most
    }
    return [ticks.get(conversation_id) for conversation_id in conversation_ids]
