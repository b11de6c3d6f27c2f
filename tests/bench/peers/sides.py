"""Who is compared: each answers the same questions, in its own words.

What comes back has one shape: a message is `seq, text, name of the sender, reactions, delivery state`, so that the
benchmark can insist on the same answers of all.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import orjson

from app.core.graphql.ids import decode_id
from tests.bench.peers.servers import Peer, token_for
from tests.bench.peers.socketio import SocketIO, sign_in_io
from tests.bench.rig import Counting, in_turns, listen
from tests.faults.people import Person
from tests.faults.processes import Process, Serve
from tests.faults.wire import GraphQLSocket, Http, Refused, WebSocket, open_socket, sign_in_socket

PAGE = """query($id: ID!) { conversation(id: $id) { messages(last: 50) {
  nodes { id seq kind text createdAt sender { id displayName } } pageInfo { hasPreviousPage startCursor } } } }"""
OLDER = PAGE.replace("$id: ID!", "$id: ID!, $before: String!").replace("last: 50", "last: 50, before: $before")
DETAILS = """query($id: ID!) { conversation(id: $id) { messages(last: 50) {
  nodes { id seq kind text createdAt sender { id displayName }
    reactions { emoji count viewerHasReacted } deliveryState } pageInfo { hasPreviousPage startCursor } } } }"""
LIST = """query { viewer { conversations(first: 50) { nodes { id kind title activityAt lastSeq unreadCount
  lastMessage { id seq kind text createdAt sender { id displayName } } } pageInfo { hasNextPage endCursor } } } }"""
MESSAGE = "id seq kind text createdAt conversation { id } sender { id displayName }"
SINCE = f"""subscription($after: Cursor) {{ events(after: $after) {{ cursor
  ... on MessageReceived {{ message {{ {MESSAGE} }} }} }} }}"""
SEND = """mutation($input: SendMessageInput!) { sendMessage(input: $input) {
  errors { code } message { id seq createdAt } } }"""
YOGA_EVENTS = f"subscription {{ messageReceived {{ {MESSAGE} }} }}"
YOGA_SEND = "mutation($input: SendMessageInput!) { sendMessage(input: $input) { id seq createdAt } }"
YOGA_MISSED = f"query($after: [Position!]!) {{ missed(after: $after) {{ {MESSAGE} }} }}"


@dataclass(frozen=True, slots=True)
class Missed:
    """Where somebody stopped listening: Parley's cursor, and the number of the last message in the conversation."""

    conversation: str
    cursor: str
    seq: int
    count: int


@dataclass(frozen=True, slots=True)
class Page:
    """Messages, oldest first; where the page begins, for the one before it, if there is one."""

    messages: list[Any]
    start: str
    has_more: bool


class Side:
    """One server under test. Conversations and people are named by Parley's ids."""

    def __init__(self, process: Process, url: str, database_url: str) -> None:
        self.name = process.name
        self.process = process
        self.url = url
        self.database_url = database_url

    def token(self, person: Person) -> str:
        return token_for(str(decode_id("usr", person.id)))

    def known_as(self, conversation: str) -> str:
        """The side's own name of a conversation."""
        return str(decode_id("cnv", conversation))

    async def settle(self) -> None:
        """Returns when memory holds what is in use: V8 is asked to collect, until it has given back what is free."""
        for _ in range(4):
            os.kill(self.process.pid, signal.SIGUSR2)
            await asyncio.sleep(0.7)

    async def listen(self, people: Sequence[Person]) -> list[Counting]:
        """Sockets that get what is sent to these people, and count it."""
        raise NotImplementedError

    async def sender(self, person: Person) -> Any:
        """A socket to send with, which does not listen."""
        raise NotImplementedError

    async def send(self, socket: Any, conversation: str, text: str) -> None:
        """Returns when it is stored. Raises when it is refused."""
        raise NotImplementedError

    def reader(self, person: Person) -> Http:
        """An HTTP connection to read with."""
        return Http(self.url, self.token(person))

    async def page(self, line: Http, conversation: str, before: str = "", *, details: bool = False) -> Page:
        """The newest 50 messages, or those before a place; perhaps with reactions and delivery state."""
        raise NotImplementedError

    async def conversations(self, line: Http) -> list[Any]:
        """The first 50 conversations."""
        raise NotImplementedError

    async def catch_up(self, person: Person, missed: Missed) -> tuple[WebSocket, asyncio.Future[list[bytes]]]:
        """A signed-in socket, and what will hold all frames of the answer; nothing is asked before `ask`."""
        raise NotImplementedError

    def ask(self, socket: Any, missed: Missed) -> None:
        """Asks a socket of `catch_up` for what was missed."""
        raise NotImplementedError

    def read(self, frames: list[bytes]) -> list[Any]:
        """The messages in the frames of a catch-up."""
        raise NotImplementedError


