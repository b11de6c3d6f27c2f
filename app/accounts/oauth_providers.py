"""Providers of identities: OpenID Connect issuers and GitHub. Exchanges a code for who it proves.

Everything a provider says is checked: the issuer's own documents, the signature against its keys, whom and what the
token is for. Addresses of hosts come from the operator's settings, never from a client.
"""

from __future__ import annotations

import asyncio
import hmac
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx2
import structlog
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import ECKey, KeySet

from app.core.clock import now
from app.core.errors import ErrorCode, UnavailableError, UserFault
from app.settings import OAuthSettings

logger = structlog.get_logger("accounts")
ALGORITHMS = ("RS256", "ES256")  # pinned: a token does not choose how it is checked
_SKEW_SECONDS = 60
_KEPT_SECONDS = 3600  # discovery documents and keys
_REFETCH_SECONDS = 30  # the least time between two looks for an unknown key
_TIMEOUT = 5.0
_MOST_BYTES = 512 * 1024


class OAuthProvider(StrEnum):
    """Where somebody may come from."""

    GOOGLE = "GOOGLE"
    APPLE = "APPLE"
    GITHUB = "GITHUB"
    MICROSOFT = "MICROSOFT"
    OIDC = "OIDC"


@dataclass(slots=True, frozen=True)
class Identity:
    """Who a code proved. `email` only when the provider says that it is verified."""

    issuer: str
    subject: str
    name: str | None
    email: str | None


@dataclass(slots=True, frozen=True)
class Callback:
    """What came back from a provider, with what was sent there: for one exchange."""

    code: str
    code_verifier: str
    redirect_uri: str
    nonce: str


@dataclass(slots=True)
class _Kept:
    """A document of a provider, and when it was fetched."""

    value: Any
    at: float


class OidcProvider:
    """An OpenID Connect issuer."""

    def __init__(
        self, name: OAuthProvider, http: httpx2.AsyncClient, *, issuer: str, client_id: str, client_secret: str,
        scope: str = "openid email profile",
    ) -> None:  # fmt: skip
        self.name = name
        self.client_id = client_id
        self._http = http
        self._issuer = issuer.rstrip("/")
        self._client_secret = client_secret
        self._scope = scope
        self._kept: dict[str, _Kept] = {}
        self._fetching = asyncio.Lock()

    async def authorization_url(self, *, redirect_uri: str, state: str, nonce: str, code_challenge: str) -> str:
        """Where the person signs in. Raises UNAVAILABLE when the issuer can't be reached."""
        asked = {
            "response_type": "code", "client_id": self.client_id, "redirect_uri": redirect_uri, "scope": self._scope,
            "state": state, "nonce": nonce, "code_challenge": code_challenge, "code_challenge_method": "S256",
        }  # fmt: skip
        return _with_query(self._endpoint(await self._discovery(), "authorization_endpoint"), asked)

    async def identity(self, callback: Callback) -> Identity:
        """Who the code proves. Raises WRONG_CODE when the issuer or our checks refuse it, UNAVAILABLE."""
        discovery = await self._discovery()
        answer = await _post(self._http, self._endpoint(discovery, "token_endpoint"), self._token_request(callback))
        claims = await self._verified(answer.get("id_token"), discovery, callback.nonce)
        is_verified = claims.get("email_verified") is True or claims.get("email_verified") == "true"
        email = claims.get("email") if is_verified else None
        name = claims.get("name")
        return Identity(
            claims["iss"], claims["sub"], name if isinstance(name, str) else None,
            email if isinstance(email, str) else None,
        )  # fmt: skip

    def secret(self) -> str:
        """The client's secret at the token endpoint."""
        return self._client_secret

    def _token_request(self, callback: Callback) -> dict[str, str]:
        return {
            "grant_type": "authorization_code", "code": callback.code, "redirect_uri": callback.redirect_uri,
            "code_verifier": callback.code_verifier, "client_id": self.client_id, "client_secret": self.secret(),
        }  # fmt: skip

    # ── the token ─────────────────────────────────────────────────────────────────────────────────

    async def _verified(self, token: object, discovery: Mapping[str, Any], nonce: str) -> Mapping[str, Any]:
        try:
            if not isinstance(token, str):
                raise ValueError("no id_token")
            claims = (await self._decoded(token, discovery)).claims
            registry = jwt.JWTClaimsRegistry(
                now=int(now().timestamp()), leeway=_SKEW_SECONDS,
                iss={"essential": True}, sub={"essential": True}, aud={"essential": True}, exp={"essential": True},
                iat={"essential": True}, nonce={"essential": True},
            )  # fmt: skip
            registry.validate(claims)
            self._check_claims(claims, discovery, nonce)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            logger.warning("id_token refused", provider=self.name.value, why=f"{type(error).__name__}: {error}"[:200])
            raise refused() from error
        return claims

    def _check_claims(self, claims: Mapping[str, Any], discovery: Mapping[str, Any], nonce: str) -> None:
        issuer = str(discovery["issuer"]).replace("{tenantid}", str(claims.get("tid")))  # Microsoft's, for any tenant
        audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
        if claims["iss"] != issuer:
            raise ValueError("another issuer")
        if self.client_id not in audience or claims.get("azp", self.client_id) != self.client_id:
            raise ValueError("for another client")
        if len(audience) > 1 and "azp" not in claims:
            raise ValueError("for several clients")
        if not isinstance(claims["nonce"], str) or not hmac.compare_digest(claims["nonce"].encode(), nonce.encode()):
            raise ValueError("another nonce")
        if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= 255:
            raise ValueError("no subject")

    async def _decoded(self, token: str, discovery: Mapping[str, Any]) -> jwt.Token:
        keys = await self._keys(discovery)
        try:
            return jwt.decode(token, keys, algorithms=ALGORITHMS)
        except (InvalidKeyIdError, ValueError):  # a key we have not heard of: they are rotated
            return jwt.decode(token, await self._keys(discovery, afresh=True), algorithms=ALGORITHMS)

    # ── documents of the issuer ───────────────────────────────────────────────────────────────────

    async def _discovery(self) -> Mapping[str, Any]:
        found = await self._document(f"{self._issuer}/.well-known/openid-configuration", _KEPT_SECONDS)
        issuer = str(found.get("issuer", "")).rstrip("/")
        if issuer != self._issuer and "{tenantid}" not in issuer:
            logger.error("an OpenID issuer calls itself otherwise", provider=self.name.value, issuer=issuer)
            raise UnavailableError("This way to sign in is set up wrongly.", retry_after=None)
        return found

    async def _keys(self, discovery: Mapping[str, Any], *, afresh: bool = False) -> KeySet:
        url = self._endpoint(discovery, "jwks_uri")
        found = await self._document(url, _REFETCH_SECONDS if afresh else _KEPT_SECONDS)
        usable = [key for key in found.get("keys", ()) if key.get("kty") in ("RSA", "EC") and key.get("use") != "enc"]
        return KeySet.import_key_set({"keys": usable})

    async def _document(self, url: str, seconds: float) -> Mapping[str, Any]:
        """A document at most so old, fetched by one for all who wait."""
        async with self._fetching:
            kept = self._kept.get(url)
            if kept is None or time.monotonic() - kept.at > seconds:
                kept = self._kept[url] = _Kept(await _get(self._http, url), time.monotonic())
        return kept.value  # type: ignore[no-any-return]

    def _endpoint(self, discovery: Mapping[str, Any], name: str) -> str:
        """An address from the discovery document: https, unless the issuer itself is a local one without."""
        url = str(discovery.get(name, ""))
        if urlsplit(url).scheme != "https" and urlsplit(self._issuer).scheme == "https":
            raise UnavailableError("This way to sign in is set up wrongly.", retry_after=None)
        return url


