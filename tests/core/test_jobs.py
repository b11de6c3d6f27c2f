"""Jobs: enqueued with their cause, done by workers, tried again, given up; and a worker killed in the middle."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import httpx2
import pytest

from app.core import db, job_store, log
from app.core.clock import now
from app.core.jobs import KINDS, GiveUpError, Jobs, Kind, enqueue, job
from app.core.runtime import enter
from app.worker import Worker
from tests.core.worker_process import Note, noted

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Count:
    """Work of these tests: `how` names the behaviour."""

    key: str
    how: str = "works"


runs: list[str] = []
begun = asyncio.Event()
let_go = asyncio.Event()


@job("tests.count", seconds=30)
async def count(work: Count) -> None:
    runs.append(work.key)
    if work.how == "fails" or (work.how == "fails once" and runs.count(work.key) == 1):
        raise RuntimeError("no luck")
    if work.how == "is hopeless":
        raise GiveUpError("never")
    if work.how == "waits":
        begun.set()
        await let_go.wait()


@pytest.fixture(autouse=True)
async def _entered(runtime):
    enter(runtime)
    runs.clear()
    begun.clear()
    let_go.clear()


@pytest.fixture
def worker(runtime) -> Worker:
    return Worker(runtime, [KINDS["tests.count"]])


@asynccontextmanager
async def at_work(runtime) -> AsyncIterator[Worker]:
    """A worker in the background, of this job alone."""
    worker = Worker(runtime, [KINDS["tests.count"]])
    worker.start()
    yield worker
    await worker.stop()


async def add(key: str, how: str = "works", **options) -> bool:
    async with log.transaction():
        return await enqueue(Count(key, how), **options)


async def stored(key: str) -> db.Row | None:
    sql = "SELECT run_at, attempts, lease_id, last_error, dead_at, payload FROM job WHERE name = 'tests.count'"
    return next((r for r in await db.rows(sql) if r["payload"]["key"] == key), None)


async def due_now(key: str) -> None:
    for r in await db.rows("SELECT id, payload FROM job WHERE name = 'tests.count'"):
        if r["payload"]["key"] == key:
            await db.execute("UPDATE job SET run_at = $1 WHERE id = $2", now() - timedelta(seconds=1), r["id"])


def new() -> str:
    return uuid4().hex


# ── enqueuing ─────────────────────────────────────────────────────────────────────────────────────


async def test_a_job_is_done_once_and_its_row_goes(worker):
    key = new()
    assert await add(key)

    assert await worker.drain() == {"tests.count": 1}

    assert runs == [key]
    assert await stored(key) is None


async def test_a_job_whose_cause_is_rolled_back_never_was(runtime, worker):
    key, told = new(), []
    forget = runtime.part(Jobs).on_wake(lambda: told.append(key))
    with pytest.raises(ZeroDivisionError):
        async with log.transaction():
            await enqueue(Count(key))
            raise ZeroDivisionError
    forget()
    assert await worker.drain() == {}
    assert runs == told == []


async def test_outside_a_transaction_nothing_can_be_enqueued(worker):
    with pytest.raises(LookupError):
        await enqueue(Count(new()))
    await worker.drain()
    runs.clear()


async def test_one_key_is_one_job_while_it_is_alive(worker):
    first, key = new(), new()
    assert [await add(first, unique_key=key), await add(new(), unique_key=key)] == [True, False]
    await worker.drain()
    assert runs == [first]

    assert await add(new(), unique_key=key)
    await worker.drain()
    assert len(runs) == 2


async def test_a_delayed_job_waits(worker):
    key = new()
    await add(key, delay=600)
    assert await worker.drain() == {}
    row = await stored(key)
    assert timedelta(seconds=590) < row["run_at"] - now() < timedelta(seconds=610)


# ── working ───────────────────────────────────────────────────────────────────────────────────────


async def test_an_idle_worker_hears_of_it(runtime):
    slow = runtime.settings.model_copy(
        update={"jobs": runtime.settings.jobs.model_copy(update={"poll_seconds": 600.0})}
    )
    runtime.settings, before = slow, runtime.settings
    try:
        async with at_work(runtime):
            await asyncio.sleep(0.05)  # it has looked, and sleeps for ten minutes
            async with asyncio.timeout(5):
                await add(new(), "waits")
                await begun.wait()
                let_go.set()
    finally:
        runtime.settings = before


async def test_a_failure_is_tried_again_later(runtime, worker):
    key = new()
    await add(key, "fails once")
    assert await worker.drain() == {}
    row = await stored(key)
    assert (row["attempts"], row["lease_id"], row["last_error"]) == (1, None, "RuntimeError: no luck")
    assert timedelta(seconds=1) < row["run_at"] - now() < timedelta(seconds=3)

    await due_now(key)
    assert await worker.drain() == {"tests.count": 1}
    assert runs == [key, key]
    assert await stored(key) is None


async def test_backoff_doubles_and_the_eighth_failure_is_the_last(runtime, worker):
    key, delays, dead = new(), [], runtime.part(Jobs).dead
    await add(key, "fails")
    for _ in range(8):
        await due_now(key)
        await worker.drain()
        delays.append(((await stored(key))["run_at"] - now()).total_seconds())

    assert all(0.85 * 2**n < delay < 1.35 * 2**n for n, delay in enumerate(delays[:7], 1))
    row = await stored(key)
    assert row["dead_at"] is not None
    assert runtime.part(Jobs).dead == dead + 1
    await due_now(key)
    assert await worker.drain() == {}
    assert len(runs) == 8


async def test_what_can_not_work_is_given_up_at_once_and_forgotten_later(worker):
    key = new()
    await add(key, "is hopeless", unique_key=key)
    await worker.drain()
    assert (await stored(key))["last_error"] == "GiveUpError: never"
    assert await add(new(), unique_key=key)  # a dead job holds no key
    await worker.drain()

    await job_store.forget_dead(3600)
    assert await stored(key)
    await db.execute("UPDATE job SET dead_at = $1 WHERE dead_at IS NOT NULL", now() - timedelta(hours=2))
    assert await job_store.forget_dead(3600) >= 1
    assert await stored(key) is None


async def test_at_most_so_many_run_at_once_and_all_are_done(runtime, worker):
    keys = {new() for _ in range(25)}
    for key in keys:
        await add(key, "waits")
    task = asyncio.create_task(worker.drain())
    await begun.wait()
    assert len(runs) <= runtime.settings.jobs.concurrency
    let_go.set()
    assert await task == {"tests.count": 25}
    assert set(runs) == keys
    assert len(runs) == 25


async def test_two_workers_never_do_the_same_job(runtime):
    many = [Worker(runtime, [KINDS["tests.count"]]) for _ in range(3)]
    for _ in range(40):
        await add(new())
    await asyncio.gather(*(worker.drain() for worker in many))
    assert len(runs) == len(set(runs)) == 40


async def test_a_worker_that_ends_hands_over(runtime, monkeypatch):
    monkeypatch.setattr("app.worker._END_SECONDS", 0.1)
    key = new()
    await add(key, "waits")
    first = Worker(runtime, [KINDS["tests.count"]])
    first.start()
    async with asyncio.timeout(5):
        await begun.wait()
    await first.stop()

    row = await stored(key)
    assert (row["attempts"], row["lease_id"]) == (0, None)
    let_go.set()
    assert await Worker(runtime, [KINDS["tests.count"]]).drain() == {"tests.count": 1}


async def test_a_lost_lease_ends_the_run_and_leaves_the_row_to_the_other(runtime):
    quick = runtime.settings.jobs.model_copy(update={"lease_seconds": 0.4, "poll_seconds": 60.0})
    before, runtime.settings = runtime.settings, runtime.settings.model_copy(update={"jobs": quick})
    key = new()
    try:
        async with at_work(runtime) as first:
            await add(key, "waits")
            async with asyncio.timeout(5):
                await begun.wait()
                (run,) = first._runs.values()
                await db.execute("UPDATE job SET lease_id = $1 WHERE id = $2", uuid4(), run.leased.id)  # another's now
                await asyncio.wait([run.task])
            assert run.task.cancelled()
        assert (await stored(key))["lease_id"] is not None
    finally:
        runtime.settings = before
    await db.execute("DELETE FROM job WHERE id = $1", run.leased.id)


async def test_metrics_count_them(server, worker):
    await add(new(), "is hopeless")
    await add(new())
    await worker.drain()
    await add(new(), delay=60)

    async with httpx2.AsyncClient() as client:
        text = (await client.get(f"{server.url}/metrics")).text

    numbers = {line.split()[0]: float(line.split()[1]) for line in text.splitlines() if line.startswith("parley_jobs")}
    assert numbers["parley_jobs_done_total"] >= 1
    assert numbers["parley_jobs_dead_total"] >= 1
    assert numbers["parley_jobs_waiting"] >= 1
    assert numbers["parley_jobs_dead_letters"] >= 1
    assert numbers["parley_jobs_running"] == 0


# ── schedules ─────────────────────────────────────────────────────────────────────────────────────


async def test_a_schedule_is_run_once_by_however_many_and_planned_again(runtime):
    name, done = f"tests.{new()[:8]}", []

    async def run(_: None) -> int:
        done.append(name)
        return 3

    many = [Worker(runtime, [Kind(name, None, run, 10, every=3600)]) for _ in range(3)]
    assert await many[0].run_once() == {name: 1}
    await asyncio.gather(*(worker.drain() for worker in many))

    assert done == [name]
    row = await db.row("SELECT run_at, lease_id, attempts FROM job WHERE name = $1", name)
    assert (row["lease_id"], row["attempts"]) == (None, 0)
    assert row["run_at"] - now() > timedelta(minutes=50)


async def test_a_failing_schedule_is_never_given_up(runtime):
    name = f"tests.{new()[:8]}"

    async def run(_: None) -> int:
        raise RuntimeError("no luck")

    worker = Worker(runtime, [Kind(name, None, run, 10, every=3600)])
    for _ in range(10):
        await worker.run_once()
    row = await db.row("SELECT attempts, dead_at FROM job WHERE name = $1", name)
    assert (row["attempts"], row["dead_at"]) == (10, None)
    await db.execute("DELETE FROM job WHERE name = $1", name)


# ── kill -9 ───────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def worker_process(url: str, redis_url: str, *, lease: float):
    command = [sys.executable, "-m", "tests.core.worker_process", url, redis_url, str(lease)]
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 30) -> None:
    async with asyncio.timeout(seconds):
        while not await condition():
            await asyncio.sleep(0.02)


async def test_killing_a_worker_loses_nothing_and_repeats_at_most_once(engine, runtime, tmp_path):
    file = tmp_path / "notes"
    lines = [f"job {n}" for n in range(30)]

    async def left() -> int:
        return (await db.row("SELECT count(*) AS n FROM job WHERE name = 'tests.note'"))["n"]

    with worker_process(engine.url, engine.redis_url, lease=1) as first:
        async with log.transaction():
            for n, line in enumerate(lines):
                await enqueue(Note(str(file), line, hanging=n % 10 == 0))

        async def hang() -> bool:
            return await left() == 3 and len(noted(file)) == 30

        await until(hang)
        first.kill()
    assert await left() == 3

    with worker_process(engine.url, engine.redis_url, lease=1):

        async def done() -> bool:
            return await left() == 0

        await until(done)

    repeated = ["job 0", "job 10", "job 20"]
    assert sorted(noted(file)) == sorted(lines + repeated)
