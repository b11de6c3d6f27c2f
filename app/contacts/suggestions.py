"""What contacts know of whom somebody may know: contacts of their contacts, and who need not be suggested."""

from __future__ import annotations

from uuid import UUID

from app.contacts.blocks import blocked_either_way
from app.contacts.listing import all_contacts
from app.core import db


async def count_common_contacts(owner_id: UUID) -> dict[UUID, int]:
    """Person → how many mutual contacts of both there are. One-sided entries don't count: nobody is to learn whom
    somebody knows by adding them, or that a stranger keeps a number."""
    found = await db.rows(
        "SELECT theirs.owner_id AS person, count(*) AS total FROM contact mine"
        " JOIN contact own ON own.owner_id = mine.user_id AND own.user_id = mine.owner_id AND own.removed_at IS NULL"
        " JOIN contact theirs ON theirs.user_id = mine.user_id AND theirs.removed_at IS NULL"
        " JOIN contact back ON back.owner_id = mine.user_id AND back.user_id = theirs.owner_id"
        " AND back.removed_at IS NULL"
        " WHERE mine.owner_id = $1 AND mine.removed_at IS NULL GROUP BY theirs.owner_id",
        owner_id,
    )
    return {row["person"]: row["total"] for row in found}


async def known_already(owner_id: UUID) -> set[UUID]:
    """Whom nobody suggests: the person themself, contacts, blocked people in either direction, and those where one has
    asked the other and waits for the answer."""
    found = await db.rows(
        "SELECT recipient_id AS other FROM contact_request WHERE sender_id = $1 AND state = 'PENDING'"
        " UNION SELECT sender_id AS other FROM contact_request"
        " WHERE recipient_id = $1 AND state = 'PENDING' AND is_hidden = $2",
        owner_id,
        False,
    )
    asked = {UUID(str(row["other"])) for row in found}
    return {owner_id} | asked | await all_contacts(owner_id) | await blocked_either_way(owner_id)
