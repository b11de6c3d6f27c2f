"""Mutations ended early by the client leave no connection and no lock behind, on both engines."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
import pytest

from tests.faults import checker, load
from tests.faults.load import Caller, Reader, World
from tests.faults.people import Person, register
from tests.faults.processes import Cluster
from tests.faults.stored import query, read_database
from tests.faults.test_nothing_lost import LONG_TOKENS
from tests.faults.wire import GraphQLSocket, Http, sign_in_socket

REQUESTS, PEOPLE = 1000, 8
MARK = "mutation($input: MarkReadInput!) { markRead(input: $input) { errors { code } } }"


class Quitter:
    """Makes mutations and leaves before the answer: by `complete`, by a cut socket, by an HTTP hang-up."""

    def __init__(self, world: World, url: str, people: list[Person], group: str) -> None:
        self._world, self._url, self._people, self._group = world, url, people, group
        self._random = random.Random(7)
        self._sockets: dict[str, GraphQLSocket] = {}

    def mutation(self, person: Person) -> tuple[str, Mapping[str, Any]]:
        """A random write; a message is booked as a send with an unknown outcome."""
        choice = self._random.randrange(6)
        other = self._random.choice([p for p in self._people[1:] if p is not person])
        if choice == 0:
            return load.CREATE_GROUP, {"input": {"title": "Short-lived", "memberIds": [other.id]}}
        if choice == 1:
            return load.START_DIRECT, {"input": {"userId": other.id}}
        if choice == 2:
            change = load.REMOVE if self._random.random() < 0.5 else load.LEAVE
            return change, {"input": {"conversationId": self._group, "userId": other.id}}
        client_id = str(uuid4())
        self._world.history.sends[client_id] = checker.Send(client_id, self._group, person.id, time.monotonic())
        wanted = {"conversationId": self._group, "clientMessageId": client_id, "text": f"{client_id} early"}
        return load.SEND, {"input": wanted}

    async def quit_one(self, n: int) -> None:
        """One mutation, left after 0 to 8 ms in the n-th way."""
        person = self._random.choice(self._people)
        text, variables = self.mutation(person)
        patience = self._random.choice((0.0, self._random.uniform(0, 0.008)))
        if n % 3 == 0:
            await self._complete(person, text, variables, patience)
        elif n % 3 == 1:
            socket = await sign_in_socket(self._url, person.token)
            socket.subscribe(text, variables, lambda _kind, _payload: None)
            await asyncio.sleep(patience)
            socket.cut()
        else:
            await self._hang_up(person, text, variables, patience)

    async def _complete(self, person: Person, text: str, variables: Mapping[str, Any], patience: float) -> None:
        socket = self._sockets.get(person.id)
        if socket is None or socket.transport.is_closing():
            socket = self._sockets[person.id] = await sign_in_socket(self._url, person.token)
        operation = socket.subscribe(text, variables, lambda _kind, _payload: None)
        await asyncio.sleep(patience)
        socket.complete(operation)

    async def _hang_up(self, person: Person, text: str, variables: Mapping[str, Any], patience: float) -> None:
        body = orjson.dumps({"query": text, "variables": variables})
        host, port = self._url.removeprefix("http://").split(":")
        _, writer = await asyncio.open_connection(host, int(port))
        writer.write(Http(self._url, person.token).head(body) + body)
        await asyncio.sleep(patience)
        writer.transport.abort()

    def close(self) -> None:
        for socket in self._sockets.values():
            socket.cut()


@pytest.mark.parametrize("embedded", [False, True], ids=["postgres-valkey", "embedded"])
@pytest.mark.timeout(180)
async def test_mutations_ended_early_leave_nothing_behind(embedded: bool, tmp_path: Path) -> None:
    with Cluster(tmp_path, serves=1, embedded=embedded, env=LONG_TOKENS) as cluster:
        url = cluster.urls[0]
        world = World(cluster.urls, seed=7)
        people = await register(url, PEOPLE)
        callers = [Caller(world, p) for p in people]
        group = await load.make_group(world, callers[0], [p.id for p in people[1:]], "Impatient")
        witness = Reader(world, people[0], "witness")
        await witness.start()
        quitter = Quitter(world, url, people, group)
        numbers = iter(range(REQUESTS))

        async def some() -> None:
            for n in numbers:
                await quitter.quit_one(n)

        began = time.monotonic()
        await asyncio.gather(*(some() for _ in range(16)))
        took = time.monotonic() - began
        slowest = await still_quick(callers, url)
        await assert_idle(cluster)
        await load.send(world, callers[0], group)
        database = await settled(cluster, witness, world)
        print(
            f"\ncancelled ({'embedded' if embedded else 'PostgreSQL'}): {REQUESTS} mutations ended early"
            f" in {took:.1f} s,"
            f" {len(database.messages)} messages stored of {len(world.history.sends)}; 40 at once afterwards: slowest"
            f" {slowest * 1000:.0f} ms"
        )
        violations = checker.check(world.history, database)
        quitter.close()
        await witness.stop()
        for caller in callers:
            caller.close()
    assert not violations


async def still_quick(callers: list[Caller], url: str) -> float:
    """More writes at once than the pool has connections, all answered. Returns the slowest, in seconds."""

    async def write(n: int) -> float:
        person = callers[0].person
        line = Http(url, person.token)
        began = time.monotonic()
        wanted = {"title": f"After {n}", "memberIds": [callers[1 + n % (PEOPLE - 1)].person.id]}
        payload = (await line.request(load.CREATE_GROUP, {"input": wanted}))["createGroup"]
        assert not payload["errors"], payload
        line.close()
        return time.monotonic() - began

    return max(await asyncio.gather(*(write(n) for n in range(40))))


async def assert_idle(cluster: Cluster) -> None:
    """No transaction stays open, and nobody goes on waiting for a lock. What was left early may still be under way."""
    if cluster.embedded:
        return  # one connection, one lock: `still_quick` could not have passed
    deadline = time.monotonic() + 10
    while True:
        (open_ones,) = await query(
            cluster,
            "SELECT pid, state, query FROM pg_stat_activity WHERE application_name = 'parley'"
            " AND (state LIKE 'idle in transaction%' OR wait_event_type = 'Lock')",
        )
        if not open_ones:
            return
        assert time.monotonic() < deadline, open_ones
        await asyncio.sleep(0.05)


async def settled(cluster: Cluster, witness: Reader, world: World) -> checker.Database:
    """The database once nothing is written any more (what was left early may still be under way) and the witness holds
    all that it may see; after 20 s as it is: the checker judges."""
    deadline = time.monotonic() + 20
    database = await read_database(cluster)
    while time.monotonic() < deadline:
        mine = {c for c, u in database.intervals if u == witness.person.id}
        wanted = sum(m.conversation in mine and bool(m.client_id) for m in database.messages)
        got = sum(bool(d.client_id) for d in world.history.readers["witness"])
        world.moved.clear()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(world.moved.wait(), 0.5)
        again = await read_database(cluster)
        if got >= wanted and len(again.messages) == len(database.messages):
            return again
        database = again
    return database
