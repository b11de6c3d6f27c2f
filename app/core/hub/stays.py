"""When a person was in which conversation: facts from the memberships and from dispatch, joined as a set (rule 2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from app.core.log import Event, Vector, partition_of
from app.core.log_store import Interval

Facts = dict[UUID, set[tuple[int, bool]]]
"""For each conversation: at which position the person came in (True) or went out (False)."""
_EVER = 1 << 63


def note(facts: Facts, stream_id: UUID, position: int, came_in: bool) -> None:
    """Adds a fact, which may be there already."""
    facts.setdefault(stream_id, set()).add((position, came_in))


def facts_of(intervals: Iterable[Interval], upto: Vector) -> Facts:
    """Facts of stored stays. Those above the vector are dropped: they will be dispatched."""
    facts: Facts = {}
    for interval in intervals:
        last = upto[partition_of(interval.stream_id)][0]
        if interval.from_position <= last:
            note(facts, interval.stream_id, interval.from_position, True)
        if interval.to_position is not None and interval.to_position <= last:
            note(facts, interval.stream_id, interval.to_position, False)
    return facts


class Stays:
    """What one person may see: their own stream, and each conversation from coming in to going out, both included."""

    def __init__(self, user_id: UUID, facts: Facts) -> None:
        self._user_id = user_id
        self._stays: dict[UUID, list[tuple[int, int]]] = {stream: _intervals(f) for stream, f in facts.items()}

    def now(self) -> list[UUID]:
        """The conversations the person is in."""
        return [stream for stream, stays in self._stays.items() if stays and stays[-1][1] == _EVER]

    def streams_after(self, own: Vector) -> Sequence[UUID]:
        """The streams that may hold something visible above the vector."""
        return [
            self._user_id,
            *(s for s, stays in self._stays.items() if stays and stays[-1][1] > own[partition_of(s)][0]),
        ]

    def show(self, event: Event) -> bool:
        """Whether the person may see an event, judged by its position."""
        if self._user_id in event.hidden_from:
            return False
        if event.stream_id == self._user_id:
            return True
        at = event.position
        for first, last in self._stays.get(event.stream_id, ()):  # noqa: SIM110 - a generator costs more
            if first <= at <= last:
                return True
        return False


def _intervals(facts: set[tuple[int, bool]]) -> list[tuple[int, int]]:
    result: list[tuple[int, int]] = []
    since: int | None = None
    for position, came_in in sorted(facts):
        if came_in:
            since = position if since is None else since
        elif since is not None:
            result.append((since, position))
            since = None
    if since is not None:
        result.append((since, _EVER))
    return result
