"""A device that was away catches up 1,000 missed messages over `events(after:)`: time and server CPU, from a server
that has them in memory and from one that was restarted; beside the bare server, which reads the same rows in one
asyncpg statement and sends as many uvicorn frames of the same length.

    python -m tests.bench.bench_catch_up [--rounds 5] [--devices 100] [--beside ANOTHER_TREE]

Each round asks for kinds of events that nobody has asked for: what others had rendered is measured by itself ("again").
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

from app.core.graphql.events import EventKind
from app.core.graphql.ids import decode_id
from tests.bench.bench_pages import Elsewhere
from tests.bench.bench_send_live import SEND
from tests.bench.rig import QUIET, Audience, Bare, Counting, Ready, in_turns, make_contacts, seed_people
from tests.faults import load
from tests.faults.people import Person
from tests.faults.processes import Cluster, Process, Serve
from tests.faults.wire import GraphQLSocket, open_socket, sign_in_socket

MISSED = 1000
GROUPS = 20
USUAL = "id seq text createdAt sender { id displayName } conversation { id }"
OF_VIEWER = "id seq text createdAt sender { id displayName } conversation { id unreadCount }"
START = """{ viewer { user { id displayName } conversations(first: 50) { nodes { id title unreadCount
  lastMessage { id text createdAt } } } eventCursor } }"""
CREATE_GROUP = """mutation($input: CreateGroupInput!) { createGroup(input: $input) {
  errors { code message } group { id } } }"""
OTHERS = [kind.value for kind in EventKind if kind is not EventKind.MESSAGE_RECEIVED]
_asked = count(1)


def document(fields: str) -> str:
    """What a client subscribes to."""
    return f"""subscription($after: Cursor, $kinds: [EventKind!]) {{ events(after: $after, kinds: $kinds) {{
      cursor __typename ... on MessageReceived {{ message {{ {fields} }} }} }} }}"""


def kinds() -> list[str]:
    """Kinds that nobody has asked for together: what is made of their events is made anew."""
    n = next(_asked)
    return ["MESSAGE_RECEIVED", "CURSOR_MOVED", *(kind for bit, kind in enumerate(OTHERS) if n >> bit & 1)]


@dataclass
class Spent:
    """What the rounds of one kind took, in milliseconds."""

    name: str
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def tell(self, beside: Spent | None = None) -> None:
        wall, cpu = statistics.median(self.wall), statistics.median(self.cpu)
        ratio = ""
        if beside is not None:
            ratio = f"; of the bare one {wall / statistics.median(beside.wall):.2f} and"
            ratio += f" {cpu / statistics.median(beside.cpu):.2f}"
        print(f"{self.name}: {wall:.1f} ms (least {min(self.wall):.1f}), CPU {cpu:.1f} ms{ratio}", flush=True)


@dataclass
class Away:
    """Somebody who was away since the cursor."""

    person: Person
    cursor: str


async def catch_up(serve: Process, away: Away, text: str, wanted: Sequence[str], spent: Spent) -> None:
    """From the subscription to the CursorMoved that says all was handed over, on a socket that is signed in."""
    socket: GraphQLSocket = await sign_in_socket(serve.url, away.person.token)
    done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    seen: list[int] = []

    def handle(kind: str, payload: Any) -> None:
        if done.done():
            return
        if kind != "next" or payload.get("errors"):
            done.set_exception(AssertionError((kind, payload)))
        elif payload["data"]["events"]["__typename"] == "CursorMoved":
            done.set_result(None)
        elif payload["data"]["events"]["__typename"] == "MessageReceived":
            seen.append(payload["data"]["events"]["message"]["seq"])

    cpu, began = serve.cpu_seconds(), time.perf_counter()
    socket.subscribe(text, {"after": away.cursor, "kinds": wanted}, handle)
    await asyncio.wait_for(done, 30)
    spent.wall.append((time.perf_counter() - began) * 1e3)
    spent.cpu.append((serve.cpu_seconds() - cpu) * 1e3)
    assert len(seen) == MISSED, len(seen)
    socket.cut()


async def catch_up_bare(bare: Bare, conversations: Sequence[str], spent: Spent) -> None:
    """The same from the bare server."""
    socket: Counting = await open_socket(bare.url, kind=Ready, path="/missed")
    socket.counting = True
    ids = ",".join(str(decode_id("cnv", one)) for one in conversations)
    for wanted in (1, MISSED):  # the first only connects it to the database
        Audience.expect(wanted)
        cpu, began = bare.cpu_seconds(), time.perf_counter()
        socket.send_frame(1, f"{wanted} {ids}".encode())
        await Audience.complete()
    spent.wall.append((time.perf_counter() - began) * 1e3)
    spent.cpu.append((bare.cpu_seconds() - cpu) * 1e3)
    socket.cut()


async def catch_up_together(serve: Process, people: Sequence[Away], text: str) -> None:
    """All of them at once. Prints time, CPU for each, and the longest somebody else's request took meanwhile."""

    async def one(away: Away) -> Counting:
        socket: Counting = await open_socket(serve.url, kind=Counting)
        socket.send({"type": "connection_init", "payload": {"authorization": f"Bearer {away.person.token}"}})
        await asyncio.wait_for(socket.acked, 30)
        return socket

    sockets = await in_turns(one, people, 20)
    other: GraphQLSocket = await sign_in_socket(serve.url, people[0].person.token)
    waits: list[float] = []
    for socket in sockets:
        socket.counting = True
    Audience.expect(len(people) * (MISSED + 1))
    cpu, began = serve.cpu_seconds(), time.perf_counter()
    wanted = kinds()
    for socket, away in zip(sockets, people, strict=True):
        socket.subscribe(text, {"after": away.cursor, "kinds": wanted}, lambda _kind, _payload: None)
    while not Audience.enough.is_set():
        asked = time.perf_counter()
        await other.request("{ server { name } }", {})
        waits.append((time.perf_counter() - asked) * 1e3)
        assert time.perf_counter() - began < 60, Audience.wanted - Audience.received
        await asyncio.sleep(0.002)
    wall, spent = (time.perf_counter() - began) * 1e3, (serve.cpu_seconds() - cpu) * 1e3
    waits.sort()
    print(
        f"{len(people)} devices at once: {wall:.0f} ms, CPU {spent:.0f} ms, {spent / len(people):.2f} a device;"
        f" another's smallest request meanwhile: median {statistics.median(waits):.1f} ms, longest {waits[-1]:.1f}, RSS"
        f" {serve.rss() // 2**20} MiB",
        flush=True,
    )
    for socket in sockets:
        socket.cut()


