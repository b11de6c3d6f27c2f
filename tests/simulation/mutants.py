"""The rules of design.md, each switched off by overriding one small method of the real classes (or one habit of the
fake world's writers and clients). With any of them the checks must fail, or they would prove nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from app.core.follower import Follower
from app.core.hub import Hub, Subscription
from app.core.hub.groups import Delivery, Group
from app.core.hub.quiet import Quiet
from app.core.hub.replay import Replay
from app.core.hub.stays import facts_of
from app.core.hub.turns import Turn
from app.core.log import Cursor, Event, Vector, decode_cursor
from app.core.log_store import Page, Reading, Span
from tests.simulation.process import SETTINGS, Parts
from tests.simulation.weather import Weather


@dataclass(frozen=True)
class Mutant:
    """`world` names what the fake writers and clients do wrong; `parts` what the real code does."""

    rule: str
    parts: Parts = field(default_factory=Parts)
    world: str = ""
    weather: Weather | None = None
    """Where the usual weather shows it too rarely."""


class _Subscription(Subscription):
    __slots__ = ()


# ── rule 1 ────────────────────────────────────────────────────────────────────────────────────────


class UnjudgedCursor(_Subscription):
    async def judge(self, after: str) -> Vector:
        cursor = decode_cursor(after)
        ends = await self.hub.store.ends(cursor.positions)
        return tuple((position, end.own_tag or 0) for position, end in zip(cursor.positions, ends, strict=True))


class UncheckedOwnEnd(Replay):
    def check_own(self, span: Span, page: Page) -> None:
        pass


class NeverReadsForCursor(_Subscription):
    async def judge(self, after: str) -> Vector:
        if self.is_ahead(decode_cursor(after)):
            after = ""
        return await super().judge(after)


class AheadOfItsProcess(_Subscription):
    def is_ahead(self, cursor: Cursor) -> bool:
        return False


# ── rule 2 ────────────────────────────────────────────────────────────────────────────────────────


class ReadsBeforeWatching(_Subscription):
    async def gather(self) -> None:
        intervals = await self.hub.store.intervals(self.viewer.user_id)
        await asyncio.sleep(0.005)
        self.facts = facts_of(intervals, self.hub.follower.vector)


class FutureFacts(_Subscription):
    async def gather(self) -> None:
        facts = self.facts = {}
        intervals = await self.hub.store.intervals(self.viewer.user_id)
        ever = tuple((1 << 62, 0) for _ in self.hub.follower.vector)
        for stream, known in facts_of(intervals, ever).items():
            facts.setdefault(stream, set()).update(known)


# ── rules 3 and 4 ─────────────────────────────────────────────────────────────────────────────────


class UpperReadLate(_Subscription):
    async def replay(self, turn: Turn | None) -> bool:
        await asyncio.sleep(0.01)
        self._upper = self.hub.follower.vector
        async with Turn(asyncio.Semaphore()) as own:
            return await super().replay(turn or own)


class ReplayWithHubCursor(_Subscription):
    def replay_vector(self, own: Vector) -> Vector:
        return self.hub.follower.vector


class CurrentMembership(_Subscription):
    """Visible is what one is in now, not what one was in at the position."""

    def shows(self, row: Event) -> bool:
        if self.viewer.user_id in row.hidden_from:
            return False
        return self.follows(row.stream_id) and row.stream_id in {self.viewer.user_id, *self.stays.now()}


class PartitionSkipped(Replay):
    """The own vector jumps to the end of a partition that has rows left."""

    def _merged(self):
        batch = super()._merged()
        for row in batch:
            self._own[row.partition] = self._upper[row.partition]
        return batch


# ── rule 5 ────────────────────────────────────────────────────────────────────────────────────────


class Unordered(Group):
    __slots__ = ()

    def flush(self) -> None:
        for delivery in [d for d in self.queue if d.done]:
            self.queue.remove(delivery)
            self._hand(delivery)


class LiveBeforeReplay(_Subscription):
    def arm(self) -> None:
        super().arm()
        self.live_from = self.hub.number + 1
        self.hub.routes.went_live(self)


class TakesOldDeliveries(_Subscription):
    """After an overflow deliveries still on their way are handed over, which the replay had."""

    def go_live(self) -> None:
        super().go_live()
        self.live_from = 0


class BacklogForgotten(_Subscription):
    async def hand_over(self) -> bool:
        if self._queue is not None:
            self._queue.clear()
        return await super().hand_over()


# ── rule 6 ────────────────────────────────────────────────────────────────────────────────────────


class OverflowFromEnqueued(_Subscription):
    def enqueue(self, event: Event, face: str, vector: Vector) -> None:
        if self._queue is not None and len(self._queue) >= self.hub.settings.queue:
            self.own = self._queue[-1].vector
        super().enqueue(event, face, vector)


class OverflowFromHub(_Subscription):
    def fell_behind(self, own: Vector) -> None:
        super().fell_behind(self.hub.follower.vector)


# ── rule 7 ────────────────────────────────────────────────────────────────────────────────────────


class RemovedStay(_Subscription):
    def went_out(self, stream_id: UUID) -> None:
        pass


class NewcomersWait(_Subscription):
    def came_in(self, stream_id: UUID) -> None:
        pass


class RoutesChangeLate(Hub):
    """After the tick in which the row was routed."""

    def _came_in(self, event: Event) -> None:
        asyncio.get_running_loop().call_later(0.001, super()._came_in, event)

    def _went_out(self, event: Event) -> None:
        asyncio.get_running_loop().call_later(0.001, super()._went_out, event)


# ── rules 8 and 9 ─────────────────────────────────────────────────────────────────────────────────


class BeatsWithQueue(Quiet):
    async def look(self) -> None:
        self._hub.number += 1
        if self._hub.number % 10 == 0:
            for subscription in self._hub.live_subscriptions():
                await self.tell(subscription)

    def may_tell(self, subscription: Subscription) -> bool:
        return True


class FailedSkipped(Group):
    __slots__ = ()

    def flush(self) -> None:
        while self.queue and self.queue[0].done:
            delivery: Delivery = self.queue.popleft()
            if delivery.error is None:
                self._hand(delivery)


# ── the follower ──────────────────────────────────────────────────────────────────────────────────


class TagBeforeIgnored(Follower):
    def _follows(self, event: Event) -> bool:
        return True

    def _forget(self, announced: Sequence[set[int]]) -> None:
        pass


class HolesIgnored(Follower):
    def _take(self, event: Event) -> None:
        if self._vector and not self._lost and event.position > self._vector[event.partition][0]:
            self._dispatch(event)


class ForeignLogIgnored(Follower):
    def _is_foreign(self, before: Vector, reading: Reading) -> bool:
        return False

    def _follows(self, event: Event) -> bool:
        return True


def _sub(kind: type[Subscription]) -> Parts:
    return Parts(subscription=kind)


OFTEN = Weather(trims=0, restores=0.08)
LATE = Weather(trims=0, restores=0.08, late=0.2, render_seconds=0.01)
SLOW = Weather(trims=0, restores=0, render_seconds=0.15)
MUTANTS = {
    "unjudged_cursor": Mutant("1: a cursor is judged", Parts(subscription=UnjudgedCursor, replay=UncheckedOwnEnd)),
    "no_read_for_cursor": Mutant("1: the log is read before a cursor has expired", _sub(NeverReadsForCursor)),
    "ahead_of_process": Mutant("1: a process is never behind its subscriptions", _sub(AheadOfItsProcess)),
    "read_before_watch": Mutant("2: watch, then read", _sub(ReadsBeforeWatching)),
    "future_facts": Mutant("2: facts above the vector are dropped", _sub(FutureFacts)),
    "upper_read_late": Mutant("3: arm in one tick", _sub(UpperReadLate)),
    "replay_hub_cursor": Mutant("4: the cursor is the own vector, never the hub's", _sub(ReplayWithHubCursor)),
    "own_end_unchecked": Mutant("4: floor and tag at the own position", Parts(replay=UncheckedOwnEnd)),
    "current_membership": Mutant("who sees it: by position", _sub(CurrentMembership)),
    "partition_skipped": Mutant("4: the own vector moves row by row", Parts(replay=PartitionSkipped)),
    "unordered": Mutant("5: frames leave in dispatch order", Parts(group=Unordered)),
    "live_before_replay": Mutant("5: live when the replay is done", _sub(LiveBeforeReplay)),
    "old_deliveries": Mutant("5: only deliveries from going live on", _sub(TakesOldDeliveries), weather=SLOW),
    "backlog_forgotten": Mutant("5: the queue is handed over", _sub(BacklogForgotten)),
    "overflow_enqueued": Mutant("6: back with the vector of what was handed over", _sub(OverflowFromEnqueued)),
    "overflow_from_hub": Mutant("6: back with the own vector, not the hub's", _sub(OverflowFromHub)),
    "removed_stay": Mutant("7: a removal takes the route away", _sub(RemovedStay)),
    "newcomers_wait": Mutant("7: a joining adds the route", _sub(NewcomersWait)),
    "routes_late": Mutant("7: exactly at the position", Parts(hub=RoutesChangeLate)),
    "beat_with_queue": Mutant("8: only if nothing is queued or executing", Parts(quiet=BeatsWithQueue)),
    "failed_skipped": Mutant("9: a failed execution is never skipped", Parts(group=FailedSkipped)),
    "tag_before_ignored": Mutant("bus: the tag before must be our own", Parts(follower=TagBeforeIgnored), weather=LATE),
    "holes_ignored": Mutant("bus: only the next position is dispatched", Parts(follower=HolesIgnored)),
    "foreign_log_ignored": Mutant("one routine: a foreign log closes all", Parts(follower=ForeignLogIgnored)),
    "no_poll": Mutant(
        "one routine: it polls",
        Parts(settings=SETTINGS.model_copy(update={"poll_seconds": 1e6, "unwell_poll_seconds": 1e6})),
    ),
    "one_interval": Mutant("who sees it: re-joining opens another interval", world="one_interval"),
    "unlocked_positions": Mutant("append: positions are taken under the lock", world="unlocked_positions"),
    "epoch_kept": Mutant("cursor: restoring renews the epoch", world="epoch_kept", weather=OFTEN),
    "cursor_after_data": Mutant("cursor: taken before anything is read", world="cursor_after_data"),
    "database_cursor_old_cache": Mutant("cursor: not the database's heads", world="database_cursor_old_cache"),
}
