"""One per process: hears every dispatched event and announcement, and brings them to the local subscriptions."""

from __future__ import annotations

import asyncio
import contextvars
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping
from typing import Any, TypeVar
from uuid import UUID

import structlog

from app.core.bus_codec import Announcement
from app.core.db import GONE
from app.core.errors import ApiError, CursorExpiredError, UnavailableError
from app.core.graphql.streams import DurableStream, EphemeralStream
from app.core.hub.ephemeral import KEPT_BYTES, EphemeralGroup, EphemeralSubscription, RoutedSubscription
from app.core.hub.groups import Delivery, Group, Part, Recipients, Route
from app.core.hub.ports import FacesOfRow, Position, Renderer, Selection, Sink
from app.core.hub.quiet import Quiet
from app.core.hub.recent import Recent
from app.core.hub.replay import ForeignLogError
from app.core.hub.routes import Routes
from app.core.hub.subscription import SlowReaderError, Subscription
from app.core.hub.texts import Outcome, Texts, now_or_later
from app.core.log import Cursors, Event, Vector, partition_of
from app.core.log_store import LogStore
from app.settings import HubSettings

log = structlog.get_logger("hub")
_RECENT = 4096
_STARTED_PER_TICK = 64  # executions begun in one loop tick: some 3 ms, as locks wait for this loop
_CROWD = 10  # times as many deliveries may wait in a group, which serves all with one client, as in a replay's queue
_FEW = 4  # executions after which a crowd gets them at once; of many, answers to who sent join more than they delay
_EXECUTION_SECONDS = 10.0
_CATCHING_UP = 4  # subscriptions that replay at once: each takes a millisecond of a tick, and pages of memory
SLOW, ELSEWHERE = 4508, 4503
T = TypeVar("T")
AnySubscription = Subscription | EphemeralSubscription


