"""Sending and delivering over WebSocket: into one large group, and in many chats at once."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import asyncpg

from tests.bench.bench_fanout import TEXT
from tests.bench.peers.figures import Figures, Meter
from tests.bench.peers.sides import Side, uuid_of
from tests.bench.rig import Audience, Counting, in_turns, make_contacts, seed_people
from tests.faults import load
from tests.faults.people import Person
from tests.faults.processes import Cluster
from tests.faults.wire import sign_in_socket


async def make_group(cluster: Cluster, people: list[Person]) -> str:
    """A group of the first person with all others."""
    socket = await sign_in_socket(cluster.urls[0], people[0].token)
    wanted = {"title": "Peers", "memberIds": [person.id for person in people[1:]]}
    made = (await socket.request(load.CREATE_GROUP, {"input": wanted}, timeout=60))["createGroup"]
    socket.cut()
    return str(made["group"]["id"])


async def make_chats(cluster: Cluster, people: list[Person]) -> list[str]:
    """A direct chat for each two people in a row, which starts as no message request."""
    pairs = list(zip(people[::2], people[1::2], strict=True))
    await make_contacts(cluster, [(second, first) for first, second in pairs])

    async def start(pair: tuple[Person, Person]) -> str:
        socket = await sign_in_socket(cluster.urls[0], pair[0].token)
        made = await socket.request(load.START_DIRECT, {"input": {"userId": pair[1].id}})
        socket.cut()
        return str(made["startDirectConversation"]["conversation"]["id"])

    return list(await in_turns(start, pairs, 20))


class Channel:
    """One side's sockets on some conversations: who listens, who sends; what was sent, and what must have arrived."""

    def __init__(self, side: Side, listeners: list[Counting]) -> None:
        self.side = side
        self.listeners = listeners
        self.senders: list[tuple[Any, str]] = []  # sockets, and into which conversation
        self.sent = 0

    async def check_text(self, conversation: str, reached: int) -> None:
        """Sends a message and looks at what one of those listening got."""
        witness = self.listeners[0]
        seen: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

        def look(payload: bytes) -> None:
            if b'"sender"' in payload and not seen.done():
                seen.set_result(payload)

        original, witness.on_text, witness.counting = witness.on_text, look, False  # type: ignore[method-assign]
        Audience.expect(reached - 1)
        await self.send(next(socket for socket, chat in self.senders if chat == conversation), conversation)
        await Audience.complete()
        payload = await asyncio.wait_for(seen, 10)
        for wanted in (TEXT.encode(), b'"createdAt"', b'"seq"', b'"conversation"', b"Bench "):
            assert wanted in payload, payload
        witness.on_text, witness.counting = original, True  # type: ignore[method-assign]

    async def send(self, socket: Any, conversation: str) -> None:
        await self.side.send(socket, conversation, TEXT)
        self.sent += 1

    async def saturate(self, seconds: float) -> int:
        """Every sender sends again when answered. Returns how many were sent."""
        end, before = time.perf_counter() + seconds, self.sent

        async def talk(socket: Any, conversation: str) -> None:
            while time.perf_counter() < end:
                await self.send(socket, conversation)

        await asyncio.gather(*(talk(*one) for one in self.senders))
        return self.sent - before

    async def count(self) -> int:
        """How many messages the database has of what was sent here."""
        chats = [uuid_of(chat) for chat in {chat for _, chat in self.senders}]
        connection = await asyncpg.connect(self.side.database_url)
        table = "message" if self.side.name == "parley" else "messages"
        text = f"SELECT count(*) FROM {table} WHERE conversation_id = ANY($1) AND text = $2"
        found: int = await connection.fetchval(text, chats, TEXT)
        await connection.close()
        return found

    async def close(self) -> None:
        """Cuts all sockets. Raises AssertionError unless all that was acknowledged is stored."""
        for socket in (*self.listeners, *(socket for socket, _ in self.senders)):
            socket.cut()
        found = await self.count()
        assert found == self.sent, f"{self.side.name}: {found} stored of {self.sent} sent"


