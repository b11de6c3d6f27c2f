"""What becomes of a deleted account's files: what was sent, or is a group's avatar, stays without a name; the rest is
deleted."""

from __future__ import annotations

from uuid import UUID

from app.accounts.erasure import Erasure, ErasurePart, erases
from app.core import db, log
from app.media.access import find_held

BATCH = 500


async def count_media(user_id: UUID) -> int:
    """How many files name the person as their owner."""
    row = await db.row("SELECT count(*) AS total FROM media WHERE owner_id = $1", user_id)
    return int(row["total"]) if row else 0


@erases(ErasurePart.MEDIA, count=count_media)
async def erase_media(erasure: Erasure) -> int:
    """The next files. The full lock: whoever is about to refer to one waits, or is seen by the next statement."""
    async with log.transaction():
        found = await db.rows(
            "SELECT id FROM media WHERE owner_id = $1 ORDER BY id LIMIT $2 FOR UPDATE", erasure.user_id, BATCH
        )
        files = {row["id"] for row in found}
        held = await find_held(list(files))
        await db.execute("UPDATE media SET owner_id = NULL WHERE id = ANY($1::uuid[])", list(held))
        await db.execute("DELETE FROM media WHERE id = ANY($1::uuid[])", list(files - held))
    return len(files)
