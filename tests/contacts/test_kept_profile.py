"""Whom somebody blocks sees no change of their name and bio, wherever they look."""

from __future__ import annotations

from tests.contacts.documents import BLOCK, UNBLOCK
from tests.contacts.test_blocked_view import UPDATE_PROFILE
from tests.conversations.documents import create_group, start_direct
from tests.messages.documents import send
from tests.statements import statements

PERSON = "query ($id: ID!) { user(id: $id) { username displayName bio } }"
EVERYWHERE = """query ($direct: ID!, $group: ID!) {
  direct: conversation(id: $direct) { title members { nodes { user { displayName bio } } } }
  group: conversation(id: $group) {
    members { nodes { user { displayName bio } } } messages { nodes { sender { displayName } } } } }"""
HEARD = """subscription ($after: Cursor) { events(after: $after, kinds: [MESSAGE_RECEIVED]) {
  __typename ... on MessageReceived { message { sender { displayName } } } } }"""


async def call_oneself(person, name: str, bio: str) -> None:
    await person.mutate(UPDATE_PROFILE, input={"displayName": name, "bio": bio})


async def seen(person, other) -> tuple[str, str]:
    user = (await person.query(PERSON, id=other.id))["user"]
    return user["displayName"], user["bio"]


async def test_stands_still_for_the_blocked_alone(alice, bob, carol):
    await call_oneself(bob, "Bob One", "one")
    await bob.mutate(BLOCK, userId=alice.id)
    await call_oneself(bob, "Bob Two", "two")
    await call_oneself(bob, "Bob Three", "three")

    assert await seen(alice, bob) == ("Bob One", "one")
    assert await seen(carol, bob) == ("Bob Three", "three") == await seen(bob, bob)
    await bob.mutate(BLOCK, userId=carol.id)
    await call_oneself(bob, "Bob Four", "four")
    assert (await seen(alice, bob), await seen(carol, bob)) == (("Bob One", "one"), ("Bob Three", "three"))
    await bob.mutate(UNBLOCK, userId=alice.id)
    assert await seen(alice, bob) == ("Bob Four", "four")


async def test_the_username_too(alice, bob):
    await bob.mutate(BLOCK, userId=alice.id)
    new = f"new{bob.username[-12:]}"[:20]
    await bob.mutate(UPDATE_PROFILE, input={"username": new})

    assert (await alice.query(PERSON, id=bob.id))["user"]["username"] == bob.username
    assert (await bob.query(PERSON, id=bob.id))["user"]["username"] == new


async def test_in_chats_groups_and_events_of_each(alice, bob, carol):
    await call_oneself(bob, "Bob One", "one")
    direct, group = await start_direct(alice, bob), await create_group(alice, bob, carol)
    await bob.mutate(BLOCK, userId=alice.id)
    await call_oneself(bob, "Bob Two", "two")
    for person, name in ((alice, "Bob One"), (carol, "Bob Two")):
        async with person.subscribe(HEARD, after=await person.cursor()) as stream:
            await send(bob, group)
            assert (await stream.until("MessageReceived"))["message"]["sender"] == {"displayName": name}

    shown = await alice.query(EVERYWHERE, direct=direct, group=group)
    assert shown["direct"]["title"] == "Bob One"
    for name in ("direct", "group"):
        users = [node["user"] for node in shown[name]["members"]["nodes"]]
        assert {"displayName": "Bob One", "bio": "one"} in users
    assert shown["group"]["messages"]["nodes"][-1]["sender"] == {"displayName": "Bob One"}


async def test_nothing_is_asked_where_nothing_was_kept(alice, bob, carol):
    await call_oneself(bob, "Bob One", "one")
    await bob.mutate(BLOCK, userId=carol.id)
    async with statements() as before:
        await seen(alice, bob)
    await call_oneself(bob, "Bob Two", "two")
    async with statements() as after:
        await seen(alice, bob)

    assert not [text for text in before if "FROM block" in text]
    assert len(after) == len(before) + 1
