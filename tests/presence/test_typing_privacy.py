"""Typing where privacy, blocks and message requests forbid it: said to nobody who may not know, by no way."""

from __future__ import annotations

import pytest

from app.core import db
from app.core.graphql.ids import decode_id
from tests.conversations.documents import create_group, start_direct
from tests.messages.test_send_permission import let
from tests.presence.documents import BLOCK, set_privacy
from tests.presence.test_typing_changed import CHANGED, SET, typing
from tests.statements import statements


async def test_who_does_not_tell_is_not_told(alice, bob, carol, listening):
    group_id = await create_group(alice, bob, carol)
    other_id = await create_group(carol, bob)
    await set_privacy(bob, typingIndicators=False)
    async with listening(bob, CHANGED) as silent, listening(carol, CHANGED) as told:
        await alice.mutate(SET, id=group_id)
        assert [u["user"]["id"] for u in (await told.next())["users"]] == [alice.id]
        await bob.mutate(SET, id=group_id)
        await set_privacy(bob, typingIndicators=True)
        await carol.mutate(SET, id=other_id)
        assert (await silent.next())["conversation"]["id"] == other_id
    assert await typing(carol, group_id) == [(alice.id, "TYPING")]
    assert await typing(bob, group_id) == [(alice.id, "TYPING")]
    await set_privacy(bob, typingIndicators=False)
    assert await typing(bob, group_id) == []


@pytest.mark.parametrize("who", ["typist", "reader"])
async def test_blocks_part_two_people_in_a_group_too(alice, bob, carol, listening, who):
    group_id, direct = await create_group(alice, bob, carol), await start_direct(carol, bob)
    blocker, blocked = (alice, bob) if who == "typist" else (bob, alice)
    await blocker.mutate(BLOCK, id=blocked.id)
    async with listening(bob, CHANGED) as apart, listening(carol, CHANGED, id=group_id) as together:
        await alice.mutate(SET, id=group_id)
        await carol.mutate(SET, id=direct)
        assert [u["user"]["id"] for u in (await together.next())["users"]] == [alice.id]
        assert (await apart.next())["conversation"]["id"] == direct
        await carol.mutate(SET, id=group_id)
        said = await apart.next()
        assert (said["conversation"]["id"], [u["user"]["id"] for u in said["users"]]) == (group_id, [carol.id])
    assert await typing(bob, group_id) == [(carol.id, "TYPING")]
    assert await typing(carol, group_id) == [(alice.id, "TYPING")]


@pytest.mark.parametrize("waiting", ["alice", "bob"])
async def test_an_unanswered_request_is_silent_both_ways(alice, bob, waiting):
    conversation_id = await start_direct(alice, bob)
    member = decode_id("usr", {"alice": alice, "bob": bob}[waiting].id)
    sql = "UPDATE member SET is_request = $1 WHERE conversation_id = $2 AND user_id = $3"
    await db.execute(sql, True, decode_id("cnv", conversation_id), member)
    for one in (alice, bob):
        await one.mutate(SET, id=conversation_id)
    assert (await typing(alice, conversation_id), await typing(bob, conversation_id)) == ([], [])


async def test_who_may_not_write_there_types_nothing(alice, bob):
    group_id = await create_group(alice, bob)
    await let(group_id, who_can_send="ADMIN")
    for one in (bob, alice):
        await one.mutate(SET, id=group_id)
    assert await typing(alice, group_id) == []
    assert await typing(bob, group_id) == [(alice.id, "TYPING")]


async def test_a_list_of_conversations_takes_as_many_statements_as_one(alice, bob):
    document = "query($n: Int!) { viewer { conversations(first: $n) { nodes { typing { activity } } } } }"
    for _ in range(8):
        await bob.mutate(SET, id=await create_group(alice, bob))
    counts = []
    for size in (1, 8):
        async with statements() as found:
            shown = (await alice.query(document, n=size))["viewer"]["conversations"]["nodes"]
        counts.append(len(found))
        assert [n["typing"] for n in shown] == [[{"activity": "TYPING"}]] * size
    assert counts[0] == counts[1]


@pytest.mark.parametrize("who", ["typist", "reader"])
async def test_a_block_ends_what_is_shown_of_both(alice, bob, carol, listening, who):
    group_id = await create_group(alice, bob, carol)
    async with listening(bob, CHANGED, id=group_id) as events:
        await alice.mutate(SET, id=group_id)
        assert len((await events.next())["users"]) == 1
        blocker, blocked = (alice, bob) if who == "typist" else (bob, alice)
        await blocker.mutate(BLOCK, id=blocked.id)
        assert await typing(bob, group_id) == []
        assert (await events.next())["users"] == []
        await alice.mutate(SET, id=group_id)
    assert await typing(bob, group_id) == []
    assert await typing(carol, group_id) == [(alice.id, "TYPING")]


async def test_who_stops_telling_ends_at_once(alice, bob):
    group_id = await create_group(alice, bob)
    await alice.mutate(SET, id=group_id)
    await set_privacy(alice, typingIndicators=False)
    assert await typing(bob, group_id) == []
