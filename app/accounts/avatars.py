"""Which file may become somebody's avatar. Files are known above: media say so with `checks_avatars`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from app.core.errors import ErrorCode, UserFault
from app.core.jobs import enqueue


@dataclass(slots=True, frozen=True)
class NewAvatar:
    """The avatar that somebody, or a group, is to have; None: no more."""

    media_id: UUID | None


@dataclass(slots=True, frozen=True)
class DropAvatar:
    """Work, a day after a picture was replaced: its file goes if nobody wears or sees it any more."""

    media_id: str


DROP_SECONDS = 86_400
"""So long its owner may take it again (reliability.md, attack 72: orphans)."""


async def drop_later(media_id: UUID | None) -> None:
    """Inside the transaction that replaces an avatar by another, or by none."""
    if media_id is not None:
        await enqueue(DropAvatar(str(media_id)), delay=DROP_SECONDS)


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
