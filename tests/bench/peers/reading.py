"""Pages and lists over HTTP: one client asking again when answered, then sixteen of them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from app.core.graphql.ids import encode_id
from tests.bench.bench_conversations import seed_conversations
from tests.bench.bench_pages import seed_group
from tests.bench.peers.figures import Figures, Meter
from tests.bench.peers.sides import Side, plain, plain_conversation
from tests.bench.rig import seed_people
from tests.faults.people import Person
from tests.faults.processes import Cluster
from tests.faults.wire import Http

SIZE = 50
CLIENTS = 16
NAMES = {
    "page": "newest page of 50",
    "older": "older pages of 50",
    "details": "newest page with reactions, receipts",
    "list": "list of 50",
}
WARM = 2000  # what V8 wants before it is fast


class Reading:
    """Asks for one thing again and again: the newest page, the 19 older ones in turns, the newest with details, or the
    list of conversations."""

    def __init__(self, what: str, requests: int) -> None:
        self.name = NAMES[what]
        self._what = what
        self._requests = requests
        self._person: Person
        self._group = ""
        self._lines: dict[str, list[Http]] = {}
        self._answers: dict[str, list[Any]] = {}
        self._places: dict[str, list[str]] = {}
        self._asked = 0

    async def prepare(self, cluster: Cluster) -> None:
        """Somebody in 60 conversations of 30 messages, and a group of 20 with 1,000 messages."""
        people = await seed_people(cluster, 61)
        self._person = people[0]
        if self._what == "list":
            await seed_conversations(cluster, people, messages=30)
        else:
            self._group = encode_id("cnv", await seed_group(cluster, people, 1000))

    async def open(self, cluster: Cluster, side: Side) -> None:
        """Warms it up, and keeps its answer."""
        lines = self._lines[side.name] = [side.reader(self._person) for _ in range(CLIENTS)]
        show = plain_conversation if self._what == "list" else plain
        if self._what == "older":
            answer = self._answers[side.name] = [show(one) for one in await self._walk(side, lines[0])]
        else:
            answer = self._answers[side.name] = [show(one) for one in await self._ask(side, lines[0])]
        assert len(answer) == (950 if self._what == "older" else SIZE)
        first = next(iter(self._answers.values()))
        differ = [pair for pair in zip(first, answer, strict=True) if pair[0] != pair[1]]
        assert not differ, f"{side.name} answers otherwise: {differ[:3]}"
        await self._ask_often(side, lines, WARM)

    async def measure(self, cluster: Cluster, side: Side, figures: Figures, number: int) -> None:
        lines = self._lines[side.name]
        for line in lines:  # servers close what was idle while the others were asked
            line.close()
            await self._ask(side, line)
        meter = Meter(cluster, side)
        await self._ask_often(side, lines[:1], self._requests)
        server, _, _ = meter.read()
        figures.add(f"{self.name}: server µs a request", side, server / self._requests * 1e6)
        meter, requests = Meter(cluster, side), self._requests * 2
        await self._ask_often(side, lines, requests)
        server, database, took = meter.read()
        figures.add(f"{self.name}, {CLIENTS} clients: server µs", side, server / requests * 1e6)
        figures.add(f"{self.name}, {CLIENTS} clients: PostgreSQL µs", side, database / requests * 1e6)
        figures.add(f"{self.name}, {CLIENTS} clients: requests/s", side, requests / took, more_is_better=True)

    async def close(self, cluster: Cluster, side: Side) -> None:
        for line in self._lines[side.name]:
            line.close()

    async def _ask_often(self, side: Side, lines: Sequence[Http], requests: int) -> None:
        """So many requests, each line's next when its last was answered."""
        left = requests

        async def one(line: Http) -> None:
            nonlocal left
            while left > 0:
                left -= 1
                assert len(await self._ask(side, line)) == SIZE

        await asyncio.gather(*(one(line) for line in lines))

    async def _ask(self, side: Side, line: Http) -> list[Any]:
        if self._what == "list":
            return await side.conversations(line)
        if self._what != "older":
            return (await side.page(line, self._group, details=self._what == "details")).messages
        places = self._places[side.name]
        self._asked += 1
        return (await side.page(line, self._group, places[self._asked % len(places)])).messages

    async def _walk(self, side: Side, line: Http) -> list[Any]:
        """All messages but the newest 50, page by page; notes where the pages begin."""
        found, places = await side.page(line, self._group), self._places.setdefault(side.name, [])
        messages: list[Any] = []
        while found.has_more:
            places.append(found.start)
            found = await side.page(line, self._group, found.start)
            messages += found.messages
        return messages
