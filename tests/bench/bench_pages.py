"""A page of 50 messages with their senders: SQL statements, and time. `python -m tests.bench.bench_pages`.

Statements are counted by PostgreSQL itself (its statement log), not by our own code.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from pathlib import Path

from tests.bench.bench_fanout import send_many
from tests.bench.rig import QUIET, seed_people
from tests.faults import load
from tests.faults.processes import Cluster
from tests.faults.wire import Http, sign_in_socket

PAGE = """query($id: ID!, $last: Int) { conversation(id: $id) { messages(last: $last) {
  edges { cursor node { id seq kind text createdAt sender { id username displayName } } }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }"""


async def statements(cluster: Cluster, line: Http, group: str, size: int) -> list[str]:
    """What PostgreSQL was asked to run for one page."""
    before = len(logged(cluster))
    await line.request(PAGE, {"id": group, "last": size})
    await asyncio.sleep(0.3)
    return [s for s in logged(cluster)[before:] if "execute " in s or "statement: " in s]


def log_statements(cluster: Cluster) -> None:
    """Restarts PostgreSQL with its statement log on, and the server with it."""
    assert cluster.postgres is not None
    for setting in ("logging_collector = on", "log_statement = 'all'", "log_filename = 'postgres.log'"):
        cluster.postgres.sql(f"ALTER SYSTEM SET {setting}")
    cluster.serves[0].stop()
    cluster.postgres.stop()
    cluster.postgres.start()
    cluster.serves[0].start()


def logged(cluster: Cluster) -> list[str]:
    """The lines of PostgreSQL's log."""
    assert cluster.postgres is not None
    return (cluster.postgres.folder / "data/log/postgres.log").read_text(errors="replace").splitlines()


async def run(requests: int) -> None:
    with tempfile.TemporaryDirectory() as name, Cluster(Path(name), serves=1, env=QUIET) as cluster:
        serve = cluster.serves[0]
        people = await seed_people(cluster, 50)
        socket = await sign_in_socket(serve.url, people[0].token)
        wanted = {"title": "Pages", "memberIds": [p.id for p in people[1:]]}
        group = (await socket.request(load.CREATE_GROUP, {"input": wanted}))["createGroup"]["group"]["id"]
        for person in people:
            own = await sign_in_socket(serve.url, person.token)
            await send_many(own, group, 20)
            own.cut()
        line = Http(serve.url, people[0].token)
        for size in (1, 50):
            await line.request(PAGE, {"id": group, "last": size})
        cpu, began = serve.cpu_seconds(), time.monotonic()
        for _ in range(requests):
            data = await line.request(PAGE, {"id": group, "last": 50})
        took, cpu = time.monotonic() - began, serve.cpu_seconds() - cpu
        assert len(data["conversation"]["messages"]["edges"]) == 50
        print(
            f"page of 50 messages with senders: {took / requests * 1e3:.2f} ms, {cpu / requests * 1e3:.2f} ms of server"
            f" CPU, {requests / took:.0f} requests/s on one connection"
        )
        log_statements(cluster)
        line = Http(serve.url, people[0].token)
        await line.request(PAGE, {"id": group, "last": 1})
        for size in (1, 50):
            found = await statements(cluster, line, group, size)
            print(f"  {size} rows: {len(found)} SQL statements")
            for statement in found:
                print("   ", statement[:200])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=300)
    asyncio.run(run(parser.parse_args().requests))


if __name__ == "__main__":
    main()
