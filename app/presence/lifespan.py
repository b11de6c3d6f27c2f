"""What presence keeps in a running process: the board of who types where."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.core.bus import Announcement
from app.core.runtime import Runtime
from app.presence.typing import TOPIC, TypingBoard


@asynccontextmanager
async def lifespan(runtime: Runtime) -> AsyncIterator[None]:
    """Provides the board, and lets it hear what other processes announce."""

    def announce(announcement: Announcement) -> None:
        runtime.hub.announced(announcement)
        runtime.bus.announce(announcement)

    board = TypingBoard(announce=announce, announce_here=runtime.hub.announced)
    runtime.provide(board)
    runtime.hub.on_announcement(TOPIC, board.hear)
    runtime.follower.on_dispatch(board.on_event)
    try:
        yield
    finally:
        board.close()
