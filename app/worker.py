"""Does the jobs of the queue, embedded in a server or in a process of its own: leases, renews, retries, gives up.

A worker that dies keeps its leases until they run out; then another one does those jobs again. One that was frozen
finds its leases gone and ends what it was doing.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog

from app.core import db, job_store, log, upkeep
from app.core.job_store import Leased
from app.core.jobs import KINDS, GiveUpError, Jobs, Kind
from app.core.runtime import Runtime, enter
from app.settings import JobSettings

logger = structlog.get_logger("worker")
assert upkeep, "its schedules are registered by importing it"
_AWAY_SECONDS = 1.0  # between tries while the database is away
_END_SECONDS = 10.0  # what runs gets when the worker ends


@dataclass(slots=True)
class _Run:
    """A leased job at work. `until` is when the lease surely runs out, by this process's clock."""

    leased: Leased
    task: asyncio.Task[None]
    until: float
    lost: bool = False


@asynccontextmanager
async def working(runtime: Runtime) -> AsyncIterator[Worker]:
    """A worker on the runtime until the block ends; then what runs is ended, or handed to others."""
    worker = Worker(runtime)
    worker.start()
    try:
        yield worker
    finally:
        await worker.stop()


class Worker:
    """Takes at most `concurrency` jobs at once. Supervised: whatever fails is logged, and tried again."""

    def __init__(self, runtime: Runtime, kinds: Sequence[Kind] | None = None) -> None:
        self._runtime = runtime
        self._settings: JobSettings = runtime.settings.jobs
        self._jobs = runtime.part(Jobs)
        self._kinds = {kind.name: kind for kind in (KINDS.values() if kinds is None else kinds)}
        self._runs: dict[asyncio.Task[None], _Run] = {}
        self._wake = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._stopping = False

    def start(self) -> None:
        """Begins to work; the schedules' rows are made by the first worker that ever runs."""
        enter(self._runtime)
        self._forget_wakes = self._jobs.on_wake(self._wake.set)
        self._tasks = [
            asyncio.create_task(self._supervise(), name="jobs"),
            asyncio.create_task(self._renew(), name="leases"),
        ]

    async def stop(self) -> None:
        """Takes nothing more, gives what runs 10 seconds, hands the rest over."""
        self._stopping = True  # not cancelled: what it is leasing just now would wait for nobody
        self._wake.set()
        self._forget_wakes()
        await asyncio.wait(self._tasks[:1], timeout=_END_SECONDS)
        runs = list(self._runs.values())
        if runs:
            await asyncio.wait([run.task for run in runs], timeout=_END_SECONDS)
        await _ended(self._tasks)
        cut = [run for run in runs if not run.task.done()]
        await _ended([run.task for run in cut])
        if cut:
            with contextlib.suppress(*db.GONE):  # the leases run out by themselves
                await job_store.hand_over([run.leased for run in cut])

    async def run_once(self) -> dict[str, int]:
        """Runs every schedule, and what else is due; returns how many jobs of each name it did."""
        await self._plan()
        await job_store.hurry([kind.name for kind in self._kinds.values() if kind.every is not None])
        return await self.drain()

    async def drain(self) -> dict[str, int]:
        """Does everything that is due now and becomes due by it; returns how many jobs of each name it did."""
        enter(self._runtime)
        before = self._jobs.done.copy()
        while await self._take() or self._runs:
            await asyncio.wait(list(self._runs), return_when=asyncio.FIRST_COMPLETED)
        return dict(self._jobs.done - before)

    # ── taking ────────────────────────────────────────────────────────────────────────────────────

    async def _supervise(self) -> None:
        planned = False
        while not self._stopping:
            try:
                if not planned:
                    await self._plan()
                    planned = True
                if not await self._take():
                    await self._wait()
            except Exception as error:
                logger.warning("no jobs can be taken", error=repr(error))
                await asyncio.sleep(_AWAY_SECONDS)

    async def _plan(self) -> None:
        """A row for each schedule that has none: its name is the key."""
        async with log.transaction():
            for kind in self._kinds.values():
                if kind.every is not None:
                    await job_store.add(kind.name, {}, unique_key=kind.name)

    async def _take(self) -> int:
        """Starts what is due, as much as there is room for; returns how many."""
        room = self._settings.concurrency - len(self._runs)
        if room <= 0 or not await job_store.is_due(list(self._kinds)):
            return 0
        until = time.monotonic() + self._settings.lease_seconds
        taken = await job_store.lease(list(self._kinds), limit=room, seconds=self._settings.lease_seconds)
        for leased in taken:
            task = asyncio.create_task(self._run(leased), name=f"job {leased.name}")
            self._runs[task] = _Run(leased, task, until)
            task.add_done_callback(self._ended)
        self._jobs.running = len(self._runs)
        return len(taken)

    async def _wait(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._settings.poll_seconds):
                await self._wake.wait()
        if not self._stopping:
            self._wake.clear()

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._runs[task]
        self._jobs.running = len(self._runs)
        self._wake.set()  # there is room

    # ── keeping ───────────────────────────────────────────────────────────────────────────────────

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(self._settings.lease_seconds / 4)
            if not self._runs:
                continue
            runs = list(self._runs.values())
            until = time.monotonic() + self._settings.lease_seconds
            try:
                async with asyncio.timeout(self._settings.lease_seconds / 4):
                    kept = await job_store.renew([run.leased for run in runs], seconds=self._settings.lease_seconds)
            except Exception as error:
                logger.warning("leases not renewed", error=repr(error))
                kept = {run.leased.id for run in runs}
                until = 0.0
            for run in runs:
                run.until = max(run.until, until) if run.leased.id in kept else 0.0
                if run.until < time.monotonic() and not run.task.done():
                    run.lost = True
                    run.task.cancel()

    # ── one job ───────────────────────────────────────────────────────────────────────────────────

    async def _run(self, leased: Leased) -> None:
        kind = self._kinds[leased.name]
        began = time.monotonic()
        try:
            if kind.every is None and leased.attempts > self._settings.attempts:
                raise GiveUpError("its workers died")
            async with asyncio.timeout(kind.seconds):
                count = await kind(leased.payload)
        except asyncio.CancelledError:
            run = self._runs.get(asyncio.current_task())  # type: ignore[arg-type]
            logger.warning("job cut", job=leased.name, lost=bool(run and run.lost))
            raise
        except Exception as error:
            await self._settle(self._fail(kind, leased, error))
        else:
            self._jobs.done[kind.name] += 1
            quiet = kind.every is not None and not count
            took = round(time.monotonic() - began, 3)
            logger.log(10 if quiet else 20, "job done", job=kind.name, seconds=took, count=count)
            await self._settle(self._finish(kind, leased))

    async def _settle(self, ending: Awaitable[bool]) -> None:
        """Writes how a job ended. If that can't be written, the lease runs out and the job is done again."""
        try:
            if not await ending:
                logger.warning("job ended after its lease")
        except Exception as error:
            logger.warning("job's end not written", error=repr(error))

    async def _finish(self, kind: Kind, leased: Leased) -> bool:
        if kind.every is None:
            return await job_store.finish(leased)
        return await job_store.again(leased, delay=_about(kind.every), fresh=True)

    async def _fail(self, kind: Kind, leased: Leased, error: Exception) -> bool:
        words = f"{type(error).__name__}: {error}"
        hopeless = isinstance(error, GiveUpError) or leased.attempts >= self._settings.attempts
        if hopeless and kind.every is None:
            self._jobs.dead += 1
            logger.error("job given up", job=kind.name, id=str(leased.id), attempts=leased.attempts, error=words)
            return await job_store.bury(leased, words)
        self._jobs.retried += 1
        delay = _about(2.0**leased.attempts)
        if kind.every is not None:
            delay = min(delay, kind.every)
        logger.warning("job failed", job=kind.name, attempts=leased.attempts, again_in=round(delay), exc_info=error)
        return await job_store.again(leased, delay=delay, error=words)


def _about(seconds: float) -> float:
    """With jitter: what failed together need not be tried together."""
    return seconds * random.uniform(0.9, 1.3)  # noqa: S311


async def _ended(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
