"""People of the tests: each signed up over the real API, asking through Python gql over real HTTP and WebSocket."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from uuid import uuid4

import pytest
from gql import Client, GraphQLRequest
from gql.client import AsyncClientSession
from gql.transport.exceptions import TransportQueryError
from gql.transport.httpx import HTTPXAsyncTransport
from gql.transport.websockets import WebsocketsTransport
from graphql import DocumentNode, parse

from tests.running import Server

PASSWORD = "correct horse battery staple"
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For clients of plain HTTP: without it httpx reads all certificates of the machine for each client (15 ms)."""
Variables = Mapping[str, Any]

REGISTER = """
mutation Register($input: RegisterInput!) {
  register(input: $input) {
    errors { code message field }
    tokens { accessToken refreshToken }
    viewer { id user { id username } }
  }
}
"""


@dataclass
class Person:
    """A signed-in person on one device. `id` is the user's global id; `refresh_token` that of the first session."""

    server: Server
    id: str
    username: str
    email: str
    access_token: str
    refresh_token: str
    installation_id: str
    viewer_id: str = ""
    _session: AsyncClientSession | None = None
    _client: Client | None = None

    async def query(self, document: str, variables: Variables | None = None, **more: Any) -> dict[str, Any]:
        """The data of an operation. Raises gql's TransportQueryError (`.errors`, `.data`) on GraphQL errors."""
        session = await self._http()
        data: dict[str, Any] = await session.execute(_request(document, variables, more))
        return data

    async def mutate(self, document: str, variables: Variables | None = None, **more: Any) -> dict[str, Any]:
        """The payload of a mutation with one root field. Fails when the payload has errors (select `errors`)."""
        payload = _only(await self.query(document, variables, **more))
        assert payload is not None, "the root field is null"
        assert not payload.get("errors"), payload["errors"]
        return payload  # type: ignore[no-any-return]

    async def refused(self, document: str, variables: Variables | None = None, **more: Any) -> list[dict[str, Any]]:
        """The `errors` of a mutation that must fail as data."""
        payload = _only(await self.query(document, variables, **more))
        assert payload["errors"], "it worked"
        return payload["errors"]  # type: ignore[no-any-return]

    async def failed(self, document: str, variables: Variables | None = None, **more: Any) -> dict[str, Any]:
        """The first top-level error of an operation that must fail: {"message", "extensions", …}."""
        with pytest.raises(TransportQueryError) as failure:
            await self.query(document, variables, **more)
        assert failure.value.errors
        return failure.value.errors[0]  # type: ignore[no-any-return]

    async def cursor(self) -> str:
        """Where this person's event stream stands now."""
        return (await self.query("{ viewer { eventCursor } }"))["viewer"]["eventCursor"]  # type: ignore[no-any-return]

    @asynccontextmanager
    async def subscribe(
        self, document: str, variables: Variables | None = None, *, after: str | None = None, **more: Any
    ) -> AsyncIterator[Stream]:
        """A subscription on a WebSocket of its own, cut when the block ends. `after` becomes the variable `$after`."""
        if after is not None:
            more["after"] = after
        transport = WebsocketsTransport(
            url=self.server.ws_url,
            init_payload={"Authorization": f"Bearer {self.access_token}"},
            subprotocols=[WebsocketsTransport.GRAPHQLWS_SUBPROTOCOL],
            close_timeout=2,
        )
        client = Client(transport=transport, fetch_schema_from_transport=False)
        session = await client.connect_async()
        stream = Stream(session, _request(document, variables, more))
        try:
            yield stream
        finally:
            await stream.close()
            await client.close_async()

    async def close(self) -> None:
        """Closes the HTTP connection."""
        if self._client is not None:
            await self._client.close_async()
            self._client = self._session = None

    async def _http(self) -> AsyncClientSession:
        if self._session is None:
            self._client, self._session = await _connect(self.server, self.access_token)
        return self._session


