"""Fan-out to 1,000 subscribers of one selection: server CPU per delivery against a bare uvicorn socket.

`python -m tests.bench.bench_fanout [--members 1000] [--messages 60] [--rounds 3] [--rate 0] [--embedded]`. Rounds
alternate between the two servers. All of its work counts: reading the mutation, storing, routing, writing. With a rate
(`--members 100 --rate 150`) it measures how long deliveries take from the send, at so many messages a second, beside a
bare server that writes a row, commits, and forwards a text as long.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from tests.bench.arrivals import Arrivals
from tests.bench.rig import QUIET, Audience, Bare, Counting, bare_sender, listen, listen_bare, seed_people
from tests.faults import load
from tests.faults.processes import Cluster, Process, raise_file_limit
from tests.faults.wire import GraphQLSocket, WebSocket, sign_in_socket

SEND_MANY = """mutation($input: SendMessagesInput!) { sendMessages(input: $input) {
  errors { code } results { errors { code } message { seq } } } }"""
TEXT = "What is sent in a chat is short, mostly. This one has eighty characters, or so."


@dataclass(slots=True, frozen=True)
class Measured:
    """One round: CPU microseconds and wall microseconds for each delivery."""

    cpu: float
    wall: float


async def measure(process: Process, deliveries: int, work: Callable[[], Awaitable[None]]) -> Measured:
    """Runs `work` until all deliveries are read, and divides."""
    cpu, wall = process.cpu_seconds(), time.monotonic()
    await work()
    took = time.monotonic() - wall
    await asyncio.sleep(0.05)  # what the server does after the last delivery is its cost too
    return Measured((process.cpu_seconds() - cpu) / deliveries * 1e6, took / deliveries * 1e6)


async def send_one(socket: GraphQLSocket, group: str) -> None:
    wanted = {"conversationId": group, "clientMessageId": str(uuid4()), "text": TEXT}
    payload = (await socket.request(load.SEND, {"input": wanted}))["sendMessage"]
    assert not payload["errors"], payload


async def send_many(socket: GraphQLSocket, group: str, count: int) -> None:
    items = [{"conversationId": group, "clientMessageId": str(uuid4()), "text": TEXT} for _ in range(count)]
    payload = (await socket.request(SEND_MANY, {"input": {"items": items}}, timeout=60))["sendMessages"]
    assert not payload["errors"], payload


async def one_by_one(say: Callable[[], Awaitable[None]], messages: int, members: int) -> None:
    """The next message goes out when everybody has the one before."""
    for _ in range(messages):
        Audience.expect(members)
        await say()
        await Audience.complete()


async def all_at_once(say: Callable[[], Awaitable[None]], messages: int, members: int) -> None:
    """A busy group: `say` says all the messages."""
    Audience.expect(messages * members)
    await say()
    await Audience.complete(120)


async def measure_waits(
    sender: GraphQLSocket,
    talker: WebSocket,
    group: str,
    audiences: Sequence[Sequence[Counting]],
    rate: int,
    rounds: int,
) -> None:
    """Sends to both audiences at a rate, and prints how long that took to each of them."""

    def say() -> None:
        wanted = {"conversationId": group, "clientMessageId": str(uuid4()), "text": TEXT}
        sender.subscribe(load.SEND, {"input": wanted}, lambda kind, payload: None)

    def talk() -> None:
        talker.send_frame(1, TEXT.encode())

    mine, theirs = map(Arrivals, audiences)
    try:
        await asyncio.gather(mine.ready(), theirs.ready())
        await report_waits(Waits(say, mine), Waits(talk, theirs), len(audiences[0]), rate, rounds)
    finally:
        mine.stop(), theirs.stop()


class Waits:
    """How long messages at a rate take to each listener, by the kernel's clock. `say` sends one and does not wait."""

    def __init__(self, say: Callable[[], object], arrivals: Arrivals) -> None:
        self._say = say
        self._arrivals = arrivals
        self.p50: list[float] = []
        self.waits: list[float] = []

    async def measure(self, rate: int, seconds: float) -> None:
        """One round: sends so often, whatever comes back."""
        sent = []
        start = time.perf_counter()
        for n in range(int(rate * seconds)):
            await asyncio.sleep(max(0.0, start + n / rate - time.perf_counter()))
            sent.append(time.time())
            self._say()
        times = await self._arrivals.take(len(sent))
        waits = [at - begun for one in times for at, begun in zip(one, sent, strict=True)]
        self.p50.append(statistics.median(waits) * 1e3)
        self.waits += waits

    def line(self) -> str:
        cuts = statistics.quantiles(self.waits, n=100)
        return f"p50 {statistics.median(self.p50):.2f} ms, p99 {cuts[98] * 1e3:.2f} ms"


async def report_waits(mine: Waits, base: Waits, members: int, rate: int, rounds: int) -> None:
    """Rounds in turns; the first one warms up."""
    for number in range(rounds + 1):
        for waits in (mine, base):
            await waits.measure(rate, 1 if number else 0.5)
        if not number:
            for waits in (mine, base):
                waits.p50.clear(), waits.waits.clear()
    ratio = statistics.median(m / b for m, b in zip(mine.p50, base.p50, strict=True))
    print(f"{members} members, {rate} messages/s: deliveries {mine.line()};"
          f" one bare commit and bare uvicorn: {base.line()}: ratio {ratio:.2f}")  # fmt: skip


