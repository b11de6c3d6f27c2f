"""Opens the database for a process that is about to work, or says why that can't be."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import asyncpg
from tortoise.exceptions import DBConnectionError

from app.core import db
from app.core.errors import StartError
from app.core.migrate import pending

REFUSED = (*db.GONE, asyncpg.PostgresError, DBConnectionError)
"""What connecting raises: away, no such database, wrong password, too old."""


def explain(url: str, error: Exception) -> StartError:
    """What an operator is told instead of a traceback."""
    where = without_password(url)
    return StartError(f"The database {where} can't be opened ({error}). `parley check` looks closer.")


@asynccontextmanager
async def opened_database(url: str, *, pool_size: int) -> AsyncIterator[None]:
    """The process's database, open and at this release. Raises StartError."""
    try:
        await db.open_database(url, pool_size=pool_size)
    except REFUSED as error:
        raise explain(url, error) from error
    try:
        missing = await pending()
        if missing:
            raise StartError(f"The database lacks {', '.join(missing)}: run `parley migrate` first.")
        yield
    finally:
        await db.close_database()


def without_password(url: str) -> str:
    """A URL that may be shown."""
    parts = urlsplit(url)
    if not parts.password:
        return url
    return parts._replace(netloc=parts.netloc.replace(f":{parts.password}@", ":…@")).geturl()
