"""Telling one subscription how people are: what is new to it, or could not be told for want of room."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from app.core.bus import Announcement
from app.core.errors import UnavailableError
from app.core.hub import Hub, RoutedSubscription, give_way
from app.presence.shown import Shown, Sight

TOPIC = "presence"
_TOLD_AT_ONCE, _RENDERED_AT_ONCE = 50, 16
_ROOM_SECONDS = 30.0  # how long a full buffer is waited for
_PAUSE_SECONDS = 0.1


@dataclass(slots=True, eq=False)
class Watch:
    """One subscription. `wanted`: of whom it would hear, and what of them it sees."""

    subscription: RoutedSubscription
    wanted: dict[UUID, Sight] = field(default_factory=dict)
    unheard: dict[UUID, None] = field(default_factory=dict)  # to be told when there is room
    waiting: asyncio.Task[None] | None = None


@dataclass(slots=True)
class Known:
    """How a watched person looked when last looked at (None: unknown). Each look that differs has its own number."""

    shown: Shown | None
    version: int
    told_at: float = float("-inf")
    timer: asyncio.TimerHandle | None = None


def announcement_of(user_id: UUID, known: Known | None, sight: Sight) -> Announcement:
    """What viewers of this sight are told. Without sight: that there is nothing to see any more."""
    shown = known.shown.seen_with(sight) if known and known.shown else None
    version = known.version * 8 + sight if known else 0
    return Announcement(TOPIC, user_id, key="", payload={"shown": shown}, audience=str(int(sight)), version=version)


class Teller:
    """One per process. `known`: how people look, kept by who watches them."""

    def __init__(self, hub: Hub, known: Mapping[UUID, Known]) -> None:
        self._hub = hub
        self._known = known
        self._telling = asyncio.Semaphore(1)

    def tell_later(self, watch: Watch, user_id: UUID) -> None:
        """After those who wait already."""
        watch.unheard[user_id] = None
        if watch.waiting is None or watch.waiting.done():
            watch.waiting = self._hub.spawn(self._tell_unheard(watch))

    async def _tell_unheard(self, watch: Watch) -> None:
        """Tells present states, as fast as they are read. A reader that stands still is asked less and less often, and
        given up until the next change; its socket is somebody else's to close."""
        subscription, waited = watch.subscription, 0.0
        while watch.unheard and not subscription.is_closed:
            some = list(itertools.islice(watch.unheard, _TOLD_AT_ONCE))
            for user_id in some:
                del watch.unheard[user_id]
            async with self._telling:  # one after another: a thousand who come back at once must not hold the loop
                untold = [user_id for user_id in some if not self._tell_kept(watch, user_id)]
                untold = await self._rendered_and_told(watch, untold)
                await give_way()
            watch.unheard |= dict.fromkeys(untold)
            if len(untold) < len(some):
                waited = 0.0
                continue
            if waited > _ROOM_SECONDS or not await subscription.sink.drained(_ROOM_SECONDS):
                return
            pause = max(_PAUSE_SECONDS, waited)
            await asyncio.sleep(pause)
            waited += pause

    async def _rendered_and_told(self, watch: Watch, people: Sequence[UUID]) -> list[UUID]:
        """Returns those who were not."""
        untold: list[UUID] = []
        for start in range(0, len(people), _RENDERED_AT_ONCE):
            some = people[start : start + _RENDERED_AT_ONCE]
            told = await asyncio.gather(*(self.tell(watch, user_id) for user_id in some))
            untold += [user_id for user_id, is_told in zip(some, told, strict=True) if not is_told]
        return untold

    def _tell_kept(self, watch: Watch, user_id: UUID) -> bool:
        """Tells what was rendered for others already, which is most."""
        if watch.subscription.is_closed:
            return True
        announcement = self._present_state(watch, user_id)
        return announcement is None or watch.subscription.tell_kept(announcement)

    def _present_state(self, watch: Watch, user_id: UUID) -> Announcement | None:
        """None: unknown, so it is announced when it is known."""
        sight, known = watch.wanted.get(user_id, Sight.NOTHING), self._known.get(user_id)
        if sight and (known is None or known.shown is None):
            return None
        return announcement_of(user_id, known, sight)

    async def tell(self, watch: Watch, user_id: UUID) -> bool:
        """False: not told now, as there is no room, or the database is away."""
        announcement = self._present_state(watch, user_id)
        if announcement is None:
            return True

        def is_still_so() -> bool:
            current = self._present_state(watch, user_id)
            return current is not None and (current.audience, current.payload) == (
                announcement.audience,
                announcement.payload,
            )

        try:
            return await watch.subscription.tell(announcement, is_still_so)
        except UnavailableError:
            return False
