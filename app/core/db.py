"""The database: connections, transactions that survive cancellation, and the SQL helper for both engines.

Nobody else imports tortoise's connections or transactions. SQL is written once, in PostgreSQL's dialect with `$1`
placeholders; on SQLite `= ANY($1)` becomes a `json_each` list and row locks vanish (one writer holds the database).
"""

from __future__ import annotations

import asyncio
import logging
import re
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit
from uuid import UUID

import aiosqlite
import asyncpg
import orjson
from tortoise import Tortoise
from tortoise.backends.base.executor import EXECUTOR_CACHE
from tortoise.connection import get_connections

from app.core import clock
from app.core.db_codecs import init_postgres
from app.core.db_reads import Readers
from app.core.db_transactions import install
from app.core.errors import UnavailableError

Row = Mapping[str, Any]
P = ParamSpec("P")
T = TypeVar("T")

MODELS = (
    "app.core.models",
    "app.accounts.models",
    "app.contacts.models",
    "app.media.models",
    "app.conversations.models",
    "app.messages.models",
    "app.presence.models",
)
# A frozen process must not stop the log: a lock is waited for 3 s, an idle transaction dies after 2 s.
POSTGRES_SESSION = {
    "lock_timeout": "3s",
    "idle_in_transaction_session_timeout": "2s",
    "statement_timeout": "30s",
    "timezone": "UTC",
    "application_name": "parley",
}
# synchronous=FULL: NORMAL loses acknowledged sends at a power cut.
SQLITE_PRAGMAS = {
    "journal_mode": "WAL",
    "synchronous": "FULL",
    "foreign_keys": "ON",
    "busy_timeout": "5000",
    "journal_size_limit": str(64 * 1024 * 1024),
}


class _State:
    """What the open database of this process is; one at a time."""

    postgres = False
    client: Any = None  # Tortoise's, of the pool
    sqlite_path = ""
    reader: aiosqlite.Connection | None = None
    readers: Readers | None = None
    kept = 0  # connections the readers may keep


_log = logging.getLogger("tortoise.db_client")
_inside: ContextVar[bool] = ContextVar("inside_transaction", default=False)


def is_postgres() -> bool:
    """Whether the open database is PostgreSQL; otherwise it is SQLite."""
    return _State.postgres


# ── opening and closing ───────────────────────────────────────────────────────────────────────────


def tortoise_config(url: str, *, pool_size: int = 20) -> dict[str, Any]:
    """Tortoise's configuration for `sqlite:///path` or `postgres://…`; also what aerich runs with."""
    return {
        "connections": {"default": _connection(url, pool_size)},
        "apps": {"models": {"models": [*MODELS, "aerich.models"], "default_connection": "default"}},
        "use_tz": True,
        "timezone": "UTC",
    }


def _connection(url: str, pool_size: int) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        path = sqlite_path(url)
        return {"engine": "tortoise.backends.sqlite", "credentials": {"file_path": path, **SQLITE_PRAGMAS}}
    query = dict(parse_qsl(parts.query))
    credentials: dict[str, Any] = {
        "host": query.pop("host", None) or parts.hostname,
        "port": parts.port or 5432,
        "user": unquote(parts.username or "postgres"),
        "password": unquote(parts.password or ""),
        "database": unquote(parts.path.lstrip("/")),
        "minsize": 2,
        "maxsize": pool_size,
        "command_timeout": 30,
        "server_settings": POSTGRES_SESSION,
        "init": init_postgres,
        # Our sessions change nothing that outlives a transaction, and asyncpg ends an open one by itself: without
        # its reset query each release costs a round trip less.
        "reset": _nothing_to_reset,
        **{key: int(value) if value.isdigit() else value for key, value in query.items()},
    }
    return {"engine": "tortoise.backends.asyncpg", "credentials": credentials}


def sqlite_path(url: str) -> str:
    """The file behind `sqlite:///relative` or `sqlite:////absolute`."""
    return (
        url.removeprefix("sqlite://").split("?")[0].removeprefix("/")
        if not url.startswith("sqlite:////")
        else ("/" + url.removeprefix("sqlite:////").split("?")[0])
    )


