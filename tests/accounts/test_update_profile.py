"""updateProfile: what it changes, whom it tells, what it refuses; usernames given up stay theirs for a while."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from app.accounts.sweep import sweep
from app.core import db
from app.core.clock import now
from tests.accounts.support import REGISTER, call, count, device, only_error, user_uuid
from tests.client import PASSWORD

_VIEWER = "viewer { id gender needsProfileSetup user { id username displayName bio } }"
UPDATE = f"""mutation Update($input: UpdateProfileInput!) {{ updateProfile(input: $input) {{
  errors {{ code field limit }} {_VIEWER} }} }}"""
EVENTS = """subscription Events($after: Cursor) { events(after: $after, kinds: [PROFILE_CHANGED, VIEWER_CHANGED]) {
  __typename ... on ProfileChanged { user { id displayName bio } } ... on ViewerChanged { viewer { id gender } } } }"""
START = "mutation($id: ID!) { startDirectConversation(input: {userId: $id}) { errors { code } } }"


async def state(person):
    """Everything a refusal must leave alone."""
    user_id = user_uuid(person)
    return (
        await db.rows("SELECT * FROM user_account WHERE id = $1", user_id),
        await db.rows("SELECT * FROM username_hold WHERE user_id = $1", user_id),
        await count("event", "stream_id", user_id),
        await count("job", "name", "accounts.tell_profile"),
    )


async def test_everything_at_once(alice):
    name = f"New_{uuid4().hex[:8]}"

    payload = await alice.mutate(
        UPDATE, input={"username": name, "displayName": " Ali ", "bio": "Two\nlines 🐟", "gender": "OTHER"}
    )

    assert payload["viewer"] == {
        "id": alice.viewer_id, "gender": "OTHER", "needsProfileSetup": False,
        "user": {"id": alice.id, "username": name, "displayName": "Ali", "bio": "Two\nlines 🐟"},
    }  # fmt: skip
    found = await alice.query("query($name: String) { user(username: $name) { id } }", name=name.upper())
    assert found["user"] == {"id": alice.id}


async def test_an_empty_one_ends_the_set_up_only(alice):
    before = (await alice.query(f"{{ {_VIEWER} }}"))["viewer"]
    assert before["needsProfileSetup"]

    payload = await alice.mutate(UPDATE, input={})

    assert payload["viewer"] == before | {"needsProfileSetup": False}
    unchanged = await state(alice)
    await alice.mutate(UPDATE, input={})
    await alice.mutate(UPDATE, input={"displayName": "Alice", "username": alice.username})
    assert await state(alice) == unchanged


async def test_absent_keeps_and_null_clears(alice):
    await alice.mutate(UPDATE, input={"bio": "here", "gender": "FEMALE"})
    kept = await alice.mutate(UPDATE, input={"displayName": "A"})
    assert (kept["viewer"]["user"]["bio"], kept["viewer"]["gender"]) == ("here", "FEMALE")

    cleared = await alice.mutate(UPDATE, input={"bio": None, "gender": None})

    assert (cleared["viewer"]["user"]["bio"], cleared["viewer"]["gender"]) == (None, "UNSPECIFIED")


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"username": None}, "INVALID", "username"),
        ({"username": "ab"}, "INVALID", "username"),
        ({"username": "a" * 51}, "TOO_LONG", "username"),
        ({"username": "аlice"}, "INVALID", "username"),  # a Cyrillic а
        ({"username": "al\u0131ce"}, "INVALID", "username"),
        ({"username": "ali\u202ece"}, "INVALID", "username"),
        ({"username": "al\uff49ce"}, "INVALID", "username"),  # a full-width i
        ({"displayName": None}, "INVALID", "displayName"),
        ({"displayName": " \u200b "}, "INVALID", "displayName"),
        ({"displayName": "Eve\u202eecila"}, "INVALID", "displayName"),
        ({"displayName": "x" * 101}, "TOO_LONG", "displayName"),
        ({"bio": "🐟" * 501}, "TOO_LONG", "bio"),
        ({"bio": "nul\x00"}, "INVALID", "bio"),
    ],
)
async def test_a_bad_value_is_named_and_nothing_is_changed(alice, change, code, field):
    before = await state(alice)

    (error,) = await alice.refused(UPDATE, input={"gender": "MALE", **change})

    assert (error["code"], error["field"]) == (code, ["input", field])
    assert await state(alice) == before


async def test_500_fish_are_no_too_long_bio(alice):
    payload = await alice.mutate(UPDATE, input={"bio": "🐟" * 500})
    assert payload["viewer"]["user"]["bio"] == "🐟" * 500


async def test_signed_out_nothing_is_changed(server):
    with pytest.raises(Exception, match="Sign in"):
        await call(server, UPDATE)


async def test_an_account_erased_meanwhile_gets_no_new_name(alice):
    await db.execute("UPDATE user_account SET deleted_at = created_at WHERE id = $1", user_uuid(alice))
    before = await state(alice)

    failed = await alice.failed(UPDATE, input={"displayName": "Back again", "bio": "here"})

    assert failed["extensions"]["code"] == "SESSION_REVOKED"
    assert await state(alice) == before


# ── usernames ─────────────────────────────────────────────────────────────────────────────────────


async def test_a_name_somebody_has_is_taken(alice, bob):
    before = await state(alice)
    (error,) = await alice.refused(UPDATE, input={"username": bob.username.upper(), "bio": "x"})
    assert (error["code"], error["field"]) == ("USERNAME_TAKEN", ["input", "username"])
    assert await state(alice) == before


async def test_a_name_given_up_is_held_for_who_had_it(server, alice, bob):
    old = alice.username
    await alice.mutate(UPDATE, input={"username": f"{old}_2"})

    assert (await bob.refused(UPDATE, input={"username": old}))[0]["code"] == "USERNAME_TAKEN"
    newcomer = {"username": old.upper(), "email": f"{uuid4().hex}@example.com", "password": PASSWORD}
    assert only_error(await call(server, REGISTER, **newcomer, device=device())) == (
        "USERNAME_TAKEN", ["input", "username"],
    )  # fmt: skip
    assert await count("user_account", "email_key", newcomer["email"]) == 0
    await alice.mutate(UPDATE, input={"username": old})
    await alice.mutate(UPDATE, input={"username": f"{old}_3"})

    await db.execute("UPDATE username_hold SET until = $1 WHERE username_key = $2", now(), old.lower())
    await bob.mutate(UPDATE, input={"username": old})
    await db.execute("UPDATE username_hold SET until = $1", now() - timedelta(seconds=1))
    await sweep()
    assert await count("username_hold", "user_id", user_uuid(alice)) == 0


async def test_its_case_can_be_changed(alice):
    payload = await alice.mutate(UPDATE, input={"username": alice.username.upper()})
    assert payload["viewer"]["user"]["username"] == alice.username.upper()
    assert await count("username_hold", "user_id", user_uuid(alice)) == 0


async def test_of_many_who_want_a_name_one_gets_it(person):
    people = [await person("many") for _ in range(4)]
    name = f"wanted_{uuid4().hex[:8]}"

    payloads = await asyncio.gather(*(p.query(UPDATE, input={"username": name}) for p in people))

    codes = [[e["code"] for e in p["updateProfile"]["errors"]] for p in payloads]
    assert sorted(codes) == [[], *[["USERNAME_TAKEN"]] * 3]
    assert await count("user_account", "username_key", name) == 1


# ── who is told ───────────────────────────────────────────────────────────────────────────────────


async def test_own_devices_and_those_one_talks_with_hear_of_it(alice, bob, carol, worker):
    await alice.mutate(START, id=bob.id)
    after = [await p.cursor() for p in (alice, bob, carol)]

    await alice.mutate(UPDATE, input={"displayName": "Alice II", "gender": "FEMALE"})
    await worker.drain()

    async with alice.subscribe(EVENTS, after=after[0]) as own, bob.subscribe(EVENTS, after=after[1]) as others:
        assert await own.next() == {
            "__typename": "ViewerChanged", "viewer": {"id": alice.viewer_id, "gender": "FEMALE"}
        }  # fmt: skip
        assert await others.next() == {
            "__typename": "ProfileChanged", "user": {"id": alice.id, "displayName": "Alice II", "bio": None}
        }  # fmt: skip
    assert await count("event", "stream_id", user_uuid(carol)) == 1  # her device


async def test_what_only_oneself_sees_is_told_to_nobody_else(alice, bob, worker):
    await alice.mutate(START, id=bob.id)
    await alice.mutate(UPDATE, input={"gender": "FEMALE"})
    assert await worker.drain() == {}


async def test_a_bio_is_told_to_those_who_may_see_it(alice, bob, worker):
    await alice.mutate(START, id=bob.id)
    before = await count("event", "stream_id", user_uuid(bob))
    document = "mutation($input: UpdatePrivacyInput!) { updatePrivacy(input: $input) { errors { code } } }"
    await alice.mutate(document, input={"bio": "NOBODY"})

    await alice.mutate(UPDATE, input={"bio": "secret"})
    assert await worker.drain() == {"accounts.tell_profile": 1}
    assert await count("event", "stream_id", user_uuid(bob)) == before

    await alice.mutate(UPDATE, input={"displayName": "A", "bio": "other"})
    await worker.drain()
    assert await count("event", "stream_id", user_uuid(bob)) == before + 1


async def test_many_are_told_by_hundreds_each_once(alice, worker, runtime):
    from tests.messages.people import make_group, make_viewer

    owner = await make_viewer("owner")
    user_id = user_uuid(alice)
    others = [await make_viewer("member") for _ in range(120)]
    fellows = [await make_viewer("fellow") for _ in range(3)]
    me = await make_viewer("unused")
    alice_viewer = type(me)(user_id, me.session_id, me.device_id, me.expires_at)
    await make_group(owner, alice_viewer, *others)
    await make_group(alice_viewer, *fellows, others[0])

    await alice.mutate(UPDATE, input={"displayName": "Known to many"})
    assert await worker.drain() == {"accounts.tell_profile": 2}

    told = await db.rows("SELECT stream_id FROM event WHERE kind = 'PROFILE_CHANGED'")
    told_ids = [r["stream_id"] for r in told if r["stream_id"] in {p.user_id for p in (owner, *others, *fellows)}]
    assert len(told_ids) == len(set(told_ids)) == 124
