"""syncContacts at 100,000 people who all let others find them: no table is walked, on either engine."""

from __future__ import annotations

import sqlite3
import time

import asyncpg
import pytest

from app.accounts.discovery import KEYS, LOOK_UP, owners
from app.core import db

_USERS = """INSERT INTO user_account (id, username, username_key, display_name, role, phone_number, phone_verified,
  email_verified, needs_profile_setup, created_at, updated_at)"""
_PRIVACY = """INSERT INTO privacy_settings (user_id, last_seen, online_status, profile_photo, bio, read_receipts,
  typing_indicators, who_can_message, who_can_add_to_groups, who_can_call, discoverable_by_phone,
  discoverable_by_email, updated_at) SELECT id, 'CONTACTS', 'CONTACTS', 'EVERYONE', 'EVERYONE', true, true, 'EVERYONE',
  'EVERYONE', 'CONTACTS', true, false, created_at FROM user_account"""
_KEYS = """INSERT INTO discovery_key (key, epoch, identifier)
  SELECT e || '-' || phone_number, e, phone_number FROM user_account, (SELECT 1 AS e UNION ALL SELECT 2) AS epochs"""
_NUMBERS = [f"+49{n:09d}" for n in range(0, 100_000, 500)]
# As many as one statement takes, half of them somebody's.
_HASHES = [f"2-{number}" for number in _NUMBERS[:100]] + [f"unknown-{n}" for n in range(100)]
_STATEMENTS = {"keys": (KEYS, (_HASHES, 1), 100), "people": (owners("phone"), (_NUMBERS,), 200)}


@pytest.mark.parametrize("name", _STATEMENTS)
async def test_no_table_is_walked_at_100_000_people(engine, name):
    sql, args, count = _STATEMENTS[name]
    look = _sqlite if engine.name == "sqlite" else _postgres
    plan, found, seconds = await look(engine.clone(), sql, args)
    print(f"{engine.name} {name}: {seconds * 1000:.1f} ms", *plan, sep="\n")

    assert (len(_HASHES), len(_NUMBERS)) == (LOOK_UP, LOOK_UP)
    assert found == count
    assert not any("Seq Scan" in line or line.startswith("SCAN") for line in plan), plan


async def _postgres(url, sql, args) -> tuple[list[str], int, float]:
    connection = await asyncpg.connect(url)
    await connection.execute(
        f"""{_USERS} SELECT gen_random_uuid(), 'u' || n, 'u' || n, 'P', 'USER', '+49' || lpad(n::text, 9, '0'), true,
              false, false, now(), now() FROM generate_series(0, 99999) n; {_PRIVACY}; {_KEYS}; ANALYZE"""
    )
    plan = [row[0] for row in await connection.fetch(f"EXPLAIN {sql}", *args)]
    started = time.perf_counter()
    found = await connection.fetch(sql, *args)
    seconds = time.perf_counter() - started
    await connection.close()
    return plan, len(found), seconds


async def _sqlite(url, sql, args) -> tuple[list[str], int, float]:
    connection = sqlite3.connect(db.sqlite_path(url))
    connection.executescript(
        f"""PRAGMA synchronous = OFF;
            WITH RECURSIVE s(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM s WHERE n < 99999)
            {_USERS} SELECT printf('00000000-0000-4000-8000-%012d', n), 'u' || n, 'u' || n, 'P', 'USER',
              printf('+49%09d', n), 1, 0, 0, '2026-01-01 00:00:00+00:00', '2026-01-01 00:00:00+00:00' FROM s;
            {_PRIVACY}; {_KEYS}; ANALYZE;"""
    )
    text, values = db._for_sqlite(sql, args)
    plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {text}", values)]
    started = time.perf_counter()
    found = connection.execute(text, values).fetchall()
    seconds = time.perf_counter() - started
    connection.close()
    return [line for line in plan if "json_each" not in line], len(found), seconds
