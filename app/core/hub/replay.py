"""Reading what a subscription missed: (own, upper] in pages, partitions merged by time (rule 4)."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from app.core.errors import CursorExpiredError
from app.core.log import Event, Vector
from app.core.log_store import Page, Span

if TYPE_CHECKING:
    from app.core.hub.hub import Hub

_BATCH = 64
_FROM_MEMORY = 1000


class ForeignLogError(Exception):
    """The log is not the one this process follows: the subscription is to be resumed, and its cursor judged."""


class Replay:
    """`next()` gives rows in batches until None; `vector` is the own vector after the last batch, hidden rows included.

    Partitions are read side by side: one whose rows ran out is read on before anything later is handed over.
    """

    def __init__(self, hub: Hub, own: Vector, upper: Vector, streams: Sequence[UUID]) -> None:
        self._hub = hub
        self._upper = upper
        self._streams = streams
        self._own = list(own)
        self._rows: dict[int, deque[Event]] = {}
        self._unread = {p for p, (at, last) in enumerate(zip(own, upper, strict=True)) if at[0] < last[0]}
        # Read up to here; the own vector follows as rows are handed over.
        self._read = list(own)
        self._memory: list[Event] | None = None
        if sum(last[0] - at[0] for at, last in zip(own, upper, strict=True)) <= _FROM_MEMORY:
            self._memory = hub.recent.between(own, upper)

    @property
    def vector(self) -> Vector:
        return tuple(self._own)

    async def next(self) -> Sequence[Event] | None:
        """Some rows, perhaps none of them visible; None at the end. Raises CursorExpiredError, ForeignLogError."""
        if self._memory is not None:
            return self._from_memory()
        if not self._unread and not self._rows:
            return None
        hungry = [p for p in sorted(self._unread) if not self._rows.get(p)]
        if hungry:
            await self._fetch(hungry)
        return self._merged()

    def _from_memory(self) -> Sequence[Event] | None:
        assert self._memory is not None
        if not self._memory:
            self._own = list(self._upper)
            return None
        batch, self._memory = self._memory[:_BATCH], self._memory[_BATCH:]
        for row in batch:
            self._own[row.partition] = (row.position, row.tag)
        return batch

    async def _fetch(self, partitions: Sequence[int]) -> None:
        limit = max(1, self._hub.settings.page // len(partitions))
        spans = [Span(p, self._read[p][0], self._upper[p][0]) for p in partitions]
        page = await self._hub.store.page(self._streams, spans, limit)
        for span in spans:
            self.check_upper(span, page)
            self.check_own(span, page)
            rows = page.rows.get(span.partition, ())
            if rows:
                self._rows[span.partition] = deque(rows)
                self._read[span.partition] = (rows[-1].position, rows[-1].tag)
            if span.partition not in page.more:
                self._unread.discard(span.partition)
            if not rows:
                self._own[span.partition] = self._upper[span.partition]

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
        """The next rows by time, until a partition must be read on."""
        batch: list[Event] = []
        while self._rows and len(batch) < _BATCH:
            partition = min(self._rows, key=lambda p: self._rows[p][0].created_at)
            rows = self._rows[partition]
            row = rows.popleft()
            batch.append(row)
            self._own[partition] = (row.position, row.tag)
            if not rows:
                del self._rows[partition]
                if partition in self._unread:
                    break
                self._own[partition] = self._upper[partition]
        return batch
