"""500 busy direct chats over WebSocket against a real server on PostgreSQL: messages a commit, server CPU of a send.

    python -m tests.bench.bench_send_live [seconds]

Each chat has two people who listen to `events`, of whom one sends again when answered: a send is one mutation
answered, and two deliveries.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path
from uuid import uuid4

from tests.bench.rig import QUIET, Counting, in_turns, listen, make_contacts, seed_people
from tests.faults import load
from tests.faults.people import Person
from tests.faults.processes import Cluster
from tests.faults.wire import GraphQLSocket, sign_in_socket

CHATS = 500
SEND = """mutation Send($input: SendMessageInput!) { sendMessage(input: $input) {
  errors { code message } clientMessageId message { id seq createdAt } } }"""


def commits(cluster: Cluster) -> int:
    """Commits so far as PostgreSQL counts them, reads and polls among them: the true figure is better."""
    assert cluster.postgres is not None
    name = cluster.database_url.rsplit("/", 1)[1].split("?")[0]
    found = cluster.postgres.sql(f"SELECT xact_commit FROM pg_stat_database WHERE datname = '{name}'")
    return int(found or 0)


async def start_chats(url: str, people: list[Person]) -> list[tuple[GraphQLSocket, str]]:
    async def start(n: int) -> tuple[GraphQLSocket, str]:
        socket = await sign_in_socket(url, people[2 * n].token)
        made = await socket.request(load.START_DIRECT, {"input": {"userId": people[2 * n + 1].id}})
        return socket, made["startDirectConversation"]["conversation"]["id"]

    return await in_turns(start, range(CHATS), 20)


async def talk(socket: GraphQLSocket, chat: str, until: float, waits: list[float]) -> None:
    while (start := time.perf_counter()) < until:
        wanted = {
            "conversationId": chat,
            "clientMessageId": str(uuid4()),
            "text": "a message of forty characters or so",
        }
        payload = (await socket.request(SEND, {"input": wanted}, timeout=30))["sendMessage"]
        assert not payload["errors"], payload
        waits.append(time.perf_counter() - start)


async def run(seconds: float) -> None:
    with tempfile.TemporaryDirectory() as name, Cluster(Path(name), serves=1, env=QUIET) as cluster:
        serve = cluster.serves[0]
        people = await seed_people(cluster, 2 * CHATS)
        await make_contacts(cluster, [(people[2 * n + 1], people[2 * n]) for n in range(CHATS)])
        chats = await start_chats(serve.url, people)
        audience: list[Counting] = await listen(serve.url, [p.token for p in people])
        for busy in (chats[:1], chats):
            await measure(cluster, busy, audience, seconds)


async def measure(
    cluster: Cluster, busy: list[tuple[GraphQLSocket, str]], audience: list[Counting], seconds: float
) -> None:
    """One run over these chats, after a second of warming up. Prints its figures."""
    serve = cluster.serves[0]
    waits: list[float] = []
    await asyncio.gather(*(talk(s, c, time.perf_counter() + 1, []) for s, c in busy))
    await asyncio.sleep(1.5)  # PostgreSQL counts its commits a second late
    before, frames = commits(cluster), sum(a.frames for a in audience)
    cpu, start = serve.cpu_seconds(), time.perf_counter()
    await asyncio.gather(*(talk(s, c, start + seconds, waits) for s, c in busy))
    spent, took = serve.cpu_seconds() - cpu, time.perf_counter() - start
    await asyncio.sleep(1.5)
    made = max(1, commits(cluster) - before)
    delivered = sum(a.frames for a in audience) - frames
    cuts = statistics.quantiles(waits, n=100)
    print(
        f"{len(busy)} chats: {len(waits) / took:.0f} msg/s, server {spent / len(waits) * 1e6:.0f} us CPU a send,"
        f" {len(waits) / made:.1f} messages a commit, {delivered / len(waits):.2f} deliveries a message,"
        f" p50 {cuts[49] * 1000:.1f} ms, p99 {cuts[98] * 1000:.1f} ms"
    )


if __name__ == "__main__":
    asyncio.run(run(float(sys.argv[1]) if len(sys.argv) > 1 else 4))
