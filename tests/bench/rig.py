"""What the benchmarks share: the bare server as a process, people put into the database, and sockets that count."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import sys
import time
import urllib.request
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from app.accounts.tokens import Tokens
from app.core.clock import new_id
from app.core.graphql.ids import decode_id, encode_id
from app.settings import AccountSettings
from tests import servers
from tests.faults.people import Person
from tests.faults.processes import Cluster, Process
from tests.faults.wire import GraphQLSocket, WebSocket, open_socket

EVENTS = """subscription { events { cursor ... on MessageReceived { message {
  id seq kind text createdAt conversation { id } sender { id displayName } } } } }"""
QUIET = {
    "PARLEY_ACCOUNTS__ACCESS_TOKEN_SECONDS": "86400",
    "PARLEY_LOG_LEVEL": "error",
    "PARLEY_EXECUTOR": os.environ.get("PARLEY_EXECUTOR", "compiled"),  # to compare the two
}


class Bare(Process):
    """The bare uvicorn server of tests/bench/bare.py."""

    def __init__(self, folder: Path, text_bytes: int, database_url: str = "") -> None:
        self.port = servers.free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        command = [sys.executable, "-m", "tests.bench.bare", str(self.port), str(text_bytes)]
        super().__init__("bare", command, folder, env={"BARE_DATABASE": database_url})

    def start(self) -> None:
        self.spawn()
        deadline = time.monotonic() + 20
        while True:
            try:
                urllib.request.urlopen(self.url, timeout=2).close()
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
            else:
                return


class Counting(GraphQLSocket):
    """Counts text frames without looking into them, once `counting` is set; `wanted` frames later, `enough` is told."""

    counting = False
    frames = 0

    def data_received(self, data: bytes) -> None:
        if not self.counting:
            super().data_received(data)
            return
        if self._buffer:
            data = bytes(self._buffer) + data
            self._buffer.clear()
        at, size, frames = 0, len(data), 0
        while size - at >= 2:
            length, start = data[at + 1], at + 2
            if length == 126:
                if size - at < 4:
                    break
                length, start = data[at + 2] << 8 | data[at + 3], at + 4
            elif length == 127:
                if size - at < 10:
                    break
                length, start = int.from_bytes(data[at + 2 : at + 10], "big"), at + 10
            if size - start < length:
                break
            if data[at] == 0x81:
                frames += 1
            elif data[at] == 0x89:
                self.send_frame(10, data[start : start + length])
            at = start + length
        if at < size:
            self._buffer += data[at:]
        if frames:
            self.frames += frames
            Audience.received += frames
            if Audience.received >= Audience.wanted:
                Audience.enough.set()


class Audience:
    """How many frames all counting sockets have together (one benchmark at a time)."""

    received = 0
    wanted = 1 << 62
    enough = asyncio.Event()

    @classmethod
    def expect(cls, frames: int) -> None:
        cls.wanted = cls.received + frames
        cls.enough.clear()

    @classmethod
    async def complete(cls, seconds: float = 60) -> None:
        """Returns when as many have arrived as expected."""
        await asyncio.wait_for(cls.enough.wait(), seconds)


async def listen(url: str, tokens: Sequence[str], *, at_once: int = 50, document: str = EVENTS) -> list[Counting]:
    """Sockets signed in and subscribed to `document`, each past its first CursorMoved, counting from then on."""

    async def one(token: str) -> Counting:
        socket: Counting = await open_socket(url, kind=Counting)
        socket.send({"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}})
        await asyncio.wait_for(socket.acked, 30)
        first: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def handle(kind: str, payload: Any) -> None:
            if first.done():
                return
            if kind == "next" and payload.get("data"):
                first.set_result(None)
            else:
                first.set_exception(AssertionError(f"{kind} {payload}"))

        socket.subscribe(document, {}, handle)
        await asyncio.wait_for(first, 30)
        socket.counting = True
        return socket

    return await in_turns(one, tokens, at_once)


async def listen_bare(url: str, count: int, *, at_once: int = 50) -> list[Counting]:
    """As many sockets in the audience of the bare server."""

    async def one(_: int) -> Counting:
        socket: Counting = await open_socket(url, kind=Ready, path="/listen")
        socket.send_frame(1, b"hello")
        await asyncio.wait_for(socket.acked, 30)
        socket.counting = True
        return socket

    return await in_turns(one, range(count), at_once)


class Ready(Counting):
    """The bare server's listener: acked by its first text."""

    def on_text(self, payload: bytes) -> None:
        if not self.acked.done():
            self.acked.set_result(None)


