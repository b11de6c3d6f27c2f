"""User.presence, setPresence, Viewer.isInvisible, Device.isOnline through the API."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import orjson
import pytest

from app.core import db, log
from app.core.clock import new_id, now
from app.core.graphql.ids import decode_id
from app.presence.records import load_records, store_active, store_came, store_left, write_record
from tests.accounts.support import count
from tests.conversations.documents import start_direct
from tests.presence.documents import (
    BLOCK,
    NEVER,
    OF,
    QUIET,
    SET,
    UNBLOCK,
    befriend,
    board_of,
    online,
    presence_of,
    second_device,
    set_presence,
    set_privacy,
    state_of,
    until,
)
from tests.statements import statements

PAST = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
SHOWN = "2026-01-02T03:04:00Z"


def key_of(person):
    return decode_id("usr", person.id)


async def was_there(*people) -> None:
    """They were online once, until PAST."""
    ids = [key_of(person) for person in people]
    await store_came(ids, PAST)
    await store_left(ids, PAST)


# ── online and offline ────────────────────────────────────────────────────────────────────────────


async def test_a_socket_makes_online(alice, bob):
    await befriend(alice, bob)
    assert await presence_of(bob, alice) == NEVER
    async with online(alice):
        assert await state_of(bob, alice) == "ONLINE"
        assert await state_of(alice, alice) == "ONLINE"
    assert await state_of(bob, alice) == "ONLINE"  # for 10 seconds


async def test_last_seen_is_told_when_they_are_gone(alice, bob):
    await befriend(alice, bob)
    await was_there(alice)
    assert (await presence_of(bob, alice))["lastSeenAt"] == SHOWN
    async with online(alice):
        assert (await presence_of(bob, alice))["lastSeenAt"] is None


async def test_a_visit_is_stored(alice):
    await was_there(alice)
    async with online(alice):
        stored = None

        async def row():
            return await db.row("SELECT last_seen_at, active_at FROM presence WHERE user_id = $1", key_of(alice))

        async def is_stored():
            nonlocal stored
            stored = await row()
            return stored["active_at"] != PAST

        while not await is_stored():
            pass
        assert stored["last_seen_at"] == PAST
        assert now() - stored["active_at"] < timedelta(minutes=3)
        assert (stored["active_at"].second, stored["active_at"].microsecond) == (0, 0)


async def test_nothing_is_stored_again_of_who_was_erased(alice):
    await db.execute("UPDATE user_account SET deleted_at = $1 WHERE id = $2", now(), key_of(alice))
    await store_left([key_of(alice), new_id()], PAST)
    await store_active([key_of(alice)], PAST)
    assert await count("presence", "user_id", key_of(alice)) == 0


async def test_who_left_is_stored_though_nobody_stored_that_they_came(alice, bob):
    await befriend(alice, bob)
    await store_left([key_of(alice)], PAST)
    assert await presence_of(bob, alice) == NEVER | {"lastSeenAt": SHOWN}


async def test_a_device_is_online_by_its_socket(alice):
    document = "{ viewer { devices { id isOnline isCurrent } } }"
    assert [d["isOnline"] for d in (await alice.query(document))["viewer"]["devices"]] == [False]
    async with online(alice):
        assert [d["isOnline"] for d in (await alice.query(document))["viewer"]["devices"]] == [True]
        async with alice.subscribe(QUIET):
            pass
        assert [d["isOnline"] for d in (await alice.query(document))["viewer"]["devices"]] == [True]
    assert [d["isOnline"] for d in (await alice.query(document))["viewer"]["devices"]] == [False]


# ── what people say ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("state", ["AWAY", "BUSY"])
async def test_a_state_is_kept_until_another(alice, bob, state):
    await befriend(alice, bob)
    await set_presence(alice, state=state)
    assert await state_of(bob, alice) == "OFFLINE"
    async with online(alice):
        assert await state_of(bob, alice) == state
        await set_presence(alice, state="ONLINE")
        assert await state_of(bob, alice) == "ONLINE"


async def test_busy_outlasts_being_away(alice):
    async with online(alice):
        await set_presence(alice, state="BUSY")
        await set_presence(alice, state="AWAY")
        assert await state_of(alice, alice) == "BUSY"
        await set_presence(alice, state="ONLINE")
        assert await state_of(alice, alice) == "ONLINE"


async def test_the_highest_of_two_devices_counts(alice, bob):
    await befriend(alice, bob)
    other = await second_device(alice)
    async with online(alice):
        await set_presence(alice, state="AWAY")
        assert await state_of(bob, alice) == "AWAY"
        async with other.subscribe(QUIET):
            await until(lambda: len(list(board_of(alice).devices(key_of(alice)))) == 2)
            assert await state_of(bob, alice) == "ONLINE"
            await set_presence(other, state="AWAY")
            assert await state_of(bob, alice) == "AWAY"
    await other.close()


async def test_a_status(alice, bob):
    await befriend(alice, bob)
    until_when = (now() + timedelta(hours=1)).replace(microsecond=0)
    text = until_when.isoformat().replace("+00:00", "Z")
    await set_presence(alice, statusText=" In a meeting ", statusEmoji="📅", statusExpiresAt=text)
    assert await presence_of(bob, alice) == NEVER | {
        "statusText": "In a meeting", "statusEmoji": "📅", "statusExpiresAt": text
    }  # fmt: skip
    await set_presence(alice, statusText="Lunch")
    assert await presence_of(bob, alice) == NEVER | {"statusText": "Lunch", "statusEmoji": "📅"}
    await set_presence(alice, statusText=None, statusEmoji="")
    assert await presence_of(bob, alice) == NEVER


async def test_a_status_ends(alice, bob):
    await befriend(alice, bob)
    await set_presence(alice, statusText="Lunch")
    await db.execute("UPDATE presence SET status_expires_at = $1 WHERE user_id = $2", PAST, key_of(alice))
    assert await presence_of(bob, alice) == NEVER


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"state": "OFFLINE"}, "INVALID", "state"),
        ({"statusText": "x" * 101}, "TOO_LONG", "statusText"),
        ({"statusText": "a\nb"}, "INVALID", "statusText"),
        ({"statusEmoji": "x" * 33}, "TOO_LONG", "statusEmoji"),
        ({"statusExpiresAt": "2020-01-01T00:00:00Z"}, "INVALID", "statusExpiresAt"),
    ],
    ids=["offline", "long", "lines", "long emoji", "past"],
)
async def test_refusals_change_nothing(alice, values, code, field):
    await set_presence(alice, statusText="Before")
    before = await count("event", "stream_id", key_of(alice))
    (error,) = await alice.refused(SET, input={"state": "BUSY"} | values)
    assert (error["code"], error["field"]) == (code, ["input", field])
    assert (await presence_of(alice, alice))["statusText"] == "Before"
    assert await count("event", "stream_id", key_of(alice)) == before


async def test_own_devices_hear_of_it_once(alice):
    after = await alice.cursor()
    for _ in range(2):
        assert (await set_presence(alice, invisible=True))["isInvisible"] is True
    document = """subscription($after: Cursor) { events(after: $after) {
      __typename ... on ViewerChanged { viewer { isInvisible } } } }"""
    async with alice.subscribe(document, after=after) as stream:
        assert await stream.next() == {"__typename": "ViewerChanged", "viewer": {"isInvisible": True}}
        assert (await stream.next())["__typename"] == "CursorMoved"


async def test_invisible_people_look_gone_since_then(alice, bob):
    await befriend(alice, bob)
    await was_there(alice)
    async with online(alice):
        await set_presence(alice, invisible=True)
        gone = await presence_of(bob, alice)
        assert gone["state"] == "OFFLINE"
        assert gone["lastSeenAt"] > SHOWN
        await store_active([key_of(alice)], PAST + timedelta(days=900))
        await store_left([key_of(alice)], PAST + timedelta(days=900))
        assert await presence_of(bob, alice) == gone
        await set_presence(alice, invisible=False)
        assert await state_of(bob, alice) == "ONLINE"


async def test_an_invisible_visit_is_not_seen_afterwards(alice, bob):
    await befriend(alice, bob)
    await was_there(alice)
    await set_presence(alice, invisible=True)
    async with online(alice):
        assert (await presence_of(bob, alice)) == NEVER | {"lastSeenAt": SHOWN}
    await store_left([key_of(alice)], now())
    assert (await presence_of(bob, alice)) == NEVER | {"lastSeenAt": SHOWN}


async def test_a_status_set_while_invisible_is_seen_afterwards(alice, bob):
    await befriend(alice, bob)
    async with online(alice):
        await set_presence(alice, statusText="In a meeting", statusEmoji="📅")
        await set_presence(alice, invisible=True, statusText="Secretly here")
        await set_presence(alice, statusText="Still here", statusEmoji=None)
        seen = await presence_of(bob, alice)
        assert (seen["state"], seen["statusText"], seen["statusEmoji"]) == ("OFFLINE", "In a meeting", "📅")
        own = await presence_of(alice, alice)
        assert (own["statusText"], own["statusEmoji"]) == ("Still here", None)
        await set_presence(alice, invisible=False)
        seen = await presence_of(bob, alice)
        assert (seen["state"], seen["statusText"], seen["statusEmoji"]) == ("ONLINE", "Still here", None)


async def test_what_an_invisible_person_shows_ends_as_it_was_said_to(alice, bob):
    await befriend(alice, bob)
    await set_presence(alice, statusText="Lunch", statusExpiresAt="2100-01-01T00:00:00Z")
    await set_presence(alice, invisible=True)
    shown = await presence_of(bob, alice)
    assert (shown["statusText"], shown["statusExpiresAt"]) == ("Lunch", "2100-01-01T00:00:00Z")
    (record,) = await load_records([key_of(alice)])
    over = replace(record, shown_status=replace(record.shown_status, expires_at=PAST))
    async with log.transaction():
        await write_record(key_of(alice), over)
    assert await presence_of(bob, alice) == NEVER
    assert (await presence_of(alice, alice))["statusText"] == "Lunch"


async def test_who_hides_the_state_shows_no_status(alice, bob):
    await befriend(alice, bob)
    await was_there(alice)
    await set_presence(alice, statusText="Lunch", statusEmoji="🍜")
    await set_privacy(alice, onlineStatus="NOBODY")
    assert await presence_of(bob, alice) == NEVER | {"lastSeenAt": SHOWN}
    assert (await presence_of(alice, alice))["statusText"] == "Lunch"


async def test_devices_that_are_no_more_are_away_from_nobody(alice):
    other = await second_device(alice)
    gone = [str(new_id()) for _ in range(127)]
    await set_presence(alice, state="AWAY")
    await db.execute(
        "UPDATE presence SET away_devices = $1 WHERE user_id = $2", orjson.dumps(gone).decode(), key_of(alice)
    )
    await set_presence(alice, state="AWAY")
    await set_presence(other, state="AWAY")
    (record,) = await load_records([key_of(alice)])
    assert len(record.away_devices) == 2
    async with online(alice):
        assert await state_of(alice, alice) == "AWAY"
    await other.close()


# ── who may see it ────────────────────────────────────────────────────────────────────────────────


async def test_strangers_see_nothing(alice, bob):
    assert await presence_of(bob, alice) is None
    await bob.mutate("mutation($id: ID!) { addContact(input: {userId: $id}) { errors { code } } }", id=alice.id)
    assert await presence_of(bob, alice) is None
    assert await presence_of(alice, bob) is None


async def test_whoever_lets_everybody_in_is_seen_by_those_who_do_too(alice, bob):
    await set_privacy(alice, onlineStatus="EVERYONE", lastSeen="EVERYONE")
    assert await presence_of(bob, alice) is None
    await set_privacy(bob, onlineStatus="EVERYONE")
    assert await presence_of(bob, alice) == NEVER
    await was_there(alice)
    assert (await presence_of(bob, alice))["lastSeenAt"] is None
    await set_privacy(bob, lastSeen="EVERYONE")
    assert (await presence_of(bob, alice))["lastSeenAt"] == SHOWN


@pytest.mark.parametrize("hider", ["alice", "bob"])
async def test_hiding_is_reciprocal(alice, bob, hider):
    await befriend(alice, bob)
    await was_there(alice, bob)
    await set_presence(alice, statusText="Here")
    async with online(alice), online(bob):
        await set_privacy({"alice": alice, "bob": bob}[hider], onlineStatus="NOBODY")
        for one, other in ((alice, bob), (bob, alice)):
            assert await presence_of(one, other) == NEVER | {"lastSeenAt": SHOWN}
        await set_privacy({"alice": alice, "bob": bob}[hider], lastSeen="NOBODY")
        for one, other in ((alice, bob), (bob, alice)):
            assert await presence_of(one, other) is None
            assert await state_of(one, one) == "ONLINE"
        await set_privacy({"alice": alice, "bob": bob}[hider], onlineStatus="CONTACTS")
        assert await state_of(alice, bob) == "ONLINE"


async def test_blocks_win(alice, bob):
    await befriend(alice, bob)
    for one in (alice, bob):
        await set_privacy(one, onlineStatus="EVERYONE", lastSeen="EVERYONE")
    await alice.mutate(BLOCK, id=bob.id)
    assert (await presence_of(alice, bob), await presence_of(bob, alice)) == (None, None)
    await alice.mutate(UNBLOCK, id=bob.id)
    assert await presence_of(bob, alice) == NEVER


async def test_an_unanswered_request_wins(alice, bob):
    for one in (alice, bob):
        await set_privacy(one, onlineStatus="EVERYONE", lastSeen="EVERYONE")
    conversation = decode_id("cnv", await start_direct(alice, bob))
    sql = "UPDATE member SET is_request = $1 WHERE conversation_id = $2 AND user_id = $3"
    await db.execute(sql, True, conversation, key_of(bob))
    assert (await presence_of(alice, bob), await presence_of(bob, alice)) == (None, None)
    await db.execute(sql, False, conversation, key_of(bob))
    assert await presence_of(alice, bob) == NEVER


async def test_a_deleted_account_has_none(alice, bob):
    await befriend(alice, bob)
    await db.execute("UPDATE user_account SET deleted_at = $1 WHERE id = $2", now(), key_of(alice))
    assert await presence_of(bob, alice) is None


async def test_signed_out_nobody_is_seen(alice, server):
    from gql.transport.exceptions import TransportQueryError

    from tests.client import ask, signed_out

    async with signed_out(server) as session:
        with pytest.raises(TransportQueryError):
            await ask(session, OF, id=alice.id)


# ── cost ──────────────────────────────────────────────────────────────────────────────────────────


async def test_a_page_of_people_takes_as_many_statements_as_one(alice, person):
    friends = [await person("friend") for _ in range(50)]
    ids = [key_of(friend) for friend in friends]
    me = key_of(alice)
    rows = [pair for friend in ids for pair in ((me, friend), (friend, me))]
    from app.contacts.book import put_contact

    async with log.transaction():
        for owner, other in rows:
            await put_contact(owner, other)
    await was_there(*friends)
    document = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on User { presence { state lastSeenAt } } } }"
    counts = []
    for size in (1, 50):
        async with statements() as found:
            shown = (await alice.query(document, ids=[f.id for f in friends[:size]]))["nodes"]
        counts.append(len(found))
        assert [s["presence"] for s in shown] == [{"state": "OFFLINE", "lastSeenAt": SHOWN}] * size
    assert counts[0] == counts[1]


async def test_limits(alice):
    found = await alice.query("{ limits { presenceHeartbeatSeconds typingRenewSeconds typingExpireSeconds } }")
    assert found["limits"] == {"presenceHeartbeatSeconds": 25, "typingRenewSeconds": 3, "typingExpireSeconds": 5}
