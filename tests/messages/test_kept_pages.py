"""The newest page of a conversation is read once and kept, and is always what the database holds: for everybody there,
whatever happens meanwhile. `node` reads its pages afresh, so it tells what a page has to say."""

from __future__ import annotations

import asyncio

import pytest

from app.accounts.loaders import load_people
from app.core import db, log
from app.core.clock import now
from app.core.executor.selection import Selection
from app.core.graphql.ids import decode_id
from app.messages.kept_pages import Checked, KeptPages
from app.messages.marks import Standing
from app.messages.reactions import forget_reactions
from tests.accounts.support import user_uuid
from tests.contacts.documents import BLOCK, UNBLOCK
from tests.conversations.documents import ADD, REMOVE, create_group, start_direct
from tests.messages.changes import DELETE, EDIT, REACT, UNREACT
from tests.messages.documents import READ, send, send_many
from tests.presence.documents import until
from tests.statements import statements

CLEAR = "mutation($id: ID!) { clearHistory(input: {conversationId: $id}) { errors { code } } }"
NAME = "mutation($name: String!) { updateProfile(input: {displayName: $name}) { errors { code } } }"
TIMER = """mutation($id: ID!, $seconds: Int) {
  setDisappearingTimer(input: {conversationId: $id, seconds: $seconds}) { errors { code } } }"""
MESSAGES = """messages(last: $n) { edges { cursor node {
    id seq text editedAt deletedAt createdAt deliveryState sender { id username displayName }
    reactions { emoji count viewerHasReacted } } }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }"""
TEXTS = "messages(last: $n) { edges { node { text reactions { emoji count } } } }"
PAGE = f"query($id: ID!, $n: Int) {{ conversation(id: $id) {{ {MESSAGES} }} }}"
PLAIN = "query($id: ID!, $n: Int) { conversation(id: $id) { messages(last: $n) { nodes { id text sender { id } } } } }"
AFRESH = f"query($id: ID!, $n: Int) {{ node(id: $id) {{ ... on Conversation {{ {MESSAGES} }} }} }}"


@pytest.fixture(autouse=True)
def _executed_often(monkeypatch):
    """As documents of real clients are: messages that are kept remember then what all have in common."""
    monkeypatch.setattr(Selection, "often", 10)


async def page(person, chat, n=20):
    """What the page says, three times over: read, kept, and kept with those who sent it."""
    wanted = (await person.query(AFRESH, id=chat, n=n))["node"]["messages"]
    for _ in range(3):
        assert (await person.query(PAGE, id=chat, n=n))["conversation"]["messages"] == wanted
    return [edge["node"] for edge in wanted["edges"]]


async def cost(person, chat, n=20):
    """How many statements the page takes."""
    async with statements() as ran:
        await person.query(PLAIN, id=chat, n=n)
    return len([text for text in ran if " FROM " in text])


@pytest.fixture
async def chat(alice, bob):
    """A group in which both have written and reacted, its page read by both."""
    group = await create_group(alice, bob)
    await send_many(alice, group, 5)
    mine = await send(bob, group, "bob's")
    for person in (alice, bob):
        await person.mutate(REACT, id=mine["id"], emoji="👍")
        await page(person, group)
    return group


async def newest(person, chat):
    return (await page(person, chat))[-1]


async def test_who_opens_it_next_reads_no_message(alice, bob, chat):
    assert await cost(alice, chat) == await cost(bob, chat) == 1
    assert await cost(alice, chat, n=2) == 1, "a part of what is kept"
    assert await cost(alice, chat, n=1) == 1
    await alice.mutate(READ, conversationId=chat)
    assert await cost(bob, chat) == 1, "a receipt changes no page"
    await send(alice, chat, "another")
    assert await cost(bob, chat) > 1


async def test_pages_that_are_not_the_newest_are_read(alice, bob, chat):
    await send_many(alice, chat, 60)
    for n in (50, 100):
        assert len(await page(alice, chat, n=n)) == min(n, 67)
    assert len(await page(bob, chat, n=70)) == 67