class _GraphQL(Side):
    """What Parley and yoga have in common: the same documents but for a few."""

    send_document = ""

    async def sender(self, person: Person) -> GraphQLSocket:
        return await sign_in_socket(self.url, self.token(person), timeout=60)

    async def page(self, line: Http, conversation: str, before: str = "", *, details: bool = False) -> Page:
        variables = {"id": self.known_as(conversation)} | ({"before": before} if before else {})
        data = await line.request(DETAILS if details else OLDER if before else PAGE, variables)
        found = data["conversation"]["messages"]
        return Page(found["nodes"], found["pageInfo"]["startCursor"], found["pageInfo"]["hasPreviousPage"])

    async def conversations(self, line: Http) -> list[Any]:
        found: list[Any] = (await line.request(LIST, {}))["viewer"]["conversations"]["nodes"]
        return found

    async def catch_up(self, person: Person, missed: Missed) -> tuple[WebSocket, asyncio.Future[list[bytes]]]:
        socket = await sign_in_socket(self.url, self.token(person))
        return socket, _collect(socket, self._frames_of(missed))

    def _frames_of(self, missed: Missed) -> int:
        return missed.count


class Parley(_GraphQL):
    """A `serve` of the cluster."""

    def __init__(self, serve: Serve, database_url: str) -> None:
        super().__init__(serve, serve.url, database_url)
        self.name = "parley"

    def token(self, person: Person) -> str:
        return person.token

    def known_as(self, conversation: str) -> str:
        return conversation

    async def settle(self) -> None:
        await asyncio.sleep(1)

    async def listen(self, people: Sequence[Person]) -> list[Counting]:
        return await listen(self.url, [person.token for person in people])

    async def send(self, socket: GraphQLSocket, conversation: str, text: str) -> None:
        wanted = {"conversationId": conversation, "clientMessageId": str(uuid4()), "text": text}
        payload = (await socket.request(SEND, {"input": wanted}, timeout=60))["sendMessage"]
        assert payload["message"]["seq"], payload

    def ask(self, socket: GraphQLSocket, missed: Missed) -> None:
        socket.subscribe(SINCE, {"after": missed.cursor}, lambda kind, payload: None)

    def read(self, frames: list[bytes]) -> list[Any]:
        return [orjson.loads(frame)["payload"]["data"]["events"]["message"] for frame in frames]


class Yoga(_GraphQL):
    """graphql-yoga with graphql-ws."""

    def __init__(self, peer: Peer) -> None:
        super().__init__(peer, peer.url, peer.database_url)

    async def listen(self, people: Sequence[Person]) -> list[Counting]:
        async def one(person: Person) -> Counting:
            socket: Counting = await open_socket(self.url, kind=Counting)
            socket.send({"type": "connection_init", "payload": {"authorization": f"Bearer {self.token(person)}"}})
            await asyncio.wait_for(socket.acked, 60)
            socket.counting = True
            socket.subscribe(YOGA_EVENTS, {}, lambda kind, payload: None)
            return socket

        found = await in_turns(one, people, 50)
        await asyncio.sleep(0.5)  # nothing tells that a subscription is ready
        return found

    async def send(self, socket: GraphQLSocket, conversation: str, text: str) -> None:
        wanted = {"conversationId": self.known_as(conversation), "text": text}
        assert (await socket.request(YOGA_SEND, {"input": wanted}, timeout=60))["sendMessage"]["seq"]

    def ask(self, socket: GraphQLSocket, missed: Missed) -> None:
        after = [{"conversationId": self.known_as(missed.conversation), "seq": missed.seq}]
        socket.subscribe(YOGA_MISSED, {"after": after}, lambda kind, payload: None)

    def _frames_of(self, missed: Missed) -> int:
        return 1

    def read(self, frames: list[bytes]) -> list[Any]:
        found: list[Any] = orjson.loads(frames[0])["payload"]["data"]["missed"]
        return found


