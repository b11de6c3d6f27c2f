"""Pages over HTTP from a real server: its CPU for a request, beside that of a bare uvicorn answering a text of the same
length, of a bare asyncpg statement reading the same rows, and of the same server with graphql-core's executor; and the
SQL statements of a page, as PostgreSQL's log counts them.

    python -m tests.bench.bench_pages [--requests 200] [--rounds 5] [--beside ANOTHER_TREE] [--statements]

All are asked in turns, so that what else the machine does falls on all alike.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from app.core.clock import new_id
from app.core.graphql.ids import decode_id, encode_id
from tests.bench.bench_conversations import BARE, CONVERSATION, MEMBER, MESSAGE, seed_conversations
from tests.bench.rig import QUIET, Bare, _insert, log_statements, logged, seed_people
from tests.faults.people import Person
from tests.faults.processes import Cluster, Serve
from tests.faults.wire import Http

SERVER = "{ server { name } }"
PAGE = """query($id: ID!, $last: Int) { conversation(id: $id) { messages(last: $last) {
  edges { cursor node { id seq kind text createdAt sender { id username displayName } } }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }"""
FULL_PAGE = """query($id: ID!, $last: Int) { conversation(id: $id) { messages(last: $last) {
  edges { cursor node { id seq kind text createdAt sender { id username displayName }
    reactions { emoji count viewerHasReacted } deliveryState } }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }"""
LIST = """query($last: Int) { viewer { conversations(first: $last) {
  edges { cursor node { id kind title activityAt lastSeq unreadCount
    lastMessage { id seq kind text createdAt sender { id displayName } } } }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }"""
BARE_PAGE = """SELECT m.id, m.seq, m.kind, m.text, m.created_at, u.id, u.username, u.display_name FROM message m
  JOIN member own ON own.conversation_id = m.conversation_id AND own.user_id = $1 AND own.left_at IS NULL
  JOIN user_account u ON u.id = m.sender_id WHERE m.conversation_id = $2 ORDER BY m.seq DESC LIMIT $3"""
REACTION = ("reaction", ("id", "message_id", "user_id", "emoji", "is_hidden", "created_at"))
SIZE = 50
MEMBERS = 20


@dataclass
class Work:
    """A document, and a bare statement that reads as much."""

    name: str
    document: str
    variables: dict[str, Any]
    bare: tuple[Any, ...]
    target: int | None  # issue 7's, microseconds


@dataclass
class Asked:
    """Somebody who answers, and the CPU of each round in microseconds a request."""

    name: str
    ask: Callable[[], Awaitable[Any]]
    cpu: Callable[[], float]
    line: Http | None = None
    spent: list[float] = field(default_factory=list)
    took: list[float] = field(default_factory=list)

    async def round(self, requests: int) -> None:
        if self.line is not None:  # servers close what was idle while the others were asked
            self.line.close()
            await self.ask()
        cpu, began = self.cpu(), time.perf_counter()
        for _ in range(requests):
            await self.ask()
        self.took.append((time.perf_counter() - began) / requests * 1e6)
        self.spent.append((self.cpu() - cpu) / requests * 1e6)

    @property
    def median(self) -> float:
        return statistics.median(self.spent)


class Elsewhere(Serve):
    """`parley serve` of another tree, on the same database."""

    def __init__(self, tree: Path, folder: Path, env: dict[str, str]) -> None:
        super().__init__("beside", folder, env)
        self._command = ["sh", "-c", f"cd '{tree.resolve()}' && exec \"$0\" -m app serve", self._command[0]]


async def seed_group(cluster: Cluster, people: list[Person], messages: int) -> UUID:
    """A group of twenty who speak in turns; every third message has two emoji, by three people."""
    ids = [found for person in people[:MEMBERS] if (found := decode_id("usr", person.id))]
    group, at = new_id(), datetime.now(UTC) - timedelta(hours=1)
    row = (group, "GROUP", "Pages", ids[0], None, messages, len(ids), at, at, at)
    await _insert(cluster, *CONVERSATION, [row])
    members = [
        (new_id(), group, one, "MEMBER", at, 1, messages - n, messages - 2 * n, True, False, at, at)
        for n, one in enumerate(ids)
    ]
    await _insert(cluster, *MEMBER, members)
    said = [
        (new_id(), group, seq, ids[seq % MEMBERS], "TEXT", f"message {seq} of many, of the usual length", False, False,
         False, at + timedelta(seconds=seq))
        for seq in range(1, messages + 1)
    ]  # fmt: skip
    await _insert(cluster, *MESSAGE, said)
    reactions = [
        (new_id(), message[0], ids[n], "👍" if n < 2 else "🎉", False, at)
        for message in said[::3] for n in range(3)
    ]  # fmt: skip
    await _insert(cluster, *REACTION, reactions)
    return group


async def measure(cluster: Cluster, work: Work, others: list[Serve], token: str, *, rounds: int, requests: int) -> None:
    """Prints a table of who answers one document, and at what cost."""
    asked: list[Asked] = []
    for serve in (cluster.serves[0], *others):
        line = Http(serve.url, token)
        data = await line.request(work.document, work.variables)
        asked.append(Asked(serve.name, partial(line.request, work.document, work.variables), serve.cpu_seconds, line))
    if work.variables:
        found = next(iter(data.values()))
        assert len(next(iter(v for v in found.values() if isinstance(v, dict)))["edges"]) == SIZE, data
    length = len(orjson.dumps({"data": data})) + 100
    connection = await asyncpg.connect(cluster.database_url)
    bare = Bare(cluster.folder, length)
    bare.start()
    line = Http(bare.url, token)
    body = orjson.dumps({"query": work.document, "variables": work.variables})
    asked.append(Asked("bare uvicorn", partial(line._exchange, body), bare.cpu_seconds, line))
    asked.append(Asked("bare statement", partial(connection.fetch, *work.bare), time.process_time))
    try:
        for one in asked:
            await one.round(requests)
            one.spent.clear()
        for _ in range(rounds):
            for one in asked:
                await one.round(requests)
    finally:
        bare.stop()
        await connection.close()
    wanted = f", wanted below {work.target} µs of server CPU" if work.target else ""
    print(f"{work.name} ({length} bytes{wanted})")
    own = asked[0].median
    for one in asked:
        print(f"  {one.name:16} {one.median:6.0f} µs of CPU ({own / one.median:5.2f}), {min(one.took):6.0f} µs at best")
    floor = sum(one.median for one in asked[-2:])
    print(f"  {own / floor:.2f} times bare uvicorn and the bare statement together", flush=True)


async def count_statements(cluster: Cluster, works: list[Work], token: str) -> None:
    """Prints what PostgreSQL is asked to run for 1 row and for 50."""
    log_statements(cluster)
    line = Http(cluster.serves[0].url, token)
    for work in works:
        for size in (1, SIZE) if work.variables else ():
            variables = {**work.variables, "last": size}
            await line.request(work.document, variables)
            before = len(logged(cluster))
            await line.request(work.document, variables)
            await asyncio.sleep(0.3)
            found = [s for s in logged(cluster)[before:] if "execute " in s and "log_partition" not in s]
            print(f"{work.name}, {size} rows: {len(found)} SQL statements")
            for statement in found:
                print("   ", statement[statement.find("execute ") :][:150])


async def run(args: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as name, Cluster(Path(name), serves=1, env=QUIET) as cluster:
        people = await seed_people(cluster, 61)
        await seed_conversations(cluster, people, messages=30)
        group = await seed_group(cluster, people, 1000)
        connection = await asyncpg.connect(cluster.database_url)
        await connection.execute("VACUUM ANALYZE")
        await connection.close()
        own = decode_id("usr", people[0].id)
        page = {"id": encode_id("cnv", group), "last": SIZE}
        works = [
            Work("what every request costs: no statement, no list", SERVER, {}, ("SELECT 1",), None),
            Work("page of 50 with senders", PAGE, page, (BARE_PAGE, own, group, SIZE), 250),
            Work("the same with reactions and receipts", FULL_PAGE, page, (BARE_PAGE, own, group, SIZE), 250),
            Work("conversation list of 50", LIST, {"last": SIZE}, (BARE, own, SIZE), 600),
        ]
        core = Serve("graphql-core", cluster.folder, {**cluster.environment(), "PARLEY_EXECUTOR": "graphql-core"})
        others = [core]
        if args.beside:
            others.append(Elsewhere(args.beside, cluster.folder, cluster.environment()))
        for other in others:
            other.start()
        try:
            for work in works:
                await measure(
                    cluster, work, others, people[0].token, rounds=args.rounds, requests=args.requests
                )  # fmt: skip
        finally:
            for other in others:
                other.stop()
        if args.statements:
            await count_statements(cluster, works, people[0].token)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--beside", type=Path, help="another tree of Parley, whose server is asked in turns")
    parser.add_argument("--statements", action="store_true")
    asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
