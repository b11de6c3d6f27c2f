"""A small schema with every kind of answer, and a hub that hands announcements to its subscribers at once.

The transport's own rules are tested on these, without a database; test_live.py has them against the whole of Parley.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from types import SimpleNamespace
from typing import Any

import strawberry
import uvicorn

from app.core import log
from app.core.clock import new_id, now
from app.core.errors import ErrorCode, SessionExpiredError, UnauthenticatedError, UserFault
from app.core.graphql.context import Context, Info
from app.core.graphql.directives import Access
from app.core.graphql.events import CURSOR_SLOT
from app.core.graphql.streams import EphemeralStream, ephemeral_face
from app.core.hub.ports import Selection, Sink
from app.core.hub.texts import now_or_later
from app.core.limits import RateLimits
from app.core.runtime import Runtime
from app.core.transport.server import GraphQLTransport
from app.core.viewer import Viewer
from app.settings import Settings
from tests.running import _Quiet
from tests.servers import free_port

TOPIC = "toy"
SLOW = asyncio.Event()  # set: slow() and slowly() go on
CANCELLED = asyncio.Event()  # a slow() was given up
DONE: list[str] = []  # mutations that ran to their end


@strawberry.enum
class Colour(Enum):
    RED = "RED"


@strawberry.type
class Item:
    name: str

    @strawberry.field
    def child(self) -> Item:
        return Item(name=self.name + "'")

    @strawberry.field
    def items(self, first: int | None = 50) -> list[Item]:
        return [Item(name=str(n)) for n in range(first or 0)]


@strawberry.type
class Query:
    @strawberry.field
    def hello(self, name: str = "world") -> str:
        return f"hello {name}"

    @strawberry.field
    def number(self, value: int) -> int:
        return value

    @strawberry.field
    def colour(self, of: Colour) -> Colour:
        return of

    @strawberry.field
    def items(self, first: int | None = 50) -> list[Item]:
        return [Item(name=str(n)) for n in range(first or 0)]

    @strawberry.field
    def nodes(self, ids: list[strawberry.ID]) -> list[Item]:
        return [Item(name=i) for i in ids]

    @strawberry.field
    def secret(self) -> str | None:
        raise RuntimeError("secret db password")

    @strawberry.field
    def needed(self) -> str:
        raise RuntimeError("secret db password")

    @strawberry.field
    def expired(self) -> str | None:
        raise SessionExpiredError

    @strawberry.field
    def invalid(self) -> str | None:
        raise UserFault(ErrorCode.INVALID, "Not like this.")

    @strawberry.field
    def who(self, info: Info) -> str | None:
        viewer = info.context.viewer
        return str(viewer.user_id) if viewer else None

    @strawberry.field
    def ip(self, info: Info) -> str:
        return info.context.client.ip

    @strawberry.field
    async def slow(self) -> str:
        try:
            await SLOW.wait()
        except asyncio.CancelledError:
            CANCELLED.set()
            raise
        return "done"


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def slowly(self, name: str) -> str:
        await SLOW.wait()
        DONE.append(name)
        return name

    @strawberry.mutation(directives=[Access(signed_out=True)])
    def log_in(self) -> str:
        return "in"


@ephemeral_face(TOPIC)
@strawberry.type
class Said:
    record: strawberry.Private[log.Event]

    @strawberry.field
    def text(self) -> str:
        return str(self.record.payload["text"])

    @strawberry.field
    def cursor(self) -> str:
        return CURSOR_SLOT

    @strawberry.field
    def to_me(self, info: Info) -> str:
        return str(info.context.require_viewer().session_id)

    @strawberry.field
    def broken(self) -> str:
        raise RuntimeError("secret db password")

    @classmethod
    def build(cls, record: log.Event, _context: Context) -> Said | None:
        return cls(record=record) if record.payload["text"] else None


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def said(self, info: Info, room: str | None = None, after: str | None = None) -> AsyncIterable[Said]:
        return EphemeralStream(info.context.require_viewer(), TOPIC)  # type: ignore[return-value]

    @strawberry.subscription
    async def failing(self, info: Info) -> AsyncIterable[Said]:
        raise RuntimeError("secret db password")


SCHEMA = strawberry.Schema(Query, Mutation, Subscription)


@dataclass(eq=False)
class OpenStream:
    stream: EphemeralStream
    selection: Selection
    sink: Sink


@dataclass
class ToyHub:
    """Renders each announcement once per selection and pushes it at once."""

    transport: GraphQLTransport | None = None
    streams: list[OpenStream] = field(default_factory=list)
    opened: asyncio.Event = field(default_factory=asyncio.Event)
    refused: int = 0

    def open(self, stream: EphemeralStream, selection: Selection, sink: Sink) -> OpenStream:
        subscription = OpenStream(stream, selection, sink)
        self.streams.append(subscription)
        self.opened.set()
        return subscription

    def on_announcement(self, topic: str, listener: Callable[..., None]) -> None:
        """There is no other process that could announce anything."""

    def close(self, subscription: OpenStream) -> None:
        if subscription in self.streams:
            self.streams.remove(subscription)

    async def announce(self, text: str) -> None:
        assert self.transport is not None
        event = log.Event(0, 1, 1, 0, new_id(), TOPIC, {"text": text}, frozenset(), frozenset(), frozenset(), now())
        for selection in {s.selection for s in self.streams}:
            group = [s for s in self.streams if s.selection == selection]
            viewers = [s.stream.viewer for s in group]
            rendered = await now_or_later(self.transport.renderer.render(group[0].selection, event, TOPIC, viewers))
            for one in group:
                payload = rendered.shared
                if rendered.by_viewer is not None:
                    payload = rendered.by_viewer[one.stream.viewer.session_id]
                if payload is not None and not one.sink.push(payload.replace(CURSOR_SLOT.encode(), b"CURSOR")):
                    self.refused += 1


@dataclass
class Toy:
    """A served toy: where it listens, and its parts."""

    url: str
    transport: GraphQLTransport
    hub: ToyHub
    dispatch: Callable[[log.Event], None]
    tokens: dict[str, Viewer]

    @property
    def ws_url(self) -> str:
        return self.url.replace("http://", "ws://")

    def token(self, name: str = "alice", *, seconds: float = 900) -> str:
        """An access token; the same name gives a new session each time."""
        viewer = Viewer(new_id(), new_id(), new_id(), now() + timedelta(seconds=seconds))
        token = f"{name}-{viewer.session_id}"
        self.tokens[token] = viewer
        return token


@asynccontextmanager
async def serving_toy(**changes: Any) -> AsyncIterator[Toy]:
    """The toy on a free port; `changes` go into its settings."""
    settings = Settings(_env_file=None, secret="x" * 32, **changes)
    runtime, hub, tokens = Runtime(settings), ToyHub(), dict[str, Viewer]()
    listeners: list[Callable[[log.Event], None]] = []

    async def authenticate(token: str) -> Viewer:
        if token == "crash":
            raise RuntimeError("secret db password")
        if token == "old":
            raise SessionExpiredError
        if token not in tokens:
            raise UnauthenticatedError
        return tokens[token]

    runtime.limits = RateLimits(
        "", overrides={}, cost_per_minute=settings.transport.cost_per_minute, cost_least=settings.transport.cost_least,
        signed_out_per_minute=changes.get("transport", {}).get("signed_out_per_minute"),
    )  # fmt: skip
    runtime.hub = hub  # type: ignore[assignment]
    runtime.bus = SimpleNamespace(announce=lambda _announcement: None)  # type: ignore[assignment]
    runtime.follower = SimpleNamespace(  # type: ignore[assignment]
        vector=(), committed=lambda _events: None, on_dispatch=listeners.append
    )
    transport = hub.transport = GraphQLTransport(SCHEMA, runtime, authenticate)
    port = free_port()
    config = uvicorn.Config(
        transport, port=port, lifespan="off", loop="none", access_log=False, log_level="error",
        http="app.core.transport.http_protocol:ParleyHttp", proxy_headers=False,
        ws="app.core.transport.protocol:ParleyWebSocket", ws_per_message_deflate=False,
        ws_max_size=settings.transport.frame_bytes, server_header=False, timeout_graceful_shutdown=1,
    )  # fmt: skip
    server = _Quiet(config)
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.005)
    try:
        yield Toy(f"http://127.0.0.1:{port}/graphql", transport, hub, lambda e: [f(e) for f in listeners], tokens)  # type: ignore[func-returns-value, return-value]
    finally:
        server.should_exit = True
        await task
