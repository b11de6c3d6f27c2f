"""PostgreSQL connections kept for reads: a read outside a transaction costs its statement and no more.

asyncpg's pool makes a task, a timer and a proxy whenever a connection is taken and given back, and Tortoise copies each
row into a dict: together as much CPU as the statement itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import asyncpg
from tortoise.exceptions import IntegrityError, OperationalError

_USES = 20_000  # then the pool gets a connection back, and may replace it


class _Kept:
    """A connection of the pool that stays taken."""

    __slots__ = ("connection", "uses")

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.uses = _USES


class Readers:
    """A part of a pool's connections, `most` of them, that stay taken while nobody uses them. Whoever finds them all
    busy takes one of the pool for a moment. One per pool; `close` before the pool is closed."""

    def __init__(self, pool: asyncpg.Pool, most: int) -> None:
        self.pool = pool
        self._most = most
        self._count = 0  # kept, busy ones too
        self._idle: list[_Kept] = []

    @property
    def idle(self) -> int:
        """How many connections are kept and not in use."""
        return len(self._idle)

    async def fetch(self, sql: str, args: Sequence[Any]) -> list[Any]:
        """The rows of one statement that commits by itself. Raises what Tortoise's client raises."""
        idle = self._idle
        kept = idle.pop() if idle else None
        if kept is None or _is_closed(kept.connection):
            kept = await self._take(kept)
        try:
            found = await kept.connection.fetch(sql, *args)
        except (asyncpg.SyntaxOrAccessError, asyncpg.DataError) as error:
            await self._give_back(kept)
            raise OperationalError(error) from error
        except asyncpg.IntegrityConstraintViolationError as error:
            await self._give_back(kept)
            raise IntegrityError(error) from error
        except BaseException:  # also a cancellation: the pool waits until the server knows of it
            await self._let_go(kept)
            raise
        kept.uses -= 1
        if kept.uses > 0 and self._most:
            idle.append(kept)
        else:
            await self._let_go(kept)
        return found  # type: ignore[no-any-return]

    async def close(self) -> None:
        """Gives the idle ones back; the others follow by themselves."""
        self._most = 0
        while self._idle:
            await self._let_go(self._idle.pop())

    async def _take(self, closed: _Kept | None) -> _Kept:
        while closed is not None:
            await self._let_go(closed)
            closed = self._idle.pop() if self._idle else None
            if closed is not None and not _is_closed(closed.connection):
                return closed
        kept = _Kept(None)
        if self._count < self._most:
            self._count += 1
        else:
            kept.uses = -1  # a loan
        try:
            kept.connection = await self.pool.acquire()
        except BaseException:
            self._count -= kept.uses >= 0
            raise
        return kept

    async def _give_back(self, kept: _Kept) -> None:
        if kept.uses > 0 and self._most:
            self._idle.append(kept)
        else:
            await self._let_go(kept)

    async def _let_go(self, kept: _Kept) -> None:
        self._count -= kept.uses >= 0
        await self.pool.release(kept.connection)


def _is_closed(connection: Any) -> bool:
    try:
        return bool(connection.is_closed())
    except asyncpg.InterfaceError:  # it closed, and the pool has it back
        return True
