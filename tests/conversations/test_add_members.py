from __future__ import annotations

import asyncio

import pytest

from tests.conversations.documents import (
    ADD,
    EVENTS,
    REMOVE,
    create_group,
    make_admin,
    number_messages,
    roles,
    start_direct,
    stored,
    unknown_id,
)

FIRST_SEQ = "query ($id: ID!) { conversation(id: $id) { firstSeq lastSeq viewerMember { id deliveredSeq readSeq } } }"


async def test_members_already_are_skipped(alice, bob, carol):
    group_id = await create_group(alice, bob)
    payload = await alice.mutate(ADD, conversationId=group_id, userIds=[carol.id, bob.id, alice.id, carol.id])

    assert [(m["user"]["id"], m["role"], m["addedBy"]["id"]) for m in payload["added"]] == [
        (carol.id, "MEMBER", alice.id)
    ]
    assert payload["conversation"]["memberCount"] == 3
    assert payload["needInvite"] == []


async def test_nobody_new_changes_nothing(alice, bob):
    group_id = await create_group(alice, bob)
    before = await stored(group_id)

    assert (await alice.mutate(ADD, conversationId=group_id, userIds=[bob.id]))["added"] == []
    assert (await alice.mutate(ADD, conversationId=group_id, userIds=[]))["added"] == []
    assert await stored(group_id) == before


async def test_admins_may(alice, bob, carol):
    group_id = await create_group(alice, bob)
    await make_admin(group_id, bob)

    assert len((await bob.mutate(ADD, conversationId=group_id, userIds=[carol.id]))["added"]) == 1


async def test_newcomer_sees_what_follows(alice, bob, carol):
    group_id = await create_group(alice, bob)
    await number_messages(group_id, 7)
    await alice.mutate(ADD, conversationId=group_id, userIds=[carol.id])

    seen = (await carol.query(FIRST_SEQ, id=group_id))["conversation"]
    assert (seen["firstSeq"], seen["lastSeq"]) == (8, 8), "the notice is theirs"
    assert (seen["viewerMember"]["deliveredSeq"], seen["viewerMember"]["readSeq"]) == (7, 7)


async def test_who_comes_back_keeps_the_id_with_a_new_start(alice, bob):
    group_id = await create_group(alice, bob)
    before = (await bob.query(FIRST_SEQ, id=group_id))["conversation"]
    await number_messages(group_id, 3)
    await alice.mutate(REMOVE, conversationId=group_id, userId=bob.id)
    await number_messages(group_id, 5)
    await alice.mutate(ADD, conversationId=group_id, userIds=[bob.id])

    after = (await bob.query(FIRST_SEQ, id=group_id))["conversation"]
    assert (before["firstSeq"], after["firstSeq"]) == (1, 6)
    assert after["viewerMember"] == {"id": before["viewerMember"]["id"], "deliveredSeq": 5, "readSeq": 5}


async def test_newcomer_and_others_are_told(alice, bob, carol):
    group_id = await create_group(alice, bob)
    cursors = await bob.cursor(), await carol.cursor()
    added = (await alice.mutate(ADD, conversationId=group_id, userIds=[carol.id]))["added"][0]

    async with carol.subscribe(EVENTS, after=cursors[1]) as events:
        event = await events.next()
        assert (event["__typename"], event["conversation"]["id"]) == ("ConversationAdded", group_id)
    async with bob.subscribe(EVENTS, after=cursors[0]) as events:
        event = await events.next()
        del event["cursor"]
        assert event == {
            "__typename": "MemberChanged", "kind": "MEMBER_CHANGED", "change": "JOINED",
            "conversation": {"id": group_id, "memberCount": 3}, "member": {"id": added["id"], "role": "MEMBER"},
            "removedMemberId": None, "user": {"id": carol.id}, "actor": {"id": alice.id},
        }  # fmt: skip


async def test_plain_member_is_refused(alice, bob, carol):
    group_id = await create_group(alice, bob)
    before = await stored(group_id)

    errors = await bob.refused(ADD, conversationId=group_id, userIds=[carol.id])

    assert [e["code"] for e in errors] == ["FORBIDDEN"]
    assert await stored(group_id) == before


async def test_direct_conversation_is_refused(alice, bob, carol):
    conversation_id = await start_direct(alice, bob)
    before = await stored(conversation_id)

    errors = await alice.refused(ADD, conversationId=conversation_id, userIds=[carol.id])

    assert [e["code"] for e in errors] == ["FORBIDDEN"]
    assert await stored(conversation_id) == before


async def test_stranger_learns_nothing(alice, bob, carol):
    group_id = await create_group(alice, bob)
    before = await stored(group_id)

    for conversation_id in (group_id, unknown_id("cnv"), "nonsense"):
        errors = await carol.refused(ADD, conversationId=conversation_id, userIds=[carol.id])
        assert [(e["code"], e["field"]) for e in errors] == [("NOT_FOUND", ["input", "conversationId"])]
    assert await stored(group_id) == before


async def test_former_member_is_refused(alice, bob, carol):
    group_id = await create_group(alice, bob)
    await alice.mutate(REMOVE, conversationId=group_id, userId=bob.id)
    before = await stored(group_id)

    errors = await bob.refused(ADD, conversationId=group_id, userIds=[bob.id])

    assert [e["code"] for e in errors] == ["NOT_PARTICIPANT"]
    assert await stored(group_id) == before


@pytest.mark.parametrize("user_id", [unknown_id("usr"), "nonsense"])
async def test_unknown_person_is_refused(alice, bob, carol, user_id):
    group_id = await create_group(alice, bob)
    before = await stored(group_id)

    errors = await alice.refused(ADD, conversationId=group_id, userIds=[carol.id, user_id])

    assert [(e["code"], e["field"]) for e in errors] == [("NOT_FOUND", ["input", "userIds"])]
    assert await stored(group_id) == before


async def test_adding_and_removing_at_once_keeps_count_and_intervals(alice, bob, carol):
    group_id = await create_group(alice, bob)
    await make_admin(group_id, bob)

    await asyncio.gather(
        *(
            who.query(ADD, conversationId=group_id, userIds=[carol.id])
            if number % 3
            else who.query(REMOVE, conversationId=group_id, userId=carol.id)
            for number in range(12)
            for who in (alice, bob)
        )
    )

    _, members, intervals, events = await stored(group_id)
    now_in = await roles(alice, group_id)
    open_intervals = [text for text in intervals if "'to_position': None" in text]
    assert len(members) == 3
    assert len(open_intervals) == len(now_in)
    group = (await alice.query("query ($id: ID!) { conversation(id: $id) { memberCount } }", id=group_id))[
        "conversation"
    ]
    assert group["memberCount"] == len(now_in)
    changes = sum("MEMBER_JOINED" in e for e in events) + sum("MEMBER_LEFT" in e for e in events)
    assert len(events) == 2 * (1 + changes), "each with its notice"
