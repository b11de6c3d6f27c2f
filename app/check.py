"""`parley check`: looks at settings, database, migrations and Redis, and says what to do about what is wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import redis.asyncio
from redis.exceptions import AuthenticationError, RedisError

from app.core import db
from app.core.migrate import pending
from app.core.opening import without_password
from app.settings import Settings
from app.settings_check import problems, warnings

_SECONDS = 5.0
_HOW = {
    "console": "printed on the console",
    "off": "none is sent",
    "smtp": "through the mail server",
    "twilio": "through Twilio",
}


@dataclass(slots=True, frozen=True)
class Finding:
    """One thing looked at. `advice` says what to do when it is not well."""

    what: str
    is_well: bool
    detail: str
    advice: str = ""


async def findings(settings: Settings) -> AsyncIterator[Finding]:
    """Everything `parley check` looks at, in order, as it is found."""
    wrong = problems(settings) + warnings()
    for problem in wrong:
        yield Finding("settings", False, problem)
    if not wrong:
        yield Finding("settings", True, f"{settings.env}, GraphiQL {'on' if settings.shows_graphiql else 'off'}")
    if settings.is_sqlite and not await asyncio.to_thread(Path(db.sqlite_path(settings.database_url)).exists):
        yield Finding("database", True, f"{settings.database_url} will be made by the first `parley serve`")
    else:
        async for finding in _database(settings):
            yield finding
    if settings.redis_url:
        yield await _redis(settings.redis_url)
    elif not settings.is_sqlite:
        detail = "none: with several processes, events of the others arrive up to 5 seconds late"
        yield Finding("redis", True, detail)
    yield Finding("mail", True, _HOW[settings.mail_driver])
    yield Finding("sms", True, _HOW[settings.sms_driver])


async def _database(settings: Settings) -> AsyncIterator[Finding]:
    where = without_password(settings.database_url)
    try:
        async with asyncio.timeout(_SECONDS):
            await db.open_database(settings.database_url, pool_size=2)
    except Exception as error:
        advice = "Is it running, and are host, name, user and password in DATABASE_URL right?"
        yield Finding("database", False, f"{where}: {type(error).__name__}: {error}", advice)
        return
    try:
        version = await db.row("SELECT version() AS v" if db.is_postgres() else "SELECT sqlite_version() AS v")
        yield Finding("database", True, f"{where}: {' '.join(str(version and version['v']).split()[:2])}")
        missing = await pending()
        advice = "Run `parley migrate`; `parley serve` does it by itself with SQLite."
        yield Finding("migrations", not missing, f"missing: {', '.join(missing)}" if missing else "all there", advice)
    finally:
        await db.close_database()


async def _redis(url: str) -> Finding:
    where = without_password(url)
    client = redis.asyncio.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2)
    try:
        async with asyncio.timeout(_SECONDS):
            await client.ping()
    except AuthenticationError as error:
        return Finding(
            "redis", False, f"{where}: {error}", "Set the password in REDIS_URL: redis://:password@host:6379/0"
        )
    except (RedisError, OSError) as error:
        advice = "Is it running, and is REDIS_URL right? Without it events are late, and codes are not sent."
        return Finding("redis", False, f"{where}: {error}", advice)
    finally:
        await client.aclose()
    return Finding("redis", True, where)
