"""What a provider's answer must hold: each forged id_token is refused; keys are refetched with care; GitHub's API."""

from __future__ import annotations

import asyncio
import base64
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import httpx2
import pytest
import uvicorn
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from app.accounts.oauth_providers import Callback, GitHubProvider, Identity, OAuthProvider, OidcProvider
from app.core.clock import now
from app.core.errors import ErrorCode, UnavailableError, UserFault
from tests.running import _Quiet
from tests.servers import free_port

CALLBACK = Callback("code", "v" * 43, "https://chat.example/signed-in", "the nonce")
RSA, OTHER_RSA = (RSAKey.generate_key(2048, {"kid": kid, "use": "sig"}) for kid in ("one", "two"))


@dataclass
class StandIn:
    """An issuer and GitHub that say what a test wants."""

    url: str
    published: list[Any] = field(default_factory=lambda: [RSA])
    id_token: str | None = None
    asked: list[str] = field(default_factory=list)
    sent: dict[str, Any] = field(default_factory=dict)
    status: int = 200

    def claims(self, **changes: Any) -> dict[str, Any]:
        at = int(now().timestamp())
        fit = {"iss": self.url, "sub": "somebody", "aud": "me", "exp": at + 300, "iat": at, "nonce": CALLBACK.nonce}
        return {name: value for name, value in (fit | changes).items() if value is not None}

    async def answer(self, request: Request) -> JSONResponse:
        path = request.url.path
        self.asked.append(path)
        if request.method == "POST":
            self.sent = dict(parse_qsl((await request.body()).decode()))
        documents: dict[str, Any] = {
            "/.well-known/openid-configuration": {
                "issuer": self.url, "authorization_endpoint": f"{self.url}/auth", "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/keys",
            },
            "/keys": {"keys": [key.as_dict(private=False) for key in self.published]},
            "/token": {"access_token": "x", "id_token": self.id_token},
            "/login/oauth/access_token": {"access_token": "gh"},
            "/user": {"id": 42, "login": "octo", "name": None},
            "/user/emails": [
                {"email": "old@example.org", "primary": False, "verified": True},
                {"email": "octo@example.org", "primary": True, "verified": True},
            ],
        }  # fmt: skip
        return JSONResponse(documents[path], status_code=self.status if path != "/keys" else 200)


@asynccontextmanager
async def listening() -> AsyncIterator[StandIn]:
    port = free_port()
    stand_in = StandIn(f"http://127.0.0.1:{port}")
    app = Starlette(routes=[Route("/{path:path}", stand_in.answer, methods=["GET", "POST"])])
    server = _Quiet(uvicorn.Config(app, port=port, lifespan="off", loop="none", log_level="error"))
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.005)
    try:
        yield stand_in
    finally:
        server.should_exit = True
        await task


@pytest.fixture
async def issuer() -> AsyncIterator[StandIn]:
    async with listening() as stand_in:
        yield stand_in


@pytest.fixture
async def http() -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient() as client:
        yield client


@pytest.fixture
def provider(issuer, http) -> OidcProvider:
    return OidcProvider(OAuthProvider.OIDC, http, issuer=issuer.url, client_id="me", client_secret="mine")


def signed(claims: dict[str, Any], key: Any = RSA, **header: Any) -> str:
    return jwt.encode({"alg": "RS256", "kid": key.kid} | header, claims, key, algorithms=["RS256", "ES256", "HS256"])


async def refusal(provider: OidcProvider | GitHubProvider) -> ErrorCode:
    with pytest.raises(UserFault) as fault:
        await provider.identity(CALLBACK)
    return fault.value.code


async def test_a_fit_token_proves_who_it_is(issuer, provider):
    issuer.id_token = signed(issuer.claims(email="a@example.org", email_verified=True, name="Anna"))

    assert await provider.identity(CALLBACK) == Identity(issuer.url, "somebody", "Anna", "a@example.org")

    assert issuer.sent["code_verifier"] == CALLBACK.code_verifier
    assert issuer.sent["client_secret"] == "mine"


@pytest.mark.parametrize("verified", [False, None, "false", 1])
async def test_an_address_counts_only_when_it_is_verified(issuer, provider, verified):
    issuer.id_token = signed(issuer.claims(email="a@example.org", email_verified=verified))

    assert (await provider.identity(CALLBACK)).email is None


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://evil.example"}, {"iss": None}, {"aud": "another client"}, {"aud": None},
        {"aud": ["me", "another"]}, {"azp": "another"}, {"nonce": "another"}, {"nonce": None}, {"sub": None},
        {"sub": ""}, {"sub": 7}, {"sub": "x" * 256}, {"exp": 1}, {"exp": None}, {"iat": None}, {"iat": 2**33},
    ],
)  # fmt: skip
async def test_claims_that_do_not_fit_are_refused(issuer, provider, changes):
    issuer.id_token = signed(issuer.claims(**changes))

    assert await refusal(provider) == ErrorCode.WRONG_CODE


