"""The outermost ASGI application: routes, health, metrics, GraphiQL, security headers, lifespan."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
from collections.abc import Callable, MutableMapping
from contextlib import AbstractAsyncContextManager
from ipaddress import ip_address, ip_network
from typing import Any

import orjson
import structlog
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route, Router
from starlette.types import Message, Receive, Scope, Send

from app.core.db import GONE
from app.core.errors import StartError
from app.core.graphiql import graphiql_routes
from app.core.health import Level, check_health
from app.core.runtime import Runtime, enter
from app.core.telemetry import Metrics
from app.core.transport.server import GraphQLTransport
from app.settings import Settings

logger = structlog.get_logger("web")
_METRICS_SECONDS = 1.0
Lifespan = Callable[[], AbstractAsyncContextManager[Runtime]]


class Application:
    """ASGI 3. With `lifespan` it opens and closes its own runtime; with `runtime` it serves one that is open."""

    def __init__(self, settings: Settings, lifespan: Lifespan | None = None, *, runtime: Runtime | None = None) -> None:
        self._settings = settings
        self._lifespan = lifespan
        self._headers = _security_headers(settings)
        self.is_draining = False
        self.runtime: Runtime | None = None
        if runtime is not None:
            self._use(runtime)

    def _use(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self._graphql = runtime.part(GraphQLTransport)
        self._metrics = Metrics(runtime)
        router = Router([*self._routes(), *runtime.routes], redirect_slashes=False, default=_not_found)
        self._pages = ExceptionMiddleware(router, handlers={404: _no_page})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        assert self.runtime is not None, "requests come after startup"
        enter(self.runtime)
        if scope["type"] == "http":
            send = self._with_headers(send)
        if scope["path"] in ("/graphql", "/graphql/"):
            await self._graphql(scope, receive, send)
        elif scope["type"] == "http":
            await self._pages(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008, "reason": "Only /graphql is here."})

    async def drain(self, seconds: float) -> None:
        """Before the end: /readyz says so, and sockets are closed over some time, to be resumed elsewhere."""
        self.is_draining = True
        if self.runtime is not None:
            await self._graphql.drain(seconds)

    async def _live(self, receive: Receive, send: Send) -> None:
        assert self._lifespan is not None, "this application was given a runtime: run it with lifespan off"
        await receive()
        started = False
        try:
            async with self._lifespan() as runtime:
                self._use(runtime)
                started = True
                await send({"type": "lifespan.startup.complete"})
                await receive()
        except StartError as error:
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        except Exception as error:
            logger.exception("start failed" if not started else "end failed")
            kind = "shutdown" if started else "startup"
            await send({"type": f"lifespan.{kind}.failed", "message": f"{type(error).__name__}: {error}"})
            return
        await send({"type": "lifespan.shutdown.complete"})

    # ── pages ─────────────────────────────────────────────────────────────────────────────────────

    def _routes(self) -> list[Any]:
        routes: list[Any] = [
            Route("/healthz", self._healthz),
            Route("/readyz", self._readyz),
            Route("/metrics", self._show_metrics),
        ]
        if self._settings.shows_graphiql:
            routes += [Route("/", _to_graphiql), Route("/graphiql", _to_graphiql), *graphiql_routes()]
        return routes

    async def _healthz(self, _request: Any) -> Response:
        """The process runs: a supervisor need not restart it, whatever else is away."""
        return _json({"status": "OK"}, 200)

    async def _readyz(self, _request: Any) -> Response:
        """A balancer may send people here: the database answers, and the process is not about to end."""
        assert self.runtime is not None
        if self.is_draining:
            return _json({"status": Level.DOWN, "reason": "ending"}, 503)
        health = await check_health(self.runtime)
        body = {"status": health.status, "database": health.database, "bus": health.bus}
        return _json(body, 503 if health.status is Level.DOWN else 200)

    async def _show_metrics(self, request: Any) -> Response:
        if not self._may_read_metrics(request):
            return _json({"error": "Not found"}, 404)
        assert self.runtime is not None
        with contextlib.suppress(*GONE):  # the database is away: the numbers of before
            async with asyncio.timeout(_METRICS_SECONDS):
                for look in self.runtime.before_metrics:
                    await look()
        return Response(self._metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")

    def _may_read_metrics(self, request: Any) -> bool:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        wanted = self._settings.metrics_token
        if wanted and scheme.lower() == "bearer" and hmac.compare_digest(token.encode(), wanted.encode()):
            return True
        # A proxy on this machine comes from loopback too: whoever it forwards is not us.
        if request.client is None or "x-forwarded-for" in request.headers or "forwarded" in request.headers:
            return False
        try:
            address = ip_address(request.client.host)
        except ValueError:
            return False
        return any(address in ip_network(n, strict=False) for n in self._settings.metrics_allowed)

    def _with_headers(self, send: Send) -> Send:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add_headers(message, self._headers)
            await send(message)

        return send_with_headers


def _add_headers(message: MutableMapping[str, Any], headers: list[tuple[bytes, bytes]]) -> None:
    given = list(message.get("headers", ()))
    present = {name.lower() for name, _ in given}
    message["headers"] = given + [(name, value) for name, value in headers if name not in present]


def _security_headers(settings: Settings) -> list[tuple[bytes, bytes]]:
    headers = [
        (b"x-content-type-options", b"nosniff"),
        (b"x-frame-options", b"DENY"),
        (b"referrer-policy", b"no-referrer"),
        (b"cache-control", b"no-store"),
        (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    ]
    if settings.public_url.startswith("https://"):
        headers.append((b"strict-transport-security", b"max-age=31536000"))
    return headers


async def _to_graphiql(_request: Any) -> Response:
    return RedirectResponse("/graphiql/")


async def _not_found(scope: Scope, receive: Receive, send: Send) -> None:
    await _no_page()(scope, receive, send)


def _no_page(*_: Any) -> Response:
    return _json({"error": "Not found: GraphQL is at /graphql."}, 404)


def _json(body: object, status: int) -> Response:
    return Response(orjson.dumps(body), status_code=status, media_type="application/json")
