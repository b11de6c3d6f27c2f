"""When people were last there: collected for a second, then stored together."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import datetime
from uuid import UUID

import structlog

from app.core.clock import now
from app.presence.board import DeviceBoard
from app.presence.records import minute_of, store_active, store_came, store_left
from app.settings_chat import PresenceSettings

logger = structlog.get_logger("presence")
_COLLECTED_SECONDS = 1.0


class LastSeen:
    """Listens to the board of its process, and writes what this process is to store."""

    def __init__(self, board: DeviceBoard, settings: PresenceSettings) -> None:
        self._board = board
        self._settings = settings
        self._came: dict[UUID, None] = {}
        self._left: dict[UUID, datetime] = {}
        self._task: asyncio.Task[None] | None = None
        self._next_store = 0.0

    def start(self) -> None:
        """Begins to write."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Everybody who is still here leaves with the process, and that is written."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self._left |= self._board.leaving()
        await self._write()

    def changed(self, user_id: UUID, *, flips: bool, is_ours: bool) -> None:
        """See board.Changed."""
        if not (flips and is_ours):
            return
        left = self._board.left_at(user_id)
        if left is None:
            self._came[user_id] = None
        else:
            self._left[user_id] = left

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(_COLLECTED_SECONDS)
            await self._write()
            at = asyncio.get_running_loop().time()
            if at >= self._next_store:
                self._next_store = at + self._settings.store_seconds
                await _tried(store_active(list(self._board.own_people()), now()))

    async def _write(self) -> None:
        came, self._came = self._came, {}
        left, self._left = self._left, {}
        if came:
            await _tried(store_came(list(came), now()))
        by_minute: dict[datetime, list[UUID]] = {}
        for user_id, at in left.items():
            by_minute.setdefault(minute_of(at), []).append(user_id)
        for at, people in by_minute.items():
            await _tried(store_left(people, at))


async def _tried(storing: Awaitable[None]) -> None:
    """What can't be stored now is coarser later: it is not worth more."""
    try:
        await storing
    except Exception as error:
        logger.warning("last seen not stored", error=repr(error))
