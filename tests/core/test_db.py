"""The database helper on both engines: cancellation, placeholders, retries."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID, uuid4

import asyncpg
import pytest
from tortoise.exceptions import OperationalError

from app.core import db
from app.core.errors import UnavailableError

STORM = 400


async def _write(identifier: str) -> None:
    async with db.begin():
        await db.execute(
            "INSERT INTO one_time_code (identifier, code_hash, attempts, sent_at, expires_at)"
            " VALUES ($1, $2, 0, $3, $3)",
            identifier,
            "x",
            datetime.now(UTC),
        )
        await db.rows("SELECT 1 AS one")


async def test_cancellation_leaves_no_connection_or_lock(database):
    """Mutations ended early by their client, at every point of their transaction (issue 2: 1,000 on both engines)."""
    dice = random.Random(1)
    tag = uuid4().hex
    tasks: list[asyncio.Task[None]] = []
    for number in range(STORM):
        tasks.append(asyncio.create_task(_write(f"{tag}-{number}")))
        if number % 8 == 7:
            for _ in range(dice.randrange(12)):
                await asyncio.sleep(0)
            for task in tasks[-8:]:
                asyncio.get_running_loop().call_later(dice.random() * 0.01, task.cancel)
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(r is None or isinstance(r, asyncio.CancelledError) for r in results)
    assert any(isinstance(r, asyncio.CancelledError) for r in results)

    async with asyncio.timeout(5):  # nothing is held: as many transactions as the pool has connections, at once
        await asyncio.gather(*(_write(f"{tag}-after-{n}") for n in range(20)))
    stored = await db.row("SELECT count(*) AS n FROM one_time_code WHERE identifier LIKE $1", f"{tag}%")
    finished = sum(r is None for r in results)
    assert stored is not None
    assert stored["n"] >= finished + 20  # a cancelled one may have committed, a finished one must have
    if database.name == "postgres":
        pool = db.writer()._pool
        kept = db._State.readers.idle if db._State.readers else 0
        assert pool.get_idle_size() + kept == pool.get_size()
        left = await db.rows("SELECT pid FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'")
        assert left == []


async def test_values_travel_both_ways(database):
    identifier, when = uuid4().hex, datetime(2026, 11, 20, 10, 0, 0, 123456, tzinfo=UTC)
    async with db.begin():
        await db.execute_many(
            "INSERT INTO one_time_code (identifier, code_hash, attempts, sent_at, expires_at)"
            " VALUES ($1, $2, $3, $4, $4)",
            [(f"{identifier}-{n}", f"h{n}", n, when) for n in range(12)],
        )

    found = await db.rows(
        "SELECT identifier, attempts, sent_at FROM one_time_code WHERE identifier = ANY($1::text[]) AND"
        " attempts IN ($2, $3, $4, $5, $6, $7, $8, $9, $10) AND code_hash <> $11 ORDER BY attempts",
        [f"{identifier}-{n}" for n in range(12)],
        *range(1, 10),
        "h9",
    )

    assert [r["attempts"] for r in found] == list(range(1, 9))  # $11 is not $1 followed by a one
    assert found[0]["sent_at"] == when


async def test_uuids_come_back_as_uuids(database):
    person = uuid4()
    async with db.begin():
        await db.execute(
            "INSERT INTO membership (id, stream_id, user_id, partition, from_position) VALUES ($1, $2, $3, 0, 1)",
            uuid4(),
            uuid4(),
            person,
        )

    found = await db.rows("SELECT user_id FROM membership WHERE user_id = ANY($1::uuid[])", [person, uuid4()])

    assert [r["user_id"] for r in found] == [person]
    assert isinstance(found[0]["user_id"], UUID)


async def test_a_failed_transaction_changes_nothing(database):
    identifier = uuid4().hex
    with pytest.raises(RuntimeError):
        async with db.begin():
            await db.execute(
                "INSERT INTO one_time_code (identifier, code_hash, attempts, sent_at, expires_at)"
                " VALUES ($1, 'x', 0, $2, $2)",
                identifier,
                datetime.now(UTC),
            )
            raise RuntimeError

    assert await db.row("SELECT 1 AS x FROM one_time_code WHERE identifier = $1", identifier) is None


async def test_readers_see_commits_only(database):
    identifier = uuid4().hex
    wrote, go_on = asyncio.Event(), asyncio.Event()

    async def writer() -> None:
        async with db.begin():
            await db.execute(
                "INSERT INTO one_time_code (identifier, code_hash, attempts, sent_at, expires_at)"
                " VALUES ($1, 'x', 0, $2, $2)",
                identifier,
                datetime.now(UTC),
            )
            wrote.set()
            await go_on.wait()

    task = asyncio.create_task(writer())
    await wrote.wait()
    sql = "SELECT 1 AS x FROM one_time_code WHERE identifier = $1"
    before = await db.row(sql, identifier)
    go_on.set()
    await task

    assert before is None
    assert await db.row(sql, identifier) is not None


async def test_deadlocks_are_tried_again():
    tries = []

    @db.retried
    async def service() -> str:
        tries.append(1)
        if len(tries) < 3:
            raise asyncpg.DeadlockDetectedError("deadlock")
        return "done"

    assert await service() == "done"
    assert len(tries) == 3


@pytest.mark.parametrize("error", [ConnectionResetError(), TimeoutError(), asyncpg.LockNotAvailableError("locked")])
async def test_a_database_away_is_unavailable(error):
    @db.retried
    async def service() -> None:
        raise error

    with pytest.raises(UnavailableError):
        await service()


async def test_a_row_locked_for_long_is_unavailable(database):
    """A frozen process must not stop the others: the lock is waited for 3 s."""
    if database.name == "sqlite":
        pytest.skip("one writer holds a SQLite database; its wait is busy_timeout")
    held = asyncio.Event()

    async def hold() -> None:
        async with db.begin():
            await db.rows("SELECT 1 FROM log_epoch FOR NO KEY UPDATE")
            held.set()
            await asyncio.sleep(30)

    @db.retried
    async def service() -> None:
        async with db.begin():
            await db.execute("SET LOCAL lock_timeout = '100ms'")
            await db.rows("SELECT 1 FROM log_epoch FOR NO KEY UPDATE")

    holder = asyncio.create_task(hold())
    await held.wait()
    with pytest.raises(UnavailableError):
        await service()
    holder.cancel()
    with contextlib.suppress(asyncio.CancelledError, asyncpg.PostgresError):
        await holder


@pytest.mark.parametrize("last", ["SELECT 1 AS one", "COMMIT"])
async def test_a_frozen_process_finds_its_transaction_gone(database, last):
    """PostgreSQL ends a transaction left idle; whoever wakes up in it is told UNAVAILABLE, not INTERNAL."""
    if database.name == "sqlite":
        pytest.skip("nobody waits for an embedded server but itself")

    @db.retried
    async def service() -> None:
        async with db.begin():
            await db.execute("SET LOCAL idle_in_transaction_session_timeout = '20ms'")
            time.sleep(0.1)  # frozen, the loop too: what the server said is still unread when it asks on
            if last != "COMMIT":
                await db.rows(last)

    for _ in range(25):  # more often than the pool has connections
        with pytest.raises(UnavailableError):
            await service()
    assert dict(await db.row("SELECT 1 AS one") or {}) == {"one": 1}


INSTANTS = [
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    datetime(2000, 1, 1, tzinfo=UTC),
    datetime(2026, 11, 21, 17, 12, 5, 123457, tzinfo=UTC),
    datetime(2095, 1, 24, 5, 20, 0, 1, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    datetime(2026, 11, 21, 17, 12, 5, 123457, tzinfo=timezone(timedelta(hours=5, minutes=30))),
]


@pytest.mark.parametrize("at", INSTANTS, ids=lambda at: at.isoformat())
async def test_an_instant_comes_back_as_it_went(database, at):
    if database.name == "sqlite":
        pytest.skip("columns of SQLite hold texts: a value without a column comes back as one")

    row = await db.row("SELECT $1::timestamptz AS at, ARRAY[$1::timestamptz] AS many, $1::timestamptz::text text", at)

    assert row is not None
    assert row["at"] == at
    assert row["at"].tzinfo is UTC
    assert row["many"] == [at]
    assert row["text"].startswith(at.astimezone(UTC).isoformat(" ").removesuffix("+00:00"))


async def test_an_instant_must_be_one(database):
    if database.name == "sqlite":
        pytest.skip("SQLite takes any value")

    with pytest.raises(OperationalError):
        await db.row("SELECT $1::timestamptz AS at", "yesterday")