class FanOut:
    """A group of a thousand: a message at a time, then twenty who send as fast as they are answered."""

    SENDERS = 20

    def __init__(self, members: int, messages: int) -> None:
        self._members, self._messages = members, messages
        self.name = f"fan-out to {members:,}"
        self._people: list[Person] = []
        self._group = ""
        self._channels: dict[str, Channel] = {}

    async def prepare(self, cluster: Cluster) -> None:
        self._people = await seed_people(cluster, self._members)
        self._group = await make_group(cluster, self._people)

    async def open(self, cluster: Cluster, side: Side) -> None:
        channel = self._channels[side.name] = Channel(side, await side.listen(self._people))
        channel.senders = [(await side.sender(person), self._group) for person in self._people[: self.SENDERS]]
        await channel.check_text(self._group, self._members)
        await self._one_by_one(channel, self._messages)
        await self._at_once(channel, 5)

    async def measure(self, cluster: Cluster, side: Side, figures: Figures, number: int) -> None:
        channel = self._channels[side.name]
        meter = Meter(cluster, side)
        await self._one_by_one(channel, self._messages)
        await asyncio.sleep(0.05)  # what the server does after the last delivery is its cost too
        server, _, _ = meter.read()
        deliveries = self._messages * self._members
        figures.add(f"{self.name}, one at a time: server µs a delivery", side, server / deliveries * 1e6)
        meter = Meter(cluster, side)
        await self._at_once(channel, 10)
        server, _, took = meter.read()
        deliveries = 10 * self.SENDERS * self._members
        figures.add(f"{self.name}, {self.SENDERS} senders: server µs a delivery", side, server / deliveries * 1e6)
        figures.add(f"{self.name}, {self.SENDERS} senders: deliveries/s", side, deliveries / took, more_is_better=True)

    async def close(self, cluster: Cluster, side: Side) -> None:
        await self._channels[side.name].close()

    async def _one_by_one(self, channel: Channel, messages: int) -> None:
        """The next message goes out when everybody has the one before."""
        for _ in range(messages):
            Audience.expect(self._members)
            await channel.send(*channel.senders[0])
            await Audience.complete()

    async def _at_once(self, channel: Channel, each: int) -> None:
        async def talk(socket: Any, group: str) -> None:
            for _ in range(each):
                await channel.send(socket, group)

        Audience.expect(each * self.SENDERS * self._members)
        await asyncio.gather(*(talk(*one) for one in channel.senders))
        await Audience.complete()


class Talking:
    """Chats in which the next message is sent when the last was answered: one group of ten, or hundreds of two."""

    def __init__(self, name: str, *, chats: int, members: int, devices: int, seconds: float) -> None:
        self.name = name
        self._count, self._members, self._devices = chats, members, devices
        self._seconds = seconds
        self._people: list[Person] = []
        self._chats: list[str] = []
        self._channels: dict[str, Channel] = {}

    async def prepare(self, cluster: Cluster) -> None:
        self._people = await seed_people(cluster, self._count * self._members)
        direct = self._members == 2
        self._chats = await (make_chats(cluster, self._people) if direct else self._groups(cluster))

    async def _groups(self, cluster: Cluster) -> list[str]:
        return [await make_group(cluster, self._in(n)) for n in range(self._count)]

    def _in(self, n: int) -> list[Person]:
        return self._people[n * self._members : (n + 1) * self._members]

    async def open(self, cluster: Cluster, side: Side) -> None:
        """Of a direct chat one sends, of a group everybody, each from so many devices."""
        channel = self._channels[side.name] = Channel(side, await side.listen(self._people))
        who = [(p, chat) for n, chat in enumerate(self._chats)
               for p in self._in(n)[: 1 if self._members == 2 else None] for _ in range(self._devices)]  # fmt: skip
        sockets = await in_turns(side.sender, [person for person, _ in who], 20)
        channel.senders = [(socket, chat) for socket, (_, chat) in zip(sockets, who, strict=True)]
        await channel.check_text(self._chats[0], self._members)
        await channel.saturate(self._seconds)
        await asyncio.sleep(0.5)

    async def measure(self, cluster: Cluster, side: Side, figures: Figures, number: int) -> None:
        channel = self._channels[side.name]
        before = sum(socket.frames for socket in channel.listeners)
        meter = Meter(cluster, side)
        sent = await channel.saturate(self._seconds)
        _, _, took = meter.read()
        await asyncio.sleep(0.3)  # what the server does after the last answer is its cost too
        server, database, _ = meter.read()
        frames = sum(socket.frames for socket in channel.listeners) - before
        assert 1 <= frames / sent / self._members < 1.05, f"{side.name}: {frames} frames for {sent} messages"
        figures.add(f"{self.name}: messages/s", side, sent / took, more_is_better=True)
        figures.add(f"{self.name}: server µs a message", side, server / sent * 1e6)
        figures.add(f"{self.name}: PostgreSQL µs a message", side, database / sent * 1e6)

    async def close(self, cluster: Cluster, side: Side) -> None:
        await self._channels[side.name].close()
