"""The transport under the whole of Parley: sessions that end, tokens that are renewed, groups that share executions."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from app.core.transport.server import GraphQLTransport
from tests.client import Person, ask, signed_out
from tests.running import Server
from tests.transport.sockets import Socket, socket

EVENTS = "subscription($after: Cursor) { events(after: $after) { __typename cursor } }"
REFRESH = "mutation($i: RefreshSessionInput!) { refreshSession(input: $i) { errors { code } tokens { accessToken } } }"
RENEW = "mutation($i: RenewConnectionInput!) { renewConnection(input: $i) { errors { code field } expiresAt } }"


async def signed_in(client: Socket, person: Person) -> None:
    ack = await client.start(Authorization=f"Bearer {person.access_token}")
    assert ack["payload"]["userId"] == person.id


async def fresh_token(person: Person) -> str:
    async with signed_out(person.server) as session:
        data = await ask(session, REFRESH, i={"refreshToken": person.refresh_token})
    assert data["refreshSession"]["errors"] == []
    return str(data["refreshSession"]["tokens"]["accessToken"])


async def test_logging_out_tells_and_closes_the_socket(server: Server, alice: Person, bob: Person) -> None:
    transport = server.runtime.part(GraphQLTransport)
    before = transport.subscriptions
    async with socket(server.ws_url) as client, socket(server.ws_url) as bystander:
        await signed_in(client, alice)
        await signed_in(bystander, bob)
        await client.subscribe(EVENTS)
        assert (await client.hear())["payload"]["data"]["events"]["__typename"] == "CursorMoved"
        await alice.mutate("mutation { logOut(input: {}) { errors { code } } }")

        assert (await client.hear(1))["payload"]["data"]["events"]["__typename"] == "SessionEnding"
        assert await client.closed(1) == (4401, "Session ended")
        await bystander.say({"type": "ping"})
        assert await bystander.hear() == {"type": "pong"}
        assert transport.subscriptions == before
    async with socket(server.ws_url) as client:
        await client.say({"type": "connection_init", "payload": {"token": alice.access_token}})
        code, reason = await client.closed()
        assert (code, reason.partition(":")[0]) == (4403, "SESSION_REVOKED")


async def test_renewing_keeps_the_subscriptions(server: Server, alice: Person, bob: Person) -> None:
    token = await fresh_token(alice)
    async with socket(server.ws_url) as client:
        await signed_in(client, alice)
        await client.subscribe(EVENTS, "events")
        await client.hear()
        await client.subscribe(RENEW, "renew", i={"accessToken": token})
        renewed = (await client.hear())["payload"]["data"]["renewConnection"]
        assert (await client.hear())["type"] == "complete"
        await client.subscribe(RENEW, "other", i={"accessToken": bob.access_token})
        refused = (await client.hear())["payload"]["data"]["renewConnection"]
        (connection,) = [
            c for c in server.runtime.part(GraphQLTransport).connections if c.viewer and "events" in c._operations
        ]

    assert renewed["errors"] == []
    assert refused["errors"] == [{"code": "INVALID", "field": ["input", "accessToken"]}]
    assert connection.viewer is not None
    assert connection.viewer.expires_at.isoformat()[:19] == renewed["expiresAt"][:19]


@pytest.mark.parametrize("cursor", ["not-a-cursor", ""])
async def test_expired_cursor_ends_the_subscription_alone(server: Server, alice: Person, cursor: str) -> None:
    async with socket(server.ws_url) as client:
        await signed_in(client, alice)
        await client.subscribe(EVENTS, "1", after=cursor)
        answer = await client.hear()
        await client.subscribe("{ viewer { id } }", "1")

        assert (answer["id"], answer["type"]) == ("1", "error")
        assert answer["payload"][0]["extensions"]["code"] == "CURSOR_EXPIRED"
        assert (await client.hear())["payload"]["data"]["viewer"]["id"]


async def test_signed_out_socket_signs_up_but_follows_nothing(server: Server) -> None:
    async with socket(server.ws_url) as client:
        await client.start()
        await client.subscribe(EVENTS)
        answer = await client.hear()

    assert answer["payload"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_members_of_a_group_share_executions(
    server: Server, person: Callable[..., Awaitable[Person]], alice: Person
) -> None:
    members = [await person(f"member{n}") for n in range(5)]
    created = await alice.mutate(
        "mutation($i: CreateGroupInput!) { createGroup(input: $i) { errors { code } group { id } } }",
        i={"title": "Sharing", "memberIds": [m.id for m in members]},
    )
    hub = server.runtime.hub
    query = "subscription { messageReceived { message { text sender { displayName } } } }"
    sockets = [socket(server.ws_url) for _ in members]
    clients = [await s.__aenter__() for s in sockets]
    try:
        for client, member in zip(clients, members, strict=True):
            await signed_in(client, member)
            await client.subscribe(query)
        async with asyncio.timeout(5):
            while sum(s.viewer.user_id is not None for s in hub.live_subscriptions()) < len(members):
                await asyncio.sleep(0.01)
        executed = hub.executions
        await alice.mutate(
            "mutation($i: SendMessageInput!) { sendMessage(input: $i) { errors { code } } }",
            i={"conversationId": created["group"]["id"], "clientMessageId": "share-1", "text": "hi all"},
        )
        texts = [(await c.hear())["payload"]["data"]["messageReceived"]["message"]["text"] for c in clients]
    finally:
        for s in sockets:
            await s.__aexit__(None, None, None)

    assert texts == ["hi all"] * len(members)
    assert hub.executions - executed == 1
