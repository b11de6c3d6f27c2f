"""Presence over two `serve` processes: devices of one person on both, kill -9 of one, a Valkey that goes and comes.

The times are short here: a process is gone after 2 seconds of silence, a device after 1.
"""

from __future__ import annotations

import asyncio
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from app.core.graphql.ids import decode_id
from tests.faults import load
from tests.faults.people import Person, register
from tests.faults.processes import Cluster
from tests.faults.stored import query
from tests.faults.wire import GraphQLSocket, Http, sign_in_socket

TTL = 2
LATE = 5  # what a busy machine may add
ENV = {
    "PARLEY_ACCOUNTS__ACCESS_TOKEN_SECONDS": "86400",
    "PARLEY_PRESENCE__BEAT_SECONDS": "0.5",
    "PARLEY_PRESENCE__TTL_SECONDS": str(TTL),
    "PARLEY_PRESENCE__OFFLINE_SECONDS": "1",
}
ADD_CONTACT = "mutation($id: ID!) { addContact(input: {userId: $id}) { errors { code } } }"
LOG_IN = """mutation($input: LogInInput!) { logIn(input: $input) {
  errors { code message } tokens { accessToken } } }"""
WATCH = "subscription { presenceChanged { user { id } presence { state lastSeenAt } } }"
STATE = "query($id: ID!) { user(id: $id) { presence { state lastSeenAt } } }"
ONLINE = {"user": {"presence": {"state": "ONLINE", "lastSeenAt": None}}}
TYPING = "subscription { typingChanged { users { activity } } }"
TYPING_NOW = "query($id: ID!) { conversation(id: $id) { typing { activity } } }"
SET_TYPING = "mutation($id: ID!) { setTyping(input: {conversationId: $id}) { errors { code } } }"
DEVICES = "{ viewer { devices { isOnline } } }"


async def ask(url: str, person: Person, document: str, **variables: Any) -> Any:
    line = Http(url, person.token)
    try:
        return await line.request(document, variables)
    finally:
        line.close()


async def befriend(url: str, one: Person, other: Person) -> None:
    await ask(url, one, ADD_CONTACT, id=other.id)
    await ask(url, other, ADD_CONTACT, id=one.id)


async def second_device(url: str, person: Person) -> Person:
    """The same person, signed in on another installation."""
    device = {"name": "Tablet", "platform": "CLI", "installationId": f"tablet-{person.username}"}
    wanted = {"identifier": person.username, "password": f"Secret-{person.username}", "device": device}
    payload = (await ask(url, person, LOG_IN, input=wanted))["logIn"]
    assert not payload["errors"], payload
    return Person(person.id, person.username, payload["tokens"]["accessToken"])