async def _nothing_to_reset(connection: asyncpg.Connection) -> None:
    """Stands in for asyncpg's RESET ALL."""


async def open_database(url: str, *, pool_size: int = 20) -> None:
    """Connects the process to its database. Raises what the driver raises when it can't be reached."""
    install()
    _State.postgres = not url.startswith("sqlite")
    if not _State.postgres:
        _State.sqlite_path = sqlite_path(url)
        Path(_State.sqlite_path).parent.mkdir(parents=True, exist_ok=True)
    EXECUTOR_CACHE.clear()  # keyed by connection name: it would keep the other engine's SQL (tests open both)
    await Tortoise.init(config=tortoise_config(url, pool_size=pool_size), _enable_global_fallback=True)
    _State.client = writer()
    await _State.client.create_connection(with_db=True)
    _State.kept = pool_size // 4
    if not _State.postgres:
        _State.reader = await open_sqlite_reader()


async def close_database() -> None:
    if _State.readers is not None:
        await _State.readers.close()
        _State.readers = None
    if _State.reader is not None:
        await _State.reader.close()
        _State.reader = None
    await Tortoise.close_connections()


def writer() -> Any:
    """Tortoise's client: the transaction of the current task, or else the pool."""
    return get_connections().get("default")


async def open_sqlite_reader() -> aiosqlite.Connection:
    """A second, read-only connection in autocommit: it sees commits only, and never waits for the writer."""
    reader = await aiosqlite.connect(
        f"file:{_State.sqlite_path}?mode=ro", uri=True, isolation_level=None, detect_types=sqlite3.PARSE_DECLTYPES
    )
    reader.row_factory = sqlite3.Row
    await reader.execute("PRAGMA busy_timeout=5000")
    return reader


# ── the SQL helper ────────────────────────────────────────────────────────────────────────────────


async def rows(sql: str, *args: Any, reader: aiosqlite.Connection | None = None) -> list[Row]:
    """What a statement returns. Inside a transaction it runs there, elsewhere it sees committed data only.

    `reader` is a connection of `open_sqlite_reader` to read with instead; PostgreSQL has none.
    """
    if _State.postgres:
        if _inside.get():
            return await writer().execute_query_dict(sql, list(args))  # type: ignore[no-any-return]
        _log.debug("%s: %s", sql, args)  # as Tortoise does
        return await _readers().fetch(sql, args)
    text, values = _for_sqlite(sql, args)
    if reader is not None:
        return [dict(r) for r in await reader.execute_fetchall(text, values)]
    if _inside.get() or not text.lstrip().upper().startswith(("SELECT", "WITH")):
        return await writer().execute_query_dict(text, values)  # type: ignore[no-any-return]
    _log.debug("%s: %s", text, values)
    assert _State.reader is not None
    return [dict(r) for r in await _State.reader.execute_fetchall(text, values)]


async def row(sql: str, *args: Any) -> Row | None:
    """The first row of a statement, or None."""
    found = await rows(sql, *args)
    return found[0] if found else None


def by_place(found: Sequence[Row]) -> list[tuple[Any, ...]]:
    """The values of rows in the order of their columns. Slices of asyncpg's rows take a seventh of unpacking them."""
    if found and type(found[0]) is asyncpg.Record:
        return [row[:] for row in found]  # type: ignore[index]
    return [(*row.values(),) for row in found]


async def now() -> datetime:
    """The database's clock, which all processes share. SQLite's is that of the one process."""
    if not _State.postgres:
        return clock.now()
    found = await rows("SELECT clock_timestamp() AS at")
    at: datetime = found[0]["at"]
    return at


def now_sql() -> str:
    """The clock of `now` as an SQL expression, to compare columns with."""
    return "statement_timestamp()" if _State.postgres else "strftime('%Y-%m-%d %H:%M:%f+00:00', 'now')"


async def execute(sql: str, *args: Any) -> int:
    """Runs a statement; returns how many rows it changed."""
    if _State.postgres:
        return (await writer().execute_query(sql, list(args)))[0]  # type: ignore[no-any-return]
    text, values = _for_sqlite(sql, args)
    return (await writer().execute_query(text, values))[0]  # type: ignore[no-any-return]


