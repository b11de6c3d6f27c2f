"""Reading what a subscription missed: (own, upper] in pages, partitions merged by time (rule 4)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from app.core.errors import CursorExpiredError
from app.core.hub.merging import Timed, in_order, time, timed
from app.core.log import PARTITIONS, Event, Vector
from app.core.log_store import Page, Span
from app.core.records import record

if TYPE_CHECKING:
    from app.core.hub.hub import Hub


_FIRST = 64  # rows: while they are rendered, more are being read


class ForeignLogError(Exception):
    """The log is not the one this process follows: the subscription is to be resumed, and its cursor judged."""


@record(slots=True, frozen=True)
class Rows:
    """Some rows, perhaps none of them visible, and the own vector before and after them, hidden rows included."""

    events: Sequence[Event]
    before: Vector
    after: Vector


class Replay:
    """`next()` gives rows in batches until None.

    Partitions are read side by side: one whose rows ran out is read on before anything later is handed over.
    """

    def __init__(self, hub: Hub, own: Vector, upper: Vector, streams: Sequence[UUID]) -> None:
        self._hub = hub
        self._upper = upper
        self._streams = streams
        self._own = list(own)
        self._from = list(own)
        self._rows: dict[int, list[Event]] = {}
        self._unread = {p for p, (at, last) in enumerate(zip(own, upper, strict=True)) if at[0] < last[0]}
        # Read up to here; the own vector follows as rows are handed over.
        self._read = list(own)
        self._memory = hub.recent.between(own, upper, frozenset(streams))

    @property
    def is_read(self) -> bool:
        """Whether nothing is left to be read."""
        return not (self._memory if self._memory is not None else self._unread or self._rows)

    @property
    def _size(self) -> int:
        page = self._hub.settings.page
        return min(page, _FIRST) if self._own == self._from else page

    async def next(self) -> Rows | None:
        """Some rows; None at the end. Raises CursorExpiredError, ForeignLogError."""
        before = tuple(self._own)
        events = await self._next()
        return None if events is None else Rows(events, before, tuple(self._own))

    async def _next(self) -> Sequence[Event] | None:
        if self._memory is not None:
            return self._from_memory()
        if not self._unread and not self._rows:
            return None
        if any(p not in self._rows for p in self._unread):
            await self._fetch(self._hungry())
        return self._merged()

    def _hungry(self) -> list[int]:
        """Partitions to be read on: those that run out soon too, so that they don't ask one after another."""
        few = self._hub.settings.page // (2 * len(self._unread))
        return sorted(p for p in self._unread if len(self._rows.get(p, ())) <= few)

    def _from_memory(self) -> Sequence[Event] | None:
        assert self._memory is not None
        if not self._memory:
            self._own = list(self._upper)
            return None
        size = self._size
        batch, self._memory = self._memory[:size], self._memory[size:]
        for row in batch:
            self._own[row.partition] = (row.position, row.tag)
        return batch

    async def _fetch(self, partitions: Sequence[int]) -> None:
        size = self._size
        held = sum(map(len, self._rows.values()))
        limit = max(1, size // PARTITIONS, (size - held) // len(partitions))
        spans = [Span(p, self._read[p][0], self._upper[p][0]) for p in partitions]
        page = await self._hub.store.page(self._streams, spans, limit)
        for span in spans:
            p = span.partition
            self.check_upper(span, page)
            self.check_own(span, page)
            rows = page.rows.get(p, ())
            if rows:
                self._rows[p] = [*self._rows.get(p, ()), *rows]
                self._read[p] = (rows[-1].position, rows[-1].tag)
            if p not in page.more:
                self._unread.discard(p)
            if p not in self._rows:
                self._own[p] = self._upper[p]

    def check_upper(self, span: Span, page: Page) -> None:
        """At `upper` stands what was dispatched here, or the log is a foreign one."""
        if page.ends[span.partition].upper_tag != self._upper[span.partition][1]:
            raise ForeignLogError

    def check_own(self, span: Span, page: Page) -> None:
        """At the own position stands what was handed over, or what follows may be gone."""
        ends = page.ends[span.partition]
        if span.own < ends.floor or ends.own_tag != self._read[span.partition][1]:
            raise CursorExpiredError

    def _merged(self) -> Sequence[Event]:
        """The next rows by time, as far as nothing earlier can be unread."""
        ahead = {p: timed(rows) for p, rows in self._rows.items()}
        end = min((ahead[p][-1][0] for p in self._unread), default=None)
        batch: list[Timed] = []
        for p, some in ahead.items():
            count = len(some) if end is None else bisect_right(some, end, key=time)
            batch += some[:count]
            self._take(p, count)
        return in_order(batch)

    def _take(self, partition: int, count: int) -> None:
        """The first rows of a partition are handed over."""
        rows = self._rows[partition]
        if count:
            self._own[partition] = (rows[count - 1].position, rows[count - 1].tag)
        self._rows[partition] = rows[count:]
        if count == len(rows):
            del self._rows[partition]
            if partition not in self._unread:
                self._own[partition] = self._upper[partition]
