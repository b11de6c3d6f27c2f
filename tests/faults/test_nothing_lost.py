"""Nothing lost, nothing twice, one order: under kill -9, a killed Valkey, cut sockets and changing membership.

`FAULT_SECONDS` (default 25) is how long the trouble lasts, `FAULT_SEED` repeats a run's choices; -s shows the figures.
"""

from __future__ import annotations

import asyncio
import os
import random
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults import checker, load
from tests.faults.load import Caller, Reader, World
from tests.faults.people import Person, register
from tests.faults.processes import Cluster
from tests.faults.stored import read_database

SECONDS = float(os.environ.get("FAULT_SECONDS", "25"))
SEED = int(os.environ.get("FAULT_SEED", "0")) or random.randrange(1, 1 << 31)
LONG_TOKENS = {"PARLEY_ACCOUNTS__ACCESS_TOKEN_SECONDS": "86400"}


@dataclass
class Scene:
    """People, their conversations, their devices, and the loops that keep them busy."""

    world: World
    people: list[Person]
    callers: list[Caller]
    groups: list[tuple[str, int, list[int]]]  # (conversation, index of the owner, indexes of those who come and go)
    directs: list[tuple[str, int, int]]
    readers: list[Reader]

    def conversations_of(self, person: int) -> list[str]:
        """Where this person may send: groups of which they are no come-and-go member, and their direct chats."""
        groups = [g for g, _, churn in self.groups if person not in churn]
        return groups + [d for d, a, b in self.directs if person in (a, b)]


async def set_up(world: World, *, people: int, groups: int, readers_at: Sequence[str] | None = None) -> Scene:
    """Everybody is in every group; each group has three people who come and go; neighbours have direct chats."""
    persons = await register(world.urls[0], people)
    callers = [Caller(world, p) for p in persons]
    scene = Scene(world, persons, callers, [], [], [])
    for n in range(groups):
        members = [p.id for i, p in enumerate(persons) if i != n]
        group = await load.make_group(world, callers[n], members, f"Group {n}")
        churn = [(n + groups + 2 * k) % people for k in range(3)]
        scene.groups.append((group, n, [c for c in churn if c >= groups]))
    for n in range(0, people - 1, 2):
        direct = await load.make_direct(world, callers[n], callers[n + 1])
        scene.directs.append((direct, n, n + 1))
    for n, person in enumerate(persons):
        for device in range(2 if n % 4 == 0 else 1):  # every fourth has two sockets
            scene.readers.append(Reader(world, person, f"{n}/{device}", urls=readers_at))
    await asyncio.gather(*(r.start() for r in scene.readers))
    return scene


def busy(scene: Scene, *, rate: float, changes: float) -> list[asyncio.Task[None]]:
    """The loops of senders (`rate` messages a second in all) and of membership changes (a second and group)."""
    world = scene.world
    tasks = []
    for n, caller in enumerate(scene.callers):
        mine = [c for c in scene.conversations_of(n)]
        tasks.append(asyncio.create_task(load.keep_sending(world, caller, lambda m=mine: m, rate / len(scene.callers))))
    for group, owner, churn in scene.groups:
        who = [scene.callers[c] for c in churn]
        tasks.append(asyncio.create_task(load.change_members(world, scene.callers[owner], group, who, changes)))
        # Those who come and go send too: refused when they are out.
        for caller in who[:1]:
            tasks.append(asyncio.create_task(load.keep_sending(world, caller, lambda g=group: [g], 2)))
    return tasks


