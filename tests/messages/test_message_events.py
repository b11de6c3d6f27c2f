"""Messages, receipts and counts as they arrive over the API, live and after a cursor."""

from __future__ import annotations

from tests.conversations.documents import create_group, start_direct
from tests.messages.documents import DELIVERED, EVENTS, READ, RECEIVED, send, send_many


async def test_everybody_gets_a_message_also_its_sender(alice, bob):
    chat = await start_direct(alice, bob)
    from_alice, from_bob = await alice.cursor(), await bob.cursor()

    async with (
        alice.subscribe(EVENTS, after=from_alice) as mine,
        bob.subscribe(EVENTS, after=from_bob) as theirs,
    ):
        sent = await send(alice, chat, "hi", key="k")
        for stream, unread in ((mine, 0), (theirs, 1)):
            event = await stream.until("MessageReceived")
            assert event["kind"] == "MESSAGE_RECEIVED"
            assert event["message"] == {
                "id": sent["id"], "seq": 1, "text": "hi", "clientMessageId": "k", "sender": {"id": alice.id},
                "conversation": {"id": chat, "unreadCount": unread},
            }  # fmt: skip


async def test_what_was_missed_comes_first_and_once(alice, bob):
    chat = await start_direct(alice, bob)
    cursor = await bob.cursor()
    await send_many(alice, chat, 30)

    async with bob.subscribe(EVENTS, after=cursor, kinds=["MESSAGE_RECEIVED"]) as stream:
        got = [await stream.until("MessageReceived") for _ in range(30)]
        await send(alice, chat, "live")
        got.append(await stream.until("MessageReceived"))

    assert [event["message"]["seq"] for event in got] == list(range(1, 32))
    async with bob.subscribe(EVENTS, after=got[9]["cursor"]) as stream:
        assert (await stream.until("MessageReceived"))["message"]["seq"] == 11


async def test_one_conversation_can_be_followed_alone(alice, bob, carol):
    chat, other = await start_direct(alice, bob), await start_direct(alice, carol)
    cursor = await alice.cursor()

    async with alice.subscribe(RECEIVED, after=cursor, conversationId=chat) as stream:
        await send(carol, other, "elsewhere")
        await send(bob, chat, "here")
        event = await stream.next()

    assert event["message"] == {"seq": 1, "text": "here", "sender": {"id": bob.id, "displayName": "Bob"}}


async def test_reading_reaches_the_sender_and_ones_other_devices(alice, bob):
    chat = await start_direct(alice, bob)
    await send(alice, chat)
    from_alice, from_bob = await alice.cursor(), await bob.cursor()

    async with (
        alice.subscribe(EVENTS, after=from_alice) as mine,
        bob.subscribe(EVENTS, after=from_bob) as theirs,
    ):
        await bob.mutate(DELIVERED, marks=[{"conversationId": chat, "upToSeq": 1}])
        ticks = (await mine.until("ReceiptChanged"))["conversation"]
        assert ticks == {"id": chat, "deliveredToAllSeq": 1, "readByAllSeq": 0}
        await bob.mutate(READ, conversationId=chat)
        event = await mine.until("ReceiptChanged")
        assert event["conversation"]["readByAllSeq"] == 1
        assert event["member"] == {"user": {"id": bob.id}, "readSeq": 1}
        counts = await theirs.until("UnreadChanged")

    assert counts["conversations"] == [{"id": chat, "unreadCount": 0}]
    assert counts["viewer"]["unread"]["messages"] == 0


async def test_marks_of_a_foreign_conversation_are_not_found_and_announced_to_nobody(alice, bob, carol):
    group = await create_group(alice, bob)
    await send(alice, group)
    cursor = await alice.cursor()

    (error,) = await carol.refused(DELIVERED, marks=[{"conversationId": group, "upToSeq": 1}])
    assert (error["code"], error["field"]) == ("NOT_FOUND", ["input", "marks", "0", "conversationId"])
    (error,) = await carol.refused(READ, conversationId=group)
    assert (error["code"], error["field"]) == ("NOT_FOUND", ["input", "conversationId"])

    async with alice.subscribe(EVENTS, after=cursor) as stream:
        await send(bob, group, "next")
        first = await stream.next()
        while first["__typename"] == "CursorMoved":
            first = await stream.next()
        assert first["__typename"] == "MessageReceived"
