"""Runs uvicorn around one server process: says where it listens, drains gently, ends with status 0."""

from __future__ import annotations

import asyncio
import gc
import signal
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn

from app.core.errors import StartError
from app.core.runtime import Runtime
from app.core.web import Application, MonitorApplication
from app.main import asgi, serving, uvicorn_options
from app.settings import Settings

DRAIN_SECONDS = 5.0
_SWEEP_SECONDS = 0.1  # between two walks over what is young
_ALL_SECONDS = 60.0  # between two walks over everything, at least
_ALL_SHARE = 5000  # and as many times what the last one took


class Server(uvicorn.Server):
    """uvicorn that closes sockets over some seconds (not all at once: their clients would all come back at once)."""

    def __init__(self, app: Application, config: uvicorn.Config, *, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._app = app
        self._tell = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        calm_collector()
        self._tell()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:  # whoever comes back finds another process, or waits
            server.close()
        await self._app.drain(DRAIN_SECONDS)
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """uvicorn's own raises the signal again at the end: the process would not close what it opened."""
        loop = asyncio.get_running_loop()
        signals = (signal.SIGINT, signal.SIGTERM)
        for number in signals:
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in signals:
                loop.remove_signal_handler(number)


async def serve(settings: Settings, *, started: Callable[[], None]) -> None:
    """Serves until SIGTERM or SIGINT; `started` is called once requests are taken. Raises StartError."""
    listener = _listen(settings.host, settings.port, "choose another --port")
    try:
        async with serving(settings) as runtime:
            app = asgi(runtime)
            config = uvicorn.Config(app, **(uvicorn_options(settings) | {"lifespan": "off", "loop": "none"}))
            await Server(app, config, started=started).serve(sockets=[listener])
    finally:
        listener.close()


class _Quiet(uvicorn.Server):
    """uvicorn that leaves the signals to whoever runs it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def monitored(runtime: Runtime) -> AsyncIterator[None]:
    """Answers /healthz, /readyz and /metrics on the setting `worker_port`, if there is one, until the block ends.

    Raises StartError when the port is taken.
    """
    settings = runtime.settings
    if not settings.worker_port:
        yield
        return
    listener = _listen(settings.host, settings.worker_port, "choose another PARLEY_WORKER_PORT")
    options = uvicorn_options(settings) | {"lifespan": "off", "loop": "none", "ws": "none"}
    server = _Quiet(uvicorn.Config(MonitorApplication(runtime), **options))
    task = asyncio.create_task(server.serve(sockets=[listener]), name="monitor")
    try:
        yield
    finally:
        server.should_exit = True
        await task
        listener.close()


def calm_collector() -> None:
    """Modules, schema and caches are never garbage: a full collection that walks them stops the loop for 0.3 s, and
    was 2 of 5 parts of the CPU of a send (tests/bench/bench_send_live.py: 1,393 µs against 734 to 889).

    What is young is walked ten times a second, for 1 to 3 ms where 3,000 messages are sent. By its own count Python
    waits for seconds, as the caches of a busy server let go of as much as they take, and then stops the loop for 30 to
    50 ms (the p99 of a send at half load was 40 ms, now 10 to 20; at saturation its CPU is 0.95 of that before). Storms
    of connections are walked 25,000 objects at a time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(25_000, 1, 1_000_000)
    Sweeper(asyncio.get_running_loop()).sweep()


class Sweeper:
    """Collects what is young, and by and by what is old: by itself Python would never look there again, as the count
    that makes it do so begins anew with each sweep. What lived longer than a sweep and holds itself (12 KiB for each
    socket that was ever open, before those let go) would stay for ever. The next walk over everything comes when this
    one was 1/5,000 of the time: 15 ms with 1,000 sockets, every 75 s (0.7 s with 50,000, once an hour)."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._all_at = time.monotonic() + _ALL_SECONDS

    def sweep(self) -> None:
        """Now, and again in a moment."""
        began = time.monotonic()
        if began < self._all_at:
            gc.collect(1)
        else:
            gc.collect()
            ended = time.monotonic()
            self._all_at = ended + max(_ALL_SECONDS, _ALL_SHARE * (ended - began))
        self._loop.call_later(_SWEEP_SECONDS, self.sweep)


def _listen(host: str, port: int, advice: str) -> socket.socket:
    """Taken before anything else is opened, so that a port in use is told at once."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise StartError(f"Can't listen on {host}:{port} ({error.strerror}): {advice}.") from error
    listener.setblocking(False)
    return listener
