"""markUnread and markAllRead over the API: counts, events on the other device, and that nobody else notices."""

from __future__ import annotations

from tests.conversations.documents import LEAVE, create_group, stored, unknown_id
from tests.conversations.own import OWN_EVENTS, UNREAD, change, take
from tests.messages.documents import send, send_many

MARK_UNREAD = """
mutation MarkUnread($id: ID!, $from: Int!) {
  markUnread(input: {conversationId: $id, fromSeq: $from}) {
    errors { code field limit } conversation { id unreadCount firstUnread { seq } }
  }
}
"""
MARK_ALL = "mutation { markAllRead { errors { code } viewer { unread { badge messages conversations } } } }"
READ = """
mutation Read($id: ID!, $upTo: Int) {
  markRead(input: {conversationId: $id, upToSeq: $upTo}) { errors { code } updatedCount conversations { unreadCount } }
}
"""
MARKS = "query ($id: ID!) { conversation(id: $id) { readByAllSeq members { nodes { user { id } readSeq } } } }"


async def test_from_a_place_on(alice, bob):
    group = await create_group(alice, bob)
    await send_many(bob, group, 5)
    await send(alice, group)  # 7, and all is read
    await send(bob, group)  # 8
    await alice.mutate(READ, id=group)
    marks = await bob.query(MARKS, id=group)
    cursor, others = await alice.cursor(), await bob.cursor()

    payload = await alice.mutate(MARK_UNREAD, id=group, **{"from": 5})

    assert payload["conversation"] == {"id": group, "unreadCount": 3, "firstUnread": {"seq": 5}}, "her own left out"
    assert (await alice.query(UNREAD))["viewer"]["unread"]["badge"] == 3
    assert await bob.query(MARKS, id=group) == marks
    async with alice.subscribe(OWN_EVENTS, after=cursor) as events:
        (told,) = await take(events, 1)
        assert told["conversations"] == [{"id": group, "unreadCount": 3}]
        assert told["viewer"]["unread"] == {"badge": 3, "messages": 3}
    async with bob.subscribe(OWN_EVENTS, after=others) as events:
        assert (await events.next())["__typename"] == "CursorMoved"
    await send(bob, group)
    assert (await alice.query(UNREAD))["viewer"]["unread"]["messages"] == 4


async def test_reading_ends_it_as_far_as_it_goes(alice, bob):
    group = await create_group(alice, bob)
    await send_many(bob, group, 5)
    await alice.mutate(READ, id=group)
    await alice.mutate(MARK_UNREAD, id=group, **{"from": 3})

    assert (await alice.mutate(READ, id=group, upTo=2))["updatedCount"] == 0
    part = await alice.mutate(READ, id=group, upTo=4)
    assert (part["updatedCount"], part["conversations"]) == (2, [{"unreadCount": 2}])
    rest = await alice.mutate(READ, id=group)
    assert (rest["updatedCount"], rest["conversations"]) == (2, [{"unreadCount": 0}])
    await alice.mutate(MARK_UNREAD, id=group, **{"from": 6})
    await send(alice, group)
    assert (await alice.query(UNREAD))["viewer"]["unread"]["messages"] == 0, "who writes has read"


async def test_a_repeat_and_what_is_unread_anyway_change_nothing(alice, bob):
    group = await create_group(alice, bob)
    await send_many(bob, group, 3)
    cursor = await alice.cursor()
    assert (await alice.mutate(MARK_UNREAD, id=group, **{"from": 2}))["conversation"]["unreadCount"] == 3
    async with alice.subscribe(OWN_EVENTS, after=cursor) as events:
        assert (await events.next())["__typename"] == "CursorMoved"

    await alice.mutate(READ, id=group)
    assert (await alice.mutate(MARK_UNREAD, id=group, **{"from": -5}))["conversation"]["unreadCount"] == 3
    cursor = await alice.cursor()
    await alice.mutate(MARK_UNREAD, id=group, **{"from": 1})
    async with alice.subscribe(OWN_EVENTS, after=cursor) as events:
        assert (await events.next())["__typename"] == "CursorMoved"


async def test_refusals(alice, bob, carol, server):
    group = await create_group(alice, bob)
    await send_many(bob, group, 5)
    await alice.mutate(READ, id=group)
    before = await stored(group)
    messages = server.runtime.settings.messages
    most, messages.unread_from_most = messages.unread_from_most, 3
    try:
        (error,) = await alice.refused(MARK_UNREAD, id=group, **{"from": 2})
        assert error == {"code": "LIMIT_REACHED", "field": ["input", "fromSeq"], "limit": 3}
    finally:
        messages.unread_from_most = most
    for conversation_id in (group, unknown_id("cnv"), "nonsense"):
        assert [e["code"] for e in await carol.refused(MARK_UNREAD, id=conversation_id, **{"from": 1})] == ["NOT_FOUND"]
    assert await stored(group) == before
    await bob.mutate(LEAVE, conversationId=group)
    assert [e["code"] for e in await bob.refused(MARK_UNREAD, id=group, **{"from": 1})] == ["NOT_PARTICIPANT"]


async def test_all_at_once(alice, bob):
    groups = [await create_group(alice, bob) for _ in range(4)]
    for group in groups[:3]:
        await send(bob, group)
    await change(alice, groups[1], isArchived=True)
    await alice.mutate(READ, id=groups[2])
    await alice.mutate(MARK_UNREAD, id=groups[2], **{"from": 1})
    cursor, others = await alice.cursor(), await bob.cursor()

    payload = await alice.mutate(MARK_ALL)

    assert payload["viewer"]["unread"] == {"badge": 0, "messages": 0, "conversations": 0}
    async with alice.subscribe(OWN_EVENTS, after=cursor) as events:
        told = await events.until("UnreadChanged")
        assert sorted(c["id"] for c in told["conversations"]) == sorted(groups), "the last has a notice only"
        assert all(c["unreadCount"] == 0 for c in told["conversations"])
    async with bob.subscribe(OWN_EVENTS, after=others) as events:
        kinds = []
        while (event := await events.next())["__typename"] != "CursorMoved":
            kinds.append(event["__typename"])
    assert kinds == ["ReceiptChanged"] * 3, "what was read already is told to nobody"
    cursor = await alice.cursor()
    await alice.mutate(MARK_ALL)
    async with alice.subscribe(OWN_EVENTS, after=cursor) as events:
        assert (await events.next())["__typename"] == "CursorMoved"
