"""Who hears that a person's profile changed: told in each one's own stream, by a job, 100 in a transaction.

Who knows whom is known above: conversations and contacts say so with `knows_people`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from app.accounts.loaders import load_users
from app.accounts.privacy import Audience, load_is_contact, load_privacy
from app.core import log
from app.core.jobs import enqueue, job

BATCH = 100

KnowsPeople = Callable[[UUID, UUID, int], Awaitable[Sequence[UUID]]]
"""(person, after, limit) → the first `limit` ids above `after` of those who shall hear of the person, ascending."""
_sources: list[KnowsPeople] = []


def knows_people(source: KnowsPeople) -> KnowsPeople:
    """Decorates a function that knows some of the people who see a person's name and picture."""
    _sources.append(source)
    return source


Withholds = Callable[[UUID, Sequence[UUID]], Awaitable[set[UUID]]]
"""(person, people) → those of the people who must not hear of the person."""
_withheld: list[Withholds] = []


def withholds_people(source: Withholds) -> Withholds:
    """Decorates a function that knows who must not hear of a person: blocks, in either direction."""
    _withheld.append(source)
    return source


@dataclass(slots=True, frozen=True)
class TellProfile:
    """The rest of those to tell: ids above `after`. `bio_only`: nothing else changed, so only who may see it."""

    user_id: str
    bio_only: bool = False
    after: str = str(UUID(int=0))


@job("accounts.tell_profile")
async def tell_profile(work: TellProfile) -> None:
    """Tells the next hundred people and leaves the rest to the next job, which begins with this one's commit: killed
    at any point, nobody is left out or told twice."""
    user_id, after = UUID(work.user_id), UUID(work.after)
    (person,) = await load_users([user_id])
    if person is None:
        return
    found = {id_ for source in _sources for id_ in await source(user_id, after, BATCH)} - {user_id}
    people = sorted(found)[:BATCH]
    kept_from = {id_ for source in _withheld for id_ in await source(user_id, people)}
    told = [id_ for id_ in people if id_ not in kept_from]
    told = list(await _who_may_see_bio(user_id, told)) if work.bio_only else told
    async with log.transaction():
        for id_ in told:
            log.record(log.NewEvent(id_, "PROFILE_CHANGED", {"userId": work.user_id}))
        if len(people) == BATCH:
            await enqueue(replace(work, after=str(people[-1])))


async def _who_may_see_bio(user_id: UUID, people: Sequence[UUID]) -> Sequence[UUID]:
    (privacy,) = await load_privacy([user_id])
    if privacy.bio is Audience.CONTACTS:
        answers = await load_is_contact([(user_id, other) for other in people])
        return [other for other, is_contact in zip(people, answers, strict=True) if is_contact]
    return people if privacy.bio is Audience.EVERYONE else ()
