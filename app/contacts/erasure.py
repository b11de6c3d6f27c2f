"""What becomes of a deleted account's address book, requests and blocks."""

from __future__ import annotations

from uuid import UUID

from app.accounts.erasure import Erasure, ErasurePart, erases
from app.core import db, log

# Who has the person in their own address book keeps the entry: it shows a deleted account.
_OWNED = {
    "contact": "owner_id = $1",
    "contact_request": "(sender_id = $1 OR recipient_id = $1)",
    "block": "blocker_id = $1",
}
_BATCH = 1000


async def count_contacts(user_id: UUID) -> int:
    """Contacts, requests in both directions, and blocks of the person."""
    parts = " UNION ALL ".join(f"SELECT count(*) AS n FROM {table} WHERE {own}" for table, own in _OWNED.items())
    return sum(row["n"] for row in await db.rows(parts, user_id))


@erases(ErasurePart.CONTACTS, count=count_contacts)
async def erase_contacts(erasure: Erasure) -> int:
    """The next rows of each table."""
    erased = 0
    async with log.transaction():
        await db.execute("DELETE FROM connection_code WHERE user_id = $1", erasure.user_id)
        for table, own in _OWNED.items():
            erased += await db.execute(
                f"DELETE FROM {table} WHERE id IN (SELECT id FROM {table} WHERE {own} LIMIT $2)",
                erasure.user_id,
                _BATCH,
            )
    return erased
