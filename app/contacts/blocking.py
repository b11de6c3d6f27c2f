"""Blocking and unblocking: between two messages of the pair, never during one."""

from __future__ import annotations

from uuid import UUID

from app.contacts.blocks import has_blocked
from app.contacts.locks import lock_conversation_and_people
from app.contacts.requests import hide_waiting
from app.core import db, log
from app.core.clock import new_id, now
from app.core.errors import UnavailableError
from app.core.viewer import Viewer


@db.retried
async def block_user(viewer: Viewer, user_id: UUID) -> None:
    """Blocks a person; again is fine. Raises INVALID for oneself, NOT_FOUND."""
    await _change(viewer, user_id, is_blocked=True)


@db.retried
async def unblock_user(viewer: Viewer, user_id: UUID) -> None:
    """Ends a block; without one it changes nothing. Raises INVALID for oneself, NOT_FOUND."""
    await _change(viewer, user_id, is_blocked=False)


async def _change(viewer: Viewer, user_id: UUID, *, is_blocked: bool) -> None:
    for _ in range(3):
        async with log.transaction():
            if not await lock_conversation_and_people(viewer, user_id, field="userId"):
                continue
            await set_block(viewer, user_id, is_blocked=is_blocked)
            return
    raise UnavailableError


async def set_block(viewer: Viewer, user_id: UUID, *, is_blocked: bool) -> None:
    """Under the locks of the pair's conversation and people: what `block_user` and `unblock_user` do."""
    if await has_blocked(viewer.user_id, user_id) is not is_blocked:
        await (_block if is_blocked else _unblock)(viewer, user_id)
        payload = {"userId": str(user_id), "blocked": is_blocked}
        log.record(log.NewEvent(viewer.user_id, "BLOCK_CHANGED", payload))


async def _block(viewer: Viewer, user_id: UUID) -> None:
    await db.execute(
        "INSERT INTO block (id, blocker_id, blocked_id, created_at) VALUES ($1, $2, $3, $4)",
        new_id(),
        viewer.user_id,
        user_id,
        now(),
    )
    await hide_waiting(viewer, user_id)


async def _unblock(viewer: Viewer, user_id: UUID) -> None:
    await db.execute("DELETE FROM block WHERE blocker_id = $1 AND blocked_id = $2", viewer.user_id, user_id)
    await db.execute(
        "DELETE FROM contact WHERE owner_id = $1 AND user_id = $2 AND removed_at IS NOT NULL", viewer.user_id, user_id
    )
