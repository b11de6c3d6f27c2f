"""Subscriptions of one selection: executed once, handed over in dispatch order (rules 5 and 9)."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from app.core.hub.ports import Selection
from app.core.hub.texts import Outcome
from app.core.log import Event, Vector
from app.core.viewer import Viewer

if TYPE_CHECKING:
    from app.core.hub.subscription import Subscription


class Recipients:
    """The subscriptions an event goes to. One object serves all events until somebody comes or goes."""

    __slots__ = ("_viewers", "subscriptions")

    def __init__(self, subscriptions: Sequence[Subscription]) -> None:
        self.subscriptions = subscriptions
        self._viewers: list[Viewer] | None = None

    @property
    def viewers(self) -> Sequence[Viewer]:
        if self._viewers is None:
            self._viewers = [s.viewer for s in self.subscriptions]
        return self._viewers


class Part:
    """One face of an event, and who sees it so."""

    __slots__ = ("face", "outcome", "recipients")

    def __init__(self, face: str, recipients: Recipients) -> None:
        self.face = face
        self.recipients = recipients
        self.outcome: Outcome | None = None


class Delivery:
    """An event on its way to the live subscriptions of a group. Its parts leave together, or somebody whose part went
    first could not tell what they were handed."""

    __slots__ = ("error", "event", "group", "number", "parts", "vector")

    def __init__(self, number: int, group: Group, event: Event, vector: Vector, parts: Sequence[Part]) -> None:
        self.number = number
        self.group = group
        self.event = event
        self.vector = vector
        self.parts = parts
        self.error: Exception | None = None

    @property
    def done(self) -> bool:
        return self.error is not None or all(part.outcome is not None for part in self.parts)

    def vector_before(self) -> Vector:
        """The process's vector before this event: what its recipients have been handed up to."""
        p = self.event.partition
        return (*self.vector[:p], (self.event.position - 1, self.event.tag_before), *self.vector[p + 1 :])


class Group:
    """The queue of deliveries of one selection and filter.

    Live subscriptions have no queue and no vector of their own: as frames leave in dispatch order, a subscription that
    has to leave the live stream at a delivery was handed everything before it.
    """

    __slots__ = ("_fail", "_hand", "_limit", "_overflow", "key", "kinds", "members", "queue", "selection")

    def __init__(
        self,
        selection: Selection,
        kinds: frozenset[str] | None,
        limit: int,
        *,
        hand: Callable[[Delivery], None],
        fail: Callable[[Group], None],
        overflow: Callable[[Group], None],
    ) -> None:
        self.selection = selection
        self.kinds = kinds
        self.key = (selection, kinds)
        self.members: dict[Subscription, None] = {}
        self.queue: deque[Delivery] = deque()
        self._limit = limit
        self._hand, self._fail, self._overflow = hand, fail, overflow

    def wants(self, face: str | None) -> bool:
        """Whether the filter lets this face through."""
        return face is not None and (self.kinds is None or face in self.kinds)

    def put(self, delivery: Delivery) -> bool:
        """Queues a delivery in dispatch order. False: too many wait, and everybody was sent back to the log."""
        self.queue.append(delivery)
        if len(self.queue) > self._limit:
            self._overflow(self)
            return False
        return True

    def flush(self) -> None:
        """Hands over what is done, in dispatch order over all streams, whichever execution ended first."""
        queue = self.queue
        while queue and queue[0].done:
            delivery = queue[0]
            if delivery.error is not None:
                queue.clear()
                self._fail(self)
                return
            queue.popleft()
            self._hand(delivery)

    def handed_to(self, subscription: Subscription, now: Vector) -> Vector:
        """Up to where a live subscription of this group has been handed everything."""
        for delivery in self.queue:
            if delivery.number >= subscription.live_from:
                return delivery.vector_before()
        return now


class Route:
    """The subscriptions of one group that a stream is routed to; `catching` of them are still replaying."""

    __slots__ = ("_all", "_recipients", "catching", "group")

    def __init__(self, group: Group) -> None:
        self.group = group
        self._all: dict[Subscription, None] = {}
        self.catching: dict[Subscription, None] = {}
        self._recipients: Recipients | None = None

    def add(self, subscription: Subscription) -> None:
        self._all[subscription] = None
        if not subscription.is_live:
            self.catching[subscription] = None
        self._recipients = None

    def discard(self, subscription: Subscription) -> None:
        self._all.pop(subscription, None)
        self.catching.pop(subscription, None)
        self._recipients = None

    def went_live(self, subscription: Subscription) -> None:
        self.catching.pop(subscription, None)

    @property
    def is_empty(self) -> bool:
        return not self._all

    @property
    def has_live(self) -> bool:
        return len(self._all) > len(self.catching)

    @property
    def recipients(self) -> Recipients:
        """Everybody, replaying ones too: handing over skips them, as they went live later (or not at all)."""
        if self._recipients is None:
            self._recipients = Recipients(tuple(self._all))
        return self._recipients
