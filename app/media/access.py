"""Who may see a file: its owner, and whoever sees something it is in; and which files something still holds."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

Shows = Callable[[Sequence[tuple[UUID, UUID]]], Awaitable[list[bool]]]
_shows: list[Shows] = []
Holds = Callable[[Sequence[UUID]], Awaitable[set[UUID]]]
_holds: list[Holds] = []


def shows_media(shows: Shows) -> Shows:
    """Decorates a batch function of a higher domain: (viewer, media) → whether the viewer sees something of it."""
    _shows.append(shows)
    return shows


async def load_may_see(pairs: Sequence[tuple[UUID, UUID]]) -> list[bool]:
    """Batch function: (viewer, media) → whether anything shows the viewer the file; owners aside."""
    answers = [False] * len(pairs)
    for shows in _shows:
        answers = [one or other for one, other in zip(answers, await shows(pairs), strict=True)]
    return answers


def holds_media(holds: Holds) -> Holds:
    """Decorates a function of a higher domain: those of the files that something of it refers to."""
    _holds.append(holds)
    return holds


async def find_held(media_ids: Sequence[UUID]) -> set[UUID]:
    """Those of the files that something refers to; people's avatars aside, which are their own files."""
    return {id_ for holds in _holds for id_ in await holds(media_ids)}
