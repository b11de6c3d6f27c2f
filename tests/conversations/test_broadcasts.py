"""Broadcasts: the owner and admins post, the others read and don't learn of each other."""

from __future__ import annotations

import pytest

from tests.conversations.documents import (
    ADD,
    CREATE_BROADCAST,
    LEAVE,
    MEMBERS,
    REMOVE,
    SET_ROLE,
    UPDATE_BROADCAST,
    conversations_of,
    create_broadcast,
    create_group,
    roles,
    stored,
    told_since,
    unknown_id,
)
from tests.messages.documents import READ, send

NODE = "query ($id: ID!) { node(id: $id) { id } }"
REACT = 'mutation ($id: ID!) { addReaction(input: {messageId: $id, emoji: "👍"}) { errors { code } } }'
REACTED = """
subscription ($after: Cursor) {
  events(after: $after, kinds: [REACTION_CHANGED, RECEIPT_CHANGED]) {
    __typename
    ... on ReactionChanged { actor { id } message { reactions { count users { nodes { id } } } } }
  }
}
"""
TICKS = "query ($id: ID!) { conversation(id: $id) { deliveredToAllSeq readByAllSeq } }"
SEEN = """
query ($id: ID!) {
  conversation(id: $id) {
    __typename kind title memberCount viewerCanSend viewerSendRefusal typing { user { id } } unreadCount
    ... on Broadcast { viewerCanManage }
  }
}
"""


async def member_ids(person, broadcast_id):
    page = (await person.query(MEMBERS, id=broadcast_id))["conversation"]["members"]
    return {node["user"]["id"]: node["id"] for node in page["nodes"]}


async def test_creator_owns_it_and_the_others_read(alice, bob, carol):
    payload = await alice.mutate(CREATE_BROADCAST, title=" News ", memberIds=[bob.id, carol.id], description="Daily")
    broadcast = payload["broadcast"]

    assert broadcast == {
        "id": broadcast["id"], "kind": "BROADCAST", "title": "News", "description": "Daily", "memberCount": 3,
        "viewerCanManage": True, "viewerCanSend": True, "viewerSendRefusal": None, "createdBy": {"id": alice.id},
        "viewerMember": {"role": "OWNER"},
    }  # fmt: skip
    assert (await bob.query(SEEN, id=broadcast["id"]))["conversation"] == {
        "__typename": "Broadcast", "kind": "BROADCAST", "title": "News", "memberCount": 3, "viewerCanSend": False,
        "viewerSendRefusal": "ADMINS_ONLY", "typing": [], "unreadCount": 0, "viewerCanManage": False,
    }  # fmt: skip


async def test_readers_see_staff_and_themselves(alice, bob, carol, person):
    dave = await person("dave")
    broadcast_id = await create_broadcast(alice, bob, carol, dave)
    await alice.mutate(SET_ROLE, conversationId=broadcast_id, userId=bob.id, role="ADMIN")

    everybody = await member_ids(alice, broadcast_id)
    assert set(everybody) == set(await member_ids(bob, broadcast_id)) == {alice.id, bob.id, carol.id, dave.id}
    assert set(await member_ids(carol, broadcast_id)) == {alice.id, bob.id, carol.id}
    page = (await carol.query(MEMBERS, id=broadcast_id, role="MEMBER"))["conversation"]["members"]
    assert ([node["user"]["id"] for node in page["nodes"]], page["totalCount"]) == ([carol.id], 1)
    page = (await carol.query(MEMBERS, id=broadcast_id, query="dave"))["conversation"]["members"]
    assert (page["nodes"], page["totalCount"]) == ([], 0)
    assert [(await carol.query(NODE, id=everybody[p.id]))["node"] is None for p in (alice, bob, carol, dave)] == [
        False, False, False, True,
    ]  # fmt: skip
    assert (await bob.query(NODE, id=everybody[dave.id]))["node"] is not None


async def test_readers_are_not_told_of_readers(alice, bob, carol, person):
    dave = await person("dave")
    broadcast_id = await create_broadcast(alice, bob)
    cursors = {p.id: await p.cursor() for p in (alice, bob, carol)}
    await alice.mutate(ADD, conversationId=broadcast_id, userIds=[carol.id, dave.id])
    await alice.mutate(REMOVE, conversationId=broadcast_id, userId=dave.id)
    await carol.mutate(LEAVE, conversationId=broadcast_id)

    assert await told_since(bob, cursors[bob.id]) == []
    assert [e["__typename"] for e in await told_since(carol, cursors[carol.id])] == [
        "ConversationAdded", "ConversationRemoved",
    ]  # fmt: skip
    told = [(e["change"], e["user"]["id"]) for e in await told_since(alice, cursors[alice.id])]
    assert sorted(told[:2]) == sorted([("JOINED", carol.id), ("JOINED", dave.id)])
    assert told[2:] == [("REMOVED", dave.id), ("LEFT", carol.id)]


