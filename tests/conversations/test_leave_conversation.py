from __future__ import annotations

import asyncio

from tests.conversations.documents import (
    EVENTS,
    LEAVE,
    create_group,
    make_admin,
    roles,
    start_direct,
    stored,
    unknown_id,
)


async def test_it_leaves_the_list(alice, bob):
    group_id = await create_group(alice, bob)

    payload = await bob.mutate(LEAVE, conversationId=group_id)

    assert payload == {"errors": [], "conversation": None, "removedConversationId": group_id}
    assert await roles(alice, group_id) == {alice.id: "OWNER"}
    assert (await bob.query("query ($id: ID!) { conversation(id: $id) { id } }", id=group_id))["conversation"] is None


async def test_oldest_admin_follows_the_owner(alice, bob, carol):
    group_id = await create_group(alice, bob, carol)
    await make_admin(group_id, carol)
    cursor = await bob.cursor()

    await alice.mutate(LEAVE, conversationId=group_id)

    assert await roles(bob, group_id) == {bob.id: "MEMBER", carol.id: "OWNER"}
    async with bob.subscribe(EVENTS, after=cursor) as events:
        left, role = await events.take(2)
        assert (left["change"], left["user"]["id"], left["member"]) == ("LEFT", alice.id, None)
        assert (role["change"], role["user"]["id"], role["member"]["role"]) == ("ROLE", carol.id, "OWNER")


async def test_else_the_oldest_member_follows(alice, bob, carol, person):
    dave = await person("dave")
    group_id = await create_group(alice, bob)
    from tests.conversations.documents import ADD

    await alice.mutate(ADD, conversationId=group_id, userIds=[carol.id])
    await alice.mutate(ADD, conversationId=group_id, userIds=[dave.id])

    await alice.mutate(LEAVE, conversationId=group_id)
    assert (await roles(dave, group_id))[bob.id] == "OWNER"
    await bob.mutate(LEAVE, conversationId=group_id)
    assert (await roles(dave, group_id))[carol.id] == "OWNER"


async def test_leaver_is_told_nothing_after(alice, bob):
    group_id = await create_group(alice, bob)
    cursor = await alice.cursor()
    await alice.mutate(LEAVE, conversationId=group_id)

    async with alice.subscribe(EVENTS, after=cursor) as events:
        removed = await events.next()
        assert (removed["__typename"], removed["reason"]) == ("ConversationRemoved", "LEFT")
        assert (await events.next())["__typename"] == "CursorMoved"


async def test_the_last_one_may_leave(alice):
    group_id = await create_group(alice)

    assert (await alice.mutate(LEAVE, conversationId=group_id))["removedConversationId"] == group_id


async def test_everybody_at_once(alice, bob, carol):
    group_id = await create_group(alice, bob, carol)

    await asyncio.gather(*(who.mutate(LEAVE, conversationId=group_id) for who in (alice, bob, carol)))

    conversation, _, intervals, _ = await stored(group_id)
    assert "'member_count': 0" in conversation[0]
    assert not [text for text in intervals if "'to_position': None" in text]


async def test_direct_conversation_is_refused(alice, bob):
    conversation_id = await start_direct(alice, bob)
    before = await stored(conversation_id)

    assert [e["code"] for e in await alice.refused(LEAVE, conversationId=conversation_id)] == ["FORBIDDEN"]
    assert await stored(conversation_id) == before


async def test_not_a_member_is_refused(alice, bob, carol):
    group_id = await create_group(alice, bob)
    await bob.mutate(LEAVE, conversationId=group_id)
    before = await stored(group_id)

    assert [e["code"] for e in await bob.refused(LEAVE, conversationId=group_id)] == ["NOT_PARTICIPANT"]
    for conversation_id in (group_id, unknown_id("cnv"), "nonsense"):
        assert [e["code"] for e in await carol.refused(LEAVE, conversationId=conversation_id)] == ["NOT_FOUND"]
    assert await stored(group_id) == before
