"""Searching 100,000 messages, half of them the searcher's, against reading all of theirs through.
`python -m tests.bench.bench_search [--messages N] [--engine sqlite|postgres]`."""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from app.core import db
from app.core.clock import new_id
from app.core.migrate import migrate
from app.core.viewer import Viewer
from app.messages.search import Search, search_messages
from app.messages.search_index import index_messages
from app.messages.search_text import terms_of
from tests import servers

CONVERSATIONS = 200  # half of them the searcher's
QUERIES = ("rareword", "w7", "w1 w2", "w3 w400", "東京", "ワーへ", "zz nothing", "")
ROUNDS = 15


async def fill(messages: int) -> Viewer:
    """Two people in half of the conversations each; words as often as in languages (Zipf), some Japanese."""
    seeded = random.Random(7)
    one, other, at = new_id(), new_id(), datetime.now(UTC) - timedelta(days=30)
    for user_id in (one, other):
        await db.execute(
            "INSERT INTO user_account (id, username, username_key, display_name, role, email_verified, phone_verified,"
            " needs_profile_setup, created_at, updated_at) VALUES ($1, $2, $2, $2, 'USER', $3, $3, $3, $4, $4)",
            user_id, f"u{user_id.hex[-12:]}", False, at,
        )  # fmt: skip
    chats = [new_id() for _ in range(CONVERSATIONS)]
    for n, chat in enumerate(chats):
        await db.execute(
            "INSERT INTO conversation (id, kind, title, last_seq, member_count, activity_at, created_at, updated_at)"
            " VALUES ($1, 'GROUP', 'x', $2, 1, $3, $3, $3)",
            chat, messages // CONVERSATIONS, at,
        )  # fmt: skip
        await db.execute(
            "INSERT INTO member (id, conversation_id, user_id, role, joined_at, first_seq, delivered_seq, read_seq,"
            " created_at, updated_at) VALUES ($1, $2, $3, 'OWNER', $4, 1, 0, 0, $4, $4)",
            new_id(), chat, one if n % 2 else other, at,
        )  # fmt: skip
    rows = [
        (new_id(), chats[n % CONVERSATIONS], n // CONVERSATIONS + 1, one, text(seeded, n), at + timedelta(seconds=n))
        for n in range(messages)
    ]
    columns = {"id": "uuid", "c": "uuid", "seq": "int", "sender": "uuid", "text": "text", "at": "timestamptz"}
    for start in range(0, messages, 5000):
        await db.execute(
            "INSERT INTO message (id, conversation_id, seq, sender_id, kind, text, silent, created_at)"
            f" SELECT id, c, seq, sender, 'TEXT', text, false, at FROM {db.table('d', columns)}",
            *db.table_args(rows[start : start + 5000]),
        )
    return Viewer(one, new_id(), new_id(), datetime.now(UTC) + timedelta(hours=1))


def text(seeded: random.Random, n: int) -> str:
    words = [f"w{int(seeded.paretovariate(0.7)) % 20000}" for _ in range(seeded.randint(3, 20))]
    words += ["rareword"] if n % 10_001 == 1 else []
    words += ["東京タワーへ行きました"] if n % 500 == 1 else []
    return " ".join(words)


async def timed(search: Callable[[], Awaitable[Any]]) -> tuple[float, int]:
    """The median of some rounds in milliseconds, and how many were found."""
    took, found = [], 0
    for _ in range(ROUNDS):
        began = time.perf_counter()
        found = len(await search())
        took.append((time.perf_counter() - began) * 1e3)
    return statistics.median(took), found


async def read_through(viewer: Viewer, query: str) -> list[UUID]:
    """The baseline: every text of the searcher's conversations compared, without an index."""
    find = "strpos(lower(m.text), {}) > 0" if db.is_postgres() else "instr(lower(m.text), {}) > 0"
    terms = terms_of(query)
    where = " AND ".join(find.format(f"${n}") for n in range(2, len(terms) + 2)) or "true"
    found = await db.rows(
        "SELECT m.id FROM member own JOIN message m ON m.conversation_id = own.conversation_id"
        f" WHERE own.user_id = $1 AND {where} ORDER BY m.created_at DESC LIMIT 21",
        viewer.user_id, *terms,
    )  # fmt: skip
    return [row["id"] for row in found]


async def run(url: str, messages: int) -> None:
    await migrate(url)
    await db.open_database(url)
    try:
        viewer = await fill(messages)
        await db.execute("UPDATE search_position SET position = 1000000000")  # as after a restored backup: all anew
        began = time.perf_counter()
        await index_messages()
        each = (time.perf_counter() - began) / messages * 1e6
        if db.is_postgres():
            await db.execute("VACUUM ANALYZE")
        print(f"{url.partition(':')[0]}: indexing {each:.0f} us a message")
        for query in QUERIES:
            search = Search(terms_of(query))
            took, found = await timed(lambda search=search: search_messages(viewer, search, 20))
            bare, _ = await timed(lambda query=query: read_through(viewer, query))
            print(f"  {query!r:14} {found:3} found {took:7.1f} ms; reading through {bare:7.1f} ms: {took / bare:.2f}")
    finally:
        await db.close_database()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--engine", choices=["sqlite", "postgres"])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if options.engine != "postgres":
            asyncio.run(run(f"sqlite:///{folder}/search.sqlite3", options.messages))
        if options.engine != "sqlite":
            with servers.postgres() as postgres:
                asyncio.run(run(postgres.create_database(), options.messages))


if __name__ == "__main__":
    main()
