"""The last events dispatched here, by position: short cuts resume from memory, without a query."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from heapq import merge

from app.core.log import Event, Vector


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

    def between(self, own: Vector, upper: Vector) -> list[Event] | None:
        """Events in (own, upper], partitions merged by time, or None when some are no longer kept."""
        spans = []
        for partition, ((position, _), (last, _)) in enumerate(zip(own, upper, strict=True)):
            if position >= last:
                continue
            if position < self._low[partition][0]:
                return None
            events = self._events[partition]
            spans.append([events[at] for at in range(position + 1, last + 1)])
        return list(merge(*spans, key=lambda e: e.created_at))
