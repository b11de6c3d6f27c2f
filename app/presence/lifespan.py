"""What presence keeps in a running process: the boards of who types and who is connected, and who watches."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.core.bus import Announcement
from app.core.runtime import Gauge, Runtime
from app.core.transport.server import GraphQLTransport
from app.presence import board as boards
from app.presence import typing
from app.presence.board import DeviceBoard
from app.presence.last_seen import LastSeen
from app.presence.typing import TypingBoard
from app.presence.watching import Watchers


@asynccontextmanager
async def lifespan(runtime: Runtime) -> AsyncIterator[None]:
    """Provides the boards, lets them hear what other processes announce, and ends them with the process."""
    async with _typing(runtime), _devices(runtime):
        yield


@asynccontextmanager
async def _typing(runtime: Runtime) -> AsyncIterator[None]:
    def announce(announcement: Announcement) -> None:
        runtime.hub.announced(announcement)
        runtime.bus.announce(announcement)

    life = float(runtime.settings.presence.typing_expire_seconds)
    board = TypingBoard(announce=announce, announce_here=runtime.hub.announced, life_seconds=life)
    runtime.provide(board)
    runtime.hub.on_announcement(typing.TOPIC, board.hear)
    runtime.follower.on_dispatch(board.on_event)
    try:
        yield
    finally:
        board.close()


@asynccontextmanager
async def _devices(runtime: Runtime) -> AsyncIterator[None]:
    settings = runtime.settings.presence
    board = DeviceBoard(runtime.bus, settings, alone=not runtime.settings.redis_url)
    watchers = Watchers(runtime.hub, settings)
    runtime.provide(board)
    runtime.provide(watchers)
    runtime.gauges.append(Gauge("people_online", "People online on all processes.", lambda: board.people))
    runtime.part(GraphQLTransport).live_devices.on_change(board.connected)
    runtime.hub.on_announcement(boards.TOPIC, board.hear)
    runtime.follower.on_dispatch(watchers.on_event)
    board.on_change(watchers.changed)
    board.on_heard(watchers.look_at_unknown)
    board.on_deaf(watchers.look_at_all)
    last_seen = LastSeen(board, settings)
    if settings.enabled:
        board.on_change(last_seen.changed)
        last_seen.start()
    watchers.start()
    await board.start()
    try:
        yield
    finally:
        await watchers.stop()
        if settings.enabled:
            await last_seen.stop()
        await board.stop()
