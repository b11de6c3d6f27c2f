"""renewConnection: a newer token for the same socket."""

from contextlib import asynccontextmanager

from gql import Client, gql
from gql.transport.websockets import WebsocketsTransport

from app.core.clock import now
from tests.accounts.support import REFRESH, call, log_in
from tests.accounts.test_authenticate import parts_of, signed

RENEW = """mutation Renew($input: RenewConnectionInput!) {
  renewConnection(input: $input) { errors { code field } expiresAt } }"""


@asynccontextmanager
async def socket(server, token):
    transport = WebsocketsTransport(
        url=server.ws_url,
        init_payload={"Authorization": f"Bearer {token}"},
        subprotocols=[WebsocketsTransport.GRAPHQLWS_SUBPROTOCOL],
    )
    async with Client(transport=transport) as session:
        yield session


async def renew(session, token) -> dict:
    request = gql(RENEW)
    request.variable_values = {"input": {"accessToken": token}}
    return (await session.execute(request))["renewConnection"]


async def test_a_newer_token_of_the_session_is_taken(server, alice):
    fresh = (await call(server, REFRESH, refreshToken=alice.refresh_token))["tokens"]

    async with socket(server, alice.access_token) as session:
        assert await renew(session, fresh["accessToken"]) == {"errors": [], "expiresAt": fresh["accessExpiresAt"]}


async def test_other_tokens_are_refused(server, alice, bob):
    other_session = (await log_in(server, alice))["tokens"]["accessToken"]
    header, claims = parts_of(alice.access_token)
    expired = signed(header, {**claims, "exp": int(now().timestamp()) - 1})

    async with socket(server, alice.access_token) as session:
        answers = [await renew(session, t) for t in (other_session, bob.access_token, "garbage", expired)]

    assert [a["errors"][0]["code"] for a in answers] == ["INVALID", "INVALID", "INVALID", "EXPIRED"]
    assert {tuple(a["errors"][0]["field"]) for a in answers} == {("input", "accessToken")}


async def test_there_is_nothing_to_renew_over_http(alice):
    failure = await alice.failed(RENEW, input={"accessToken": alice.access_token})
    assert failure["extensions"]["code"] == "BAD_REQUEST"
