"""The last events dispatched here, by position: short cuts resume from memory, without a query."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Sequence
from uuid import UUID

from app.core.hub.merging import merged
from app.core.log import Event, Vector
from app.core.log_store import LogStore

_READINGS = 3  # of the log, as partitions that have little leave their room to others
_FEW = 8  # rows of each partition are worth a reading


class Recent:
    """`low` is the process's vector just before the oldest event kept; everything after it is here, without holes."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._order: deque[Event] = deque()
        self._events: list[dict[int, Event]] = []
        self._low: list[tuple[int, int]] = []

    def restart(self, vector: Vector) -> None:
        """Forgets everything: what is dispatched next follows this vector."""
        self._order.clear()
        self._events = [{} for _ in vector]
        self._low = list(vector)

    def add(self, event: Event) -> None:
        """The next event of its partition."""
        self._events[event.partition][event.position] = event
        self._order.append(event)
        if len(self._order) > self._size:
            oldest = self._order.popleft()
            del self._events[oldest.partition][oldest.position]
            self._low[oldest.partition] = (oldest.position, oldest.tag)

    def vector_at(self, positions: Sequence[int]) -> Vector | None:
        """Positions with their tags, or None when one is older than what is kept (or not dispatched yet)."""
        result = []
        for partition, position in enumerate(positions):
            if position == self._low[partition][0]:
                result.append(self._low[partition])
            elif (event := self._events[partition].get(position)) is not None:
                result.append((position, event.tag))
            else:
                return None
        return tuple(result)

    def between(self, own: Vector, upper: Vector, streams: Collection[UUID]) -> list[Event] | None:
        """Events of the streams in (own, upper], partitions merged by time, or None when some are no longer kept."""
        spans = []
        for partition, ((position, _), (last, _)) in enumerate(zip(own, upper, strict=True)):
            if position >= last:
                continue
            if position < self._low[partition][0]:
                return None
            events = map(self._events[partition].__getitem__, range(position + 1, last + 1))
            if found := [event for event in events if event.stream_id in streams]:
                spans.append(found)
        return merged(spans)

    async def fill(self, store: LogStore) -> None:
        """Reads what the log has before what is kept, as much as there is room for: after a restart everybody comes
        back at once, and most have missed little. Raises what the store raises."""
        for _ in range(_READINGS):
            more = [low for low, _ in self._low if low]
            room = (self._size - len(self._order)) // max(1, len(more))
            if room < _FEW:
                return
            reading = await store.read([max(0, low - room) for low, _ in self._low], room)
            for partition, rows in reading.rows.items():
                self._add_older([row for row in rows if row.position <= self._low[partition][0]])

    def _add_older(self, rows: Sequence[Event]) -> None:
        """Rows of one partition up to the first that is not kept; what is kept begins after the first of them."""
        if not rows:
            return
        partition = rows[0].partition
        is_whole = rows[-1].position - rows[0].position == len(rows) - 1
        if not is_whole or (rows[-1].position, rows[-1].tag) != self._low[partition]:
            return  # others were taken out, or it is another log: what is kept is good without
        room = self._size - len(self._order)
        start = max(1, len(rows) - room)
        for row in reversed(rows[start:]):
            self._events[partition][row.position] = row
            self._order.appendleft(row)
        self._low[partition] = (rows[start - 1].position, rows[start - 1].tag)