async def execute_many(sql: str, many: Iterable[Sequence[Any]]) -> None:
    """Runs one statement for each set of arguments. Call it inside a transaction."""
    prepared = [list(args) for args in many]
    if not prepared:
        return
    if not _State.postgres:
        sql = _sqlite_text(sql)
        prepared = [[_sqlite_value(a) for a in args] for args in prepared]
    await writer().execute_many(sql, prepared)


def table(alias: str, columns: Mapping[str, str], *, first: int = 1) -> str:
    """A FROM item whose rows are arguments: `{column: PostgreSQL type}`, values from `table_args` as of `$first`.

    It must come last among the arguments: it takes one for each column on PostgreSQL, and one in all on SQLite.
    """
    if _State.postgres:
        arrays = ", ".join(f"${i}::{type_}[]" for i, type_ in enumerate(columns.values(), first))
        return f"unnest({arrays}) AS {alias}({', '.join(columns)})"
    values = ", ".join(f"json_extract(value, '$[{i}]') AS {name}" for i, name in enumerate(columns))
    return f"(SELECT {values} FROM json_each(${first})) AS {alias}"


def table_args(many: Sequence[Sequence[Any]]) -> list[Any]:
    """The arguments of a `table`, from its rows (at least one)."""
    if _State.postgres:
        return [list(column) for column in zip(*many, strict=True)]
    return [many]


def _readers() -> Readers:
    """Those of the pool, which another event loop or a first use may have made anew."""
    readers, pool = _State.readers, _State.client._pool
    if readers is None or readers.pool is not pool:
        readers = _State.readers = Readers(pool, _State.kept)
    return readers


def _for_sqlite(sql: str, args: Sequence[Any]) -> tuple[str, list[Any]]:
    return _sqlite_text(sql), [_sqlite_value(a) for a in args]


_ANY = re.compile(r"=\s*ANY\s*\(\s*\$(\d+)(?:::[\w\[\]]+)?\s*\)", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"\$(\d+)")
_CAST = re.compile(r"::\w+(\[\])?")
_LOCK = re.compile(
    r"\bFOR\s+(NO\s+KEY\s+UPDATE|UPDATE|SHARE|KEY\s+SHARE)(\s+OF\s+\w+)?(\s+SKIP\s+LOCKED|\s+NOWAIT)?", re.I
)


@lru_cache(maxsize=1024)
def _sqlite_text(sql: str) -> str:
    sql = _ANY.sub(r"IN (SELECT value FROM json_each(?\1))", sql)
    sql = _LOCK.sub("", sql)
    sql = _CAST.sub("", sql)
    return _PLACEHOLDER.sub(r"?\1", sql)


def _sqlite_value(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, list | tuple | set | frozenset):
        return orjson.dumps([_sqlite_value(v) for v in value]).decode()
    if isinstance(value, dict):
        return orjson.dumps(value).decode()
    return value


# ── transactions ──────────────────────────────────────────────────────────────────────────────────


@asynccontextmanager
async def begin() -> AsyncIterator[None]:
    """A transaction (READ COMMITTED; BEGIN IMMEDIATE on SQLite). It ends whole, whenever the task is cancelled.

    Services don't call this: they open `log.transaction()`, which appends the events last.
    """
    async with writer()._in_transaction():
        token = _inside.set(True)
        try:
            yield
        finally:
            _inside.reset(token)


RETRIED = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError)
GONE = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # its state machine, when the server ended the connection of a process that was frozen
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.LockNotAvailableError,
    asyncpg.QueryCanceledError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.TooManyConnectionsError,
    OSError,  # ConnectionError and TimeoutError too
)


def retried(operation: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[T]]:
    """For a service that opens one transaction: up to 3 tries after a deadlock; a database that is away, or a row
    locked for over 3 s, becomes UNAVAILABLE."""

    @wraps(operation)
    async def run(*args: P.args, **kwargs: P.kwargs) -> T:
        for attempt in range(3):
            try:
                return await operation(*args, **kwargs)
            except RETRIED:
                await asyncio.sleep(0.01 * 2**attempt)
            except GONE as error:
                if isinstance(error, ValueError):  # an argument asyncpg can't encode: a bug, not an outage
                    raise
                raise UnavailableError from error
        raise UnavailableError

    return run
