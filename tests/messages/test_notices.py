"""Notices of the system: what each change leaves in the history, who sees it, and that nobody has to read it."""

from __future__ import annotations

import asyncio

import pytest

from tests.conversations.documents import (
    ADD,
    LEAVE,
    REMOVE,
    SET_ROLE,
    TRANSFER,
    UPDATE,
    UPDATE_BROADCAST,
    create_broadcast,
    create_group,
    start_direct,
)
from tests.conversations.test_invites import JOIN, invite_to
from tests.messages.documents import STATE, send
from tests.statements import statements

NOTICE = "seq kind text sender { id } systemNotice { kind actor { id } targets { id } value }"
HISTORY = f"query ($id: ID!) {{ conversation(id: $id) {{ messages {{ nodes {{ {NOTICE} }} }} }} }}"
RECEIVED = f"subscription ($after: Cursor) {{ messageReceived(after: $after) {{ message {{ {NOTICE} }} }} }}"
UNREAD = "query ($id: ID!) { conversation(id: $id) { unreadCount firstUnread { id } } viewer { unread { messages } } }"


async def notices(person, conversation_id):
    """(seq, kind, actor, targets, value) of each, as that person sees them."""
    nodes = (await person.query(HISTORY, id=conversation_id))["conversation"]["messages"]["nodes"]
    assert all((n["kind"] == "SYSTEM") is (n["systemNotice"] is not None) for n in nodes)
    return [told(node) for node in nodes if node["systemNotice"]]


def told(node):
    notice = node["systemNotice"]
    assert (node["text"], node["sender"]) == (None, notice["actor"])
    actor = notice["actor"]["id"] if notice["actor"] else None
    return node["seq"], notice["kind"], actor, [t["id"] for t in notice["targets"]], notice["value"]


async def test_every_change_leaves_one(alice, bob, carol, person):
    dave = await person("dave")
    group_id = await create_group(alice, bob)
    await alice.mutate(ADD, conversationId=group_id, userIds=[carol.id])
    await carol.mutate(LEAVE, conversationId=group_id)
    invite = await invite_to(alice, group_id)
    await dave.mutate(JOIN, code=invite["code"])
    await alice.mutate(REMOVE, conversationId=group_id, userId=dave.id)
    await alice.mutate(SET_ROLE, conversationId=group_id, userId=bob.id, role="ADMIN")
    permissions = {"whoCanSend": "ADMIN", "slowModeSeconds": 5}
    await bob.mutate(UPDATE, groupId=group_id, title="Crew", description="All", permissions=permissions)
    await bob.mutate(UPDATE, groupId=group_id, description=None)
    await alice.mutate(TRANSFER, conversationId=group_id, userId=bob.id)

    assert await notices(bob, group_id) == [
        (1, "CREATED", alice.id, [], "Team"),
        (2, "MEMBERS_ADDED", alice.id, [carol.id], None),
        (3, "MEMBER_LEFT", carol.id, [], None),
        (4, "MEMBER_JOINED_BY_INVITE", dave.id, [], None),
        (5, "MEMBER_REMOVED", alice.id, [dave.id], None),
        (6, "ROLE_CHANGED", alice.id, [bob.id], "ADMIN"),
        (7, "TITLE_CHANGED", bob.id, [], "Crew"),
        (8, "DESCRIPTION_CHANGED", bob.id, [], "All"),
        (9, "PERMISSIONS_CHANGED", bob.id, [], "whoCanSend,slowModeSeconds"),
        (10, "DESCRIPTION_CHANGED", bob.id, [], None),
        (11, "OWNERSHIP_TRANSFERRED", alice.id, [bob.id], None),
    ]
    assert await notices(alice, group_id) == await notices(bob, group_id)


async def test_who_joins_sees_it_and_who_goes_does_not(alice, bob, carol):
    group_id = await create_group(alice, bob)
    cursors = await bob.cursor(), await carol.cursor()
    await alice.mutate(ADD, conversationId=group_id, userIds=[carol.id])
    await alice.mutate(REMOVE, conversationId=group_id, userId=bob.id)

    added, removed = (2, "MEMBERS_ADDED", alice.id, [carol.id], None), (3, "MEMBER_REMOVED", alice.id, [bob.id], None)
    assert await notices(carol, group_id) == [added, removed]
    async with carol.subscribe(RECEIVED, after=cursors[1]) as events:
        assert [told((await events.next())["message"]) for _ in range(2)] == [added, removed]
    again = await create_group(alice, bob)
    async with bob.subscribe(RECEIVED, after=cursors[0]) as events:
        assert [told((await events.next())["message"]) for _ in range(2)] == [
            added, (1, "CREATED", alice.id, [], "Team"),
        ]  # fmt: skip
    assert await notices(bob, again) == [(1, "CREATED", alice.id, [], "Team")]


