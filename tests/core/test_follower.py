"""The follower on a real database: everything once and in order, whatever the bus does."""

from __future__ import annotations

import asyncio
import sys
from uuid import uuid4

import pytest

from app.core import log
from app.core.clock import now
from app.core.errors import UnavailableError
from app.core.log_store import Span, SqlLogStore
from tests.core.live import living, say


class Recorder:
    """What a process dispatched."""

    def __init__(self, live) -> None:
        self.seen: list = []
        live.follower.on_dispatch(lambda event: self.seen.append(event.payload.get("n")))
        self._live = live

    async def until(self, n) -> None:
        async with asyncio.timeout(10):
            while n not in self.seen:
                await asyncio.sleep(0.002)


async def unheard(*says) -> list[log.Event]:
    """Commits without telling anybody; returns the events."""
    kept: list[log.Event] = []
    before = log._on_commit.get(None)
    log.announce_with(kept.extend)
    for stream, n in says:
        await say(stream, n)
    log.announce_with(before)
    return kept


async def test_what_nobody_announces_is_found_by_the_poll(database):
    async with living(poll_seconds=0.05) as live:
        seen = Recorder(live)
        await unheard((uuid4(), "silent"))
        await seen.until("silent")


async def test_a_hole_is_filled_from_the_log(database):
    async with living() as live:
        seen, stream = Recorder(live), uuid4()
        events = await unheard((stream, 1), (stream, 2), (stream, 3))
        live.follower.received([events[2], events[2], events[1]])
        assert seen.seen == []
        await seen.until(3)

    assert [n for n in seen.seen if n in (1, 2, 3)] == [1, 2, 3]
    assert live.follower.holes == 1


async def test_holes_are_waited_for_longer_while_the_bus_brings_what_was_read(database):
    async with living() as live:
        seen, stream, patience = Recorder(live), uuid4(), []
        for n in range(6):
            missed, heard = await unheard((stream, f"missed {n}"), (stream, f"heard {n}"))
            live.follower.received([heard])
            await seen.until(f"heard {n}")
            if n < 3:
                live.follower.received([missed])  # late, and no more than that
            patience.append(live.follower.patience)

    assert patience == [2, 4, 8, 8, 4, 2]  # that nothing came is known when the next is read


async def test_repeated_and_reordered_events_are_dispatched_once(database):
    async with living(hole_seconds=60) as live:
        seen, stream = Recorder(live), uuid4()
        events = await unheard(*((stream, n) for n in range(6)))
        live.follower.received([events[i] for i in (3, 1, 1, 0, 0, 5, 2, 4, 3)])

    assert seen.seen == [0, 1, 2, 3, 4, 5]
    assert live.follower.reads == 0


async def test_more_than_one_reading_of_rows(database):
    async with living() as live:
        seen, stream = Recorder(live), uuid4()
        for start in range(0, 650, 50):
            await unheard_many(stream, range(start, start + 50))
        await live.follower.read_log()

    assert seen.seen == list(range(650))


async def unheard_many(stream, ns) -> None:
    before = log._on_commit.get(None)
    log.announce_with(lambda _: None)
    await say(stream, *ns)
    log.announce_with(before)


async def test_a_forged_successor_is_not_dispatched(database):
    async with living() as live:
        seen, stream = Recorder(live), uuid4()
        (real,) = await unheard((stream, "real"))
        forged = log.Event(
            real.partition, real.position, 5, real.tag_before + 1, stream, "SAID", {"n": "forged"}, frozenset(),
            frozenset(), frozenset(), now(),
        )  # fmt: skip
        live.follower.received([forged])
        await seen.until("real")

    assert "forged" not in seen.seen
    assert live.follower.resets == 0


async def test_a_listener_that_fails_stops_nobody(database):
    async with living() as live:

        def fail(event: log.Event) -> None:
            raise ValueError("a bug")

        live.follower.on_dispatch(fail)
        seen = Recorder(live)
        await say(uuid4(), 1)
        await say(uuid4(), 2)

    assert seen.seen == [1, 2]


class Failing:
    """A store that is away for a while."""

    def __init__(self, store) -> None:
        self._store = store
        self.away = False

    def __getattr__(self, name):
        real = getattr(self._store, name)

        async def call(*args):
            if self.away:
                raise UnavailableError
            return await real(*args)

        return call


async def test_a_database_that_is_away_makes_it_late_and_nothing_else(database):
    sql = SqlLogStore()
    await sql.open()
    store = Failing(sql)
    async with living(store, poll_seconds=0.05) as live:
        seen = Recorder(live)
        store.away = True
        await unheard((uuid4(), "late"))
        with pytest.raises(UnavailableError):
            await live.follower.read_log()
        store.away = False
        await seen.until("late")
    await sql.close()


@pytest.mark.parametrize("accident", ["restored_backup", "trimmed"])
async def test_accidents_of_the_whole_log(engine, accident):
    """In a process of its own: they happen to everybody on that database."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.core.log_accidents", accident, engine.clone(),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await child.communicate()

    assert child.returncode == 0, said.decode()


async def test_narrow_and_wide_pages_are_the_same(database, monkeypatch):
    from app.core import log_sql

    store = SqlLogStore()
    await store.open()
    before = (await store.heads()).vector
    streams = [uuid4() for _ in range(12)]
    for n in range(5):
        await unheard(*((stream, n) for stream in streams))
    after = (await store.heads()).vector
    spans = [Span(p, a[0], b[0]) for p, (a, b) in enumerate(zip(before, after, strict=True)) if a != b]
    wanted = streams[:6]
    for limit in (3, 1000):
        narrow = await store.page(wanted, spans, limit)
        monkeypatch.setattr(log_sql, "_NARROW", 0)
        wide = await store.page(wanted, spans, limit)
        monkeypatch.undo()
        assert narrow == wide
        assert all(len(rows) <= limit for rows in wide.rows.values())
        assert all(e.upper_tag is not None and e.own_tag is not None for e in wide.ends.values())
    await store.close()

    assert not wide.more
    assert sum(len(rows) for rows in wide.rows.values()) == 30
