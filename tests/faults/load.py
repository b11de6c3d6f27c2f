"""Readers, senders and membership changes as real clients do them, all written into one History."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from tests.faults.checker import Change, Delivery, History, Send
from tests.faults.people import Person
from tests.faults.wire import GraphQLSocket, Http, Lost, Refused, sign_in_socket

EVENTS = """subscription Events($after: Cursor) { events(after: $after) {
  __typename cursor kind
  ... on MessageReceived { message { id seq text clientMessageId conversation { id } sender { id } } }
  ... on ConversationAdded { conversation { id } }
  ... on ConversationRemoved { conversationId }
  ... on MemberChanged { conversation { id } change user { id } }
  ... on CursorMoved { isCaughtUp }
} }"""
COLD_START = "query { viewer { id eventCursor } }"
SEND = """mutation Send($input: SendMessageInput!) { sendMessage(input: $input) {
  errors { code message } clientMessageId message { id seq } } }"""
CREATE_GROUP = (
    "mutation($input: CreateGroupInput!) { createGroup(input: $input) { errors { code message } group { id } } }"
)
START_DIRECT = """mutation($input: StartDirectConversationInput!) { startDirectConversation(input: $input) {
  errors { code message } conversation { id } } }"""
ADD = "mutation($input: AddMembersInput!) { addMembers(input: $input) { errors { code message } added { id } } }"
REMOVE = "mutation($input: RemoveMemberInput!) { removeMember(input: $input) { errors { code message } } }"
LEAVE = "mutation($input: LeaveConversationInput!) { leaveConversation(input: $input) { errors { code message } } }"

# Codes after which the same call may be repeated: it may have happened, or it did not and can.
AGAIN = ("UNAVAILABLE", "RATE_LIMITED", "COOLDOWN")


@dataclass(slots=True)
class Figures:
    """What the run counts beside the History."""

    resumes: list[float] = field(default_factory=list)
    cuts: int = 0
    kills: int = 0
    freezes: int = 0
    database_kills: int = 0
    bus_kills: int = 0
    caught_up_frames: int = 0
    close_codes: dict[int, int] = field(default_factory=dict)
    latencies: list[float] = field(default_factory=list)
    unavailable: int = 0


class World:
    """The servers as clients know them: a list of addresses, any of which may be down."""

    def __init__(self, urls: Sequence[str], seed: int) -> None:
        self.urls = list(urls)
        self.random = random.Random(seed)
        self.history = History()
        self.figures = Figures()
        self.stopping = asyncio.Event()
        self.moved = asyncio.Event()  # a reader got something

    def other(self, url: str | None) -> str:
        """Another server than this one, if there is another."""
        others = [u for u in self.urls if u != url] or self.urls
        return self.random.choice(others)

    def breaks(self, promise: str) -> None:
        """Books what no client should ever see."""
        self.history.stream_errors.append(promise)


class Caller:
    """One person's way to call: half over a WebSocket, half over HTTP, each time to any server."""

    def __init__(self, world: World, person: Person, *, urls: Sequence[str] | None = None) -> None:
        self.person = person
        self._world = world
        self._urls = urls
        self._sockets: dict[str, GraphQLSocket] = {}
        self._idle: dict[str, list[Http]] = {}  # an HTTP connection serves one call at a time

    async def call(self, query: str, variables: Mapping[str, Any]) -> Any:
        """The data. Raises Lost or Refused."""
        url = self._world.random.choice(self._urls or self._world.urls)
        if self._world.random.random() < 0.5:
            return await self._over_socket(url, query, variables)
        idle = self._idle.setdefault(url, [])
        line = idle.pop() if idle else Http(url, self.person.token)
        data = await line.request(query, variables, timeout=10)  # closed by itself when it fails
        idle.append(line)
        return data

    async def _over_socket(self, url: str, query: str, variables: Mapping[str, Any]) -> Any:
        socket = self._sockets.get(url)
        if socket is None or socket.transport.is_closing():
            socket = self._sockets[url] = await sign_in_socket(url, self.person.token)
        try:
            return await socket.request(query, variables, timeout=10)
        except Lost:
            socket.cut()
            raise

    async def until_known(self, query: str, variables: Mapping[str, Any], *, within: float = 30) -> tuple[Any, bool]:
        """(payload of the root field, whether an earlier try may have happened). Raises Lost after `within` seconds."""
        deadline, repeated = time.monotonic() + within, False
        while True:
            try:
                data = await self.call(query, variables)
                payload = next(iter(data.values()))
                if not any(e["code"] in AGAIN for e in payload["errors"]):
                    return payload, repeated
                repeated = True
            except Refused as refused:
                if refused.code not in AGAIN:
                    self._world.breaks(f"request refused with {refused.code}: {refused}")
                self._world.figures.unavailable += 1
                repeated = True
            except Lost:
                repeated = True
            if time.monotonic() > deadline:
                raise Lost(1006, "no answer")
            await asyncio.sleep(self._world.random.uniform(0.02, 0.2))

    def close(self) -> None:
        for socket in self._sockets.values():
            socket.cut()
        for line in (line for lines in self._idle.values() for line in lines):
            line.close()


