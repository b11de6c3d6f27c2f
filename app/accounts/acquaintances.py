"""Who hears that a person's profile changed: told in each one's own stream, by a job, 100 in a transaction.

Who knows whom is known above: conversations and contacts say so with `knows_people`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from app.accounts.loaders import load_users
from app.accounts.privacy import let_in_pairs
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
    """The rest of those to tell: ids above `after`. `audiences` (fields of Privacy): nothing changed but what these let
    see, so only those whom one of them lets in; empty: everybody."""

    user_id: str
    audiences: Sequence[str] = ()
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
    if work.audiences:
        let_in = [await let_in_pairs(name, [(user_id, id_) for id_ in told]) for name in work.audiences]
        told = [id_ for id_ in told if any((user_id, id_) in pairs for pairs in let_in)]
    async with log.transaction():
        for id_ in told:
            log.record(log.NewEvent(id_, "PROFILE_CHANGED", {"userId": work.user_id}))
        if len(people) == BATCH:
            await enqueue(replace(work, after=str(people[-1])))
