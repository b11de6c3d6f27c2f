"""Conversation.messages at the service: pages both ways, windows, and what a member may see."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.conversations.access import access_conversation
from app.conversations.members import add_members
from app.core.errors import BadRequestError
from app.core.viewer import Viewer
from app.messages.history import Page, PageArgs, PageKey, load_pages, load_visible_messages
from app.messages.marks import Standing, standing_of
from app.messages.service import send_message, send_messages
from app.settings_chat import ConversationSettings
from tests.messages.people import make_direct, make_group, make_viewer, new

pytestmark = pytest.mark.usefixtures("committed")


async def standing_in(viewer: Viewer, conversation_id: UUID) -> Standing:
    access = await access_conversation(viewer, conversation_id)
    assert access is not None
    return standing_of(access.conversation, access.member)


async def page(viewer: Viewer, conversation_id: UUID, args: PageArgs) -> Page:
    (found,) = await load_pages([PageKey(await standing_in(viewer, conversation_id), args)])
    if isinstance(found, BadRequestError):
        raise found
    return found


def shape(found: Page) -> tuple[int, int, bool, bool]:
    """First and last number, and whether there is more before and after."""
    seqs = [m.seq for m in found.messages]
    assert seqs == list(range(seqs[0], seqs[-1] + 1))
    return seqs[0], seqs[-1], found.has_previous, found.has_next


@pytest.fixture(scope="module")
async def chat(services: object) -> tuple[Viewer, Viewer, UUID]:
    """120 messages, of which bob has read up to his own at 70."""
    alice, bob = await make_viewer(), await make_viewer()
    chat = await make_direct(alice, bob)
    await send_messages(alice, [new(chat, str(n)) for n in range(1, 70)])
    await send_message(bob, new(chat, "70"))
    await send_messages(alice, [new(chat, str(n)) for n in range(71, 121)])
    return alice, bob, chat


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (PageArgs(), (71, 120, True, False)),
        (PageArgs(last=10), (111, 120, True, False)),
        (PageArgs(first=10), (1, 10, False, True)),
        (PageArgs(after=10), (11, 60, True, True)),
        (PageArgs(after=10, first=5), (11, 15, True, True)),
        (PageArgs(before=61), (11, 60, True, True)),
        (PageArgs(before=61, last=5), (56, 60, True, True)),
        (PageArgs(before=6, last=50), (1, 5, False, True)),
        (PageArgs(after=100, before=111), (101, 110, True, True)),
        (PageArgs(after=100, before=111, last=3), (108, 110, True, True)),
        (PageArgs(first=30, last=10), (21, 30, True, True)),
        (PageArgs(around_first_unread=True), (46, 96, True, True)),
        (PageArgs(around_first_unread=True, first=3, last=2), (69, 74, True, True)),
        (PageArgs(around_first_unread=True, after=100), (101, 120, True, False)),
    ],
)
async def test_page(chat: tuple[Viewer, Viewer, UUID], args: PageArgs, expected: object) -> None:
    _, bob, conversation_id = chat

    assert shape(await page(bob, conversation_id, args)) == expected


async def test_nothing_unread_opens_at_the_end(chat: tuple[Viewer, Viewer, UUID]) -> None:
    alice, _, conversation_id = chat

    assert shape(await page(alice, conversation_id, PageArgs(around_first_unread=True))) == (95, 120, True, False)


async def test_window_around_a_message_and_from_an_instant(chat: tuple[Viewer, Viewer, UUID]) -> None:
    alice, _, conversation_id = chat
    everything = [
        m for start in (0, 50, 100) for m in (await page(alice, conversation_id, PageArgs(after=start))).messages
    ]
    target = everything[49]
    first_then = next(m for m in everything if m.created_at >= target.created_at)

    around = await page(alice, conversation_id, PageArgs(around=target.id, first=2, last=2))
    since = await page(alice, conversation_id, PageArgs(since=target.created_at, first=1, last=1))
    long_ago = await page(alice, conversation_id, PageArgs(since=target.created_at.replace(year=2000)))
    to_come = await page(alice, conversation_id, PageArgs(since=target.created_at.replace(year=2999)))

    assert shape(around) == (48, 52, True, True)
    assert shape(since)[:2] == (max(1, first_then.seq - 1), first_then.seq + 1)
    assert shape(long_ago) == (1, 26, False, True)
    assert shape(to_come) == (95, 120, True, False)


async def test_message_ids_are_cursors_too(chat: tuple[Viewer, Viewer, UUID]) -> None:
    alice, _, conversation_id = chat
    (first,) = (await page(alice, conversation_id, PageArgs(after=9, first=1))).messages

    assert shape(await page(alice, conversation_id, PageArgs(after=first.id, first=2))) == (11, 12, True, True)
    assert shape(await page(alice, conversation_id, PageArgs(before=first.id, last=2))) == (8, 9, True, True)


async def test_ids_from_elsewhere_are_bad_requests(chat: tuple[Viewer, Viewer, UUID]) -> None:
    alice, _, conversation_id = chat
    elsewhere = await send_message(alice, new(await make_direct(alice, await make_viewer())))

    for args in (PageArgs(around=elsewhere.id), PageArgs(after=uuid4()), PageArgs(before=elsewhere.id)):
        with pytest.raises(BadRequestError):
            await page(alice, conversation_id, args)


async def test_empty_conversation_and_pages_past_the_ends(chat: tuple[Viewer, Viewer, UUID]) -> None:
    alice, bob, conversation_id = chat
    empty = await make_direct(bob, await make_viewer())

    for args in (PageArgs(), PageArgs(first=5), PageArgs(around_first_unread=True), PageArgs(after=3)):
        assert await page(bob, empty, args) == Page((), has_next=False, has_previous=False)
    assert await page(alice, conversation_id, PageArgs(after=10**30)) == Page((), has_next=False, has_previous=True)
    assert await page(alice, conversation_id, PageArgs(before=-5)) == Page((), has_next=True, has_previous=False)


async def test_newcomers_see_nothing_from_before() -> None:
    alice, bob = await make_viewer(), await make_viewer()
    group = await make_group(alice)
    early = [await send_message(alice, new(group, str(n))) for n in range(3)]
    await add_members(alice, group, [bob.user_id], settings=ConversationSettings())

    assert shape(await page(bob, group, PageArgs())) == (5, 5, False, False), "the notice of it"
    late = await send_message(alice, new(group, "late"))

    assert shape(await page(bob, group, PageArgs(before=late.seq + 1, last=50))) == (5, 6, False, False)
    assert shape(await page(bob, group, PageArgs(around=early[0].id))) == (5, 6, False, False)
    keys = [(bob.user_id, early[0].id), (bob.user_id, late.id), (alice.user_id, early[0].id), (bob.user_id, uuid4())]
    assert await load_visible_messages(keys) == [None, late, early[0], None]


async def test_pages_of_many_conversations_are_one_batch(chat: tuple[Viewer, Viewer, UUID]) -> None:
    alice, _, conversation_id = chat
    other = await make_direct(alice, await make_viewer())
    await send_message(alice, new(other, "alone"))
    keys = [
        PageKey(await standing_in(alice, conversation_id), PageArgs(last=2)),
        PageKey(await standing_in(alice, other), PageArgs()),
        PageKey(await standing_in(alice, conversation_id), PageArgs(first=1)),
    ]

    found = await load_pages(keys)

    assert [[m.text for m in p.messages] for p in found if isinstance(p, Page)] == [["119", "120"], ["alone"], ["1"]]


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(sizes=st.lists(st.integers(1, 30), min_size=1, max_size=8), more=st.integers(0, 20), forward=st.booleans())
async def test_pages_concatenate_to_the_list_while_messages_arrive(
    chat: tuple[Viewer, Viewer, UUID], sizes: list[int], more: int, forward: bool
) -> None:
    alice, _, _ = chat
    other = await make_direct(alice, await make_viewer())
    await send_messages(alice, [new(other, str(n)) for n in range(1, 61)])
    first = PageArgs(first=1) if forward else PageArgs(last=1)

    arriving = asyncio.create_task(send_messages(alice, [new(other, str(n)) for n in range(61, 61 + more)]))
    met = await walk(alice, other, first, sizes)
    await arriving

    assert met == list(range(1, len(met) + 1)), "dense, in order, nothing twice"
    assert 60 <= len(met) <= 60 + more


async def walk(viewer: Viewer, conversation_id: UUID, args: PageArgs, sizes: list[int]) -> list[int]:
    """Numbers met by paging from `args` to the end in the direction of its size, whatever arrives meanwhile."""
    met: list[int] = []
    for n in range(200):
        size = sizes[n % len(sizes)]
        forward = args.first is not None
        sized = replace(args, first=size) if forward else replace(args, last=size)
        found = await page(viewer, conversation_id, sized)
        seqs = [m.seq for m in found.messages]
        met = met + seqs if forward else seqs + met
        if not (found.has_next if forward else found.has_previous):
            return met
        args = PageArgs(first=1, after=seqs[-1]) if forward else PageArgs(last=1, before=seqs[0])
    raise AssertionError("paging does not end")
