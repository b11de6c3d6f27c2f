"""Tokens in mailed links: single use, expiring, stored as hashes, bound to a person, a purpose and an address."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from app.core import db
from app.core.clock import now
from app.core.errors import ErrorCode, UserFault
from app.core.runtime import current


class MailPurpose(StrEnum):
    """What a link is for: its token is none for the other."""

    VERIFY_EMAIL = "VERIFY_EMAIL"
    RESET_PASSWORD = "RESET_PASSWORD"  # noqa: S105 - a purpose, not a password


PATHS = {MailPurpose.VERIFY_EMAIL: "verify-email", MailPurpose.RESET_PASSWORD: "reset-password"}


@dataclass(slots=True, frozen=True)
class FoundToken:
    """A token that would work now."""

    token_hash: str
    user_id: UUID
    purpose: MailPurpose
    email_key: str


@db.retried
async def issue_link(user_id: UUID, purpose: MailPurpose, email_key: str) -> str:
    """A new token of the person's, in a link below `link_url` or `public_url` (never the Host header, which anybody can
    choose).

    It stands behind #, so that it reaches no server's log. Earlier links go on working until one is used.
    """
    token, at = secrets.token_urlsafe(32), now()
    await db.execute(
        "INSERT INTO mail_token (token_hash, user_id, purpose, email_key, expires_at, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6)",
        _hash(token), user_id, purpose.value, email_key, at + timedelta(seconds=seconds_of(purpose)), at,
    )  # fmt: skip
    settings = current().settings
    return f"{(settings.accounts.link_url or settings.public_url).rstrip('/')}/{PATHS[purpose]}#token={token}"


def seconds_of(purpose: MailPurpose) -> int:
    """How long a link of this purpose lives."""
    settings = current().settings.accounts
    if purpose is MailPurpose.VERIFY_EMAIL:
        return settings.verify_email_seconds
    return settings.reset_password_seconds


@db.retried
async def find_token(token: str, purpose: MailPurpose) -> FoundToken:
    """The token's row. Raises EXPIRED for every token that does not work: used, too old, of another purpose, none."""
    found = await db.row(
        "SELECT token_hash, user_id, email_key FROM mail_token WHERE token_hash = $1 AND purpose = $2"
        " AND expires_at > $3",
        _hash(token.strip()[:128]),
        purpose.value,
        now(),
    )
    if found is None:
        raise dead_link()
    return FoundToken(found["token_hash"], found["user_id"], purpose, found["email_key"])


async def use_token(found: FoundToken) -> None:
    """Inside a transaction that holds the person's lock: uses it up, and the person's other links of the purpose.

    Raises EXPIRED when another request was first, or the address is no longer theirs.
    """
    used = await db.rows("DELETE FROM mail_token WHERE token_hash = $1 RETURNING token_hash", found.token_hash)
    sql = "SELECT id FROM user_account WHERE id = $1 AND email_key = $2 AND deleted_at IS NULL"
    if not used or await db.row(sql, found.user_id, found.email_key) is None:
        raise dead_link()
    await drop_tokens(found.user_id, found.purpose)


async def drop_tokens(user_id: UUID, purpose: MailPurpose) -> None:
    """Inside a transaction: the person's links of this purpose stop working."""
    await db.execute("DELETE FROM mail_token WHERE user_id = $1 AND purpose = $2", user_id, purpose.value)


def dead_link() -> UserFault:
    """The one answer to every token that does not work."""
    return UserFault(ErrorCode.EXPIRED, "This link no longer works: ask for a new one.", field=("token",))


def _hash(token: str) -> str:
    """A plain hash will do: the token has 256 bits, nothing can be guessed."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
