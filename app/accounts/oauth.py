"""Signing in with a provider (authorization code with PKCE), and linking one to an account.

Identities are known by issuer and subject. An e-mail address never links: whoever has one at a provider need not be who
registered it here.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from app.accounts.audit import AuditAction, note
from app.accounts.challenges import Challenge, sign_in
from app.accounts.devices import Installation
from app.accounts.identifiers import Identifier, check_display_name, check_email
from app.accounts.mails import notify
from app.accounts.oauth_providers import Callback, Identity, OAuthProvider, OAuthProviders, refused
from app.accounts.own_identifiers import other_way_in, ways_in
from app.accounts.service import NewUser, insert_user, opened_if_signed_in
from app.accounts.sessions import SignedIn, lock_user, open_session
from app.accounts.viewer_changes import record_viewer_change
from app.core import db, log
from app.core.clock import new_id, now
from app.core.errors import ErrorCode, UserFault
from app.core.runtime import current
from app.core.viewer import Client, Viewer

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


@dataclass(slots=True, frozen=True)
class BegunOAuth:
    """Where the person signs in, and the state that must come back."""

    authorization_url: str
    state: str


async def load_linked_providers(user_ids: Sequence[UUID]) -> list[list[OAuthProvider]]:
    """Batch function: the providers linked to each account, the oldest first."""
    found = await db.rows(
        "SELECT user_id, provider FROM linked_identity WHERE user_id = ANY($1::uuid[]) ORDER BY created_at, id",
        list(user_ids),
    )
    return [[OAuthProvider(r["provider"]) for r in found if r["user_id"] == user_id] for user_id in user_ids]


@other_way_in
async def count_linked(user_id: UUID) -> int:
    """In how many ways providers let the person in."""
    return len((await load_linked_providers([user_id]))[0])


# ── beginning ─────────────────────────────────────────────────────────────────────────────────────


async def begin_oauth(
    viewer: Viewer | None, *, provider: OAuthProvider, redirect_uri: str, code_challenge: str
) -> BegunOAuth:
    """A sign-in at a provider, for 10 minutes; with a viewer it will link the provider to their account.

    Raises NOT_FOUND for a provider that is not offered, INVALID for an address that the settings don't list or a
    malformed challenge, UNAVAILABLE.
    """
    chosen, settings = current().part(OAuthProviders).get(provider), current().settings.oauth
    if redirect_uri not in settings.redirect_uris:  # exactly: a prefix would let codes go elsewhere
        raise UserFault(ErrorCode.INVALID, "This server does not send people there.", field=("redirectUri",))
    if not _CHALLENGE.fullmatch(code_challenge):
        message = "Send the SHA-256 of the code verifier in base64url."
        raise UserFault(ErrorCode.INVALID, message, field=("codeChallenge",))
    state, nonce = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    url = await chosen.authorization_url(
        redirect_uri=redirect_uri, state=state, nonce=nonce, code_challenge=code_challenge
    )
    await _keep_attempt(
        _hash(state), provider.value, redirect_uri, nonce, code_challenge, viewer.user_id if viewer else None,
        now() + timedelta(seconds=settings.attempt_seconds),
    )  # fmt: skip
    return BegunOAuth(url, state)


@db.retried
async def _keep_attempt(*values: object) -> None:
    await db.execute(
        "INSERT INTO oauth_attempt (state_hash, provider, redirect_uri, nonce, code_challenge, user_id, expires_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
        *values,
    )


# ── completing ────────────────────────────────────────────────────────────────────────────────────


async def prove_identity(
    viewer: Viewer | None, *, provider: OAuthProvider, state: str, code: str, code_verifier: str
) -> Identity:
    """Uses a state up and has its provider say whose code this is.

    Raises EXPIRED for a state that is unknown, used, old, of another provider or begun by another person, INVALID for
    a verifier that does not fit, WRONG_CODE, UNAVAILABLE.
    """
    attempt = await _use_attempt(state)
    begun_by = UUID(str(attempt["user_id"])) if attempt and attempt["user_id"] else None
    # Begun by one and completed by another, it would link the attacker's identity to the victim's account.
    is_ours = begun_by == (viewer.user_id if viewer else None)
    if attempt is None or attempt["provider"] != provider.value or not is_ours:
        raise UserFault(ErrorCode.EXPIRED, "Begin again: this sign-in is too old.", field=("state",))
    digest = hashlib.sha256(code_verifier.encode("utf-8", "surrogatepass")).digest()
    fits = hmac.compare_digest(base64.urlsafe_b64encode(digest).rstrip(b"="), attempt["code_challenge"].encode())
    if not _VERIFIER.fullmatch(code_verifier) or not fits:
        raise UserFault(ErrorCode.INVALID, "This is not the verifier of the challenge.", field=("codeVerifier",))
    if not 0 < len(code) <= 4096 or not code.isascii():
        raise refused()
    callback = Callback(code, code_verifier, attempt["redirect_uri"], attempt["nonce"])
    return await current().part(OAuthProviders).get(provider).identity(callback)


@db.retried
async def _use_attempt(state: str) -> db.Row | None:
    return await db.row(
        "DELETE FROM oauth_attempt WHERE state_hash = $1 AND expires_at > $2"
        " RETURNING provider, redirect_uri, nonce, code_challenge, user_id",
        _hash(state),
        now(),
    )


async def sign_in_by_identity(
    identity: Identity, provider: OAuthProvider, *, installation: Installation, client: Client
) -> SignedIn | Challenge:
    """Signs in to the account that the identity is linked to, or makes one.

    Raises EMAIL_TAKEN when an account has the identity's e-mail address: it is for its owner to link them;
    LIMIT_REACHED.
    """
    return opened_if_signed_in(await _sign_in(identity, provider, installation, client))


@db.retried
async def _sign_in(
    identity: Identity, provider: OAuthProvider, installation: Installation, client: Client
) -> SignedIn | Challenge:
    async with log.transaction():
        user_id = await _owner(identity)
        if user_id is not None:
            await lock_user(user_id)
            if await _owner(identity) != user_id:
                raise UserFault(ErrorCode.CONFLICT, "This provider is being unlinked right now: try again.")
            return await sign_in(user_id, installation, client, how=provider.value)
        person = _new_user(identity)
        user_id = await insert_user(person)
        if user_id is None:
            message = "An account has this e-mail address: sign in to it, then link the provider."
            raise UserFault(ErrorCode.EMAIL_TAKEN, message)
        if not await _link(user_id, identity, provider):
            raise UserFault(ErrorCode.CONFLICT, "This person is signing in right now: try again.")
        return replace(await open_session(user_id, installation, client, how=provider.value), is_new_user=True)


async def link_identity(viewer: Viewer, identity: Identity, provider: OAuthProvider) -> None:
    """Lets the viewer sign in by the identity from now on; again is no error. Raises CONFLICT when it is somebody
    else's, ALREADY_EXISTS when the account has another one of this provider."""
    await _link_to_viewer(viewer, identity, provider)


