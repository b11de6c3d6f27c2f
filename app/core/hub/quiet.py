"""CursorMoved after an hour of silence: it keeps the cursor of a quiet or filtered client above the floor (rule 8)."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING
from uuid import UUID

import structlog

from app.core.clock import now
from app.core.errors import UnavailableError
from app.core.log import Event

if TYPE_CHECKING:
    from app.core.hub.hub import Hub
    from app.core.hub.subscription import Subscription

log = structlog.get_logger("hub")
_KIND = "CURSOR_MOVED"
_STEPS = 60  # how often silence is looked for, in the time that counts as silence
_SHARED_SECONDS = 1.0


class Quiet:
    """Looks for live subscriptions that were handed nothing for `quiet_seconds`."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._marks: deque[int] = deque(maxlen=_STEPS + 1)  # the hub's number at each look
        self._made: dict[bool, tuple[float, Event]] = {}

    async def run(self) -> None:
        """For ever."""
        while True:
            await asyncio.sleep(self._hub.settings.quiet_seconds / _STEPS)
            try:
                await self.look()
            except Exception:
                log.exception("quiet_failed")

    async def look(self) -> None:
        """Tells everybody who was handed nothing since the oldest mark."""
        self._hub.number += 1  # so that marks differ even if nothing was dispatched
        self._marks.append(self._hub.number)
        if len(self._marks) <= _STEPS:
            return
        for i, subscription in enumerate(self._hub.live_subscriptions()):
            if subscription.handed < self._marks[0] and subscription.stream.wants_cursor_moved:
                await self.tell(subscription)
            if i % 200 == 199:
                await asyncio.sleep(0)

    async def tell(self, subscription: Subscription) -> None:
        """Hands the hub's cursor to a live subscription, if nothing is on its way to it."""
        try:
            outcome = await self._hub.render_cursor_moved(subscription, is_caught_up=False)
        except UnavailableError:
            return
        text = outcome.of(subscription.viewer)
        if text is None or not subscription.is_live or not self.may_tell(subscription):
            return
        if subscription.push(text.with_cursor(self._hub.cursor(self._hub.follower.vector))):
            subscription.handed = self._hub.number

    def may_tell(self, subscription: Subscription) -> bool:
        """Only when nothing is queued or executing: the hub's vector is ahead of what waits."""
        return not subscription.group.queue

    def cursor_moved(self, is_caught_up: bool) -> Event:
        """The event that is none: all who ask within a second share one, and so its text."""
        time = asyncio.get_running_loop().time()
        made = self._made.get(is_caught_up)
        if made is None or time - made[0] > _SHARED_SECONDS:
            nobody = UUID(int=0)
            self._hub.number += 1  # only to tell its text from earlier ones
            event = Event(
                -1, self._hub.number, 0, 0, nobody, _KIND, {"isCaughtUp": is_caught_up}, frozenset(), frozenset(),
                frozenset(), now(),
            )  # fmt: skip
            made = self._made[is_caught_up] = (time, event)
        return made[1]
