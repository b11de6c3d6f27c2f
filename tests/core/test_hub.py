"""The hub over the real log: live, resumed, removed, slow, failing."""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

import pytest

from app.core import log
from app.core.bus import Announcement
from app.core.clock import now
from app.core.errors import CursorExpiredError, UnavailableError
from app.core.graphql.streams import EphemeralStream
from app.core.hub import Selection, retractions
from tests.core.live import EVERYBODY, Sink, join, leave, living, say, take_back, viewer


@pytest.fixture
async def live(database):
    async with living(queue=10, page=5) as live:
        yield live


async def test_live_events_reach_members_once_and_in_order(live):
    group, alice, bob, eve = uuid4(), uuid4(), uuid4(), uuid4()
    await join(group, alice, bob)
    sinks = [live.subscribe(alice), live.subscribe(bob)]
    stranger = live.subscribe(eve)
    for sink in (*sinks, stranger):
        await sink.until_caught_up()

    await say(group, 1, 2, 3)
    await say(group, 4)

    for sink in sinks:
        await sink.until_said(4)
        assert sink.said == [1, 2, 3, 4]
    assert stranger.said == []


async def test_one_execution_serves_all_and_its_text_is_kept(live):
    group, people = uuid4(), [uuid4() for _ in range(20)]
    await join(group, *people)
    sinks = [live.subscribe(user) for user in people]
    cursors = [await sink.until_caught_up() for sink in sinks]
    live.renderer.calls.clear()

    await say(group, "once")
    for sink in sinks:
        await sink.until_said("once")
    again = live.subscribe(people[0], after=cursors[0])
    await again.until_said("once")

    assert [face for face, _ in live.renderer.calls if face == "SAID"] == ["SAID"]
    assert len({sink.got[-1]["cursor"] for sink in sinks}) == 1


async def test_resuming_gives_what_was_missed_and_then_goes_on(live):
    group, alice = uuid4(), uuid4()
    await join(group, alice)
    first = live.subscribe(alice)
    cursor = await first.until_caught_up()
    live.hub.recent.restart(live.follower.vector)  # nothing comes from memory

    await say(group, *range(40))
    live.hub.recent.restart(live.follower.vector)
    await say(uuid4(), "of others")
    second = live.subscribe(alice, after=cursor)
    await second.until_caught_up()
    await say(group, "live")
    await second.until_said("live")

    assert second.said == [*range(40), "live"]
    middle = next(e["cursor"] for e in second.got if e.get("n") == 20)
    third = live.subscribe(alice, after=middle)
    await third.until_caught_up()
    assert third.said == [*range(21, 40), "live"]


async def test_removed_people_see_their_removal_and_nothing_after(live):
    group, alice, bob = uuid4(), uuid4(), uuid4()
    await join(group, alice, bob)
    here = live.subscribe(alice)
    cursor = await here.until_caught_up()
    await say(group, "before")
    await leave(group, alice)
    await say(group, "after")
    await join(group, alice)
    await say(group, "again")
    await here.until_said("again")

    resumed = live.subscribe(alice, after=cursor)
    await resumed.until_caught_up()

    for sink in (here, resumed):
        shown = [(e["face"], e["n"]) for e in sink.got if "n" in e]
        assert shown == [
            ("SAID", "before"),
            ("CHANGED_FOR_ME", "left"),
            ("CHANGED_FOR_ME", "joined"),
            ("SAID", "again"),
        ]


async def test_hidden_events_are_never_shown(live):
    group, alice, bob = uuid4(), uuid4(), uuid4()
    await join(group, alice, bob)
    sinks = {alice: live.subscribe(alice), bob: live.subscribe(bob)}
    cursor = await sinks[alice].until_caught_up()
    await sinks[bob].until_caught_up()
    await say(group, "secret", hidden_from=[alice])
    await say(group, "open")
    for sink in sinks.values():
        await sink.until_said("open")
    live.hub.recent.restart(live.follower.vector)
    resumed = live.subscribe(alice, after=cursor)
    await resumed.until_caught_up()

    assert sinks[alice].said == resumed.said == ["open"]
    assert sinks[bob].said == ["secret", "open"]


