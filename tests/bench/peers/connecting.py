"""A crowd that connects, signs in and subscribes, and then is idle."""

from __future__ import annotations

import asyncio

from tests.bench.peers.figures import Figures, Meter
from tests.bench.peers.sending import make_chats
from tests.bench.peers.sides import Side
from tests.bench.rig import Counting, seed_people
from tests.faults.people import Person
from tests.faults.processes import Cluster

FEW = 50
CROWD = 1500


class Connecting:
    """Each socket is another person's, who is in one direct chat. A first crowd tells what an idle connection holds,
    and warms up; then each round is others, who go again."""

    def __init__(self, sockets: int, rounds: int) -> None:
        self.name = "connect, sign in, subscribe"
        self._sockets = sockets
        self._count = FEW + CROWD + sockets * rounds
        self._people: list[Person] = []
        self._idle: dict[str, float] = {}

    async def prepare(self, cluster: Cluster) -> None:
        self._people = await seed_people(cluster, self._count)
        await make_chats(cluster, self._people)

    async def open(self, cluster: Cluster, side: Side) -> None:
        """Measures memory: of a server that has had few connections so far, for what a crowd has left stays around."""
        held = await side.listen(self._people[:FEW])
        await side.settle()
        before = side.process.rss()
        held += await side.listen(self._people[FEW : FEW + CROWD])
        await side.settle()
        self._idle[side.name] = (side.process.rss() - before) / CROWD / 1024
        await _cut(side, held)

    async def measure(self, cluster: Cluster, side: Side, figures: Figures, number: int) -> None:
        start = FEW + CROWD + number * self._sockets
        meter = Meter(cluster, side)
        held = await side.listen(self._people[start : start + self._sockets])
        await asyncio.sleep(0.5)
        server, database, _ = meter.read()
        figures.add(f"{self.name}: server ms", side, server / self._sockets * 1e3)
        figures.add(f"{self.name}: PostgreSQL ms", side, database / self._sockets * 1e3)
        if number == 0:
            figures.add("memory of an idle connection: KiB", side, self._idle[side.name])
        await _cut(side, held)

    async def close(self, cluster: Cluster, side: Side) -> None:
        """All have gone."""


async def _cut(side: Side, held: list[Counting]) -> None:
    """Cuts them, and waits until the server has noticed. Raises AssertionError if it had closed some."""
    assert not any(socket.transport.is_closing() for socket in held), f"{side.name} closed connections"
    for socket in held:
        socket.cut()
    await asyncio.sleep(1)
