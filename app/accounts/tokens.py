"""Tokens: signed access tokens, refresh tokens and their successors, and the process's memory of who is signed in."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import secrets
import time
from collections import OrderedDict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar
from uuid import UUID

import jwt
import orjson
from asyncpg.pgproto.pgproto import UUID as PgUUID

from app.core import db
from app.core.clock import now
from app.core.errors import SessionExpiredError, SessionRevokedError, UnauthenticatedError
from app.core.graphql.ids import decode_id, encode_id
from app.core.log import Event
from app.core.runtime import current
from app.core.viewer import Viewer
from app.settings import AccountSettings

ALGORITHM = "HS256"
ISSUER = "parley"
AUDIENCE = "parley:api"
TOKEN_TYPE = "at+jwt"  # noqa: S105 - the media type of RFC 9068, so that no other kind of token is taken for an access token
TOKEN_LENGTH = 2048
_REFRESH_PREFIX = "rt"

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


def derive_key(secret: str, purpose: str) -> bytes:
    """A key of its own for each purpose from the server's one secret."""
    return hmac.digest(secret.encode(), f"parley {purpose}".encode(), "sha256")


@dataclass(slots=True, frozen=True)
class AccessToken:
    """A signed access token and when it ends."""

    text: str
    expires_at: datetime


