"""What the hub asks of the transport (Renderer, Sink) and how it groups subscriptions (Selection)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias
from uuid import UUID

from app.core import log
from app.core.errors import ApiError
from app.core.log import Vector
from app.core.viewer import Viewer


@dataclass(slots=True, frozen=True)
class Selection:
    """What a group of subscriptions has in common: document, operation and variables without `after`.

    `key` identifies it (keep its hash cheap: a digest, say); `plan` is the transport's own, for its renderer.
    """

    key: Hashable
    plan: Any = field(default=None, compare=False, repr=False)


@dataclass(slots=True, frozen=True)
class Rendered:
    """One event as the JSON of `payload` in a `next` message, CURSOR_SLOT standing for the cursor wherever it is asked.

    Either `shared` is for all viewers, or `by_viewer` holds each session's own (None or absent: left out for it).
    Both None: left out for everybody.
    """

    shared: bytes | None = None
    by_viewer: Mapping[UUID, bytes | None] | None = None
    # False: what it shows ends by itself, or by an event of another stream, so it must be executed anew each time.
    keep: bool = True


Shown: TypeAlias = tuple[log.Event, str]
"""An event and the face it is shown with."""


class Renderer(Protocol):
    """Executes a selection for an event. Renders asked for in one loop tick may share loaders, so that a replayed page
    costs one query per level."""

    async def read(self, shown: Sequence[Shown]) -> Sequence[Any]:
        """What many events are made of, read together: for each what `render` takes as `found`, None for those that it
        must look up itself. Raises what the database does when it is away."""
        ...

    def render(
        self, selection: Selection, event: log.Event, face: str, viewers: Sequence[Viewer], found: Any = None
    ) -> Rendered | Awaitable[Rendered]:
        """The event as `face` (an EventKind name; for an ephemeral stream its topic, to be built by build_ephemeral);
        at once where nothing has to be waited for.

        A bug in a resolver is no exception here but a payload: INTERNAL with `extensions.cursor` = CURSOR_SLOT.
        Raises UnavailableError when the database is away: the subscribers' sockets are closed to be resumed.
        """
        ...


class Position(Protocol):
    """What the hub needs of the follower."""

    epoch: int

    @property
    def vector(self) -> Vector: ...

    async def read_log(self) -> None: ...

    def wake(self) -> None: ...

    def on_dispatch(self, listener: Callable[[log.Event], None]) -> None: ...

    def on_heads(self, restarted: Callable[[], None]) -> None: ...

    def on_foreign_log(self, close_all: Callable[[], None]) -> None: ...


class FacesOfRow(Protocol):
    """How a kind of row shows itself: core/graphql/events.Faces."""

    @property
    def subject(self) -> str | None: ...

    @property
    def others(self) -> str | None: ...

    @property
    def retracts(self) -> bool:
        """Whether it takes back content of its stream, or of the conversation named in its payload."""
        ...


class Sink(Protocol):
    """One subscription's way out. The hub calls push in the tick of the delivery; the transport joins the frames of a
    tick into one write."""

    def push(self, payload: bytes) -> bool:
        """Takes one payload. False: the buffer is over its bound and nothing was taken (or the socket is gone).
        Must not raise."""
        ...

    @property
    def is_roomy(self) -> bool:
        """Whether the buffer is mostly empty: the rest of it is kept for events of the log."""
        ...

    async def drained(self, timeout: float) -> bool:
        """Waits until push is worth trying again; False when that took more than `timeout` seconds."""
        ...

    def end(self, error: ApiError) -> None:
        """Ends this subscription with a GraphQL error (CURSOR_EXPIRED). The hub has forgotten it already."""
        ...

    def close(self, code: int, reason: str) -> None:
        """Closes the whole socket: 4508 too slow, 4503 resume elsewhere. The hub has forgotten this subscription
        already; the transport closes the socket's others with `hub.close`."""
        ...
