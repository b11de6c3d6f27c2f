"""Marks at the service: they rise, are clamped, agree with a slow model, and are announced where groups are small."""

from __future__ import annotations

import asyncio
import random
from uuid import UUID, uuid4

import pytest

from app.conversations.access import access_conversation
from app.conversations.members import add_members, remove_member
from app.core import db
from app.core.errors import ErrorCode, UserFault
from app.core.runtime import Runtime
from app.core.viewer import Viewer
from app.messages.marks import Ticks, load_ticks
from app.messages.receipts import MARKS, Mark, Moved, ReceiptWriter, mark_delivered, mark_read
from app.messages.service import send_message, send_messages
from app.messages.unread import load_unread, load_unread_totals
from app.settings_chat import ConversationSettings
from tests.messages.conftest import Committed
from tests.messages.people import make_direct, make_group, make_viewer, new, state_of

pytestmark = pytest.mark.usefixtures("committed")


async def marks_of(viewer: Viewer, conversation_id: UUID) -> tuple[int, int]:
    """Delivered and read."""
    access = await access_conversation(viewer, conversation_id)
    assert access is not None
    return access.member.delivered_seq, access.member.read_seq


async def unread_of(viewer: Viewer, conversation_id: UUID) -> int:
    return (await load_unread([(viewer.user_id, conversation_id)]))[0]


async def test_marks_rise_and_never_fall() -> None:
    alice, bob = await make_viewer(), await make_viewer()
    chat = await make_direct(alice, bob)
    await send_messages(alice, [new(chat) for _ in range(10)])

    assert await mark_delivered(bob, [Mark(chat, 4)]) == [Moved(delivered=4)]
    assert await marks_of(bob, chat) == (4, 0)
    assert await mark_read(bob, Mark(chat, 6)) == Moved(delivered=2, read=6)
    assert await mark_read(bob, Mark(chat, 3)) == Moved()
    assert await mark_delivered(bob, [Mark(chat, 5)]) == [Moved()]
    assert await mark_read(bob, Mark(chat, -7)) == Moved()
    assert await marks_of(bob, chat) == (6, 6)


async def test_marks_are_clamped_to_what_there_is() -> None:
    alice, bob = await make_viewer(), await make_viewer()
    chat = await make_direct(alice, bob)
    await send_messages(alice, [new(chat) for _ in range(3)])

    assert await mark_delivered(bob, [Mark(chat, 2**31 - 1)]) == [Moved(delivered=3)]
    assert await mark_read(bob, Mark(chat)) == Moved(read=3)
    assert await marks_of(bob, chat) == (3, 3)


async def test_reading_is_announced_to_members_and_own_devices(committed: Committed) -> None:
    alice, bob = await make_viewer(), await make_viewer()
    chat = await make_direct(alice, bob)
    await send_message(alice, new(chat))
    committed.events.clear()

    await mark_delivered(bob, [Mark(chat, 1)])
    assert [(e.kind, e.stream_id) for e in committed.events] == [("RECEIPT_CHANGED", chat)]
    committed.events.clear()
    await mark_read(bob, Mark(chat))

    assert {(e.kind, e.stream_id) for e in committed.events} == {
        ("RECEIPT_CHANGED", chat),
        ("UNREAD_CHANGED", bob.user_id),
    }
    facts = {e.kind: e.payload for e in committed.events}
    assert facts["RECEIPT_CHANGED"]["userId"] == str(bob.user_id)
    assert facts["UNREAD_CHANGED"] == {"conversationIds": [str(chat)]}


async def test_what_changes_nothing_is_not_announced(committed: Committed) -> None:
    alice, bob = await make_viewer(), await make_viewer()
    chat = await make_direct(alice, bob)
    await send_message(alice, new(chat))
    await mark_read(bob, Mark(chat))
    committed.events.clear()

    await mark_read(bob, Mark(chat))
    await mark_delivered(bob, [Mark(chat, 1)])

    assert committed.events == []


async def test_large_groups_store_without_announcing(committed: Committed) -> None:
    people = [await make_viewer() for _ in range(33)]
    group = await make_group(*people)
    await send_message(people[0], new(group))
    committed.events.clear()

    await mark_read(people[1], Mark(group))

    assert [e.kind for e in committed.events] == ["UNREAD_CHANGED"]
    assert await marks_of(people[1], group) == (2, 2)
    assert await load_ticks([group]) == [None]


async def test_marks_of_one_moment_are_one_transaction(services: Runtime, committed: Committed) -> None:
    alice, bob = await make_viewer(), await make_viewer()
    chat, other = await make_direct(alice, bob), await make_direct(bob, await make_viewer())
    await send_messages(alice, [new(chat) for _ in range(9)])
    await send_message(alice, new(chat))
    committed.events.clear()
    writer = services.part(ReceiptWriter)
    marks = [Mark(chat, n) for n in random.sample(range(1, 10), 9)] + [Mark(other)]

    results = await asyncio.gather(*(writer.put(bob.user_id, mark, is_read=True) for mark in marks))

    assert await marks_of(bob, chat) == (9, 9)
    assert results == [Moved(delivered=9, read=9)] * 9 + [Moved()], "the last mark wins"
    assert sorted(e.kind for e in committed.events) == ["RECEIPT_CHANGED", "UNREAD_CHANGED"]


