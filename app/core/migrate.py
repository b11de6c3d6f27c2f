"""Applies aerich's migrations: one migrator at a time, each migration whole or not at all, on both engines.

aerich makes the files and owns their format and its version table; its own runner is not used, because on SQLite it
commits half a migration and on PostgreSQL two servers starting together crash each other (stack.md, trap 9).
"""

from __future__ import annotations

import asyncio
import fcntl
import pkgutil
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import asyncpg
from aerich.coder import encoder
from aerich.utils import decompress_dict, import_py_module
from tortoise.context import TortoiseContext
from tortoise.exceptions import OperationalError

import app
from app.core import db
from app.core.db_transactions import install

Progress = Callable[[int, int, str], None]
"""Told (done, total, version) before each migration, and once more at the end with an empty version."""

_LOCK_KEY = 0x7061726C6579  # "parley"
_LOCK_WAIT = 120.0


@dataclass(slots=True, frozen=True)
class Migration:
    """One file of `migrations/<dialect>/models`."""

    version: str
    module: ModuleType


def migrations_folder(dialect: str) -> Path:
    """Where the migrations of `postgres` or `sqlite` lie: inside the package when installed, else in the checkout."""
    package = Path(app.__file__).parent
    installed = package / "migrations"
    return (installed if installed.is_dir() else package.parent / "migrations") / dialect / "models"


def migrations(folder: Path) -> list[Migration]:
    """All migrations of a folder, in order."""
    found = [m for m in pkgutil.iter_modules([str(folder)]) if m.name.split("_")[0].isdigit()]
    found.sort(key=lambda m: int(m.name.split("_")[0]))
    return [Migration(f"{m.name}.py", import_py_module(m)) for m in found]


async def migrate(url: str, *, progress: Progress | None = None, folder: Path | None = None) -> list[str]:
    """Brings the database at `url` to this release; returns the versions applied. Safe to run from many processes.

    `folder` holds the migrations, by default this release's for the engine.
    Raises what the driver raises when the database is away, and TimeoutError when another migrator takes over 2 min.
    """
    applied: list[str] = []
    async with _one_migrator(url), _connected(url) as client:
        todo = await _pending(client, folder)
        for number, migration in enumerate(todo):
            if progress is not None:
                progress(number, len(todo), migration.version)
            await _apply(client, migration)
            applied.append(migration.version)
        if progress is not None:
            progress(len(todo), len(todo), "")
    return applied


async def pending() -> list[str]:
    """Versions the open database still lacks; empty when it fits this release."""
    return [m.version for m in await _pending(db.writer())]


async def _pending(client: Any, folder: Path | None = None) -> list[Migration]:
    dialect = "sqlite" if client.capabilities.dialect == "sqlite" else "postgres"
    try:
        rows = await client.execute_query_dict("SELECT version FROM aerich WHERE app = 'models'")
    except OperationalError:  # no such table: a fresh database
        rows = []
    done = {row["version"] for row in rows}
    return [m for m in migrations(folder or migrations_folder(dialect)) if m.version not in done]


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator[Any]:
    """The migrator's own connection, beside whatever database the process has open."""
    install()
    config = db.tortoise_config(url)
    credentials = config["connections"]["default"]["credentials"]
    if not url.startswith("sqlite"):
        # Long statements are the nature of migrations; waiting long for a lock, with everybody queued behind, is not.
        settings = {**db.POSTGRES_SESSION, "statement_timeout": "0", "idle_in_transaction_session_timeout": "60s"}
        credentials |= {"minsize": 1, "maxsize": 2, "command_timeout": None, "server_settings": settings}
    else:
        Path(credentials["file_path"]).parent.mkdir(parents=True, exist_ok=True)
    async with TortoiseContext() as context:
        await context.init(config=config)
        client = context.connections.get("default")
        await client.create_connection(with_db=True)
        yield client


@asynccontextmanager
async def _one_migrator(url: str) -> AsyncIterator[None]:
    async with asyncio.timeout(_LOCK_WAIT) as waiting:
        if url.startswith("sqlite"):
            async with _file_lock(Path(db.sqlite_path(url) + ".migrate.lock")):
                waiting.reschedule(None)
                yield
        else:
            async with _advisory_lock(url):
                waiting.reschedule(None)
                yield


@asynccontextmanager
async def _file_lock(path: Path) -> AsyncIterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                await asyncio.sleep(0.05)
        yield  # closing the file frees the lock, also when the process dies


@asynccontextmanager
async def _advisory_lock(url: str) -> AsyncIterator[None]:
    credentials = db.tortoise_config(url)["connections"]["default"]["credentials"]
    wanted = ("host", "port", "user", "password", "database", "ssl")
    connection = await asyncpg.connect(**{key: credentials[key] for key in wanted if key in credentials})
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", _LOCK_KEY)
        yield
    finally:
        await connection.close()


async def _apply(client: Any, migration: Migration) -> None:
    if not getattr(migration.module, "RUN_IN_TRANSACTION", True):  # CREATE INDEX CONCURRENTLY
        await client.execute_script(await migration.module.upgrade(client))
        await _note(client, migration)
    elif client.capabilities.dialect == "sqlite":
        await _apply_on_sqlite(client, migration)
    else:
        async with client._in_transaction() as transaction:
            await transaction.execute_script(await migration.module.upgrade(transaction))
            await _note(transaction, migration)


async def _apply_on_sqlite(client: Any, migration: Migration) -> None:
    """Statement by statement inside one transaction (executescript would commit first), with foreign keys off, so
    that rebuilding a table does not cascade into its children; they are checked before the commit."""
    await client.execute_query("PRAGMA foreign_keys=OFF")  # has no effect inside a transaction
    try:
        async with client._in_transaction() as transaction:
            for statement in _statements(await migration.module.upgrade(transaction)):
                await transaction.execute_query(statement)
            await _note(transaction, migration)
            broken = await transaction.execute_query_dict("PRAGMA foreign_key_check")
            if broken:
                raise RuntimeError(f"{migration.version} breaks foreign keys: {[dict(r) for r in broken[:3]]}")
    finally:
        await client.execute_query("PRAGMA foreign_keys=ON")


async def _note(client: Any, migration: Migration) -> None:
    state = encoder(decompress_dict(migration.module.MODELS_STATE))
    place = ("?", "?", "?") if client.capabilities.dialect == "sqlite" else ("$1", "$2", "$3")
    await client.execute_query(
        f"INSERT INTO aerich (version, app, content) VALUES ({', '.join(place)})", [migration.version, "models", state]
    )


def _statements(script: str) -> Iterator[str]:
    """The statements of a script; `complete_statement` knows triggers (BEGIN … END with semicolons inside)."""
    buffer = ""
    for piece in script.split(";"):
        buffer += piece + ";"
        if sqlite3.complete_statement(buffer):
            if buffer.strip(" ;\n\t"):
                yield buffer
            buffer = ""
    if buffer.strip(" ;\n\t"):
        yield buffer