async def trouble(
    world: World, cluster: Cluster, readers: Sequence[Reader], seconds: float, *, database: bool = False
) -> None:
    """Kills, freezes and cuts at random for that long (the database too, if asked); all is up again afterwards."""
    end = time.monotonic() + seconds

    async def kill_serves() -> None:
        while time.monotonic() < end:
            await asyncio.sleep(world.random.uniform(1.5, 4))
            victim = world.random.choice(cluster.serves)
            if world.random.random() < 0.3:
                victim.freeze()
                world.figures.freezes += 1
                await asyncio.sleep(world.random.uniform(0.3, 3.5))
                victim.thaw()
                continue
            victim.kill()
            world.figures.kills += 1
            await asyncio.sleep(world.random.uniform(0, 0.5))
            await asyncio.to_thread(victim.start)

    async def kill_bus() -> None:
        while cluster.valkey is not None and time.monotonic() < end:
            await asyncio.sleep(world.random.uniform(4, 8))
            cluster.valkey.kill()
            world.figures.bus_kills += 1
            await asyncio.sleep(world.random.choice((0.1, 0.5, 2)))
            await asyncio.to_thread(cluster.valkey.start)

    async def cut_readers() -> None:
        while time.monotonic() < end:
            await asyncio.sleep(world.random.uniform(0.05, 0.5))
            world.random.choice(readers).cut()

    async def kill_database() -> None:
        while database and cluster.postgres is not None and time.monotonic() < end:
            await asyncio.sleep(world.random.uniform(3, 6))
            cluster.postgres.kill()
            world.figures.database_kills += 1
            await asyncio.sleep(world.random.choice((0.1, 1)))
            await asyncio.to_thread(cluster.postgres.start)

    serves = asyncio.sleep(0) if database else kill_serves()  # a serve does not start without its database
    await asyncio.gather(serves, kill_bus(), kill_database(), cut_readers())


async def everything_arrived(scene: Scene, database: checker.Database, seconds: float) -> None:
    """Returns when every reader has as many messages (notices aside) as its intervals hold, or after `seconds`: then
    the checker judges."""
    wanted = {}
    for reader in scene.readers:
        wanted[reader.name] = sum(
            any(low <= m.position and (high is None or m.position <= high) for low, high in intervals)
            for m in database.messages
            if m.client_id and (intervals := database.intervals.get((m.conversation, reader.person.id)))
        )
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        scene.world.moved.clear()
        got = {n: sum(bool(d.client_id) for d in ds) for n, ds in scene.world.history.readers.items()}
        if all(got[n] >= wanted[n] for n in wanted):
            return
        try:
            await asyncio.wait_for(scene.world.moved.wait(), max(0.01, deadline - time.monotonic()))
        except TimeoutError:
            return


async def finish(scene: Scene, cluster: Cluster, tasks: Sequence[asyncio.Task[None]], patience: float) -> list[str]:
    """Stops the senders, lets everything arrive, and checks the books."""
    scene.world.stopping.set()
    for outcome in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(outcome, BaseException):
            scene.world.breaks(f"a loop ended: {outcome!r}")
    # The last word in each conversation: what was sent twice or late would come with it.
    await asyncio.gather(*(load.send(scene.world, scene.callers[o], g) for g, o, _ in scene.groups))
    await asyncio.gather(*(load.send(scene.world, scene.callers[a], d) for d, a, _ in scene.directs))
    await everything_arrived(scene, await read_database(cluster), patience)
    violations = checker.check(scene.world.history, await read_database(cluster))
    for reader in scene.readers:
        await reader.stop()
    for caller in scene.callers:
        caller.close()
    return violations


def percentiles(values: Sequence[float]) -> str:
    """`p50 / p99` in milliseconds."""
    if len(values) < 2:
        return "- / -"
    cuts = statistics.quantiles(values, n=100, method="inclusive")
    return f"{cuts[49] * 1000:.0f} / {cuts[98] * 1000:.0f} ms"


def print_figures(title: str, seed: int, world: World, violations: Sequence[str]) -> None:
    """The run in one paragraph."""
    history, figures = world.history, world.figures
    outcomes = [s.outcome for s in history.sends.values()]
    deliveries = sum(d.kind == "MESSAGE" for ds in history.readers.values() for d in ds)
    print(
        f"\n{title}: seed {seed}\n"
        f"  sends: {outcomes.count('ok')} acknowledged, {outcomes.count('fail')} refused,"
        f" {outcomes.count('unknown')} unknown,"
        f" {sum(s.tries > 1 for s in history.sends.values())} answered by a retry, UNAVAILABLE {figures.unavailable}\n"
        f"  deliveries: {deliveries} to {len(history.readers)} readers;"
        f" latency p50 / p99 {percentiles(figures.latencies)}\n"
        f"  trouble: {figures.kills} kill -9, {figures.freezes} freezes, {figures.bus_kills} Valkey kills,"
        f" {figures.database_kills} PostgreSQL kills, {figures.cuts} cuts,"
        f" {len(history.changes)} membership changes; {len(figures.resumes)} resumes in p50 / p99"
        f" {percentiles(figures.resumes)}; sockets ended {figures.close_codes}\n"
        f"  violations: {dict(checker.kinds(violations)) or 'none'}"
    )
    for violation in violations[:10]:
        print("   ", violation[:400])