async def test_filters(live):
    one, other, alice = uuid4(), uuid4(), uuid4()
    await join(one, alice)
    await join(other, alice)
    kinds = live.subscribe(alice, kinds=frozenset(["MEMBER_CHANGED"]))
    conversations = live.subscribe(alice, conversation_ids=frozenset([one]), selection=Selection("one"))
    cursor = await kinds.until_caught_up()
    await conversations.until_caught_up()
    await say(one, 1)
    await say(other, 2)
    await join(other, uuid4())
    await say(one, 3)
    await kinds.until_said("joined")
    await conversations.until_said(3)
    resumed = live.subscribe(alice, after=cursor, kinds=frozenset(["MEMBER_CHANGED"]))
    await resumed.until_caught_up()

    assert kinds.said == resumed.said == ["joined"]
    assert conversations.said == [1, 3]


async def test_frames_leave_in_dispatch_order_over_all_streams(live):
    one, other, alice = uuid4(), uuid4(), uuid4()
    await join(one, alice)
    await join(other, alice)
    sink = live.subscribe(alice)
    await sink.until_caught_up()
    gate = live.renderer.gates["slow"] = asyncio.Event()
    await say(one, "slow")
    await say(other, "quick")
    while ("SAID", 1) not in live.renderer.calls[-1:] or len(live.renderer.calls) < 3:
        await asyncio.sleep(0)
    assert sink.said == []

    gate.set()
    await sink.until_said("quick")
    assert sink.said == ["slow", "quick"]


async def test_a_slow_reader_replays_without_loss_while_others_go_on(live):
    group, slow, quick = uuid4(), uuid4(), uuid4()
    await join(group, slow, quick)
    full, other = live.subscribe(slow), live.subscribe(quick)
    await full.until_caught_up()
    await other.until_caught_up()
    full.room = len(full.got) + 2

    for n in range(60):
        await say(group, n)
    await other.until_said(59)
    assert full.said == [0, 1]

    full.read()
    await full.until_said(59)
    await say(group, "live")
    await full.until_said("live")
    assert full.said == other.said == [*range(60), "live"]
    assert live.hub.overflows >= 1


async def test_a_reader_that_never_reads_is_closed(database):
    async with living(stall_seconds=0.05) as live:
        alice = uuid4()
        sink = live.subscribe(alice, Sink(room=1))
        await sink.until_caught_up()
        await say(alice, 1)
        await sink.until(lambda s: s.closed is not None)

    assert sink.closed == 4508


@pytest.mark.parametrize("cursor", ["", "nonsense", "AAAA", "é" * 3, "A" * 500])
async def test_malformed_cursors_have_expired(live, cursor):
    sink = live.subscribe(uuid4(), after=cursor)
    await sink.until(lambda s: s.ended is not None)

    assert isinstance(sink.ended, CursorExpiredError)


async def test_an_unavailable_execution_closes_the_group_to_be_resumed(live):
    group, alice, bob = uuid4(), uuid4(), uuid4()
    await join(group, alice, bob)
    sinks = [live.subscribe(alice), live.subscribe(bob)]
    cursor = await sinks[0].until_caught_up()
    await sinks[1].until_caught_up()
    live.renderer.errors["lost"] = UnavailableError()
    await say(group, "lost", "next")
    for sink in sinks:
        await sink.until(lambda s: s.closed is not None)
        assert (sink.closed, sink.said) == (4503, [])

    del live.renderer.errors["lost"]
    resumed = live.subscribe(alice, after=cursor)
    await resumed.until_said("next")
    assert resumed.said == ["lost", "next"]


