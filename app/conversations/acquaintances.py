"""Who knows a person from a conversation, and so hears that the person's profile changed."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from app.accounts.acquaintances import knows_people
from app.core import db
from app.core.runtime import current


@knows_people
async def find_fellow_members(user_id: UUID, after: UUID, limit: int) -> Sequence[UUID]:
    """Members of the person's conversations, large ones left out: there a profile is read when it is shown.

    The readers of a broadcast don't know each other."""
    found = await db.rows(
        "SELECT DISTINCT other.user_id FROM member own"
        " JOIN conversation c ON c.id = own.conversation_id AND c.member_count <= $3"
        " JOIN member other ON other.conversation_id = own.conversation_id AND other.left_at IS NULL"
        " AND (c.kind <> 'BROADCAST' OR own.role <> 'MEMBER' OR other.role <> 'MEMBER')"
        " WHERE own.user_id = $1 AND own.left_at IS NULL AND other.user_id > $2 AND other.user_id <> $1"
        " ORDER BY other.user_id LIMIT $4",
        user_id, after, current().settings.conversations.profiles_announced_up_to, limit,
    )  # fmt: skip
    return [row["user_id"] for row in found]
