"""One server process: its parts put together, started and ended in order, and the ASGI application around them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import structlog

from app.accounts import lifespan as accounts
from app.accounts.tokens import authenticate
from app.conversations import pages as conversations
from app.core import db
from app.core.delivery import delivery
from app.core.embedded import only_server
from app.core.executor import counts
from app.core.hub.process import following
from app.core.jobs import provide_jobs
from app.core.limits import RateLimits
from app.core.migrate import migrate
from app.core.opening import opened_database
from app.core.runtime import Counted, Gauge, Runtime
from app.core.transport.server import GraphQLTransport
from app.core.web import Application
from app.messages import lifespan as messages
from app.presence import lifespan as presence
from app.schema import schema
from app.settings import Settings
from app.worker import working

logger = structlog.get_logger("main")
DOMAINS = (accounts.lifespan, conversations.lifespan, messages.lifespan, presence.lifespan)


def asgi(runtime: Runtime) -> Application:
    """The ASGI application around a runtime, which whoever opened it closes."""
    return Application(runtime)


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[Runtime]:
    """The runtime with its database. Embedded mode also migrates, keeps a second server off the file, and works."""
    async with AsyncExitStack() as stack:
        if settings.is_sqlite:
            stack.enter_context(only_server(db.sqlite_path(settings.database_url)))
            for version in await migrate(settings.database_url):
                logger.info("migrated", version=version)
        await stack.enter_async_context(opened_database(settings.database_url, pool_size=settings.database_pool))
        runtime = await stack.enter_async_context(running(settings))
        if settings.is_sqlite and settings.embedded_worker:
            await stack.enter_async_context(working(runtime))
        yield runtime


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Runtime]:
    """Bus, follower, hub, transport and the domains' parts, on the database that is open."""
    runtime = Runtime(settings)
    async with AsyncExitStack() as stack:
        runtime.limits = RateLimits(
            settings.redis_url,
            overrides=settings.rates,
            cost_per_minute=settings.transport.cost_per_minute,
            cost_least=settings.transport.cost_least,
            signed_out_per_minute=settings.transport.signed_out_per_minute,
            prefix=settings.redis_prefix,
        )
        stack.push_async_callback(runtime.limits.close)
        transport = GraphQLTransport(schema, runtime, authenticate)
        runtime.provide(transport)
        runtime.gauges.append(
            Counted("executor_handed_over", "Operations left to graphql-core.", lambda: counts.handed_over)
        )
        runtime.gauges.append(Gauge("sockets", "WebSockets open in this process.", lambda: len(transport.connections)))
        await stack.enter_async_context(following(runtime, transport.renderer, prefix=settings.redis_prefix))
        provide_jobs(runtime)
        await stack.enter_async_context(delivery(runtime))
        for lifespan in DOMAINS:
            await stack.enter_async_context(lifespan(runtime))
        yield runtime


def uvicorn_options(settings: Settings) -> dict[str, Any]:
    """How uvicorn runs an application of ours, also in tests."""
    return {
        "host": settings.host,
        "port": settings.port,
        "http": "app.core.transport.http_protocol:ParleyHttp",
        "loop": "uvloop",
        "ws": "app.core.transport.protocol:ParleyWebSocket",
        "ws_max_size": settings.transport.frame_bytes,
        "ws_ping_interval": 20.0,
        "ws_ping_timeout": 20.0,
        "ws_per_message_deflate": False,
        "timeout_graceful_shutdown": 15,
        "proxy_headers": False,  # the transport believes settings.trusted_proxies only
        "server_header": False,
        "access_log": False,
        "log_config": None,
    }
