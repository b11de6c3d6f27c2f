"""The send path on PostgreSQL with fsync: batches, CPU of a send, idle latency; beside it a transaction a message.

    python -m tests.bench.bench_send [seconds]

Everything runs through the services (no GraphQL): 500 busy direct chats, each with one sender who sends the next
message when the last was answered. It fails when a commit holds fewer than 8 messages.
"""

from __future__ import annotations

import asyncio
import cProfile
import pstats
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from app.core import db, log
from app.core.migrate import migrate
from app.core.runtime import Runtime, enter
from app.messages.lanes import Lane, SendLanes
from app.messages.records import Draft
from app.messages.sending import Outcome, send_batch
from app.serve import calm_collector
from app.settings import Settings
from tests.messages.people import draft, make_direct, make_viewer
from tests.servers import postgres

CHATS = 500
Send = Callable[[Draft], Awaitable[object]]


class Deaf:
    """Stands where the follower is: commits are not delivered here."""

    def committed(self, events: Sequence[log.Event]) -> None:
        pass


@dataclass
class Counted:
    """The real send_batch, counting its commits."""

    sizes: list[int] = field(default_factory=list)

    async def __call__(self, drafts: Sequence[Draft]) -> list[Outcome]:
        self.sizes.append(len(drafts))
        return await send_batch(drafts)


@dataclass
class Figures:
    """One run: what it sent, how long it took, how long each send took, and the process's CPU."""

    sent: int
    seconds: float
    cpu: float
    waits: list[float]

    def line(self, name: str) -> str:
        p50, p99 = (statistics.quantiles(self.waits, n=100)[n] * 1000 for n in (49, 98))
        return (
            f"{name:32} {self.sent / self.seconds:8.0f} msg/s   {self.cpu / self.sent * 1e6:7.0f} us CPU/msg"
            f"   p50 {p50:6.1f} ms   p99 {p99:6.1f} ms"
        )


async def drive(send: Send, chats: Sequence[Callable[[], Draft]], seconds: float) -> Figures:
    """Every chat sends again when it was answered, until the time is over."""
    waits: list[float] = []
    end = time.perf_counter() + seconds

    async def talk(make: Callable[[], Draft]) -> None:
        while (start := time.perf_counter()) < end:
            await send(make())
            waits.append(time.perf_counter() - start)

    cpu, start = time.process_time(), time.perf_counter()
    await asyncio.gather(*(talk(make) for make in chats))
    return Figures(len(waits), time.perf_counter() - start, time.process_time() - cpu, waits)


async def one_at_a_time(mine: Draft) -> object:
    """The baseline: a transaction for each message."""
    (outcome,) = await send_batch([mine])
    return outcome


async def measure(seconds: float) -> None:
    people = [await make_viewer() for _ in range(CHATS + 1)]
    pairs = [(people[n], await make_direct(people[n], people[n + 1])) for n in range(CHATS)]
    chats = [
        lambda who=who, chat=chat: draft(chat, who, "a message of some forty characters or so") for who, chat in pairs
    ]
    counted = Counted()
    lanes = [Lane(500, counted) for _ in range(4)]
    tasks = [asyncio.create_task(lane.run()) for lane in lanes]
    sends = SendLanes(lanes)

    await drive(sends.send, chats, 0.5)
    calm_collector()  # as in a server: the collector was a third of the CPU of a send here
    idle = await drive(sends.send, chats[:1], 1)
    alone = await drive(one_at_a_time, chats[:1], 1)
    counted.sizes.clear()
    busy = await drive(sends.send, chats, seconds)
    per_commit = sum(counted.sizes) / len(counted.sizes)
    gate = asyncio.Semaphore(16)  # as many as the pool bears

    async def limited(mine: Draft) -> object:
        async with gate:
            return await one_at_a_time(mine)

    single = await drive(limited, chats, seconds)

    print(idle.line("idle, through the lanes"))
    print(alone.line("idle, one transaction a message"))
    print(busy.line("500 chats, through the lanes"))
    print(single.line("500 chats, one transaction each"))
    print(f"messages per commit {per_commit:.1f} (largest {max(counted.sizes)}, {len(counted.sizes)} commits)")
    rate = (busy.sent / busy.seconds) / (single.sent / single.seconds)
    cpu = busy.cpu / busy.sent / (single.cpu / single.sent)
    print(f"against one transaction a message: {rate:.1f} times the rate, {cpu:.2f} of the CPU")

    profile = cProfile.Profile()
    profile.enable()
    await drive(sends.send, chats, min(seconds, 2))
    profile.disable()
    pstats.Stats(profile).sort_stats("tottime").print_stats(22)
    for task in tasks:
        task.cancel()
    assert per_commit >= 8, "at saturation a commit must hold 8 messages"


async def main(seconds: float) -> None:
    with postgres(durable=True) as server:
        url = server.create_database()
        await migrate(url)
        await db.open_database(url)
        runtime = Runtime(Settings(_env_file=None))
        runtime.follower = Deaf()  # type: ignore[assignment]
        enter(runtime)
        await measure(seconds)
        await db.close_database()


if __name__ == "__main__":
    import uvloop

    uvloop.run(main(float(sys.argv[1]) if len(sys.argv) > 1 else 3))
