"""What monitors and balancers read of a process: /healthz, /readyz, /metrics."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
from ipaddress import ip_address, ip_network

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.core.db import GONE
from app.core.health import Level, check_health
from app.core.runtime import Runtime
from app.core.telemetry import Metrics

_METRICS_SECONDS = 1.0


class Monitor:
    """The routes, and whether the process is about to end."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._settings = runtime.settings
        self._metrics = Metrics(runtime)
        self.is_draining = False

    def routes(self) -> list[Route]:
        """For a router. HEAD is answered as GET."""
        return [
            Route("/healthz", self._healthz),
            Route("/readyz", self._readyz),
            Route("/metrics", self._show_metrics),
        ]

    async def _healthz(self, _request: Request) -> Response:
        """The process runs: a supervisor need not restart it, whatever else is away."""
        return json_answer({"status": "OK"}, 200)

    async def _readyz(self, _request: Request) -> Response:
        """A balancer may send people here: the database answers, and the process is not about to end."""
        if self.is_draining:
            return json_answer({"status": Level.DOWN, "reason": "ending"}, 503)
        health = await check_health(self._runtime)
        body = {"status": health.status, "database": health.database, "bus": health.bus}
        return json_answer(body, 503 if health.status is Level.DOWN else 200)

    async def _show_metrics(self, request: Request) -> Response:
        if not self._may_read_metrics(request):
            return json_answer({"error": "Not found"}, 404)
        with contextlib.suppress(*GONE):  # the database is away: the numbers of before
            async with asyncio.timeout(_METRICS_SECONDS):
                for look in self._runtime.before_metrics:
                    await look()
        return Response(self._metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")

    def _may_read_metrics(self, request: Request) -> bool:
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


def json_answer(body: object, status: int) -> Response:
    """A small JSON document."""
    return Response(orjson.dumps(body), status_code=status, media_type="application/json")