async def send(world: World, caller: Caller, conversation: str, *, size: int = 40) -> Send:
    """Sends one message until the outcome is known; books it."""
    client_id = str(uuid4())
    text = f"{client_id} " + "x" * size
    entry = Send(client_id, conversation, caller.person.id, time.monotonic())
    world.history.sends[client_id] = entry
    wanted = {"conversationId": conversation, "clientMessageId": client_id, "text": text}
    try:
        payload, repeated = await caller.until_known(SEND, {"input": wanted})
    except Lost:
        entry.ended = time.monotonic()
        return entry
    entry.ended = time.monotonic()
    entry.tries = 2 if repeated else 1
    if payload["message"] is not None:
        entry.outcome, entry.message, entry.seq = "ok", payload["message"]["id"], payload["message"]["seq"]
    elif not repeated:  # otherwise an earlier try may have been stored, before the sender was removed
        entry.outcome = "fail"
    return entry


async def keep_sending(world: World, caller: Caller, conversations: Callable[[], Sequence[str]], rate: float) -> None:
    """Sends to random conversations, `rate` a second on average, until the world stops."""
    while not world.stopping.is_set():
        await asyncio.sleep(min(world.random.expovariate(rate), 3))
        await send(world, caller, world.random.choice(conversations()))


@dataclass
class Reader:
    """One device that follows its person's events, and resumes from its last cursor on another server when cut."""

    world: World
    person: Person
    name: str
    urls: Sequence[str] | None = None  # pinned to these, for the negative control
    receive_buffer: int | None = None
    cursor: str = ""
    caught_up: asyncio.Event = field(default_factory=asyncio.Event)
    socket: GraphQLSocket | None = None
    _cut_at: float | None = None
    _last_url: str | None = None
    _task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Takes its first cursor, and returns once it is live."""
        history = self.world.history
        history.reader_users[self.name] = self.person.id
        history.readers[self.name] = []
        line = Http((self.urls or self.world.urls)[0], self.person.token)
        self.cursor = (await line.request(COLD_START, {}))["viewer"]["eventCursor"]
        line.close()
        self._task = asyncio.create_task(self._run())
        await asyncio.wait_for(self.caught_up.wait(), 30)

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self.socket is not None:
            self.socket.cut()

    def cut(self) -> None:
        """Drops the socket without a goodbye; the reader comes back by itself."""
        if self.socket is not None and not self.socket.transport.is_closing():
            self._cut_at = time.monotonic()
            self.world.figures.cuts += 1
            self.socket.cut()

    async def _run(self) -> None:
        while True:
            url = self.world.random.choice(self.urls) if self.urls else self.world.other(self._last_url)
            self._last_url = url
            try:
                socket = await sign_in_socket(url, self.person.token, receive_buffer=self.receive_buffer, timeout=5)
            except Lost:
                await asyncio.sleep(self.world.random.uniform(0.02, 0.15))
                continue
            self.socket = socket
            ended: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
            socket.subscribe(EVENTS, {"after": self.cursor}, lambda k, p, e=ended: self._frame(k, p, e))
            code = await ended
            socket.cut()
            self.world.figures.close_codes[code] = self.world.figures.close_codes.get(code, 0) + 1
            if self._cut_at is None:
                self._cut_at = time.monotonic()
            self.caught_up.clear()
            if code == 4503:  # resume elsewhere, or when the database is back
                await asyncio.sleep(self.world.random.uniform(0.02, 0.2))

    def _frame(self, kind: str, payload: Any, ended: asyncio.Future[Any]) -> None:
        if kind == "next" and payload.get("data"):
            self._event(payload["data"]["events"])
            return
        if kind == "lost":
            code = payload
        else:
            errors = payload.get("errors") if isinstance(payload, dict) else payload
            code = errors[0].get("extensions", {}).get("code") if errors else kind
            if code not in AGAIN:
                self.world.breaks(f"stream ended with {code}: {self.name} {str(payload)[:300]}")
        if not ended.done():
            ended.set_result(code)

    def _event(self, event: dict[str, Any]) -> None:
        now = time.monotonic()
        self.cursor = event["cursor"]
        deliveries = self.world.history.readers[self.name]
        kind = event["__typename"]
        if kind == "MessageReceived":
            m = event["message"]
            deliveries.append(
                Delivery("MESSAGE", m["conversation"]["id"], m["seq"], m["id"], m["clientMessageId"] or "", now)
            )
            if (sent := self.world.history.sends.get(m["clientMessageId"])) is not None:
                self.world.figures.latencies.append(now - sent.started)
                if m["text"].split()[0] != m["clientMessageId"] or m["sender"]["id"] != sent.sender:
                    self.world.breaks(f"delivered with wrong content: {self.name} {m}")
        elif kind == "ConversationAdded":
            deliveries.append(Delivery("ADDED", event["conversation"]["id"], at=now))
        elif kind == "ConversationRemoved":
            deliveries.append(Delivery("REMOVED", event["conversationId"], at=now))
        elif kind == "CursorMoved" and event["isCaughtUp"]:
            if self._cut_at is not None:
                self.world.figures.resumes.append(now - self._cut_at)
                self._cut_at = None
            self.caught_up.set()
        self.world.moved.set()


async def change_members(
    world: World, owner: Caller, conversation: str, churners: Sequence[Caller], rate: float
) -> None:
    """Removes and re-adds people, `rate` a second on average, until the world stops. Some leave by themselves."""
    inside = {c.person.id: True for c in churners}
    while not world.stopping.is_set():
        await asyncio.sleep(min(world.random.expovariate(rate), 5))
        who = world.random.choice(list(churners))
        user = who.person.id
        began = time.monotonic()
        if not inside[user]:
            payload, _ = await owner.until_known(ADD, {"input": {"conversationId": conversation, "userIds": [user]}})
        elif world.random.random() < 0.3:
            payload, _ = await who.until_known(LEAVE, {"input": {"conversationId": conversation}})
        else:
            payload, _ = await owner.until_known(REMOVE, {"input": {"conversationId": conversation, "userId": user}})
        refusals = [
            e["code"] for e in payload["errors"] if e["code"] not in ("NOT_FOUND", "NOT_PARTICIPANT", "CONFLICT")
        ]
        if refusals:
            world.breaks(f"membership change refused: {refusals} {payload}")
            continue
        inside[user] = not inside[user]
        world.history.changes.append(
            Change(conversation, user, "IN" if inside[user] else "OUT", began, time.monotonic())
        )


async def make_group(world: World, owner: Caller, members: Sequence[str], title: str) -> str:
    """A new group, booked as everybody's joining. Returns its id."""
    began = time.monotonic()
    data = await owner.call(CREATE_GROUP, {"input": {"title": title, "memberIds": list(members)}})
    payload = data["createGroup"]
    assert not payload["errors"], payload
    group = str(payload["group"]["id"])
    for user in {owner.person.id, *members}:
        world.history.changes.append(Change(group, user, "IN", began, time.monotonic()))
    return group


async def make_direct(world: World, caller: Caller, other: Caller) -> str:
    """The direct conversation of two, which both start (else it is a message request), booked as their joining. Returns
    its id."""
    began = time.monotonic()
    for one, peer in ((caller, other), (other, caller)):
        payload = (await one.call(START_DIRECT, {"input": {"userId": peer.person.id}}))["startDirectConversation"]
        assert not payload["errors"], payload
    direct = str(payload["conversation"]["id"])
    for user in (caller.person.id, other.person.id):
        world.history.changes.append(Change(direct, user, "IN", began, time.monotonic()))
    return direct