@pytest.mark.parametrize("by", ["author", "reader"])
async def test_everything_that_happens_is_seen_at_once(alice, bob, chat, by):
    author, reader = (bob, alice) if by == "reader" else (alice, bob)
    sent = await send(author, chat, "before")
    assert (await newest(reader, chat))["text"] == "before"
    await author.mutate(EDIT, id=sent["id"], text="after")
    assert [(await newest(p, chat))["text"] for p in (alice, bob)] == ["after", "after"]
    await reader.mutate(REACT, id=sent["id"], emoji="🎉")
    groups = [(await newest(p, chat))["reactions"] for p in (author, reader)]
    assert groups == [[{"emoji": "🎉", "count": 1, "viewerHasReacted": mine}] for mine in (False, True)]
    await reader.mutate(UNREACT, id=sent["id"], emoji="🎉")
    await reader.mutate(READ, conversationId=chat)
    assert [(await newest(p, chat))["reactions"] for p in (alice, bob)] == [[], []]
    assert (await newest(author, chat))["deliveryState"] == "READ"
    await author.query(NAME, name="Somebody Else")
    assert [(await newest(p, chat))["sender"]["displayName"] for p in (alice, bob)] == ["Somebody Else"] * 2
    await author.query(DELETE, id=sent["id"], scope="FOR_EVERYONE")
    assert [(await newest(p, chat))["text"] for p in (alice, bob)] == [None, None]


async def test_what_is_for_one_alone_is_told_to_nobody_else(alice, bob):
    direct = await start_direct(alice, bob)
    sent = await send(alice, direct, "for both")
    await send(bob, direct, "an answer")
    for person in (alice, bob):
        await page(person, direct)
    await bob.query(DELETE, id=sent["id"], scope="FOR_ME")
    assert len(await page(alice, direct)) == len(await page(bob, direct)) + 1
    await bob.query(BLOCK, userId=alice.id)
    await alice.mutate(EDIT, id=sent["id"], text="for alice's eyes")
    await alice.mutate(REACT, id=sent["id"], emoji="👍")
    hidden = await send(alice, direct, "hidden")
    for first, second in ((alice, bob), (bob, alice)):
        await page(first, direct)
        await page(second, direct)
    assert (await newest(alice, direct))["id"] == hidden["id"]
    assert (await newest(bob, direct))["text"] == "an answer"
    await bob.query(UNBLOCK, userId=alice.id)
    await send(alice, direct, "seen again")
    assert (await newest(bob, direct))["text"] == (await newest(alice, direct))["text"] == "seen again"


async def test_each_sees_from_their_joining_on(alice, bob, carol, chat):
    await alice.query(ADD, conversationId=chat, userIds=[carol.id])
    await send(bob, chat, "carol is here")
    for person in (carol, alice, bob, carol):
        await page(person, chat)
    assert len(await page(carol, chat)) < len(await page(alice, chat))
    await alice.query(CLEAR, id=chat)
    assert await page(alice, chat) == []
    assert len(await page(bob, chat)) > 5
    await alice.query(REMOVE, conversationId=chat, userId=carol.id)
    assert (await carol.query(PAGE, id=chat, n=20))["conversation"] is None


async def test_what_disappears_is_not_kept(alice, bob):
    direct = await start_direct(alice, bob)
    await alice.query(TIMER, id=direct, seconds=3600)
    sent = await send(alice, direct, "for an hour")
    assert (await newest(bob, direct))["id"] == sent["id"]
    sql = "UPDATE message SET expires_at = $1 WHERE id = $2"
    await db.execute(sql, now(), decode_id("msg", sent["id"]))
    assert sent["id"] not in [node["id"] for node in await page(bob, direct)]


