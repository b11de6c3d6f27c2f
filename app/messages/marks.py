"""How far people are: what a member may see, has been delivered and has read. unread.py counts by these marks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import orjson

from app.conversations.access import BesideOne
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


# Of a group too large to announce receipts no member is read.
_TICKS = """count(*), count(CASE WHEN NOT p.read_receipts THEN 1 END),
    min(coalesce(k.told_delivered_seq, k.delivered_seq)),
    min(CASE WHEN NOT p.read_receipts THEN NULL ELSE coalesce(k.told_read_seq, k.read_seq) END)"""


async def load_ticks(conversation_ids: Sequence[UUID]) -> list[Ticks | None]:
    """Conversation → its ticks; None where there are too many members to announce receipts, or nobody else, and for
    broadcasts.

    What somebody who joined later never could see counts as read by them, as their marks begin where they joined. That
    somebody cleared their history is nobody's business: first_seq has no part in it.
    """
    found = await db.rows(
        f"""SELECT c.id, {_TICKS} FROM conversation c JOIN member k ON k.conversation_id = c.id
            LEFT JOIN privacy_settings p ON p.user_id = k.user_id
            WHERE c.id = ANY($1::uuid[]) AND c.kind <> 'BROADCAST' AND c.member_count <= $2 AND k.left_at IS NULL
            GROUP BY c.id""",
        list(conversation_ids),
        _most(),
    )
    ticks = {id_: _ticks(*values) for id_, *values in db.by_place(found)}
    return [ticks.get(conversation_id) for conversation_id in conversation_ids]


def _most() -> int:
    return current().settings.conversations.receipts_announced_up_to


def _ticks(members: int, silent: int, delivered_seq: int, read_seq: int | None) -> Ticks | None:
    return Ticks(delivered_seq, read_seq, members - silent, silent) if members > 1 else None


def _columns(most: str) -> Sequence[str]:
    array = "json_build_array" if db.is_postgres() else "json_array"
    return (
        f"CASE WHEN c.kind <> 'BROADCAST' AND c.member_count <= {most}::int"
        f" THEN (SELECT CAST({array}({_TICKS}) AS text) FROM member k"
        " LEFT JOIN privacy_settings p ON p.user_id = k.user_id"
        " WHERE k.conversation_id = c.id AND k.left_at IS NULL) END AS ticks",
    )


def ticks_of(values: Sequence[Any]) -> Ticks | None:
    """What TICKS has read of a conversation: as `load_ticks`."""
    return _ticks(*orjson.loads(values[0])) if values[0] else None


TICKS = BesideOne(_columns, lambda _id: _most())
