"""What becomes of a deleted account's files: what was sent stays with those it was sent to, without a name."""

from __future__ import annotations

from uuid import UUID

from app.accounts.erasure import Erasure, ErasurePart, erases
from app.core import db, log

BATCH = 500


async def count_media(user_id: UUID) -> int:
    """How many files name the person as their owner."""
    row = await db.row("SELECT count(*) AS total FROM media WHERE owner_id = $1", user_id)
    return int(row["total"]) if row else 0


@erases(ErasurePart.MEDIA, count=count_media)
async def erase_media(erasure: Erasure) -> int:
    """The next files."""
    async with log.transaction():
        return await db.execute(
            "UPDATE media SET owner_id = NULL WHERE id IN (SELECT id FROM media WHERE owner_id = $1 LIMIT $2)",
            erasure.user_id,
            BATCH,
        )
