"""Rows of several partitions by time, none before one that precedes it in its partition."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import accumulate
from operator import itemgetter

from app.core.log import Event

Timed = tuple[datetime, Event]
time = itemgetter(0)


def timed(rows: Sequence[Event]) -> list[Timed]:
    """Rows of one partition with times that never fall: clocks differ, so the latest so far counts."""
    return [*zip(accumulate([row.created_at for row in rows], max), rows, strict=True)]


def in_order(rows: list[Timed]) -> list[Event]:
    """Timed rows, partition after partition, by time. Sorting leaves equals in their order."""
    rows.sort(key=time)
    return [row for _, row in rows]


def merged(spans: Sequence[Sequence[Event]]) -> list[Event]:
    """The rows of partitions by time."""
    if len(spans) == 1:
        return list(spans[0])
    return in_order([one for span in spans for one in timed(span)])
