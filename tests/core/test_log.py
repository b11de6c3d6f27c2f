"""Appending to the log: gapless, ordered, tags chained, whatever runs beside it."""

from __future__ import annotations

import asyncio
import itertools
from uuid import UUID, uuid4

import pytest

from app.core import db, log
from app.core.log import NewEvent

WRITERS = 16
ROUNDS = 12


async def _chain(partition: int) -> list[db.Row]:
    return await db.rows("SELECT position, tag, stream_id FROM event WHERE partition = $1 ORDER BY position", partition)


async def test_concurrent_writers_leave_no_gap(database):
    """Positions dense from 0, commit order = position order, each tag known to its successor, the head at the end."""
    streams = [uuid4() for _ in range(6)]
    handed: list[log.Event] = []
    log.announce_with(handed.extend)
    order: dict[UUID, list[int]] = {stream: [] for stream in streams}

    @db.retried
    async def write(writer: int, turn: int) -> None:
        async with log.transaction():
            for step in range(1 + (writer + turn) % 3):
                log.record(NewEvent(streams[(writer + turn + step) % len(streams)], "MESSAGE_RECEIVED", {"n": turn}))

    async def one(writer: int) -> None:
        for turn in range(ROUNDS):
            await write(writer, turn)

    await asyncio.gather(*(one(w) for w in range(WRITERS)))

    for event in handed:
        if event.stream_id in order:
            order[event.stream_id].append(event.position)
    assert sum(len(p) for p in order.values()) == sum(1 + (w + t) % 3 for w in range(WRITERS) for t in range(ROUNDS))
    before = {(e.partition, e.position): e.tag_before for e in handed}
    for partition in {log.partition_of(s) for s in streams}:
        chain = await _chain(partition)
        head = await db.row("SELECT head, tag FROM log_partition WHERE partition = $1", partition)
        assert head is not None
        assert [r["position"] for r in chain] == list(range(head["head"] + 1))
        assert chain[-1]["tag"] == head["tag"]
        for previous, row in itertools.pairwise(chain):
            assert before.get((partition, row["position"]), previous["tag"]) == previous["tag"]


async def test_a_failed_transaction_appends_nothing(database):
    stream = uuid4()
    with pytest.raises(RuntimeError):
        async with log.transaction():
            log.record(NewEvent(stream, "MESSAGE_RECEIVED"))
            raise RuntimeError

    assert await db.rows("SELECT 1 AS x FROM event WHERE stream_id = $1", stream) == []


async def test_a_cancelled_commit_is_handed_over_or_absent(database):
    """What was committed may be announced late (the safety poll finds it), but never half."""
    streams = [uuid4() for _ in range(60)]

    async def write(stream: UUID) -> None:
        async with log.transaction():
            log.record(NewEvent(stream, "MESSAGE_RECEIVED", joined=[stream]))

    tasks = [asyncio.create_task(write(s)) for s in streams]
    for number, task in enumerate(tasks):
        asyncio.get_running_loop().call_later(number * 0.001, task.cancel)
    await asyncio.gather(*tasks, return_exceptions=True)

    events = await db.rows("SELECT stream_id FROM event WHERE stream_id = ANY($1::uuid[])", streams)
    intervals = await db.rows("SELECT stream_id FROM membership WHERE stream_id = ANY($1::uuid[])", streams)
    assert {r["stream_id"] for r in events} == {r["stream_id"] for r in intervals}
    assert len(events) == len({r["stream_id"] for r in events})


async def test_joining_and_leaving_open_and_close_an_interval(database):
    stream, person = uuid4(), uuid4()
    for change in ({"joined": [person]}, {"left": [person]}, {"joined": [person]}):
        async with log.transaction():
            log.record(NewEvent(stream, "MEMBER_CHANGED", **change))

    events = await db.rows("SELECT position FROM event WHERE stream_id = $1 ORDER BY position", stream)
    first, last, again = (r["position"] for r in events)
    intervals = await db.rows(
        "SELECT from_position, to_position FROM membership WHERE stream_id = $1 ORDER BY from_position", stream
    )
    assert [(r["from_position"], r["to_position"]) for r in intervals] == [(first, last), (again, None)]
