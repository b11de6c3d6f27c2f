"""Who blocks whom. A block is known to the blocker alone; what it does to others' views is written where they look.

reliability.md, section 7: the blocked person sees somebody who gives no answer, the blocker gets nothing that was sent
meanwhile, not even after unblocking.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from app.core import db
from app.core.errors import ErrorCode, UserFault


async def has_blocked(blocker_id: UUID, blocked_id: UUID) -> bool:
    """Whether the first blocks the second."""
    found = await db.row("SELECT 1 AS one FROM block WHERE blocker_id = $1 AND blocked_id = $2", blocker_id, blocked_id)
    return found is not None


async def check_not_blocking(viewer_id: UUID, user_id: UUID, *, field: str) -> None:
    """Raises FORBIDDEN while the viewer blocks the person."""
    if await has_blocked(viewer_id, user_id):
        raise UserFault(ErrorCode.FORBIDDEN, "You block this person: unblock them first.", field=(field,))


async def load_blocks(pairs: Sequence[tuple[UUID, UUID]]) -> list[bool]:
    """(blocker, blocked) → whether it is so."""
    found = await db.rows(
        "SELECT blocker_id, blocked_id FROM block WHERE blocker_id = ANY($1::uuid[]) AND blocked_id = ANY($2::uuid[])",
        list({blocker for blocker, _ in pairs}),
        list({blocked for _, blocked in pairs}),
    )
    there = {(row["blocker_id"], row["blocked_id"]) for row in found}
    return [pair in there for pair in pairs]


async def blockers_among(user_ids: Sequence[UUID], of: UUID) -> set[UUID]:
    """Those of the people who block the person."""
    found = await db.rows(
        "SELECT blocker_id FROM block WHERE blocked_id = $1 AND blocker_id = ANY($2::uuid[])", of, list(user_ids)
    )
    return {row["blocker_id"] for row in found}


async def blocked_either_way(user_id: UUID) -> set[UUID]:
    """Everybody whom the person blocks, or who blocks them: no search of theirs finds these."""
    found = await db.rows(
        "SELECT blocked_id AS other FROM block WHERE blocker_id = $1"
        " UNION SELECT blocker_id AS other FROM block WHERE blocked_id = $1",
        user_id,
    )
    return {UUID(str(row["other"])) for row in found}
