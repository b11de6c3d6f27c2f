"""addReaction and removeReaction: emoji, limits, who sees them, and what a page of them costs."""

from __future__ import annotations

import asyncio

import pytest

from app.core.graphql.ids import decode_id
from app.messages import own_lists, reactions
from tests.accounts.support import count
from tests.conversations.documents import LEAVE, create_group, start_direct
from tests.messages.changes import DELETE, EVENTS, REACT, SAVE, UNREACT, one
from tests.messages.documents import send, send_many
from tests.statements import statements

BLOCK = "mutation($id: ID!) { blockUser(input: {userId: $id}) { errors { code } } }"
UNBLOCK = "mutation($id: ID!) { unblockUser(input: {userId: $id}) { errors { code } } }"
KINDS = "😀😃😄😁😆😅🤣😂🙂🙃😉😊😇🥰😍🤩😘😗😚😙"
FAMILY = "👨‍👩‍👧‍👦"
PAGE = """query($id: ID!, $n: Int) { conversation(id: $id) { messages(last: $n) { nodes {
  reactions { emoji count viewerHasReacted users(first: 2) { nodes { username } } }
  isPinned viewerHasSaved viewerCanEdit viewerCanReact viewerCanPin viewerCanDeleteForEveryone revisions { text }
} } } }"""


async def events_of(chat):
    return await count("event", "stream_id", decode_id("cnv", chat))


async def groups(person, sent):
    return [(g["emoji"], g["count"], g["viewerHasReacted"]) for g in (await one(person, sent["id"]))["reactions"]]


