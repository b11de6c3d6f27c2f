"""Who may see whose presence: as both let each other, never past a block or an unanswered message request.

reliability.md, section 7: who hides their own does not see that of those they hide it from.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from app.accounts.privacy import Audience, Privacy, load_is_contact, load_privacy
from app.contacts.blocks import blocks_among
from app.conversations.unanswered import load_unanswered
from app.core.runtime import current
from app.presence.shown import Sight

Pair = tuple[UUID, UUID]
"""Who looks, and at whom."""
_SIGHTS = {
    (False, False): Sight.NOTHING,
    (True, False): Sight.STATE,
    (False, True): Sight.LAST_SEEN,
    (True, True): Sight.STATE | Sight.LAST_SEEN,
}
_OWN = Sight.STATE | Sight.LAST_SEEN | Sight.OWN


async def load_sight(pairs: Sequence[Pair]) -> list[Sight]:
    """Batch function: (viewer, person) → what the viewer may see of the person. At most four statements."""
    if not current().settings.presence.enabled:
        return [Sight.NOTHING] * len(pairs)
    people = list({user_id for viewer, person in pairs if viewer != person for user_id in (viewer, person)})
    privacy = dict(zip(people, await load_privacy(people) if people else (), strict=True))
    others = [pair for pair in pairs if pair[0] != pair[1] and _is_possible(pair, privacy)]
    if not others:
        return [_OWN if viewer == person else Sight.NOTHING for viewer, person in pairs]
    contacts = await _those(load_is_contact, [*others, *((person, viewer) for viewer, person in others)])
    sights = {pair: sight for pair in others if (sight := _sight(pair, privacy, contacts))}
    blocks = await blocks_among(people) if sights else set()
    apart = await _those(load_unanswered, list(sights))
    apart |= {pair for pair in sights if pair in blocks or pair[::-1] in blocks} if blocks else set()
    sights = {pair: sight for pair, sight in sights.items() if pair not in apart}
    return [_OWN if pair[0] == pair[1] else sights.get(pair, Sight.NOTHING) for pair in pairs]


async def _those(load: Callable[[Sequence[Pair]], Awaitable[Sequence[bool]]], pairs: Sequence[Pair]) -> set[Pair]:
    """Those of the pairs of which it is so."""
    return {pair for pair, is_so in zip(pairs, await load(pairs), strict=True) if is_so} if pairs else set()


def _is_possible(pair: Pair, privacy: dict[UUID, Privacy]) -> bool:
    """Whether neither hides everything from everybody."""
    one, other = privacy[pair[0]], privacy[pair[1]]
    nobody = Audience.NOBODY
    return (one.online_status is not nobody and other.online_status is not nobody) or (
        one.last_seen is not nobody and other.last_seen is not nobody
    )


def _sight(pair: Pair, privacy: dict[UUID, Privacy], contacts: set[Pair]) -> Sight:
    viewer, person = pair
    mine, theirs = privacy[viewer], privacy[person]
    lets_me, lets_them = (person, viewer) in contacts, pair in contacts
    return _SIGHTS[
        _lets_in(theirs.online_status, lets_me) and _lets_in(mine.online_status, lets_them),
        _lets_in(theirs.last_seen, lets_me) and _lets_in(mine.last_seen, lets_them),
    ]


def _lets_in(audience: Audience, has_as_contact: bool) -> bool:
    """As accounts.privacy.let_in."""
    return audience is Audience.EVERYONE or (audience is Audience.CONTACTS and has_as_contact)
