"""syncContacts: only those are found who have proved a number or address and let others find them by it."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import uuid
from datetime import timedelta

import pytest

from app.accounts import discovery
from app.contacts.address_book import sync_contacts
from app.core import clock, db
from app.core.clock import new_id
from app.core.errors import ErrorCode, UserFault
from app.core.runtime import enter
from app.core.viewer import Viewer
from tests.client import Person
from tests.contacts.documents import ADD, BLOCK, UNBLOCK, contacts_of, stored, told, user_id
from tests.messages.test_privacy import set_privacy
from tests.running import running
from tests.statements import statements

SYNC = """mutation Sync($phones: [String!], $emails: [String!], $add: Boolean) {
  syncContacts(input: {phoneHashes: $phones, emailHashes: $emails, addMatches: $add}) {
    errors { code field limit retryAfter } matches { key user { id displayName relationship contact { id } } } } }"""
RULE = "{ limits { contactHash { algorithm salt rotatesAt maxPerCall } } }"


async def hashed(person: Person, text: str) -> str:
    """As a client does from limits.contactHash alone."""
    salt = base64.b64decode((await person.query(RULE))["limits"]["contactHash"]["salt"])
    return hmac.new(salt, text.encode(), hashlib.sha256).hexdigest()


async def with_phone(person: Person, *, verified: bool = True) -> str:
    """A number of their own, proved or not."""
    number = f"+4915{uuid.uuid4().int % 10**9:09d}"
    sql = "UPDATE user_account SET phone_number = $1, phone_verified = $2 WHERE id = $3"
    await db.execute(sql, number, verified, user_id(person))
    return number


async def discoverable(person: Person) -> str:
    """The number of somebody who lets others find them by it, known to the index."""
    enter(person.server.runtime)
    number = await with_phone(person)
    await set_privacy(person, discoverableByPhone=True)
    await discovery.index_discoverable()
    return number


async def found(person: Person, *numbers: str) -> list[str]:
    payload = await person.mutate(SYNC, phones=[await hashed(person, number) for number in numbers])
    return [match["user"]["id"] for match in payload["matches"]]


async def test_found_by_number_and_by_address(alice, bob, carol):
    number = await discoverable(bob)
    await db.execute("UPDATE user_account SET email_verified = $1 WHERE id = $2", True, user_id(carol))
    await set_privacy(carol, discoverableByEmail=True)
    await discovery.index_discoverable()
    phone, email = await hashed(alice, number), await hashed(alice, carol.email.lower())

    payload = await alice.mutate(SYNC, phones=["0" * 64, phone, phone], emails=[email])
    assert [(match["key"], match["user"]["id"]) for match in payload["matches"]] == [(phone, bob.id), (email, carol.id)]
    assert payload["matches"][0]["user"]["relationship"] == "NONE"
    assert (await alice.mutate(SYNC, emails=[phone], phones=[email]))["matches"] == []
    assert (await alice.mutate(SYNC))["matches"] == []


async def test_the_rule_says_how(alice):
    rule = (await alice.query(RULE))["limits"]["contactHash"]
    assert rule["maxPerCall"] == 1000
    assert "HMAC-SHA-256" in rule["algorithm"]
    assert len(base64.b64decode(rule["salt"])) == 32


@pytest.mark.parametrize("why", ["not verified", "not discoverable", "by e-mail only", "deleted", "oneself", "gone"])
async def test_nobody_else_is_found(alice, bob, why):
    seeker = bob if why == "oneself" else alice
    number = await discoverable(bob)
    assert await found(alice, number) == [bob.id]
    if why == "not verified":
        await db.execute("UPDATE user_account SET phone_verified = $1 WHERE id = $2", False, user_id(bob))
    if why in ("not discoverable", "by e-mail only"):
        await set_privacy(bob, discoverableByPhone=False, discoverableByEmail=why == "by e-mail only")
    if why == "deleted":
        await db.execute("UPDATE user_account SET deleted_at = $1 WHERE id = $2", clock.now(), user_id(bob))
    if why == "gone":
        await with_phone(bob)

    assert await found(seeker, number) == []


@pytest.mark.parametrize("blocker", ["seeker", "other"])
async def test_blocked_people_never(alice, bob, blocker):
    number = await discoverable(bob)
    one, other = (alice, bob) if blocker == "seeker" else (bob, alice)
    await one.mutate(BLOCK, userId=other.id)
    assert await found(alice, number) == []
    await one.mutate(UNBLOCK, userId=other.id)
    assert await found(alice, number) == [bob.id]


async def test_an_old_salt_goes_on_once(alice, bob, monkeypatch):
    number = await discoverable(bob)
    key, before = await hashed(alice, number), (await alice.query(RULE))["limits"]["contactHash"]
    real, days = clock.now, 1
    monkeypatch.setattr(discovery, "now", lambda: real() + timedelta(days=days))
    after = (await alice.query(RULE))["limits"]["contactHash"]

    assert before["salt"] != after["salt"]
    assert before["rotatesAt"] < after["rotatesAt"]
    assert await found(alice, number) == [bob.id]  # its key was written a day ahead
    both = await alice.mutate(SYNC, phones=[key, await hashed(alice, number)])
    assert len(both["matches"]) == 2
    days = 2
    assert (await alice.mutate(SYNC, phones=[key]))["matches"] == []
    days = 3
    await discovery.index_discoverable()
    assert await db.rows("SELECT 1 AS one FROM discovery_key WHERE key = $1", key) == []
    assert await found(alice, number) == [bob.id]


async def test_matches_become_contacts(alice, bob, carol):
    numbers = [await discoverable(bob), await discoverable(carol)]
    await alice.mutate(ADD, userId=bob.id, nickname="B")
    cursor = await alice.cursor()
    keys = [await hashed(alice, number) for number in numbers]
    matches = (await alice.mutate(SYNC, phones=keys, add=True))["matches"]

    assert [match["user"]["relationship"] for match in matches] == ["CONTACT", "CONTACT"]
    (event,) = await told(alice, cursor, 1)
    assert event["user"]["id"] == carol.id
    assert sorted(await contacts_of(alice)) == sorted([bob.id, carol.id])
    assert len((await alice.mutate(SYNC, phones=keys, add=True))["matches"]) == 2
    await told(alice, cursor, 1)


async def test_no_room_adds_nobody(alice, bob, carol, server, monkeypatch):
    numbers = [await discoverable(bob), await discoverable(carol)]
    monkeypatch.setattr(server.runtime.settings.contacts, "contacts", 1)
    before = await stored(alice, bob, carol)
    keys = [await hashed(alice, number) for number in numbers]
    (error,) = await alice.refused(SYNC, phones=keys, add=True)

    assert (error["code"], error["limit"]) == ("LIMIT_REACHED", 1)
    assert await stored(alice, bob, carol) == before


@pytest.mark.parametrize("text", ["", "x" * 64, "0" * 63, "A" * 64, "0" * 64 + "\n", "+491511234567"])
async def test_what_is_no_hash_is_refused(alice, text):
    (error,) = await alice.refused(SYNC, phones=["0" * 64], emails=["1" * 64, text])
    assert (error["code"], error["field"]) == ("INVALID", ["input", "emailHashes", "1"])


async def test_too_many_at_once(alice, server, monkeypatch):
    monkeypatch.setattr(server.runtime.settings.contacts, "hashes_per_call", 3)
    (error,) = await alice.refused(SYNC, phones=["0" * 64] * 2, emails=["1" * 64] * 2)
    assert (error["code"], error["limit"]) == ("LIMIT_REACHED", 3)
    assert (await alice.mutate(SYNC, phones=["0" * 64] * 3))["matches"] == []


async def test_the_budget_of_a_day_is_never_overdrawn(settings, database, alice):
    """Calls that race: what was refused was not looked at, and no more hashes are than a day has."""
    rates = {**settings.rates, "contactHashes": "5/86400"}
    async with running(settings.model_copy(update={"rates": rates})) as runtime:
        enter(runtime)
        viewer = Viewer(user_id(alice), new_id(), new_id(), clock.now() + timedelta(hours=1))

        async def call(size: int) -> UserFault | None:
            try:
                await sync_contacts(viewer, ["0" * 64] * size, [], add_matches=False)
            except UserFault as fault:
                return fault
            return None

        answers = await asyncio.gather(*(call(2) for _ in range(6)))
        refused = [fault for fault in answers if fault]
        assert len(refused) == 4
        assert {fault.code for fault in refused} == {ErrorCode.RATE_LIMITED}
        assert all(fault.retry_after for fault in refused)
        assert (await call(1), bool(await call(1))) == (None, True)


async def test_what_matches_nobody_is_not_kept(alice, bob):
    await discoverable(bob)
    key = "ab" * 32
    await alice.mutate(SYNC, phones=[key], emails=[key])
    assert await db.rows("SELECT key FROM discovery_key WHERE key = $1", key) == []


async def test_one_hash_or_many_cost_the_same_statements(alice, person):
    keys = [await hashed(alice, await discoverable(await person(f"n{number}"))) for number in range(12)]
    async with statements() as few:
        await alice.mutate(SYNC, phones=keys[:1])
    async with statements() as many:
        payload = await alice.mutate(SYNC, phones=keys)

    assert len(payload["matches"]) == 12
    assert len(many) == len(few), many