class Watcher:
    """What one person is told, in order: (person, state)."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str | None]] = []
        self._more = asyncio.Event()
        self._socket: GraphQLSocket

    async def start(self, url: str, person: Person) -> Watcher:
        self._socket = await sign_in_socket(url, person.token)
        self._socket.subscribe(WATCH, {}, self._hear)
        return self

    def _hear(self, kind: str, payload: Any) -> None:
        if kind == "next":
            said = payload["data"]["presenceChanged"]
            self.told.append((said["user"]["id"], said["presence"] and said["presence"]["state"]))
            self._more.set()

    async def until(self, person: Person, state: str | None, seconds: float = 20) -> float:
        """Waits until this was told last of the person; returns how long that took."""
        began = time.monotonic()
        async with asyncio.timeout(seconds):
            while not (mine := self.of(person)) or mine[-1] != state:
                self._more.clear()
                await self._more.wait()
        return time.monotonic() - began

    def of(self, person: Person) -> list[str | None]:
        return [state for user, state in self.told if user == person.id]

    def cut(self) -> None:
        self._socket.cut()


async def eventually(
    url: str, person: Person, document: str, wanted: Any, seconds: float = 20, **variables: Any
) -> None:
    """Asks until the answer is `wanted`."""
    async with asyncio.timeout(seconds):
        while (found := await ask(url, person, document, **variables)) != wanted:
            assert found
            await asyncio.sleep(0.1)


async def stored_last_seen(cluster: Cluster, person: Person, shown: str) -> None:
    """Waits until what is shown is in the database, by a process that lives."""
    sql = f"SELECT last_seen_at, active_at FROM presence WHERE user_id = '{decode_id('usr', person.id)}'"
    async with asyncio.timeout(20):
        while (await query(cluster, sql))[0] != [(datetime.fromisoformat(shown),) * 2]:
            await asyncio.sleep(0.1)


def devices(*online: bool) -> dict[str, Any]:
    return {"viewer": {"devices": [{"isOnline": one} for one in online]}}


@pytest.mark.timeout(180)
async def test_a_killed_process_takes_only_its_own_devices_offline(tmp_path: Path) -> None:
    with Cluster(tmp_path, env=ENV) as cluster:
        first, second = cluster.serves
        alice, bob = await register(first.url, 2)
        await befriend(first.url, alice, bob)
        tablet = await second_device(first.url, alice)
        watcher = await Watcher().start(second.url, bob)
        await watcher.until(alice, "OFFLINE")

        on_first = await sign_in_socket(first.url, alice.token)
        on_second = await sign_in_socket(second.url, tablet.token)
        await watcher.until(alice, "ONLINE")
        await eventually(second.url, alice, DEVICES, devices(True, True))

        first.kill()
        both = [devices(True, False), devices(False, True)]
        async with asyncio.timeout(20):
            while await ask(second.url, alice, DEVICES) not in both:
                await asyncio.sleep(0.1)
        assert watcher.of(alice) == ["OFFLINE", "ONLINE"]

        await asyncio.to_thread(first.start)
        on_first.cut()
        on_first = await sign_in_socket(first.url, alice.token)
        await eventually(second.url, alice, DEVICES, devices(True, True))
        on_second.cut()
        async with asyncio.timeout(20):
            while await ask(second.url, alice, DEVICES) not in both:
                await asyncio.sleep(0.1)
        assert await ask(second.url, bob, STATE, id=alice.id) == ONLINE

        first.kill()
        took = await watcher.until(alice, "OFFLINE")
        assert took < TTL + LATE
        assert watcher.of(alice) == ["OFFLINE", "ONLINE", "OFFLINE"]
        gone = (await ask(second.url, bob, STATE, id=alice.id))["user"]["presence"]
        assert gone["lastSeenAt"] is not None
        await stored_last_seen(cluster, alice, gone["lastSeenAt"])
        print(f"\noffline {took:.1f} s after kill -9, with a time to live of {TTL} s; told: {watcher.of(alice)}")
        for socket in (on_first, on_second, watcher):
            socket.cut()


@pytest.mark.timeout(180)
async def test_who_has_a_device_on_a_process_that_stays_never_flickers(tmp_path: Path) -> None:
    """Whoever else was connected to the killed one goes offline in the meantime, so the time to live is over."""
    with Cluster(tmp_path, env=ENV) as cluster:
        first, second = cluster.serves
        alice, bob, carol = await register(first.url, 3)
        for friend in (alice, carol):
            await befriend(first.url, friend, bob)
        tablet = await second_device(first.url, alice)
        watcher = await Watcher().start(second.url, bob)
        sockets = [await sign_in_socket(first.url, one.token) for one in (alice, carol)]
        sockets.append(await sign_in_socket(second.url, tablet.token))
        for one in (alice, carol):
            await watcher.until(one, "ONLINE")
        await eventually(second.url, alice, DEVICES, devices(True, True))

        for _ in range(2):  # each time with devices on both
            first.kill()
            await watcher.until(carol, "OFFLINE")
            assert await ask(second.url, bob, STATE, id=alice.id) == ONLINE
            await asyncio.to_thread(first.start)
            assert await ask(first.url, bob, STATE, id=alice.id) == ONLINE  # of a process that has just begun
            sockets += [await sign_in_socket(first.url, one.token) for one in (alice, carol)]
            await watcher.until(carol, "ONLINE")
            await eventually(second.url, alice, DEVICES, devices(True, True))

        told = watcher.of(alice)
        assert told in (["ONLINE"], ["OFFLINE", "ONLINE"]), told
        for socket in (*sockets, watcher):
            socket.cut()


@pytest.mark.timeout(180)
async def test_without_valkey_others_are_unknown_and_nobody_is_taken_for_gone(tmp_path: Path) -> None:
    with Cluster(tmp_path, env=ENV) as cluster:
        assert cluster.valkey is not None
        first, second = cluster.serves
        alice, bob, carol, dave = await register(first.url, 4)
        for other in (alice, carol, dave):
            await befriend(first.url, other, bob)
        watcher = await Watcher().start(second.url, bob)
        on_first = await sign_in_socket(first.url, alice.token)
        leaving = await sign_in_socket(first.url, carol.token)
        for one in (alice, carol):
            await watcher.until(one, "ONLINE")

        cluster.valkey.kill()
        unknown = {"user": {"presence": None}}
        await eventually(second.url, bob, STATE, unknown, id=dave.id)  # longer than the time to live
        leaving.cut()
        coming = await sign_in_socket(first.url, dave.token)
        for one in (alice, carol, dave):
            await watcher.until(one, None)
        assert await ask(second.url, bob, STATE, id=alice.id) == unknown
        assert await ask(first.url, bob, STATE, id=alice.id) == ONLINE

        await asyncio.to_thread(cluster.valkey.start)
        await watcher.until(dave, "ONLINE")
        await watcher.until(carol, "OFFLINE")
        await watcher.until(alice, "ONLINE")
        assert "OFFLINE" not in watcher.of(alice)[watcher.of(alice).index("ONLINE") :]
        for socket in (on_first, coming, watcher):
            socket.cut()


@pytest.mark.timeout(180)
async def test_typing_ends_with_the_message_on_every_process(tmp_path: Path) -> None:
    with Cluster(tmp_path, env=ENV | {"PARLEY_PRESENCE__TYPING_EXPIRE_SECONDS": "60"}) as cluster:
        first, second = cluster.serves
        alice, bob = await register(first.url, 2)
        made = await ask(first.url, bob, load.START_DIRECT, input={"userId": alice.id})
        conversation = made["startDirectConversation"]["conversation"]["id"]
        await befriend(first.url, alice, bob)
        told: asyncio.Queue[list[str]] = asyncio.Queue()

        def hear(kind: str, payload: Any) -> None:
            if kind == "next":
                told.put_nowait([user["activity"] for user in payload["data"]["typingChanged"]["users"]])

        socket = await sign_in_socket(second.url, bob.token)
        socket.subscribe(TYPING, {}, hear)
        async with asyncio.timeout(20):
            while told.empty():  # it is not stored: said until it is heard
                await ask(first.url, alice, SET_TYPING, id=conversation)
                await asyncio.sleep(0.1)
            assert await told.get() == ["TYPING"]
            message = {"conversationId": conversation, "clientMessageId": "one", "text": "said"}
            await ask(first.url, alice, load.SEND, input=message)
            while await told.get() != []:
                pass
        assert await ask(second.url, bob, TYPING_NOW, id=conversation) == {"conversation": {"typing": []}}
        socket.cut()
