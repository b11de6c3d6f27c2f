"""Threads: writing into one, reading it, following it."""

from __future__ import annotations

from uuid import UUID

from app.core import db
from app.core.graphql.ids import decode_id, encode_id
from tests.conversations.documents import ADD, create_group, start_direct
from tests.messages.documents import PAGE, SEND, message, send
from tests.messages.people import state_of
from tests.statements import statements

THREAD = """
query Thread($id: ID!, $first: Int, $after: String) {
  message(id: $id) {
    text threadReplyCount viewerFollowsThread threadRoot { id text }
    threadReplies(first: $first, after: $after) {
      edges { cursor } nodes { seq text threadRoot { id } } pageInfo { hasNextPage hasPreviousPage endCursor }
    }
  }
}
"""
FOLLOW = """
mutation Follow($messageId: ID!, $follow: Boolean!) {
  followThread(input: {messageId: $messageId, follow: $follow}) {
    errors { code field } message { id viewerFollowsThread }
  }
}
"""
EVENTS = """
subscription Events($after: Cursor) {
  events(after: $after) {
    __typename
    ... on MessageReceived { message { text threadRoot { id threadReplyCount viewerFollowsThread } } }
    ... on UnreadChanged { conversations { id } }
  }
}
"""


async def follows(person, message_id: str) -> bool:
    return (await person.query(THREAD, id=message_id))["message"]["viewerFollowsThread"]


async def test_replies_are_in_the_thread_and_in_the_history(alice, bob):
    group = await create_group(alice, bob)
    root = await send(alice, group, "root")
    await send(bob, group, "beside")

    for n in range(3):
        await send(bob, group, f"reply {n}", threadRootId=root["id"])

    found = (await alice.query(THREAD, id=root["id"]))["message"]
    assert (found["text"], found["threadReplyCount"], found["threadRoot"]) == ("root", 3, None)
    assert found["threadReplies"]["nodes"] == [
        {"seq": 4 + n, "text": f"reply {n}", "threadRoot": {"id": root["id"]}} for n in range(3)
    ]
    nodes = (await alice.query(PAGE, id=group))["conversation"]["messages"]["nodes"]
    assert [n["text"] for n in nodes] == [None, "root", "beside", "reply 0", "reply 1", "reply 2"]


async def test_pages_of_a_thread_concatenate(alice, bob):
    group = await create_group(alice, bob)
    root = await send(alice, group, "root")
    for n in range(5):
        await send(bob, group, str(n), threadRootId=root["id"])

    texts, after = [], None
    for more in (True, True, False):
        page = (await alice.query(THREAD, id=root["id"], first=2, after=after))["message"]["threadReplies"]
        texts += [n["text"] for n in page["nodes"]]
        assert (page["pageInfo"]["hasNextPage"], page["pageInfo"]["hasPreviousPage"]) == (more, after is not None)
        after = page["pageInfo"]["endCursor"]
    assert texts == ["0", "1", "2", "3", "4"]


async def test_a_reply_has_no_thread_of_its_own(alice, bob):
    group = await create_group(alice, bob)
    root = await send(alice, group, "root")
    reply = await send(bob, group, "reply", threadRootId=root["id"])
    before = await state_of(decode_id("cnv", group))

    (error,) = await alice.refused(SEND, input=message(group, threadRootId=reply["id"]))

    assert (error["code"], error["field"]) == ("INVALID", ["input", "threadRootId"])
    assert await state_of(decode_id("cnv", group)) == before
    found = (await alice.query(THREAD, id=reply["id"]))["message"]
    assert (found["threadReplyCount"], found["threadReplies"]["nodes"]) == (0, [])
    assert found["threadRoot"] == {"id": root["id"], "text": "root"}