async def run(members: int, messages: int, rounds: int, *, rate: int, embedded: bool) -> None:
    raise_file_limit()
    with tempfile.TemporaryDirectory() as name, Cluster(Path(name), serves=1, embedded=embedded, env=QUIET) as cluster:
        serve = cluster.serves[0]
        people = await seed_people(cluster, members)
        sender = await sign_in_socket(serve.url, people[0].token)
        wanted = {"title": "Fan-out", "memberIds": [p.id for p in people[1:]]}
        group = (await sender.request(load.CREATE_GROUP, {"input": wanted}, timeout=60))["createGroup"]["group"]["id"]
        lonely = await seed_people(cluster, 2)
        lone = await sign_in_socket(serve.url, lonely[0].token)
        wanted = {"title": "Nobody listens", "memberIds": [lonely[1].id]}
        quiet = (await lone.request(load.CREATE_GROUP, {"input": wanted}))["createGroup"]["group"]["id"]
        sockets = await listen(serve.url, [p.token for p in people])
        size = await frame_size(sender, sockets[0], group)
        bare = Bare(Path(name), size, "" if embedded else cluster.database_url)
        bare.start()
        try:
            theirs = await listen_bare(bare.url, members)
            if rate:
                talker = await bare_sender(bare.url, "/store")
                await measure_waits(sender, talker, group, (sockets, theirs), rate, rounds)
                return
            sockets += theirs
            talker = await bare_sender(bare.url)
            await report(Rig(serve, bare, sender, talker, group, members, lone, quiet), messages, rounds, size)
        finally:
            for socket in (*sockets, sender, talker, lone):
                socket.cut()
            bare.stop()


@dataclass(slots=True)
class Rig:
    """Both servers with their audiences."""

    serve: Process
    bare: Process
    sender: GraphQLSocket
    talker: WebSocket
    group: str
    members: int
    lone: GraphQLSocket
    quiet: str


async def frame_size(sender: GraphQLSocket, listener: GraphQLSocket, group: str) -> int:
    """Bytes of the frame that carries one message, so that the baseline's text is as long."""
    seen: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    listener.counting = False  # type: ignore[attr-defined]
    original = listener.on_text

    def look(payload: bytes) -> None:
        if not seen.done() and b"message" in payload:
            seen.set_result(len(payload))

    listener.on_text = look  # type: ignore[method-assign]
    await send_one(sender, group)
    size = await asyncio.wait_for(seen, 10)
    listener.on_text = original  # type: ignore[method-assign]
    listener.counting = True  # type: ignore[attr-defined]
    return size


async def report(rig: Rig, messages: int, rounds: int, size: int) -> None:
    """Alternates the rounds and prints medians and ratios."""
    busy_messages = messages * 5

    async def talk(count: int) -> None:
        rig.talker.send_frame(1, str(count).encode())

    async def chat(count: int) -> None:
        await asyncio.gather(*(send_many(rig.sender, rig.group, min(100, count - n)) for n in range(0, count, 100)))

    async def unheard() -> None:
        for _ in range(messages):
            await send_one(rig.lone, rig.quiet)

    ours, theirs, ours_busy, theirs_busy, sends = [], [], [], [], []
    for number in range(rounds + 1):  # the first one warms up
        deliveries = messages * rig.members
        single = await measure(
            rig.serve, deliveries, lambda: one_by_one(lambda: send_one(rig.sender, rig.group), messages, rig.members)
        )
        bare = await measure(rig.bare, deliveries, lambda: one_by_one(lambda: talk(1), messages, rig.members))
        deliveries = busy_messages * rig.members
        busy = await measure(
            rig.serve, deliveries, lambda: all_at_once(lambda: chat(busy_messages), busy_messages, rig.members)
        )
        bare_busy = await measure(
            rig.bare, deliveries, lambda: all_at_once(lambda: talk(busy_messages), busy_messages, rig.members)
        )
        alone = await measure(rig.serve, messages, unheard)
        if number:
            sends.append(alone)
            ours.append(single), theirs.append(bare), ours_busy.append(busy), theirs_busy.append(bare_busy)
    print(f"fan-out to {rig.members}, frames of {size} bytes, {rounds} rounds; server CPU (wall) us per delivery")
    for title, mine, base in (("single messages", ours, theirs), ("busy", ours_busy, theirs_busy)):
        cpu, base_cpu = statistics.median(m.cpu for m in mine), statistics.median(m.cpu for m in base)
        wall, base_wall = statistics.median(m.wall for m in mine), statistics.median(m.wall for m in base)
        ratio = statistics.median(m.cpu / b.cpu for m, b in zip(mine, base, strict=True))
        print(f"  {title}: {cpu:.2f} ({wall:.2f}), bare uvicorn {base_cpu:.2f} ({base_wall:.2f}): ratio {ratio:.2f}")
    alone = statistics.median(m.cpu for m in sends)
    marginal = statistics.median(
        (m.cpu - s.cpu / rig.members) / b.cpu for m, b, s in zip(ours, theirs, sends, strict=True)
    )
    print(
        f"  the send itself, with nobody listening, is {alone:.0f} us of a single message;"
        f" deliveries without it: ratio {marginal:.2f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=1000)
    parser.add_argument("--messages", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rate", type=int, default=0)
    parser.add_argument("--embedded", action="store_true")
    chosen = parser.parse_args()
    asyncio.run(run(chosen.members, chosen.messages, chosen.rounds, rate=chosen.rate, embedded=chosen.embedded))


if __name__ == "__main__":
    main()