@dataclass
class Stream:
    """What a subscription has brought. Reading starts at once, whether or not anybody calls `next`."""

    session: AsyncClientSession
    request: GraphQLRequest
    _items: asyncio.Queue[dict[str, Any] | BaseException | None] = field(default_factory=asyncio.Queue)
    _task: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        self._task = asyncio.create_task(self._read())

    async def next(self, seconds: float = 5) -> dict[str, Any]:
        """The root field of the next event. Raises what ended the stream, or TimeoutError."""
        async with asyncio.timeout(seconds):
            item = await self._items.get()
        if item is None:
            raise EOFError("the server completed the subscription")
        if isinstance(item, BaseException):
            raise item
        return _only(item)  # type: ignore[no-any-return]

    async def take(self, count: int, seconds: float = 10) -> list[dict[str, Any]]:
        """The next `count` events."""
        return [await self.next(seconds) for _ in range(count)]

    async def until(self, typename: str, seconds: float = 5) -> dict[str, Any]:
        """Skips to the next event of this __typename (select it)."""
        while (item := await self.next(seconds))["__typename"] != typename:
            pass
        return item

    async def close(self) -> None:
        assert self._task is not None
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _read(self) -> None:
        try:
            async for item in self.session.subscribe(self.request):
                self._items.put_nowait(item)
            self._items.put_nowait(None)
        except Exception as error:
            self._items.put_nowait(error)


@asynccontextmanager
async def sign_up(server: Server, name: str, **options: Any) -> AsyncIterator[Person]:
    """A new person with a unique username that begins with `name`; `options` go into the input of `register`."""
    username = f"{name}_{uuid4().hex[:10]}"
    email = f"{username}@example.com"
    installation = uuid4().hex
    device = {"name": f"{name}'s test", "platform": "CLI", "installationId": installation}
    wanted = {"username": username, "email": email, "password": PASSWORD, "displayName": name.title(), "device": device}
    async with signed_out(server) as session:
        data = await session.execute(_request(REGISTER, {"input": wanted | options}, {}))
    payload = data["register"]
    assert payload["errors"] == [], payload["errors"]
    user, tokens = payload["viewer"]["user"], payload["tokens"]
    person = Person(
        server, user["id"], username, email, tokens["accessToken"], tokens["refreshToken"], installation,
        viewer_id=payload["viewer"]["id"],
    )  # fmt: skip
    try:
        yield person
    finally:
        await person.close()


@asynccontextmanager
async def signed_out(server: Server, token: str | None = None) -> AsyncIterator[AsyncClientSession]:
    """A gql session without a person, or with somebody's access token."""
    client, session = await _connect(server, token)
    try:
        yield session
    finally:
        await client.close_async()


async def ask(session: AsyncClientSession, document: str, variables: Variables | None = None, **more: Any) -> Any:
    """The data of an operation through a bare session."""
    return await session.execute(_request(document, variables, more))


async def _connect(server: Server, token: str | None) -> tuple[Client, AsyncClientSession]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    transport = HTTPXAsyncTransport(url=server.graphql_url, headers=headers, timeout=15, verify=NO_TLS)
    client = Client(transport=transport, fetch_schema_from_transport=False)
    return client, await client.connect_async()


class _Request(GraphQLRequest):
    """Sends the document as it was written; gql would print the parsed one anew for every request."""

    def __init__(self, text: str, variables: dict[str, Any]) -> None:
        super().__init__(_parsed(text), variable_values=variables)
        self._text = text

    @property
    def payload(self) -> dict[str, Any]:
        return {"query": self._text, "variables": self.variable_values}


def _request(document: str, variables: Variables | None, more: Variables) -> GraphQLRequest:
    return _Request(document, {**(variables or {}), **more})


@lru_cache(maxsize=512)
def _parsed(document: str) -> DocumentNode:
    return parse(document)


def _only(data: Mapping[str, Any]) -> Any:
    """The value of the one root field."""
    (value,) = data.values()
    return value
