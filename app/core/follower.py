"""The process's place in the log: every event is dispatched once, in the order of its partition (design.md, "The log").

Events come from the bus and from this process's own commits; what is missing is read from the log by one routine.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import structlog

from app.core.errors import UnavailableError
from app.core.log import PARTITIONS, Event, Vector
from app.core.log_store import LogStore, Reading
from app.settings import HubSettings

log = structlog.get_logger("follower")
Listener = Callable[[Event], None]
_ROWS = 200  # of a partition, read at once
_WAITING = 2000  # events of a partition kept beyond a hole; they are in the log anyway
_PATIENCE = 8  # times as long a hole is waited for, at most, where reading the log was in vain


class Publisher(Protocol):
    """What the follower needs of the bus."""

    @property
    def healthy(self) -> bool: ...

    def publish(self, events: Sequence[Event]) -> None: ...


class _Patience:
    """How much longer than usual a hole is waited for. On a busy machine the bus is late by more than a moment, and a
    reading of what it brings by itself makes all who render its rows load them: it doubles after a reading in vain, and
    halves after one that was not."""

    def __init__(self) -> None:
        self.factor = 1
        self._read: set[tuple[int, int]] = set()

    def read(self, events: Sequence[Event]) -> None:
        """The log had these before the bus did."""
        self._read.update((e.partition, e.position) for e in events)

    def brought(self, event: Event) -> None:
        """The bus has something that was dispatched already."""
        if self._read and (event.partition, event.position) in self._read:
            self._read.clear()
            self.factor = min(2 * self.factor, _PATIENCE)

    def end(self) -> None:
        """Another reading begins."""
        if self._read:  # nothing of it came
            self._read.clear()
            self.factor = max(self.factor // 2, 1)


class Follower:
    """`start` takes the heads; from then on `vector` is what was dispatched here, and listeners hear each event once.

    Listeners are called synchronously, in order of registration, and must not block. A database that is away makes
    everything late and nothing else.
    """

    def __init__(self, store: LogStore, bus: Publisher, settings: HubSettings) -> None:
        self._store = store
        self._bus = bus
        self._settings = settings
        self._vector: Vector = ()
        self.epoch = 0
        self._waiting: list[dict[int, Event]] = [{} for _ in range(PARTITIONS)]
        self._listeners: list[Listener] = []
        self._on_foreign: list[Callable[[], None]] = []
        self._on_heads: list[Callable[[], None]] = []
        self._wake = asyncio.Event()
        self._readers: list[asyncio.Future[None]] = []
        self._hole: asyncio.TimerHandle | None = None
        self._patience = _Patience()
        self._is_hole_read = False
        self._task: asyncio.Task[None] | None = None
        self._lost = False
        self.dispatched = 0
        self.holes = 0
        self.reads = 0
        self.resets = 0

    # ── for the others ────────────────────────────────────────────────────────────────────────────

    @property
    def vector(self) -> Vector:
        """Position and tag of each partition as dispatched here: what `eventCursor` is made of."""
        return self._vector

    @property
    def patience(self) -> int:
        """How many times `hole_seconds` a hole is waited for now."""
        return self._patience.factor if self._bus.healthy else 1

    def on_dispatch(self, listener: Listener) -> None:
        """Calls `listener(event)` for every event of the log, exactly once, in the order of its partition."""
        self._listeners.append(listener)

    def on_foreign_log(self, close_all: Callable[[], None]) -> None:
        """Calls `close_all()` when the log turns out not to be the one followed so far (a restored backup)."""
        self._on_foreign.append(close_all)

    def on_heads(self, restarted: Callable[[], None]) -> None:
        """Calls `restarted()` when the vector was set anew, at the start and after a foreign log."""
        self._on_heads.append(restarted)

    async def start(self) -> None:
        """Takes the heads and begins to follow. Raises what the store raises: a process starts with its database."""
        await self._retake()
        self._task = asyncio.create_task(self._follow())

    async def stop(self) -> None:
        if self._hole is not None:
            self._hole.cancel()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self._answer(self._take_readers(), UnavailableError())

    def committed(self, events: Sequence[Event]) -> None:
        """Takes what this process has just committed: dispatches what is next in line, and tells the others."""
        self._bus.publish(events)
        self.received(events)

    def received(self, events: Sequence[Event]) -> None:
        """Takes events in any order, as often as they come."""
        for event in events:
            self._take(event)

    def wake(self) -> None:
        """Something may be missing: the log is read soon."""
        self._wake.set()

    async def read_log(self) -> None:
        """Waits until everything was dispatched that is committed now. Raises UnavailableError without a database."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._readers.append(future)
        self._wake.set()
        await future

    # ── dispatch ──────────────────────────────────────────────────────────────────────────────────

    def _take(self, event: Event) -> None:
        partition = event.partition
        if self._lost or not self._vector:
            return
        if event.position <= self._vector[partition][0]:
            self._patience.brought(event)
            return
        waiting = self._waiting[partition]
        if len(waiting) < _WAITING:
            waiting[event.position] = event
        self._advance(partition)
        if waiting and self._hole is None:
            self.holes += 1
            self._watch_holes()

    def _advance(self, partition: int) -> None:
        """Dispatches what waits and is next in line."""
        waiting = self._waiting[partition]
        while (event := waiting.pop(self._vector[partition][0] + 1, None)) is not None:
            if not self._follows(event):
                waiting.clear()
                self.wake()
                return
            self._dispatch(event)

    def _follows(self, event: Event) -> bool:
        """Whether it was appended to what we dispatched. If not, one of the two is of another log."""
        return event.tag_before == self._vector[event.partition][1]

    def _watch_holes(self) -> None:
        """Looks in a moment whether the partitions in which something waits have moved on."""
        at = {p: self._vector[p][0] for p, waiting in enumerate(self._waiting) if waiting}
        seconds = self._settings.hole_seconds * self.patience
        self._hole = asyncio.get_running_loop().call_later(seconds, self._hole_due, at)

    def _hole_due(self, at: Mapping[int, int]) -> None:
        """Reads the log for a hole that stayed. Where many processes write there is always one that is younger: it
        closes by itself, as whoever commits later may well be heard first."""
        self._hole = None
        if self._lost or not self._vector or not any(self._waiting):
            return
        if any(self._waiting[p] and self._vector[p][0] == position for p, position in at.items()):
            self._patience.end()
            self._is_hole_read = True
            self.wake()
        else:
            self._watch_holes()

    def _dispatch(self, event: Event) -> None:
        p = event.partition
        self._vector = (*self._vector[:p], (event.position, event.tag), *self._vector[p + 1 :])
        self.dispatched += 1
        for listener in self._listeners:
            try:
                listener(event)
            except Exception:
                log.exception("dispatch_listener_failed", kind=event.kind)

    # ── the one routine that reads the log ────────────────────────────────────────────────────────

    async def _follow(self) -> None:
        while True:
            poll = self._settings.poll_seconds if self._bus.healthy else self._settings.unwell_poll_seconds
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(poll):
                    await self._wake.wait()
            self._wake.clear()
            readers = self._take_readers()
            try:
                await self._read()
            except asyncio.CancelledError:
                self._answer(readers, UnavailableError())
                raise
            except Exception as error:
                log.warning("log_read_failed", error=repr(error))
                self._answer(readers, UnavailableError())
                await asyncio.sleep(min(0.5, self._settings.unwell_poll_seconds))
                self._wake.set()
            else:
                self._answer(readers, None)

    def _take_readers(self) -> list[asyncio.Future[None]]:
        readers, self._readers = self._readers, []
        return readers

    def _answer(self, readers: Sequence[asyncio.Future[None]], error: Exception | None) -> None:
        for future in readers:
            if future.done():
                continue
            if error is None:
                future.set_result(None)
            else:
                future.set_exception(error)

    async def _read(self) -> None:
        """Reads and dispatches until nothing is left. Never trusts that the log is the one it was."""
        if self._lost:
            await self._retake()
            return
        announced = [set(waiting) for waiting in self._waiting]
        is_for_hole, self._is_hole_read = self._is_hole_read, False
        while True:
            before = self._vector
            self.reads += 1
            reading = await self._store.read([position for position, _ in before], _ROWS)
            if self._is_foreign(before, reading):
                await self._reset()
                return
            if is_for_hole:
                new = [e for p, rows in reading.rows.items() for e in rows if e.position > self._vector[p][0]]
                self._patience.read([e for e in new if e.position not in self._waiting[e.partition]])
            if not await self._dispatch_rows(reading):
                break
        self._forget(announced)

    def _forget(self, announced: Sequence[set[int]]) -> None:
        """What was announced before a reading and is not in it is of another log."""
        for waiting, positions in zip(self._waiting, announced, strict=True):
            for position in positions & waiting.keys():
                del waiting[position]

    def _is_foreign(self, before: Vector, reading: Reading) -> bool:
        """Whether the rows at our own positions are gone or others, now or when the reading began."""
        if reading.epoch != self.epoch:
            return True
        for partition, (position, tag) in enumerate(before):
            rows = reading.rows.get(partition)
            if not rows or rows[0].position != position or rows[0].tag != tag:
                return True
            now, now_tag = self._vector[partition]  # the bus may have gone on while we read
            if now - position < len(rows) and rows[now - position].tag != now_tag:
                return True
        return False

    async def _dispatch_rows(self, reading: Reading) -> bool:
        """Dispatches a reading; True when there may be more."""
        more = False
        for partition, rows in reading.rows.items():
            more = more or len(rows) > _ROWS
            waiting = self._waiting[partition]
            for event in rows:
                if event.position == self._vector[partition][0] + 1 and self._follows(event):
                    announced = waiting.get(event.position)  # the same, and it carries its rows
                    self._dispatch(announced if announced is not None and announced.tag == event.tag else event)
            for position in [p for p in waiting if p <= self._vector[partition][0]]:
                del waiting[position]
            self._advance(partition)
            if len(rows) > 1:
                await asyncio.sleep(0)  # frames leave, commits go on
        return more

    async def _reset(self) -> None:
        """The log is not the one we knew. Subscriptions resume, and each cursor is judged."""
        log.warning("foreign_log", vector=[position for position, _ in self._vector])
        self.resets += 1
        self._lost = True
        self._call(self._on_foreign)
        await self._retake()

    async def _retake(self) -> None:
        if self._lost:
            # Queries may have shown what no cursor covers any more: all cursors of the old log end. The first process
            # to notice renews the epoch, the others find it renewed.
            await self._store.renew_epoch(self.epoch)
        heads = await self._store.heads()
        if self._lost:
            self._call(self._on_foreign)  # who came meanwhile
        for waiting in self._waiting:
            waiting.clear()
        self._vector, self.epoch, self._lost = heads.vector, heads.epoch, False
        self._call(self._on_heads)

    def _call(self, listeners: Sequence[Callable[[], None]]) -> None:
        for listener in listeners:
            try:
                listener()
            except Exception:
                log.exception("follower_listener_failed")
