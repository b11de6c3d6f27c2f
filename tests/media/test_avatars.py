"""User.avatar: which file becomes one, who sees it and its file, who hears of it, what stands still for the blocked."""

from __future__ import annotations

import pytest

from app.core import db
from tests.accounts.support import count, user_uuid
from tests.accounts.test_update_profile import state
from tests.contacts.documents import BLOCK, UNBLOCK
from tests.conversations.documents import create_group, known_to, start_direct, unknown_id
from tests.media.files import NOT_FITTING, make_avatar
from tests.messages.documents import send
from tests.messages.test_privacy import set_privacy
from tests.statements import statements

SET = """mutation Set($input: UpdateProfileInput!) { updateProfile(input: $input) {
  errors { code field } viewer { user { avatar { id } } } } }"""
SEEN = """query($id: ID!, $file: ID!) { user(id: $id) { avatar { id kind mimeType } }
  directConversation(userId: $id) { avatar { id } } node(id: $file) { id } }"""
HEARD = """subscription($after: Cursor) { events(after: $after, kinds: [PROFILE_CHANGED, VIEWER_CHANGED]) {
  __typename ... on ProfileChanged { user { avatar { id } } } ... on ViewerChanged { viewer { user { avatar { id } } } }
} }"""
RECEIVED = """subscription { events(kinds: [MESSAGE_RECEIVED]) {
  __typename ... on MessageReceived { message { sender { id avatar { id } } } } } }"""
NOBODY: dict[str, object] = {"avatar": None, "direct": None, "file": False}


async def wear(person, **more: object) -> str:
    """The id of the person's new avatar."""
    media_id = await make_avatar(person, **more)
    await person.mutate(SET, input={"avatarId": media_id})
    return media_id


async def seen(person, other, media_id: str) -> dict[str, object]:
    """The other's avatar, alone and on their direct conversation, and whether the file is there by its id."""
    data = await person.query(SEEN, id=other.id, file=media_id)
    direct = data["directConversation"]
    return {
        "avatar": (data["user"]["avatar"] or {}).get("id"),
        "direct": (direct["avatar"] or {}).get("id") if direct else None,
        "file": data["node"] is not None,
    }


def all_of(media_id: str) -> dict[str, object]:
    return {"avatar": media_id, "direct": media_id, "file": True}


async def test_an_avatar_is_set_changed_and_taken_away(alice, bob):
    await start_direct(alice, bob)
    first, second = await make_avatar(alice), await make_avatar(alice)
    assert await seen(bob, alice, first) == NOBODY

    for media_id in (first, second):
        payload = await alice.mutate(SET, input={"avatarId": media_id})
        assert payload["viewer"]["user"]["avatar"] == {"id": media_id}
        assert await seen(bob, alice, media_id) == all_of(media_id)
    assert not (await seen(bob, alice, first))["file"]
    assert (await seen(alice, bob, first))["file"]  # her own

    await alice.mutate(SET, input={"bio": "x"})
    assert await seen(bob, alice, second) == all_of(second)
    assert (await alice.mutate(SET, input={"avatarId": None}))["viewer"]["user"]["avatar"] is None
    assert await seen(bob, alice, second) == NOBODY


@pytest.mark.parametrize(("more", "code"), NOT_FITTING, ids=lambda value: "-".join(map(str, value)) if value else "")
async def test_what_is_no_avatar_is_refused(alice, more, code):
    await wear(alice)
    media_id = await make_avatar(alice, **more)
    before = await state(alice)
    errors = await alice.refused(SET, input={"displayName": "New", "avatarId": media_id})
    assert [(e["code"], e["field"]) for e in errors] == [(code, ["input", "avatarId"])]
    assert await state(alice) == before


async def test_what_is_not_ones_own_is_unknown(alice, bob):
    await wear(alice)
    foreign = await wear(bob)
    before = await state(alice)
    for media_id in (foreign, unknown_id("med"), "nonsense", "", bob.id):
        errors = await alice.refused(SET, input={"displayName": "New", "avatarId": media_id})
        assert [(e["code"], e["field"]) for e in errors] == [("NOT_FOUND", ["input", "avatarId"])]
    assert await state(alice) == before


async def test_the_same_again_changes_nothing(alice):
    media_id = await wear(alice)
    before = await state(alice)
    await alice.mutate(SET, input={"avatarId": media_id})
    assert await state(alice) == before


