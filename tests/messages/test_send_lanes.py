"""Lanes: batches under load, one bad draft, a conversation somebody else holds, overload, shutdown."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from app.core import db
from app.core.errors import ErrorCode, UserFault
from app.messages import lanes as lanes_module
from app.messages.lanes import Lane, SendLanes
from app.messages.records import Draft, MessageRow
from app.messages.sending import Outcome, send_batch
from app.messages.service import send_messages
from tests.messages.conftest import Committed
from tests.messages.people import draft, make_direct, make_viewer, new, texts_of

pytestmark = pytest.mark.usefixtures("committed")


class Gate:
    """The real send_batch, held until opened; remembers the sizes of the batches it was given."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.entered = asyncio.Event()
        self.sizes: list[int] = []

    async def __call__(self, drafts: Sequence[Draft]) -> list[Outcome]:
        self.sizes.append(len(drafts))
        self.entered.set()
        await self.open.wait()
        return await send_batch(drafts)


@asynccontextmanager
async def one_lane(
    send: object = send_batch, *, size: int = 500, is_alone: bool = True, pause: float = 0
) -> AsyncIterator[SendLanes]:
    lane = Lane(size, send, lambda: is_alone, pause)  # type: ignore[arg-type]
    task = asyncio.create_task(lane.run())
    lanes = SendLanes([lane])
    try:
        yield lanes
    finally:
        await lanes.close()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_a_lane_takes_what_gathered_while_it_wrote() -> None:
    alice, bob = await make_viewer(), await make_viewer()
    chat = await make_direct(alice, bob)
    gate = Gate()

    async with one_lane(gate, size=20) as lanes:
        first = lanes.put(draft(chat, alice, "first"))
        await gate.entered.wait()
        rest = [lanes.put(draft(chat, alice, str(n))) for n in range(30)]
        gate.open.set()
        sent = await asyncio.gather(first, *rest)

    assert gate.sizes == [1, 20, 10]
    assert [m.seq for m in sent] == list(range(1, 32))


@pytest.mark.parametrize("is_alone", [True, False])
async def test_beside_other_processes_a_lane_rests_as_long_as_it_waited(is_alone: bool) -> None:
    alice, bob = await make_viewer(), await make_viewer()
    chat = await make_direct(alice, bob)
    gate = Gate()

    async with one_lane(gate, is_alone=is_alone, pause=60) as lanes:
        first = [lanes.put(draft(chat, alice, str(n))) for n in range(2)]
        asyncio.get_running_loop().call_later(0.3, gate.open.set)
        await asyncio.gather(*first)
        one = lanes.put(draft(chat, alice, "2"))
        for _ in range(3):
            await asyncio.sleep(0)  # a lane that does not rest has begun
        other = lanes.put(draft(chat, alice, "3"))
        await asyncio.gather(one, other)

    assert gate.sizes == ([2, 1, 1] if is_alone else [2, 2])


async def test_one_bad_draft_fails_alone(committed: Committed) -> None:
    alice, bob = await make_viewer(), await make_viewer()
    chat = await make_direct(alice, bob)
    gate = Gate()
    drafts = [draft(chat, alice, str(n)) for n in range(40)]
    drafts[17] = replace(drafts[17], text="lone \ud800 surrogate")  # what check_draft would refuse breaks the batch

    async with one_lane(gate) as lanes:
        waiting = [lanes.put(d) for d in drafts]
        gate.open.set()
        results = await asyncio.gather(*waiting, return_exceptions=True)

    assert isinstance(results[17], Exception)
    assert not isinstance(results[17], UserFault)
    good = [r for r in results if isinstance(r, MessageRow)]
    assert [m.text for m in good] == [str(n) for n in range(40) if n != 17]
    assert [m.seq for m in good] == list(range(1, 40))
    assert len(gate.sizes) < 20, "found by halving"
    assert len([e for e in committed.events if e.kind == "MESSAGE_RECEIVED"]) == 39


async def test_refusals_touch_nobody_else() -> None:
    alice, bob, mallory = [await make_viewer() for _ in range(3)]
    chat = await make_direct(alice, bob)

    async with one_lane() as lanes:
        results = await asyncio.gather(
            lanes.put(draft(chat, alice, "1")), lanes.put(draft(chat, mallory)), lanes.put(draft(chat, bob, "2")),
            return_exceptions=True,
        )  # fmt: skip

    assert isinstance(results[1], UserFault)
    assert await texts_of(chat) == [(1, "1"), (2, "2")]


