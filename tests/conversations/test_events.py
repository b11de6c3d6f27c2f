"""Intervals as their members see them, and what one execution serves."""

from __future__ import annotations

from tests.conversations.documents import ADD, EVENTS, LEAVE, REMOVE, create_group


async def test_who_was_away_sees_nothing_of_it(alice, bob, carol, person):
    dave = await person("dave")
    cursor = await bob.cursor()
    group_id = await create_group(alice, bob)
    await alice.mutate(REMOVE, conversationId=group_id, userId=bob.id)
    await alice.mutate(ADD, conversationId=group_id, userIds=[carol.id])
    await carol.mutate(LEAVE, conversationId=group_id)
    await alice.mutate(ADD, conversationId=group_id, userIds=[bob.id])
    await alice.mutate(ADD, conversationId=group_id, userIds=[dave.id])

    async with bob.subscribe(EVENTS, after=cursor) as events:
        seen = await events.take(8)
    assert [event["__typename"] for event in seen] == [
        "ConversationAdded", "MessageReceived", "ConversationRemoved", "ConversationAdded", "MessageReceived",
        "MemberChanged", "MessageReceived", "CursorMoved",
    ]  # fmt: skip
    assert seen[5]["user"]["id"] == dave.id


async def test_live_events_end_at_the_removal(alice, bob, carol):
    group_id = await create_group(alice, bob)
    async with bob.subscribe(EVENTS) as events:
        assert (await events.next())["__typename"] == "CursorMoved"
        await alice.mutate(REMOVE, conversationId=group_id, userId=bob.id)
        await alice.mutate(ADD, conversationId=group_id, userIds=[carol.id])
        other = await create_group(alice, bob)

        assert [(e["__typename"], e.get("conversationId", group_id)) for e in await events.take(1)] == [
            ("ConversationRemoved", group_id)
        ]
        added = await events.next()
        assert (added["__typename"], added["conversation"]["id"]) == ("ConversationAdded", other)


SHARED = """
subscription {
  events(kinds: [MEMBER_CHANGED]) {
    __typename
    ... on MemberChanged {
      conversation { id title lastSeq memberCount activityAt }
      member { id role user { displayName } }
      change
    }
  }
}
"""


async def test_others_share_one_execution(server, alice, bob, carol, person):
    dave = await person("dave")
    group_id = await create_group(alice, bob, carol)
    async with bob.subscribe(SHARED) as one, carol.subscribe(SHARED) as other:
        for stream in (one, other):
            assert (await stream.next())["__typename"] == "CursorMoved"
        hub = server.runtime.hub
        before = hub.executions, hub.shared_executions
        await alice.mutate(ADD, conversationId=group_id, userIds=[dave.id])
        first, second = await one.next(), await other.next()

    assert first == second
    assert (first["change"], first["conversation"]["memberCount"]) == ("JOINED", 4)
    assert (hub.executions - before[0], hub.shared_executions - before[1]) == (1, 1)
