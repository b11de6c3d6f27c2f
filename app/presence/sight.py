"""Who may see whose presence: as both let each other, never past a block or an unanswered message request.

reliability.md, section 7: who hides their own does not see that of those they hide it from.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from app.accounts.privacy import Audience, Privacy, load_is_contact, load_privacy
from app.contacts.blocks import load_blocks
from app.conversations.unanswered import load_unanswered
from app.core.runtime import current
from app.presence.shown import Sight

Pair = tuple[UUID, UUID]
"""Who looks, and at whom."""
_SETTINGS = ((Sight.STATE, "online_status"), (Sight.LAST_SEEN, "last_seen"))
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
    both_ways = [*others, *((person, viewer) for viewer, person in others)]
    contacts = await _those(load_is_contact, both_ways)
    hidden = await _those(load_blocks, both_ways)
    hidden |= await _those(load_unanswered, [p for p in others if _sight(p, privacy, contacts)])
    sights = {p: _sight(p, privacy, contacts) for p in others if p not in hidden and p[::-1] not in hidden}
    return [_OWN if pair[0] == pair[1] else sights.get(pair, Sight.NOTHING) for pair in pairs]


async def _those(load: Callable[[Sequence[Pair]], Awaitable[Sequence[bool]]], pairs: Sequence[Pair]) -> set[Pair]:
    """Those of the pairs of which it is so."""
    return {pair for pair, is_so in zip(pairs, await load(pairs), strict=True) if is_so} if pairs else set()


def _is_possible(pair: Pair, privacy: dict[UUID, Privacy]) -> bool:
    """Whether neither hides everything from everybody."""
    return any(all(getattr(privacy[user_id], name) is not Audience.NOBODY for user_id in pair) for _, name in _SETTINGS)


def _sight(pair: Pair, privacy: dict[UUID, Privacy], contacts: set[Pair]) -> Sight:
    viewer, person = pair
    sight = Sight.NOTHING
    for bit, name in _SETTINGS:
        if _lets_in(getattr(privacy[person], name), (person, viewer), contacts) and _lets_in(
            getattr(privacy[viewer], name), (viewer, person), contacts
        ):
            sight |= bit
    return sight


def _lets_in(audience: Audience, pair: Pair, contacts: set[Pair]) -> bool:
    """(owner, other): as accounts.privacy.let_in."""
    return audience is Audience.EVERYONE or (audience is Audience.CONTACTS and pair in contacts)
