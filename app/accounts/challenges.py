"""The second step of signing in: a challenge for those who have two factors, answered with a code."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from app.accounts.audit import AuditAction, note
from app.accounts.devices import DevicePlatform, Installation
from app.accounts.sessions import SignedIn, lock_user, open_session, opened
from app.accounts.two_factor import has_two_factor, use_code
from app.core import db, log
from app.core.clock import new_id, now
from app.core.errors import ErrorCode, UserFault
from app.core.graphql.ids import decode_id, encode_id
from app.core.runtime import current
from app.core.viewer import Client

_PREFIX = "chl"


@dataclass(slots=True, frozen=True)
class Challenge:
    """The first factor was right: `text` goes with the second to `verify_two_factor`."""

    text: str


async def sign_in(user_id: UUID, installation: Installation, client: Client, *, how: str) -> SignedIn | Challenge:
    """Inside a transaction that holds the user's lock, the first factor (`how`) being right: opens a session, or makes
    a challenge where there is a second. After the commit the caller calls `opened` with a session. LIMIT_REACHED.
    """
    if not await has_two_factor(user_id):
        return await open_session(user_id, installation, client, how=how)
    challenge_id, secret = new_id(), secrets.token_urlsafe(32)
    await db.execute(
        "INSERT INTO sign_in_challenge (id, secret_hash, user_id, installation_id, name, platform, attempts,"
        " expires_at) VALUES ($1, $2, $3, $4, $5, $6, 0, $7)",
        challenge_id, _hash(secret), user_id, installation.id, installation.name, installation.platform.value,
        now() + timedelta(seconds=current().settings.accounts.challenge_seconds),
    )  # fmt: skip
    return Challenge(f"{encode_id(_PREFIX, challenge_id)}.{secret}")


async def verify_two_factor(*, challenge: str, code: str, client: Client) -> SignedIn:
    """Signs in by the second factor: a code of the app, or a recovery code, which is used up.

    A try is counted in the statement that allows it, so any number of parallel guesses gets 5 answers. Raises
    WRONG_CODE, TOO_MANY_ATTEMPTS, EXPIRED for a challenge that is unknown, used or old, LIMIT_REACHED, RATE_LIMITED.
    """
    id_text, _, secret = challenge.partition(".")
    challenge_id = decode_id(_PREFIX, id_text)
    counted = await _count_try(challenge_id, secret) if challenge_id else None
    if challenge_id is None or counted is None:
        raise UserFault(ErrorCode.EXPIRED, "Sign in again: this took too long.", field=("challenge",))
    # Whoever knows the password may begin anew: tries are counted by account too.
    await current().limits.admit("twoFactorVerify", identifier=counted["user_id"].hex)
    installation = Installation(counted["installation_id"], counted["name"], DevicePlatform(counted["platform"]))
    try:
        return opened(await _answer(challenge_id, counted["user_id"], code, installation, client))
    except UserFault as fault:
        if fault.code is ErrorCode.WRONG_CODE:
            await note(counted["user_id"], AuditAction.SIGN_IN_FAILED, details="second factor")
        raise


@db.retried
async def _count_try(challenge_id: UUID, secret: str) -> db.Row | None:
    counted = await db.row(
        "UPDATE sign_in_challenge SET attempts = attempts + 1"
        " WHERE id = $1 AND secret_hash = $2 AND expires_at > $3 AND attempts < $4"
        " RETURNING user_id, installation_id, name, platform",
        challenge_id, _hash(secret), now(), current().settings.accounts.otp_attempts,
    )  # fmt: skip
    if counted is None:
        sql = "SELECT id FROM sign_in_challenge WHERE id = $1 AND secret_hash = $2 AND expires_at > $3"
        if await db.row(sql, challenge_id, _hash(secret), now()):
            raise UserFault(ErrorCode.TOO_MANY_ATTEMPTS, "Too many wrong codes: sign in again.", field=("code",))
        return None
    # RETURNING gives SQLite's ids as text.
    return {**counted, "user_id": UUID(str(counted["user_id"]))}


@db.retried
async def _answer(
    challenge_id: UUID, user_id: UUID, code: str, installation: Installation, client: Client
) -> SignedIn:  # fmt: skip
    async with log.transaction():
        await lock_user(user_id)
        if not await db.rows("DELETE FROM sign_in_challenge WHERE id = $1 RETURNING id", challenge_id):
            raise UserFault(ErrorCode.EXPIRED, "Sign in again: this was used.", field=("challenge",))
        if not await use_code(user_id, code):
            raise UserFault(ErrorCode.WRONG_CODE, "The code is wrong, or was used already.", field=("code",))
        return await open_session(user_id, installation, client, how="second factor")


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