async def test_live_as_replayed(alice, bob):
    group_id = await create_group(alice, bob)
    cursor = await bob.cursor()
    async with bob.subscribe(RECEIVED, after=cursor) as live:
        await alice.mutate(UPDATE, groupId=group_id, title="Crew")
        heard = await live.next()
    async with bob.subscribe(RECEIVED, after=cursor) as again:
        assert await again.next() == heard
    assert told(heard["message"]) == (2, "TITLE_CHANGED", alice.id, [], "Crew")


async def test_they_never_count_as_unread(alice, bob):
    group_id = await create_group(alice, bob)
    await alice.mutate(UPDATE, groupId=group_id, title="Crew")
    nothing = {"conversation": {"unreadCount": 0, "firstUnread": None}, "viewer": {"unread": {"messages": 0}}}
    for person in (alice, bob):
        assert await person.query(UNREAD, id=group_id) == nothing
    message = await send(alice, group_id)
    await alice.mutate(UPDATE, groupId=group_id, title="Team")

    assert await bob.query(UNREAD, id=group_id) == {
        "conversation": {"unreadCount": 1, "firstUnread": {"id": message["id"]}}, "viewer": {"unread": {"messages": 1}}
    }  # fmt: skip
    assert (await bob.query(STATE, id=group_id))["conversation"]["lastSeq"] == 4


async def test_what_changes_nothing_leaves_none(alice, bob):
    group_id = await create_group(alice, bob)
    await alice.mutate(ADD, conversationId=group_id, userIds=[bob.id])
    await alice.mutate(UPDATE, groupId=group_id, title="Team")
    await alice.mutate(SET_ROLE, conversationId=group_id, userId=bob.id, role="MEMBER")
    await alice.refused(REMOVE, conversationId=group_id, userId=alice.id)

    assert len(await notices(bob, group_id)) == 1


async def test_the_owner_leaves_two(alice, bob):
    group_id = await create_group(alice, bob)
    await alice.mutate(LEAVE, conversationId=group_id)

    assert (await notices(bob, group_id))[1:] == [
        (2, "MEMBER_LEFT", alice.id, [], None), (3, "OWNERSHIP_TRANSFERRED", alice.id, [bob.id], None),
    ]  # fmt: skip


async def test_readers_of_a_broadcast_see_none_of_each_other(alice, bob, carol):
    broadcast_id = await create_broadcast(alice, bob)
    await alice.mutate(ADD, conversationId=broadcast_id, userIds=[carol.id])
    await alice.mutate(REMOVE, conversationId=broadcast_id, userId=carol.id)
    await alice.mutate(UPDATE_BROADCAST, broadcastId=broadcast_id, title="Daily")

    assert await notices(bob, broadcast_id) == [
        (1, "CREATED", alice.id, [], "News"), (2, "TITLE_CHANGED", alice.id, [], "Daily"),
    ]  # fmt: skip


async def test_direct_conversations_begin_without(alice, bob):
    assert await notices(alice, await start_direct(alice, bob)) == []


async def test_numbers_stay_dense_whatever_happens_at_once(alice, bob, carol):
    group_id = await create_group(alice, bob, carol)
    await asyncio.gather(
        *(send(bob, group_id, f"{n}") for n in range(4)),
        *(alice.mutate(UPDATE, groupId=group_id, title=f"Team {n}") for n in range(4)),
        carol.mutate(LEAVE, conversationId=group_id),
    )

    nodes = (await alice.query(HISTORY, id=group_id))["conversation"]["messages"]["nodes"]
    assert [node["seq"] for node in nodes] == list(range(1, 11))


async def test_a_page_of_them_costs_what_one_does(alice, bob):
    group_id = await create_group(alice, bob)
    counts = []
    for more in (0, 12):
        for n in range(more):
            await alice.mutate(UPDATE, groupId=group_id, title=f"Team {n}")
        async with statements() as found:
            await bob.query(HISTORY, id=group_id)
        counts.append(len(found))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("after", ["message", "notice"])
async def test_only_a_message_takes_it_out_of_the_archive(alice, bob, after):
    from tests.conversations.own import change, listed

    group_id = await create_group(alice, bob)
    await change(bob, group_id, isArchived=True)
    await alice.mutate(UPDATE, groupId=group_id, title="Crew")
    if after == "message":
        await send(alice, group_id)

    assert await listed(bob) == ([group_id] if after == "message" else [])