async def test_roots_out_of_sight_are_not_found(alice, bob, carol):
    group, chat = await create_group(alice, bob), await start_direct(alice, bob)
    elsewhere, early, deleted, gone = (
        await send(alice, chat, "elsewhere"), await send(alice, group, "early"), await send(alice, group, "deleted"),
        await send(alice, group, "gone"),
    )  # fmt: skip
    at = await db.now()
    await db.execute("UPDATE message SET deleted_at = $1 WHERE id = $2", at, decode_id("msg", deleted["id"]))
    await db.execute("UPDATE message SET expires_at = $1 WHERE id = $2", at, decode_id("msg", gone["id"]))
    await alice.mutate(ADD, conversationId=group, userIds=[carol.id])
    before = await state_of(decode_id("cnv", group))

    wrong = [(alice, elsewhere["id"]), (carol, early["id"]), (alice, deleted["id"]), (alice, gone["id"])]
    for person, id_ in [*wrong, (alice, encode_id("msg", UUID(int=7))), (alice, "msg_nonsense")]:
        (error,) = await person.refused(SEND, input=message(group, threadRootId=id_))
        assert (error["code"], error["field"]) == ("NOT_FOUND", ["input", "threadRootId"])
    assert await state_of(decode_id("cnv", group)) == before


async def test_a_thread_from_before_ones_time_shows_no_root(alice, bob, carol):
    group = await create_group(alice, bob)
    root = await send(alice, group, "early")
    await alice.mutate(ADD, conversationId=group, userIds=[carol.id])

    reply = await send(bob, group, "late", threadRootId=root["id"])

    assert (await carol.query(THREAD, id=reply["id"]))["message"]["threadRoot"] is None
    assert (await bob.query(THREAD, id=reply["id"]))["message"]["threadRoot"] == {"id": root["id"], "text": "early"}


async def test_those_who_take_part_follow(alice, bob, carol, person):
    dora, erin = await person("dora"), await person("erin")
    group = await create_group(alice, bob, carol, dora, erin)
    mention = {"userId": carol.id, "offset": 0, "length": 1}
    root = await send(alice, group, "root", mentions=[mention])
    assert not any([await follows(p, root["id"]) for p in (alice, bob, carol, dora, erin)])

    await send(bob, group, "reply", threadRootId=root["id"], mentions=[{**mention, "userId": dora.id}])

    assert [await follows(p, root["id"]) for p in (alice, bob, carol, dora, erin)] == [True] * 4 + [False]


async def test_follow_thread_stands_and_tells_ones_devices(alice, bob):
    group = await create_group(alice, bob)
    root = await send(alice, group, "root")
    reply = await send(bob, group, "reply", threadRootId=root["id"])
    cursor = await bob.cursor()

    for _ in range(2):  # the second time nothing changes, and nothing is told
        payload = await bob.mutate(FOLLOW, messageId=reply["id"], follow=False)
        assert payload["message"] == {"id": reply["id"], "viewerFollowsThread": False}
    await send(bob, group, "again", threadRootId=root["id"])

    assert not await follows(bob, root["id"])
    async with bob.subscribe(EVENTS, after=cursor) as stream:
        assert await stream.next() == {"__typename": "UnreadChanged", "conversations": [{"id": group}]}
        event = await stream.next()
    assert event["message"] == {
        "text": "again", "threadRoot": {"id": root["id"], "threadReplyCount": 2, "viewerFollowsThread": False},
    }  # fmt: skip
    assert (await bob.mutate(FOLLOW, messageId=root["id"], follow=True))["message"]["viewerFollowsThread"]


async def test_strangers_follow_nothing(alice, bob, carol):
    group = await create_group(alice, bob)
    root = await send(alice, group, "root")

    for who, id_ in ((carol, root["id"]), (bob, "msg_nonsense"), (bob, encode_id("msg", UUID(int=7)))):
        (error,) = await who.refused(FOLLOW, messageId=id_, follow=True)
        assert (error["code"], error["field"]) == ("NOT_FOUND", ["input", "messageId"])
    rows = await db.rows("SELECT id FROM thread_follow WHERE root_id = $1", decode_id("msg", root["id"]))
    assert rows == []