class Express(Side):
    """Express with Socket.IO."""

    def __init__(self, peer: Peer) -> None:
        super().__init__(peer, peer.url, peer.database_url)

    async def listen(self, people: Sequence[Person]) -> list[Counting]:
        async def one(person: Person) -> Counting:
            socket = await sign_in_io(self.url, self.token(person), listens=True)
            socket.counting = True
            return socket

        return await in_turns(one, people, 50)

    async def sender(self, person: Person) -> SocketIO:
        return await sign_in_io(self.url, self.token(person), listens=False)

    async def send(self, socket: SocketIO, conversation: str, text: str) -> None:
        answer = await socket.emit("send", {"conversationId": self.known_as(conversation), "text": text})
        assert orjson.loads(answer)[0]["message"]["seq"]

    def reader(self, person: Person) -> Rest:
        return Rest(self.url, self.token(person))

    async def page(self, line: Http, conversation: str, before: str = "", *, details: bool = False) -> Page:
        assert isinstance(line, Rest)
        more = ("&include=details" if details else "") + (f"&before={before}" if before else "")
        answer = await line.get(f"/conversations/{self.known_as(conversation)}/messages?limit=50{more}")
        return Page(answer["messages"], str(answer["messages"][0]["seq"]), answer["hasMore"])

    async def conversations(self, line: Http) -> list[Any]:
        assert isinstance(line, Rest)
        found: list[Any] = (await line.get("/conversations?limit=50"))["conversations"]
        return found

    async def catch_up(self, person: Person, missed: Missed) -> tuple[WebSocket, asyncio.Future[list[bytes]]]:
        socket = await sign_in_io(self.url, self.token(person), listens=True)
        return socket, _collect(socket, 1)

    def ask(self, socket: SocketIO, missed: Missed) -> None:
        after = {self.known_as(missed.conversation): missed.seq}
        socket.send_frame(1, b"421" + orjson.dumps(["missed", {"after": after}]))

    def read(self, frames: list[bytes]) -> list[Any]:
        found: list[Any] = orjson.loads(frames[0][3:])[0]["messages"]
        return found


class Rest(Http):
    """A keep-alive connection that gets JSON."""

    _path = ""

    def head(self, body: bytes) -> bytes:
        return (
            f"GET {self._path} HTTP/1.1\r\nHost: {self._host}:{self._port}\r\nAuthorization: Bearer {self._token}\r\n"
            "Accept: application/json\r\n\r\n"
        ).encode()

    async def get(self, path: str) -> Any:
        """What is there. Raises Refused."""
        self._path = path
        answer = await self._exchange(b"")
        if "error" in answer:
            raise Refused(answer["error"])
        return answer


def _collect(socket: Any, count: int) -> asyncio.Future[list[bytes]]:
    """Keeps so many frames that hold messages, unread; then the future has them."""
    found: list[bytes] = []
    enough: asyncio.Future[list[bytes]] = asyncio.get_running_loop().create_future()

    def keep(payload: bytes) -> None:
        if b'"sender"' not in payload:
            return
        found.append(payload)
        if len(found) == count and not enough.done():
            enough.set_result(found)

    socket.on_text = keep
    return enough


def plain(message: Any) -> tuple[Any, ...]:
    """What the answers of all sides must agree on."""
    if message is None:
        return ()
    reactions = sorted((r["emoji"], r["count"], r.get("mine", r.get("viewerHasReacted")))
                       for r in message.get("reactions", ()))  # fmt: skip
    sender = message["sender"]
    name = sender.get("displayName") or sender["name"]
    return message["seq"], message["text"], message["kind"], name, reactions, message.get("deliveryState")


def plain_conversation(one: Any) -> tuple[Any, ...]:
    """The same of a conversation in a list."""
    return one["title"], one["kind"], one["lastSeq"], one["unreadCount"], plain(one["lastMessage"])


def uuid_of(conversation: str) -> UUID:
    """A conversation's key in every database."""
    found = decode_id("cnv", conversation)
    assert found is not None
    return found
