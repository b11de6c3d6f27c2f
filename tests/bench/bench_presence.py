"""2,000 connected people with 50 contacts each watch each other while sockets come and go: deliveries, CPU, latency.

    python -m tests.bench.bench_presence [--people 2000] [--contacts 50] [--rate 50] [--watch] [--embedded]

The crowd runs in a process of its own. `rate` people a second are cut, and come back on another socket when they count
as offline (1 second here), so twice as many changes a second are told to all their contacts. Meanwhile ten chats of
others send 40 messages a second: their latency, from send to delivery, without and with the storm. All of it once with
presence switched off, as connecting and the crowd itself take CPU too, and once with it on. `--watch` also counts what
held the loop for more than 5 ms, and says where (which costs some CPU itself).
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import orjson

from app.core.clock import new_id, now
from app.core.graphql.ids import decode_id
from tests.bench.rig import QUIET, Counting, _insert, in_turns, seed_people
from tests.faults import load
from tests.faults.people import Person
from tests.faults.processes import Cluster, Serve, raise_file_limit
from tests.faults.wire import GraphQLSocket, open_socket, sign_in_socket

WATCH = "subscription { presenceChanged { user { id displayName } presence { state lastSeenAt } } }"
OFFLINE_SECONDS = 1.0
CONTACT = ("contact", ("id", "owner_id", "user_id", "is_favorite", "added_at", "created_at", "updated_at"))
MESSAGES_A_SECOND, CHATS = 40, 10


# ── the crowd, in its own process ─────────────────────────────────────────────────────────────────


class Crowd:
    """Everybody's socket. Frames are counted and not read."""

    def __init__(self, url: str, tokens: list[str]) -> None:
        self.url = url
        self.tokens = tokens
        self.sockets: list[Counting | None] = [None] * len(tokens)
        self.frames = self.cuts = self.connects = 0

    async def connect(self, n: int) -> None:
        socket: Counting = await open_socket(self.url, kind=Counting, timeout=60)
        socket.send({"type": "connection_init", "payload": {"authorization": f"Bearer {self.tokens[n]}"}})
        await asyncio.wait_for(socket.acked, 60)
        socket.subscribe(WATCH, {}, lambda _kind, _payload: None)
        socket.counting = True
        self.sockets[n] = socket
        self.connects += 1

    async def cut_and_come_back(self, n: int) -> None:
        socket, self.sockets[n] = self.sockets[n], None
        if socket is None:
            return
        socket.cut()
        self.frames += socket.frames
        self.cuts += 1
        await asyncio.sleep(OFFLINE_SECONDS + random.uniform(0.2, 0.6))
        await self.connect(n)

    async def storm(self, rate: float, seconds: float) -> None:
        began, tasks = time.monotonic(), []
        order = random.sample(range(len(self.tokens)), len(self.tokens))
        for count in range(int(rate * seconds)):
            await asyncio.sleep(max(0.0, began + count / rate - time.monotonic()))
            tasks.append(asyncio.create_task(self.cut_and_come_back(order[count % len(order)])))
        await asyncio.gather(*tasks)

    def counted(self) -> dict[str, int]:
        live = sum(s.frames for s in self.sockets if s is not None)
        return {"frames": self.frames + live, "cuts": self.cuts, "connects": self.connects}


async def be_the_crowd() -> None:
    """Does what the lines on stdin say, and answers each with a line of counts."""
    raise_file_limit()
    loop = asyncio.get_running_loop()

    async def line() -> Any:
        return orjson.loads(await loop.run_in_executor(None, sys.stdin.readline) or "null")

    said = await line()
    crowd = Crowd(said["url"], said["tokens"])
    await in_turns(crowd.connect, range(len(crowd.tokens)), 50)
    while True:
        print(orjson.dumps(crowd.counted()).decode(), flush=True)
        said = await line()
        if said is None:
            return
        if said.get("rate"):
            await crowd.storm(said["rate"], said["seconds"])


