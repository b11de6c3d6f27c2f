"""What one running process consists of, reachable by whoever serves a request, a socket or a job.

There is no module global: `enter` binds the runtime to the current context, so that two servers can live in one
interpreter (tests do that). Domains keep their own process-wide parts (send lanes, codes' sender) with `provide`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from app.core import log
from app.core.clock import now

if TYPE_CHECKING:
    from app.core.bus import Bus
    from app.core.follower import Follower
    from app.core.hub import Hub
    from app.core.limits import RateLimits
    from app.settings import Settings

T = TypeVar("T")


@dataclass(slots=True, frozen=True)
class Gauge:
    """A number that a part shows in /metrics: `parley_<name>`, read when somebody asks."""

    name: str
    words: str
    read: Callable[[], float]


@dataclass(slots=True, frozen=True)
class Counted(Gauge):
    """A number that only rises while the process lives."""


class Runtime:
    """The parts of a process. Built by `main.py`, closed with it."""

    settings: Settings
    bus: Bus
    follower: Follower
    hub: Hub
    limits: RateLimits

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.gauges: list[Gauge] = []
        self.before_metrics: list[Callable[[], Awaitable[None]]] = []  # looks at what gauges then show
        self.routes: list[Any] = []  # pages of domains beside /graphql (Starlette's routes)
        self.started_at = now()
        self._parts: dict[type, Any] = {}

    @property
    def epoch(self) -> int:
        """The database's epoch as the follower last saw it: part of every cursor."""
        return self.follower.epoch

    def provide(self, part: object) -> None:
        """Keeps a domain's process-wide part, to be found by its class."""
        self._parts[type(part)] = part

    def part(self, kind: type[T]) -> T:
        """The part of that class. Raises KeyError when no domain provided it."""
        return self._parts[kind]  # type: ignore[no-any-return]


_current: ContextVar[Runtime] = ContextVar("runtime")


def enter(runtime: Runtime) -> None:
    """Binds the runtime, and who hears of commits, to the current context and the tasks made from it."""
    _current.set(runtime)
    log.announce_with(runtime.follower.committed)


def current() -> Runtime:
    """The runtime of the current context."""
    return _current.get()
