"""Which messages somebody may see now. The one place that says so: every path that reads messages asks here.

Gone from sight are messages hidden from them (they blocked the sender when it was sent), those they deleted for
themselves, and for everybody those that have disappeared. What is below a member's first_seq, or above the last_seq of
one who left, is no part of any range they are given. A tombstone is seen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from app.core import db


def still_there(m: str = "m") -> str:
    """SQL: whether message `m` has not disappeared, by the database's clock."""
    return f"({m}.expires_at IS NULL OR {m}.expires_at > {db.now_sql()})"


def visible_to(viewer: str, m: str = "m") -> str:
    """SQL: whether the person `viewer` (a placeholder or column) may see message `m` of their conversation, its number
    being one of those that are theirs."""
    return (
        f"(NOT {m}.is_hidden OR {m}.sender_id = {viewer}) AND {still_there(m)} AND NOT EXISTS (SELECT 1 FROM"
        f" deleted_message gone WHERE gone.user_id = {viewer} AND gone.conversation_id = {m}.conversation_id"
        f" AND gone.seq = {m}.seq)"
    )


async def load_who_deleted(message_ids: Sequence[UUID]) -> list[frozenset[UUID]]:
    """Message → who deleted it for themselves. For events, which are shown to many at once: mostly it is nobody, and
    then nobody is asked who is looking."""
    found = await db.rows(
        "SELECT message_id, user_id FROM deleted_message WHERE message_id = ANY($1::uuid[])", list(message_ids)
    )
    people: dict[UUID, set[UUID]] = defaultdict(set)
    for row in found:
        people[row["message_id"]].add(row["user_id"])
    return [frozenset(people.get(message_id, ())) for message_id in message_ids]
