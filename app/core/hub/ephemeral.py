"""Typing and the like: from the bus to subscriptions, by current memberships, merged by key, never queued for long."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from uuid import UUID

from app.core.bus_codec import Announcement
from app.core.clock import now
from app.core.errors import UnavailableError
from app.core.graphql.streams import EphemeralStream
from app.core.hub.ports import Selection, Sink
from app.core.hub.stays import Facts, Stays, facts_of, note
from app.core.log import Event

if TYPE_CHECKING:
    from app.core.hub.hub import Hub

_MERGED_SECONDS = 0.1
_MOST = 1000  # announcements of a group that wait at once; more are dropped


class EphemeralGroup:
    """Subscriptions of one selection and topic, and what was announced to them in the last 100 ms."""

    def __init__(self, hub: Hub, selection: Selection, topic: str) -> None:
        self.hub = hub
        self.selection = selection
        self.topic = topic
        self.key = (selection, topic)
        self.members: dict[EphemeralSubscription, None] = {}
        self.streams: dict[UUID, dict[EphemeralSubscription, None]] = {}
        self._waiting: dict[tuple[UUID, str], Announcement] = {}

    def take(self, announcement: Announcement) -> None:
        """The last announcement of a key wins; everything that waited is handed over together."""
        if announcement.topic != self.topic or announcement.stream_id not in self.streams:
            return
        if not self._waiting:
            asyncio.get_running_loop().call_later(_MERGED_SECONDS, self._flush)
        key = (announcement.stream_id, announcement.key)
        if len(self._waiting) >= _MOST and key not in self._waiting:
            self.hub.ephemeral_dropped += 1
            return
        self._waiting[key] = announcement

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, {}
        self.hub.spawn(self._hand(list(waiting.values())))

    async def _hand(self, announcements: list[Announcement]) -> None:
        for announcement in announcements:
            viewers = [s.viewer for s in self._recipients(announcement)]
            if not viewers:
                continue
            try:
                outcome = await self.hub.texts.render(self.selection, self._event(announcement), self.topic, viewers)
            except UnavailableError:
                self.hub.ephemeral_dropped += len(viewers)
                continue
            for subscription in self._recipients(announcement):  # who is in now: it may have changed meanwhile
                text = outcome.of(subscription.viewer)
                if text is not None and not subscription.sink.push(text.with_cursor(b"")):
                    self.hub.ephemeral_dropped += 1

    def _recipients(self, announcement: Announcement) -> list[EphemeralSubscription]:
        members = self.streams.get(announcement.stream_id, {})
        return [s for s in members if s.viewer.user_id not in announcement.excluded]

    def _event(self, announcement: Announcement) -> Event:
        """As an event, which is what is rendered. Its number only keeps renderings apart."""
        self.hub.number += 1
        return Event(
            -1, self.hub.number, 0, 0, announcement.stream_id, self.topic, announcement.payload, frozenset(),
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
        self.routes: set[UUID] = set()
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
            self.routes.add(stream_id)
            self.group.streams.setdefault(stream_id, {})[self] = None

    def went_out(self, stream_id: UUID) -> None:
        """The viewer is out from here on."""
        self.routes.discard(stream_id)
        members = self.group.streams.get(stream_id)
        if members is not None:
            members.pop(self, None)
            if not members:
                del self.group.streams[stream_id]

    def shut(self) -> None:
        """Closed: routes nothing here any more."""
        self.is_armed = False
        self.facts = None
        self.group.members.pop(self, None)
        for stream_id in list(self.routes):
            self.went_out(stream_id)