async def test_a_page_of_threads_costs_as_much_as_one(alice, bob):
    group = await create_group(alice, bob)
    roots = [await send(alice, group, str(n)) for n in range(12)]
    for root in roots:
        await send(bob, group, "reply", threadRootId=root["id"])
    document = """query Page($id: ID!, $last: Int) { conversation(id: $id) { messages(last: $last) { nodes {
        threadReplyCount viewerFollowsThread threadRoot { text } threadReplies(first: 2) { nodes { text } }
        mentions { user { id } } sharedContact { id } forwarded { originalSender { id } }
    } } } }"""

    counts = []
    for last in (13, 24):
        async with statements() as found:
            await bob.query(document, id=group, last=last)
        counts.append(len(found))

    assert counts[0] == counts[1]


SHARED = """
subscription Shared {
  events {
    __typename
    ... on MessageReceived { message {
      text replyTo { text } threadRoot { text threadReplyCount } mentions { user { id } } sharedContact { id }
    } }
  }
}
"""


async def heard(stream) -> dict[str, object]:
    return (await stream.until("MessageReceived"))["message"]


async def test_all_who_see_what_a_message_refers_to_share_one_execution(server, alice, bob, carol, person):
    dora = await person("dora")
    group, hub = await create_group(alice, bob, carol), server.runtime.hub
    root = await send(alice, group, "root")
    async with bob.subscribe(SHARED) as one, carol.subscribe(SHARED) as other:
        for stream in (one, other):
            await stream.until("CursorMoved")
        before = hub.executions, hub.shared_executions
        reply = message(group, "reply", threadRootId=root["id"], replyToId=root["id"], contactUserId=bob.id)
        await alice.mutate(SEND, input={**reply, "mentions": [{"userId": bob.id, "offset": 0, "length": 5}]})
        first, second = await heard(one), await heard(other)

        assert first == second == {
            "text": "reply", "replyTo": {"text": "root"}, "threadRoot": {"text": "root", "threadReplyCount": 1},
            "mentions": [{"user": {"id": bob.id}}], "sharedContact": {"id": bob.id},
        }  # fmt: skip
        assert (hub.executions - before[0], hub.shared_executions - before[1]) == (1, 1)

        # From now on not everybody sees the root.
        await alice.mutate(ADD, conversationId=group, userIds=[dora.id])
        async with dora.subscribe(SHARED) as late:
            await late.until("CursorMoved")
            await one.until("MessageReceived")  # the notice of it
            await send(alice, group, "again", replyToId=root["id"], threadRootId=root["id"])
            assert (await heard(one))["replyTo"] == {"text": "root"}
            unseen = await heard(late)
            assert (unseen["replyTo"], unseen["threadRoot"]) == (None, None)


COUNTS = "query Counts($id: ID!) { conversation(id: $id) { unreadCount unreadMentionCount } }"


async def unread(person, group: str) -> tuple[int, int]:
    counts = (await person.query(COUNTS, id=group))["conversation"]
    return counts["unreadCount"], counts["unreadMentionCount"]


async def test_replies_are_unread_for_those_who_follow(alice, bob, carol):
    group = await create_group(alice, bob, carol)
    root = await send(alice, group, "root")
    assert await unread(carol, group) == await unread(bob, group) == (1, 0)

    await send(bob, group, "reply", threadRootId=root["id"])
    assert (await unread(alice, group), await unread(carol, group)) == ((1, 0), (1, 0))
    await carol.mutate(FOLLOW, messageId=root["id"], follow=True)
    assert await unread(carol, group) == (2, 0)
    await carol.mutate(FOLLOW, messageId=root["id"], follow=False)
    assert await unread(carol, group) == (1, 0)
    await send(alice, group, "beside", mentionsEveryone=True)

    assert (await unread(bob, group), await unread(carol, group)) == ((1, 1), (2, 1))
