"""deleteMessage for everyone and for oneself, and messages that disappear."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from app.core import db
from app.core.clock import now
from app.core.graphql.ids import decode_id
from app.messages.disappearing import sweep_messages
from tests.accounts.support import count
from tests.conversations.documents import LEAVE, create_group, start_direct
from tests.messages.changes import DELETE, EDIT, EVENTS, PIN, PINNED, REACT, SAVE, SAVED, one
from tests.messages.documents import PAGE, SEND, STATE, message, send

ROLE = """mutation($conversationId: ID!, $userId: ID!) {
  setMemberRole(input: {conversationId: $conversationId, userId: $userId, role: ADMIN}) { errors { code } } }"""


def key(message_id):
    return decode_id("msg", message_id)


async def texts(person, chat):
    found = await person.query(PAGE, id=chat)
    return [node["text"] for node in found["conversation"]["messages"]["nodes"]]


async def decorated(alice, bob, chat):
    """A message with everything that goes with its content."""
    sent = await send(alice, chat, "secret", mentions=[{"userId": bob.id, "offset": 0, "length": 1}])
    await alice.mutate(EDIT, id=sent["id"], text="secret 2", mentions=[{"userId": bob.id, "offset": 0, "length": 1}])
    await bob.mutate(REACT, id=sent["id"], emoji="👍")
    await alice.mutate(PIN, id=sent["id"])
    await bob.mutate(SAVE, id=sent["id"])
    return sent


BESIDE = ("message_revision", "message_mention", "reaction", "pin", "saved_message")


async def beside(sent):
    return [await count(table, "message_id", key(sent["id"])) for table in BESIDE]


async def test_for_everyone_erases_all_and_leaves_a_tombstone(alice, bob):
    chat = await start_direct(alice, bob)
    cursor = await bob.cursor()
    sent = await decorated(alice, bob, chat)
    answer = await send(bob, chat, "answer", replyToId=sent["id"])
    assert await beside(sent) == [1] * 5
    async with bob.subscribe(EVENTS, after=cursor) as stream:
        await stream.until("MessageSaved")
        payload = await alice.mutate(DELETE, id=sent["id"], scope="FOR_EVERYONE")
        live = await stream.until("MessageDeleted")

    tombstone = payload["message"]
    assert (tombstone["seq"], tombstone["text"], tombstone["deletedAt"] is not None) == (1, None, True)
    assert (tombstone["revisions"], tombstone["reactions"], tombstone["mentions"]) == ([], [], [])
    assert not any(tombstone[name] for name in tombstone if name.startswith("viewer") or name == "isPinned")
    assert (payload["removedMessageId"], payload["conversation"]["id"]) == (None, chat)
    assert await beside(sent) == [0] * 5
    stored = await db.row("SELECT text, details FROM message WHERE id = $1", key(sent["id"]))
    assert (stored["text"], stored["details"]) == (None, None)
    assert (live["scope"], live["removedMessageId"], live["actor"]) == ("FOR_EVERYONE", None, {"id": alice.id})
    assert (live["messageId"], live["seq"], live["tombstone"]["text"]) == (sent["id"], 1, None)
    assert await texts(bob, chat) == [None, None, "answer"], "the pin's notice stays"
    (_, _, node) = (await bob.query(PAGE, id=chat))["conversation"]["messages"]["nodes"]
    assert (node["id"], node["replyTo"]) == (answer["id"], {"id": sent["id"], "text": None})
    assert (await bob.query(SAVED))["viewer"]["savedMessages"]["nodes"] == []
    async with bob.subscribe(EVENTS, after=cursor) as stream:
        replayed = [await stream.next()]
        while replayed[-1]["__typename"] != "MessageDeleted":
            replayed.append(await stream.next())
    assert "secret" not in str(replayed)
    assert {key_: value for key_, value in replayed[-1].items() if key_ != "cursor"} == {
        key_: value for key_, value in live.items() if key_ != "cursor"
    }


async def test_again_changes_nothing_and_tells_nobody(alice, bob):
    chat = await start_direct(alice, bob)
    sent = [await send(alice, chat, str(n)) for n in range(2)]
    first = [await alice.mutate(DELETE, id=sent[0]["id"], scope="FOR_EVERYONE"),
             await alice.mutate(DELETE, id=sent[1]["id"], scope="FOR_ME")]  # fmt: skip
    before = await count("event", "stream_id", decode_id("cnv", chat)), await count("event", "kind", "MESSAGE_DELETED")
    again = [await alice.mutate(DELETE, id=sent[0]["id"], scope="FOR_EVERYONE"),
             await alice.mutate(DELETE, id=sent[1]["id"], scope="FOR_ME")]  # fmt: skip
    for name in ("message", "removedMessageId"):
        assert [payload[name] for payload in again] == [payload[name] for payload in first]
    after = await count("event", "stream_id", decode_id("cnv", chat)), await count("event", "kind", "MESSAGE_DELETED")
    assert after == before


async def test_for_me_is_seen_by_own_devices_alone(alice, bob):
    chat = await start_direct(alice, bob)
    sent = [await send(alice, chat, str(n)) for n in (1, 2)]
    answer = await send(alice, chat, "answer", replyToId=sent[1]["id"])
    await bob.mutate(SAVE, id=sent[1]["id"])
    cursors = {p.id: await p.cursor() for p in (alice, bob)}
    events = await count("event", "stream_id", decode_id("cnv", chat))
    async with bob.subscribe(EVENTS, after=cursors[bob.id]) as stream:
        payload = await bob.mutate(DELETE, id=sent[1]["id"], scope="FOR_ME")
        live = await stream.until("MessageDeleted")

    assert (payload["message"], payload["removedMessageId"]) == (None, sent[1]["id"])
    assert payload["conversation"]["unreadCount"] == 2
    assert (live["scope"], live["removedMessageId"], live["tombstone"]) == ("FOR_ME", sent[1]["id"], None)
    assert live["conversation"] == {"id": chat}
    assert await count("event", "stream_id", decode_id("cnv", chat)) == events
    assert await texts(bob, chat) == ["1", "answer"]
    assert await texts(alice, chat) == ["1", "2", "answer"]
    assert await one(bob, sent[1]["id"]) is None
    assert (await bob.query(SAVED))["viewer"]["savedMessages"]["nodes"] == []
    assert (await bob.query(PAGE, id=chat))["conversation"]["messages"]["nodes"][1]["replyTo"] is None
    (error,) = await bob.refused(SEND, input=message(chat, replyToId=sent[1]["id"]))
    assert error["code"] == "NOT_FOUND"
    await bob.mutate(DELETE, id=answer["id"], scope="FOR_ME")
    assert (await bob.query(STATE, id=chat))["conversation"]["lastMessage"]["text"] == "1"
    assert (await alice.query(STATE, id=chat))["conversation"]["lastMessage"]["text"] == "answer"


async def test_replays_leave_out_what_the_viewer_deleted(alice, bob):
    chat = await start_direct(alice, bob)
    cursors = {p.id: await p.cursor() for p in (alice, bob)}
    async with bob.subscribe(EVENTS, after=cursors[bob.id]) as stream:  # its rendering is kept
        sent = await send(alice, chat, "secret")
        assert (await stream.until("MessageReceived"))["message"]["text"] == "secret"
    await bob.mutate(DELETE, id=sent["id"], scope="FOR_ME")
    await alice.mutate(EDIT, id=sent["id"], text="edited")
    await alice.mutate(DELETE, id=sent["id"], scope="FOR_EVERYONE")
    await send(alice, chat, "last")
    seen = {}
    for person in (alice, bob):
        async with person.subscribe(EVENTS, after=cursors[person.id]) as stream:
            seen[person.id] = [await stream.next()]
            while (seen[person.id][-1].get("message") or {}).get("text") != "last":
                seen[person.id].append(await stream.next())
    assert sorted(e["__typename"] for e in seen[bob.id] if e["__typename"].startswith("Message")) == [
        "MessageDeleted", "MessageReceived"
    ]  # fmt: skip
    assert [e["__typename"] for e in seen[alice.id] if e["__typename"].startswith("Message")] == [
        "MessageReceived", "MessageEdited", "MessageDeleted", "MessageReceived"
    ]  # fmt: skip


async def test_who_may(alice, bob, carol, person):
    stranger, group = await person("stranger"), await create_group(alice, bob, carol)
    mine, theirs = await send(alice, group, "of the owner"), await send(bob, group, "of bob")
    assert not (await one(carol, theirs["id"]))["viewerCanDeleteForEveryone"]
    for who, code in ((carol, "NOT_OWNER"), (stranger, "NOT_FOUND")):
        (error,) = await who.refused(DELETE, id=theirs["id"], scope="FOR_EVERYONE")
        assert error["code"] == code
    (error,) = await stranger.refused(DELETE, id=theirs["id"], scope="FOR_ME")
    assert error["code"] == "NOT_FOUND"
    assert (await one(alice, theirs["id"]))["viewerCanDeleteForEveryone"]
    await alice.mutate(DELETE, id=theirs["id"], scope="FOR_EVERYONE")
    await alice.mutate(ROLE, conversationId=group, userId=carol.id)
    await carol.mutate(DELETE, id=mine["id"], scope="FOR_EVERYONE")
    await bob.mutate(LEAVE, conversationId=group)
    for scope in ("FOR_ME", "FOR_EVERYONE"):
        (error,) = await bob.refused(DELETE, id=mine["id"], scope=scope)
        assert error["code"] == "NOT_PARTICIPANT"


async def test_in_a_direct_conversation_each_deletes_their_own(alice, bob):
    chat = await start_direct(alice, bob)
    sent = await send(alice, chat)
    (error,) = await bob.refused(DELETE, id=sent["id"], scope="FOR_EVERYONE")
    assert error["code"] == "NOT_OWNER"


async def test_a_window_binds_authors_but_not_the_staff(server, alice, bob, monkeypatch):
    monkeypatch.setattr(server.runtime.settings.messages, "delete_window_seconds", 60)
    group = await create_group(alice, bob)
    sent = await send(bob, group)
    await db.execute(
        "UPDATE message SET created_at = $1 WHERE id = $2", now() - timedelta(seconds=61), key(sent["id"])
    )  # fmt: skip
    assert not (await one(bob, sent["id"]))["viewerCanDeleteForEveryone"]
    (error,) = await bob.refused(DELETE, id=sent["id"], scope="FOR_EVERYONE")
    assert error["code"] == "EDIT_WINDOW_PASSED"
    await alice.mutate(DELETE, id=sent["id"], scope="FOR_EVERYONE")


async def test_at_once_deletes_announce_once(alice, bob):
    group = await create_group(alice, bob)
    sent = await send(bob, group)
    before = await count("event", "stream_id", decode_id("cnv", group))
    await asyncio.gather(*(p.mutate(DELETE, id=sent["id"], scope="FOR_EVERYONE") for p in (alice, bob) * 3))
    await asyncio.gather(*(bob.mutate(DELETE, id=sent["id"], scope="FOR_ME") for _ in range(3)))
    assert await count("event", "stream_id", decode_id("cnv", group)) == before + 1
    assert await count("deleted_message", "message_id", key(sent["id"])) == 1


# ── disappearing ──────────────────────────────────────────────────────────────────────────────────


async def expire(sent, seconds=-1):
    await db.execute(
        "UPDATE message SET expires_at = $1 WHERE id = $2", now() + timedelta(seconds=seconds), key(sent["id"])
    )


async def test_what_disappears_is_gone_at_once_and_then_swept(alice, bob):
    chat = await start_direct(alice, bob)
    cursors = {p.id: await p.cursor() for p in (alice, bob)}
    sent = await decorated(alice, bob, chat)
    later = await send(alice, chat, "later")
    await expire(sent)
    await expire(later, 3600)

    for person in (alice, bob):  # before the sweep
        assert await texts(person, chat) == [None, "later"], "the pin's notice stays"
        assert await one(person, sent["id"]) is None
        assert (await person.query(PINNED, id=chat))["conversation"]["pinnedMessages"]["nodes"] == []
    assert (await bob.query(SAVED))["viewer"]["savedMessages"]["nodes"] == []
    (error,) = await bob.refused(REACT, id=sent["id"], emoji="👍")
    assert error["code"] == "NOT_FOUND"
    assert await beside(sent) == [1] * 5
    assert await sweep_messages() >= 1
    assert await beside(sent) == [0] * 5
    assert (await db.row("SELECT text FROM message WHERE id = $1", key(sent["id"])))["text"] is None
    await sweep_messages()

    for person in (alice, bob):
        async with person.subscribe(EVENTS, after=cursors[person.id]) as stream:
            gone = await stream.until("MessageDeleted")
            assert (gone["removedMessageId"], gone["tombstone"], gone["actor"]) == (sent["id"], None, None)
            assert gone["scope"] == "FOR_EVERYONE"
            assert (await stream.until("CursorMoved"))["kind"] == "CURSOR_MOVED"
    assert await texts(bob, chat) == [None, "later"]
    assert (await one(bob, later["id"]))["expiresAt"] is not None
    kinds = await db.rows(
        "SELECT kind FROM event WHERE stream_id = $1 AND kind = 'MESSAGE_DELETED'", decode_id("cnv", chat)
    )
    assert len(kinds) == 1


async def test_a_rendering_of_what_disappears_is_not_kept(alice, bob):
    chat = await start_direct(alice, bob)
    sent = await send(alice, chat, "before")
    await expire(sent, 3600)
    cursor = await bob.cursor()
    await alice.mutate(EDIT, id=sent["id"], text="short-lived")
    async with bob.subscribe(EVENTS, after=cursor) as stream:
        assert (await stream.until("MessageEdited"))["message"]["text"] == "short-lived"
    await expire(sent)  # nobody has swept yet
    async with bob.subscribe(EVENTS, after=cursor) as stream:
        assert (await stream.next())["__typename"] == "CursorMoved"


async def test_a_tombstone_no_longer_disappears(alice, bob):
    chat = await start_direct(alice, bob)
    sent = await send(alice, chat)
    await expire(sent, 3600)
    shown = (await alice.mutate(DELETE, id=sent["id"], scope="FOR_EVERYONE"))["message"]
    assert shown["expiresAt"] is None
    assert (await one(bob, sent["id"])) == shown


@pytest.mark.parametrize("workers", [2])
async def test_sweeps_at_once_announce_once(alice, bob, workers):
    chat = await start_direct(alice, bob)
    for n in range(5):
        await expire(await send(alice, chat, str(n)))
    await asyncio.gather(*(sweep_messages() for _ in range(workers)))
    found = await db.rows(
        "SELECT payload FROM event WHERE stream_id = $1 AND kind = 'MESSAGE_DELETED'", decode_id("cnv", chat)
    )
    assert sorted(row["payload"]["seq"] for row in found) == [1, 2, 3, 4, 5]
