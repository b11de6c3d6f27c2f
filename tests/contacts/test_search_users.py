"""searchUsers, and its plans at 100,000 people."""

from __future__ import annotations

import sqlite3
from uuid import uuid4

import asyncpg
import pytest

from app.accounts.search import _matching, check_query
from app.core import db
from tests.accounts.support import prove_address, user_uuid
from tests.contacts.documents import ADD, BLOCK, UNBLOCK
from tests.statements import statements

SEARCH = """query Search($query: String!, $excludeContacts: Boolean, $first: Int = 20, $after: String) {
  searchUsers(query: $query, excludeContacts: $excludeContacts, first: $first, after: $after) {
    totalCount nodes { id displayName relationship contact { id } } edges { cursor node { id } }
    pageInfo { hasNextPage hasPreviousPage endCursor } } }"""
DISCOVERABLE = """mutation Allow($email: Boolean) {
  updatePrivacy(input: {discoverableByEmail: $email}) { errors { code } } }"""
RENAME = "mutation Rename($name: String!) { updateProfile(input: {displayName: $name}) { errors { code } } }"


def name(first: str = "") -> str:
    """A word nobody else has."""
    return f"{first}{uuid4().hex[:12]}"


async def found(person, query: str, **variables) -> list[str]:
    page = (await person.query(SEARCH, query=query, **variables))["searchUsers"]
    assert [edge["node"]["id"] for edge in page["edges"]] == [node["id"] for node in page["nodes"]]
    return [node["id"] for node in page["nodes"]]


async def test_by_words_of_names_whatever_case_and_accents(alice, person):
    tail = name()
    zoe = await person("zoe", displayName=f"Zoë-Ångström {tail}")
    smile = await person("smile", displayName=f"😀{tail} 山田太郎")

    assert await found(alice, f"ANGSTROM {tail[:5].upper()}") == [zoe.id]
    assert await found(alice, f"{tail} zoe") == [zoe.id]
    assert await found(alice, f"😀{tail}") == [smile.id]
    assert await found(alice, f"山田太 😀{tail[:6]}") == [smile.id]
    assert await found(alice, zoe.username) == [zoe.id]
    assert await found(alice, zoe.username[:-3]) == [zoe.id]
    assert set(await found(alice, tail)) == {zoe.id}
    assert await found(alice, tail[1:]) == []


@pytest.mark.parametrize("query", ["", "  ", "al", "%%%", "___", "a_%", "\u0000\u200b", "'; --", "\\"])
async def test_too_little_finds_nobody(alice, bob, query):
    assert await found(alice, query) == []


async def test_wildcards_are_no_wildcards(alice, person):
    tail = name()
    await person("x", displayName=f"x{tail}")

    assert await found(alice, f"%{tail}") == []
    assert await found(alice, f"_{tail[:-2]}__") == []


async def test_too_long_and_foreign_cursors(alice):
    assert (await alice.failed(SEARCH, query="x" * 101))["extensions"]["code"] == "BAD_REQUEST"
    for after in ("nonsense", "WyJhIiwiYiJd"):
        assert (await alice.failed(SEARCH, query="alice", after=after))["extensions"]["code"] == "BAD_REQUEST"


async def test_oneself_the_blocked_and_the_deleted_never_appear(alice, bob, person):
    tail = name()
    people = [await person(f"p{n}", displayName=f"P{n} {tail}") for n in range(3)]
    ids = {p.id for p in people}
    assert set(await found(alice, tail)) == ids
    assert set(await found(people[0], tail)) == ids - {people[0].id}

    await alice.mutate(BLOCK, userId=people[0].id)
    await people[1].mutate(BLOCK, userId=alice.id)
    assert await found(alice, tail) == [people[2].id]
    assert set(await found(people[0], tail)) == {people[1].id, people[2].id}
    assert await found(people[0], alice.username) == []
    assert await found(people[1], alice.username) == []
    await db.execute(
        "UPDATE user_account SET deleted_at = created_at WHERE id = ANY($1::uuid[])", [user_uuid(people[2])]
    )
    assert await found(alice, tail) == []
    await alice.mutate(UNBLOCK, userId=people[0].id)
    assert await found(alice, tail) == [people[0].id]


