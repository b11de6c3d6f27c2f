"""What must not be shown again: renderings, and rows that events carry, from before content was edited or deleted.

Every process dispatches every event, so each knows by itself. The rule is coarse, and needs no look into renderings: an
event of a kind that takes content back makes old whatever was made of its conversation before it was dispatched.
"""

from __future__ import annotations

from uuid import UUID

from app.core.log import Event, partition_of

_STREAMS = 4096


class Retractions:
    """`number` counts them: what is made of an event from now on is newer than all of them."""

    def __init__(self) -> None:
        self.number = 0
        # Stream → (number, position up to which it was dispatched then), latest last; of streams forgotten: the latest.
        self._streams: dict[UUID, tuple[int, int]] = {}
        self._floor = 0
        self._floors: dict[int, int] = {}

    def add(self, stream_id: UUID, position: int) -> None:
        """Content of the stream was taken back; `position` is the last one dispatched in its partition."""
        self.number += 1
        self._streams.pop(stream_id, None)
        self._streams[stream_id] = (self.number, position)
        if len(self._streams) > _STREAMS:
            oldest = next(iter(self._streams))
            self._floor, position = self._streams.pop(oldest)
            partition = partition_of(oldest)
            self._floors[partition] = max(position, self._floors.get(partition, 0))

    def is_old(self, event: Event, number: int) -> bool:
        """Whether what was made of the event when that many were counted may show what was taken back since."""
        if number == self.number:
            return False
        latest = self._streams.get(event.stream_id)
        return number < (self._floor if latest is None else latest[0])

    def is_before(self, event: Event) -> bool:
        """Whether the event was dispatched before content of its stream was taken back."""
        if event.partition < 0:  # an announcement: it has no past
            return False
        latest = self._streams.get(event.stream_id)
        return event.position <= (self._floors.get(event.partition, 0) if latest is None else latest[1])
