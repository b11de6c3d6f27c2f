"""What was missed, read from the log by the page: the same as event by event, each message as it is now."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.graphql.ids import decode_id
from app.messages.missed import load_missed
from tests.client import Person
from tests.conversations.documents import REMOVE, create_group, start_direct
from tests.messages.changes import DELETE, EDIT
from tests.messages.documents import send, send_many
from tests.messages.test_delete_message import expire
from tests.running import Server
from tests.statements import statements

EVENTS = """subscription Events($after: Cursor, $kinds: [EventKind!]) { events(after: $after, kinds: $kinds) {
  __typename cursor kind occurredAt
  ... on MessageReceived { message { id seq text createdAt editedAt deletedAt sender { id displayName }
    conversation { id title } } } } }"""
UNREAD = """subscription($after: Cursor) { events(after: $after) { __typename ... on MessageReceived { message {
  seq conversation { id unreadCount lastSeq } } } } }"""


async def missed(person: Person, after: str, document: str = EVENTS, **more: Any) -> list[dict[str, Any]]:
    """All events up to the one that says that everything was handed over."""
    events = []
    async with person.subscribe(document, after=after, **more) as stream:
        while (event := await stream.next())["__typename"] != "CursorMoved":
            events.append(event)
    return events


def forget(server: Server) -> None:
    """As after a restart: nothing comes from memory, and nothing is rendered."""
    hub = server.runtime.hub
    hub.recent.restart(hub.follower.vector)
    hub.texts._kept.clear()
    hub.texts.bytes = 0


@pytest.fixture
def few(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of seven rows."""
    monkeypatch.setattr(server.runtime.hub.settings, "page", 7)


async def test_each_message_as_it_is_now(server, alice, bob, carol):
    chat, group = await start_direct(alice, bob), await create_group(alice, bob, carol)
    cursor = await bob.cursor()
    plain, edited, deleted, mine, fleeting, gone = [await send(alice, chat, str(n)) for n in range(6)]
    await send(carol, group, "of carol")
    await alice.mutate(EDIT, id=edited["id"], text="edited")
    await alice.mutate(DELETE, id=deleted["id"], scope="FOR_EVERYONE")
    await bob.mutate(DELETE, id=mine["id"], scope="FOR_ME")
    await expire(fleeting, 3600)
    await expire(gone)
    forget(server)

    events = [e for e in await missed(bob, cursor) if e["__typename"] == "MessageReceived"]
    shown = {e["message"]["id"]: e["message"] for e in events}
    assert [shown[m["id"]]["text"] for m in (plain, edited, deleted, fleeting)] == ["0", "edited", None, "4"]
    assert [m["id"] in shown for m in (mine, gone)] == [False, False]
    assert shown[deleted["id"]]["deletedAt"] is not None
    assert shown[edited["id"]]["editedAt"] is not None
    assert shown[plain["id"]]["sender"] == {"id": alice.id, "displayName": "Alice"}
    assert shown[plain["id"]]["conversation"] == {"id": chat, "title": "Alice"}
    (of_carol,) = [m for m in shown.values() if m["conversation"]["id"] == group]
    assert (of_carol["text"], of_carol["sender"]["displayName"]) == ("of carol", "Carol")
    others = {e["message"]["id"] for e in await missed(alice, cursor) if "message" in e}
    assert others == {m["id"] for m in (plain, edited, deleted, mine, fleeting)} | {of_carol["id"]}, "alice sees hers"


async def test_the_same_as_live_in_the_same_order(server, few, alice, bob, carol):
    chats = [await start_direct(alice, bob), await create_group(alice, bob), await create_group(carol, bob)]
    cursor = await bob.cursor()
    live = []
    async with bob.subscribe(EVENTS, after=cursor, kinds=["MESSAGE_RECEIVED"]) as stream:
        for n in range(40):
            await send(carol if n % 3 == 2 else alice, chats[n % 3], str(n))
            live.append(await stream.until("MessageReceived"))
    forget(server)
    replayed = await missed(bob, cursor, kinds=["MESSAGE_RECEIVED", "CURSOR_MOVED"])
    assert [e["message"] for e in replayed] == [e["message"] for e in live]
    for place in (0, 6, 7, 20, 38):  # from the middle of any page
        forget(server)
        rest = await missed(bob, replayed[place]["cursor"], kinds=["MESSAGE_RECEIVED", "CURSOR_MOVED"])
        assert [e["message"]["text"] for e in rest] == [str(n) for n in range(place + 1, 40)]


async def test_nothing_after_a_removal(server, few, alice, bob):
    group = await create_group(alice, bob)
    cursor = await bob.cursor()
    await send_many(alice, group, 10)
    await alice.mutate(REMOVE, conversationId=group, userId=bob.id)
    await send_many(alice, group, 10)
    forget(server)
    events = await missed(bob, cursor)
    assert len([e for e in events if "message" in e and e["message"]["text"]]) == 10
    assert events[-1]["kind"] == "CONVERSATION_REMOVED"


async def test_what_depends_on_the_viewer_is_each_ones_own(server, alice, bob, carol):
    group = await create_group(alice, bob, carol)
    cursors = [await bob.cursor(), await carol.cursor()]
    await send_many(alice, group, 12)
    await carol.mutate(
        "mutation($id: ID!) { markRead(input: {conversationId: $id}) { errors { code } } }", id=group
    )  # fmt: skip
    forget(server)
    for person, cursor, unread in ((bob, cursors[0], 12), (carol, cursors[1], 0)):
        events = [e for e in await missed(person, cursor, UNREAD) if "message" in e]
        assert {e["message"]["conversation"]["unreadCount"] for e in events} == {unread}


async def test_statements_do_not_grow_with_the_messages(server, alice, bob):
    chat, group = await start_direct(alice, bob), await create_group(alice, bob)

    async def asked(count: int) -> int:
        sent = [await send(alice, where, str(n)) for n in range(count) for where in (chat, group)]
        places = [(decode_id("cnv", m["conversation"]["id"]), decode_id("msg", m["id"])) for m in sent]
        async with statements() as found:
            missed = await load_missed(places)
        assert [one.message.text for one in missed] == [str(n) for n in range(count) for _ in range(2)]
        return len(found)

    assert [await asked(1), await asked(30)] == [2, 2]
