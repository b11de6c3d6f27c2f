from __future__ import annotations

import pytest

from tests.conversations.documents import (
    EVENTS,
    MEMBERS,
    REMOVE,
    create_group,
    make_admin,
    roles,
    start_direct,
    stored,
    unknown_id,
)


async def test_owner_and_admin_may(alice, bob, carol):
    group_id = await create_group(alice, bob, carol)
    await make_admin(group_id, bob)

    payload = await bob.mutate(REMOVE, conversationId=group_id, userId=carol.id)
    assert payload == {"errors": [], "conversation": {"id": group_id, "memberCount": 2}, "removedConversationId": None}
    payload = await alice.mutate(REMOVE, conversationId=group_id, userId=bob.id)
    assert payload["conversation"]["memberCount"] == 1
    assert await roles(alice, group_id) == {alice.id: "OWNER"}


async def test_it_is_gone_for_the_removed(alice, bob):
    group_id = await create_group(alice, bob)
    await alice.mutate(REMOVE, conversationId=group_id, userId=bob.id)

    data = await bob.query(
        "query ($id: ID!) { conversation(id: $id) { id } node(id: $id) { id }"
        " viewer { conversations { totalCount } } }",
        id=group_id,
    )
    assert data == {"conversation": None, "node": None, "viewer": {"conversations": {"totalCount": 0}}}


async def test_removed_and_others_are_told(alice, bob, carol):
    group_id = await create_group(alice, bob, carol)
    page = (await alice.query(MEMBERS, id=group_id))["conversation"]["members"]["nodes"]
    member_id = next(m["id"] for m in page if m["user"]["id"] == carol.id)
    cursors = await bob.cursor(), await carol.cursor()
    await alice.mutate(REMOVE, conversationId=group_id, userId=carol.id)

    async with carol.subscribe(EVENTS, after=cursors[1]) as events:
        event = await events.next()
        assert (event["__typename"], event["conversationId"], event["reason"]) == (
            "ConversationRemoved", group_id, "REMOVED",
        )  # fmt: skip
        assert (await events.next())["__typename"] == "CursorMoved"
    async with bob.subscribe(EVENTS, after=cursors[0]) as events:
        event = await events.next()
        assert (event["change"], event["member"], event["removedMemberId"]) == ("REMOVED", None, member_id)
        assert (event["user"]["id"], event["actor"]["id"]) == (carol.id, alice.id)


async def test_what_changed_after_the_removal_is_withheld(alice, bob, carol):
    cursor = await bob.cursor()
    group_id = await create_group(alice, bob)
    await alice.mutate(REMOVE, conversationId=group_id, userId=bob.id)

    async with bob.subscribe(
        """subscription ($after: Cursor) { events(after: $after) { __typename
             ... on ConversationAdded { conversation {
               id title memberCount lastSeq firstSeq viewerCanSend viewerSendRefusal viewerMember { id }
               members { totalCount nodes { id } } } } } }""",
        after=cursor,
    ) as events:
        added = (await events.next())["conversation"]
    assert added == {
        "id": group_id, "title": "Team", "memberCount": 0, "lastSeq": 1, "firstSeq": 1, "viewerCanSend": False,
        "viewerSendRefusal": "READ_ONLY", "viewerMember": None, "members": {"totalCount": 0, "nodes": []},
    }  # fmt: skip


async def test_owner_stays(alice, bob):
    group_id = await create_group(alice, bob)
    await make_admin(group_id, bob)
    before = await stored(group_id)

    errors = await bob.refused(REMOVE, conversationId=group_id, userId=alice.id)

    assert [(e["code"], e["field"]) for e in errors] == [("FORBIDDEN", ["input", "userId"])]
    assert await stored(group_id) == before


async def test_plain_member_is_refused(alice, bob, carol):
    group_id = await create_group(alice, bob, carol)
    before = await stored(group_id)

    assert [e["code"] for e in await bob.refused(REMOVE, conversationId=group_id, userId=carol.id)] == ["FORBIDDEN"]
    assert await stored(group_id) == before


async def test_oneself_is_refused(alice, bob):
    group_id = await create_group(alice, bob)
    before = await stored(group_id)

    assert [e["code"] for e in await alice.refused(REMOVE, conversationId=group_id, userId=alice.id)] == ["INVALID"]
    assert await stored(group_id) == before


async def test_direct_conversation_is_refused(alice, bob):
    conversation_id = await start_direct(alice, bob)
    before = await stored(conversation_id)

    errors = await alice.refused(REMOVE, conversationId=conversation_id, userId=bob.id)

    assert [e["code"] for e in errors] == ["FORBIDDEN"]
    assert await stored(conversation_id) == before


async def test_nobody_to_remove(alice, bob, carol):
    group_id = await create_group(alice, bob)
    await alice.mutate(REMOVE, conversationId=group_id, userId=bob.id)
    before = await stored(group_id)

    for user_id in (bob.id, carol.id, unknown_id("usr"), "nonsense"):
        errors = await alice.refused(REMOVE, conversationId=group_id, userId=user_id)
        assert [(e["code"], e["field"]) for e in errors] == [("NOT_FOUND", ["input", "userId"])]
    assert await stored(group_id) == before


@pytest.mark.parametrize("left", [False, True])
async def test_not_a_member_is_refused(alice, bob, carol, left):
    group_id = await create_group(alice, bob, *([carol] if left else []))
    if left:
        await alice.mutate(REMOVE, conversationId=group_id, userId=carol.id)
    before = await stored(group_id)

    errors = await carol.refused(REMOVE, conversationId=group_id, userId=bob.id)

    assert [e["code"] for e in errors] == ["NOT_PARTICIPANT" if left else "NOT_FOUND"]
    assert await stored(group_id) == before
