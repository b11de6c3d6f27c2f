"""Durable work beside requests: what can be done (`@job`, `@schedule`), and `enqueue` in the transaction of its cause.

A job is a row, so it survives every crash and is done at least once: by the worker (`app/worker.py`) that leases it.
What it does must be harmless when done twice. Rows are read and written in `job_store.py` only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, TypeVar, get_type_hints
from uuid import UUID

from app.core import job_store, log
from app.core.bus import Announcement
from app.core.runtime import Counted, Gauge, Runtime, current

TOPIC = "jobs"
_EVERYWHERE = UUID(int=0)  # announcements name a stream; this one is about none

W = TypeVar("W")


class GiveUpError(Exception):
    """Trying again would not help: the job goes to the dead letters at once. The message must hold no secret."""


@dataclass(slots=True, frozen=True)
class Kind:
    """Something workers can do. `every` is the seconds between runs of a schedule; None: only when enqueued."""

    name: str
    work: type[Any] | None
    run: Callable[[Any], Awaitable[Any]]
    seconds: float
    every: float | None = None

    async def __call__(self, payload: Mapping[str, Any]) -> int | None:
        """Does it once. A schedule returns how many things it did."""
        done = await self.run(self.work(**payload) if self.work else None)
        return done if isinstance(done, int) else None


KINDS: dict[str, Kind] = {}
_names: dict[type[Any], str] = {}


def job(
    name: str, *, seconds: float = 60
) -> Callable[[Callable[[W], Awaitable[None]]], Callable[[W], Awaitable[None]]]:
    """Declares how work is done: `async def f(work: SomeWork)`, a frozen dataclass of JSON values. `seconds` is the
    longest a run may take. Its name is stored: never rename it, and give new fields defaults."""

    def register(run: Callable[[W], Awaitable[None]]) -> Callable[[W], Awaitable[None]]:
        work = next(hint for key, hint in get_type_hints(run).items() if key != "return")
        _add(Kind(name, work, run, seconds))
        assert work not in _names, f"{work} is another job's work"
        _names[work] = name
        return run

    return register


def schedule(
    name: str, *, every: float, seconds: float = 600
) -> Callable[[Callable[[], Awaitable[int]]], Callable[[], Awaitable[int]]]:
    """Declares what is done every so many seconds, by one worker at a time; it returns how many things it did."""

    def register(run: Callable[[], Awaitable[int]]) -> Callable[[], Awaitable[int]]:
        async def once(_: None) -> int:
            return await run()

        _add(Kind(name, None, once, seconds, every))
        return run

    return register


def _add(kind: Kind) -> None:
    assert kind.name not in KINDS, f"two jobs are called {kind.name}"
    KINDS[kind.name] = kind


async def enqueue(work: Any, *, delay: float = 0, unique_key: str | None = None) -> bool:
    """Inside `log.transaction()`: has the work done once it commits, `delay` seconds later by the database's clock.

    With a `unique_key`, False and nothing new while a job of that name and key waits or runs.
    """
    name = _names[type(work)]
    key = f"{name}:{unique_key}" if unique_key is not None else None
    added = await job_store.add(name, asdict(work), delay=delay, unique_key=key)
    if added and not delay:
        log.after_commit(current().part(Jobs).announce)
    return added


class Jobs:
    """A process's end of the queue: wakes the workers, and counts what this process did (`done`, by name)."""

    def __init__(self, announce: Callable[[Announcement], None]) -> None:
        self._announce = announce
        self._listeners: list[Callable[[], None]] = []
        self.running = 0
        self.done: Counter[str] = Counter()
        self.retried = 0
        self.dead = 0
        self.depth = job_store.Depth(0, 0)

    def on_wake(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Calls `listener()` when something was enqueued anywhere; returns how to stop that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def wake(self) -> None:
        """Something is due, here or elsewhere."""
        for listener in self._listeners:
            listener()

    async def look(self) -> None:
        """Reads how deep the queue of the whole installation is."""
        self.depth = await job_store.depth([kind.name for kind in KINDS.values() if kind.every is not None])

    def announce(self) -> None:
        """Tells the workers of all processes that something is due. It may be lost: they look by themselves too."""
        self.wake()
        self._announce(Announcement(TOPIC, _EVERYWHERE, key=TOPIC))


def provide_jobs(runtime: Runtime) -> None:
    """Gives the runtime its end of the queue, and its numbers to /metrics."""
    jobs = Jobs(runtime.bus.announce)
    runtime.provide(jobs)
    runtime.hub.on_announcement(TOPIC, lambda _: jobs.wake())
    runtime.before_metrics.append(jobs.look)
    runtime.gauges += [
        Gauge("jobs_waiting", "Jobs that wait or run, in all processes.", lambda: jobs.depth.waiting),
        Gauge("jobs_dead_letters", "Jobs given up and kept, in all processes.", lambda: jobs.depth.dead),
        Gauge("jobs_running", "Jobs that run in this process.", lambda: jobs.running),
        Counted("jobs_done", "Jobs this process has done.", lambda: jobs.done.total()),
        Counted("jobs_retried", "Runs that failed in this process and are tried again.", lambda: jobs.retried),
        Counted("jobs_dead", "Jobs this process gave up.", lambda: jobs.dead),
    ]