class AppleProvider(OidcProvider):
    """Apple, whose client secret is a token signed with the developer's key. Its scopes need a form post to a server,
    so none is asked for: Apple tells the subject only."""

    def __init__(self, http: httpx2.AsyncClient, settings: OAuthSettings) -> None:
        super().__init__(
            OAuthProvider.APPLE, http, issuer="https://appleid.apple.com", client_id=settings.apple_client_id,
            client_secret="", scope="openid",
        )  # fmt: skip
        self._settings = settings

    def secret(self) -> str:
        """Good for the one request it is made for."""
        at = int(now().timestamp())
        claims = {
            "iss": self._settings.apple_team_id, "iat": at, "exp": at + 300, "aud": "https://appleid.apple.com",
            "sub": self.client_id,
        }  # fmt: skip
        key = ECKey.import_key(self._settings.apple_private_key.replace("\\n", "\n"))
        return jwt.encode({"alg": "ES256", "kid": self._settings.apple_key_id}, claims, key)


class GitHubProvider:
    """GitHub, which has OAuth without OpenID: who it is comes from its API."""

    name = OAuthProvider.GITHUB
    issuer = "https://github.com"

    def __init__(
        self, http: httpx2.AsyncClient, *, client_id: str, client_secret: str, site: str = "https://github.com",
        api: str = "https://api.github.com",
    ) -> None:  # fmt: skip
        self._http = http
        self._client_id = client_id
        self._client_secret = client_secret
        self._site = site
        self._api = api

    async def authorization_url(self, *, redirect_uri: str, state: str, nonce: str, code_challenge: str) -> str:
        """Where the person signs in. There is no nonce: no token comes through the browser."""
        asked = {
            "client_id": self._client_id, "redirect_uri": redirect_uri, "scope": "read:user user:email",
            "state": state, "code_challenge": code_challenge, "code_challenge_method": "S256",
        }  # fmt: skip
        return _with_query(f"{self._site}/login/oauth/authorize", asked)

    async def identity(self, callback: Callback) -> Identity:
        """Who the code proves. Raises WRONG_CODE when GitHub refuses it, UNAVAILABLE."""
        sent = {
            "client_id": self._client_id, "client_secret": self._client_secret, "code": callback.code,
            "redirect_uri": callback.redirect_uri, "code_verifier": callback.code_verifier,
        }  # fmt: skip
        token = (await _post(self._http, f"{self._site}/login/oauth/access_token", sent)).get("access_token")
        if not isinstance(token, str):
            raise refused()
        headers = {"authorization": f"Bearer {token}"}
        user = await _get(self._http, f"{self._api}/user", headers)
        emails = await _get(self._http, f"{self._api}/user/emails", headers)
        if not isinstance(user, Mapping) or not isinstance(user.get("id"), int):
            raise refused()
        name = user.get("name") or user.get("login")
        return Identity(self.issuer, str(user["id"]), name if isinstance(name, str) else None, _primary(emails))