async def test_it_is_seen_by_whom_it_is_for(alice, bob):
    await start_direct(alice, bob)
    media_id = await wear(alice)
    for audience in ("CONTACTS", "NOBODY"):
        await set_privacy(alice, profilePhoto=audience)
        assert await seen(bob, alice, media_id) == NOBODY
        assert (await alice.query(SEEN, id=alice.id, file=media_id))["user"]["avatar"]["id"] == media_id
    await set_privacy(alice, profilePhoto="CONTACTS")
    async with known_to(user_uuid(alice), user_uuid(bob)):
        assert await seen(bob, alice, media_id) == all_of(media_id)


async def test_it_stands_still_for_the_blocked(alice, bob, carol):
    await start_direct(alice, bob)
    await start_direct(carol, bob)
    group = await create_group(alice, bob, carol)
    old = await wear(bob)
    await bob.mutate(BLOCK, userId=alice.id)
    new = await wear(bob)

    assert await seen(alice, bob, old) == all_of(old)
    assert not (await seen(alice, bob, new))["file"]
    assert await seen(carol, bob, new) == all_of(new)
    assert not (await seen(carol, bob, old))["file"]
    async with alice.subscribe(RECEIVED) as hers, carol.subscribe(RECEIVED) as others:
        await hers.until("CursorMoved")
        await others.until("CursorMoved")
        await send(bob, group)
        for stream, media_id in ((hers, old), (others, new)):
            sender = (await stream.until("MessageReceived"))["message"]["sender"]
            assert sender == {"id": bob.id, "avatar": {"id": media_id}}

    await bob.mutate(SET, input={"avatarId": None})
    assert await seen(alice, bob, old) == all_of(old)
    await bob.mutate(UNBLOCK, userId=alice.id)
    assert await seen(alice, bob, old) == NOBODY


async def test_own_devices_and_those_who_see_it_hear_of_it(alice, bob, carol, worker):
    await start_direct(alice, bob)
    after = [await p.cursor() for p in (alice, bob)]
    media_id = await wear(alice)
    assert await worker.drain() == {"accounts.tell_profile": 1}

    async with alice.subscribe(HEARD, after=after[0]) as own, bob.subscribe(HEARD, after=after[1]) as others:
        user = {"avatar": {"id": media_id}}
        assert await own.next() == {"__typename": "ViewerChanged", "viewer": {"user": user}}
        assert await others.next() == {"__typename": "ProfileChanged", "user": user}
    assert await count("event", "stream_id", user_uuid(carol)) == 1  # her device

    before = await count("event", "stream_id", user_uuid(bob))
    await set_privacy(alice, profilePhoto="NOBODY", bio="NOBODY")
    await alice.mutate(SET, input={"avatarId": None, "bio": "x"})
    await worker.drain()
    assert await count("event", "stream_id", user_uuid(bob)) == before
    await set_privacy(alice, profilePhoto="EVERYONE")
    await wear(alice)
    await worker.drain()
    assert await count("event", "stream_id", user_uuid(bob)) == before + 1


async def test_a_page_of_people_takes_as_many_statements_as_one(alice, person):
    people = [await person("someone") for _ in range(6)]
    files = [await wear(one) for one in people]
    for one in people:
        await set_privacy(one, profilePhoto="CONTACTS")
    counts = []
    for document in (
        "query($ids: [ID!]!) { nodes(ids: $ids) { ... on User { displayName } } }",
        "query($ids: [ID!]!) { nodes(ids: $ids) { ... on User { displayName avatar { id } } } }",
    ):
        for size in (1, 6):
            async with statements() as found:
                await alice.query(document, ids=[p.id for p in people[:size]])
            counts.append(len(found))
    assert counts[0] == counts[1]
    assert counts[2] == counts[3]
    assert not [text for text in found if "FROM media" in text]  # nobody lets her see it
    for one in people:
        await set_privacy(one, profilePhoto="EVERYONE")
    async with statements() as found:
        nodes = (await alice.query(document, ids=[p.id for p in people]))["nodes"]
    assert [node["avatar"]["id"] for node in nodes] == files
    assert len([text for text in found if "FROM media" in text]) == 1


async def test_a_file_that_is_gone_is_no_avatar(alice, bob):
    await start_direct(alice, bob)
    media_id = await wear(alice)
    await db.execute("DELETE FROM media WHERE owner_id = $1", user_uuid(alice))
    assert await seen(bob, alice, media_id) == NOBODY
