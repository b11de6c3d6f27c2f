"""The list of somebody in 500 conversations, with last message, unread and presence, in one request: SQL statements,
and time, beside a bare statement on asyncpg that reads about the same. `python -m tests.bench.bench_conversations`.

Statements are counted by PostgreSQL itself (its statement log), not by our own code.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from app.contacts.locks import pair_key
from app.core.clock import new_id
from app.core.graphql.ids import decode_id
from tests.bench.rig import QUIET, _insert, log_statements, logged, seed_people
from tests.faults.people import Person
from tests.faults.processes import Cluster
from tests.faults.wire import Http

LIST = """query($first: Int) { viewer {
  unread { badge messages mentions conversations }
  conversations(first: $first) { totalCount pageInfo { hasNextPage endCursor } nodes {
    id kind title activityAt lastSeq firstSeq unreadCount unreadMentionCount memberCount
    settings { isMuted isArchived isPinned draft }
    lastMessage { id seq kind text createdAt sender { id displayName } }
    ... on DirectConversation { peer { id displayName presence { state lastSeenAt } } }
  } }
} }"""
BARE = """SELECT c.id, c.kind, c.title, c.activity_at, c.last_seq, c.last_seq - m.read_seq AS unread, l.id, l.text,
    l.created_at, u.id, u.display_name
  FROM member m JOIN conversation c ON c.id = m.conversation_id
  LEFT JOIN message l ON l.conversation_id = c.id AND l.seq = c.last_seq LEFT JOIN user_account u ON u.id = l.sender_id
  WHERE m.user_id = $1 AND m.left_at IS NULL ORDER BY c.activity_at DESC LIMIT $2"""

CONVERSATION = ("conversation", ("id", "kind", "title", "created_by_id", "direct_key", "last_seq", "member_count",
                                 "activity_at", "created_at", "updated_at"))  # fmt: skip
MEMBER = ("member", ("id", "conversation_id", "user_id", "role", "joined_at", "first_seq", "delivered_seq", "read_seq",
                     "is_listed", "is_request", "created_at", "updated_at"))  # fmt: skip
MESSAGE = ("message", ("id", "conversation_id", "seq", "sender_id", "kind", "text", "is_hidden", "silent",
                       "mentions_everyone", "created_at"))  # fmt: skip


async def seed_conversations(cluster: Cluster, people: list[Person], *, messages: int) -> None:
    """The first person is in a conversation with each other one, one in five of them a group of eight; the messages are
    the others', and between none and all of them unread."""
    chance = random.Random(5)
    ids = [decode_id("usr", person.id) for person in people]
    own, others = ids[0], ids[1:]
    assert own is not None
    at = datetime.now(UTC) - timedelta(days=1)
    rows: dict[str, list[tuple[Any, ...]]] = {"conversation": [], "member": [], "message": []}
    for n, other in enumerate(others):
        assert other is not None
        conversation_id, active = new_id(), at + timedelta(seconds=n)
        is_group = n % 5 == 0
        inside: list[UUID] = [own, other, *(chance.sample([o for o in others if o and o != other], 6) * is_group)]
        rows["conversation"].append((
            conversation_id, "GROUP" if is_group else "DIRECT", f"Group {n}" if is_group else None, own,
            None if is_group else pair_key(own, other), messages, len(inside), active, at, at,
        ))  # fmt: skip
        for user_id in inside:
            read = chance.randint(0, messages) if user_id == own else messages
            rows["member"].append(
                (new_id(), conversation_id, user_id, "MEMBER", at, 1, read, read, True, False, at, at)
            )
        for seq in range(1, messages + 1):
            text = f"message {seq} of many, of the usual length"
            rows["message"].append(
                (new_id(), conversation_id, seq, other, "TEXT", text, False, False, seq % 9 == 0, active)
            )
    for table, columns in (CONVERSATION, MEMBER, MESSAGE):
        await _insert(cluster, table, columns, rows[table])


async def timed(what: Callable[[], Awaitable[Any]], times: int) -> tuple[float, float]:
    """Median and 99th percentile of one after another, in milliseconds."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        await what()
        took.append((time.perf_counter() - began) * 1e3)
    return statistics.median(took), sorted(took)[int(len(took) * 0.99)]


def _is_background(statement: str) -> bool:
    """Whether the driver asks for types on a new connection, or the process reads the log."""
    return "log_partition" in statement or "typeinfo" in statement or statement.endswith(": ")


async def run(conversations: int, requests: int) -> None:
    with tempfile.TemporaryDirectory() as name, Cluster(Path(name), serves=1, env=QUIET) as cluster:
        people = await seed_people(cluster, conversations + 1)
        await seed_conversations(cluster, people, messages=30)
        bare = await asyncpg.connect(cluster.database_url)
        await bare.execute("VACUUM ANALYZE")
        serve, line = cluster.serves[0], Http(cluster.serves[0].url, people[0].token)
        own = decode_id("usr", people[0].id)
        for first in (50, 100):
            data = await line.request(LIST, {"first": first})
            listed, unread = data["viewer"]["conversations"], data["viewer"]["unread"]
            assert (len(listed["nodes"]), listed["totalCount"]) == (first, conversations), listed["totalCount"]
            cpu = serve.cpu_seconds()
            median, p99 = await timed(lambda first=first: line.request(LIST, {"first": first}), requests)  # type: ignore[misc]
            cpu = (serve.cpu_seconds() - cpu) / requests * 1e3
            base, base99 = await timed(lambda first=first: bare.fetch(BARE, own, first), requests)  # type: ignore[misc]
            print(
                f"first {first} of {conversations}: {median:.1f} ms (p99 {p99:.1f}), {cpu:.1f} ms of server CPU; bare"
                f" statement {base:.1f} ms (p99 {base99:.1f}); {unread['messages']} unread in {unread['conversations']}"
            )
        await bare.close()
        log_statements(cluster)
        line = Http(serve.url, people[0].token)
        for first in (1, 50, 100):
            await line.request(LIST, {"first": first})
            before = len(logged(cluster))
            await line.request(LIST, {"first": first})
            await asyncio.sleep(0.3)
            asked = [s for s in logged(cluster)[before:] if "execute " in s and not _is_background(s)]
            print(f"  {first} conversations: {len(asked)} SQL statements")
        for statement in asked:
            print("   ", statement[statement.find("execute ") :][:150])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--conversations", type=int, default=500)
    parser.add_argument("--requests", type=int, default=100)
    args = parser.parse_args()
    asyncio.run(run(args.conversations, args.requests))


if __name__ == "__main__":
    main()
