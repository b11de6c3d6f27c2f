"""What a subscription resolver returns: a description of a stream, which the transport hands to the hub.

No generators: the hub pushes frames to the transport, one rendering for all subscribers of a selection.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar
from uuid import UUID

from app.core import log
from app.core.bus_codec import Announcement
from app.core.graphql.context import Context
from app.core.viewer import Viewer

T = TypeVar("T", bound=type)
Build = Callable[[log.Event, Context], Any | Awaitable[Any]]


@dataclass(slots=True, frozen=True)
class DurableStream:
    """Events of the log for one viewer, resumable.

    `after` is a cursor as the client sent it (None: from now). `kinds` are names of EventKind (None: all).
    `conversation_ids` (None: everything, also the viewer's own stream) narrows to the streams of these conversations.
    """

    viewer: Viewer
    after: str | None = None
    kinds: frozenset[str] | None = None
    conversation_ids: frozenset[UUID] | None = None
    wants_cursor_moved: bool = True


@dataclass(slots=True, frozen=True)
class EphemeralStream:
    """What is only worth knowing now (typing): bus only, no cursor, merged by key, first to be dropped.

    Routed by the viewer's current memberships; `conversation_id` narrows to one of them. `begins` has the present
    state told first, as an announcement to the viewer's own stream would. With a `router` none of these count: it
    decides what is routed here, and `wanted` is what it was asked for (None: what it thinks fit).
    """

    viewer: Viewer
    topic: str
    conversation_id: UUID | None = None
    begins: bool = False
    router: Router | None = None
    wanted: frozenset[UUID] | None = None


class Router(Protocol):
    """A domain's own routing: who may hear of what is not a matter of memberships."""

    def opened(self, subscription: Any) -> None:
        """A subscription (hub.RoutedSubscription) has begun. Quick: routes come later."""

    def closed(self, subscription: Any) -> None:
        """It ended, perhaps before it began."""

    def missed(self, subscription: Any, announcement: Announcement) -> None:
        """Its buffer was full: this was not told."""


_builders: dict[str, Build] = {}


def ephemeral_face(topic: str) -> Callable[[T], T]:
    """Decorates the type that a topic's subscription yields. It needs a classmethod `build(record, context)`, where
    `record.payload` is what was announced and `record.stream_id` the conversation; None leaves it out."""

    def register(type_: T) -> T:
        _builders[topic] = type_.build  # type: ignore[attr-defined]
        return type_

    return register


def build_ephemeral(topic: str, record: log.Event, context: Context) -> Any | Awaitable[Any]:
    """The object of an announcement, or None (perhaps awaited) when it must be left out for this viewer."""
    return _builders[topic](record, context)
