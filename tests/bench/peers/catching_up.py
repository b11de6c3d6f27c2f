"""Somebody comes back to a thousand messages that were sent meanwhile."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg

from tests.bench.bench_fanout import TEXT, send_many
from tests.bench.peers.figures import Figures, Meter
from tests.bench.peers.sending import make_group
from tests.bench.peers.sides import Missed, Side, uuid_of
from tests.bench.rig import seed_people
from tests.faults import load
from tests.faults.people import Person
from tests.faults.processes import Cluster
from tests.faults.wire import Http, sign_in_socket

MISSED = 1000


class CatchingUp:
    """A group of its own for each round, after some to warm up on, with two members who were away: the first finds the
    server cold, the second asks for the same. The clock runs from the question to the last message."""

    WARM = 6

    def __init__(self, rounds: int) -> None:
        self.name = f"catch up {MISSED:,}"
        self._count = rounds + self.WARM
        self._groups: list[tuple[Missed, list[Person]]] = []

    async def prepare(self, cluster: Cluster) -> None:
        for _ in range(self._count):
            people = await seed_people(cluster, 3)
            group = await make_group(cluster, people)
            line = Http(cluster.urls[0], people[1].token)
            cursor = (await line.request(load.COLD_START, {}))["viewer"]["eventCursor"]
            line.close()
            connection = await asyncpg.connect(cluster.database_url)
            seq = await connection.fetchval("SELECT last_seq FROM conversation WHERE id = $1", uuid_of(group))
            await connection.close()
            socket = await sign_in_socket(cluster.urls[0], people[0].token)
            for _ in range(MISSED // 100):
                await send_many(socket, group, 100)
            socket.cut()
            self._groups.append((Missed(group, cursor, seq, MISSED), people[1:]))

    async def open(self, cluster: Cluster, side: Side) -> None:
        """Warms up on groups that are not measured."""
        for missed, people in self._groups[: self.WARM]:
            for person in people:
                await self._come_back(cluster, side, person, missed)

    async def measure(self, cluster: Cluster, side: Side, figures: Figures, number: int) -> None:
        missed, people = self._groups[self.WARM + number]
        for which, person in zip(("first", "second"), people, strict=True):
            server, took = await self._come_back(cluster, side, person, missed)
            figures.add(f"{self.name}, {which} to ask: ms", side, took * 1e3)
            figures.add(f"{self.name}, {which} to ask: server ms", side, server * 1e3)

    async def _come_back(self, cluster: Cluster, side: Side, person: Person, missed: Missed) -> tuple[float, float]:
        """Seconds of the server's CPU, and of the clock."""
        socket, answer = await side.catch_up(person, missed)
        await asyncio.sleep(0.05)
        meter = Meter(cluster, side)
        side.ask(socket, missed)
        frames = await asyncio.wait_for(answer, 30)
        _, _, took = meter.read()
        await asyncio.sleep(0.02)
        server, _, _ = meter.read()
        socket.cut()
        self._check(side, side.read(frames), missed)
        return server, took

    def _check(self, side: Side, messages: list[Any], missed: Missed) -> None:
        seqs = [message["seq"] for message in messages]
        assert seqs == list(range(missed.seq + 1, missed.seq + 1 + MISSED)), f"{side.name}: {seqs[:3]}…{seqs[-3:]}"
        assert all(message["text"] == TEXT and message["sender"]["id"] for message in messages), side.name

    async def close(self, cluster: Cluster, side: Side) -> None:
        """Nothing is left open."""
