"""GraphiQL in a real browser, with every foreign host out of reach: sign in, query, subscribe, see a message arrive."""

import json
import uuid
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
import pytest_asyncio

from .browser import Page, open_page

pytestmark = pytest.mark.asyncio

PASSWORD = "a long enough passphrase 42"
TABS = {"ColdStart": 0, "Events": 2, "Messages": 3}
QUERY_EDITOR = "document.querySelector('.graphiql-query-editor .CodeMirror').CodeMirror"
RESULT = "document.querySelector('.result-window .CodeMirror').CodeMirror.getValue()"
HEADERS = "document.querySelectorAll('.graphiql-editor-tool .CodeMirror')[1].CodeMirror.getValue()"

REGISTER = """mutation ($input: RegisterInput!) { register(input: $input) {
  errors { code message } tokens { accessToken } viewer { user { id } } } }"""
START = """mutation ($id: ID!) { startDirectConversation(input: { userId: $id }) {
  errors { code message } conversation { id } } }"""
SEND = """mutation ($input: SendMessageInput!) { sendMessage(input: $input) {
  errors { code message } message { id } } }"""


@pytest_asyncio.fixture
async def page(server: Any) -> AsyncIterator[Page]:
    async with open_page() as page:
        await page.open(f"{server.url}/graphiql/")
        await page.wait("document.querySelectorAll('.graphiql-tab').length === 4")
        await page.wait("document.querySelector('.graphiql-doc-explorer, .graphiql-execute-button')")
        yield page
        home = urlsplit(server.url).netloc
        asked = [url for url in page.requested if urlsplit(url).scheme in {"http", "https", "ws", "wss"}]
        assert [url for url in asked if urlsplit(url).netloc != home] == []
        assert any(url.startswith("ws://") for url in asked)
        assert page.errors == []


async def gql(url: str, query: str, variables: dict[str, Any], token: str | None = None) -> dict[str, Any]:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    async with httpx2.AsyncClient() as client:
        answer = await client.post(f"{url}/graphql", json={"query": query, "variables": variables}, headers=headers)
    body = answer.json()
    assert "errors" not in body, body
    (payload,) = body["data"].values()
    assert payload["errors"] == []
    return payload


async def register_over_http(url: str) -> str:
    name = f"bob{uuid.uuid4().hex[:10]}"
    device = {"name": "test", "platform": "WEB", "installationId": str(uuid.uuid4())}
    person = {"username": name, "email": f"{name}@example.org", "password": PASSWORD, "device": device}
    return (await gql(url, REGISTER, {"input": person}))["viewer"]["user"]["id"]


async def register_in_page(page: Page) -> str:
    name = f"alice{uuid.uuid4().hex[:10]}"
    values = {"username": name, "email": f"{name}@example.org", "password": PASSWORD}
    await page.run("document.querySelector('.modes [data-mode=register]').click()")
    await page.run(f"""(() => {{
      const form = document.querySelector('form[data-mode=register]');
      for (const [name, value] of Object.entries({json.dumps(values)})) form.elements[name].value = value;
      form.requestSubmit();
    }})()""")
    await page.wait("!document.getElementById('signed-in').hidden")
    return name


async def run_tab(page: Page, operation: str, variables: dict[str, Any] | None = None) -> None:
    await page.run(f"document.querySelectorAll('.graphiql-tab-button')[{TABS[operation]}].click()")
    await page.wait(f"{QUERY_EDITOR}.operationName === '{operation}'")
    if variables is not None:
        text = json.dumps(json.dumps(variables))
        await page.run(f"document.querySelector('.graphiql-editor-tool .CodeMirror').CodeMirror.setValue({text})")
    await page.run("document.querySelector('.graphiql-execute-button').click()")


async def test_register_query_subscribe_and_see_a_message_arrive(page: Page, server: Any) -> None:
    name = await register_in_page(page)
    token = await page.run("JSON.parse(sessionStorage.getItem('parley:session')).tokens.accessToken")
    await page.wait(f"{HEADERS}.includes({json.dumps(token)})")

    await run_tab(page, "ColdStart")
    await page.wait(f"JSON.parse({RESULT}).data.viewer.user.username === {json.dumps(name)}")

    bob = await register_over_http(server.url)
    conversation = (await gql(server.url, START, {"id": bob}, token))["conversation"]["id"]
    await run_tab(page, "Events")
    await page.wait(f"JSON.parse({RESULT}).data.events.__typename === 'CursorMoved'")

    message = {"conversationId": conversation, "clientMessageId": str(uuid.uuid4()), "text": "over the wire"}
    await gql(server.url, SEND, {"input": message}, token)
    await page.wait(f"JSON.parse({RESULT}).data.events.message.text === 'over the wire'")

    await run_tab(page, "Messages", {"conversationId": conversation})
    await page.wait(f"JSON.parse({RESULT}).data.conversation.messages.nodes.at(-1).text === 'over the wire'")


async def test_sign_out_and_back_in(page: Page) -> None:
    name = await register_in_page(page)
    await page.run("document.getElementById('sign-out').click()")
    await page.wait("!document.getElementById('signed-out').hidden")
    await page.wait(f"!{HEADERS}.includes('Bearer')")
    assert await page.run("sessionStorage.getItem('parley:session')") is None

    await page.run("document.querySelector('.modes [data-mode=logIn]').click()")
    await page.run(f"""(() => {{
      const form = document.querySelector('form[data-mode=logIn]');
      form.elements.identifier.value = {json.dumps(name)};
      form.elements.password.value = {json.dumps(PASSWORD)};
      form.requestSubmit();
    }})()""")
    await page.wait("!document.getElementById('signed-in').hidden")
    await run_tab(page, "Events")
    await page.wait(f"JSON.parse({RESULT}).data.events.__typename === 'CursorMoved'")
