"""Messages over the API: pages, single messages, counts, and how many statements they take."""

from __future__ import annotations

import pytest

from tests.conversations.documents import ADD, LEAVE, create_group, start_direct
from tests.messages.documents import PAGE, READ, STATE, send, send_many
from tests.statements import statements

NODE = "query Node($id: ID!) { message(id: $id) { id text } node(id: $id) { id ... on Message { text } } }"


async def page(person, conversation_id, **args):
    return (await person.query(PAGE, id=conversation_id, **args))["conversation"]["messages"]


def seqs(found):
    assert [edge["node"]["id"] for edge in found["edges"]] == [node["id"] for node in found["nodes"]]
    return [node["seq"] for node in found["nodes"]]


async def test_pages_go_both_ways(alice, bob):
    chat = await start_direct(alice, bob)
    await send_many(alice, chat, 70)

    newest = await page(bob, chat)
    assert seqs(newest) == list(range(21, 71))
    assert (newest["pageInfo"]["hasNextPage"], newest["pageInfo"]["hasPreviousPage"]) == (False, True)
    older = await page(bob, chat, last=15, before=newest["pageInfo"]["startCursor"])
    assert seqs(older) == list(range(6, 21))
    again = await page(bob, chat, first=3, after=older["pageInfo"]["endCursor"])
    assert seqs(again) == [21, 22, 23]
    by_id = await page(bob, chat, first=2, after=again["nodes"][0]["id"])
    assert seqs(by_id) == [22, 23]
    window = await page(bob, chat, around=again["nodes"][0]["id"], first=1, last=1)
    assert seqs(window) == [20, 21, 22]
    unread = await page(bob, chat, unread=True, first=2, last=2)
    assert seqs(unread) == [1, 2, 3]
    since = await page(bob, chat, **{"from": "2000-01-01T00:00:00Z"}, first=1)
    assert seqs(since) == [1, 2]


async def test_sizes_and_cursors_are_checked(alice, bob):
    chat, other = await start_direct(alice, bob), await create_group(alice)
    await send(alice, chat)
    elsewhere = await send(alice, other)

    for args in (
        {"first": 0}, {"first": 101}, {"last": -1}, {"after": "nonsense"}, {"before": "msg_nonsense"},
        {"around": elsewhere["id"]}, {"after": elsewhere["id"]}, {"around": chat},
    ):  # fmt: skip
        error = await alice.failed(PAGE, id=chat, **args)
        assert error["extensions"]["code"] == "BAD_REQUEST", args


@pytest.mark.parametrize("count", [1, 50])
async def test_a_page_takes_three_statements_whatever_its_size(alice, bob, count):
    chat = await start_direct(alice, bob)
    await send_many(bob, chat, count)
    await page(alice, chat)

    async with statements() as ran:
        found = await page(alice, chat)

    assert len(found["nodes"]) == count
    relevant = [text for text in ran if " FROM " in text and not text.lstrip().startswith(("BEGIN", "SELECT 1"))]
    assert len(relevant) <= 3, relevant


async def test_chat_list_takes_as_many_statements_for_one_and_for_many(person, bob):
    document = """{ viewer { conversations { nodes {
      unreadCount lastSeq lastMessage { text deliveryState sender { username } } firstUnread { seq }
      messages(last: 3) { nodes { text sender { username } } }
    } } } }"""
    counts = []
    for chats in (1, 5):
        me = await person("me")
        for _ in range(chats):
            chat = await start_direct(me, await person("friend"))
            await send_many(me, chat, 4)
        async with statements() as ran:
            nodes = (await me.query(document))["viewer"]["conversations"]["nodes"]
        assert [len(node["messages"]["nodes"]) for node in nodes] == [3] * chats
        counts.append(len([text for text in ran if " FROM " in text]))

    assert counts[0] == counts[1]


async def test_a_message_is_seen_by_its_members_from_their_joining_on(alice, bob, carol):
    group = await create_group(alice, bob)
    early = await send(alice, group, "early")
    await alice.mutate(ADD, conversationId=group, userIds=[carol.id])
    late = await send(alice, group, "late", replyToId=early["id"])

    assert (await bob.query(NODE, id=early["id"]))["message"]["text"] == "early"
    assert await carol.query(NODE, id=early["id"]) == {"message": None, "node": None}
    assert (await carol.query(NODE, id=late["id"]))["node"]["text"] == "late"
    notice, node = (await page(carol, group))["nodes"]
    assert notice["text"] is None
    assert (node["text"], node["replyTo"]) == ("late", None)
    await bob.mutate(LEAVE, conversationId=group)
    assert await bob.query(NODE, id=late["id"]) == {"message": None, "node": None}


@pytest.mark.parametrize(
    "id_", ["", "msg_nonsense", "msg_aaaaaaaaaaaaaaaaaaaaaaaaaa", "cnv_aaaaaaaaaaaaaaaaaaaaaaaaaa"]
)
async def test_unknown_messages_are_null(alice, id_):
    assert (await alice.query("query One($id: ID!) { message(id: $id) { id } }", id=id_))["message"] is None


async def test_counts_follow_what_is_sent_and_read(alice, bob):
    chat = await start_direct(alice, bob)
    await send_many(alice, chat, 3)

    before = await bob.query(STATE, id=chat)
    assert before["conversation"]["unreadCount"] == 3
    assert before["conversation"]["firstUnread"] == {"seq": 1}
    assert before["conversation"]["lastMessage"]["seq"] == 3
    assert before["viewer"]["unread"] == {"badge": 3, "messages": 3, "conversations": 1}
    await bob.mutate(READ, conversationId=chat, upToSeq=1)
    middle = (await bob.query(STATE, id=chat))["conversation"]
    assert (middle["unreadCount"], middle["firstUnread"], middle["readByAllSeq"]) == (2, {"seq": 2}, 1)
    payload = await bob.mutate(READ, conversationId=chat)
    assert payload["updatedCount"] == 2
    assert payload["conversations"] == [{"id": chat, "unreadCount": 0}]
    assert payload["viewer"]["unread"] == {"messages": 0, "conversations": 0}
    mine = (await alice.query(STATE, id=chat))["conversation"]
    assert (mine["lastMessage"]["deliveryState"], mine["readByAllSeq"], mine["deliveredToAllSeq"]) == ("READ", 3, 3)


async def test_an_empty_conversation_has_no_messages(alice, bob):
    chat = await start_direct(alice, bob)

    state = await alice.query(STATE, id=chat)

    assert state["conversation"]["lastMessage"] is None
    assert state["conversation"]["firstUnread"] is None
    assert (state["conversation"]["unreadCount"], state["viewer"]["unread"]["conversations"]) == (0, 0)
