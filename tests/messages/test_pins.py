"""pinMessage and saveMessage: lists, limits, times, and who hears of it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from app.core import db
from app.core.clock import now
from app.core.graphql.ids import decode_id
from app.core.runtime import enter
from app.messages.pins import sweep_pins
from tests.accounts.support import count
from tests.conversations.documents import LEAVE, create_group, start_direct
from tests.messages.changes import DELETE, EVENTS, PIN, PINNED, SAVE, SAVED, UNPIN, UNSAVE, one
from tests.messages.documents import send
from tests.messages.test_reactions import BLOCK, UNBLOCK


async def pinned(person, chat, **args):
    found = (await person.query(PINNED, id=chat, **args))["conversation"]["pinnedMessages"]
    return [node["id"] for node in found["nodes"]], found["pageInfo"]


async def pin_events(chat):
    found = await db.rows(
        "SELECT payload FROM event WHERE stream_id = $1 AND kind = 'MESSAGE_PINNED' ORDER BY position",
        decode_id("cnv", chat),
    )
    return [row["payload"]["isPinned"] for row in found]


async def test_pins_are_everybodys_last_first_in_pages(alice, bob):
    chat = await start_direct(alice, bob)
    sent = [await send(alice, chat, str(n)) for n in range(4)]
    cursor = await bob.cursor()
    for message in sent[:3]:
        await bob.mutate(PIN, id=message["id"])
    async with bob.subscribe(EVENTS, after=cursor) as stream:
        event = await stream.until("MessagePinned")
    assert (event["pinned"], event["message"]["isPinned"], event["actor"]) == (True, True, {"id": bob.id})
    ids = [m["id"] for m in sent]
    assert (await pinned(alice, chat))[0] == [ids[2], ids[1], ids[0]]
    first, info = await pinned(alice, chat, first=2)
    assert (first, info["hasNextPage"]) == ([ids[2], ids[1]], True)
    assert (await pinned(alice, chat, first=2, after=info["endCursor"]))[0] == [ids[0]]
    await alice.mutate(PIN, id=ids[0])
    await alice.mutate(UNPIN, id=ids[1])
    await alice.mutate(UNPIN, id=ids[1])
    await alice.mutate(UNPIN, id=ids[3])
    assert await pin_events(chat) == [True] * 3 + [False]
    assert not (await one(bob, ids[1]))["isPinned"]
    await alice.mutate(DELETE, id=ids[2], scope="FOR_EVERYONE")
    await alice.mutate(DELETE, id=ids[0], scope="FOR_ME")
    assert (await pinned(alice, chat))[0] == []
    assert (await pinned(bob, chat))[0] == [ids[0]]


async def test_a_pin_ends(alice, bob):
    chat = await start_direct(alice, bob)
    sent = await send(alice, chat)
    await alice.mutate(PIN, id=sent["id"], seconds=60)
    await alice.mutate(PIN, id=sent["id"], seconds=120)
    key = decode_id("msg", sent["id"])
    until = (await db.row("SELECT expires_at FROM pin WHERE message_id = $1", key))["expires_at"]
    assert timedelta(seconds=100) < until - now() < timedelta(seconds=121)
    await db.execute("UPDATE pin SET expires_at = $1 WHERE message_id = $2", now() - timedelta(seconds=1), key)
    assert not (await one(bob, sent["id"]))["isPinned"]
    assert (await pinned(bob, chat))[0] == []
    await asyncio.gather(sweep_pins(), sweep_pins())
    assert await count("pin", "message_id", key) == 0
    assert await pin_events(chat) == [True, True, False]
    for seconds in (0, 366 * 86400 + 1):
        (error,) = await alice.refused(PIN, id=sent["id"], seconds=seconds)
        assert (error["code"], error["field"]) == ("INVALID", ["input", "forSeconds"])


async def test_who_may_pin_and_how_many(server, alice, bob, carol, monkeypatch):
    monkeypatch.setattr(server.runtime.settings.messages, "pins_per_conversation", 1)
    group = await create_group(alice, bob)
    one_, other = await send(bob, group), await send(bob, group)
    assert not (await one(bob, one_["id"]))["viewerCanPin"]
    for person, code in ((bob, "FORBIDDEN"), (carol, "NOT_FOUND")):
        for document in (PIN, UNPIN):
            (error,) = await person.refused(document, id=one_["id"])
            assert error["code"] == code
    assert (await one(alice, one_["id"]))["viewerCanPin"]
    await alice.mutate(PIN, id=one_["id"])
    (error,) = await alice.refused(PIN, id=other["id"])
    assert (error["code"], error["limit"]) == ("LIMIT_REACHED", 1)
    await alice.mutate(DELETE, id=one_["id"], scope="FOR_EVERYONE")
    (error,) = await alice.refused(PIN, id=one_["id"])
    assert error["code"] == "FORBIDDEN"
    await alice.mutate(PIN, id=other["id"])
    await bob.mutate(LEAVE, conversationId=group)
    (error,) = await bob.refused(PIN, id=other["id"])
    assert error["code"] == "NOT_PARTICIPANT"


async def test_saved_messages_are_ones_own(server, alice, bob, carol, monkeypatch):
    chat, group = await start_direct(alice, bob), await create_group(carol, bob)
    sent = [await send(alice, chat, "1"), await send(carol, group, "2"), await send(alice, chat, "3")]
    cursor = await bob.cursor()
    for message in [*sent, sent[0]]:
        assert (await bob.mutate(SAVE, id=message["id"]))["message"]["viewerHasSaved"]
    assert not (await one(alice, sent[0]["id"]))["viewerHasSaved"]
    async with bob.subscribe(EVENTS, after=cursor) as stream:
        events = [await stream.until("MessageSaved") for _ in range(3)]
    assert [(e["message"]["text"], e["isSaved"]) for e in events] == [("1", True), ("2", True), ("3", True)]
    page = (await bob.query(SAVED, first=2))["viewer"]["savedMessages"]
    assert ([n["text"] for n in page["nodes"]], page["pageInfo"]["hasNextPage"]) == (["3", "2"], True)
    rest = (await bob.query(SAVED, first=2, after=page["pageInfo"]["endCursor"]))["viewer"]["savedMessages"]
    assert [n["text"] for n in rest["nodes"]] == ["1"]
    await bob.mutate(UNSAVE, id=sent[2]["id"])
    await bob.mutate(UNSAVE, id=sent[2]["id"])
    await bob.mutate(LEAVE, conversationId=group)
    page = (await bob.query(SAVED))["viewer"]["savedMessages"]
    assert [n["text"] for n in page["nodes"]] == ["1"]
    assert await count("event", "kind", "MESSAGE_SAVED") >= 4
    (error,) = await carol.refused(SAVE, id=sent[0]["id"])
    assert error["code"] == "NOT_FOUND"
    monkeypatch.setattr(server.runtime.settings.messages, "saved_messages", 2)
    await bob.mutate(SAVE, id=sent[0]["id"])
    (error,) = await bob.refused(SAVE, id=sent[2]["id"])
    assert (error["code"], error["limit"]) == ("LIMIT_REACHED", 2)


async def test_what_somebody_blocked_pins_is_pinned_for_them_alone(alice, bob):
    chat = await start_direct(alice, bob)
    first, second = [(await send(alice, chat, str(n)))["id"] for n in range(2)]
    await bob.mutate(PIN, id=second)
    await alice.mutate(BLOCK, id=bob.id)
    cursor, own_cursor = await alice.cursor(), await bob.cursor()
    hidden = (await send(bob, chat, "hidden"))["id"]
    for id_ in (first, hidden):
        await bob.mutate(PIN, id=id_)
    assert (await pinned(bob, chat))[0] == [hidden, first, second]
    assert (await pinned(alice, chat))[0] == [second]
    assert not (await one(alice, first))["isPinned"]
    await alice.mutate(UNBLOCK, id=bob.id)
    assert (await pinned(alice, chat))[0] == [second]
    await alice.mutate(UNPIN, id=first)
    assert (await one(bob, first))["isPinned"]
    await bob.mutate(UNPIN, id=hidden)
    await bob.mutate(PIN, id=hidden)
    async with alice.subscribe(EVENTS, after=cursor) as stream:
        assert [event["__typename"] for event in await stream.take(2)] == ["BlockChanged", "CursorMoved"]

    await alice.mutate(PIN, id=first)
    sql = "UPDATE pin SET expires_at = $1 WHERE conversation_id = $2"
    await db.execute(sql, now() - timedelta(1), decode_id("cnv", chat))
    enter(alice.server.runtime)
    await sweep_pins()
    assert (await pinned(bob, chat))[0] == []
    async with alice.subscribe(EVENTS, after=cursor, kinds=["MESSAGE_PINNED"]) as stream:
        told = [(e["message"]["id"], e["pinned"]) for e in await stream.take(3)]
        assert sorted(told) == sorted([(first, True), (first, False), (second, False)])
        assert (await stream.next())["__typename"] == "CursorMoved"
    async with bob.subscribe(EVENTS, after=own_cursor, kinds=["MESSAGE_PINNED"]) as stream:
        events = [event["message"]["id"] for event in await stream.take(8)]
        assert sorted(events) == sorted([first] * 3 + [hidden] * 4 + [second])


async def test_hidden_pins_expire_for_whose_they_are_alone(alice, bob):
    chat = await start_direct(alice, bob)
    sent = await send(alice, chat)
    await alice.mutate(BLOCK, id=bob.id)
    cursors = [await person.cursor() for person in (alice, bob)]
    await bob.mutate(PIN, id=sent["id"], seconds=60)
    past = now() - timedelta(1)
    await db.execute("UPDATE pin SET expires_at = $1 WHERE message_id = $2", past, decode_id("msg", sent["id"]))
    enter(alice.server.runtime)
    await sweep_pins()
    for person, cursor, count_ in zip((alice, bob), cursors, (0, 2), strict=True):
        async with person.subscribe(EVENTS, after=cursor, kinds=["MESSAGE_PINNED"]) as stream:
            events = await stream.take(count_ + 1)  # the last may have been heard after catching up
            assert sorted(e["__typename"] for e in events) == ["CursorMoved"] + ["MessagePinned"] * count_


@pytest.mark.parametrize("scope", ["FOR_EVERYONE", "FOR_ME"])
async def test_saving_races_with_deleting(alice, bob, scope):
    """Whichever is first: what is deleted is in nobody's list, not even unseen."""
    chat = await start_direct(alice, bob)
    ids = [(await send(bob, chat, str(n)))["id"] for n in range(10)]
    document = SAVE.replace("errors { code field limit }", "errors { code }")

    async def both(message_id: str) -> None:
        await asyncio.gather(
            bob.query(DELETE, id=message_id, scope=scope), *(bob.query(document, id=message_id) for _ in range(3))
        )

    await asyncio.gather(*(both(message_id) for message_id in ids))

    rows = await db.rows(
        "SELECT message_id FROM saved_message WHERE message_id = ANY($1::uuid[])",
        [decode_id("msg", id_) for id_ in ids],
    )
    assert rows == []
