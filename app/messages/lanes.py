"""Send lanes: what makes sends that arrive together commit together, without making a lone one wait.

A conversation belongs to one lane of the process, so lanes never meet in the database. A lane commits one batch at a
time and takes whatever has gathered meanwhile: one draft when idle, hundreds under load. Most processes need one lane:
a batch is one round trip, and two half batches cost the database more than the wait for the disk that they overlap.

Where several processes write, a batch waits for the others' (for a CPU, the disk, the log's partitions) longer than it
works. Then a lane lets as much time pass before the next one, so that batches are larger: each costs every process.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID

import structlog

from app.core import db, log
from app.core.errors import UnavailableError, UserFault
from app.core.runtime import Runtime
from app.messages.records import Draft, MessageRow
from app.messages.sending import Outcome, send_batch, unavailable

logger = structlog.get_logger(__name__)

SendBatch = Callable[[Sequence[Draft]], Awaitable[list[Outcome]]]
BUSY_SECONDS = 3.0  # how long drafts wait for a conversation that somebody else holds
RETRY_SECONDS = (0.004, 0.1)  # between two tries for it: first, and at most
WAITING_BATCHES = 4  # a lane lets this many batches wait, then refuses
DRAIN_SECONDS = 10.0
PAUSE_SECONDS = 0.005  # what a lane waits at most between two batches, while other processes write too


@dataclass(slots=True, eq=False)
class _Waiting:
    """A draft and whoever waits for its outcome."""

    draft: Draft
    outcome: asyncio.Future[MessageRow]

    def settle(self, outcome: MessageRow | Exception) -> None:
        if self.outcome.done():  # the caller has gone; the message is sent all the same
            return
        if isinstance(outcome, Exception):
            self.outcome.set_exception(outcome)
        else:
            self.outcome.set_result(outcome)


@dataclass(slots=True)
class _Parked:
    """The drafts of a conversation that somebody else holds, in order, until it is free or the time is over."""

    until: float
    delay: float = RETRY_SECONDS[0]
    drafts: list[_Waiting] = field(default_factory=list)
    is_trying: bool = False


class Lane:
    """One queue and one batch at a time. `is_alone` says whether no other process writes."""

    def __init__(
        self, size: int, send: SendBatch, is_alone: Callable[[], bool] = lambda: True, pause: float = PAUSE_SECONDS
    ) -> None:
        self._size = size
        self._send = send
        self._is_alone = is_alone
        self._most = pause
        self._waiting: deque[_Waiting] = deque()
        self._parked: dict[UUID, _Parked] = {}
        self._parked_count = 0
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()

    def put(self, waiting: _Waiting) -> None:
        """Queues a draft. Raises UserFault UNAVAILABLE when too many wait already."""
        if len(self._waiting) + self._parked_count >= WAITING_BATCHES * self._size:
            raise unavailable()
        self._idle.clear()
        parked = self._parked.get(waiting.draft.conversation_id)
        if parked is not None and not parked.is_trying:
            parked.drafts.append(waiting)
            self._parked_count += 1
        else:
            self._waiting.append(waiting)
            self._wake.set()

    async def drained(self) -> None:
        """Returns when nothing waits and nothing is being written."""
        await self._idle.wait()

    def abandon(self) -> None:
        """Settles what still waits when the lane has ended."""
        for waiting in (*self._waiting, *(w for parked in self._parked.values() for w in parked.drafts)):
            waiting.settle(unavailable())

    async def run(self) -> None:
        """Serves the lane until cancelled."""
        rested = 0.0
        while True:
            await self._wake.wait()
            if (rest := rested - time.perf_counter()) > 0 and not self._is_alone():
                await asyncio.sleep(rest)
            begun, used = time.perf_counter(), time.process_time()
            batch = [self._waiting.popleft() for _ in range(min(self._size, len(self._waiting)))]
            if batch:
                await self._serve(batch)
            if len(batch) > 1:  # a lone sender's next draft comes after the answer to this one
                ended = time.perf_counter()
                rested = ended + min(ended - begun - (time.process_time() - used), self._most)
            if not self._waiting:
                self._wake.clear()
                if not self._parked:
                    self._idle.set()

    async def _serve(self, batch: Sequence[_Waiting]) -> None:
        """Writes a batch and settles all of it, or puts it aside: whatever happens, nobody waits for ever."""
        try:
            self._park(await self._write(batch))
        except BaseException as error:
            for waiting in batch:
                waiting.settle(unavailable())
            if not isinstance(error, Exception):
                raise
            logger.exception("send_lane_failed")
        for conversation_id in {w.draft.conversation_id for w in batch}:
            parked = self._parked.get(conversation_id)
            if parked is not None and parked.is_trying and not parked.drafts:
                del self._parked[conversation_id]

    async def _write(self, batch: Sequence[_Waiting]) -> list[_Waiting]:
        """Writes a batch; returns those whose conversation is busy. What breaks it is found by halving: one bad draft
        fails alone, at the price of some 2 log2(n) transactions."""
        try:
            outcomes = await self._send([w.draft for w in batch])
        except UnavailableError:
            for waiting in batch:
                waiting.settle(unavailable())
            return []
        except Exception as error:
            if len(batch) == 1:
                batch[0].settle(error)
                return []
            half = len(batch) // 2
            busy = await self._write(batch[:half])
            held = {w.draft.conversation_id for w in busy}
            # Behind a busy draft of the same conversation nothing may overtake.
            late = [w for w in batch[half:] if w.draft.conversation_id in held]
            rest = [w for w in batch[half:] if w.draft.conversation_id not in held]
            return busy + late + (await self._write(rest) if rest else [])
        busy = []
        for waiting, outcome in zip(batch, outcomes, strict=True):
            if outcome is None:
                busy.append(waiting)
            else:
                waiting.settle(outcome)
        return busy

    # ── conversations that somebody else holds ────────────────────────────────────────────────────

    def _park(self, busy: Sequence[_Waiting]) -> None:
        """Puts the drafts of busy conversations aside, with those queued behind them, so that none is overtaken."""
        if not busy:
            return
        loop = asyncio.get_running_loop()
        held = {w.draft.conversation_id for w in busy}
        behind = [w for w in self._waiting if w.draft.conversation_id in held]
        if behind:
            self._waiting = deque(w for w in self._waiting if w.draft.conversation_id not in held)
        for conversation_id in held:
            parked = self._parked.get(conversation_id)
            if parked is None:
                parked = self._parked[conversation_id] = _Parked(until=loop.time() + BUSY_SECONDS)
            parked.drafts = [w for w in (*busy, *behind) if w.draft.conversation_id == conversation_id] + parked.drafts
            parked.is_trying = False
            loop.call_later(parked.delay * random.uniform(0.5, 1), self._retry, conversation_id)  # noqa: S311
            parked.delay = min(2 * parked.delay, RETRY_SECONDS[1])
        self._parked_count = sum(len(p.drafts) for p in self._parked.values())

    def _retry(self, conversation_id: UUID) -> None:
        """Queues the parked drafts of a conversation again, before all others, or gives them up."""
        parked = self._parked[conversation_id]
        drafts, parked.drafts = parked.drafts, []
        self._parked_count -= len(drafts)
        if asyncio.get_running_loop().time() > parked.until:
            del self._parked[conversation_id]
            for waiting in drafts:
                waiting.settle(unavailable())
        else:
            parked.is_trying = True
            self._waiting.extendleft(reversed(drafts))
        self._wake.set()


class SendLanes:
    """The lanes of a process. `send` is how everything that sends gets a message into the log."""

    def __init__(self, lanes: Sequence[Lane]) -> None:
        self._lanes = lanes
        self._is_closing = False

    async def send(self, draft: Draft) -> MessageRow:
        """Sends one draft. Raises UserFault: what `send_batch` refuses, or UNAVAILABLE (overloaded, database away,
        conversation held for too long, shutting down)."""
        return await self.put(draft)

    def put(self, draft: Draft) -> asyncio.Future[MessageRow]:
        """As `send`, without waiting: drafts put one after the other keep their order within a conversation."""
        outcome: asyncio.Future[MessageRow] = asyncio.get_running_loop().create_future()
        waiting = _Waiting(draft, outcome)
        try:
            if self._is_closing:
                raise unavailable()
            self._lanes[log.partition_of(draft.conversation_id) % len(self._lanes)].put(waiting)
        except UserFault as fault:
            outcome.set_exception(fault)
        return outcome

    async def close(self) -> None:
        """Refuses new drafts, and returns when the waiting ones are written (10 s at most)."""
        self._is_closing = True
        try:
            async with asyncio.timeout(DRAIN_SECONDS):
                for lane in self._lanes:
                    await lane.drained()
        except TimeoutError:
            logger.warning("send_lanes_not_drained")


@asynccontextmanager
async def send_lanes(runtime: Runtime) -> AsyncIterator[SendLanes]:
    """Runs the lanes of this process; leaving drains them. SQLite has one writer, so one lane is enough."""
    settings = runtime.settings.messages
    count = settings.lanes if db.is_postgres() else 1
    lanes = [Lane(settings.lane_batch, send_batch, lambda: runtime.bus.is_alone) for _ in range(count)]
    tasks = [asyncio.create_task(lane.run(), name=f"send-lane-{n}") for n, lane in enumerate(lanes)]
    parts = SendLanes(lanes)
    runtime.provide(parts)
    try:
        yield parts
    finally:
        await parts.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for lane in lanes:
            lane.abandon()
