"""Typing and the like: from the bus to subscriptions, by current memberships, merged by key, never queued for long."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from app.core.bus_codec import Announcement
from app.core.clock import now
from app.core.errors import UnavailableError
from app.core.graphql.streams import EphemeralStream, Router
from app.core.hub.ports import Selection, Sink
from app.core.hub.stays import Facts, Stays, facts_of, note
from app.core.hub.texts import Outcome, Text, now_or_later
from app.core.log import Event
from app.core.viewer import Viewer

if TYPE_CHECKING:
    from app.core.hub.hub import Hub

KEPT_BYTES = 4 * 1024 * 1024  # of texts: some 5,000 people's presence
_MERGED_SECONDS = 0.1
_AT_ONCE = 8  # renderings that share a loop tick: 2 ms or so
_PUSHED_AT_ONCE = 100  # deliveries, as each may be a write to a socket: 2 ms or so
_LATE_SECONDS, _REST_SECONDS = 0.005, 0.1
_VERSIONED = -2  # the partition that stands for "rendered by version"
_MOST = 1000  # announcements of a group that wait at once; more are dropped
Route = tuple[UUID, str]  # a stream, and which of its audiences


async def give_way() -> None:
    """Lets everything else run, and rests as long again as that took when the loop is behind: events of the log come
    first, so what is ephemeral takes half of a busy process at most."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    await asyncio.sleep(0)
    late = loop.time() - began
    if late > _LATE_SECONDS:
        await asyncio.sleep(min(late, _REST_SECONDS))


class EphemeralGroup:
    """Subscriptions of one selection and topic, and what was announced to them in the last 100 ms.

    What waits is handed over in turns: the next one begins when the last has ended, or an older state could overtake a
    newer one. Meanwhile states replace each other.
    """

    def __init__(self, hub: Hub, selection: Selection, topic: str) -> None:
        self.hub = hub
        self.selection = selection
        self.topic = topic
        self.key = (selection, topic)
        self.members: dict[EphemeralSubscription, None] = {}
        self.streams: dict[Route, dict[EphemeralSubscription, None]] = {}
        self._waiting: dict[tuple[Route, str], Announcement] = {}
        self._is_handing = False

    def take(self, announcement: Announcement) -> None:
        """The last announcement of a key wins; everything that waited is handed over together."""
        route = (announcement.stream_id, announcement.audience)
        if announcement.topic != self.topic or route not in self.streams:
            return
        if not self._waiting and not self._is_handing:
            asyncio.get_running_loop().call_later(_MERGED_SECONDS, self._flush)
        key = (route, announcement.key)
        if len(self._waiting) >= _MOST and key not in self._waiting:
            self.hub.ephemeral_dropped += 1
            for subscription in self._recipients(announcement):
                subscription.missed(announcement)
            return
        self._waiting[key] = announcement

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, {}
        self._is_handing = True
        self.hub.spawn(self._hand(list(waiting.values())))

    async def _hand(self, announcements: list[Announcement]) -> None:
        try:
            for start in range(0, len(announcements), _AT_ONCE):
                some = announcements[start : start + _AT_ONCE]
                outcomes = await asyncio.gather(*map(self._render, some))
                pushed = 0
                for announcement, outcome in zip(some, outcomes, strict=True):
                    if outcome is not None:
                        pushed = await self._push(announcement, outcome, pushed)
                await give_way()
        finally:
            self._is_handing = False
            if self._waiting:
                asyncio.get_running_loop().call_later(_MERGED_SECONDS, self._flush)

    async def _render(self, announcement: Announcement) -> Outcome | None:
        viewers = [s.viewer for s in self._recipients(announcement)]
        if not viewers:
            return None
        try:
            return await self.render(announcement, viewers)
        except UnavailableError:
            self.hub.ephemeral_dropped += len(viewers)
            for subscription in self._recipients(announcement):
                subscription.missed(announcement)
            return None

    async def render(self, announcement: Announcement, viewers: Sequence[Viewer]) -> Outcome:
        """The announcement for these viewers. Raises UnavailableError."""
        event = self._event(announcement)
        return await now_or_later(self.hub.ephemeral_texts.render(self.selection, event, self.topic, viewers))

    def kept(self, announcement: Announcement) -> Text | None:
        """The text of a version that was rendered lately, if it is the same for everybody."""
        if not announcement.version:
            return None
        return self.hub.ephemeral_texts.kept(self.selection, self._event(announcement), self.topic)

    async def _push(self, announcement: Announcement, outcome: Outcome, pushed: int) -> int:
        """Delivers to all. `pushed`: deliveries since everything else could run last; returns it, going on."""
        route = (announcement.stream_id, announcement.audience)
        for subscription in self._recipients(announcement):  # who is in now: it may have changed meanwhile
            if pushed >= _PUSHED_AT_ONCE:
                await give_way()
                pushed = 0
            text = outcome.of(subscription.viewer)
            if text is None or route not in subscription.routes:
                continue
            pushed += 1
            if subscription.push(text):
                self.hub.ephemeral_deliveries += 1
            else:
                self.hub.ephemeral_dropped += 1
                subscription.missed(announcement)
        return pushed

    def _recipients(self, announcement: Announcement) -> list[EphemeralSubscription]:
        members = self.streams.get((announcement.stream_id, announcement.audience), {})
        return [s for s in members if s.viewer.user_id not in announcement.excluded]

    def _event(self, announcement: Announcement) -> Event:
        """As an event, which is what is rendered. Its place only keeps renderings apart."""
        self.hub.number += 1
        partition, position = (_VERSIONED, announcement.version) if announcement.version else (-1, self.hub.number)
        return Event(
            partition, position, 0, 0, announcement.stream_id, self.topic, announcement.payload, frozenset(),
            frozenset(), announcement.excluded, now(),
        )  # fmt: skip