class Hub:
    """`dispatch` and `announced` are called by follower and bus; `open` and `close` by the transport.

    Counters are plain integers for telemetry to read.
    """

    def __init__(
        self,
        follower: Position,
        store: LogStore,
        renderer: Renderer,
        *,
        faces: Mapping[str, FacesOfRow],
        cursor_slot: str,
        settings: HubSettings,
    ) -> None:
        self.follower = follower
        self.store = store
        self.settings = settings
        self.texts = Texts(renderer, cursor_slot, _EXECUTION_SECONDS)
        self.ephemeral_texts = self.texts.aside(KEPT_BYTES)
        self.recent = Recent(_RECENT)
        self.turns = asyncio.Semaphore(_CATCHING_UP)
        self.routes = Routes()
        self.number = 0  # of the last dispatch: the order in which frames leave
        self._faces = faces
        self._groups: dict[Any, Group] = {}
        self._ephemeral: dict[Any, EphemeralGroup] = {}
        self._listeners: dict[str, list[Callable[[Announcement], None]]] = {}
        self._people: dict[UUID, dict[AnySubscription, None]] = {}
        self._executions: deque[Delivery] = deque()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._quiet = Quiet(self)
        self.on_handed: Callable[[], None] | None = None  # called when what could be executed is handed over
        self._context = contextvars.copy_context()
        self._cursors = Cursors()
        self.dispatched = self.deliveries = self.overflows = self.replays = self.expired = 0
        self.ephemeral_deliveries = self.ephemeral_dropped = 0

    @property
    def executions(self) -> int:
        return self.texts.executions + self.ephemeral_texts.executions

    @property
    def shared_executions(self) -> int:
        return self.texts.shared_executions + self.ephemeral_texts.shared_executions

    @property
    def subscriptions(self) -> int:
        """How many are open."""
        return sum(map(len, self._people.values()))

    def follow(self) -> None:
        """Hears what the follower dispatches. Once, before the follower starts."""
        self.follower.on_heads(self.restarted)
        self.follower.on_dispatch(self.dispatch)
        self.follower.on_foreign_log(self.close_all)

    def start(self) -> None:
        """Begins to watch for silence. Tasks of the hub run in the context this is called in, whoever causes them."""
        self._context = contextvars.copy_context()
        self.spawn(self._quiet.run())

    async def stop(self) -> None:
        """Forgets everything. Sockets are the transport's to close."""
        for subscription in self._everybody():
            self.close(subscription)
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # ── for the transport ─────────────────────────────────────────────────────────────────────────

    def open(self, stream: DurableStream | EphemeralStream, selection: Selection, sink: Sink) -> AnySubscription:
        """Begins a subscription. Never blocks and never raises: what goes wrong later is told to the sink."""
        subscription: AnySubscription
        if isinstance(stream, EphemeralStream):
            subscription = self._open_ephemeral(stream, selection, sink)
        else:
            group = self._groups.get((selection, stream.kinds))
            if group is None:
                group = self.new_group(selection, stream.kinds)
                self._groups[group.key] = group
            subscription = self.new_subscription(stream, group, sink)
            group.members[subscription] = None
        self._people.setdefault(subscription.viewer.user_id, {})[subscription] = None
        self.begin(subscription, subscription.run())
        return subscription

    def new_group(self, selection: Selection, kinds: frozenset[str] | None) -> Group:
        """A group without members."""
        limit = _CROWD * self.settings.queue
        return Group(selection, kinds, limit, hand=self.hand, fail=self._fail_group, overflow=self._overflow_group)

    def new_subscription(self, stream: DurableStream, group: Group, sink: Sink) -> Subscription:
        """A subscription that has not begun."""
        return Subscription(self, stream, group, sink)

    def _open_ephemeral(self, stream: EphemeralStream, selection: Selection, sink: Sink) -> EphemeralSubscription:
        key = (selection, stream.topic)
        group = self._ephemeral.get(key)
        if group is None:
            group = self._ephemeral[key] = EphemeralGroup(self, selection, stream.topic)
        kind = RoutedSubscription if stream.router is not None else EphemeralSubscription
        subscription = kind(self, stream, group, sink)
        group.members[subscription] = None
        return subscription

    def close(self, subscription: AnySubscription) -> None:
        """Ends a subscription; again is fine. Nothing reaches its sink afterwards."""
        if subscription.is_closed:
            return
        subscription.is_closed = True
        subscription.shut()
        if not subscription.group.members:
            groups: dict[Any, Any] = self._groups if isinstance(subscription, Subscription) else self._ephemeral
            groups.pop(subscription.group.key, None)
        people = self._people[subscription.viewer.user_id]
        del people[subscription]
        if not people:
            del self._people[subscription.viewer.user_id]
        task = subscription.task
        if task is not None and task is not _current_task():
            task.cancel()

    def close_all(self) -> None:
        """Closes all sockets, to be resumed: the log is a foreign one, and each cursor must be judged."""
        for subscription in self._everybody():
            self._close_socket(subscription, ELSEWHERE, "Resume: the log changed")

    def live_subscriptions(self) -> list[Subscription]:
        """Those that have nothing left to replay."""
        return [s for group in self._groups.values() for s in group.members if s.is_live]

    def _everybody(self) -> list[AnySubscription]:
        return [s for people in self._people.values() for s in people]

    # ── dispatch ──────────────────────────────────────────────────────────────────────────────────

    def announced(self, announcement: Announcement) -> None:
        """Brings something that is not stored to who may see it. The caller also tells the bus."""
        for listener in self._listeners.get(announcement.topic, ()):
            listener(announcement)
        for group in self._ephemeral.values():
            group.take(announcement)

    def on_announcement(self, topic: str, listener: Callable[[Announcement], None]) -> None:
        """Calls `listener` with every announcement of a topic, wherever it was made, before it is shown."""
        self._listeners.setdefault(topic, []).append(listener)

    def restarted(self) -> None:
        """The follower took the heads: what it dispatches next follows its vector."""
        self.recent.restart(self.follower.vector)

    def dispatch(self, event: Event) -> None:
        """Routes an event of the log, in the tick in which the process's vector reached it (rules 3, 5 and 7)."""
        self.number += 1
        self.dispatched += 1
        self.recent.add(event)
        if event.joined:
            self._came_in(event)
        faces = self._faces.get(event.kind)
        if faces is not None and faces.retracts:
            self._retract(event)
        routes = self.routes.of(event.stream_id)
        if routes:
            vector = self.follower.vector
            for route in list(routes):  # an overflow changes them
                self._route(route, event, vector)
        if event.left:
            self._went_out(event)

    def _retract(self, event: Event) -> None:
        """What was made of the conversation up to now is never shown again."""
        named = event.payload.get("conversationId")
        stream_id = UUID(named) if named else event.stream_id
        self.texts.retractions.add(stream_id, self.follower.vector[partition_of(stream_id)][0])

    def _came_in(self, event: Event) -> None:
        for user in event.joined:
            for subscription in self._people.get(user, ()):
                subscription.note(event.stream_id, event.position, True)
                subscription.came_in(event.stream_id)

    def _went_out(self, event: Event) -> None:
        for user in event.left:
            for subscription in self._people.get(user, ()):
                subscription.note(event.stream_id, event.position, False)
                subscription.went_out(event.stream_id)

    def face_of(self, event: Event, user_id: UUID) -> str | None:
        """What an event is for a person: its subjects may see another face than the others."""
        faces = self._faces.get(event.kind)
        if faces is None:
            return None
        return faces.subject if user_id in event.joined or user_id in event.left else faces.others

    def _route(self, route: Route, event: Event, vector: Vector) -> None:
        group = route.group
        faces = self._faces.get(event.kind)
        if faces is None:
            return
        for subscription in list(route.catching):
            user = subscription.viewer.user_id
            face = self.face_of(event, user)
            if face is not None and group.wants(face) and user not in event.hidden_from:
                subscription.enqueue(event, face, vector)
        if not route.has_live:
            return
        parts = [Part(face, some) for face, some in self._faces_of_live(route, event, faces) if group.wants(face)]
        if not parts:
            return
        delivery = Delivery(self.number, group, event, vector, parts)
        if group.put(delivery):
            if not self._executions:
                asyncio.get_running_loop().call_soon(self._pump, context=self._context)
            self._executions.append(delivery)

    def _faces_of_live(self, route: Route, event: Event, faces: FacesOfRow) -> Iterator[tuple[str, Recipients]]:
        """Each face that an event shows, and who sees it; most events have one, and everybody sees it."""
        subjects = event.joined | event.left
        if not subjects and not event.hidden_from:
            if faces.others is not None:
                yield faces.others, route.recipients
            return
        seeing = [s for s in route.recipients.subscriptions if s.viewer.user_id not in event.hidden_from]
        others = [s for s in seeing if s.viewer.user_id not in subjects]
        if others and faces.others is not None:
            yield faces.others, Recipients(others)
        if len(others) < len(seeing) and faces.subject is not None:
            yield faces.subject, Recipients([s for s in seeing if s.viewer.user_id in subjects])

    # ── execution and handing over ────────────────────────────────────────────────────────────────

    def _pump(self) -> None:
        """Starts executions, a few in each loop tick."""
        count = min(len(self._executions), max(_STARTED_PER_TICK, len(self._executions) // 4))
        for _ in range(count):
            self._execute(self._executions.popleft())
        if self._executions:
            asyncio.get_running_loop().call_soon(self._pump, context=self._context)
        elif count <= _FEW and self.on_handed is not None:
            self.on_handed()

    def _execute(self, delivery: Delivery) -> None:
        """Most events carry all they show: no task for those."""
        group = delivery.group
        for part in delivery.parts:
            try:
                outcome = self.texts.render(group.selection, delivery.event, part.face, part.recipients.viewers)
            except Exception as error:
                delivery.error = error
            else:
                if isinstance(outcome, Outcome):
                    part.outcome = outcome
                else:
                    self.spawn(self._finish(delivery, part, outcome))
        group.flush()

    async def _finish(self, delivery: Delivery, part: Part, rendering: Awaitable[Outcome]) -> None:
        try:
            part.outcome = await rendering
        except Exception as error:
            delivery.error = error
        delivery.group.flush()

    def hand(self, delivery: Delivery) -> None:
        """Gives a live delivery to all who were live when it was dispatched, and still are."""
        behind = [s for part in delivery.parts for s in self._hand_part(delivery, part)]
        for subscription in behind:
            if not subscription.is_closed:
                subscription.fell_behind(delivery.vector_before())

    def _hand_part(self, delivery: Delivery, part: Part) -> list[Subscription]:
        """The hot loop. Returns those whose buffer is full."""
        behind: list[Subscription] = []
        outcome = part.outcome
        if outcome is None:
            return behind
        number, cursor = delivery.number, self.cursor(delivery.vector)
        shared = None if outcome.shared is None else outcome.shared.with_cursor(cursor)
        count = 0
        for s in part.recipients.subscriptions:
            if s.live_from > number:
                continue
            payload = shared
            if outcome.by_session is not None and (text := outcome.by_session.get(s.viewer.session_id)) is not None:
                payload = text.with_cursor(cursor)
            if payload is None:
                continue
            if s.push(payload):
                s.handed = number
                count += 1
            else:
                behind.append(s)
        self.deliveries += count
        return behind

    def cursor(self, vector: Vector) -> bytes:
        """The cursor of a vector, made once for all who get the same."""
        return self._cursors.of(vector, self.follower.epoch)

    async def render_cursor_moved(self, subscription: Subscription, *, is_caught_up: bool) -> Outcome:
        """CursorMoved for one subscription. All who ask within a second share one."""
        event = self._quiet.cursor_moved(is_caught_up)
        group = subscription.group
        return await now_or_later(self.texts.render(group.selection, event, event.kind, [subscription.viewer]))

    # ── what goes wrong ───────────────────────────────────────────────────────────────────────────

    def begin(self, subscription: AnySubscription, work: Coroutine[Any, Any, None]) -> None:
        """Runs a subscription's way to live in its own task."""
        subscription.task = self.spawn(self._guarded(subscription, work))

    async def _guarded(self, subscription: AnySubscription, work: Coroutine[Any, Any, None]) -> None:
        """A failed execution or read is never skipped: the subscription ends where it is, to be resumed (rule 9)."""
        try:
            await work
        except CursorExpiredError as error:
            self.expired += 1
            self._end(subscription, error)
        except SlowReaderError:
            self._close_socket(subscription, SLOW, "Too slow")
        except ForeignLogError:
            self.follower.wake()
            self._close_socket(subscription, ELSEWHERE, "Resume: the log changed")
        except (UnavailableError, *GONE):
            self._close_socket(subscription, ELSEWHERE, "Resume: the database is away")
        except Exception:
            log.exception("subscription_failed")
            self._end(subscription, ApiError())

    def _end(self, subscription: AnySubscription, error: ApiError) -> None:
        if not subscription.is_closed:
            self.close(subscription)
            subscription.sink.end(error)

    def _close_socket(self, subscription: AnySubscription, code: int, reason: str) -> None:
        if not subscription.is_closed:
            self.close(subscription)
            subscription.sink.close(code, reason)

    def _fail_group(self, group: Group) -> None:
        """An execution found the database away: all live subscriptions of the selection resume from their cursors."""
        for subscription in list(group.members):
            if subscription.is_live:
                self._close_socket(subscription, ELSEWHERE, "Resume: the database is away")

    def _overflow_group(self, group: Group) -> None:
        """Too many deliveries wait for their executions: all live subscriptions go back to the log."""
        behind = [(s, group.handed_to(s, s.hub.follower.vector)) for s in group.members if s.is_live]
        group.queue.clear()
        for subscription, own in behind:
            subscription.fell_behind(own)

    def spawn(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """A task of the hub, in its own context: not that of the request whose commit caused it."""
        task = asyncio.get_running_loop().create_task(work, context=self._context.copy())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def _current_task() -> asyncio.Task[Any] | None:
    try:
        return asyncio.current_task()
    except RuntimeError:  # no loop runs
        return None