async def test_contacts_can_be_left_out(alice, person):
    tail = name()
    one, two = [await person(f"p{n}", displayName=tail) for n in range(2)]
    await alice.mutate(ADD, userId=one.id)

    assert await found(alice, tail, excludeContacts=True) == [two.id]
    assert len(await found(alice, tail, excludeContacts=False)) == 2


async def test_addresses_only_whole_verified_and_allowed(alice, bob):
    assert await found(alice, bob.email) == []
    await prove_address(bob)
    assert await found(alice, bob.email) == []
    await bob.mutate(DISCOVERABLE, email=True)

    assert await found(alice, f" {bob.email.upper()} ") == [bob.id]
    assert await found(alice, bob.email[:-1]) == []
    assert await found(alice, "+919876543210") == []
    await bob.mutate(BLOCK, userId=alice.id)
    assert await found(alice, bob.email) == []


async def test_a_new_name_is_found_the_old_one_not(alice, bob):
    old, new = name(), name()
    await bob.mutate(RENAME, name=old)
    assert await found(alice, old) == [bob.id]
    await bob.mutate(RENAME, name=new)

    assert (await found(alice, old), await found(alice, new)) == ([], [bob.id])


async def test_pages_and_statements(alice, person):
    tail = name()
    await person("one", displayName=tail)
    async with statements() as few:
        await found(alice, tail)
    people = [await person(f"p{n}", displayName=f"{tail} {tail}x{n}") for n in range(4)]
    async with statements() as many:
        assert len(await found(alice, tail)) == 5
    pages, after = [], None
    while True:
        page = (await alice.query(SEARCH, query=tail, first=2, after=after))["searchUsers"]
        assert page["totalCount"] == 5
        pages += [node["id"] for node in page["nodes"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]

    assert len(pages) == len(set(pages)) == 5
    assert set(pages) > {p.id for p in people}
    assert len(many) == len(few), many


async def test_no_table_is_walked_at_100_000_people(engine):
    """The plan of the page, on a database of its own."""
    query = check_query("name12345 person")
    assert query is not None
    where, args = _matching(query, [])
    sql = f"SELECT w.word, w.user_id {where} ORDER BY w.word, w.user_id LIMIT 21"
    plan = await (_sqlite_plan if engine.name == "sqlite" else _postgres_plan)(engine.clone(), sql, args)
    print("\n".join(plan))

    assert not any("Seq Scan" in line or line.startswith("SCAN") for line in plan), plan
    assert any("idx_user_word_word" in line for line in plan), plan


_USERS = """INSERT INTO user_account (id, username, username_key, display_name, role, email_verified, phone_verified,
  needs_profile_setup, created_at, updated_at)"""


async def _postgres_plan(url, sql, args) -> list[str]:
    connection = await asyncpg.connect(url)
    await connection.execute(
        f"""{_USERS} SELECT gen_random_uuid(), 'u' || n, 'u' || n, 'Person Name' || n, 'USER', false, false, false,
              now(), now() FROM generate_series(1, 100000) n;
            INSERT INTO user_word (user_id, word) SELECT id, 'person' FROM user_account;
            INSERT INTO user_word (user_id, word) SELECT id, 'name' || substr(username, 2) FROM user_account;
            INSERT INTO user_word (user_id, word) SELECT id, username FROM user_account; ANALYZE"""
    )
    plan = [row[0] for row in await connection.fetch(f"EXPLAIN {sql}", *args)]
    await connection.close()
    return plan


async def _sqlite_plan(url, sql, args) -> list[str]:
    connection = sqlite3.connect(db.sqlite_path(url))
    connection.executescript(
        f"""PRAGMA synchronous = OFF;
            WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 100000)
            {_USERS} SELECT printf('00000000-0000-4000-8000-%012d', n), 'u' || n, 'u' || n, 'Person Name' || n,
              'USER', 0, 0, 0, '2026-01-01 00:00:00+00:00', '2026-01-01 00:00:00+00:00' FROM s;
            INSERT INTO user_word (user_id, word) SELECT id, 'person' FROM user_account;
            INSERT INTO user_word (user_id, word) SELECT id, 'name' || substr(username, 2) FROM user_account;
            INSERT INTO user_word (user_id, word) SELECT id, username FROM user_account; ANALYZE;"""
    )
    text, values = db._for_sqlite(sql, args)
    plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {text}", values)]
    connection.close()
    return [line for line in plan if "json_each" not in line]