async def in_turns(make: Any, items: Sequence[Any], at_once: int) -> list[Any]:
    """`make` for each item, `at_once` at a time, results in order."""
    gate = asyncio.Semaphore(at_once)

    async def one(item: Any) -> Any:
        async with gate:
            return await make(item)

    return list(await asyncio.gather(*(one(i) for i in items)))


async def bare_sender(url: str, path: str = "/send") -> WebSocket:
    """The socket that makes the bare server talk."""
    return await open_socket(url, kind=WebSocket, path=path)


CONTACT = ("contact", ("id", "owner_id", "user_id", "is_favorite", "added_at", "created_at", "updated_at"))
USER = ("user_account", ("id", "username", "username_key", "display_name", "email_verified", "phone_verified", "role",
                         "needs_profile_setup", "created_at", "updated_at"))  # fmt: skip
DEVICE = ("device", ("id", "user_id", "number", "installation_id", "name", "platform", "last_seen_at", "created_at",
                     "updated_at"))  # fmt: skip
SESSION = ("session", ("id", "user_id", "device_id", "last_used_at", "expires_at", "created_at", "updated_at"))


async def seed_people(cluster: Cluster, count: int) -> list[Person]:
    """People, devices and sessions put into the tables (registering hashes passwords), with their tokens."""
    tokens = Tokens(AccountSettings(access_token_seconds=86400), cluster.environment()["PARLEY_SECRET"])
    now = datetime.now(UTC)
    until = now + timedelta(days=7)
    users: list[tuple[Any, ...]] = []
    devices: list[tuple[Any, ...]] = []
    sessions: list[tuple[Any, ...]] = []
    people = []
    for n in range(count):
        user, device, session = new_id(), new_id(), new_id()
        name = f"bench{n}_{user.hex[-6:]}"
        users.append((user, name, name, f"Bench {n}", False, False, "USER", False, now, now))
        devices.append((device, user, 1, str(device), "Bench", "CLI", now, now, now))
        sessions.append((session, user, device, now, until, now, now))
        token = tokens.issue(user, device, session, until=until).text
        people.append(Person(encode_id("usr", user), name, token))
    for (table, columns), rows in ((USER, users), (DEVICE, devices), (SESSION, sessions)):
        await _insert(cluster, table, columns, rows)
    return people


async def make_contacts(cluster: Cluster, pairs: Sequence[tuple[Person, Person]]) -> None:
    """Lets the first of each pair have the second as a contact, who then starts no message request."""
    now = datetime.now(UTC)
    people = [tuple(decode_id("usr", person.id) for person in pair) for pair in pairs]
    await _insert(cluster, *CONTACT, [(new_id(), *pair, False, now, now, now) for pair in people])


async def _insert(cluster: Cluster, table: str, columns: Sequence[str], rows: list[tuple[Any, ...]]) -> None:
    if cluster.postgres is not None:
        connection = await asyncpg.connect(cluster.database_url)
        await connection.copy_records_to_table(table, columns=list(columns), records=rows)
        await connection.close()
        return
    writer = sqlite3.connect(f"{cluster.folder}/parley.sqlite3", timeout=10)
    marks = ", ".join("?" for _ in columns)
    plain = [[str(v) if isinstance(v, UUID) else v.isoformat(" ") if isinstance(v, datetime) else v for v in row]
             for row in rows]  # fmt: skip
    writer.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", plain)
    writer.commit()
    writer.close()


def log_statements(cluster: Cluster) -> None:
    """Restarts PostgreSQL with its statement log on, and the server with it."""
    assert cluster.postgres is not None
    for setting in ("logging_collector = on", "log_statement = 'all'", "log_filename = 'postgres.log'"):
        cluster.postgres.sql(f"ALTER SYSTEM SET {setting}")
    cluster.serves[0].stop()
    cluster.postgres.stop()
    cluster.postgres.start()
    cluster.serves[0].start()


def logged(cluster: Cluster) -> list[str]:
    """The lines of PostgreSQL's log."""
    assert cluster.postgres is not None
    return (cluster.postgres.folder / "data/log/postgres.log").read_text(errors="replace").splitlines()
