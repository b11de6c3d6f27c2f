"""The lock of a pair of people: whatever belongs to both changes under it, one change after the other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

from app.accounts.loaders import UserRow, load_users
from app.accounts.sessions import lock_users
from app.core.errors import ErrorCode, UserFault
from app.core.viewer import Viewer

LockDirect = Callable[[UUID, UUID], Awaitable[bool]]
"""Locks the direct conversation of two people; whether there is one."""
_lock_direct: list[LockDirect] = []


def pair_key(one: UUID, other: UUID) -> str:
    """What names a pair of people whichever of them asks: their ids, sorted."""
    return ":".join(sorted((str(one), str(other))))


def locks_direct(lock: LockDirect) -> LockDirect:
    """Registers how conversations lock the one that two people have: a block takes effect between two messages."""
    _lock_direct.append(lock)
    return lock


async def lock_people(viewer: Viewer, user_id: UUID, *, field: str) -> UserRow:
    """Locks the viewer and another person until the end of the transaction; returns the other.

    Raises INVALID for oneself, NOT_FOUND (naming the field) for an unknown or deleted person.
    """
    if user_id == viewer.user_id:
        raise UserFault(ErrorCode.INVALID, "This is you.", field=(field,))
    await lock_users([viewer.user_id, user_id])
    (person,) = await load_users([user_id])
    if person is None or person.deleted_at is not None:
        raise UserFault(ErrorCode.NOT_FOUND, "There is no such person.", field=(field,))
    return person


async def lock_conversation_and_people(viewer: Viewer, user_id: UUID, *, field: str) -> bool:
    """As `lock_people`, with the direct conversation of the two before, as the order of locks demands.

    False: it was started while this waited for the people, so it isn't locked: begin again. (Whoever starts one locks
    the people first, so there is nothing to start any more once this has returned True.)
    """
    had = [await lock(viewer.user_id, user_id) for lock in _lock_direct]
    await lock_people(viewer, user_id, field=field)
    if all(had):
        return True
    return had == [await lock(viewer.user_id, user_id) for lock in _lock_direct]