@db.retried
async def _link_to_viewer(viewer: Viewer, identity: Identity, provider: OAuthProvider) -> None:
    async with log.transaction():
        await lock_user(viewer.user_id)
        if await _link(viewer.user_id, identity, provider):
            await note(viewer.user_id, AuditAction.PROVIDER_LINKED, by=viewer.user_id, details=provider.value)
            await notify(viewer.user_id, "PROVIDER_LINKED")
            record_viewer_change(viewer.user_id)
            return
        owner = await _owner(identity)
        if owner is None:
            raise UserFault(ErrorCode.ALREADY_EXISTS, "Another person of this provider is linked: remove them first.")
        if owner != viewer.user_id:
            raise UserFault(ErrorCode.CONFLICT, "Another account has linked this person.")


@db.retried
async def unlink_provider(viewer: Viewer, provider: OAuthProvider) -> None:
    """Has a provider sign in to the viewer's account no more. Raises NOT_FOUND when it is not linked, CONFLICT when
    nothing else would let them sign in."""
    async with log.transaction():
        await lock_user(viewer.user_id)
        if provider not in (await load_linked_providers([viewer.user_id]))[0]:
            raise UserFault(ErrorCode.NOT_FOUND, "This provider is not linked.", field=("provider",))
        if await ways_in(viewer.user_id) < 2:
            message = "This is your only way to sign in: set a password or add an address first."
            raise UserFault(ErrorCode.CONFLICT, message, field=("provider",))
        sql = "DELETE FROM linked_identity WHERE user_id = $1 AND provider = $2"
        await db.execute(sql, viewer.user_id, provider.value)
        await note(viewer.user_id, AuditAction.PROVIDER_UNLINKED, by=viewer.user_id, details=provider.value)
        record_viewer_change(viewer.user_id)


async def _owner(identity: Identity) -> UUID | None:
    found = await db.row(
        "SELECT l.user_id FROM linked_identity l JOIN user_account u ON u.id = l.user_id"
        " WHERE l.issuer = $1 AND l.subject = $2 AND u.deleted_at IS NULL",
        identity.issuer,
        identity.subject,
    )
    return found["user_id"] if found else None


async def _link(user_id: UUID, identity: Identity, provider: OAuthProvider) -> bool:
    """False when identity or provider is linked already."""
    linked = await db.rows(
        "INSERT INTO linked_identity (id, user_id, provider, issuer, subject, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING id",
        new_id(), user_id, provider.value, identity.issuer, identity.subject, now(),
    )  # fmt: skip
    return bool(linked)


def _new_user(identity: Identity) -> NewUser:
    """With the names and the address the provider vouches for, as far as they are fit."""
    name = f"user_{secrets.token_hex(5)}"
    shown, email = name, None
    try:
        shown = check_display_name(identity.name or name, current().settings.accounts)
        email = check_email(identity.email) if identity.email else None
    except UserFault:
        pass
    return NewUser(Identifier("username", name, name), shown, email=email, email_verified=email is not None)


def _hash(state: str) -> str:
    return hashlib.sha256(state.encode("utf-8", "surrogatepass")).hexdigest()
