"""What a reader does not see: pages, windows, single messages and the ends of a conversation against a slow model."""

from __future__ import annotations

import random
from datetime import timedelta
from uuid import UUID

import pytest

from app.accounts.exports import Lines
from app.conversations.access import access_conversation
from app.core import db
from app.core.clock import new_id, now
from app.core.viewer import Viewer
from app.messages import own_data
from app.messages.history import (
    PageArgs,
    PageKey,
    load_last_visible,
    load_messages,
    load_pages,
    load_replied,
    load_visible_messages,
)
from app.messages.marks import Standing, standing_of
from app.messages.paging import Page
from app.messages.records import MessageRow
from app.messages.service import send_message, send_messages
from tests.messages.people import make_direct, make_viewer, new
from tests.statements import statements

pytestmark = pytest.mark.usefixtures("committed")


async def standing_in(viewer: Viewer, conversation_id: UUID) -> Standing:
    access = await access_conversation(viewer, conversation_id)
    assert access is not None
    return standing_of(access.conversation, access.member)


async def expire(*messages: MessageRow, seconds: float = -1) -> None:
    for message in messages:
        await db.execute(
            "UPDATE message SET expires_at = $1 WHERE id = $2", now() + timedelta(seconds=seconds), message.id
        )


async def delete_for(viewer: Viewer, *messages: MessageRow) -> None:
    for message in messages:
        await db.execute(
            "INSERT INTO deleted_message (id, user_id, conversation_id, seq, message_id, created_at)"
            " VALUES ($1, $2, $3, $4, $5, $6)",
            new_id(), viewer.user_id, message.conversation_id, message.seq, message.id, now(),
        )  # fmt: skip


async def hide(*messages: MessageRow) -> None:
    await db.execute("UPDATE message SET is_hidden = $1 WHERE id = ANY($2::uuid[])", True, [m.id for m in messages])


async def _sent(alice: Viewer, chat: UUID, count: int) -> list[MessageRow]:
    sent = await send_messages(alice, [new(chat, str(n)) for n in range(1, count + 1)])
    return [message for message in sent if isinstance(message, MessageRow)]


@pytest.mark.parametrize("seed", range(6))
async def test_pages_against_a_slow_model(seed: int) -> None:
    random_ = random.Random(seed)
    alice, bob = await make_viewer(), await make_viewer()
    chat = await make_direct(alice, bob)
    sent = await _sent(alice, chat, 60)
    lost = random_.sample(sent, random_.choice((1, 10, 40)))
    for way, message in enumerate(lost):
        await ((expire, hide)[way % 2](message) if way % 3 else delete_for(bob, message))
    await expire(*[m for m in sent if m not in lost][:3], seconds=3600)
    left = [m.seq for m in sent if m not in lost]
    await db.execute(
        "UPDATE member SET read_seq = $1 WHERE conversation_id = $2 AND user_id = $3",
        random_.randrange(60), chat, bob.user_id,
    )  # fmt: skip
    at = await standing_in(bob, chat)

    async def seqs(args: PageArgs) -> tuple[list[int], Page]:
        (page,) = await load_pages([PageKey(at, args)])
        assert isinstance(page, Page)
        return [m.seq for m in page.messages], page

    assert [m for m in sent if m not in lost][-50:][3:] == list((await seqs(PageArgs()))[1].messages)[3:]
    for size in (1, 7, 50):
        found, page = await seqs(PageArgs(last=size))
        assert found == left[-size:]
        assert page.has_previous == (len(left) > size)
        assert (await seqs(PageArgs(first=size)))[0] == left[:size]
        # Paging through either way brings all, once.
        for forward in (True, False):
            got: list[int] = []
            args = PageArgs(first=size) if forward else PageArgs(last=size)
            while True:
                found, page = await seqs(args)
                got = [*got, *found] if forward else [*found, *got]
                if not found or not (page.has_next if forward else page.has_previous):
                    break
                args = PageArgs(first=size, after=found[-1]) if forward else PageArgs(last=size, before=found[0])
            assert got == left
    for middle in (1, 30, 60, sent.index(lost[0]) + 1):
        for before, after in ((2, 3), (25, 25)):
            args = PageArgs(around=sent[middle - 1].id, last=before, first=after)
            found, page = await seqs(args)
            older, newer = [n for n in left if n < middle], [n for n in left if n >= middle]
            if any(m.seq in range(middle - before, middle + after + 1) for m in lost):
                assert found == older[-before:] + newer[: after + 1]
                assert (page.has_previous, page.has_next) == (len(older) > before, len(newer) > after + 1)
    found, _ = await seqs(PageArgs(around_first_unread=True, last=3, first=3))
    assert [n for n in left if n > at.read_seq][:3] == [n for n in found if n > at.read_seq][:3]


async def test_what_one_deleted_the_other_still_sees() -> None:
    alice, bob = await make_viewer(), await make_viewer()
    chat = await make_direct(alice, bob)
    sent = await _sent(alice, chat, 3)
    await delete_for(bob, sent[2])
    await expire(sent[1])
    last = {v: (await load_last_visible([await standing_in(v, chat)]))[0] for v in (alice, bob)}

    assert [last[v] and last[v].message.seq for v in (alice, bob)] == [3, 1]
    keys = [(v.user_id, m.id) for v in (alice, bob) for m in sent]
    for load in (load_visible_messages, load_replied):
        assert [m and m.seq for m in await load(keys)] == [1, None, 3, 1, None, None]
    assert [m and m.seq for m in await load_messages([m.id for m in sent])] == [1, None, 3]

    async def exported(lines: Lines) -> list[object]:
        return [line["text"] async for line in lines]

    assert await exported(own_data._messages(alice.user_id)) == ["1", "3"]
    assert await exported(own_data._messages(bob.user_id)) == ["1"]


async def test_an_answer_to_what_disappeared_remains() -> None:
    alice, bob = await make_viewer(), await make_viewer()
    chat = await make_direct(alice, bob)
    sent = await _sent(alice, chat, 1)
    answer = await send_message(bob, new(chat, reply_to=sent[0].id))
    await expire(sent[0])
    assert await load_replied([(alice.user_id, sent[0].id)]) == [None]
    assert await load_visible_messages([(alice.user_id, answer.id)]) == [answer]


@pytest.mark.parametrize("holes", [False, True], ids=["dense", "holes"])
async def test_many_pages_take_as_many_statements_as_one(holes: bool) -> None:
    alice = await make_viewer()
    keys = []
    for _ in range(6):
        chat = await make_direct(alice, await make_viewer())
        sent = await _sent(alice, chat, 4)
        if holes:
            await delete_for(alice, sent[3])
        keys.append(PageKey(await standing_in(alice, chat), PageArgs(last=2)))
    counts = []
    for some in (keys[:1], keys):
        async with statements() as ran:
            pages = await load_pages(some)
            last = await load_last_visible([key.standing for key in some])
        assert all(isinstance(p, Page) and [m.text for m in p.messages] == (["2", "3"] if holes else ["3", "4"])
                   for p in pages)  # fmt: skip
        assert [m and m.message.text for m in last] == ["3" if holes else "4"] * len(some)
        counts.append(len([text for text in ran if " FROM " in text]))
    assert counts == ([4, 4] if holes else [2, 2])
