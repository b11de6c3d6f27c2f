"""The outermost ASGI applications: routes, GraphiQL, security headers; and the worker's, which is for monitors only."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.graphiql import graphiql_routes
from app.core.monitor import Monitor, json_answer
from app.core.runtime import Runtime, enter
from app.core.security_headers import security_headers
from app.core.transport.server import GraphQLTransport


class Application:
    """ASGI 3, for `http` and `websocket` scopes: the runtime is opened and closed by whoever serves it."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self._headers = security_headers(runtime.settings)
        self._graphql = runtime.part(GraphQLTransport)
        self._monitor = Monitor(runtime)
        routes: list[Any] = self._monitor.routes()
        if runtime.settings.shows_graphiql:
            routes += [Route("/", _to_graphiql), Route("/graphiql", _to_graphiql), *graphiql_routes()]
        self._pages = _pages([*routes, *runtime.routes])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] in ("/graphql", "/graphql/"):
            await self._graphql(scope, receive, send)
        elif scope["type"] == "http":
            enter(self.runtime)
            await self._pages(scope, receive, _with_headers(send, self._headers))
        else:
            await send({"type": "websocket.close", "code": 1008, "reason": "Only /graphql is here."})

    async def drain(self, seconds: float) -> None:
        """Before the end: /readyz says so, and sockets are closed over some time, to be resumed elsewhere."""
        self._monitor.is_draining = True
        await self._graphql.drain(seconds)


class MonitorApplication:
    """ASGI 3: what monitors read, alone. For a process that serves nobody else (`parley worker`)."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._headers = security_headers(runtime.settings)
        self._pages = _pages(Monitor(runtime).routes())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        enter(self._runtime)
        if scope["type"] == "http":
            await self._pages(scope, receive, _with_headers(send, self._headers))
        else:
            await send({"type": "websocket.close", "code": 1008, "reason": "Nothing is served here."})


def _pages(routes: list[Any]) -> ASGIApp:
    router = Router(routes, redirect_slashes=False, default=_not_found)
    return ExceptionMiddleware(router, handlers={404: _no_page})


def _with_headers(send: Send, headers: list[tuple[bytes, bytes]]) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            _add_headers(message, headers)
        await send(message)

    return send_with_headers


def _add_headers(message: MutableMapping[str, Any], headers: list[tuple[bytes, bytes]]) -> None:
    given = list(message.get("headers", ()))
    present = {name.lower() for name, _ in given}
    message["headers"] = given + [(name, value) for name, value in headers if name not in present]


async def _to_graphiql(_request: Any) -> Response:
    return RedirectResponse("/graphiql/")


async def _not_found(scope: Scope, receive: Receive, send: Send) -> None:
    await _no_page()(scope, receive, send)


def _no_page(*_: Any) -> Response:
    return json_answer({"error": "Not found: GraphQL is at /graphql."}, 404)