async def test_a_bug_is_shown_in_place_of_the_event_with_its_cursor(live):
    alice = uuid4()
    sink = live.subscribe(alice)
    await sink.until_caught_up()
    live.renderer.errors["bug"] = ValueError("a bug")
    await say(alice, "bug")
    await say(alice, "next")
    await sink.until_said("next")

    failed = sink.got[-2]
    assert failed["errors"][0]["extensions"]["code"] == "INTERNAL"
    cursor = failed["errors"][0]["extensions"]["cursor"]
    resumed = live.subscribe(alice, after=cursor)
    await resumed.until_caught_up()
    assert resumed.said == ["next"]


async def test_what_depends_on_the_viewer_is_each_ones_own(live):
    live.renderer.per_viewer = True
    group, people = uuid4(), [uuid4() for _ in range(3)]
    await join(group, *people)
    sinks = {user: live.subscribe(user) for user in people}
    for sink in sinks.values():
        await sink.until_caught_up()
    live.renderer.calls.clear()
    await say(group, "hello")
    for user, sink in sinks.items():
        await sink.until_said("hello")
        assert sink.got[-1]["for"] == user.hex

    assert live.renderer.calls == [("SAID", 3)]


async def test_the_faces_of_one_event_leave_together(live):
    """Else somebody who has to go back to the log would be handed their face of it again."""
    group, alice, bob = uuid4(), uuid4(), uuid4()
    await join(group, alice, bob)
    sinks = [live.subscribe(alice), live.subscribe(bob)]
    for sink in sinks:
        await sink.until_caught_up()
    gate = live.renderer.gates["CHANGED_FOR_ME"] = asyncio.Event()
    await leave(group, bob)
    while ("MEMBER_CHANGED", 1) not in live.renderer.calls:
        await asyncio.sleep(0)
    assert sinks[0].said == []

    for n in range(102):  # more than wait for an execution
        await say(group, n)
    gate.set()
    await sinks[0].until_said(101)
    assert sinks[0].said == ["left", *range(102)]
    await sinks[1].until_said("left")
    assert sinks[1].said == ["left"]
    assert live.hub.overflows == 2


async def test_typing_is_merged_and_reaches_members_only(live):
    group, alice, bob, eve = uuid4(), uuid4(), uuid4(), uuid4()
    await join(group, alice, bob)
    streams = {user: EphemeralStream(viewer(user), "TYPING") for user in (alice, bob, eve)}
    sinks = {user: Sink() for user in streams}
    for user, stream in streams.items():
        subscription = live.hub.open(stream, EVERYBODY, sinks[user])
        await subscription.task

    for n in range(5):
        live.hub.announced(Announcement("TYPING", group, "alice", {"n": n}, frozenset([alice])))
    await sinks[bob].until_said(4)
    await leave(group, bob)
    live.hub.announced(Announcement("TYPING", group, "alice", {"n": "later"}, frozenset([alice])))
    live.hub.announced(Announcement("TYPING", group, "bob", {"n": "seen"}, frozenset([bob])))
    await sinks[alice].until_said("seen")

    assert sinks[alice].said == ["seen"]
    assert sinks[bob].said == [4]
    assert sinks[eve].said == []


async def test_what_is_ephemeral_displaces_no_kept_text(live):
    group, alice = uuid4(), uuid4()
    await join(group, alice)
    sink = Sink()
    await live.hub.open(EphemeralStream(viewer(alice), "TYPING"), EVERYBODY, sink).task
    kept = dict(live.hub.texts._kept)

    live.hub.announced(Announcement("TYPING", group, "bob", {"n": "typing"}))
    await sink.until_said("typing")

    assert live.hub.texts._kept == kept