@pytest.mark.parametrize("embedded", [False, True], ids=["postgres-valkey", "embedded"])
@pytest.mark.timeout(SECONDS + 180)
async def test_nothing_is_lost(embedded: bool, tmp_path: Path) -> None:
    with Cluster(tmp_path, embedded=embedded, env=LONG_TOKENS) as cluster:
        world = World(cluster.urls, SEED)
        scene = await set_up(world, people=16, groups=3)
        tasks = busy(scene, rate=60, changes=0.5)
        await trouble(world, cluster, scene.readers, SECONDS)
        violations = await finish(scene, cluster, tasks, patience=30)
        print_figures(f"nothing lost ({'embedded' if embedded else 'PostgreSQL + Valkey'})", SEED, world, violations)
    assert not violations
    assert sum(s.outcome == "ok" for s in world.history.sends.values()) > SECONDS


@pytest.mark.timeout(SECONDS + 180)
async def test_nothing_is_lost_when_postgresql_crashes(tmp_path: Path) -> None:
    with Cluster(tmp_path, env=LONG_TOKENS) as cluster:
        world = World(cluster.urls, SEED)
        scene = await set_up(world, people=8, groups=2)
        tasks = busy(scene, rate=40, changes=0.5)
        await trouble(world, cluster, scene.readers, SECONDS / 2, database=True)
        violations = await finish(scene, cluster, tasks, patience=30)
        print_figures("nothing lost (PostgreSQL kill -9)", SEED, world, violations)
    assert not violations
    assert world.figures.database_kills > 0


QUICK = {**LONG_TOKENS, "PARLEY_HUB__POLL_SECONDS": "0.2", "PARLEY_HUB__UNWELL_POLL_SECONDS": "0.2"}
DEAF = {**LONG_TOKENS, "PARLEY_HUB__POLL_SECONDS": "86400", "PARLEY_HUB__UNWELL_POLL_SECONDS": "86400"}


async def between_two_servers(
    folder: Path, env: dict[str, str], *, valkey: bool, patience: float
) -> tuple[World, list[str]]:
    """Readers at one server, senders at the other: only bells or the safety poll can carry a message across."""
    with Cluster(folder, valkey=valkey, env=env) as cluster:
        world = World(cluster.urls[:1], SEED)
        scene = await set_up(world, people=4, groups=1, readers_at=cluster.urls[1:])
        for _ in range(20):
            sender = world.random.randrange(4)
            await load.send(world, scene.callers[sender], world.random.choice(scene.conversations_of(sender)))
        return world, await finish(scene, cluster, [], patience)


async def test_bells_alone_carry_everything(tmp_path: Path) -> None:
    world, violations = await between_two_servers(tmp_path, DEAF, valkey=True, patience=15)
    print_figures("bells without a poll", SEED, world, violations)
    assert not violations


async def test_the_poll_alone_carries_everything(tmp_path: Path) -> None:
    world, violations = await between_two_servers(tmp_path, QUICK, valkey=False, patience=15)
    print_figures("a poll without bells", SEED, world, violations)
    assert not violations


async def test_control_without_bells_and_poll_the_checker_fails(tmp_path: Path) -> None:
    """The negative control: two servers that never hear of each other must be caught."""
    world, violations = await between_two_servers(tmp_path, DEAF, valkey=False, patience=3)
    print_figures("control: neither bells nor poll", SEED, world, violations)
    assert checker.kinds(violations)["missing"] > 0
    assert set(checker.kinds(violations)) == {"missing", "missing by the clock"}
