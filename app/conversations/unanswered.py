"""Message requests that wait for an answer: until then their two people learn nothing more of each other."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from app.contacts.locks import pair_key
from app.core import db


async def load_unanswered(pairs: Sequence[tuple[UUID, UUID]]) -> list[bool]:
    """(one, other) → whether either has yet to answer a message request of the other."""
    keys = [pair_key(*pair) for pair in pairs]
    found = await db.rows(
        "SELECT c.direct_key FROM conversation c JOIN member m ON m.conversation_id = c.id AND m.is_request"
        " WHERE c.direct_key = ANY($1::text[])",
        list(set(keys)),
    )
    waiting = {row["direct_key"] for row in found}
    return [key in waiting for key in keys]
