"""A crowd that connects, signs in and subscribes, and then is idle."""

from __future__ import annotations

import asyncio

from tests.bench.peers.figures import Figures, Meter
from tests.bench.peers.sending import make_chats
from tests.bench.peers.sides import Side
from tests.bench.rig import Counting, seed_people
from tests.faults.people import Person
from tests.faults.processes import Cluster

WARM = 200


class Connecting:
    """Each socket is another person's, who is in one direct chat. A round is as many sockets again."""

    def __init__(self, sockets: int, rounds: int) -> None:
        self.name = "connect, sign in, subscribe"
        self._sockets, self._rounds = sockets, rounds
        self._people: list[Person] = []
        self._held: dict[str, list[Counting]] = {}
        self._resident: dict[str, int] = {}

    async def prepare(self, cluster: Cluster) -> None:
        self._people = await seed_people(cluster, WARM + self._sockets * self._rounds)
        await make_chats(cluster, self._people)

    async def open(self, cluster: Cluster, side: Side) -> None:
        """Some come and go first, and some stay."""
        for _ in range(2):
            for socket in await side.listen(self._people[:WARM]):
                socket.cut()
        self._held[side.name] = await side.listen(self._people[:WARM])
        await side.settle()
        self._resident[side.name] = side.process.rss()

    async def measure(self, cluster: Cluster, side: Side, figures: Figures, number: int) -> None:
        """All rounds but the last measure CPU; with the last, memory of all is known."""
        held = self._held[side.name]
        start = WARM + number * self._sockets
        meter = Meter(cluster, side)
        held += await side.listen(self._people[start : start + self._sockets])
        await asyncio.sleep(0.5)
        server, database, _ = meter.read()
        figures.add(f"{self.name}: server ms", side, server / self._sockets * 1e3)
        figures.add(f"{self.name}: PostgreSQL ms", side, database / self._sockets * 1e3)
        if number == self._rounds - 1:
            await side.settle()
            grown = side.process.rss() - self._resident[side.name]
            figures.add("memory an idle connection: KiB", side, grown / (len(held) - WARM) / 1024)

    async def close(self, cluster: Cluster, side: Side) -> None:
        held = self._held[side.name]
        assert not any(socket.transport.is_closing() for socket in held), f"{side.name} closed connections"
        for socket in held:
            socket.cut()