async def test_unsigned_and_wrongly_signed_tokens_are_refused(issuer, provider):
    claims = issuer.claims()
    body = signed(claims)
    forged = RSAKey.generate_key(2048, {"kid": "one"})
    none = body.split(".")[1]
    tokens = [
        signed(claims, forged),  # our key's name, another's signature
        _with_shared_secret(body, RSA.as_pem(private=False)),  # the public key as a shared secret
        f"eyJhbGciOiJub25lIn0.{none}.",  # {"alg":"none"}
        body[:-6] + "AAAAAA",
        "",
        "a.b.c",
        "not a token",
        None,
    ]
    for token in tokens:
        issuer.id_token = token
        assert await refusal(provider) == ErrorCode.WRONG_CODE


def _with_shared_secret(token: str, secret: bytes) -> str:
    """The token's claims signed by HS256, by hand: libraries refuse to."""
    header = base64.urlsafe_b64encode(b'{"alg":"HS256","kid":"one"}').rstrip(b"=").decode()
    text = f"{header}.{token.split('.')[1]}"
    return f"{text}.{base64.urlsafe_b64encode(hmac.digest(secret, text.encode(), 'sha256')).rstrip(b'=').decode()}"


async def test_a_new_key_is_looked_for_but_not_for_every_token(issuer, provider):
    issuer.id_token = signed(issuer.claims())
    await provider.identity(CALLBACK)
    issuer.published = [RSA, OTHER_RSA]
    issuer.id_token = signed(issuer.claims(), OTHER_RSA)

    # Just fetched: whoever sends tokens with made-up keys can't have us ask the issuer each time.
    assert await refusal(provider) == ErrorCode.WRONG_CODE
    assert issuer.asked.count("/keys") == 1
    for kept in provider._kept.values():
        kept.at -= 31
    assert (await provider.identity(CALLBACK)).subject == "somebody"
    await provider.identity(CALLBACK)
    assert issuer.asked.count("/keys") == 2
    assert issuer.asked.count("/.well-known/openid-configuration") == 1


async def test_keys_of_elliptic_curves_work_too(issuer, provider):
    key = ECKey.generate_key("P-256", {"kid": "ec", "use": "sig"})
    issuer.published, issuer.id_token = [RSA, key], signed(issuer.claims(), key, alg="ES256")

    assert (await provider.identity(CALLBACK)).subject == "somebody"


async def test_a_provider_in_trouble_is_unavailable_and_a_refusal_is_not(issuer, provider, http):
    issuer.id_token = signed(issuer.claims())
    await provider.identity(CALLBACK)
    issuer.status = 500
    with pytest.raises(UnavailableError):
        await provider.identity(CALLBACK)
    issuer.status = 400
    assert await refusal(provider) == ErrorCode.WRONG_CODE

    gone = OidcProvider(
        OAuthProvider.OIDC, http, issuer=f"http://127.0.0.1:{free_port()}", client_id="me", client_secret="x"
    )
    with pytest.raises(UnavailableError):
        await gone.identity(CALLBACK)


async def test_an_issuer_that_calls_itself_otherwise_is_not_believed(issuer, http):
    mixed_up = OidcProvider(
        OAuthProvider.OIDC, http, issuer=issuer.url.replace("127.0.0.1", "localhost"), client_id="me", client_secret="x"
    )

    with pytest.raises(UnavailableError):
        await mixed_up.identity(CALLBACK)


async def test_github_tells_who_it_is_by_its_api(issuer, http):
    github = GitHubProvider(http, client_id="me", client_secret="mine", site=issuer.url, api=issuer.url)

    url = await github.authorization_url(redirect_uri="https://a.example", state="s", nonce="n", code_challenge="c")
    identity = await github.identity(CALLBACK)

    assert url.startswith(f"{issuer.url}/login/oauth/authorize?client_id=me&")
    assert "code_challenge=c" in url
    assert identity == Identity("https://github.com", "42", "octo", "octo@example.org")
    assert issuer.sent["code_verifier"] == CALLBACK.code_verifier
