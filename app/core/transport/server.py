"""GraphQLTransport: the ASGI application that `main.py` mounts at /graphql, and what all its connections share."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from strawberry import Schema

from app.core import runtime as runtimes
from app.core.graphql.context import Context
from app.core.runtime import Runtime
from app.core.security_headers import security_headers
from app.core.transport.addresses import Addresses
from app.core.transport.documents import Documents, Operation
from app.core.transport.execution import Execution
from app.core.transport.http import Exchange, Message, Receive, Send
from app.core.transport.live_devices import LiveDevices
from app.core.transport.origin import Origins
from app.core.transport.render import EventRenderer
from app.core.transport.request import GraphQLRequest
from app.core.transport.sessions import Sessions
from app.core.transport.sink import Ticks
from app.core.transport.sockets import Sockets
from app.core.transport.websocket import Connection
from app.core.viewer import Client, Viewer

_CLOSED_AT_ONCE = 100


class GraphQLTransport:
    """Serves a schema over HTTP, SSE and WebSocket. `authenticate` turns an access token into who it proves."""

    def __init__(
        self, schema: Schema, runtime: Runtime, authenticate: Callable[[str], Awaitable[Viewer]]
    ) -> None:  # fmt: skip
        settings = runtime.settings
        production = settings.env == "production"
        compiled = settings.executor == "compiled"
        self.runtime = runtime
        self.limits = settings.transport
        self.authenticate = authenticate
        self.origins = Origins(settings)
        self.headers = [*security_headers(settings), (b"vary", b"Accept, Origin")]  # of every answer over HTTP
        self.sessions = Sessions()
        self.sockets = Sockets(runtime, settings.transport.sockets_per_device)
        self.addresses = Addresses(settings.transport.sockets_per_address)
        self.live_devices = LiveDevices()
        self.ticks = Ticks()
        self.documents = Documents(
            schema, self.limits, introspection=settings.shows_schema, hints=not production, compiled=compiled
        )
        self.execution = Execution(schema, self.limits, hints=not production, compiled=compiled)
        self.renderer = EventRenderer(runtime)
        self.connections: set[Connection] = set()
        self.subscriptions = 0  # open in this process, over sockets and SSE
        self._listening = False

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """ASGI 3, for `http` and `websocket` scopes."""
        runtimes.enter(self.runtime)
        if not self._listening:  # the follower is made after the transport, whose renderer the hub needs
            self._listening = True
            self.runtime.follower.on_dispatch(self.sessions.notice)
            self.runtime.hub.on_handed = self.ticks.hurry
            self.sockets.listen()
        if scope["type"] == "websocket":
            await Connection(self, scope, receive, send).serve()
        else:
            await Exchange(self, scope, receive, send).serve()

    def context(self, viewer: Viewer | None, client: Client, *, connection: Any = None) -> Context:
        """The context of one operation; it remembers where the process was before anything was read."""
        return Context(self.runtime, viewer, client, start=self.runtime.follower.vector, connection=connection)

    async def operation(self, request: GraphQLRequest, viewer: Viewer | None, client: Client) -> Operation:
        """The operation asked for. Documents seen for the first time are paid for, or nothing would bound those that
        are refused. Raises RequestError, RATE_LIMITED."""
        if price := self.documents.price(request.query):
            self.runtime.limits.charge(viewer, client, price)
        return await self.documents.operation(request)

    async def drain(self, seconds: float) -> None:
        """Before the process ends: has sockets resume elsewhere (4503), spread over half the time, so that they do not
        all come back at once; then waits for the mutations under way."""
        sockets = list(self.connections)
        pause = seconds / 2 / max(1, len(sockets) / _CLOSED_AT_ONCE)
        for start in range(0, len(sockets), _CLOSED_AT_ONCE):
            if start:
                await asyncio.sleep(pause)
            for connection in sockets[start : start + _CLOSED_AT_ONCE]:
                connection.close(4503, "Resume elsewhere")
        await self.execution.settle(seconds / 2)