class EphemeralSubscription:
    """Follows the viewer's memberships like a durable one (rules 2 and 7), and has no past."""

    def __init__(self, hub: Hub, stream: EphemeralStream, group: EphemeralGroup, sink: Sink) -> None:
        self.hub = hub
        self.stream = stream
        self.viewer = stream.viewer
        self.group = group
        self.sink = sink
        self.routes: set[Route] = set()
        self.facts: Facts | None = None
        self.is_armed = False
        self.task: asyncio.Task[None] | None = None
        self.is_closed = False

    async def run(self) -> None:
        """Learns the memberships; from then on dispatch moves the routes."""
        facts: Facts = {}
        self.facts = facts
        intervals = await self.hub.store.intervals(self.viewer.user_id)
        for stream, known in facts_of(intervals, self.hub.follower.vector).items():
            facts.setdefault(stream, set()).update(known)
        self.facts = None
        self.is_armed = True
        self.came_in(self.viewer.user_id)
        for stream in Stays(self.viewer.user_id, facts).now():
            self.came_in(stream)
        if self.stream.begins:  # after coming in: what changes meanwhile is told again, by its own announcement
            self.group.take(Announcement(self.group.topic, self.viewer.user_id, key=""))

    def note(self, stream_id: UUID, position: int, came_in: bool) -> None:
        """Dispatch says that the viewer came in or went out."""
        if self.facts is not None:
            note(self.facts, stream_id, position, came_in)

    def came_in(self, stream_id: UUID) -> None:
        """The viewer is in a conversation from here on."""
        if self.is_armed and self.stream.conversation_id in (None, stream_id):
            self._route((stream_id, ""))

    def went_out(self, stream_id: UUID) -> None:
        """The viewer is out from here on."""
        self._unroute((stream_id, ""))

    def push(self, text: Text) -> bool:
        """Takes it, unless the reader is slow: what room there is, is for events of the log."""
        return self.sink.is_roomy and self.sink.push(text.with_cursor(b""))

    def missed(self, announcement: Announcement) -> None:
        """The buffer was full. What is said next will be right again."""

    def shut(self) -> None:
        """Closed: routes nothing here any more."""
        self.is_armed = False
        self.facts = None
        self.group.members.pop(self, None)
        for route in list(self.routes):
            self._unroute(route)

    def _route(self, route: Route) -> None:
        self.routes.add(route)
        self.group.streams.setdefault(route, {})[self] = None

    def _unroute(self, route: Route) -> None:
        self.routes.discard(route)
        members = self.group.streams.get(route)
        if members is not None:
            members.pop(self, None)
            if not members:
                del self.group.streams[route]


class RoutedSubscription(EphemeralSubscription):
    """One whose routes are a domain's to decide; memberships are nothing to it."""

    async def run(self) -> None:
        """From now on the router routes."""
        self.is_armed = True
        self._router.opened(self)

    def note(self, stream_id: UUID, position: int, came_in: bool) -> None:
        """Nothing."""

    def came_in(self, stream_id: UUID) -> None:
        """Nothing."""

    def went_out(self, stream_id: UUID) -> None:
        """Nothing."""

    def missed(self, announcement: Announcement) -> None:
        """The router tells it when there is room again."""
        self._router.missed(self, announcement)

    def listen(self, stream_id: UUID, audience: str) -> None:
        """Hears what is announced to this audience of the stream, from here on."""
        if self.is_armed:
            self._route((stream_id, audience))

    def ignore(self, stream_id: UUID, audience: str) -> None:
        """Hears it no more."""
        self._unroute((stream_id, audience))

    def tell_kept(self, announcement: Announcement) -> bool:
        """Tells this subscription alone what somebody was told lately. False: it is not kept, or there was no room."""
        text = self.group.kept(announcement)
        if text is None or not self.push(text):
            return False
        self.hub.ephemeral_deliveries += 1
        return True

    async def tell(self, announcement: Announcement, is_still_so: Callable[[], bool]) -> bool:
        """Tells this subscription alone, unless it is no longer so when it is rendered. False: there was no room.

        Raises UnavailableError.
        """
        if not self.sink.is_roomy:
            return False
        outcome = await self.group.render(announcement, [self.viewer])
        text = outcome.of(self.viewer)
        if text is None or self.is_closed or not is_still_so():
            return True
        if not self.push(text):
            return False
        self.hub.ephemeral_deliveries += 1
        return True

    def shut(self) -> None:
        """Closed: the router forgets it too."""
        super().shut()
        self._router.closed(self)

    @property
    def _router(self) -> Router:
        assert self.stream.router is not None, "the hub made it because of one"
        return self.stream.router
