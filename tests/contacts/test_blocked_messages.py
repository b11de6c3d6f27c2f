"""What a block does to the direct conversation: sent, one tick for ever, never delivered, counted or shown."""

from __future__ import annotations

import asyncio

import pytest

from tests.contacts.documents import BLOCK, UNBLOCK
from tests.conversations.documents import ADD, create_group, roles, start_direct
from tests.messages.documents import EVENTS, PAGE, READ, SEND, STATE, message, send
from tests.presence.test_typing_changed import SET

LIST = """{ viewer { conversations { totalCount nodes {
  id lastSeq unreadCount activityAt lastMessage { text } viewerCanSend viewerSendRefusal } } } }"""
MINE = """query Mine($id: ID!) { conversation(id: $id) {
  lastSeq deliveredToAllSeq readByAllSeq unreadCount activityAt viewerCanSend viewerSendRefusal typing { activity }
  lastMessage { seq text deliveryState }
  messages { nodes { seq text deliveryState replyTo { text } } }
  members { nodes { user { id relationship } deliveredSeq readSeq readAt } } } }"""


async def texts(person, conversation_id, **variables) -> list[str]:
    page = (await person.query(PAGE, id=conversation_id, **variables))["conversation"]["messages"]
    return [node["text"] for node in page["nodes"]]


async def heard(person, after: str) -> list[str]:
    """Types of all events since a cursor."""
    async with person.subscribe(EVENTS, after=after) as stream:
        found = []
        while (event := await stream.next())["__typename"] != "CursorMoved":
            found.append(event["__typename"])
        return found


@pytest.fixture
async def chat(alice, bob) -> str:
    """Alice wrote, Bob answered; both have read everything."""
    conversation_id = await start_direct(alice, bob)
    await start_direct(bob, alice)
    await send(alice, conversation_id, "one")
    await send(bob, conversation_id, "two")
    await alice.mutate(READ, conversationId=conversation_id)
    return conversation_id


async def test_nothing_arrives_not_even_after_unblocking(alice, bob, chat):
    before = await alice.query(STATE, id=chat), await alice.query(LIST)
    cursor = await alice.cursor()
    await alice.mutate(BLOCK, userId=bob.id)
    for n in range(3):
        sent = await send(bob, chat, f"hidden {n}")
        assert (sent["deliveryState"], sent["seq"]) == ("SENT", 3 + n)
    await alice.mutate(UNBLOCK, userId=bob.id)

    assert (await alice.query(STATE, id=chat), await alice.query(LIST)) == before
    assert await texts(alice, chat) == ["one", "two"]
    assert await heard(alice, cursor) == ["BlockChanged", "BlockChanged"]
    assert (await alice.query("query ($id: ID!) { message(id: $id) { id } }", id=sent["id"]))["message"] is None


async def test_the_blocked_person_sees_one_tick_for_ever(alice, bob, chat):
    await alice.mutate(BLOCK, userId=bob.id)
    sent = await send(bob, chat, "hidden")
    await alice.mutate(READ, conversationId=chat)
    await alice.mutate(UNBLOCK, userId=bob.id)
    await send(bob, chat, "seen")
    await alice.mutate(READ, conversationId=chat)

    nodes = (await bob.query(MINE, id=chat))["conversation"]["messages"]["nodes"]
    assert [(n["text"], n["deliveryState"]) for n in nodes[2:]] == [("hidden", "SENT"), ("seen", "READ")]
    assert sent["conversation"]["lastSeq"] == 3


async def test_later_messages_count_without_the_hidden_ones(alice, bob, chat):
    await alice.mutate(BLOCK, userId=bob.id)
    for n in range(3):
        await send(bob, chat, f"hidden {n}")
    await alice.mutate(UNBLOCK, userId=bob.id)
    cursor = await alice.cursor()
    for text in ("seen", "seen too"):
        await send(bob, chat, text)

    state = await alice.query(STATE, id=chat)
    assert state["conversation"]["unreadCount"] == 2
    assert state["conversation"]["firstUnread"] == {"seq": 6}
    assert state["conversation"]["lastSeq"] == 7
    assert state["viewer"]["unread"] == {"badge": 2, "messages": 2, "conversations": 1}
    assert await heard(alice, cursor) == ["MessageReceived", "MessageReceived"]
    await alice.mutate(READ, conversationId=chat, upToSeq=6)
    assert (await alice.query(STATE, id=chat))["conversation"]["unreadCount"] == 1
    await alice.mutate(READ, conversationId=chat)
    assert (await alice.query(STATE, id=chat))["viewer"]["unread"]["messages"] == 0