class CrowdProcess:
    """The crowd as its parent sees it."""

    async def start(self, url: str, tokens: list[str]) -> dict[str, int]:
        command = (sys.executable, "-m", "tests.bench.bench_presence", "--crowd")
        self._process = await asyncio.create_subprocess_exec(
            *command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, env=dict(os.environ)
        )
        return await self.tell(url=url, tokens=tokens)

    async def tell(self, **what: Any) -> dict[str, int]:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(orjson.dumps(what) + b"\n")
        return orjson.loads(await self._process.stdout.readline())  # type: ignore[no-any-return]

    async def settled(self) -> dict[str, int]:
        """The counts once nothing arrives any more."""
        before: dict[str, int] = {}
        while (after := await self.tell(rate=0)) != before:
            before = after
            await asyncio.sleep(1.5)
        return after

    async def stop(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        await self._process.wait()


# ── the parent ────────────────────────────────────────────────────────────────────────────────────


async def seed_contacts(cluster: Cluster, people: list[Person], each: int) -> None:
    """Everybody and the `each / 2` people before and after them have each other."""
    ids = [decode_id("usr", p.id) for p in people]
    at = now()
    rows = []
    for n, owner in enumerate(ids):
        for step in range(1, each // 2 + 1):
            for other in (ids[(n + step) % len(ids)], ids[n - step]):
                assert isinstance(owner, UUID)
                rows.append((new_id(), owner, other, False, at, at, at))
    await _insert(cluster, *CONTACT, rows)


class Chats:
    """Pairs of people of whom one sends and the other hears it over `events`."""

    def __init__(self) -> None:
        self.pairs: list[tuple[GraphQLSocket, str]] = []
        self.sent: dict[str, float] = {}
        self.latencies: list[float] = []

    async def start(self, url: str, people: list[Person]) -> None:
        for one, other in zip(people[::2], people[1::2], strict=True):
            sender, hearer = await sign_in_socket(url, one.token), await sign_in_socket(url, other.token)
            made = await sender.request(load.START_DIRECT, {"input": {"userId": other.id}})
            hearer.subscribe(load.EVENTS, {}, self._hear)
            self.pairs.append((sender, made["startDirectConversation"]["conversation"]["id"]))

    def _hear(self, kind: str, payload: Any) -> None:
        event = payload["data"]["events"] if kind == "next" else {}
        if event.get("__typename") == "MessageReceived":
            began = self.sent.pop(event["message"]["clientMessageId"], None)
            if began is not None:
                self.latencies.append(time.perf_counter() - began)

    async def talk(self, done: asyncio.Event) -> list[float]:
        """Sends until `done`; returns the latencies in milliseconds, sorted."""
        self.latencies.clear()
        tasks = []
        while not done.is_set():
            socket, chat = random.choice(self.pairs)
            client_id = str(uuid4())
            wanted = {
                "conversationId": chat,
                "clientMessageId": client_id,
                "text": "a message of forty characters or so",
            }
            self.sent[client_id] = time.perf_counter()
            tasks.append(asyncio.create_task(socket.request(load.SEND, {"input": wanted}, timeout=30)))
            await asyncio.sleep(1 / MESSAGES_A_SECOND)
        await asyncio.gather(*tasks)
        await asyncio.sleep(0.5)
        return sorted(1000 * s for s in self.latencies)


async def measured(serve: Serve, chats: Chats, crowd: CrowdProcess, before: dict[str, int], **what: Any) -> Any:
    """Latencies while the crowd does it, the CPU it took as a share of a core, and what the crowd counted."""
    done = asyncio.Event()
    talking = asyncio.create_task(chats.talk(done))
    cpu, began = serve.cpu_seconds(), time.monotonic()
    if "rate" in what:
        after = await crowd.tell(**what)
    else:
        await asyncio.sleep(what["seconds"])
        after = before
    share = (serve.cpu_seconds() - cpu) / (time.monotonic() - began)
    done.set()
    await asyncio.wait_for(talking, 60)
    if "rate" in what:
        after = await crowd.settled()
    return chats.latencies.copy(), share, {k: after[k] - before[k] for k in after}, after


@dataclass(slots=True, frozen=True)
class Figures:
    """Of one run: latencies of messages in the storm, in seconds, and CPU of one who connects."""

    p50: float
    p99: float
    connect: float


def cuts_of(latencies: list[float]) -> tuple[float, float]:
    """p50 and p99."""
    cuts = statistics.quantiles(latencies, n=100)
    return cuts[49], cuts[98]


def words(latencies: list[float]) -> str:
    p50, p99 = cuts_of(latencies)
    return f"p50 {p50 * 1000:.1f} ms, p99 {p99 * 1000:.1f} ms ({len(latencies)} messages)"


def tell_slices(path: Path, phase: str, since: float) -> None:
    """Prints what held the loop for long since then."""
    lines = [orjson.loads(line) for line in path.read_bytes().splitlines()] if path.exists() else []
    lines = [line for line in lines if line["at"] >= since]
    times = sorted(line["ms"] for line in lines)
    print(f"  slices above 5 ms, {phase}: {len(times)}, longest {times[-3:]}")
    where = Counter(place for line in lines for place in line["where"])
    for place, count in where.most_common(8):
        print(f"    {count:4} {place}")


async def run(chosen: argparse.Namespace) -> None:
    raise_file_limit()
    off, on = [await run_once(chosen, is_on=is_on) for is_on in (False, True)]
    print(
        f"with presence / without: durable latency in the storm p50 {on.p50 / off.p50:.2f}, p99 {on.p99 / off.p99:.2f};"
        f" CPU of one who connects {on.connect * 1e3:.2f} / {off.connect * 1e3:.2f} ms"
    )


async def run_once(chosen: argparse.Namespace, *, is_on: bool) -> Figures:
    """Prints its figures and returns those to be compared."""
    env = {
        **QUIET,
        "PARLEY_PRESENCE__OFFLINE_SECONDS": str(OFFLINE_SECONDS),
        "PARLEY_PRESENCE__ENABLED": str(is_on).lower(),
    }
    module = "tests.bench.watched" if chosen.watch else "app"
    with tempfile.TemporaryDirectory() as name:
        slices = Path(name) / "slices.jsonl"
        env["SLICES_FILE"] = str(slices)
        with Cluster(Path(name), serves=1, embedded=chosen.embedded, env=env, module=module) as cluster:
            return await measure(cluster, chosen, slices, is_on=is_on)


async def measure(cluster: Cluster, chosen: argparse.Namespace, slices: Path, *, is_on: bool) -> Figures:
    """One server, quiet and in the storm."""
    people, contacts = chosen.people, chosen.contacts
    serve = cluster.serves[0]
    everybody, talkers = await seed_people(cluster, people), await seed_people(cluster, 2 * CHATS)
    await seed_contacts(cluster, everybody, contacts)
    chats, crowd = Chats(), CrowdProcess()
    await chats.start(serve.url, talkers)
    cpu, began, since = serve.cpu_seconds(), time.monotonic(), time.time()
    await crowd.start(serve.url, [p.token for p in everybody])
    took = time.monotonic() - began
    before = await crowd.settled()
    connect = (serve.cpu_seconds() - cpu) / people
    print(
        f"presence {'on' if is_on else 'off'}: {people} people with {contacts} contacts connect:"
        f" {people / took:.0f} sockets/s, {connect * 1e3:.2f} ms CPU each, {before['frames']} deliveries"
    )
    if chosen.watch:
        tell_slices(slices, "connecting", since)
    quiet, share, _, before = await measured(serve, chats, crowd, before, seconds=chosen.seconds)
    print(f"  quiet: {words(quiet)}, CPU {share:.0%} of a core")
    since = time.time()
    loud, share, counted, _ = await measured(serve, chats, crowd, before, rate=chosen.rate, seconds=chosen.seconds)
    first = counted["connects"] * contacts if is_on else 0
    changes = counted["cuts"] + counted["connects"]
    print(
        f"  storm: {counted['cuts']} cut, {counted['connects']} came back: {counted['frames']} deliveries, of which"
        f" {first} first states; {(counted['frames'] - first) / max(1, changes):.1f} for each change"
    )
    (p50, p99), (quiet_p50, quiet_p99) = cuts_of(loud), cuts_of(quiet)
    print(
        f"  storm: {words(loud)}, CPU {share:.0%} of a core; p50 {p50 / quiet_p50:.2f} and p99 {p99 / quiet_p99:.2f}"
        " times that without"
    )
    if chosen.watch:
        tell_slices(slices, "storm", since)
    await crowd.stop()
    return Figures(p50, p99, connect)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--contacts", type=int, default=50)
    parser.add_argument("--rate", type=float, default=50)
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--embedded", action="store_true")
    parser.add_argument("--watch", action="store_true")
    parser.add_argument("--crowd", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.crowd:
        asyncio.run(be_the_crowd())
    else:
        asyncio.run(run(chosen))


if __name__ == "__main__":
    main()
