"""Profiles that stand still for some: whom a person blocks sees no change of name, bio or avatar (reliability.md,
section 7).

Who that is is known above: contacts say so with `keeps_profiles`. Only people who changed their profile while they
blocked somebody have `has_kept_profile`; for all others nothing is asked, and events stay the same for everybody.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from app.accounts.loaders import UserRow

Pair = tuple[UUID, UUID]
"""Whose profile it is, and who looks."""


@dataclass(slots=True, frozen=True)
class KeptProfile:
    """What somebody goes on seeing of a person."""

    username: str
    display_name: str
    bio: str | None
    avatar_id: UUID | None


Keep = Callable[[UserRow], Awaitable[bool]]
"""Keeps a profile as it is for those who shall see no change; whether there are any."""
LoadKept = Callable[[Sequence[Pair]], Awaitable[list[KeptProfile | None]]]


KeepsAvatar = Callable[[UUID, UUID], Awaitable[bool]]


class _Registry:
    keep: Keep | None = None
    keeps_avatar: KeepsAvatar | None = None
    load: LoadKept | None = None


def keeps_profiles(keep: Keep) -> Keep:
    """Decorates what runs inside the transaction that changes a profile, before it does."""
    _Registry.keep = keep
    return keep


def kept_profiles_are(load: LoadKept) -> LoadKept:
    """Decorates the batch function that knows what each pair's second goes on seeing of the first."""
    _Registry.load = load
    return load


def knows_kept_avatars(keeps: KeepsAvatar) -> KeepsAvatar:
    """Decorates what knows whether somebody goes on seeing that file as the person's avatar: (person, file)."""
    _Registry.keeps_avatar = keeps
    return keeps


async def keeps_avatar(person_id: UUID, media_id: UUID) -> bool:
    """Whether somebody goes on seeing that file as the person's avatar, who has another one."""
    return await _Registry.keeps_avatar(person_id, media_id) if _Registry.keeps_avatar else False


async def keep_profile(person: UserRow) -> bool:
    """Inside the transaction that changes the profile, before it does: whether somebody goes on seeing the old one."""
    return await _Registry.keep(person) if _Registry.keep else False


async def load_kept_profiles(pairs: Sequence[Pair]) -> list[KeptProfile | None]:
    """Batch function: (person, viewer) → what the viewer goes on seeing; None: the profile as it is."""
    return await _Registry.load(pairs) if _Registry.load else [None] * len(pairs)


def as_seen(person: UserRow, kept: KeptProfile | None) -> UserRow:
    """The person as somebody sees them for whom that was kept."""
    if kept is None or person.deleted_at:
        return person
    return replace(
        person, username=kept.username, display_name=kept.display_name, bio=kept.bio, avatar_id=kept.avatar_id
    )