async def test_pages_are_full_around_hidden_messages(alice, bob, chat):
    await alice.mutate(BLOCK, userId=bob.id)
    for n in range(6):
        await send(bob, chat, f"hidden {n}")
    await alice.mutate(UNBLOCK, userId=bob.id)
    for n in range(3):
        await send(bob, chat, f"seen {n}")
    everything = ["one", "two", "seen 0", "seen 1", "seen 2"]

    assert await texts(alice, chat) == everything
    assert await texts(alice, chat, last=4) == everything[1:]
    assert await texts(alice, chat, first=3, after=None) == everything[:3]
    for size in (1, 2, 3):
        for arguments, towards, more in (("last", "before", "Previous"), ("first", "after", "Next")):
            found, place = [], None
            while True:
                sizes = {arguments: size, **({towards: place} if place else {})}
                page = (await alice.query(PAGE, id=chat, **sizes))["conversation"]["messages"]
                got = [node["text"] for node in page["nodes"]]
                found = found + got if arguments == "first" else got + found
                if not page["pageInfo"][f"has{more}Page"]:
                    break
                place = page["pageInfo"]["startCursor" if arguments == "last" else "endCursor"]
            assert found == everything, (arguments, size)
    assert await texts(bob, chat, last=9) == [*[f"hidden {n}" for n in range(6)], "seen 0", "seen 1", "seen 2"]


async def test_marks_of_the_blocker_stand_still_for_the_blocked(alice, bob, chat):
    await send(bob, chat, "before the block")
    seen = (await bob.query(MINE, id=chat))["conversation"]
    cursor = await bob.cursor()
    await alice.mutate(BLOCK, userId=bob.id)
    own = await alice.cursor()
    await alice.mutate(READ, conversationId=chat)

    assert (await bob.query(MINE, id=chat))["conversation"] == seen
    assert await heard(bob, cursor) == []
    assert set(await heard(alice, own)) == {"ReceiptChanged", "UnreadChanged"}
    assert (await alice.query(STATE, id=chat))["conversation"]["unreadCount"] == 0
    await alice.mutate(UNBLOCK, userId=bob.id)
    assert (await bob.query(MINE, id=chat))["conversation"] == seen


async def test_receipts_of_the_blocked_do_not_arrive(alice, bob, chat):
    await send(alice, chat, "before the block")
    await alice.mutate(BLOCK, userId=bob.id)
    cursor = await alice.cursor()
    await bob.mutate(READ, conversationId=chat)

    assert await heard(alice, cursor) == []


async def test_the_blocker_can_not_send(alice, bob, chat):
    await alice.mutate(BLOCK, userId=bob.id)
    conversation = (await alice.query(MINE, id=chat))["conversation"]
    assert (conversation["viewerCanSend"], conversation["viewerSendRefusal"]) == (False, "BLOCKED_BY_VIEWER")
    (error,) = await alice.refused(SEND, input=message(chat))
    assert (error["code"], error["field"]) == ("FORBIDDEN", ["input", "conversationId"])

    conversation = (await bob.query(MINE, id=chat))["conversation"]
    assert (conversation["viewerCanSend"], conversation["viewerSendRefusal"]) == (True, None)
    await alice.mutate(UNBLOCK, userId=bob.id)
    await send(alice, chat)


async def test_answers_to_hidden_messages_hide_them(alice, bob, chat):
    await alice.mutate(BLOCK, userId=bob.id)
    hidden = await send(bob, chat, "hidden")
    await alice.mutate(UNBLOCK, userId=bob.id)
    await send(bob, chat, "answer", replyToId=hidden["id"])

    assert (await alice.query(MINE, id=chat))["conversation"]["messages"]["nodes"][-1]["replyTo"] is None
    assert (await bob.query(MINE, id=chat))["conversation"]["messages"]["nodes"][-1]["replyTo"] == {"text": "hidden"}
    (error,) = await alice.refused(SEND, input=message(chat, replyToId=hidden["id"]))
    assert error["code"] == "NOT_FOUND"


