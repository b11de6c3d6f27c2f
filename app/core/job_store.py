"""The rows of jobs: added, leased, renewed, ended. All times are the database's, so workers' clocks may differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from app.core import db
from app.core.clock import new_id

_ERROR_LENGTH = 500


@dataclass(slots=True, frozen=True)
class Leased:
    """A job that is this worker's until the lease runs out. `attempts` counts this one."""

    id: UUID
    lease_id: UUID
    name: str
    payload: Mapping[str, Any]
    attempts: int


@dataclass(slots=True, frozen=True)
class Depth:
    """How many jobs wait (schedules left out), and how many were given up."""

    waiting: int
    dead: int


def _from_now(place: str) -> str:
    """SQL: the database's time, so many seconds (a float argument) later."""
    if db.is_postgres():
        return f"clock_timestamp() + {place}::double precision * interval '1 second'"
    return f"strftime('%Y-%m-%d %H:%M:%f+00:00', 'now', {place} || ' seconds')"


def _now() -> str:
    return "clock_timestamp()" if db.is_postgres() else "strftime('%Y-%m-%d %H:%M:%f+00:00', 'now')"


async def add(name: str, payload: Mapping[str, Any], *, delay: float = 0, unique_key: str | None = None) -> bool:
    """A new job, due in `delay` seconds. False while one with the same key is alive."""
    added = await db.rows(
        f"INSERT INTO job (id, name, payload, unique_key, run_at, attempts, created_at)"
        f" VALUES ($1, $2, $3, $4, {_from_now('$5')}, 0, {_now()}) ON CONFLICT DO NOTHING RETURNING id",
        new_id(), name, orjson.dumps(payload).decode(), unique_key, float(delay),
    )  # fmt: skip
    return bool(added)


async def is_due(names: Sequence[str]) -> bool:
    """Whether a worker that knows these names would get something. Locks nothing."""
    sql = f"SELECT 1 AS due FROM job WHERE dead_at IS NULL AND run_at <= {_now()} AND name = ANY($1::text[]) LIMIT 1"
    return await db.row(sql, list(names)) is not None


async def lease(names: Sequence[str], *, limit: int, seconds: float) -> list[Leased]:
    """Takes due jobs, the longest due first, for so many seconds. Jobs whose names are unknown here (a newer release
    enqueued them) are left to others."""
    lease_id = new_id()
    async with db.begin():  # two statements would do on SQLite; one with a CTE, so that PostgreSQL can't lock twice
        found = await db.rows(
            f"WITH due AS (SELECT id FROM job WHERE dead_at IS NULL AND run_at <= {_now()} AND name = ANY($1::text[])"
            " ORDER BY run_at, id LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED)"
            f" UPDATE job SET lease_id = $3, run_at = {_from_now('$4')}, attempts = attempts + 1"
            " WHERE id IN (SELECT id FROM due) RETURNING id, name, payload, attempts",
            list(names), limit, lease_id, float(seconds),
        )  # fmt: skip
    return [Leased(r["id"], lease_id, r["name"], r["payload"], r["attempts"]) for r in found]


async def renew(leased: Sequence[Leased], *, seconds: float) -> set[UUID]:
    """Keeps jobs for so many seconds from now; returns the ids that are still this worker's."""
    kept = await db.rows(
        f"UPDATE job SET run_at = {_from_now('$1')} WHERE id = ANY($2::uuid[]) AND lease_id = ANY($3::uuid[])"
        " RETURNING id",
        float(seconds), [j.id for j in leased], list({j.lease_id for j in leased}),
    )  # fmt: skip
    return {r["id"] for r in kept}


async def finish(leased: Leased) -> bool:
    """The work is done. False when the lease was lost meanwhile: another worker does it too."""
    return await db.execute("DELETE FROM job WHERE id = $1 AND lease_id = $2", leased.id, leased.lease_id) == 1


async def again(leased: Leased, *, delay: float, error: str | None = None, fresh: bool = False) -> bool:
    """Hands the job back, due in `delay` seconds; `fresh` forgets the attempts so far. False as in `finish`."""
    attempts = "0" if fresh else "attempts"
    changed = await db.execute(
        f"UPDATE job SET lease_id = NULL, run_at = {_from_now('$3')}, last_error = $4, attempts = {attempts}"
        " WHERE id = $1 AND lease_id = $2",
        leased.id, leased.lease_id, float(delay), error and error[:_ERROR_LENGTH],
    )  # fmt: skip
    return changed == 1


async def hand_over(leased: Sequence[Leased]) -> None:
    """The worker ends: others take its jobs at once, and this attempt does not count."""
    await db.execute(
        f"UPDATE job SET lease_id = NULL, run_at = {_now()}, attempts = attempts - 1"
        " WHERE id = ANY($1::uuid[]) AND lease_id = ANY($2::uuid[])",
        [j.id for j in leased], list({j.lease_id for j in leased}),
    )  # fmt: skip


async def hurry(names: Sequence[str]) -> None:
    """Makes jobs of these names due now, unless they run."""
    sql = f"UPDATE job SET run_at = {_now()} WHERE dead_at IS NULL AND lease_id IS NULL AND name = ANY($1::text[])"
    await db.execute(sql, list(names))


async def bury(leased: Leased, error: str) -> bool:
    """The job is given up, and kept for an operator to see. False as in `finish`."""
    changed = await db.execute(
        f"UPDATE job SET lease_id = NULL, dead_at = {_now()}, last_error = $3 WHERE id = $1 AND lease_id = $2",
        leased.id, leased.lease_id, error[:_ERROR_LENGTH],
    )  # fmt: skip
    return changed == 1


async def depth(schedules: Sequence[str]) -> Depth:
    """What /metrics shows of the queue."""
    found = await db.row(
        "SELECT count(*) FILTER (WHERE dead_at IS NULL) AS waiting, count(*) FILTER (WHERE dead_at IS NOT NULL) AS dead"
        " FROM job WHERE NOT (name = ANY($1::text[]))",
        list(schedules),
    )
    assert found is not None
    return Depth(found["waiting"], found["dead"])


async def lateness(names: Sequence[str]) -> float | None:
    """For how many seconds the job of these names that is due longest has waited, below 0 when none is due; None when
    there are no jobs at all. One that a living worker has taken is due when its lease ends."""
    oldest = "extract(epoch FROM clock_timestamp() - min(run_at))"
    if not db.is_postgres():
        oldest = "(julianday('now') - julianday(min(run_at))) * 86400.0"
    sql = f"SELECT {oldest} AS seconds FROM job WHERE dead_at IS NULL AND name = ANY($1::text[])"
    found = await db.row(sql, list(names))
    return float(found["seconds"]) if found and found["seconds"] is not None else None


async def forget_dead(older_than_seconds: float, *, batch: int = 1000) -> int:
    """Deletes jobs given up longer ago than that; returns how many, at most `batch`."""
    return await db.execute(
        f"DELETE FROM job WHERE id IN (SELECT id FROM job WHERE dead_at < {_from_now('$1')} LIMIT $2)",
        -float(older_than_seconds), batch,
    )  # fmt: skip
