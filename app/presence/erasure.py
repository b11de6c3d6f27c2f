"""What becomes of a deleted account's presence."""

from __future__ import annotations

from uuid import UUID

from app.accounts.erasure import Erasure, ErasurePart, erases
from app.core import db


async def count_presence(user_id: UUID) -> int:
    """Whether there is anything."""
    row = await db.row("SELECT count(*) AS n FROM presence WHERE user_id = $1", user_id)
    return int(row["n"]) if row else 0


@erases(ErasurePart.SESSIONS, count=count_presence)
async def erase_presence(erasure: Erasure) -> int:
    """Goes after the sessions, which keep it alive."""
    return await db.execute("DELETE FROM presence WHERE user_id = $1", erasure.user_id)