class _Recent(Generic[K, V]):
    """The last `limit` things looked at; older ones are forgotten."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._kept: OrderedDict[K, V] = OrderedDict()

    def get(self, key: K) -> V | None:
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def put(self, key: K, value: V) -> None:
        self._kept[key] = value
        self._kept.move_to_end(key)
        if len(self._kept) > self._limit:
            self._kept.popitem(last=False)

    def drop(self, key: K) -> None:
        self._kept.pop(key, None)


class Tokens:
    """Makes and verifies tokens. One per process; the SESSION_ENDING rows dispatched to it correct its memory."""

    # A session believed live is looked up again after this: what was not dispatched (a foreign log) must not live on.
    RECHECK_SECONDS = 60
    REMEMBERED = 20_000

    def __init__(self, settings: AccountSettings, secret: str) -> None:
        self._settings = settings
        self._access_key = derive_key(secret, "access tokens")
        self._refresh_key = derive_key(secret, "refresh tokens")
        self._key_id = hashlib.sha256(self._access_key).hexdigest()[:8]
        self._header = self._sign({}).partition(".")[0]
        self._verified: _Recent[str, Viewer] = _Recent(self.REMEMBERED)
        self._live: _Recent[UUID, float] = _Recent(self.REMEMBERED)
        self._ended: _Recent[UUID, bool] = _Recent(self.REMEMBERED)
        self._asked: dict[UUID, list[asyncio.Future[bool]]] = {}
        self._asking: asyncio.Task[None] | None = None

    # ── access tokens ─────────────────────────────────────────────────────────────────────────────

    def issue(self, user_id: UUID, device_id: UUID, session_id: UUID, *, until: datetime) -> AccessToken:
        """A signed token of `access_token_seconds`, never beyond the session's own end."""
        at = now()
        ends = min(at + timedelta(seconds=self._settings.access_token_seconds), until)
        claims = {
            "iss": ISSUER, "aud": AUDIENCE, "iat": int(at.timestamp()), "exp": int(ends.timestamp()),
            "uid": user_id.hex, "did": device_id.hex, "sid": session_id.hex,
        }  # fmt: skip
        return AccessToken(self._sign(claims), datetime.fromtimestamp(claims["exp"], UTC))  # type: ignore[arg-type]

    def _sign(self, claims: dict[str, Any]) -> str:
        headers = {"kid": self._key_id, "typ": TOKEN_TYPE}
        return jwt.encode(claims, self._access_key, algorithm=ALGORITHM, headers=headers)

    async def authenticate(self, token: str) -> Viewer:
        """Who a token stands for. Raises UNAUTHENTICATED, SESSION_EXPIRED or SESSION_REVOKED."""
        viewer = self._verified.get(token)
        if viewer is None:
            viewer = self._verify(token)
            self._verified.put(token, viewer)
        if viewer.expires_at <= now():
            raise SessionExpiredError
        if self._ended.get(viewer.session_id):
            raise SessionRevokedError
        checked = self._live.get(viewer.session_id) or -self.RECHECK_SECONDS
        if time.monotonic() - checked > self.RECHECK_SECONDS and not await self._is_live(viewer.session_id):
            raise SessionRevokedError
        return viewer

    def _verify(self, token: str) -> Viewer:
        """Checks everything but the time, which moves on while the answer is remembered."""
        if len(token) > TOKEN_LENGTH:
            raise UnauthenticatedError
        try:
            claims = self._own_claims(token) or self._decode(token)
            return Viewer(
                PgUUID(claims["uid"]),
                PgUUID(claims["sid"]),
                PgUUID(claims["did"]),
                datetime.fromtimestamp(claims["exp"], UTC),
            )
        except (jwt.PyJWTError, ValueError, KeyError, TypeError, AttributeError, OverflowError, OSError):
            raise UnauthenticatedError from None

    def _own_claims(self, token: str) -> dict[str, Any] | None:
        """The claims of a token spelled as this server spells them; None: look closer. A reconnecting crowd brings
        thousands at once, and PyJWT takes some ten times as long."""
        signed, _, signature = token.rpartition(".")
        header, _, body = signed.partition(".")
        if header != self._header:
            return None
        expected = base64.urlsafe_b64encode(hmac.digest(self._access_key, signed.encode(), "sha256")).rstrip(b"=")
        if not hmac.compare_digest(expected, signature.encode()):
            return None
        claims: dict[str, Any] = orjson.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        is_ours = claims["iss"] == ISSUER and claims["aud"] == AUDIENCE and "iat" in claims
        return claims if is_ours else None

    def _decode(self, token: str) -> dict[str, Any]:
        header = jwt.get_unverified_header(token)
        if header.get("kid") != self._key_id or header.get("typ") != TOKEN_TYPE:
            raise UnauthenticatedError
        claims: dict[str, Any] = jwt.decode(
            token,
            self._access_key,
            algorithms=[ALGORITHM],
            issuer=ISSUER,
            audience=AUDIENCE,
            options={"require": ["exp", "iat", "iss", "aud"], "verify_exp": False, "verify_iat": False},
        )
        return claims

    # ── who is signed in ──────────────────────────────────────────────────────────────────────────

    def remember(self, session_id: UUID) -> None:
        """A session this process has just committed: nobody need look it up."""
        self._live.put(session_id, time.monotonic())

    def forget(self, session_ids: Iterable[UUID]) -> None:
        """Sessions that ended: their tokens are refused from now on."""
        for session_id in session_ids:
            self._ended.put(session_id, True)
            self._live.drop(session_id)

    def on_event(self, event: Event) -> None:
        """Listens to what the follower dispatches."""
        if event.kind == "SESSION_ENDING":
            self.forget([UUID(event.payload["sessionId"])])

    async def _is_live(self, session_id: UUID) -> bool:
        """Asks the database, in one statement for all who ask in the same tick (a storm of reconnects does)."""
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._asked.setdefault(session_id, []).append(answer)
        if self._asking is None:
            self._asking = asyncio.create_task(self._ask())
        return await answer

    async def _ask(self) -> None:
        await asyncio.sleep(0)
        asked, self._asked, self._asking = self._asked, {}, None
        try:
            live = await _live_sessions(list(asked))
        except Exception as error:
            for answer in (a for answers in asked.values() for a in answers if not a.done()):
                answer.set_exception(error)
            return
        for session_id, answers in asked.items():
            # One may have ended while we were reading: the dispatch was first, and it is right.
            good = session_id in live and not self._ended.get(session_id)
            if good:
                self.remember(session_id)
            for answer in (a for a in answers if not a.done()):
                answer.set_result(good)

    # ── refresh tokens ────────────────────────────────────────────────────────────────────────────

    @staticmethod
    def first_refresh(session_id: UUID) -> str:
        """A session's first refresh token: its id, and 256 random bits."""
        return f"{encode_id(_REFRESH_PREFIX, session_id)}.{_text(secrets.token_bytes(32))}"

    def successor(self, refresh_token: str) -> str:
        """The token that follows. Made from the one before with the server's key: two tabs that refresh at once get the
        same, though only hashes are stored."""
        session_text, _, _ = refresh_token.partition(".")
        return f"{session_text}.{_text(hmac.digest(self._refresh_key, refresh_token.encode(), 'sha256'))}"

    @staticmethod
    def session_of(refresh_token: str) -> UUID | None:
        """The session a refresh token names; None when it is malformed."""
        session_text, dot, secret = refresh_token.partition(".")
        return decode_id(_REFRESH_PREFIX, session_text) if dot and len(secret) == 43 and secret.isascii() else None

    @staticmethod
    def hash_refresh(refresh_token: str) -> str:
        """What is stored. A plain hash will do: the secret has 256 bits, nothing can be guessed."""
        return hashlib.sha256(refresh_token.encode()).hexdigest()


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@db.retried
async def _live_sessions(ids: list[UUID]) -> set[UUID]:
    found = await db.rows(
        "SELECT id FROM session WHERE id = ANY($1) AND ended_at IS NULL AND expires_at > $2", ids, now()
    )
    return {r["id"] for r in found}


async def authenticate(token: str) -> Viewer:
    """Who an access token stands for, in the current process.

    Raises UNAUTHENTICATED (not one of ours), SESSION_EXPIRED (refresh it) or SESSION_REVOKED (sign in again).
    """
    return await current().part(Tokens).authenticate(token)
