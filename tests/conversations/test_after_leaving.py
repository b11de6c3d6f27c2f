"""What somebody who left, or was removed, learns later: nothing, also not through events from before."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.client import Person
from tests.conversations.documents import ADD, LEAVE, REMOVE, UPDATE, create_broadcast, create_group, start_direct
from tests.conversations.own import DELETE, LIST, OWN_EVENTS, SET, change, listed
from tests.messages.documents import SEND, message, send

EVENTS = """
subscription Events($after: Cursor) {
  events(after: $after) {
    __typename
    ... on ConversationAdded { conversation { ...C } }
    ... on ConversationChanged { conversation { ...C } }
    ... on MemberChanged { conversation { ...C } }
    ... on MessageReceived { message { ...M conversation { ...C } } }
    ... on ReactionChanged { message { ...M } }
    ... on ConversationRemoved { reason }
  }
}
fragment C on Conversation {
  title disappearingSeconds memberCount lastSeq unreadCount members(first: 2) { totalCount nodes { id } }
  pinnedMessages(first: 1) { nodes { id } } lastMessage { ...M } firstUnread { ...M }
  messages(last: 10) { nodes { ...M } }
  ... on Group { description permissions { slowModeSeconds } invites { code } }
  ... on Broadcast { description invites { code } }
}
fragment M on Message {
  text editedAt replyTo { text } threadRoot { text threadReplyCount threadReplies(first: 2) { nodes { text } } }
  revisions { text } reactions { emoji } isPinned systemNotice { value }
}
"""
EDIT = "mutation E($id: ID!, $t: String!) { editMessage(input: {messageId: $id, text: $t}) { errors { code } } }"
TIMER = """
mutation Timer($id: ID!, $seconds: Int) {
  setDisappearingTimer(input: {conversationId: $id, seconds: $seconds}) { errors { code field } conversation { id } }
}
"""
INVITE = "mutation I($id: ID!) { createInvite(input: {conversationId: $id}) { errors { code } invite { code } } }"
PREVIEW = "query P($code: String!) { invitePreview(code: $code) { title memberCount } }"


async def told_since(person: Person, cursor: str) -> list[dict[str, Any]]:
    told = []
    async with person.subscribe(EVENTS, after=cursor) as events:
        while (event := await events.next())["__typename"] != "CursorMoved":
            told.append(event)
    return told


@pytest.mark.parametrize("how", ["leaves", "is removed"])
async def test_events_from_before_say_nothing_of_what_came_later(alice, bob, carol, how):
    cursor = await bob.cursor()
    group = await create_group(alice, bob, title="Once")
    first = (await alice.mutate(SEND, input=message(group, "first")))["message"]["id"]
    await alice.mutate(SEND, input=message(group, "answer", replyToId=first))
    await alice.mutate(SEND, input=message(group, "inside", threadRootId=first))
    await alice.mutate(UPDATE, groupId=group, title="Before", description="before", permissions={"slowModeSeconds": 1})
    await alice.mutate(ADD, conversationId=group, userIds=[carol.id])
    if how == "leaves":
        await bob.mutate(LEAVE, conversationId=group)
    else:
        await alice.mutate(REMOVE, conversationId=group, userId=bob.id)
    unchanged = await told_since(bob, cursor)

    await alice.mutate(EDIT, id=first, t="SECRET")
    await alice.mutate(SEND, input=message(group, "SECRET", threadRootId=first))
    permissions = {"slowModeSeconds": 987}
    await alice.mutate(UPDATE, groupId=group, title="SECRET", description="SECRET", permissions=permissions)
    await alice.mutate(TIMER, id=group, seconds=987)
    told = await told_since(bob, cursor)

    shown = unchanged[0]["conversation"]
    assert (shown["title"], shown["description"], shown["permissions"]) == ("Before", "before", {"slowModeSeconds": 1})
    assert "SECRET" not in json.dumps(told)
    assert "987" not in json.dumps(told)
    assert [event["__typename"] for event in told] == [event["__typename"] for event in unchanged]
    received = [event["message"] for event in told if "message" in event]
    assert [m["text"] for m in received if m["text"]] == ["first", "answer", "inside"]
    assert received[2]["replyTo"]["text"] == received[3]["threadRoot"]["text"] == "first"
    assert received[3]["threadRoot"]["threadReplyCount"] == 1
    shown = told[0]["conversation"]
    assert (shown["title"], shown["description"], shown["disappearingSeconds"]) == ("", None, None)
    assert [m["text"] for m in shown["messages"]["nodes"] if m["text"]] == ["first", "answer", "inside"]


async def test_what_was_unread_is_told_to_be_gone(alice, bob, carol):
    group, news = await create_group(alice, bob, carol), await create_broadcast(alice, bob)
    for conversation in (group, news):
        await send(alice, conversation)
    cursor, quiet = await bob.cursor(), await carol.cursor()

    await alice.mutate(REMOVE, conversationId=group, userId=bob.id)
    await bob.mutate(LEAVE, conversationId=news)

    async with bob.subscribe(OWN_EVENTS, after=cursor) as events:
        told = [event async for event in until_caught_up(events)]
    assert sorted(e["__typename"] for e in told) == ["ConversationRemoved"] * 2 + ["UnreadChanged"] * 2
    counts = [event for event in told if event["__typename"] == "UnreadChanged"]
    assert [c["conversations"] for c in counts] == [[], []]
    assert counts[-1]["viewer"]["unread"] == {"badge": 0, "messages": 0}
    async with carol.subscribe(OWN_EVENTS, after=quiet) as events:
        told = [event async for event in until_caught_up(events)]
    assert "UnreadChanged" not in {event["__typename"] for event in told}


async def test_nothing_unread_is_no_news(alice, bob):
    group = await create_group(alice, bob)  # a notice counts for nothing
    cursor = await bob.cursor()

    await bob.mutate(LEAVE, conversationId=group)

    async with bob.subscribe(OWN_EVENTS, after=cursor) as events:
        assert [event["__typename"] async for event in until_caught_up(events)] == ["ConversationRemoved"]


async def until_caught_up(events):
    while (event := await events.next())["__typename"] != "CursorMoved":
        yield event


async def test_an_old_invite_shows_the_removed_nothing(alice, bob, carol):
    group = await create_group(alice, bob, title="Team")
    code = (await alice.mutate(INVITE, id=group))["invite"]["code"]
    await alice.mutate(REMOVE, conversationId=group, userId=bob.id)

    assert (await bob.query(PREVIEW, code=code))["invitePreview"] is None
    assert (await carol.query(PREVIEW, code=code))["invitePreview"] == {"title": "Team", "memberCount": 1}
    newer = (await alice.mutate(INVITE, id=group))["invite"]["code"]
    assert (await bob.query(PREVIEW, code=newer))["invitePreview"] is not None


async def test_who_deleted_a_chat_hears_of_it_with_the_next_message(alice, bob):
    chat = await start_direct(alice, bob)
    await send(alice, chat)
    await bob.mutate(DELETE, id=chat)
    cursor = await bob.cursor()

    await alice.mutate(TIMER, id=chat, seconds=3600)

    assert await told_since(bob, cursor) == []
    assert await listed(bob) == []
    (error,) = await bob.refused(TIMER, id=chat, seconds=60)
    assert (error["code"], error["field"]) == ("NOT_FOUND", ["input", "conversationId"])
    await send(alice, chat, "back")
    assert sorted(e["__typename"] for e in await told_since(bob, cursor)) == ["ConversationAdded", "MessageReceived"]
    document = "query ($id: ID!) { conversation(id: $id) { messages { nodes { text systemNotice { value } } } } }"
    assert (await bob.query(document, id=chat))["conversation"]["messages"]["nodes"] == [
        {"text": None, "systemNotice": {"value": "3600"}}, {"text": "back", "systemNotice": None}
    ]  # fmt: skip


async def test_what_was_left_does_not_use_up_labels_and_pins(server, alice, bob):
    limits = server.runtime.settings.conversations
    groups = [await create_group(bob, alice) for _ in range(2)]
    each = limits.labels_per_conversation
    labels = [f"label {n}" for n in range(limits.labels)]
    for n in range(0, len(labels), each):
        extra = await create_group(bob, alice)
        await change(alice, extra, labels=labels[n : n + each], isPinned=n == 0)
        if n == 0:
            left = extra
    assert [e["code"] for e in await alice.refused(SET, input={"conversationId": groups[0], "labels": ["new"]})] == [
        "LIMIT_REACHED"
    ]

    await alice.mutate(LEAVE, conversationId=left)

    assert (await change(alice, groups[0], labels=["new"]))["labels"] == ["new"]
    await bob.mutate(ADD, conversationId=left, userIds=[alice.id])
    page = await alice.query(LIST, filter={"label": "label 0"})
    assert [node["id"] for node in page["viewer"]["conversations"]["nodes"]] == [left]
    await alice.mutate(LEAVE, conversationId=left)
    await alice.mutate(DELETE, id=left)
    await bob.mutate(ADD, conversationId=left, userIds=[alice.id])
    assert await change(alice, left) | {"draftUpdatedAt": None} == {
        "mutedUntil": None, "isMuted": False, "isArchived": False, "isPinned": False, "labels": [],
        "notificationLevel": "ALL", "draft": None, "draftUpdatedAt": None,
    }  # fmt: skip
