"""editMessage: what it does, who may, and that nobody sees the old text again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.core import db
from app.core.clock import now
from app.core.graphql.ids import decode_id
from app.messages import own_data
from tests.accounts.support import count
from tests.conversations.documents import LEAVE, create_group, start_direct
from tests.messages.changes import DELETE, EDIT, EVENTS, PIN, REACT, one
from tests.messages.documents import EVENTS as RECEIVED
from tests.messages.documents import SEND, message, send
from tests.messages.test_reactions import BLOCK, UNBLOCK


async def test_an_edit_replaces_text_and_mentions_and_keeps_what_was_said(alice, bob):
    chat = await start_direct(alice, bob)
    sent = await send(alice, chat, "one")
    mention = {"userId": bob.id, "offset": 3, "length": 3}
    first = (await alice.mutate(EDIT, id=sent["id"], text="  hi bob ", mentions=[{**mention, "offset": 5}]))["message"]
    assert (first["text"], first["seq"], first["viewerCanEdit"], first["viewerCanEditUntil"]) == (
        "hi bob",
        1,
        True,
        None,
    )
    assert first["mentions"] == [{"user": {"id": bob.id}, "offset": 3, "length": 3}]
    assert await count("message_mention", "message_id", decode_id("msg", sent["id"])) == 1
    second = (await alice.mutate(EDIT, id=sent["id"], text="three"))["message"]

    seen = await one(bob, sent["id"])
    assert [r["text"] for r in seen["revisions"]] == ["hi bob", "one"]
    assert seen["revisions"][0]["editedAt"] == first["editedAt"]
    assert (seen["text"], seen["editedAt"], seen["mentions"]) == ("three", second["editedAt"], [])
    assert not seen["viewerCanEdit"]
    assert await count("message_mention", "message_id", decode_id("msg", sent["id"])) == 0
    again = await send(alice, chat, "one", key=sent["clientMessageId"])
    assert (again["id"], again["text"]) == (sent["id"], "three")


async def test_the_same_text_changes_nothing(alice, bob):
    chat = await start_direct(alice, bob)
    sent = await send(alice, chat, "same")
    events = await count("event", "stream_id", decode_id("cnv", chat))
    shown = (await alice.mutate(EDIT, id=sent["id"], text=" same "))["message"]
    assert (shown["editedAt"], shown["revisions"]) == (None, [])
    assert await count("event", "stream_id", decode_id("cnv", chat)) == events


async def test_events_tell_of_it_and_replays_never_show_the_old_text(alice, bob):
    chat = await start_direct(alice, bob)
    mine, theirs = await alice.cursor(), await bob.cursor()
    async with alice.subscribe(EVENTS, after=mine) as one_, bob.subscribe(EVENTS, after=theirs) as other:
        sent = await send(alice, chat, "secret")
        for stream in (one_, other):
            assert (await stream.until("MessageReceived"))["message"]["text"] == "secret"
        await alice.mutate(EDIT, id=sent["id"], text="public")
        live = [await stream.until("MessageEdited") for stream in (one_, other)]
    assert live[0]["message"] == live[1]["message"]
    assert live[0]["message"]["text"] == "public"
    for person, cursor in ((alice, mine), (bob, theirs)):
        async with person.subscribe(EVENTS, after=cursor) as stream:
            received, edited = await stream.until("MessageReceived"), await stream.until("MessageEdited")
        assert received["message"] == edited["message"] == live[0]["message"]
        async with person.subscribe(RECEIVED, after=cursor) as stream:  # another selection: from the kept row
            assert (await stream.until("MessageReceived"))["message"]["text"] == "public"


async def test_who_left_does_not_see_what_it_said_later(alice, bob):
    group = await create_group(alice, bob)
    cursor = await bob.cursor()
    sent = await send(alice, group, "first")
    await alice.mutate(EDIT, id=sent["id"], text="second")
    await bob.mutate(LEAVE, conversationId=group)
    await alice.mutate(EDIT, id=sent["id"], text="third")
    async with bob.subscribe(EVENTS, after=cursor) as stream:
        received, edited = await stream.until("MessageReceived"), await stream.until("MessageEdited")
        assert received["message"]["text"] == edited["message"]["text"] == "second"
        assert edited["message"]["revisions"] == [{"text": "first"}]
        assert (await stream.until("CursorMoved"))["kind"] == "CURSOR_MOVED"


async def test_who_left_has_it_in_their_copy_as_it_was(alice, bob):
    group = await create_group(alice, bob)
    sent = await send(alice, group, "first")
    await alice.mutate(EDIT, id=sent["id"], text="second")
    await bob.mutate(LEAVE, conversationId=group)
    await alice.mutate(EDIT, id=sent["id"], text="third")
    for person, said in ((alice, "third"), (bob, "second")):
        lines = [line async for line in own_data._messages(decode_id("usr", person.id))]
        assert [line["text"] for line in lines if line["id"] == sent["id"]] == [said]


async def test_what_somebody_blocked_edits_says_another_thing_to_them_alone(alice, bob):
    chat = await start_direct(alice, bob)
    seen = await send(bob, chat, "seen")
    await bob.mutate(EDIT, id=seen["id"], text="seen twice")
    await alice.mutate(BLOCK, id=bob.id)
    hidden = await send(bob, chat, "hidden")
    cursor, own_cursor = await alice.cursor(), await bob.cursor()
    for text in ("look at me", "look at me!"):
        await bob.mutate(EDIT, id=seen["id"], text=text)
        await bob.mutate(EDIT, id=hidden["id"], text=text)
    await alice.mutate(UNBLOCK, id=bob.id)
    await bob.mutate(EDIT, id=seen["id"], text="and now")

    at_bob, at_alice = await one(bob, seen["id"]), await one(alice, seen["id"])
    assert [at_bob["text"], [r["text"] for r in at_bob["revisions"]]] == [
        "and now", ["look at me!", "look at me", "seen twice", "seen"],
    ]  # fmt: skip
    assert at_bob["viewerCanEdit"]
    assert [at_alice["text"], [r["text"] for r in at_alice["revisions"]]] == ["seen twice", ["seen"]]
    await _refused(alice, "NOT_FOUND", id=hidden["id"], text="mine")
    async with alice.subscribe(EVENTS, after=cursor) as stream:
        assert [e["__typename"] for e in await stream.take(2)] == ["BlockChanged", "CursorMoved"]
    async with bob.subscribe(EVENTS, after=own_cursor) as stream:
        said = [(await stream.next())["message"]["text"] for _ in range(5)]
        assert said == ["and now", "look at me!", "and now", "look at me!", "and now"]


async def test_whoever_blocks_adds_nothing_to_what_both_see(alice, bob):
    chat = await start_direct(alice, bob)
    sent, cursor = await send(alice, chat, "mine"), await bob.cursor()
    await alice.mutate(BLOCK, id=bob.id)
    shown = await one(alice, sent["id"])
    assert not shown["viewerCanEdit"]
    assert not shown["viewerCanReact"]
    assert not shown["viewerCanPin"]
    await _refused(alice, "FORBIDDEN", id=sent["id"], text="yours")
    for document, more in ((REACT, {"emoji": "👍"}), (PIN, {})):
        (error,) = await alice.refused(document, id=sent["id"], **more)
        assert error["code"] == "FORBIDDEN"
    assert (await one(alice, sent["id"])) == shown
    async with bob.subscribe(EVENTS, after=cursor) as stream:
        assert (await stream.next())["__typename"] == "CursorMoved"


async def test_a_message_request_is_answered_first(alice, bob):
    chat = await start_direct(alice, bob)
    sent = await send(alice, chat)
    await db.execute(
        "UPDATE member SET is_request = $1 WHERE conversation_id = $2 AND user_id = $3",
        True, decode_id("cnv", chat), decode_id("usr", bob.id),
    )  # fmt: skip
    shown = await one(bob, sent["id"])
    assert not shown["viewerCanReact"]
    assert not shown["viewerCanPin"]
    for document, more in ((REACT, {"emoji": "👍"}), (PIN, {})):
        (error,) = await bob.refused(document, id=sent["id"], **more)
        assert error["code"] == "FORBIDDEN"
    await bob.mutate(DELETE, id=sent["id"], scope="FOR_ME")


async def test_events_of_changes_are_rendered_once_for_all(server, alice, bob):
    hub, group = server.runtime.hub, await create_group(alice, bob)
    sent = await send(alice, group)
    cursors = [await alice.cursor(), await bob.cursor()]
    async with alice.subscribe(EVENTS, after=cursors[0]) as mine, bob.subscribe(EVENTS, after=cursors[1]) as theirs:
        for stream in (mine, theirs):
            await stream.until("CursorMoved")
        before = hub.executions - hub.shared_executions
        await bob.mutate(REACT, id=sent["id"], emoji="👍")
        await alice.mutate(EDIT, id=sent["id"], text="other")
        await alice.mutate(PIN, id=sent["id"])
        await alice.mutate(DELETE, id=sent["id"], scope="FOR_EVERYONE")
        for stream in (mine, theirs):
            assert (await stream.until("MessageDeleted"))["tombstone"]["text"] is None
    assert hub.executions - hub.shared_executions == before


async def _refused(person, expected, **variables):
    (error,) = await person.refused(EDIT, **variables)
    assert error["code"] == expected
    return error


async def test_refusals_change_nothing(alice, bob, carol):
    group = await create_group(alice, bob)
    sent = await send(alice, group, "mine")
    notice = await send(alice, group, "gone")
    await alice.mutate(DELETE, id=notice["id"], scope="FOR_EVERYONE")
    before = await one(alice, sent["id"])

    await _refused(bob, "NOT_OWNER", id=sent["id"], text="theirs")
    await _refused(carol, "NOT_FOUND", id=sent["id"], text="theirs")
    await _refused(alice, "NOT_FOUND", id="msg_nonsense", text="x")
    await _refused(alice, "CONTENT_EMPTY", id=sent["id"], text="  ")
    await _refused(alice, "CONTENT_EMPTY", id=sent["id"])
    assert (await _refused(alice, "TOO_LONG", id=sent["id"], text="x" * 10_001))["limit"] == 10_000
    await _refused(alice, "FORBIDDEN", id=notice["id"], text="again")
    stranger = {"userId": carol.id, "offset": 0, "length": 1}
    error = await _refused(alice, "NOT_FOUND", id=sent["id"], text="hello", mentions=[stranger])
    assert error["field"] == ["input", "mentions", "0", "userId"]
    await bob.mutate(LEAVE, conversationId=group)
    await _refused(bob, "NOT_PARTICIPANT", id=sent["id"], text="theirs")

    assert await one(alice, sent["id"]) == before


@pytest.mark.parametrize("passed", [False, True])
async def test_a_window_ends(server, alice, bob, passed, monkeypatch):
    monkeypatch.setattr(server.runtime.settings.messages, "edit_window_seconds", 60)
    limits = (await alice.query("{ limits { editWindowSeconds deleteWindowSeconds } }"))["limits"]
    assert limits == {"editWindowSeconds": 60, "deleteWindowSeconds": None}
    chat = await start_direct(alice, bob)
    sent = await send(alice, chat, "one")
    written = now() - timedelta(seconds=61 if passed else 30)
    await db.execute("UPDATE message SET created_at = $1 WHERE id = $2", written, decode_id("msg", sent["id"]))
    shown = await one(alice, sent["id"])
    assert shown["viewerCanEdit"] is not passed
    assert shown["viewerCanEditUntil"] is not None
    if passed:
        assert (await _refused(alice, "EDIT_WINDOW_PASSED", id=sent["id"], text="two"))["limit"] == 60
    else:
        await alice.mutate(EDIT, id=sent["id"], text="two")


async def test_edits_are_counted(server, alice, bob, monkeypatch):
    monkeypatch.setattr(server.runtime.settings.messages, "edits_per_message", 2)
    sent = await send(alice, await start_direct(alice, bob), "0")
    for n in (1, 2):
        await alice.mutate(EDIT, id=sent["id"], text=str(n))
    assert (await _refused(alice, "LIMIT_REACHED", id=sent["id"], text="3"))["limit"] == 2


async def test_a_message_sent_under_the_same_id_is_still_a_repeat(alice, bob):
    chat = await start_direct(alice, bob)
    item = message(chat, "original")
    sent = (await alice.mutate(SEND, input=item))["message"]
    await alice.mutate(EDIT, id=sent["id"], text="other")
    assert (await alice.mutate(SEND, input=item))["message"]["id"] == sent["id"]
