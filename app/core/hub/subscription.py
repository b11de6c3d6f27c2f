"""One durable subscription: judged, armed, replayed, live (design.md, "The hub", rules 1 to 6)."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from app.core.errors import CursorExpiredError
from app.core.graphql.streams import DurableStream
from app.core.hub.ahead import Ahead
from app.core.hub.groups import Group
from app.core.hub.ports import Sink
from app.core.hub.replay import Replay, Rows
from app.core.hub.stays import Facts, Stays, facts_of, note
from app.core.hub.texts import NOTHING, Found
from app.core.hub.turns import Turn
from app.core.log import Cursor, Event, Vector, decode_cursor
from app.core.records import record

if TYPE_CHECKING:
    from app.core.hub.hub import Hub

NEVER = 1 << 62
_AT_ONCE = 50  # frames rendered and handed over in one tick: a millisecond or so
_HOPELESS = 50  # replays overtaken in a row


@record(slots=True, frozen=True)
class Frame:
    """An event to hand over, with the vector its cursor is made of."""

    event: Event
    face: str
    vector: Vector


class SlowReaderError(Exception):
    """The reader took nothing for too long, or will never catch up: 4508."""


class Subscription:
    """Runs in its own task until it is live; then the group's deliveries reach `push` without any.

    `own` is the vector of the last thing handed over, until live; afterwards the group knows (Group.handed_to).
    """

    __slots__ = ("_queue", "_told", "_upper", "facts", "group", "handed", "hub", "is_closed", "live_from", "own",
                 "push", "routes", "sink", "stays", "stream", "task", "viewer")  # fmt: skip

    def __init__(self, hub: Hub, stream: DurableStream, group: Group, sink: Sink) -> None:
        self.hub = hub
        self.stream = stream
        self.viewer = stream.viewer
        self.group = group
        self.sink = sink
        self.push = sink.push
        self.live_from = NEVER  # the number of the first delivery it gets live
        self.handed = 0  # the number of the last one, for silence
        self.own: Vector = hub.follower.vector
        self.facts: Facts | None = None
        self.stays: Stays | None = None
        self.routes: set[UUID] = set()
        self.task: asyncio.Task[None] | None = None
        self.is_closed = False
        self._upper: Vector = ()
        self._queue: deque[Frame] | None = None
        self._told = False

    @property
    def is_live(self) -> bool:
        return self.live_from != NEVER

    @property
    def is_armed(self) -> bool:
        """Whether dispatch must route to it: replaying with an open queue, or live."""
        return self._queue is not None or self.is_live

    async def run(self) -> None:
        """From wherever it is to live. Raises CursorExpiredError, SlowReaderError, and what the store raises."""
        if self.stream.after is not None:
            self.own = await self.judge(self.stream.after)
        await self._climb()

    async def recover(self) -> None:
        """As run, for one that fell out of the live stream: waits for its reader first."""
        await self._until_drained()
        await self._climb()

    async def _climb(self) -> None:
        for _ in range(_HOPELESS):
            await self.gather()
            if await self._catch_up() and await self.tell_caught_up() and await self.hand_over():
                return
        raise SlowReaderError

    async def _catch_up(self) -> bool:
        """Arms and replays, where something was missed in its turn. Who waits for one has no queue yet: thousands would
        hold events meanwhile, and overflow, and begin again for as long as the others take."""
        if self.own == self.hub.follower.vector:
            self.arm()
            return await self.replay(None)
        async with Turn(self.hub.turns) as turn:
            self.arm()
            return await self.replay(turn)

    # ── rule 1: judge ─────────────────────────────────────────────────────────────────────────────

    async def judge(self, after: str) -> Vector:
        """The cursor as a vector of this log. Raises CursorExpiredError."""
        cursor = decode_cursor(after)
        if cursor is None:
            raise CursorExpiredError
        if self.is_ahead(cursor):
            await self.hub.follower.read_log()
            if self.is_ahead(cursor):
                raise CursorExpiredError
        vector = self.hub.recent.vector_at(cursor.positions) or await self._vector_at(cursor)
        if not cursor.matches(vector, self.hub.follower.epoch):
            raise CursorExpiredError
        return vector

    def is_ahead(self, cursor: Cursor) -> bool:
        """Whether it comes from a faster process than this one."""
        return any(at > now for at, (now, _) in zip(cursor.positions, self.hub.follower.vector, strict=True))

    async def _vector_at(self, cursor: Cursor) -> Vector:
        vector = []
        for position, ends in zip(cursor.positions, await self.hub.store.ends(cursor.positions), strict=True):
            if position < ends.floor or ends.own_tag is None:
                raise CursorExpiredError
            vector.append((position, ends.own_tag))
        return tuple(vector)

    # ── rules 2 and 3: watch, then read; arm ──────────────────────────────────────────────────────

    async def gather(self) -> None:
        """Learns the viewer's stays. What dispatch says meanwhile is noted, so nothing falls between."""
        facts: Facts = {}
        self.facts = facts
        intervals = await self.hub.store.intervals(self.viewer.user_id)
        for stream, known in facts_of(intervals, self.hub.follower.vector).items():
            facts.setdefault(stream, set()).update(known)

    def note(self, stream_id: UUID, position: int, came_in: bool) -> None:
        """Dispatch says that the viewer came in or went out."""
        if self.facts is not None:
            note(self.facts, stream_id, position, came_in)

    def arm(self) -> None:
        """From this tick on dispatch routes to the queue; what is below `upper` is replayed. Needs gather before."""
        assert self.facts is not None
        self._upper = self.hub.follower.vector
        self._queue = deque()
        self.stays = Stays(self.viewer.user_id, self.facts)
        self.facts = None  # from here on dispatch changes the routes themselves
        if self.follows(self.viewer.user_id):
            self.hub.routes.add(self.viewer.user_id, self)
        for stream in self.stays.now():
            if self.follows(stream):
                self.hub.routes.add(stream, self)

    def follows(self, stream_id: UUID) -> bool:
        """Whether the conversation filter lets a stream through."""
        wanted = self.stream.conversation_ids
        return wanted is None or stream_id in wanted

    # ── rule 4: replay ────────────────────────────────────────────────────────────────────────────

    async def replay(self, turn: Turn | None) -> bool:
        """Hands over (own, upper]. False: the queue overflowed meanwhile, start over from the own vector. None for
        `turn`: nothing was missed."""
        assert self.stays is not None
        if turn is not None:
            self.hub.replays += 1
            ahead = Ahead(self, self.new_replay(self._upper))
            try:
                while (batch := await ahead.next(turn)) is not None:
                    await self._hand(batch.frames, batch.found, turn)
                    self.own = batch.after
                    if self._queue is None:
                        return False
            finally:
                ahead.drop()
        self.own = self._upper
        self.stays = None
        return self._queue is not None

    def new_replay(self, upper: Vector) -> Replay:
        """The reading of (own, upper]."""
        return Replay(self.hub, self.own, upper, self._streams())

    def _streams(self) -> Sequence[UUID]:
        assert self.stays is not None
        return [s for s in self.stays.streams_after(self.own) if self.follows(s)]

    def frames(self, rows: Rows) -> list[Frame]:
        """The rows to show, each with the own vector as it is after it. It moves over hidden and filtered rows too."""
        frames = []
        own = list(rows.before)
        user, face_of, wants = self.viewer.user_id, self.hub.face_of, self.group.wants
        for row in rows.events:
            own[row.partition] = (row.position, row.tag)
            face = face_of(row, user)
            if face is not None and wants(face) and self.shows(row):
                frames.append(Frame(row, face, self.replay_vector(tuple(own))))
        return frames

    def shows(self, row: Event) -> bool:
        """Whether a row of the log is for this viewer, by the position at which they were in."""
        return self.follows(row.stream_id) and self.stays is not None and self.stays.show(row)

    def replay_vector(self, own: Vector) -> Vector:
        """What a replayed frame's cursor is made of: the own vector, never the hub's, which is ahead of it."""
        return own

    async def _hand(self, frames: Sequence[Frame], found: Found, turn: Turn | None = None) -> None:
        """Renders some frames and hands them over in order, a few in each tick of the loop."""
        selection, viewer, cursor = self.group.selection, self.viewer, self.hub.cursor
        for start in range(0, len(frames), _AT_ONCE):
            some = frames[start : start + _AT_ONCE]
            shown = [(frame.event, frame.face) for frame in some]
            texts = await self.hub.texts.render_some(selection, shown, viewer, found)
            for frame, text in zip(some, texts, strict=True):
                if text is not None:
                    payload = text.with_cursor(cursor(frame.vector))
                    if not self.push(payload):
                        await self._push(payload, turn)
                    self.hub.deliveries += 1
                self.own = frame.vector
            await asyncio.sleep(0)  # let others run

    async def _push(self, payload: bytes, turn: Turn | None = None) -> None:
        while not self.push(payload):
            await (self._until_drained() if turn is None else turn.aside(self._until_drained()))

    async def _until_drained(self) -> None:
        if not await self.sink.drained(self.hub.settings.stall_seconds):
            raise SlowReaderError

    async def tell_caught_up(self) -> bool:
        """Rule 8: CursorMoved with the own vector after each replay. False: the queue overflowed meanwhile."""
        if self.stream.wants_cursor_moved:
            outcome = await self.hub.render_cursor_moved(self, is_caught_up=not self._told)
            if (text := outcome.of(self.viewer)) is not None:
                await self._push(text.with_cursor(self.hub.cursor(self.own)))
                self.hub.deliveries += 1
        self._told = True
        return self._queue is not None

    # ── rules 5 and 6: hand over and go live; overflow ────────────────────────────────────────────

    def enqueue(self, event: Event, face: str, vector: Vector) -> None:
        """Dispatch routes an event to a replaying subscription; `vector` is the process's at that moment."""
        if self._queue is None:
            return
        if len(self._queue) >= self.hub.settings.queue:
            self.overflow()
            return
        self._queue.append(Frame(event, face, vector))

    def overflow(self) -> None:
        """Forgets the queue: what was in it is read from the log, from the own vector."""
        self.hub.overflows += 1
        self._queue = None
        self.hub.routes.discard_all(self)

    async def hand_over(self) -> bool:
        """Empties the queue and goes live in the same tick. False: it overflowed, start over."""
        while self._queue:
            frames = [self._queue.popleft() for _ in range(min(_AT_ONCE, len(self._queue)))]
            await self._hand(frames, NOTHING)
        if self._queue is None:
            return False
        self.go_live()
        return True

    def go_live(self) -> None:
        """From the next delivery on, the group hands over. Those on their way were in the queue."""
        self._queue = None
        self.live_from = self.hub.number + 1
        self.handed = self.hub.number
        self.hub.routes.went_live(self)

    def fell_behind(self, own: Vector) -> None:
        """The reader's buffer is full: leaves the live stream, having been handed everything up to `own`."""
        self.hub.overflows += 1
        self.own = own
        self.live_from = NEVER
        self.hub.routes.discard_all(self)
        self.hub.begin(self, self.recover())

    def shut(self) -> None:
        """Closed: nothing is routed here any more, and what is on its way is not handed over."""
        self.group.members.pop(self, None)
        self.live_from = NEVER
        self._queue = self.facts = self.stays = None
        self.hub.routes.discard_all(self)

    def came_in(self, stream_id: UUID) -> None:
        """A joining is dispatched: its row and what follows is routed here (rule 7)."""
        if self.is_armed and self.follows(stream_id):
            self.hub.routes.add(stream_id, self)

    def went_out(self, stream_id: UUID) -> None:
        """A removal was dispatched: nothing after it is routed here."""
        self.hub.routes.discard(stream_id, self)