def _primary(emails: object) -> str | None:
    found = [e for e in emails if isinstance(e, Mapping)] if isinstance(emails, list) else []
    verified = [e["email"] for e in found if e.get("primary") and e.get("verified") and isinstance(e.get("email"), str)]
    return verified[0] if verified else None


Provider = OidcProvider | GitHubProvider


class OAuthProviders:
    """The providers that the settings name. One per process; closed with it."""

    def __init__(self, settings: OAuthSettings) -> None:
        self._http = httpx2.AsyncClient(timeout=_TIMEOUT, follow_redirects=False)
        self._providers = {p.name: p for p in _configured(settings, self._http)}

    @property
    def names(self) -> Sequence[OAuthProvider]:
        """Those one can sign in with."""
        return list(self._providers)

    def get(self, name: OAuthProvider) -> Provider:
        """A provider. Raises NOT_FOUND when the settings don't have it."""
        if name not in self._providers:
            raise UserFault(ErrorCode.NOT_FOUND, "This server does not offer this provider.", field=("provider",))
        return self._providers[name]

    async def close(self) -> None:
        """Closes the connections."""
        await self._http.aclose()


def _configured(s: OAuthSettings, http: httpx2.AsyncClient) -> list[Provider]:
    found: list[Provider] = []
    if s.google_client_id:
        found.append(OidcProvider(
            OAuthProvider.GOOGLE, http, issuer="https://accounts.google.com", client_id=s.google_client_id,
            client_secret=s.google_client_secret,
        ))  # fmt: skip
    if s.apple_client_id:
        found.append(AppleProvider(http, s))
    if s.github_client_id:
        found.append(GitHubProvider(http, client_id=s.github_client_id, client_secret=s.github_client_secret))
    if s.microsoft_client_id:
        found.append(OidcProvider(
            OAuthProvider.MICROSOFT, http, issuer=f"https://login.microsoftonline.com/{s.microsoft_tenant}/v2.0",
            client_id=s.microsoft_client_id, client_secret=s.microsoft_client_secret,
        ))  # fmt: skip
    if s.oidc_issuer:
        found.append(OidcProvider(
            OAuthProvider.OIDC, http, issuer=s.oidc_issuer, client_id=s.oidc_client_id,
            client_secret=s.oidc_client_secret,
        ))  # fmt: skip
    return found


def refused() -> UserFault:
    """The provider or our checks refuse a code; why is for the log."""
    return UserFault(ErrorCode.WRONG_CODE, "The provider did not confirm this sign-in: try again.", field=("code",))


async def _get(http: httpx2.AsyncClient, url: str, headers: Mapping[str, str] | None = None) -> Any:
    try:
        response = await http.get(url, headers={"accept": "application/json", **(headers or {})})
        response.raise_for_status()
        return _json(response)
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
        logger.warning("provider unreachable", url=url, error=type(error).__name__)
        raise UnavailableError("This way to sign in does not answer: try again.") from error


async def _post(http: httpx2.AsyncClient, url: str, form: Mapping[str, str]) -> Mapping[str, Any]:
    """A token endpoint's answer. 4xx is its refusal of the code; anything else is trouble."""
    try:
        response = await http.post(url, data=dict(form), headers={"accept": "application/json"})
        if 400 <= response.status_code < 500:
            logger.warning("code refused by provider", url=url, status=response.status_code)
            raise refused()
        response.raise_for_status()
        answer = _json(response)
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
        logger.warning("provider unreachable", url=url, error=type(error).__name__)
        raise UnavailableError("This way to sign in does not answer: try again.") from error
    return answer if isinstance(answer, dict) else {}


def _json(response: httpx2.Response) -> Any:
    if len(response.content) > _MOST_BYTES:
        raise ValueError("too long")
    return response.json()


def _with_query(url: str, asked: Mapping[str, str]) -> str:
    return f"{url}{'&' if '?' in url else '?'}{urlencode(asked)}"