async def test_a_repeat_after_unblocking_stays_hidden(alice, bob, chat):
    await alice.mutate(BLOCK, userId=bob.id)
    first = await send(bob, chat, "hidden", key="k" * 20)
    await alice.mutate(UNBLOCK, userId=bob.id)

    assert (await send(bob, chat, "hidden", key="k" * 20))["id"] == first["id"]
    assert await texts(alice, chat) == ["one", "two"]


async def test_a_block_takes_effect_between_two_messages(alice, bob, chat):
    """Whatever was sent after blockUser answered is hidden, whatever was answered before it began is not."""
    sent: list[str] = []

    async def talk() -> None:
        for n in range(20):
            sent.append((await send(bob, chat, str(n)))["text"])

    task = asyncio.create_task(talk())
    while len(sent) < 5:
        await asyncio.sleep(0)
    before = list(sent)
    await alice.mutate(BLOCK, userId=bob.id)
    shown = (await texts(alice, chat))[2:]
    await task

    assert shown[: len(before)] == before
    assert (await texts(alice, chat))[2:] == shown


async def test_a_conversation_started_with_a_blocker_stays_unknown(alice, bob):
    await alice.mutate(BLOCK, userId=bob.id)
    cursor = await alice.cursor()
    conversation_id = await start_direct(bob, alice)
    await send(bob, conversation_id, "hidden")
    await alice.mutate(UNBLOCK, userId=bob.id)

    assert await heard(alice, cursor) == ["BlockChanged"]
    assert (await alice.query(LIST))["viewer"]["conversations"]["totalCount"] == 0
    assert (await alice.query("query ($id: ID!) { conversation(id: $id) { id } }", id=conversation_id)) == {
        "conversation": None
    }
    assert (await bob.query(LIST))["viewer"]["conversations"]["totalCount"] == 1
    await send(bob, conversation_id, "seen")
    (node,) = (await alice.query(LIST))["viewer"]["conversations"]["nodes"]
    assert (node["lastMessage"], node["unreadCount"]) == ({"text": "seen"}, 1)


async def test_the_blocker_finds_it_by_starting_it(alice, bob):
    await alice.mutate(BLOCK, userId=bob.id)
    conversation_id = await start_direct(bob, alice)
    await send(bob, conversation_id, "hidden")
    await alice.mutate(UNBLOCK, userId=bob.id)
    cursor = await alice.cursor()

    assert await start_direct(alice, bob) == conversation_id
    assert await heard(alice, cursor) == ["ConversationAdded"]
    assert await texts(alice, conversation_id) == []
    assert (await alice.query(LIST))["viewer"]["conversations"]["totalCount"] == 1


async def test_the_blocker_is_not_added_to_groups(alice, bob, carol):
    await alice.mutate(BLOCK, userId=bob.id)
    cursor = await alice.cursor()
    group_id = await create_group(bob, alice, carol)
    payload = await bob.mutate(ADD, conversationId=group_id, userIds=[alice.id])

    assert (payload["added"], payload["needInvite"]) == ([], [])
    assert set(await roles(bob, group_id)) == {bob.id, carol.id}
    assert await heard(alice, cursor) == []


async def test_common_groups_go_on(alice, bob):
    group_id = await create_group(bob, alice)
    await alice.mutate(BLOCK, userId=bob.id)
    await send(bob, group_id, "to all")
    await send(alice, group_id, "to all too")

    assert await texts(alice, group_id) == [None, "to all", "to all too"] == await texts(bob, group_id)


@pytest.mark.parametrize("blocks", ["typist", "other"])
async def test_no_typing_either_way(alice, bob, chat, blocks):
    await (alice if blocks == "typist" else bob).mutate(BLOCK, userId=(bob if blocks == "typist" else alice).id)
    await alice.mutate(SET, id=chat)

    assert (await bob.query(MINE, id=chat))["conversation"]["typing"] == []