async def test_readers_are_told_of_staff(alice, bob, carol):
    broadcast_id = await create_broadcast(alice, bob, carol)
    ids = await member_ids(alice, broadcast_id)
    cursor = await carol.cursor()
    await alice.mutate(SET_ROLE, conversationId=broadcast_id, userId=bob.id, role="ADMIN")
    [promoted] = await told_since(carol, cursor)
    assert (promoted["change"], promoted["member"], promoted["removedMemberId"]) == (
        "ROLE", {"id": ids[bob.id], "role": "ADMIN"}, None,
    )  # fmt: skip

    cursors = {p.id: await p.cursor() for p in (alice, bob, carol)}
    await alice.mutate(SET_ROLE, conversationId=broadcast_id, userId=bob.id, role="MEMBER")
    for person, member in ((alice, True), (bob, True), (carol, False)):
        [demoted] = await told_since(person, cursors[person.id])
        assert (demoted["change"], demoted["user"]["id"]) == ("ROLE", bob.id)
        assert demoted["member"] == ({"id": ids[bob.id], "role": "MEMBER"} if member else None)
        assert demoted["removedMemberId"] == (None if member else ids[bob.id])

    cursor = await carol.cursor()
    await alice.mutate(LEAVE, conversationId=broadcast_id)
    told = await told_since(carol, cursor)
    assert [(e["change"], e["user"]["id"]) for e in told] == [("LEFT", alice.id), ("ROLE", bob.id)]
    assert await roles(carol, broadcast_id) == {bob.id: "OWNER", carol.id: "MEMBER"}


async def test_staff_changes_it(alice, bob, carol):
    broadcast_id = await create_broadcast(alice, bob, carol)
    await alice.mutate(SET_ROLE, conversationId=broadcast_id, userId=bob.id, role="ADMIN")
    cursor = await carol.cursor()
    payload = await bob.mutate(UPDATE_BROADCAST, broadcastId=broadcast_id, title="Daily", description="All of it")

    assert payload["broadcast"] == {"id": broadcast_id, "title": "Daily", "description": "All of it"}
    assert [(e["__typename"], e["actor"]["id"]) for e in await told_since(carol, cursor)] == [
        ("ConversationChanged", bob.id)
    ]


async def test_readers_change_nothing(alice, bob, carol):
    broadcast_id = await create_broadcast(alice, bob)
    before = await stored(broadcast_id)

    for document, more in (
        (UPDATE_BROADCAST, {"broadcastId": broadcast_id, "title": "Mine"}),
        (ADD, {"conversationId": broadcast_id, "userIds": [carol.id]}),
        (REMOVE, {"conversationId": broadcast_id, "userId": alice.id}),
        (SET_ROLE, {"conversationId": broadcast_id, "userId": bob.id, "role": "ADMIN"}),
    ):
        assert [e["code"] for e in await bob.refused(document, **more)] == ["FORBIDDEN"]
    assert await stored(broadcast_id) == before


async def test_groups_and_unknown_ones_are_no_broadcasts(alice, bob):
    for broadcast_id in (await create_group(alice, bob), unknown_id("cnv"), "nonsense"):
        errors = await alice.refused(UPDATE_BROADCAST, broadcastId=broadcast_id, title="News")
        assert [(e["code"], e["field"]) for e in errors] == [("NOT_FOUND", ["input", "broadcastId"])]


@pytest.mark.parametrize(
    ("title", "code"), [("", "INVALID"), ("a\nb", "INVALID"), ("x" * 101, "TOO_LONG")], ids=["empty", "lines", "long"]
)
async def test_bad_title_is_refused(alice, bob, title, code):
    errors = await alice.refused(CREATE_BROADCAST, title=title, memberIds=[bob.id])

    assert [(e["code"], e["field"]) for e in errors] == [(code, ["input", "title"])]
    assert (await conversations_of(alice), await conversations_of(bob)) == (0, 0)


async def test_the_list_selects_them(alice, bob):
    broadcast_id = await create_broadcast(alice, bob)
    await create_group(alice, bob)
    document = "{ viewer { conversations(filter: {kinds: [BROADCAST]}) { totalCount nodes { id } } } }"

    assert (await bob.query(document))["viewer"]["conversations"] == {"totalCount": 1, "nodes": [{"id": broadcast_id}]}


async def test_readers_are_told_of_no_marks_and_no_reactors(alice, bob, carol):
    broadcast_id = await create_broadcast(alice, bob, carol)
    message = await send(alice, broadcast_id, "news")
    cursor = await carol.cursor()
    await bob.mutate(READ, conversationId=broadcast_id)
    await bob.mutate(REACT, id=message["id"])

    async with carol.subscribe(REACTED, after=cursor) as events:
        seen = [e["__typename"] for e in await events.take(2)]
    assert seen == ["ReactionChanged", "CursorMoved"]
    for person, users, actor in ((carol, [], None), (bob, [bob.id], bob.id), (alice, [bob.id], bob.id)):
        async with person.subscribe(REACTED, after=cursor) as events:
            event = await events.until("ReactionChanged")
        (group,) = event["message"]["reactions"]
        assert (group["count"], [u["id"] for u in group["users"]["nodes"]]) == (1, users)
        assert (event["actor"] and event["actor"]["id"]) == actor
    ticks = (await alice.query(TICKS, id=broadcast_id))["conversation"]
    assert ticks == {"deliveredToAllSeq": None, "readByAllSeq": None}


async def test_who_comes_to_read_moves_nobodys_list(alice, bob, carol):
    news = await create_broadcast(alice, bob, title="News")
    await create_group(bob, alice)
    document = "{ viewer { conversations { nodes { id activityAt } } } }"
    before = await bob.query(document)

    await alice.mutate(ADD, conversationId=news, userIds=[carol.id])

    assert await bob.query(document) == before