async def test_unknown_and_foreign_conversations_look_the_same() -> None:
    alice, bob, mallory = [await make_viewer() for _ in range(3)]
    chat = await make_direct(alice, bob)
    await send_message(alice, new(chat))
    before = await state_of(chat)

    for target in (chat, uuid4()):
        with pytest.raises(UserFault) as read:
            await mark_read(mallory, Mark(target))
        with pytest.raises(UserFault) as delivered:
            await mark_delivered(mallory, [Mark(target, 1)])
        assert (read.value.code, read.value.field) == (ErrorCode.NOT_FOUND, ("conversationId",))
        assert (delivered.value.code, delivered.value.field) == (ErrorCode.NOT_FOUND, ("marks", "0", "conversationId"))
    assert await state_of(chat) == before


async def test_former_member_is_refused_and_nothing_is_marked() -> None:
    alice, bob = await make_viewer(), await make_viewer()
    group, chat = await make_group(alice, bob), await make_direct(alice, bob)
    await send_message(alice, new(chat))
    await remove_member(alice, group, bob.user_id)

    with pytest.raises(UserFault) as fault:
        await mark_delivered(bob, [Mark(chat, 1), Mark(group, 1)])

    assert (fault.value.code, fault.value.field) == (ErrorCode.NOT_PARTICIPANT, ("marks", "1", "conversationId"))
    assert await marks_of(bob, chat) == (0, 0)


async def test_too_many_marks_are_refused() -> None:
    alice = await make_viewer()

    with pytest.raises(UserFault) as fault:
        await mark_delivered(alice, [Mark(uuid4(), 1)] * (MARKS + 1))

    assert (fault.value.code, fault.value.limit) == (ErrorCode.LIMIT_REACHED, MARKS)


async def test_ticks_are_the_lowest_marks_of_those_it_reaches() -> None:
    alice, bob, carol = [await make_viewer() for _ in range(3)]
    group = await make_group(alice, bob)
    await send_messages(alice, [new(group) for _ in range(3)])

    assert await load_ticks([group]) == [Ticks(0, 0, 2, 0)]
    await mark_delivered(bob, [Mark(group, 3)])
    await mark_read(bob, Mark(group, 2))
    assert await load_ticks([group]) == [Ticks(3, 2, 2, 0)]
    await mark_read(bob, Mark(group))
    await add_members(alice, group, [carol.user_id], settings=ConversationSettings())
    assert await load_ticks([group]) == [Ticks(4, 4, 3, 0)], "a newcomer has nothing to read of what came before"
    await send_message(alice, new(group))
    assert await load_ticks([group]) == [Ticks(4, 4, 3, 0)]


async def test_nobody_else_means_no_ticks() -> None:
    alice = await make_viewer()

    assert await load_ticks([await make_group(alice)]) == [None]


async def test_unread_counts_agree_with_a_slow_model() -> None:
    chance = random.Random(20)
    people = [await make_viewer() for _ in range(4)]
    groups = [await make_group(people[0], *people[1:]), await make_group(people[0], people[1])]
    latecomer = people[2]
    model: dict[tuple[UUID, UUID], list[int]] = {}  # (user, group) → unread numbers
    members = {groups[0]: list(people), groups[1]: people[:2]}
    for step in range(80):
        group = chance.choice(groups)
        who = chance.choice(members[group])
        if step == 40:
            await add_members(people[0], groups[1], [latecomer.user_id], settings=ConversationSettings())
            members[groups[1]].append(latecomer)
        elif chance.random() < 0.7:
            sent = await send_message(who, new(group))
            for member in members[group]:
                model.setdefault((member.user_id, group), []).append(sent.seq)
            model[who.user_id, group] = []
        else:
            up_to = chance.choice([None, chance.randint(-1, 90)])
            moved = await mark_read(who, Mark(group, up_to))
            unread = model.get((who.user_id, group), [])
            left = [] if up_to is None else [seq for seq in unread if seq > up_to]
            assert moved.read == len(unread) - len(left)
            model[who.user_id, group] = left

    for group, inside in members.items():
        for member in inside:
            assert await unread_of(member, group) == len(model.get((member.user_id, group), []))
    for member, totals in zip(people, await load_unread_totals([p.user_id for p in people]), strict=True):
        counts = [len(model.get((member.user_id, group), [])) for group in groups]
        assert (totals.messages, totals.conversations) == (sum(counts), sum(1 for c in counts if c))


async def test_sends_and_marks_at_once_never_deadlock() -> None:
    people = [await make_viewer() for _ in range(6)]
    groups = [await make_group(*chance) for chance in (people, people[::-1], people[2:] + people[:2])]

    async def busy(viewer: Viewer) -> None:
        for _ in range(6):
            await asyncio.gather(*(send_message(viewer, new(group)) for group in groups))
            await asyncio.gather(*(mark_read(viewer, Mark(group)) for group in groups))

    await asyncio.gather(*(busy(viewer) for viewer in people))

    for group in groups:
        row = await db.row("SELECT last_seq, (SELECT min(read_seq) FROM member m WHERE m.conversation_id = c.id) AS low"
                           " FROM conversation c WHERE id = $1", group)  # fmt: skip
        assert row is not None
        assert row["last_seq"] == 37
        assert row["low"] > 0
