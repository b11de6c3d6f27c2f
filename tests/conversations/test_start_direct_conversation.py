from __future__ import annotations

import asyncio

import pytest

from tests.conversations.documents import EVENTS, START, conversations_of, start_direct, unknown_id


async def test_both_sides_see_the_other_as_its_title(alice, bob):
    mine = (await alice.mutate(START, userId=bob.id))["conversation"]
    theirs = (await bob.mutate(START, userId=alice.id))["conversation"]

    assert mine["id"] == theirs["id"]
    assert (mine["title"], theirs["title"]) == ("Bob", "Alice")
    assert (mine["peer"]["id"], theirs["peer"]["id"]) == (bob.id, alice.id)
    assert (mine["kind"], mine["memberCount"], mine["firstSeq"], mine["lastSeq"]) == ("DIRECT", 2, 1, 0)
    assert mine["viewerMember"]["role"] == "MEMBER"


async def test_repeats_change_nothing(alice, bob):
    first = await start_direct(alice, bob)
    cursor = await bob.cursor()

    assert await start_direct(alice, bob) == first
    assert await conversations_of(alice) == 1
    async with bob.subscribe(EVENTS, after=cursor) as events:
        assert (await events.next())["__typename"] == "CursorMoved"


async def test_twenty_at_once_from_both_sides_give_one(alice, bob):
    ids = await asyncio.gather(*(start_direct(*((alice, bob) if number % 2 else (bob, alice))) for number in range(20)))

    assert len(set(ids)) == 1
    assert (await conversations_of(alice), await conversations_of(bob)) == (1, 1)


async def test_both_are_told(alice, bob):
    cursors = await alice.cursor(), await bob.cursor()
    conversation_id = await start_direct(alice, bob)

    for person, cursor, title in ((alice, cursors[0], "Bob"), (bob, cursors[1], "Alice")):
        async with person.subscribe(EVENTS, after=cursor) as events:
            added = await events.until("ConversationAdded")
            assert added["conversation"] == {
                "id": conversation_id, "kind": "DIRECT", "title": title, "memberCount": 2, "lastSeq": 0,
            }  # fmt: skip


async def test_oneself_is_refused(alice):
    errors = await alice.refused(START, userId=alice.id)

    assert [(e["code"], e["field"]) for e in errors] == [("INVALID", ["input", "userId"])]
    assert await conversations_of(alice) == 0


@pytest.mark.parametrize("user_id", [unknown_id("usr"), unknown_id("cnv"), "nonsense", ""])
async def test_unknown_person_is_refused(alice, user_id):
    errors = await alice.refused(START, userId=user_id)

    assert [(e["code"], e["field"]) for e in errors] == [("NOT_FOUND", ["input", "userId"])]
    assert await conversations_of(alice) == 0
