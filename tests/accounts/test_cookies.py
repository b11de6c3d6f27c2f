"""The refresh token as a cookie: set, used, refused where a foreign page could have sent it, forgotten."""

import re

import httpx2
import pytest

from tests.accounts.support import LOG_IN, LOG_OUT, REFRESH, REGISTER, count, device, own_rows, user_uuid
from tests.client import PASSWORD

NAME = "parley_refresh"


async def post(server, document: str, *, token: str | None = None, cookie: str | None = None, **values):
    """The response to a mutation as a browser page of the server's own origin sends it; `headers` change that."""
    headers = {"origin": server.url, "x-parley-csrf": "1", **values.pop("headers", {})}
    if cookie is not None:
        headers["cookie"] = f"theme=dark; {NAME}={cookie}"
    if token is not None:
        headers["authorization"] = f"Bearer {token}"
    sent = {name: value for name, value in headers.items() if value is not None}
    async with httpx2.AsyncClient() as client:
        body = {"query": document, "variables": {"input": values}}
        return await client.post(server.graphql_url, json=body, headers=sent)


async def signed_in(server, who, **more) -> httpx2.Response:
    values = {"identifier": who.username, "password": PASSWORD, "device": device(), "refreshTokenTransport": "COOKIE"}
    return await post(server, LOG_IN, **values, **more)


def set_cookie(response: httpx2.Response) -> tuple[str, str]:
    """Value and attributes of the one cookie that was set."""
    (header,) = response.headers.get_list("set-cookie")
    found = re.fullmatch(rf"{NAME}=([^;]*); (.*)", header)
    assert found, header
    return found[1], found[2]


async def test_sign_in_sets_a_cookie_no_script_reads_and_no_other_site_sends(server, alice):
    response = await signed_in(server, alice)

    tokens = response.json()["data"]["logIn"]["tokens"]
    value, attributes = set_cookie(response)
    assert tokens["refreshToken"] is None
    assert tokens["accessToken"]
    assert value.startswith("rt_")
    assert value not in response.text
    assert re.fullmatch(r"Path=/; Max-Age=6047\d\d; HttpOnly; Secure; SameSite=Strict", attributes)


async def test_register_can_answer_with_a_cookie_too(server, alice):
    values = {"username": f"{alice.username}_2", "email": f"2{alice.email}", "password": "an unusual pass phrase"}
    response = await post(server, REGISTER, **values, device=device(), refreshTokenTransport="COOKIE")

    assert response.json()["data"]["register"]["tokens"]["refreshToken"] is None
    assert set_cookie(response)[0].startswith("rt_")


async def test_the_cookie_refreshes_and_is_replaced(server, alice):
    first, _ = set_cookie(await signed_in(server, alice))

    response = await post(server, REFRESH, cookie=first)

    payload = response.json()["data"]["refreshSession"]
    second, _ = set_cookie(response)
    assert payload["errors"] == []
    assert payload["tokens"]["refreshToken"] is None
    assert second != first
    assert (await post(server, REFRESH, cookie=second)).json()["data"]["refreshSession"]["errors"] == []


async def test_a_token_in_the_body_is_answered_in_the_body(server, alice):
    cookie, _ = set_cookie(await signed_in(server, alice))

    response = await post(server, REFRESH, cookie=cookie, refreshToken=alice.refresh_token)

    assert response.json()["data"]["refreshSession"]["tokens"]["refreshToken"]
    assert "set-cookie" not in response.headers


@pytest.mark.parametrize(
    "headers",
    [{"x-parley-csrf": None}, {"x-parley-csrf": "0"}, {"origin": None}, {"origin": "https://evil.example"},
     {"origin": "null"}],
)  # fmt: skip
async def test_what_a_foreign_page_could_send_is_refused_and_uses_nothing_up(server, alice, headers):
    cookie, _ = set_cookie(await signed_in(server, alice))
    before = await own_rows(alice)

    response = await post(server, REFRESH, cookie=cookie, headers=headers)

    assert response.json()["data"] == {"refreshSession": None}
    assert response.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert "set-cookie" not in response.headers
    assert await own_rows(alice) == before
    assert (await post(server, REFRESH, cookie=cookie)).json()["data"]["refreshSession"]["errors"] == []


async def test_without_cookie_and_token_the_session_is_over(server):
    response = await post(server, REFRESH)

    assert response.json()["data"]["refreshSession"]["errors"][0]["code"] == "EXPIRED"


async def test_log_out_forgets_the_cookie(server, alice):
    response = await signed_in(server, alice)
    cookie, _ = set_cookie(response)
    token = response.json()["data"]["logIn"]["tokens"]["accessToken"]

    ended = await post(server, LOG_OUT, token=token, cookie=cookie)

    value, attributes = set_cookie(ended)
    assert value == ""
    assert "Max-Age=0;" in attributes
    after = (await post(server, REFRESH, cookie=cookie)).json()["data"]["refreshSession"]
    assert after["errors"][0]["code"] == "EXPIRED"


async def test_log_out_without_a_cookie_sets_none(server, alice):
    assert "set-cookie" not in (await post(server, LOG_OUT, token=alice.access_token)).headers


async def test_a_cookie_alone_signs_nobody_in(server, alice):
    cookie, _ = set_cookie(await signed_in(server, alice))

    response = await post(server, LOG_OUT, cookie=cookie)

    assert response.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_a_socket_can_set_no_cookie_and_opens_no_session(server, alice):
    from gql import Client, GraphQLRequest
    from gql.transport.exceptions import TransportQueryError
    from gql.transport.websockets import WebsocketsTransport

    before = await count("session", "user_id", user_uuid(alice))
    values = {"identifier": alice.username, "password": PASSWORD, "device": device(), "refreshTokenTransport": "COOKIE"}
    transport = WebsocketsTransport(url=server.ws_url, subprotocols=[WebsocketsTransport.GRAPHQLWS_SUBPROTOCOL])
    async with Client(transport=transport) as session:
        with pytest.raises(TransportQueryError) as refused:
            await session.execute(GraphQLRequest(LOG_IN, variable_values={"input": values}))

    assert refused.value.errors[0]["extensions"]["code"] == "BAD_REQUEST"
    assert await count("session", "user_id", user_uuid(alice)) == before


async def test_a_preflight_admits_the_header(server):
    headers = {"origin": server.runtime.settings.public_url, "access-control-request-method": "POST"}
    async with httpx2.AsyncClient() as client:
        response = await client.options(server.graphql_url, headers=headers)

    assert "x-parley-csrf" in response.headers["access-control-allow-headers"]
    assert response.headers["access-control-allow-credentials"] == "true"