async def start(serve: Process, away: Away, spent: Spent) -> None:
    """What a client does when it opens: its screen in one request, then what it missed."""
    socket: GraphQLSocket = await sign_in_socket(serve.url, away.person.token)
    cpu, began = serve.cpu_seconds(), time.perf_counter()
    await socket.request(START, {})
    spent.wall.append((time.perf_counter() - began) * 1e3)
    spent.cpu.append((serve.cpu_seconds() - cpu) * 1e3)
    socket.cut()


async def say(url: str, sender: Person, conversations: Sequence[str]) -> None:
    """MISSED messages, the conversations in turns."""
    socket: GraphQLSocket = await sign_in_socket(url, sender.token)
    for first in range(0, MISSED, 40):
        texts = [
            {"conversationId": conversations[n % len(conversations)], "clientMessageId": str(uuid4()),
             "text": "a message of forty characters or so"}
            for n in range(first, first + 40)
        ]  # fmt: skip
        for said in await asyncio.gather(*(socket.request(SEND, {"input": one}, timeout=30) for one in texts)):
            assert not said["sendMessage"]["errors"], said
    socket.cut()


async def cursor_of(url: str, person: Person) -> Away:
    socket: GraphQLSocket = await sign_in_socket(url, person.token)
    found = await socket.request("{ viewer { eventCursor } }", {})
    socket.cut()
    return Away(person, found["viewer"]["eventCursor"])


