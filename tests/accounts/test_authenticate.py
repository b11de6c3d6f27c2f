"""Access tokens: what is believed and what is not."""

import asyncio
import base64
import json
from datetime import timedelta

import jwt
import pytest
from gql.transport.exceptions import TransportQueryError

from app.accounts.tokens import ALGORITHM, AUDIENCE, ISSUER, TOKEN_TYPE, Tokens, derive_key
from app.core import db
from app.core.clock import now
from tests.accounts.support import log_in, user_uuid
from tests.client import ask, signed_out
from tests.running import SECRET

KEY = derive_key(SECRET, "access tokens")


async def refusal(server, token: str) -> str:
    async with signed_out(server, token) as session:
        with pytest.raises(TransportQueryError) as refused:
            await ask(session, "{ viewer { id } }")
    return refused.value.errors[0]["extensions"]["code"]


def parts_of(token: str) -> tuple[dict, dict]:
    return jwt.get_unverified_header(token), jwt.decode(token, options={"verify_signature": False})


def signed(header: dict, claims: dict, key: bytes = KEY, algorithm: str = ALGORITHM) -> str:
    return jwt.encode(claims, key, algorithm=algorithm, headers=header)


def unsigned(header: dict, claims: dict) -> str:
    def text(part: dict) -> str:
        return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()

    return f"{text(header)}.{text(claims)}."


async def test_a_token_says_who_on_which_device_in_which_session(server, alice):
    header, claims = parts_of(alice.access_token)

    assert set(header) == {"alg", "typ", "kid"}
    assert (header["alg"], header["typ"]) == (ALGORITHM, TOKEN_TYPE)
    assert (claims["iss"], claims["aud"]) == (ISSUER, AUDIENCE)
    assert claims["uid"] == user_uuid(alice).hex
    assert claims["exp"] - claims["iat"] == 900
    viewer = await server.runtime.part(Tokens).authenticate(signed(header, claims))
    assert viewer.user_id == user_uuid(alice)
    assert viewer.device_id.hex == claims["did"]
    assert viewer.session_id.hex == claims["sid"]


async def test_forged_tokens_are_no_tokens(server, alice):
    header, claims = parts_of(alice.access_token)
    other = b"another key of 32 bytes or more, really"
    forged = {
        "alg none": unsigned({**header, "alg": "none"}, claims),
        "other key": signed(header, claims, other),
        "other algorithm": signed(header, claims, KEY * 2, "HS512"),
        "other kid": signed({**header, "kid": "../../dev/null"}, claims),
        "no kid": signed({"typ": TOKEN_TYPE}, claims),
        "other type": signed({**header, "typ": "JWT"}, claims),
        "other issuer": signed(header, {**claims, "iss": "somebody"}),
        "other audience": signed(header, {**claims, "aud": "elsewhere"}),
        "no expiry": signed(header, {k: v for k, v in claims.items() if k != "exp"}),
        "no session": signed(header, {k: v for k, v in claims.items() if k != "sid"}),
        "session of a wrong type": signed(header, {**claims, "sid": 7}),
        "expiry of a wrong type": signed(header, {**claims, "exp": "soon"}),
        "expiry beyond time": signed(header, {**claims, "exp": 10**18}),
        "changed claims": ".".join(
            [alice.access_token.split(".")[0], unsigned({}, {**claims, "exp": claims["exp"] + 9}).split(".")[1],
             alice.access_token.split(".")[2]]
        ),
        "garbage": "garbage", "dots": "..", "long": "a" * 5000, "refresh token": alice.refresh_token,
    }  # fmt: skip

    codes = {name: await refusal(server, token) for name, token in forged.items()}

    assert codes == dict.fromkeys(forged, "UNAUTHENTICATED")


async def test_an_expired_token_asks_for_a_refresh(server, alice):
    header, claims = parts_of(alice.access_token)
    expired = signed(header, {**claims, "exp": int(now().timestamp()) - 1})

    assert await refusal(server, expired) == "SESSION_EXPIRED"
    assert await refusal(server, expired) == "SESSION_EXPIRED"  # remembered, and still judged by the time


async def test_an_expired_token_with_a_bad_signature_is_no_token(server, alice):
    header, claims = parts_of(alice.access_token)
    assert await refusal(server, signed(header, {**claims, "exp": 1}, b"another key" * 3)) == "UNAUTHENTICATED"


async def test_a_session_this_process_has_never_seen_is_looked_up_once_for_all_who_ask(server, alice):
    tokens = Tokens(server.runtime.settings.accounts, SECRET)

    viewers = await asyncio.gather(*(tokens.authenticate(alice.access_token) for _ in range(50)))

    assert {v.user_id for v in viewers} == {user_uuid(alice)}


async def test_an_ended_session_is_refused_by_a_process_that_has_never_seen_it(server, alice):
    tokens = Tokens(server.runtime.settings.accounts, SECRET)
    viewer = await tokens.authenticate(alice.access_token)
    await db.execute("UPDATE session SET ended_at = $1 WHERE id = $2", now(), viewer.session_id)

    assert await refusal_of(Tokens(server.runtime.settings.accounts, SECRET), alice.access_token) == "SESSION_REVOKED"
    await tokens.authenticate(alice.access_token)  # remembered until the SESSION_ENDING row is dispatched
    tokens.forget([viewer.session_id])
    assert await refusal_of(tokens, alice.access_token) == "SESSION_REVOKED"


async def refusal_of(tokens: Tokens, token: str) -> str:
    with pytest.raises(Exception, match="ended") as refused:
        await tokens.authenticate(token)
    return refused.value.code


async def test_an_access_token_never_outlives_its_session(server, alice):
    tokens, at = server.runtime.part(Tokens), now()
    viewer = await tokens.authenticate(alice.access_token)
    until = at + timedelta(seconds=5)

    issued = tokens.issue(viewer.user_id, viewer.device_id, viewer.session_id, until=until)

    assert issued.expires_at <= until


async def test_tokens_of_other_people_are_other_people(server, alice, bob):
    payload = await log_in(server, bob)
    async with signed_out(server, payload["tokens"]["accessToken"]) as session:
        assert (await ask(session, "{ viewer { user { id } } }"))["viewer"]["user"]["id"] == bob.id != alice.id
