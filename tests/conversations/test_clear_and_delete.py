"""clearHistory and deleteConversation: for the viewer alone, told to their devices, undone by nothing but a message."""

from __future__ import annotations

import pytest

from tests.conversations.documents import ADD, LEAVE, START, UPDATE, create_group, start_direct, stored, unknown_id
from tests.conversations.own import CLEAR, DELETE, OWN_EVENTS, UNREAD, change, listed, settings_of, take
from tests.messages.documents import send, send_many

SEE = "query ($id: ID!) { conversation(id: $id) { firstSeq lastSeq unreadCount messages { nodes { text } } } }"


async def test_cleared_for_one_and_not_the_other(alice, bob):
    group = await create_group(alice, bob)
    await send_many(bob, group, 3)
    cursor = await alice.cursor()

    payload = await alice.mutate(CLEAR, id=group)

    assert payload["conversation"] == {"id": group, "firstSeq": 5, "lastSeq": 4, "unreadCount": 0, "lastMessage": None}
    assert (await alice.query(SEE, id=group))["conversation"]["messages"]["nodes"] == []
    assert len((await bob.query(SEE, id=group))["conversation"]["messages"]["nodes"]) == 4
    assert (await alice.query(UNREAD))["viewer"]["unread"]["messages"] == 0
    async with alice.subscribe(OWN_EVENTS, after=cursor) as events:
        cleared, counts = await take(events, 2)
    assert (cleared["__typename"], cleared["conversation"]["firstSeq"]) == ("ConversationSettingsChanged", 5)
    assert counts["conversations"] == [{"id": group, "unreadCount": 0}]
    await send(bob, group, "anew")
    seen = (await alice.query(SEE, id=group))["conversation"]
    assert (seen["firstSeq"], seen["unreadCount"], seen["messages"]["nodes"]) == (5, 1, [{"text": "anew"}])


async def test_clearing_again_changes_nothing(alice, bob):
    group = await create_group(alice, bob)
    await send(bob, group)
    await alice.mutate(CLEAR, id=group)
    before = await stored(group)
    cursor = await alice.cursor()

    await alice.mutate(CLEAR, id=group)

    assert await stored(group) == before
    async with alice.subscribe(OWN_EVENTS, after=cursor) as events:
        assert (await events.next())["__typename"] == "CursorMoved"


async def test_a_deleted_direct_conversation_comes_back_with_a_message(alice, bob):
    chat = await start_direct(alice, bob)
    await send_many(bob, chat, 2)
    await change(alice, chat, isPinned=True, labels=["x"], draft="hm", mutedUntil="2099-01-01T00:00:00Z")
    cursor, others = await alice.cursor(), await bob.cursor()

    assert await alice.mutate(DELETE, id=chat) == {"errors": [], "deletedConversationId": chat}

    assert await listed(alice, archived=None) == []
    assert (await alice.query(SEE, id=chat))["conversation"] is None
    assert (await alice.query(UNREAD))["viewer"]["unread"]["messages"] == 0
    assert (await alice.query("{ viewer { labels } }"))["viewer"]["labels"] == []
    assert await listed(bob) == [chat]
    async with bob.subscribe(OWN_EVENTS, after=others) as events:
        assert (await events.next())["__typename"] == "CursorMoved", "the other notices nothing"

    await send(bob, chat, "again")

    assert await listed(alice) == [chat]
    assert (await alice.query(SEE, id=chat))["conversation"] == {
        "firstSeq": 3, "lastSeq": 3, "unreadCount": 1, "messages": {"nodes": [{"text": "again"}]}
    }  # fmt: skip
    state = await settings_of(alice, chat)
    assert (state["isPinned"], state["labels"], state["draft"], state["isMuted"]) == (False, [], None, True)
    async with alice.subscribe(OWN_EVENTS, after=cursor) as events:
        told = await take(events, 4)
    kinds = {event["__typename"] for event in told}
    assert kinds == {"ConversationRemoved", "UnreadChanged", "MessageReceived", "ConversationAdded"}
    assert {"__typename": "ConversationRemoved", "kind": "CONVERSATION_REMOVED", "conversationId": chat,
            "reason": "DELETED"} in told  # fmt: skip


async def test_writing_or_starting_brings_it_back(alice, bob):
    chat = await start_direct(alice, bob)
    await send(bob, chat)
    await alice.mutate(DELETE, id=chat)
    cursor = await alice.cursor()

    await send(alice, chat, "from an outbox")  # as a device that was offline does

    assert await listed(alice) == [chat]
    async with alice.subscribe(OWN_EVENTS, after=cursor) as events:
        assert {event["__typename"] for event in await take(events, 2)} == {"ConversationAdded", "MessageReceived"}
    await alice.mutate(DELETE, id=chat)
    assert (await alice.mutate(START, userId=bob.id))["conversation"]["id"] == chat
    assert (await alice.query(SEE, id=chat))["conversation"]["messages"]["nodes"] == []


async def test_deleting_again_changes_nothing(alice, bob):
    chat = await start_direct(alice, bob)
    await send(bob, chat)
    await alice.mutate(DELETE, id=chat)
    before = await stored(chat)
    cursor = await alice.cursor()

    assert (await alice.mutate(DELETE, id=chat))["deletedConversationId"] == chat

    assert await stored(chat) == before
    async with alice.subscribe(OWN_EVENTS, after=cursor) as events:
        assert (await events.next())["__typename"] == "CursorMoved"


async def test_a_group_is_left_first(alice, bob):
    group = await create_group(alice, bob)
    before = await stored(group)
    (error,) = await bob.refused(DELETE, id=group)
    assert (error["code"], error["field"]) == ("FORBIDDEN", ["input", "conversationId"])
    assert await stored(group) == before

    await bob.mutate(LEAVE, conversationId=group)
    for _ in range(2):
        assert (await bob.mutate(DELETE, id=group))["deletedConversationId"] == group


@pytest.mark.parametrize("how", ["cleared", "deleted after leaving"])
async def test_joining_again_does_not_bring_it_back(alice, bob, how):
    group = await create_group(alice, bob)
    await alice.mutate(UPDATE, groupId=group, permissions={"newMembersSeeHistory": True})
    await send_many(alice, group, 3)
    if how == "cleared":
        await bob.mutate(CLEAR, id=group)
        await send(alice, group, "after it")
    await bob.mutate(LEAVE, conversationId=group)
    if how != "cleared":
        await bob.mutate(DELETE, id=group)
    await send(alice, group, "while away")

    await alice.mutate(ADD, conversationId=group, userIds=[bob.id])

    seen = (await bob.query(SEE, id=group))["conversation"]
    texts = [m["text"] for m in seen["messages"]["nodes"] if m["text"]]
    assert texts == (["after it", "while away"] if how == "cleared" else ["while away"])
    assert seen["unreadCount"] == 0


async def test_strangers_learn_nothing(alice, bob, carol):
    chat = await start_direct(alice, bob)
    before = await stored(chat)

    for conversation_id in (chat, unknown_id("cnv"), "nonsense"):
        for document in (CLEAR, DELETE):
            assert [e["code"] for e in await carol.refused(document, id=conversation_id)] == ["NOT_FOUND"]
    assert await stored(chat) == before
