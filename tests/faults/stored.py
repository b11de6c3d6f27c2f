"""What the database holds, read past the product with plain drivers."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg

from app.core.graphql.ids import encode_id
from tests.faults.checker import Database, Stored
from tests.faults.processes import Cluster

MESSAGES = "SELECT id, conversation_id, seq, sender_id, client_message_id FROM message"
EVENTS = "SELECT position, payload FROM event WHERE kind = 'MESSAGE_RECEIVED'"
INTERVALS = "SELECT stream_id, user_id, from_position, to_position FROM membership ORDER BY from_position"


async def query(cluster: Cluster, *statements: str) -> list[Sequence[Sequence[Any]]]:
    """Rows of each statement, all of one moment, on a connection of its own."""
    if cluster.postgres is None:
        reader = sqlite3.connect(f"file:{cluster.folder}/parley.sqlite3?mode=ro", uri=True, isolation_level=None)
        try:
            reader.execute("BEGIN")
            return [reader.execute(sql).fetchall() for sql in statements]
        finally:
            reader.close()
    connection = await asyncpg.connect(cluster.database_url)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            return [[tuple(r) for r in await connection.fetch(sql)] for sql in statements]
    finally:
        await connection.close()


def _uuid(value: Any) -> UUID:
    return UUID(value) if isinstance(value, str) else UUID(bytes=value.bytes)


async def read_database(cluster: Cluster) -> Database:
    """Messages with their log positions, and the membership intervals, under the ids the API shows."""
    event_rows, message_rows, interval_rows = await query(cluster, EVENTS, MESSAGES, INTERVALS)
    positions: dict[UUID, list[int]] = defaultdict(list)
    for position, payload in event_rows:
        facts = json.loads(payload) if isinstance(payload, str) else payload
        positions[UUID(facts["messageId"])].append(position)
    messages, without = [], 0
    for id_, conversation, seq, sender, client_id in message_rows:
        found = positions.get(_uuid(id_), [])
        without += len(found) != 1
        messages.append(
            Stored(
                encode_id("cnv", _uuid(conversation)), seq, encode_id("msg", _uuid(id_)),
                encode_id("usr", _uuid(sender)) if sender else "", client_id or "", found[0] if found else 0,
            )
        )  # fmt: skip
    intervals: dict[tuple[str, str], list[tuple[int, int | None]]] = defaultdict(list)
    for stream, user, low, high in interval_rows:
        intervals[encode_id("cnv", _uuid(stream)), encode_id("usr", _uuid(user))].append((low, high))
    return Database(messages, intervals, without)