@pytest.mark.parametrize("few", [20, 1])
async def test_several_people_and_emoji(alice, bob, carol, monkeypatch, few):
    monkeypatch.setattr(reactions, "_FEW", few)  # people who are read with an emoji: the others are asked for
    group = await create_group(alice, bob, carol)
    sent = await send(alice, group)
    for person, emoji in ((alice, "👍"), (bob, FAMILY), (bob, "👍"), (carol, "👍"), (carol, "🏴󠁧󠁢󠁥󠁮󠁧󠁿")):
        await person.mutate(REACT, id=sent["id"], emoji=emoji)
    assert await groups(bob, sent) == [("👍", 3, True), (FAMILY, 1, True), ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", 1, False)]
    (first, *_) = (await one(bob, sent["id"]))["reactions"]
    assert first["users"] == {"nodes": [{"id": p.id} for p in (alice, bob, carol)], "totalCount": 3}
    shown = (await bob.mutate(UNREACT, id=sent["id"], emoji="👍"))["message"]
    assert next((g["emoji"], g["count"]) for g in shown["reactions"]) == ("👍", 2)
    await bob.mutate(UNREACT, id=sent["id"], emoji=FAMILY)
    assert await groups(bob, sent) == [("👍", 2, False), ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", 1, False)]


async def test_repeats_change_nothing(alice, bob):
    chat = await start_direct(alice, bob)
    sent = await send(alice, chat)
    await asyncio.gather(*(bob.mutate(REACT, id=sent["id"], emoji="👍") for _ in range(5)))
    await bob.mutate(UNREACT, id=sent["id"], emoji="❤️")
    assert await events_of(chat) == 3  # the conversation, the message, one reaction
    await asyncio.gather(*(bob.mutate(UNREACT, id=sent["id"], emoji="👍") for _ in range(5)))
    assert await events_of(chat) == 4
    assert await groups(bob, sent) == []


async def test_events_are_live_as_replayed(alice, bob):
    chat = await start_direct(alice, bob)
    cursor = await alice.cursor()
    sent = await send(alice, chat)
    async with alice.subscribe(EVENTS, after=cursor, kinds=["REACTION_CHANGED"]) as stream:
        await bob.mutate(REACT, id=sent["id"], emoji="👍")
        added = await stream.until("ReactionChanged")
        await bob.mutate(UNREACT, id=sent["id"], emoji="👍")
        removed = await stream.until("ReactionChanged")
    assert (added["emoji"], added["added"], added["actor"]) == ("👍", True, {"id": bob.id})
    assert added["message"]["reactions"] == [{"emoji": "👍", "count": 1}]
    assert (removed["added"], removed["message"]["reactions"]) == (False, [])
    async with alice.subscribe(EVENTS, after=cursor, kinds=["REACTION_CHANGED"]) as stream:
        assert [(await stream.until("ReactionChanged"))["added"] for _ in range(2)] == [True, False]


@pytest.mark.parametrize("emoji", ["", "a", "👍👍", " 👍", "<3", ":smile:", "👍" * 40], ids=range(7))
async def test_only_one_emoji(alice, bob, emoji):
    sent = await send(alice, await start_direct(alice, bob))
    for document in (REACT, UNREACT):
        (error,) = await bob.refused(document, id=sent["id"], emoji=emoji)
        assert (error["code"], error["field"]) == ("INVALID", ["input", "emoji"])


async def test_kinds_are_limited_not_people(alice, bob):
    chat = await start_direct(alice, bob)
    sent = await send(alice, chat)
    for emoji in KINDS:
        await alice.mutate(REACT, id=sent["id"], emoji=emoji)
    before = await events_of(chat)
    (error,) = await bob.refused(REACT, id=sent["id"], emoji="👍")
    assert (error["code"], error["limit"], await events_of(chat)) == ("LIMIT_REACHED", 20, before)
    await bob.mutate(REACT, id=sent["id"], emoji=KINDS[3])
    assert (await alice.query("{ limits { reactionKindsPerMessage } }"))["limits"] == {"reactionKindsPerMessage": 20}


async def test_who_may_not(alice, bob, carol):
    group = await create_group(alice, bob)
    sent, gone = await send(alice, group), await send(alice, group)
    await alice.mutate(DELETE, id=gone["id"], scope="FOR_EVERYONE")
    assert not (await one(bob, gone["id"]))["viewerCanReact"]
    for person, target, code in ((carol, sent, "NOT_FOUND"), (bob, gone, "FORBIDDEN")):
        (error,) = await person.refused(REACT, id=target["id"], emoji="👍")
        assert error["code"] == code
    await bob.mutate(LEAVE, conversationId=group)
    for document in (REACT, UNREACT):
        (error,) = await bob.refused(document, id=sent["id"], emoji="👍")
        assert error["code"] == "NOT_PARTICIPANT"
    assert await count("reaction", "message_id", decode_id("msg", sent["id"])) == 0


async def test_nothing_of_somebody_blocked_reaches_the_blocker(alice, bob):
    chat = await start_direct(alice, bob)
    sent = await send(alice, chat)
    await alice.mutate(BLOCK, id=bob.id)
    cursors = [await p.cursor() for p in (alice, bob)]
    await bob.mutate(REACT, id=sent["id"], emoji="👍")
    assert await groups(bob, sent) == [("👍", 1, True)]
    assert await groups(alice, sent) == []
    await alice.mutate(UNBLOCK, id=bob.id)
    assert await groups(alice, sent) == []
    await bob.mutate(UNREACT, id=sent["id"], emoji="👍")
    await alice.mutate(REACT, id=sent["id"], emoji="❤️")
    got = []
    for person, cursor in zip((alice, bob), cursors, strict=True):
        async with person.subscribe(EVENTS, after=cursor, kinds=["REACTION_CHANGED"]) as stream:
            events = [await stream.until("ReactionChanged")]
            while events[-1]["emoji"] != "❤️":
                events.append(await stream.until("ReactionChanged"))
        got.append([(e["emoji"], e["added"]) for e in events])
    assert got == [[("❤️", True)], [("👍", True), ("👍", False), ("❤️", True)]]


async def test_what_is_hidden_gives_nothing_its_place(alice, bob):
    sent = await send(alice, await start_direct(alice, bob))
    await alice.mutate(BLOCK, id=bob.id)
    await bob.mutate(REACT, id=sent["id"], emoji="🎉")
    await alice.mutate(UNBLOCK, id=bob.id)
    for emoji in "👍🎉":
        await alice.mutate(REACT, id=sent["id"], emoji=emoji)
    assert await groups(alice, sent) == [("👍", 1, True), ("🎉", 1, True)]
    assert await groups(bob, sent) == [("👍", 1, False), ("🎉", 2, True)]


async def test_a_page_costs_the_same_for_one_and_for_fifty(alice, bob):
    chat = await start_direct(alice, bob)
    await send_many(alice, chat, 50)
    nodes = (await bob.query("query($id: ID!) { conversation(id: $id) { messages { nodes { id } } } }", id=chat))[
        "conversation"
    ]["messages"]["nodes"]
    for node in nodes:
        await bob.mutate(REACT, id=node["id"], emoji="👍")
    counts = []
    for size in (1, 50):
        await bob.query(PAGE, id=chat, n=size)
        async with statements() as ran:
            found = await bob.query(PAGE, id=chat, n=size)
        assert [n["reactions"][0]["count"] for n in found["conversation"]["messages"]["nodes"]] == [1] * size
        counts.append(len([text for text in ran if " FROM " in text]))
    assert counts[0] == counts[1]


async def test_a_copy_of_ones_data_has_reactions_and_what_one_saved(alice, bob):
    chat = await start_direct(alice, bob)
    sent = await send(alice, chat)
    await bob.mutate(REACT, id=sent["id"], emoji="👍")
    await bob.mutate(SAVE, id=sent["id"])
    own = {p.id: decode_id("usr", p.id) for p in (alice, bob)}
    lines = [line async for line in own_lists._reactions(own[bob.id])]
    assert [(line["emoji"], line["message"]) for line in lines] == [("👍", {"id": sent["id"]})]
    assert [line["id"] async for line in own_lists._saved(own[bob.id])] == [sent["id"]]
    assert [line async for line in own_lists._reactions(own[alice.id])] == []
