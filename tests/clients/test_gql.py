"""Python gql over HTTP and WebSocket: signs in, pages, sends and receives."""

from __future__ import annotations

from uuid import uuid4

from gql import Client, gql
from gql.transport.httpx import HTTPXAsyncTransport
from gql.transport.websockets import WebsocketsTransport

REGISTER = gql(
    "mutation ($input: RegisterInput!) { register(input: $input) { errors { code message }"
    " tokens { accessToken } viewer { user { id } } } }"
)
START = gql(
    "mutation ($input: StartDirectConversationInput!) { startDirectConversation(input: $input) {"
    " errors { code } conversation { id } } }"
)
SEND = gql("mutation ($input: SendMessageInput!) { sendMessage(input: $input) { errors { code } message { seq } } }")
PAGE = gql(
    "query ($id: ID!, $after: String) { conversation(id: $id) { messages(first: 2, after: $after) {"
    " nodes { seq text } pageInfo { hasNextPage endCursor } } } }"
)
EVENTS = gql(
    "subscription ($after: Cursor) { events(after: $after, kinds: [MESSAGE_RECEIVED]) {"
    " ... on MessageReceived { message { seq text sender { id } } } } }"
)


async def _sign_up(url: str, name: str) -> tuple[str, str]:
    unique = name + uuid4().hex[:8]
    device = {"name": "gql", "platform": "CLI", "installationId": str(uuid4())}
    person = {
        "username": unique,
        "email": f"{unique}@example.com",
        "password": "correct horse battery",
        "device": device,
    }
    async with Client(transport=HTTPXAsyncTransport(url=f"{url}/graphql")) as session:
        REGISTER.variable_values = {"input": person}
        payload = (await session.execute(REGISTER))["register"]
    assert payload["errors"] == []
    return payload["tokens"]["accessToken"], payload["viewer"]["user"]["id"]


async def _ask(session, document, **variables):
    document.variable_values = variables
    return await session.execute(document)


async def test_gql_signs_in_pages_sends_and_receives(server):
    alice, alice_id = await _sign_up(server.url, "gqla")
    bob, bob_id = await _sign_up(server.url, "gqlb")
    http = HTTPXAsyncTransport(url=f"{server.url}/graphql", headers={"Authorization": f"Bearer {alice}"})
    websocket = WebsocketsTransport(
        url=f"{server.url}/graphql".replace("http", "ws"),
        init_payload={"Authorization": f"Bearer {bob}"},
        subprotocols=[WebsocketsTransport.GRAPHQLWS_SUBPROTOCOL],
    )
    async with Client(transport=http) as sender, Client(transport=websocket) as reader:
        started = await _ask(sender, START, input={"userId": bob_id})
        conversation = started["startDirectConversation"]["conversation"]["id"]
        cursor = (await reader.execute(gql("{ viewer { eventCursor } }")))["viewer"]["eventCursor"]
        EVENTS.variable_values = {"after": cursor}
        stream = reader.subscribe(EVENTS)
        for seq in (1, 2, 3):
            item = {"conversationId": conversation, "clientMessageId": str(uuid4()), "text": f"hi {seq}"}
            assert (await _ask(sender, SEND, input=item))["sendMessage"]["message"]["seq"] == seq
        for seq in (1, 2, 3):
            message = (await anext(stream))["events"]["message"]
            assert message == {"seq": seq, "text": f"hi {seq}", "sender": {"id": alice_id}}
        await stream.aclose()

        first = (await _ask(reader, PAGE, id=conversation))["conversation"]["messages"]
        rest = (await _ask(reader, PAGE, id=conversation, after=first["pageInfo"]["endCursor"]))["conversation"][
            "messages"
        ]

    assert [m["seq"] for m in first["nodes"] + rest["nodes"]] == [1, 2, 3]
    assert rest["pageInfo"]["hasNextPage"] is False
