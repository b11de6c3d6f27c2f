from __future__ import annotations

import pytest

from tests.contacts.documents import BLOCK
from tests.conversations.documents import (
    EVENTS,
    LEAVE,
    START,
    UPDATE,
    create_broadcast,
    create_group,
    make_admin,
    start_direct,
    stored,
    told_since,
    unknown_id,
)
from tests.messages.documents import send
from tests.messages.test_notices import notices

SET = """
mutation Timer($conversationId: ID!, $seconds: Int) {
  setDisappearingTimer(input: {conversationId: $conversationId, seconds: $seconds}) {
    errors { code field limit }
    conversation { id disappearingSeconds }
  }
}
"""
SEEN = "query ($id: ID!) { conversation(id: $id) { disappearingSeconds lastSeq lastMessage { expiresAt } } }"


async def seen(person, conversation_id):
    return (await person.query(SEEN, id=conversation_id))["conversation"]


async def test_new_messages_have_it_and_old_ones_keep_theirs(alice, bob):
    group_id = await create_group(alice, bob)
    await send(alice, group_id, "for ever")
    assert (await seen(bob, group_id))["lastMessage"]["expiresAt"] is None
    payload = await alice.mutate(SET, conversationId=group_id, seconds=3600)
    assert payload["conversation"]["disappearingSeconds"] == 3600
    await send(bob, group_id, "for an hour")
    assert (await seen(bob, group_id))["lastMessage"]["expiresAt"] is not None
    await alice.mutate(SET, conversationId=group_id, seconds=None)
    await send(bob, group_id, "for ever")

    after = await seen(bob, group_id)
    assert (after["disappearingSeconds"], after["lastMessage"]["expiresAt"]) == (None, None)
    assert (await notices(bob, group_id))[1:] == [
        (3, "DISAPPEARING_CHANGED", alice.id, [], "3600"), (5, "DISAPPEARING_CHANGED", alice.id, [], None),
    ]  # fmt: skip


async def test_all_are_told_once(alice, bob):
    group_id = await create_group(alice, bob)
    cursor = await bob.cursor()
    async with bob.subscribe(EVENTS) as live:
        assert (await live.next())["__typename"] == "CursorMoved"
        await alice.mutate(SET, conversationId=group_id, seconds=60)
        assert (await live.next())["__typename"] == "ConversationChanged"
    before = await stored(group_id)
    await alice.mutate(SET, conversationId=group_id, seconds=60)

    assert await stored(group_id) == before
    assert [(e["__typename"], e["actor"]["id"]) for e in await told_since(bob, cursor)] == [
        ("ConversationChanged", alice.id)
    ]


@pytest.mark.parametrize("seconds", [0, -1, 31_536_001])
async def test_bad_seconds_are_refused(alice, seconds):
    group_id = await create_group(alice)
    before = await stored(group_id)

    errors = await alice.refused(SET, conversationId=group_id, seconds=seconds)

    assert errors == [{"code": "INVALID", "field": ["input", "seconds"], "limit": 31_536_000}]
    assert await stored(group_id) == before


async def test_who_may_edit_info_may(alice, bob, carol):
    group_id, broadcast_id = await create_group(alice, bob, carol), await create_broadcast(alice, bob)
    await make_admin(group_id, bob)
    await bob.mutate(SET, conversationId=group_id, seconds=60)
    before = await stored(group_id), await stored(broadcast_id)

    assert [e["code"] for e in await carol.refused(SET, conversationId=group_id, seconds=5)] == ["FORBIDDEN"]
    assert [e["code"] for e in await bob.refused(SET, conversationId=broadcast_id, seconds=5)] == ["FORBIDDEN"]
    assert (await stored(group_id), await stored(broadcast_id)) == before
    await alice.mutate(UPDATE, groupId=group_id, permissions={"whoCanEditInfo": "MEMBER"})
    await carol.mutate(SET, conversationId=group_id, seconds=5)
    await alice.mutate(SET, conversationId=broadcast_id, seconds=5)


async def test_strangers_and_former_members_are_refused(alice, bob, carol):
    group_id = await create_group(alice, bob)
    for conversation_id in (group_id, unknown_id("cnv"), "nonsense"):
        assert [e["code"] for e in await carol.refused(SET, conversationId=conversation_id, seconds=5)] == ["NOT_FOUND"]
    await bob.mutate(LEAVE, conversationId=group_id)
    assert [e["code"] for e in await bob.refused(SET, conversationId=group_id, seconds=5)] == ["NOT_PARTICIPANT"]


async def test_both_of_a_direct_conversation_may(alice, bob):
    chat = await start_direct(alice, bob)
    await alice.mutate(SET, conversationId=chat, seconds=60)
    assert (await seen(alice, chat))["lastSeq"] == 0, "nothing is said before the first message"
    await send(bob, chat)
    await send(alice, chat)
    await bob.mutate(SET, conversationId=chat, seconds=30)

    assert await notices(alice, chat) == [(3, "DISAPPEARING_CHANGED", bob.id, [], "30")]
    assert (await seen(alice, chat))["disappearingSeconds"] == 30


async def test_who_blocks_hears_nothing_of_it(alice, bob):
    chat = await start_direct(alice, bob)
    await send(bob, chat)
    await send(alice, chat)
    await alice.mutate(BLOCK, userId=bob.id)
    cursor = await alice.cursor()
    await bob.mutate(SET, conversationId=chat, seconds=30)

    assert await told_since(alice, cursor) == []
    assert (await notices(alice, chat), (await seen(alice, chat))["lastSeq"]) == ([], 2)
    assert await notices(bob, chat) == [(3, "DISAPPEARING_CHANGED", bob.id, [], "30")]
    errors = await alice.refused(SET, conversationId=chat, seconds=5)
    assert [(e["code"], e["field"]) for e in errors] == [("FORBIDDEN", ["input", "conversationId"])]


async def test_a_stranger_says_nothing_by_it(alice, bob):
    chat = (await alice.mutate(START, userId=bob.id))["conversation"]["id"]
    await send(alice, chat, "hello")
    await alice.mutate(SET, conversationId=chat, seconds=30)

    assert [e["code"] for e in await bob.refused(SET, conversationId=chat, seconds=5)] == ["FORBIDDEN"]
    assert ((await seen(alice, chat))["lastSeq"], (await seen(bob, chat))["lastSeq"]) == (2, 1)
    assert (await notices(bob, chat), len(await notices(alice, chat))) == ([], 1)
