"""Slow readers cost bounded memory and do not slow the others: 20 of them in a group of 200 under traffic."""

from __future__ import annotations

import asyncio
import statistics
import time
from pathlib import Path

import pytest

from tests.faults import checker, load
from tests.faults.load import Caller, Reader, World
from tests.faults.people import register
from tests.faults.processes import Cluster, Serve, raise_file_limit
from tests.faults.stored import read_database
from tests.faults.test_nothing_lost import LONG_TOKENS, percentiles
from tests.faults.wire import GraphQLSocket, sign_in_socket

MEMBERS, SLOW, WATCHED = 200, 20, 20
SIZE, MESSAGES, RATE = 5000, 800, 80  # 4 MB for each reader: an unbounded server would keep 80 MB for the slow ones


class Counter(GraphQLSocket):
    """Takes frames without looking at them: most of the audience."""

    frames = 0

    def on_text(self, payload: bytes) -> None:
        if self.acked.done() and b'"ping"' not in payload[:40]:
            self.frames += 1
        else:
            super().on_text(payload)


async def flood(world: World, sender: Caller, group: str, count: int) -> None:
    """Sends `count` long messages, RATE a second: what this process can read in time."""
    began, sends = time.monotonic(), []
    for n in range(count):
        await asyncio.sleep(max(0.0, began + n / RATE - time.monotonic()))
        sends.append(asyncio.create_task(load.send(world, sender, group, size=SIZE)))
    await asyncio.gather(*sends)


async def gasp(reader: Reader, done: asyncio.Event) -> None:
    """Reads for a moment each second."""
    while not done.is_set():
        if reader.socket is not None:
            reader.socket.stop_reading()
        await asyncio.sleep(1)
        if reader.socket is not None:
            reader.socket.read_again()
        await asyncio.sleep(0.02)


@pytest.mark.timeout(240)
async def test_slow_readers_cost_bounded_memory_and_slow_nobody(tmp_path: Path) -> None:
    raise_file_limit()
    env = {**LONG_TOKENS, "PARLEY_HUB__STALL_SECONDS": "1.5"}
    with Cluster(tmp_path, serves=1, env=env) as cluster:
        serve = cluster.serves[0]
        world = World(cluster.urls, seed=1)
        people = await register(serve.url, MEMBERS)
        sender = Caller(world, people[0])
        group = await load.make_group(world, sender, [p.id for p in people[1:]], "Slow readers")
        slow = [Reader(world, p, f"slow {n}", receive_buffer=4096) for n, p in enumerate(people[:SLOW])]
        watched = [Reader(world, p, f"fast {n}") for n, p in enumerate(people[SLOW : SLOW + WATCHED])]
        await asyncio.gather(*(r.start() for r in (*slow, *watched)))
        audience = []
        for person in people[SLOW + WATCHED :]:
            counter = await sign_in_socket(serve.url, person.token, kind=Counter)
            counter.subscribe(load.EVENTS, {}, lambda _kind, _payload: None)
            audience.append(counter)

        await flood(world, sender, group, MESSAGES // 4)
        await all_caught_up(cluster, world, [*slow, *watched])
        before, before_rss = latencies(world, watched, 0), serve.rss()

        done = asyncio.Event()
        gaspers = [asyncio.create_task(gasp(r, done)) for r in slow[: SLOW // 2]]
        for reader in slow[SLOW // 2 :]:
            assert reader.socket is not None
            reader.socket.stop_reading()
        peak = asyncio.create_task(highest_rss(serve, done))
        await flood(world, sender, group, MESSAGES)
        await all_caught_up(cluster, world, watched)
        after = latencies(world, watched, MESSAGES // 4)
        done.set()
        growth = await peak - before_rss
        await asyncio.gather(*gaspers)
        for reader in slow:
            if reader.socket is not None:
                reader.socket.read_again()
        await all_caught_up(cluster, world, [*slow, *watched])
        ratio = statistics.median(after) / statistics.median(before)
        violations = checker.check(world.history, await read_database(cluster))
        print(
            f"\nslow readers: {MEMBERS} members, {SLOW} slow, {MESSAGES} messages of {SIZE} characters\n"
            f"  latency of the others p50 / p99: {percentiles(before)} without, {percentiles(after)} with, at"
            f" {RATE} messages/s; ratio of medians {ratio:.2f}\n"
            f"  server grew by {growth / 1e6:.1f} MB; sockets ended {world.figures.close_codes};"
            f" {len(world.figures.resumes)} resumes; frames counted {sum(c.frames for c in audience)}\n"
            f"  violations: {dict(checker.kinds(violations)) or 'none'}"
        )
        for reader in (*slow, *watched):
            await reader.stop()
        for counter in audience:
            counter.cut()
        sender.close()
    assert not violations
    assert growth < 60e6
    assert statistics.median(after) < 10 * statistics.median(before) + 0.2
    # Without these nobody was slow: the kernel alone holds some 2.8 MB for each socket (10 s of traffic are 4 MB).
    assert set(world.figures.close_codes) == {4508}
    assert world.figures.close_codes[4508] >= SLOW // 2
    assert len(world.figures.resumes) >= SLOW // 2


def latencies(world: World, readers: list[Reader], start: int) -> list[float]:
    """Seconds from each send to its arrival, at these readers, from their start-th message on."""
    sends, books = world.history.sends, world.history.readers
    messages = (d for r in readers for d in [d for d in books[r.name] if d.kind == "MESSAGE"][start:])
    return [d.at - sends[d.client_id].started for d in messages]


async def highest_rss(serve: Serve, done: asyncio.Event) -> int:
    """The most memory the server was seen with until `done`."""
    most = 0
    while not done.is_set():
        most = max(most, serve.rss())
        await asyncio.sleep(0.1)
    return most


async def all_caught_up(cluster: Cluster, world: World, readers: list[Reader]) -> None:
    """Returns when these readers hold every message that was sent. All are members from the start to the end."""
    head = sum(bool(m.client_id) for m in (await read_database(cluster)).messages)
    async with asyncio.timeout(60):
        while any(sum(bool(d.client_id) for d in world.history.readers[r.name]) < head for r in readers):
            world.moved.clear()
            await world.moved.wait()
