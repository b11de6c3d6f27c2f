"""Message.receipts: whom it reached and when, what stays private, and that times are honest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.core import db
from app.core.clock import now
from app.core.graphql.ids import decode_id
from app.messages.message_receipts import trim_receipt_marks
from tests.conversations.documents import ADD, create_broadcast, create_group, start_direct
from tests.conversations.own import CLEAR, DELETE
from tests.messages.documents import send
from tests.statements import statements

RECEIPTS = """
query Receipts($id: ID!, $first: Int = 50, $after: String) {
  message(id: $id) { deliveryState receipts(first: $first, after: $after) {
    nodes { id user { id } state deliveredAt readAt } edges { cursor } pageInfo { hasNextPage endCursor }
  } }
}
"""
READ = "mutation ($id: ID!) { markRead(input: {conversationId: $id}) { errors { code } updatedCount } }"
DELIVERED = """mutation ($id: ID!, $seq: Int!) {
  markDelivered(input: {marks: [{conversationId: $id, upToSeq: $seq}]}) { errors { code } } }"""
SWITCH = "mutation ($on: Boolean!) { updatePrivacy(input: {readReceipts: $on}) { errors { code } } }"
BLOCK = "mutation ($id: ID!) { blockUser(input: {userId: $id}) { errors { code } } }"
UNBLOCK = "mutation ($id: ID!) { unblockUser(input: {userId: $id}) { errors { code } } }"


async def receipts(person, message_id):
    """User id → (state, whether a time of delivery, of reading, is known)."""
    nodes = (await person.query(RECEIPTS, id=message_id))["message"]["receipts"]["nodes"]
    return {n["user"]["id"]: (n["state"], n["deliveredAt"] is not None, n["readAt"] is not None) for n in nodes}


async def test_they_follow_the_marks(alice, bob, carol):
    group = await create_group(alice, bob, carol)
    first = await send(alice, group)
    second = await send(alice, group)
    began = datetime.now(UTC)
    await bob.mutate(DELIVERED, id=group, seq=first["seq"])
    assert await receipts(alice, first["id"]) == {
        bob.id: ("DELIVERED", True, False), carol.id: ("SENT", False, False)
    }  # fmt: skip
    assert (await receipts(alice, second["id"]))[bob.id] == ("SENT", False, False)
    before = (await alice.query(RECEIPTS, id=first["id"]))["message"]["receipts"]["nodes"]

    await bob.mutate(READ, id=group)
    await carol.mutate(READ, id=group)

    nodes = (await alice.query(RECEIPTS, id=first["id"]))["message"]["receipts"]["nodes"]
    assert [n["state"] for n in nodes] == ["READ", "READ"]
    times = {n["user"]["id"]: (n["deliveredAt"], n["readAt"]) for n in nodes}
    assert times[bob.id][0] == next(n["deliveredAt"] for n in before if n["user"]["id"] == bob.id), "it stays"
    assert all(began <= datetime.fromisoformat(at) <= datetime.now(UTC) for pair in times.values() for at in pair)
    assert await receipts(bob, first["id"]) == await receipts(carol, first["id"])
    third = await send(alice, group)
    await bob.mutate(READ, id=group)
    after = (await alice.query(RECEIPTS, id=first["id"]))["message"]["receipts"]["nodes"]
    assert after == nodes, "reading on moves no time of before"
    assert (await receipts(alice, third["id"]))[bob.id] == ("READ", True, True)


async def test_newcomers_and_the_sender_are_not_among_them(alice, bob, carol):
    group = await create_group(alice, bob)
    message = await send(alice, group)
    await alice.mutate(ADD, conversationId=group, userIds=[carol.id])

    assert set(await receipts(alice, message["id"])) == {bob.id}
    assert set(await receipts(alice, (await send(bob, group))["id"])) == {alice.id, carol.id}


async def test_reading_is_private_where_either_says_so(alice, bob, carol):
    group = await create_group(alice, bob, carol)
    message = await send(alice, group)
    await bob.mutate(SWITCH, on=False)
    for person in (bob, carol):
        await person.mutate(READ, id=group)

    assert await receipts(alice, message["id"]) == {
        bob.id: ("DELIVERED", True, False), carol.id: ("READ", True, True)
    }  # fmt: skip
    assert await receipts(bob, message["id"]) == {
        bob.id: ("READ", True, True), carol.id: ("DELIVERED", True, False)
    }  # fmt: skip
    rows = await db.rows(
        "SELECT r.is_read FROM receipt_mark r JOIN member m ON m.id = r.member_id WHERE m.user_id = $1",
        decode_id("usr", bob.id),
    )
    assert [bool(row["is_read"]) for row in rows] == [False], "when they read is not even kept"


async def test_who_blocks_is_seen_as_before(alice, bob):
    chat = await start_direct(alice, bob)
    seen = await send(alice, chat)
    await bob.mutate(BLOCK, id=alice.id)
    hidden = await send(alice, chat)
    await bob.mutate(READ, id=chat)
    assert await receipts(alice, seen["id"]) == {bob.id: ("SENT", False, False)}
    assert await receipts(alice, hidden["id"]) == {bob.id: ("SENT", False, False)}

    await bob.mutate(UNBLOCK, id=alice.id)
    later = await send(alice, chat)
    await bob.mutate(READ, id=chat)

    assert await receipts(alice, later["id"]) == {bob.id: ("READ", True, True)}
    assert await receipts(alice, hidden["id"]) == {bob.id: ("SENT", False, False)}, "it never reached them"


async def test_clearing_is_not_reading(alice, bob):
    chat = await start_direct(alice, bob)
    message = await send(alice, chat)
    await bob.mutate(CLEAR, id=chat)
    assert await receipts(alice, message["id"]) == {bob.id: ("SENT", False, False)}
    await bob.mutate(DELETE, id=chat)

    data = (await alice.query(RECEIPTS, id=message["id"]))["message"]
    assert data["deliveryState"] == "SENT"
    assert data["receipts"]["nodes"][0]["state"] == "SENT"


async def test_readers_of_a_broadcast_learn_of_nobody(alice, bob, carol):
    news = await create_broadcast(alice, bob, carol)
    message = await send(alice, news)
    await bob.mutate(READ, id=news)

    assert (await receipts(alice, message["id"]))[bob.id] == ("READ", True, True)
    assert await receipts(carol, message["id"]) == {}


async def test_times_are_forgotten_states_are_not(alice, bob):
    group = await create_group(alice, bob)
    message = await send(alice, group)
    await bob.mutate(READ, id=group)
    key = decode_id("msg", message["id"])
    assert await trim_receipt_marks() == 0

    await db.execute("UPDATE message SET created_at = $1 WHERE id = $2", now() - timedelta(days=31), key)
    await db.execute("UPDATE member SET joined_at = $1", now() - timedelta(days=40))

    assert await receipts(alice, message["id"]) == {bob.id: ("READ", False, False)}


async def test_old_marks_are_trimmed(alice, bob):
    from uuid import UUID

    group = await create_group(alice, bob)
    at = int((now() - timedelta(days=31)).timestamp() * 1000)
    old = UUID(int=at << 80 | 7 << 76 | 2 << 62 | 1)
    await db.execute(
        "INSERT INTO receipt_mark (id, member_id, is_read, seq, created_at) SELECT $1, id, $2, 1, $3 FROM member"
        " WHERE conversation_id = $4 AND user_id = $5",
        old, True, now(), decode_id("cnv", group), decode_id("usr", bob.id),
    )  # fmt: skip

    assert await trim_receipt_marks() == 1
    assert await db.rows("SELECT id FROM receipt_mark WHERE id = $1", old) == []


async def test_pages_and_statements(alice, bob, carol, person):
    others = [bob, carol, await person("dave"), await person("erin")]
    group = await create_group(alice, *others)
    messages = [await send(alice, group) for _ in range(8)]
    seen, after = [], None
    while True:
        page = (await alice.query(RECEIPTS, id=messages[0]["id"], first=3, after=after))["message"]["receipts"]
        seen += [node["user"]["id"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert sorted(seen) == sorted(p.id for p in others)

    document = """query ($id: ID!, $last: Int) { conversation(id: $id) { messages(last: $last) { nodes {
      receipts(first: 10) { nodes { state readAt user { displayName } } } } } } }"""
    counts = []
    for last in (1, 8):
        await alice.query(document, id=group, last=last)
        async with statements() as made:
            await alice.query(document, id=group, last=last)
        counts.append(len(made))
    assert counts[0] == counts[1], made


async def test_strangers_see_nothing(alice, bob, carol):
    message = await send(alice, await create_group(alice, bob))

    assert (await carol.query(RECEIPTS, id=message["id"]))["message"] is None
