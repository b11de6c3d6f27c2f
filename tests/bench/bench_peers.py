"""Parley beside what a team would write instead, on the workloads of issue 7: the same people, data, load and machine.

    python -m tests.bench.bench_peers [--only page,list] [--peers express,yoga] [--rounds 3]

`express` is Express with Socket.IO and its Redis adapter, `yoga` graphql-yoga with graphql-ws and Redis pub/sub; both
with `pg` on tables of their own (tests/bench/peers). All take turns on one PostgreSQL (with fsync) and one Valkey, a
process each, asked by the same client. What counts is CPU: load generator, databases and server share the machine.

The same on all sides: a signed token checked, membership checked, a message stored in a transaction that is on disk
when the sender is told, told to every connected member also on other processes, the same fields; answers are compared,
messages and deliveries counted. Not the same, each to the peers' advantage:

* Parley checks roles, blocks, message requests, what is hidden, disappeared, cleared or from before one's time, that
  the session was not revoked, rates and costs, and that a repeated send is stored once. The peers check membership.
* Parley writes a log that any device resumes from, without gap, on any process. The peers publish and forget; who was
  away asks for the messages after a number in a conversation, and gets one large answer, where Parley replays events.
* Unread messages are counted by Parley message by message; the peers subtract two numbers. Parley's delivery states
  heed who keeps their reading private.

To Parley's advantage, because it is built so and they are not: it writes many messages in one statement, where they
have a transaction of five round trips each; it keeps the newest page of a conversation while nothing happens there
(`page` and `details` find it kept; `older` pages are read each time); and it catches up a second person from what it
made for the first. The peers are not tuned beyond what a profile of an afternoon tells (statements with names, one key
object for tokens, one repeater for all topics): no cache of tokens or pages, no compiled documents, V8 as it comes.

Sockets that send do not listen. Memory is read after V8 was asked to collect.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

from tests.bench.bench_conversations import seed_conversations
from tests.bench.peers.catching_up import CatchingUp
from tests.bench.peers.connecting import Connecting
from tests.bench.peers.figures import Figures
from tests.bench.peers.reading import Reading
from tests.bench.peers.sending import FanOut, Talking
from tests.bench.peers.servers import Peer
from tests.bench.peers.sides import Express, Parley, Side, Yoga
from tests.bench.peers.tables import make_database
from tests.bench.rig import QUIET, seed_people
from tests.faults.processes import Cluster, raise_file_limit


class Workload(Protocol):
    """One thing that all sides are asked to do."""

    async def prepare(self, cluster: Cluster) -> None:
        """Puts what it needs into Parley's database, from where the peers get theirs."""

    async def open(self, cluster: Cluster, side: Side) -> None:
        """Connects, warms up, and looks whether the answers are right."""

    async def measure(self, cluster: Cluster, side: Side, figures: Figures, number: int) -> None:
        """One round; `number` counts from 0."""

    async def close(self, cluster: Cluster, side: Side) -> None:
        """Disconnects. Raises AssertionError when less was done than counted."""


WORKLOADS: dict[str, Callable[[int], Workload]] = {
    "connect": lambda rounds: Connecting(500, rounds),  # first: what others let go of would hold its connections
    "fanout": lambda rounds: FanOut(1000, 40),
    "ten": lambda rounds: Talking("a group of 10", chats=1, members=10, devices=10, seconds=2),
    "chats": lambda rounds: Talking("500 direct chats", chats=500, members=2, devices=1, seconds=3),
    "page": lambda rounds: Reading("page", 500),
    "older": lambda rounds: Reading("older", 500),
    "details": lambda rounds: Reading("details", 300),
    "list": lambda rounds: Reading("list", 300),
    "missed": CatchingUp,
}
PEERS: dict[str, Callable[[Peer], Side]] = {"express": Express, "yoga": Yoga}


async def run(only: Sequence[str], peers: Sequence[str], rounds: int) -> None:
    raise_file_limit()
    workloads = [WORKLOADS[name](rounds) for name in only]
    figures = Figures()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        cluster = stack.enter_context(Cluster(folder, serves=1, env=QUIET))
        # Statistics of empty tables would mislead PostgreSQL's planner about what is filled from here on.
        await seed_conversations(cluster, await seed_people(cluster, 61), messages=30)
        for workload in workloads:
            await workload.prepare(cluster)
        sides: list[Side] = [Parley(cluster.serves[0], cluster.database_url)]
        for name in peers:
            peer = Peer(name, cluster, await make_database(cluster, name))
            stack.callback(peer.stop)
            peer.start()
            sides.append(PEERS[name](peer))
        cluster.serves[0].stop()  # what it remembers of the seeding is no advantage
        cluster.serves[0].start()
        for workload in workloads:
            for side in sides:
                await workload.open(cluster, side)
            for number in range(rounds):
                for side in sides:
                    await workload.measure(cluster, side, figures, number)
            for side in sides:
                await workload.close(cluster, side)
    figures.print([side.name for side in sides])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default=",".join(WORKLOADS), help="workloads, separated by commas")
    parser.add_argument("--peers", default=",".join(PEERS), help="peers, separated by commas")
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    asyncio.run(run(chosen.only.split(","), [p for p in chosen.peers.split(",") if p], chosen.rounds))


if __name__ == "__main__":
    main()
