"""What a subscription missed, a batch ahead: while one is rendered and handed over, the next one is being read."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.core.hub.replay import Replay
from app.core.hub.texts import Found
from app.core.hub.turns import Turn
from app.core.log import Vector
from app.core.records import record

if TYPE_CHECKING:
    from app.core.hub.subscription import Frame, Subscription

_BATCHES = 5  # of a turn; then others who wait come first


@record(slots=True, frozen=True)
class Batch:
    """Frames to hand over, what those are made of that nobody has rendered, and the own vector after them."""

    frames: Sequence[Frame]
    found: Found
    after: Vector


class Ahead:
    """`next()` gives batches until None. `drop` it in the end."""

    def __init__(self, subscription: Subscription, replay: Replay) -> None:
        self._subscription = subscription
        self._replay = replay
        self._reading: asyncio.Task[Batch | None] | None = None
        self._count = 0

    async def next(self, turn: Turn) -> Batch | None:
        """Raises what reading does, CursorExpiredError, ForeignLogError."""
        reading, self._reading = self._reading, None
        if reading is None and self._count:
            await turn.give_way()  # nothing is held
        batch = await (self._read() if reading is None else reading)
        self._count += 1
        if self._count % _BATCHES and not self._replay.is_read:
            self._reading = self._subscription.hub.spawn(self._read())
        return batch

    def drop(self) -> None:
        """Ends what is being read: nobody wants it any more."""
        if self._reading is not None:
            self._reading.cancel()
            self._reading.add_done_callback(_forget)  # perhaps it failed
            self._reading = None

    async def _read(self) -> Batch | None:
        rows = await self._replay.next()
        if rows is None:
            return None
        subscription = self._subscription
        frames = subscription.frames(rows)
        shown = [(frame.event, frame.face) for frame in frames]
        found = await subscription.hub.texts.read(subscription.group.selection, shown)
        return Batch(frames, found, rows.after)


def _forget(reading: asyncio.Task[Batch | None]) -> None:
    if not reading.cancelled():
        reading.exception()
