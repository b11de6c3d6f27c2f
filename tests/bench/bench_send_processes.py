"""Busy direct chats over WebSocket on 1 and on N `serve` processes beside each other: rate, CPU, p50 at half load.

    python -m tests.bench.bench_send_processes [--processes 4] [--chats 200] [--seconds 3] [--rounds 2]

Both clusters (PostgreSQL with fsync and Valkey each) run at once and take turns, so that a noisy machine is noisy for
both. A chat's sender and listener are on different processes. First every sender sends again when answered, for the
highest rate; then sends begin at random moments at half that rate, whatever became of the earlier ones.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import psutil

from tests.bench.bench_send_live import SEND
from tests.bench.rig import QUIET, Counting, in_turns, listen, make_contacts, seed_people
from tests.faults import load
from tests.faults.processes import Cluster, raise_file_limit
from tests.faults.wire import GraphQLSocket, sign_in_socket


@dataclass(slots=True)
class Figures:
    """What the rounds of a cluster measured: sends/s and microseconds of CPU at saturation, seconds at half load."""

    rates: list[float] = field(default_factory=list)
    server: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return statistics.median(self.rates)

    @property
    def p50(self) -> float:
        return statistics.median(self.waits) * 1e3

    def line(self) -> str:
        p99 = statistics.quantiles(self.waits, n=100)[98] * 1e3
        return (
            f"{self.rate:.0f} msg/s, server {statistics.median(self.server):.0f} us CPU a send, PostgreSQL"
            f" {statistics.median(self.database):.0f} us; at half load p50 {self.p50:.1f} ms, p99 {p99:.1f} ms"
        )


class Site:
    """A cluster with its chats and who listens to them."""

    def __init__(self, cluster: Cluster, chats: int) -> None:
        self._cluster = cluster
        self._count = chats
        self._chats: list[tuple[GraphQLSocket, str]] = []
        self._audience: list[Counting] = []
        self.figures = Figures()

    async def open(self) -> None:
        urls = [serve.url for serve in self._cluster.serves]
        people = await seed_people(self._cluster, 2 * self._count)
        await make_contacts(self._cluster, [(people[2 * n + 1], people[2 * n]) for n in range(self._count)])

        async def start(n: int) -> tuple[GraphQLSocket, str]:
            socket = await sign_in_socket(urls[n % len(urls)], people[2 * n].token)
            made = await socket.request(load.START_DIRECT, {"input": {"userId": people[2 * n + 1].id}})
            return socket, made["startDirectConversation"]["conversation"]["id"]

        self._chats = await in_turns(start, range(self._count), 20)
        for n, url in enumerate(urls):
            self._audience += await listen(url, [people[2 * i + 1].token for i in range(n - 1, self._count, len(urls))
                                                 if i >= 0])  # fmt: skip
        await self._saturate(1)

    async def measure(self, seconds: float) -> None:
        """One round: saturated, then at half of the rate reached."""
        cpu, start = self._cpu(), time.perf_counter()
        sent = await self._saturate(seconds)
        took = time.perf_counter() - start
        server, database = (after - before for before, after in zip(cpu, self._cpu(), strict=True))
        self.figures.rates.append(sent / took)
        self.figures.server.append(server / sent * 1e6)
        self.figures.database.append(database / sent * 1e6)
        await asyncio.sleep(0.3)
        await self._spread(sent / took / 2, seconds)

    async def _saturate(self, seconds: float) -> int:
        end = time.perf_counter() + seconds

        async def talk(socket: GraphQLSocket, chat: str) -> int:
            sent = 0
            while time.perf_counter() < end:
                await send(socket, chat)
                sent += 1
            return sent

        return sum(await asyncio.gather(*(talk(*chat) for chat in self._chats)))

    async def _spread(self, rate: float, seconds: float) -> None:
        """Sends at random moments, `rate` a second, over chats drawn by chance."""
        under_way: set[asyncio.Task[None]] = set()
        at = start = time.perf_counter()
        while at < start + seconds:
            at += random.expovariate(rate)
            if (pause := at - time.perf_counter()) > 0:
                await asyncio.sleep(pause)
            task = asyncio.create_task(self._timed(*random.choice(self._chats)))
            under_way.add(task)
            task.add_done_callback(under_way.discard)
        await asyncio.gather(*under_way)

    async def _timed(self, socket: GraphQLSocket, chat: str) -> None:
        start = time.perf_counter()
        await send(socket, chat)
        self.figures.waits.append(time.perf_counter() - start)

    def _cpu(self) -> tuple[float, float]:
        """Seconds of CPU so far: of all `serve`, and of PostgreSQL."""
        server = self._cluster.postgres
        assert server is not None
        assert server.process is not None
        family = psutil.Process(server.process.pid).children(recursive=True)
        return sum(serve.cpu_seconds() for serve in self._cluster.serves), sum(_cpu_of(p.pid) for p in family)


def _cpu_of(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
    except FileNotFoundError:
        return 0.0


async def send(socket: GraphQLSocket, chat: str) -> None:
    wanted = {"conversationId": chat, "clientMessageId": str(uuid4()), "text": "a message of forty characters or so"}
    payload = (await socket.request(SEND, {"input": wanted}, timeout=30))["sendMessage"]
    assert not payload["errors"], payload


async def run(processes: Sequence[int], chats: int, seconds: float, rounds: int) -> None:
    raise_file_limit()
    with ExitStack() as stack:
        sites = []
        for count in processes:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            sites.append(Site(stack.enter_context(Cluster(folder, serves=count, env=QUIET)), chats))
        for site in sites:
            await site.open()
        for _ in range(rounds):
            for site in sites:
                await site.measure(seconds)
        for count, site in zip(processes, sites, strict=True):
            print(f"{count} processes, {chats} chats: {site.figures.line()}")
        one, *others = (site.figures for site in sites)
        for count, figures in zip(processes[1:], others, strict=True):
            print(f"{count} against {processes[0]}: {figures.rate / one.rate:.2f} of the rate,"
                  f" {figures.p50 / one.p50:.2f} of the p50")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--chats", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--rounds", type=int, default=2)
    chosen = parser.parse_args()
    processes = [1] if chosen.processes == 1 else [1, chosen.processes]
    asyncio.run(run(processes, chosen.chats, chosen.seconds, chosen.rounds))


if __name__ == "__main__":
    main()