async def test_busy_conversation_waits_without_stopping_its_neighbours() -> None:
    if not db.is_postgres():
        pytest.skip("SQLite has one writer: nobody else can hold a conversation")
    alice, bob, carol = [await make_viewer() for _ in range(3)]
    busy, free = await make_direct(alice, bob), await make_direct(alice, carol)
    held, release = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with db.begin():
            await db.rows("SELECT id FROM conversation WHERE id = $1 FOR NO KEY UPDATE", busy)
            held.set()
            await release.wait()

    holder = asyncio.create_task(hold())
    await held.wait()
    async with one_lane() as lanes:
        waiting = [lanes.put(draft(busy, alice, str(n))) for n in range(3)]
        for n in range(3):
            await lanes.send(draft(free, alice, str(n)))
            waiting.append(lanes.put(draft(busy, alice, str(3 + n))))
        assert not any(w.done() for w in waiting)
        release.set()
        sent = await asyncio.gather(*waiting)
    await holder

    assert [m.text for m in sorted(sent, key=lambda m: m.seq)] == ["0", "1", "2", "3", "4", "5"]


async def test_conversation_held_for_too_long_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes_module, "BUSY_SECONDS", 0.05)
    alice, bob = await make_viewer(), await make_viewer()
    chat = await make_direct(alice, bob)

    async def always_busy(drafts: Sequence[Draft]) -> list[Outcome]:
        return [None] * len(drafts)

    async with one_lane(always_busy) as lanes:
        waiting = [lanes.put(draft(chat, alice)) for _ in range(3)]
        results = await asyncio.gather(*waiting, return_exceptions=True)

    assert [(r.code, r.retry_after) for r in results if isinstance(r, UserFault)] == [(ErrorCode.UNAVAILABLE, 1)] * 3


async def test_too_many_waiting_are_refused_at_once() -> None:
    alice, bob = await make_viewer(), await make_viewer()
    chat = await make_direct(alice, bob)
    gate = Gate()

    async with one_lane(gate, size=1) as lanes:
        first = lanes.put(draft(chat, alice))
        await gate.entered.wait()
        waiting = [lanes.put(draft(chat, alice)) for _ in range(lanes_module.WAITING_BATCHES)]
        with pytest.raises(UserFault) as fault:
            await lanes.send(draft(chat, alice))
        gate.open.set()
        await asyncio.gather(first, *waiting)

    assert fault.value.code is ErrorCode.UNAVAILABLE


async def test_a_caller_who_goes_does_not_stop_the_message() -> None:
    alice, bob = await make_viewer(), await make_viewer()
    chat = await make_direct(alice, bob)
    gate = Gate()

    async with one_lane(gate) as lanes:
        caller = asyncio.create_task(lanes.send(draft(chat, alice, "gone")))
        await gate.entered.wait()
        caller.cancel()
        gate.open.set()
        await lanes.send(draft(chat, alice, "after"))

    assert [text for _, text in await texts_of(chat)] == ["gone", "after"]


async def test_shutdown_writes_what_waits_and_refuses_the_rest() -> None:
    alice, bob = await make_viewer(), await make_viewer()
    chat = await make_direct(alice, bob)
    gate = Gate()

    async with one_lane(gate, size=2) as lanes:
        waiting = [lanes.put(draft(chat, alice, str(n))) for n in range(5)]
        closing = asyncio.create_task(lanes.close())
        await gate.entered.wait()
        late = lanes.put(draft(chat, alice))
        gate.open.set()
        await closing
        assert all(w.done() for w in waiting)

    assert isinstance(late.exception(), UserFault)
    assert len(await texts_of(chat)) == 5


async def test_items_keep_their_order_and_each_has_its_result() -> None:
    alice, bob = await make_viewer(), await make_viewer()
    chat = await make_direct(alice, bob)
    wrong = UserFault(ErrorCode.NOT_FOUND, "no such id")
    items = [new(chat, "0"), new(chat, ""), wrong, new(chat, "1", key="k"), new(chat, "other", key="k"), new(chat, "2")]

    results = await send_messages(alice, items)

    assert [r.code if isinstance(r, UserFault) else r.text for r in results] == [
        "0", ErrorCode.CONTENT_EMPTY, ErrorCode.NOT_FOUND, "1", ErrorCode.CONFLICT, "2",
    ]  # fmt: skip
    assert await texts_of(chat) == [(1, "0"), (2, "1"), (3, "2")]


async def test_a_failing_database_is_unavailable_and_the_repeat_works() -> None:
    alice, bob = await make_viewer(), await make_viewer()
    chat = await make_direct(alice, bob)
    failures = [ConnectionError("gone")]

    @db.retried
    async def flaky(drafts: Sequence[Draft]) -> list[Outcome]:
        if failures:
            raise failures.pop()
        return await send_batch(drafts)

    async with one_lane(flaky) as lanes:
        mine = draft(chat, alice, "hello", key="k")
        with pytest.raises(UserFault) as fault:
            await lanes.send(mine)
        sent = await lanes.send(mine)

    assert (fault.value.code, fault.value.retry_after) == (ErrorCode.UNAVAILABLE, 1)
    assert sent.seq == 1