async def make_group(url: str, owner: Person, members: Sequence[Person]) -> str:
    socket: GraphQLSocket = await sign_in_socket(url, owner.token)
    wanted = {"title": "Missed", "memberIds": [m.id for m in members]}
    made = (await socket.request(CREATE_GROUP, {"input": wanted}))["createGroup"]
    assert not made["errors"], made
    socket.cut()
    return str(made["group"]["id"])


async def run(rounds: int, devices: int, beside: Path | None) -> None:
    with tempfile.TemporaryDirectory() as name, Cluster(Path(name), serves=1, env=QUIET) as cluster:
        serve = cluster.serves[0]
        people = await seed_people(cluster, devices + 2)
        sender, reader, members = people[0], people[1], people[2:]
        await make_contacts(cluster, [(p, sender) for p in people[1:]] + [(sender, p) for p in people[1:]])
        socket: GraphQLSocket = await sign_in_socket(serve.url, sender.token)
        made = await socket.request(load.START_DIRECT, {"input": {"userId": reader.id}})
        chat = made["startDirectConversation"]["conversation"]["id"]
        groups = [await make_group(serve.url, sender, [reader]) for _ in range(GROUPS)]
        crowd = await make_group(serve.url, sender, members)
        before = await cursor_of(serve.url, reader)
        await say(serve.url, sender, [chat])
        await asyncio.sleep(0.5)  # what follows is not of the sends
        await measure([serve], before, rounds, "in memory, one conversation")
        mixed = await cursor_of(serve.url, reader)
        await say(serve.url, sender, groups)
        for _ in range(3):  # no longer in memory is what is further back than 4,096 events
            await say(serve.url, sender, [crowd])
        crowded = [await cursor_of(serve.url, member) for member in members]
        await say(serve.url, sender, [crowd])
        await asyncio.sleep(0.5)
        serve.stop()
        serve.start()
        others: list[Serve] = [serve]
        if beside is not None:
            others.append(Elsewhere(beside, cluster.folder, cluster.environment()))
            others[1].start()
        bare = Bare(cluster.folder, 700, cluster.database_url)
        bare.start()
        base = Spent("bare statement and frames")
        for _ in range(rounds):
            await catch_up_bare(bare, [chat], base)
        base.tell()
        await measure(others, crowded[0], rounds, "restarted, the end of the log", base)
        await measure(others, mixed, rounds, f"further back, {GROUPS} conversations", base)
        await measure(others, mixed, rounds, "and of the viewer", base, OF_VIEWER)
        for other in others:
            began = Spent(f"{other.name}: the first screen")
            for _ in range(rounds):
                await start(other, mixed, began)
            began.tell()
            if crowded:
                await catch_up_together(other, crowded, document(USUAL))
        bare.stop()
        for other in others[1:]:
            other.stop()


async def measure(
    serves: Sequence[Serve], away: Away, rounds: int, name: str, base: Spent | None = None, fields: str = USUAL
) -> None:
    cold = [Spent(f"{serve.name}: {name}") for serve in serves]
    again = [Spent(f"{serve.name}: {name}, again") for serve in serves]
    for serve in serves:
        await catch_up(serve, away, document(fields), kinds(), Spent("selections are written out after 1,000 objects"))
    for _ in range(rounds):
        for n, serve in enumerate(serves):
            wanted = kinds()
            await catch_up(serve, away, document(fields), wanted, cold[n])
            await catch_up(serve, away, document(fields), wanted, again[n])
    for one, other in zip(cold, again, strict=True):
        one.tell(base)
        other.tell(base)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--devices", type=int, default=100)
    parser.add_argument("--beside", type=Path)
    args = parser.parse_args()
    asyncio.run(run(args.rounds, args.devices, args.beside))


if __name__ == "__main__":
    main()
