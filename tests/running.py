"""A whole Parley inside the test process: its settings, its runtime, its uvicorn."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn

from app.core.runtime import Runtime
from app.core.web import Application
from app.settings import Settings
from tests.servers import free_port

SECRET = "tests-only-7f3c1e9a2b5d8046c1f0e9d8b7a65432"


def settings_for(database_url: str, redis_url: str = "", *, data_dir: Path, **changes: Any) -> Settings:
    """Settings of a test server: cheap password hashes, rate limits too high to meet."""
    from app.core.limits import RATES

    generous = {rate.key: f"1000000/{rate.seconds}" for rate in RATES}
    values: dict[str, Any] = {
        "database_url": database_url,
        "redis_url": redis_url,
        "data_dir": data_dir,
        "secret": SECRET,
        "accounts": {"password_memory_kib": 64},
        "rates": generous,
        "transport": {
            "sockets_per_address": 0,
            "cost_least": 1,
            "signed_out_per_minute": 1_000_000_000,
            "cost_per_minute": 1_000_000_000,
        },
        "embedded_worker": False,
        "log_level": "error",
    }
    return Settings(_env_file=None, **(values | changes))


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Runtime]:
    """The runtime of one process on the database that is open."""
    from app.main import running as parts

    async with parts(settings) as runtime:
        yield runtime


@dataclass(frozen=True)
class Server:
    """A listening Parley. `url` has no path; `ws_url` is the GraphQL endpoint over WebSocket."""

    url: str
    runtime: Runtime
    app: Application

    @property
    def graphql_url(self) -> str:
        return f"{self.url}/graphql"

    @property
    def ws_url(self) -> str:
        return f"{self.url}/graphql".replace("http://", "ws://")


class _Quiet(uvicorn.Server):
    """uvicorn that leaves the test process's signals alone."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving(runtime: Runtime) -> AsyncIterator[Server]:
    """Serves a runtime on a free port until the block ends. Several may run beside each other."""
    from app.main import asgi, uvicorn_options

    settings = runtime.settings.model_copy(update={"port": free_port()})
    options = uvicorn_options(settings) | {"lifespan": "off", "loop": "none", "timeout_graceful_shutdown": 1}
    app = asgi(runtime)
    http = _Quiet(uvicorn.Config(app, **options))
    task = asyncio.create_task(http.serve())
    try:
        while not http.started:
            if task.done():
                await task
                raise RuntimeError("uvicorn did not start")
            await asyncio.sleep(0.005)
        yield Server(f"http://127.0.0.1:{settings.port}", runtime, app)
    finally:
        http.should_exit = True
        await task
