"""Which file may become somebody's avatar. Files are known above: media say so with `checks_avatars`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from app.core.errors import ErrorCode, UserFault


@dataclass(slots=True, frozen=True)
class NewAvatar:
    """The avatar that somebody, or a group, is to have; None: no more."""

    media_id: UUID | None


Check = Callable[[UUID, UUID], Awaitable[None]]


class _Registry:
    check: Check | None = None


def checks_avatars(check: Check) -> Check:
    """Decorates what checks, inside the transaction, that a file may become a person's avatar: (person, file)."""
    _Registry.check = check
    return check


async def check_avatar(user_id: UUID, media_id: UUID) -> None:
    """Inside the transaction that makes the file the person's avatar. Raises NOT_FOUND, INVALID and TOO_LARGE."""
    if _Registry.check is None:
        raise unknown_file()
    await _Registry.check(user_id, media_id)


def unknown_file() -> UserFault:
    """NOT_FOUND: unknown and somebody else's look the same."""
    return UserFault(ErrorCode.NOT_FOUND, "There is no such file.", field=("avatarId",))
