"""The short way of plain sends writes what the long way would have written, or leaves it to the long way.

Both are run on worlds that are alike (twins.py) and everything that came of it is compared.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from uuid import UUID

import pytest

from app.core import db
from app.core.clock import new_id
from app.core.errors import ErrorCode, UnavailableError, UserFault
from app.core.log import partition_of
from app.messages import sending
from app.messages.plain import send_plain
from app.messages.records import Draft, MessageRow
from app.messages.sending import Outcome, send_batch
from tests.messages.conftest import Committed
from tests.messages.people import draft, make_direct, make_group, make_viewer, texts_of
from tests.messages.twins import World, make_twins

WAITING = "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE $1"


@pytest.fixture(autouse=True)
def postgres_only(committed: Committed) -> None:
    if not db.is_postgres():
        pytest.skip("SQLite has one writer, and the long way alone")


CONVERSATIONS = "SELECT id FROM conversation WHERE id = ANY($1::uuid[]) FOR NO KEY UPDATE"
MEMBERS = "SELECT id FROM member WHERE conversation_id = ANY($1::uuid[]) FOR NO KEY UPDATE"
LOG = "SELECT partition FROM log_partition WHERE $1::uuid[] IS NOT NULL FOR NO KEY UPDATE"


@asynccontextmanager
async def held(*conversations: UUID, sql: str = CONVERSATIONS) -> AsyncIterator[None]:
    """Somebody else holds them, or what else the statement locks."""
    ready, release = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with db.begin():
            await db.rows(sql, conversations)
            ready.set()
            await release.wait()

    holder = asyncio.create_task(hold())
    await ready.wait()
    try:
        yield
    finally:
        release.set()
        await holder


async def end_who_waits(function: str) -> None:
    """Ends the connection that calls the function, once it waits for a lock."""
    while not (waiting := await db.rows(WAITING, f"%{function}%")):
        await asyncio.sleep(0)
    await db.rows("SELECT pg_terminate_backend($1)", waiting[0]["pid"])


class Both:
    """What the short way wrote and what it left, over all the batches."""

    def __init__(self) -> None:
        self.written = self.busy = self.left = 0

    async def __call__(self, drafts: Sequence[Draft]) -> dict[int, object]:
        outcomes = await send_plain(drafts)
        self.written += sum(o is not None for o in outcomes.values())
        self.busy += sum(o is None for o in outcomes.values())
        self.left += len(drafts) - len(outcomes)
        return outcomes  # type: ignore[return-value]


def told_of(outcome: Outcome) -> object:
    """A refusal as compared: without the seconds of a cooldown, which go by."""
    if not isinstance(outcome, UserFault):
        return outcome
    return (outcome.code, outcome.field, None if outcome.retry_after else outcome.message)


async def play(
    world: World, send: Callable[[Sequence[Draft]], object], committed: Committed, batches: int, count: int
) -> list[tuple[object, object, object]]:
    """Some batches, while somebody holds a conversation or its memberships now and then: outcomes, tables and events
    of each."""
    happened = []
    for _ in range(batches):
        drafts = world.drafts(count)
        busy = [world.random.choice(world.chats)] if world.random.random() < 0.6 else []
        committed.events.clear()
        async with held(*busy, sql=world.random.choice((CONVERSATIONS, MEMBERS))):
            outcomes = await send(drafts)  # type: ignore[misc]
        state = await world.state()
        told = [told_of(outcome) for outcome in outcomes]
        events = {
            world.names[stream]: [world.shown(e) for e in committed.events if e.stream_id == stream]
            for stream in {e.stream_id for e in committed.events}
        }
        happened.append((world.shown(told), state, events))
    return happened


@pytest.mark.parametrize(("seeds", "batches", "count"), [(24, 4, 14), (6, 40, 1)], ids=["many", "one"])
async def test_the_short_way_writes_what_the_long_one_would(
    committed: Committed, monkeypatch: pytest.MonkeyPatch, seeds: int, batches: int, count: int
) -> None:
    both = Both()
    monkeypatch.setattr(sending, "send_plain", both)
    for seed in range(seeds):
        one, other = await make_twins(seed)
        short = await play(one, send_batch, committed, batches, count)
        long = await play(other, sending._send_judged, committed, batches, count)
        for n, (mine, expected) in enumerate(zip(short, long, strict=True)):
            assert mine == expected, f"seed {seed}, batch {n}"
    total = seeds * batches * count
    assert both.written > total / 5, "the worlds are too strange"
    assert both.left > total / 5, "the worlds are too plain"
    assert both.busy >= 5


# ── races ─────────────────────────────────────────────────────────────────────────────────────────


async def test_a_busy_conversation_is_told_while_repeats_and_refusals_there_are_answered(committed: Committed) -> None:
    alice, bob, mallory = [await make_viewer() for _ in range(3)]
    chat = await make_group(alice, bob)
    (first,) = await send_batch([draft(chat, alice, "first", key="k")])

    async with held(chat):
        assert await send_batch([draft(chat, alice), draft(chat, bob)]) == [None, None]
        assert await send_batch([draft(chat, alice, "first", key="k")]) == [first]
        before, refused, after = await send_batch([draft(chat, alice), draft(chat, mallory), draft(chat, bob)])

    assert before is after is None
    assert isinstance(refused, UserFault)


async def test_what_waits_is_not_overtaken_by_what_has_to_be_judged(committed: Committed) -> None:
    alice, bob = await make_viewer(), await make_viewer()
    chat = await make_group(alice, bob)
    drafts = [draft(chat, alice, "1"), replace(draft(chat, bob, "2"), reply_to_id=new_id()), draft(chat, alice, "3")]

    async with held(chat):
        outcomes = await send_batch(drafts)
    assert outcomes[0] is outcomes[2] is None
    assert isinstance(outcomes[1], UserFault)

    plain, _, late = await send_batch(drafts)
    assert isinstance(plain, MessageRow)
    assert isinstance(late, MessageRow)
    assert late.seq == plain.seq + 1


async def test_a_membership_that_somebody_holds_stops_its_conversation_alone(committed: Committed) -> None:
    alice, bob = await make_viewer(), await make_viewer()
    stuck, free = await make_group(alice, bob), await make_group(alice, bob)
    judged = [replace(draft(chat, alice), mentions_everyone=True) for chat in (stuck, free)]

    async with held(stuck, sql=MEMBERS):
        waits, written = await send_batch([draft(stuck, alice), draft(free, alice)])
        waits_too, written_too = await send_batch(judged)
        assert await send_batch([draft(stuck, alice)]) == [None]

    assert waits is waits_too is None
    assert isinstance(written, MessageRow)
    assert isinstance(written_too, MessageRow)
    (now,) = await send_batch([draft(stuck, alice)])
    assert isinstance(now, MessageRow)


async def test_what_is_written_is_said_so_when_the_rest_can_not_be_judged(committed: Committed) -> None:
    alice, bob = await make_viewer(), await make_viewer()
    one, other = await make_group(alice, bob), await make_group(alice, bob)
    while (partition := partition_of(other)) == partition_of(one):
        other = await make_group(alice, bob)

    async with held(sql=f"{LOG.split(' FOR')[0]} AND partition = {partition} FOR NO KEY UPDATE"):
        sent = asyncio.create_task(send_batch([draft(one, alice), replace(draft(other, bob), mentions_everyone=True)]))
        await end_who_waits("parley_append")
        written, unknown = await sent

    assert isinstance(written, MessageRow)
    assert isinstance(unknown, UserFault)
    assert unknown.code is ErrorCode.UNAVAILABLE


async def test_the_same_draft_twice_at_once_is_one_message(committed: Committed) -> None:
    alice, bob = await make_viewer(), await make_viewer()
    chat = await make_group(alice, bob)
    for n in range(10):
        mine = draft(chat, alice, str(n), key=f"key{n}")
        pairs = await asyncio.gather(*(send_batch([mine]) for _ in range(3)))
        sent = {m.id for (m,) in pairs if isinstance(m, MessageRow)}
        assert len(sent) == 1, pairs  # the others were told so, or that somebody holds the conversation
        (again,) = await send_batch([mine])
        assert isinstance(again, MessageRow)
        assert again.id in sent


async def test_one_id_in_two_conversations_at_once_is_used_once(committed: Committed) -> None:
    alice, bob = await make_viewer(), await make_viewer()
    chats = [await make_group(alice, bob) for _ in range(4)]
    for n in range(10):
        found = await asyncio.gather(*(send_batch([draft(chat, alice, "x", key=f"k{n}")]) for chat in chats))
        codes = [o.code if isinstance(o, UserFault) else None for (o,) in found]
        assert sorted(codes, key=str) == [ErrorCode.CONFLICT] * 3 + [None], codes


async def test_the_first_of_a_batch_has_the_id(committed: Committed) -> None:
    alice, bob = await make_viewer(), await make_viewer()
    one, other = await make_group(alice, bob), await make_direct(alice, bob)
    first, plain = draft(other, alice, key="k"), draft(one, alice, key="k")  # a first message has to be judged

    message, conflict = await send_batch([first, plain])

    assert isinstance(message, MessageRow)
    assert isinstance(conflict, UserFault)
    assert conflict.code is ErrorCode.CONFLICT


async def test_a_connection_that_dies_leaves_nothing_and_the_repeat_works(committed: Committed) -> None:
    alice, bob = await make_viewer(), await make_viewer()
    chat = await make_group(alice, bob)
    before = await texts_of(chat)
    mine = draft(chat, alice, "hello")
    committed.events.clear()

    async with held(sql=LOG):
        sent = asyncio.create_task(send_batch([mine]))
        await end_who_waits("parley_send")
        with pytest.raises(UnavailableError):
            await sent
    assert await texts_of(chat) == before
    assert not committed.events

    (message,) = await send_batch([mine])
    assert isinstance(message, MessageRow)
    assert [e.payload["seq"] for e in committed.events] == [message.seq]


async def test_a_migration_beside_a_running_process_stops_no_send(committed: Committed) -> None:
    """The functions hand out whole rows of tables, and its plans are kept: new columns must not break either."""
    alice, bob = await make_viewer(), await make_viewer()
    chat = await make_group(alice, bob)
    for count in (1, 2) * 7:  # until plans are kept
        await send_batch([draft(chat, alice) for _ in range(count)])
    for table in ("conversation", "user_account", "member", "message"):
        for change in ("ADD COLUMN later INT NOT NULL DEFAULT 1", "DROP COLUMN later"):
            await db.execute(f"ALTER TABLE {table} {change}")
            for count in (1, 2):
                *_, message = await send_batch([draft(chat, alice) for _ in range(count)])
                assert isinstance(message, MessageRow)
    assert committed.events[-1].carried is not None
    assert committed.events[-1].carried["conversation"]["last_seq"] == message.seq