async def test_what_is_ephemeral_leaves_room_for_events(live):
    group, alice = uuid4(), uuid4()
    await join(group, alice)
    sink = live.subscribe(alice)
    await sink.until_caught_up()
    sink.room, sink.kept_free = len(sink.got) + 3, 2
    await live.hub.open(EphemeralStream(viewer(alice), "TYPING"), EVERYBODY, sink).task

    for n in range(2):
        live.hub.announced(Announcement("TYPING", group, f"person {n}", {"n": f"typing {n}"}))
    await sink.until_said("typing 0")
    await say(group, 1, 2)
    await sink.until_said(2)

    assert sink.said == ["typing 0", 1, 2]
    assert (live.hub.ephemeral_dropped, live.hub.overflows) == (1, 0)


async def test_kept_texts_are_bounded_and_counted(live):
    texts = live.hub.texts.aside(5000)
    nobody: frozenset[UUID] = frozenset()
    for n in range(20):
        event = log.Event(-2, n + 1, 0, 0, uuid4(), "TYPING", {"n": n}, nobody, nobody, nobody, now())
        await texts.render(EVERYBODY, event, "TYPING", [viewer(uuid4())])
        assert texts.bytes <= 5000
    assert 0 < len(texts._kept) < 20
    assert texts.bytes == sum(600 + sum(map(len, made.text.parts)) for made in texts._kept.values())


async def test_many_deliveries_let_others_run_in_between(live):
    group, people = uuid4(), [uuid4() for _ in range(250)]
    await join(group, *people)
    sinks = [Sink() for _ in people]
    for user, sink in zip(people, sinks, strict=True):
        await live.hub.open(EphemeralStream(viewer(user), "TYPING"), EVERYBODY, sink).task
    counts: list[int] = []

    live.hub.announced(Announcement("TYPING", group, "eve", {"n": "typing"}))
    while sum(counts) < len(people):
        await asyncio.sleep(0)
        counts.append(sum(bool(sink.got) for sink in sinks) - sum(counts))

    assert max(counts) <= 100
    assert all(sink.said == ["typing"] for sink in sinks)


async def test_a_quiet_subscription_is_told_where_to_resume(database):
    async with living(quiet_seconds=0.3) as live:
        alice, other = uuid4(), uuid4()
        sink = live.subscribe(alice)
        first = await sink.until_caught_up()
        await say(other, "of others")
        await sink.until(lambda s: len(s.got) >= 2)

        moved = sink.got[1]
        assert (moved["face"], moved["isCaughtUp"]) == ("CURSOR_MOVED", False)
        assert moved["cursor"] != first
        resumed = live.subscribe(alice, after=moved["cursor"])
        await resumed.until_caught_up()


async def test_many_who_connect_at_once_share_the_reading_of_their_stays(live):
    asked = []
    read = live.store._intervals._read

    async def counted(users):
        asked.append(len(users))
        return await read(users)

    live.store._intervals._read = counted
    sinks = [live.subscribe(uuid4()) for _ in range(200)]
    for sink in sinks:
        await sink.until_caught_up()

    assert sum(asked) == 200
    assert len(asked) <= 3


# ── what was taken back ───────────────────────────────────────────────────────────────────────────


def state_of(sink, n):
    return next(e["state"] for e in sink.got if e.get("n") == n)


@pytest.mark.parametrize("own_stream", [False, True], ids=["conversation", "user"])
async def test_what_was_taken_back_is_never_shown_from_memory(live, own_stream):
    group, other, alice = uuid4(), uuid4(), uuid4()
    await join(group, alice)
    await join(other, alice)
    first = live.subscribe(alice)
    cursor = await first.until_caught_up()
    live.renderer.state = "old"
    async with log.transaction():
        log.record(log.NewEvent(group, "SAID", {"n": 1}, carried={"text": "old"}))
    await say(other, 2)
    await first.until_said(2)
    assert next(e["carried"] for e in first.got if e.get("n") == 1) == {"text": "old"}

    live.renderer.state = "new"
    await (take_back(alice, group) if own_stream else take_back(group))
    await first.until_said("taken back")
    late = live.subscribe(alice, after=cursor)
    await late.until_said("taken back")
    await late.until_caught_up()

    assert (state_of(late, 1), state_of(late, 2)) == ("new", "old")  # of other conversations everything is kept
    assert next(e["carried"] for e in late.got if e.get("n") == 1) is None
    await say(group, 3)
    await late.until_said(3)
    live.renderer.state = "newest"
    again = live.subscribe(alice, after=cursor)
    await again.until_said(3)
    assert [state_of(again, n) for n in (1, 2, 3)] == ["new", "old", "new"]


