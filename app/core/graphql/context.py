"""What a resolver may reach: the viewer, the loaders of this operation, the client. One per operation, not per socket.

The hub shares one execution between all subscribers of a selection when nothing asked who is looking. So reading
`viewer` is noticed here, and nobody has to mark a field.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from strawberry.types import Info as StrawberryInfo

from app.core.errors import UnauthenticatedError
from app.core.graphql.loading import Loader
from app.core.limits import Budget
from app.core.log import Vector
from app.core.records import record
from app.core.runtime import Runtime
from app.core.viewer import Client, Viewer

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
H = TypeVar("H", bound=Hashable)


class LiveConnection(Protocol):
    """The WebSocket an operation came through, as renewConnection needs it."""

    def renew(self, viewer: Viewer) -> None:
        """Goes on with a newer token of the same session."""


@record(slots=True, frozen=True)
class Cookies:
    """What the browser sent by itself. `is_trusted`: only a page that may use the API can have caused it."""

    sent: Mapping[str, str]
    is_trusted: bool


class Context:
    """Made for one operation or one event of a subscription. `start` is the process's vector before any read."""

    __slots__ = (
        "_facts",
        "_loaders",
        "_viewer",
        "budget",
        "client",
        "connection",
        "cookies",
        "is_passing",
        "response_headers",
        "runtime",
        "start",
        "viewer_read",
    )

    def __init__(
        self,
        runtime: Runtime,
        viewer: Viewer | None,
        client: Client,
        *,
        start: Vector = (),
        connection: LiveConnection | None = None,
        loaders: dict[Any, Loader[Any, Any]] | None = None,
    ) -> None:
        self.runtime = runtime
        self._viewer = viewer
        self.client = client
        self.start = start
        self.connection = connection
        self.cookies: Cookies | None = None  # over HTTP only
        self.viewer_read = False
        self._facts: list[tuple[Callable[[Viewer], Hashable], Hashable]] = []
        self.is_passing = False  # of an event: shows what may end without an event of its stream, so it is not kept
        self.budget: Budget | None = None  # what this operation took, once the transport has charged it
        self.response_headers: list[tuple[str, str]] = []
        self._loaders = {} if loaders is None else loaders

    @property
    def viewer(self) -> Viewer | None:
        """Who is looking, or None when signed out. Reading it makes an event's execution this viewer's alone."""
        self.viewer_read = True
        return self._viewer

    def is_of(self, viewer: Viewer) -> bool:
        """Whether it is this session's. Asking is not looking: see `viewer`."""
        return self._viewer is viewer

    def require_viewer(self) -> Viewer:
        """Who is looking. Raises UNAUTHENTICATED when signed out."""
        viewer = self.viewer
        if viewer is None:
            raise UnauthenticatedError
        return viewer

    def of_viewer(self, tell: Callable[[Viewer], H]) -> H:
        """Something about who is looking that many have in common (what they may see of a list, say): an event's
        execution is shared by those of whom it is equally so. Raises UNAUTHENTICATED when signed out."""
        if self._viewer is None:
            raise UnauthenticatedError
        fact = tell(self._viewer)
        self._facts.append((tell, fact))
        return fact

    @property
    def is_for_all(self) -> bool:
        """Whether nothing asked who is looking: an event looks the same to everybody."""
        return not (self.viewer_read or self._facts)

    def told_of(self, viewer: Viewer) -> Hashable:
        """What was asked of this viewer, for another one: who gets the same sees the same."""
        return tuple(tell(viewer) for tell, _ in self._facts)

    @property
    def told(self) -> Hashable:
        """As `told_of`, for the viewer of this context."""
        return tuple(fact for _, fact in self._facts)

    def sign_in(self, viewer: Viewer) -> None:
        """The rest of the operation is this person's: a sign-in mutation answers with their viewer."""
        self._viewer = viewer

    def for_viewer(self, viewer: Viewer) -> Context:
        """The same operation for another viewer: loaders are shared, so loads batch across viewers."""
        return Context(self.runtime, viewer, self.client, start=self.start, loaders=self._loaders)

    def loader(self, load: Callable[[Sequence[K]], Awaitable[Sequence[V]]]) -> Loader[K, V]:
        """The loader of a batch function in this operation. Keys of viewer-relative loads hold the viewer's id."""
        found = self._loaders.get(load)
        if found is None:
            found = self._loaders[load] = Loader(load)
        return found

    def load(self, load: Callable[[Sequence[K]], Awaitable[Sequence[V]]], key: K) -> Awaitable[V]:
        """One value through the loader of `load`: all keys asked for in the same tick are one call."""
        found = self._loaders.get(load)
        return (found or self.loader(load)).load(key)

    def forget(self) -> None:
        """Drops what was loaded so far: the next mutation of the document must see what the one before changed."""
        self._loaders.clear()

    def abandon(self) -> None:
        """Ends what is being loaded: nobody waits for this operation any more."""
        for loader in self._loaders.values():
            loader.abandon()

    def prime(self, load: Callable[[Sequence[K]], Awaitable[Sequence[V | None]]], key: K, value: V) -> None:
        """Gives the loader a value somebody already has (an event carries its message)."""
        self.loader(load).prime(key, value)


Info = StrawberryInfo[Context, Any]
