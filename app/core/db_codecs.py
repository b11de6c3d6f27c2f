"""How values of PostgreSQL become Python's and back, where asyncpg's own way is slow or another one is wanted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import asyncpg
import orjson

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)  # PostgreSQL's
_EPOCH_SECONDS = _EPOCH.timestamp()
_MICROSECOND = timedelta(microseconds=1)
_EXACT = 3 * 10**15  # microseconds, some 95 years: as far as a float of seconds tells each from the next


async def init_postgres(connection: asyncpg.Connection) -> None:
    """Prepares a new connection of the pool."""
    await connection.set_type_codec("jsonb", schema="pg_catalog", encoder=_dump_json, decoder=orjson.loads)
    await connection.set_type_codec(
        "timestamptz", schema="pg_catalog", encoder=_microseconds, decoder=_instant, format="tuple"
    )


def _dump_json(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _microseconds(value: datetime) -> tuple[int]:
    return ((value - _EPOCH) // _MICROSECOND,)


# asyncpg's takes 0.6 µs, which was half of a list of conversations: five instants a row. The same ones are read again
# and again: those of a conversation by each of its members.
@lru_cache(16_384)
def _instant(value: tuple[int]) -> datetime:
    microseconds = value[0]
    if -_EXACT < microseconds < _EXACT:
        return datetime.fromtimestamp(microseconds * 1e-6 + _EPOCH_SECONDS, UTC)
    return _EPOCH + timedelta(microseconds=microseconds)