async def test_reactions_of_a_deleted_account_go(alice, bob, chat):
    assert (await newest(alice, chat))["reactions"][0]["count"] == 2
    cursor = await alice.cursor()
    assert await forget_reactions(user_uuid(bob), 100) == 1
    assert (await newest(alice, chat))["reactions"][0]["count"] == 1
    document = """subscription($after: Cursor) { events(after: $after) { __typename
      ... on ReactionChanged { emoji added message { reactions { count } } } } }"""
    async with alice.subscribe(document, after=cursor) as stream:
        told = await stream.until("ReactionChanged")
    assert told == {
        "__typename": "ReactionChanged", "emoji": "👍", "added": False, "message": {"reactions": [{"count": 1}]},
    }  # fmt: skip
    assert await forget_reactions(user_uuid(bob), 100) == 0


async def test_what_is_kept_is_bounded(server, alice, bob, chat, monkeypatch):
    monkeypatch.setattr("app.messages.kept_pages.PAGES", 2)
    kept = server.runtime.part(KeptPages)
    kept._pages.clear()
    chats = [chat, *[await create_group(alice, bob) for _ in range(3)]]
    for one in chats:
        await page(alice, one)
    assert len(kept._pages) == 2
    assert await cost(alice, chats[-1]) == 1
    assert await cost(alice, chat) > 1
    monkeypatch.setattr("app.messages.kept_pages._TEXT", 5)
    await send(alice, chats[-1], "a longer text")
    await page(alice, chats[-1])
    assert await cost(alice, chats[-1]) > 1


async def test_what_an_operation_read_before_is_not_kept_as_newer(server, alice, bob, chat):
    """Two fields of a document have the same page: one reads it, then a message changes, then the other is let in."""
    if not db.is_postgres():
        return  # reads wait for nobody there
    sent = await send(alice, chat, "before")
    key, kept = decode_id("cnv", chat), server.runtime.part(KeptPages)
    document = f"""query($id: ID!, $n: Int) {{ one: conversation(id: $id) {{ {TEXTS} }}
      other: conversation(id: $id) {{ readByAllSeq {TEXTS} }} }}"""
    locked, done = asyncio.Event(), asyncio.Event()

    async def hold() -> None:  # what only the other one's statement reads
        async with db.begin():
            await db.execute("LOCK TABLE privacy_settings IN ACCESS EXCLUSIVE MODE")
            locked.set()
            await done.wait()

    holding = asyncio.create_task(hold())
    await locked.wait()
    kept._pages.pop(key, None)
    reading = asyncio.create_task(bob.query(document, id=chat, n=20))
    await until(lambda: key in kept._pages)
    async with log.transaction():
        id_ = decode_id("msg", sent["id"])
        await db.execute("UPDATE message SET text = 'after' WHERE id = $1", id_)
        log.record(log.NewEvent(key, "MESSAGE_EDITED", {"messageId": str(id_), "seq": sent["seq"]}))
    done.set()
    await holding
    assert (await reading)["other"]["messages"]["edges"][-1]["node"]["text"] == "after"
    assert (await newest(bob, chat))["text"] == (await newest(alice, chat))["text"] == "after"


async def test_a_name_that_went_and_came_back(server, alice, bob, chat):
    """What names people is of the moment they were read, not of one before."""
    key, pages = decode_id("cnv", chat), server.runtime.part(KeptPages)
    kept, named = pages._pages[key], (await newest(alice, chat))["sender"]["displayName"]
    _, before = await load_people([*kept.senders])
    kept.people = "others"
    await bob.query(NAME, name="For a moment")
    standing = Standing(key, user_uuid(alice), 1, kept.messages[-1].seq, 0)
    assert await pages.find(standing, 2, Checked(kept.label, before, has_gone=False)) is kept
    await bob.query(NAME, name=named)
    assert (await newest(alice, chat))["sender"]["displayName"] == named


async def test_what_the_log_forgets_soon_is_kept_no_longer(server, alice, bob, chat, monkeypatch):
    """Without an event, a conversation looks the same before and after one that was forgotten."""
    monkeypatch.setattr(server.runtime.settings.hub, "retention_seconds", 0)
    await send(alice, chat)
    assert await cost(bob, chat) == await cost(alice, chat) > 1
