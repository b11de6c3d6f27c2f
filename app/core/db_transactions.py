"""Tortoise's transactions and SQLite connection, mended: they survive cancellation (stack.md, trap 1).

Cancelling a task during BEGIN leaks the connection in Tortoise 1.1.9; here every transaction ends whole.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import aiosqlite
import orjson
from tortoise.backends.base import client as base_backend
from tortoise.backends.sqlite import client as sqlite_backend
from tortoise.connection import get_connections
from tortoise.exceptions import TransactionManagementError


async def _finish(cleanup: Awaitable[Any]) -> None:
    """Runs a clean-up to its end, even if this task is cancelled again meanwhile."""
    task = asyncio.ensure_future(cleanup)
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            continue
        except Exception:
            break


async def _pooled_enter(self: Any) -> Any:
    """Tortoise's own leaks the connection when a task is cancelled during BEGIN (stack.md, trap 1)."""
    await self.ensure_connection()
    pool = self.client._parent._pool
    async with asyncio.timeout(5):
        self.client._connection = await pool.acquire()
    self.token = get_connections().set(self.connection_name, self.client)
    try:
        await self.client.begin()
    except BaseException:
        get_connections().reset(self.token)
        await _finish(pool.release(self.client._connection))  # asyncpg rolls back on release
        raise
    return self.client


async def _pooled_exit(self: Any, kind: Any, error: Any, trace: Any) -> None:
    async def end() -> None:
        client = self.client
        try:
            if not client._finalized and client._connection.is_closed() is False:
                if kind is None:
                    await client.commit()
                elif kind is not TransactionManagementError:
                    await client.rollback()
        finally:
            await client._parent._pool.release(client._connection)

    task = asyncio.ensure_future(end())
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await _finish(task)  # the COMMIT is on its way: let it end, then report the cancellation
        raise
    finally:
        get_connections().reset(self.token)


async def _sqlite_enter(self: Any) -> Any:
    await self._trxlock.acquire()
    try:
        await self.ensure_connection()
        self.token = get_connections().set(self.connection_name, self.connection)
        try:
            # IMMEDIATE: a deferred BEGIN that upgrades later gets SQLITE_BUSY at once beside another process.
            await self.connection._connection.execute("BEGIN IMMEDIATE")
        except BaseException:
            get_connections().reset(self.token)
            await _finish(self.connection._connection.rollback())  # queued behind the BEGIN in aiosqlite's thread
            raise
    except BaseException:
        self._trxlock.release()
        raise
    return self.connection


async def _sqlite_exit(self: Any, kind: Any, error: Any, trace: Any) -> None:
    async def end() -> None:
        connection = self.connection
        if connection._finalized:
            return
        try:
            if kind is None:
                await connection.commit()
            elif kind is not TransactionManagementError:
                await connection.rollback()
        except BaseException:
            await connection._connection.rollback()
            raise

    task = asyncio.ensure_future(end())
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await _finish(task)
        raise
    finally:
        get_connections().reset(self.token)
        self._trxlock.release()


async def _sqlite_connect(self: Any, with_db: bool) -> None:
    """As Tortoise's own, but rows of declared types come back as Python values (UUID, datetime), as on PostgreSQL."""
    if self._connection:
        return
    self._connection = await aiosqlite.connect(
        self.filename, isolation_level=None, detect_types=sqlite3.PARSE_DECLTYPES
    )
    self._connection._conn.row_factory = sqlite3.Row
    for pragma, value in self.pragmas.items():
        await (await self._connection.execute(f"PRAGMA {pragma}={value}")).close()
    await self._post_connect()


@lru_cache(maxsize=1)
def install() -> None:
    """Replaces Tortoise's transactions and SQLite connection by ours; once for the process."""
    base_backend.TransactionContextPooled.__aenter__ = _pooled_enter  # type: ignore[method-assign]
    base_backend.TransactionContextPooled.__aexit__ = _pooled_exit  # type: ignore[method-assign,assignment]
    sqlite_backend.SqliteTransactionContext.__aenter__ = _sqlite_enter  # type: ignore[method-assign]
    sqlite_backend.SqliteTransactionContext.__aexit__ = _sqlite_exit  # type: ignore[method-assign,assignment]
    sqlite_backend.SqliteClient.create_connection = _sqlite_connect  # type: ignore[method-assign]
    sqlite3.register_converter("CHAR", lambda raw: UUID(raw.decode()))
    sqlite3.register_converter("TIMESTAMP", lambda raw: datetime.fromisoformat(raw.decode()))
    sqlite3.register_converter("JSON", orjson.loads)