async def test_an_execution_that_began_before_is_not_kept(live):
    group, alice = uuid4(), uuid4()
    await join(group, alice)
    first = live.subscribe(alice)
    cursor = await first.until_caught_up()
    live.renderer.state = "old"
    gate = live.renderer.gates[1] = asyncio.Event()
    live.renderer.calls.clear()
    await say(group, 1)
    async with asyncio.timeout(5):
        while not live.renderer.calls:
            await asyncio.sleep(0)
    live.renderer.state = "new"
    await take_back(group)
    late = live.subscribe(alice, after=cursor)  # does not wait for the old execution, either
    async with asyncio.timeout(5):
        while live.renderer.calls.count(("SAID", 1)) < 2:
            await asyncio.sleep(0)
    gate.set()
    await first.until_said("taken back")
    await late.until_caught_up()
    last = live.subscribe(alice, after=cursor)
    await last.until_caught_up()

    assert [state_of(sink, 1) for sink in (first, late, last)] == ["old", "new", "new"]


async def test_other_processes_forget_too(live):
    group, alice = uuid4(), uuid4()
    await join(group, alice)
    cursor = await live.subscribe(alice).until_caught_up()
    live.renderer.state = "old"
    await say(group, 1)
    await live.subscribe(alice, after=cursor).until_said(1)
    async with living() as elsewhere:
        await take_back(group)  # committed there; here nothing is heard before the log is read
        assert elsewhere.hub.dispatched
    live.renderer.state = "new"
    await live.follower.read_log()
    late = live.subscribe(alice, after=cursor)
    await late.until_caught_up()

    assert state_of(late, 1) == "new"


def test_streams_taken_back_long_ago_are_not_believed(monkeypatch):
    monkeypatch.setattr(retractions, "_STREAMS", 2)
    streams, found = [uuid4() for _ in range(4)], retractions.Retractions()
    events = [_said(stream, position=5) for stream in streams]
    for stream in streams[:3]:
        found.add(stream, 7)

    assert [found.is_old(event, 0) for event in events] == [True] * 4  # the last: better once too often
    assert [found.is_old(event, 3) for event in events] == [False] * 4
    assert [found.is_before(event) for event in events[:3]] == [True] * 3
    assert not found.is_before(_said(streams[0], position=8))


def _said(stream, *, position):
    partition = log.partition_of(stream)
    return log.Event(
        partition, position, 1, 0, stream, "SAID", {}, frozenset(), frozenset(), frozenset(), now()
    )  # fmt: skip


async def test_a_reader_that_takes_nothing_lets_others_catch_up(live):
    group, people = uuid4(), [uuid4() for _ in range(6)]
    await join(group, *people)
    first = live.subscribe(people[0])
    cursor = await first.until_caught_up()
    await say(group, *range(40))
    live.hub.recent.restart(live.follower.vector)
    live.hub.turns = asyncio.Semaphore(1)

    full = live.subscribe(people[1], Sink(room=7), after=cursor)
    await full.until_said(6)
    others = [live.subscribe(user, after=cursor) for user in people[2:]]
    for other in others:
        await other.until_caught_up()
        assert other.said == [*range(40)]
    assert full.said == [*range(7)]

    full.read()
    await full.until_caught_up()
    assert full.said == [*range(40)]
    assert not live.hub.turns.locked()


