"""Stream → the local subscriptions it is routed to, by group. One event without local routes costs a look-up."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING
from uuid import UUID

from app.core.hub.groups import Group, Route

if TYPE_CHECKING:
    from app.core.hub.subscription import Subscription


class Routes:
    """Each subscription keeps the set of its streams; this is the same, the other way round."""

    def __init__(self) -> None:
        self._streams: dict[UUID, dict[Group, Route]] = {}

    def of(self, stream_id: UUID) -> Collection[Route]:
        """The routes of a stream, one for each group. Changes while it is used: copy it first."""
        routes = self._streams.get(stream_id)
        return () if routes is None else routes.values()

    def add(self, stream_id: UUID, subscription: Subscription) -> None:
        """Routes a stream to a subscription; twice is once."""
        if stream_id in subscription.routes:
            return
        subscription.routes.add(stream_id)
        routes = self._streams.setdefault(stream_id, {})
        route = routes.get(subscription.group)
        if route is None:
            route = routes[subscription.group] = Route(subscription.group)
        route.add(subscription)

    def discard(self, stream_id: UUID, subscription: Subscription) -> None:
        """Routes a stream to a subscription no more."""
        if stream_id not in subscription.routes:
            return
        subscription.routes.discard(stream_id)
        routes = self._streams[stream_id]
        route = routes[subscription.group]
        route.discard(subscription)
        if route.is_empty:
            del routes[subscription.group]
            if not routes:
                del self._streams[stream_id]

    def discard_all(self, subscription: Subscription) -> None:
        """Routes nothing to a subscription any more."""
        for stream_id in list(subscription.routes):
            self.discard(stream_id, subscription)

    def went_live(self, subscription: Subscription) -> None:
        """A subscription takes part in the group's deliveries from here on."""
        for stream_id in subscription.routes:
            self._streams[stream_id][subscription.group].went_live(subscription)