async def test_who_waits_for_others_to_catch_up_holds_nothing_and_begins_once(live):
    group, alice, bob = uuid4(), uuid4(), uuid4()
    await join(group, alice, bob)
    cursor = await live.subscribe(alice).until_caught_up()
    await say(group, *range(10))
    live.hub.turns = asyncio.Semaphore(1)
    await live.hub.turns.acquire()
    before = live.hub.replays, live.hub.overflows

    waiting = live.subscribe(bob, after=cursor)
    async with asyncio.timeout(5):
        while not live.hub.turns._waiters:
            await asyncio.sleep(0)
    missed = live.hub.settings.queue * 2
    await say(group, *range(10, 10 + missed))
    live.hub.turns.release()
    await waiting.until_caught_up()

    assert waiting.said == [*range(10 + missed)]
    assert (live.hub.replays, live.hub.overflows) == (before[0] + 1, before[1])


async def test_who_goes_while_catching_up_leaves_the_place_to_others(live):
    group, alice, bob = uuid4(), uuid4(), uuid4()
    await join(group, alice, bob)
    cursor = await live.subscribe(alice).until_caught_up()
    await say(group, *range(40))
    live.hub.recent.restart(live.follower.vector)
    live.hub.turns = asyncio.Semaphore(1)
    gate = live.renderer.gates[12] = asyncio.Event()

    live.subscribe(alice, going := Sink(), after=cursor)
    await going.until_said(4)
    for subscription in [s for s in live.hub._people[alice] if s.sink is going]:
        live.hub.close(subscription)
    gate.set()
    staying = live.subscribe(bob, after=cursor)
    await staying.until_caught_up()

    assert staying.said == [*range(40)]
    assert 39 not in going.said


async def test_what_a_process_starts_with_in_memory_is_the_end_of_the_log(live):
    group, other, alice = uuid4(), uuid4(), uuid4()
    await join(group, alice)
    await join(other, alice)
    cursor = await live.subscribe(alice).until_caught_up()
    await say(group, *range(20))
    await say(other, *range(20, 25))
    recent = live.hub.recent
    memory = [dict(events) for events in recent._events]
    recent.restart(live.follower.vector)
    assert recent.vector_at([at for at, _ in live.follower.vector]) == live.follower.vector

    for size in (10, 16, 30, 64):
        recent._size = size
        recent.restart(live.follower.vector)
        await recent.fill(live.store)
        assert len(recent._order) <= size
        for partition, events in enumerate(recent._events):
            low, head = recent._low[partition][0], live.follower.vector[partition][0]
            assert sorted(events) == [*range(low + 1, head + 1)]
            for position in events.keys() & memory[partition].keys():
                assert events[position].tag == memory[partition][position].tag
                assert events[position].payload == memory[partition][position].payload
        again = live.subscribe(alice, after=cursor)
        await again.until_caught_up()
        assert again.said == [*range(25)]
    recent._size = 4096


async def test_filling_the_memory_gives_up_where_the_log_went_on(live):
    group, alice = uuid4(), uuid4()
    await join(group, alice)
    await say(group, *range(20))
    recent = live.hub.recent
    recent.restart(live.follower.vector)
    recent._size = 64
    partition = log.partition_of(group)
    low, tag = recent._low[partition]
    reading = await live.store.read([max(0, at - 5) for at, _ in live.follower.vector], 5)
    recent._low[partition] = (low, tag ^ 1)  # another log's
    recent._add_older(reading.rows[partition])
    assert not recent._events[partition]
    recent._low[partition] = (low - 1, tag)  # taken out meanwhile
    recent._add_older(reading.rows[partition])
    assert not recent._events[partition]
    recent._low[partition] = (low, tag)
    recent._add_older([row for row in reading.rows[partition] if row.position != low - 2])
    assert not recent._events[partition]
    recent._add_older(reading.rows[partition])
    assert sorted(recent._events[partition]) == [*range(low - 4, low + 1)]
    recent._size = 4096
