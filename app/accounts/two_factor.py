"""Two factors: the authenticator's secret and codes (TOTP, RFC 6238), and the recovery codes that stand in for it."""

from __future__ import annotations

import base64
import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pyotp
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.accounts.audit import AuditAction, note
from app.accounts.mails import notify
from app.accounts.reauthentication import check_own_password
from app.accounts.sessions import lock_user
from app.accounts.tokens import derive_key
from app.accounts.viewer_changes import record_viewer_change
from app.core import db, log
from app.core.clock import now
from app.core.errors import ErrorCode, UserFault
from app.core.runtime import current
from app.core.viewer import Viewer

_STEP_SECONDS = 30
_CLOCK_SKEW = 1  # steps that a phone's clock may be wrong by, either way
_NONCE_BYTES = 12
_RECOVERY_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another
_FIELD = ("code",)


class Seals:
    """A process's keys for what is stored of second factors."""

    def __init__(self, secret: str) -> None:
        self._cipher = AESGCM(derive_key(secret, "two factor secrets"))
        self._hash_key = derive_key(secret, "recovery codes")

    def seal(self, user_id: UUID, secret: str) -> str:
        """A secret as it is stored; it opens for the same person only."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = nonce + self._cipher.encrypt(nonce, secret.encode(), user_id.bytes)
        return base64.b64encode(sealed).decode()

    def open(self, user_id: UUID, sealed: str) -> str | None:
        """The secret; None when it was sealed with another key or for somebody else."""
        raw = base64.b64decode(sealed)
        try:
            return self._cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], user_id.bytes).decode()
        except InvalidTag:
            return None

    def hash_recovery(self, user_id: UUID, code: str) -> str:
        """What is stored of a recovery code (without separators, in lower case)."""
        return hmac.digest(self._hash_key, user_id.bytes + code.encode("utf-8", "surrogatepass"), "sha256").hex()


@dataclass(slots=True, frozen=True)
class BegunTwoFactor:
    """What an authenticator app needs: the secret (base32), also as a URL for its QR code."""

    secret: str
    url: str


async def load_has_two_factor(user_ids: Sequence[UUID]) -> list[bool]:
    """Batch function: whether each person has confirmed a second factor."""
    found = await db.rows(
        "SELECT user_id FROM two_factor WHERE confirmed_at IS NOT NULL AND user_id = ANY($1::uuid[])", list(user_ids)
    )
    having = {r["user_id"] for r in found}
    return [user_id in having for user_id in user_ids]


# ── switching on and off ──────────────────────────────────────────────────────────────────────────


async def begin_two_factor(viewer: Viewer, *, password: str | None) -> BegunTwoFactor:
    """A new secret, which counts once it is confirmed. The account's password proves who asks, if it has one.

    Raises WRONG_CREDENTIALS, ALREADY_EXISTS.
    """
    account = await _account(viewer)
    if account["password_hash"] is not None:
        await check_own_password(viewer, password or "")
    secret = pyotp.random_base32()
    await _begin(viewer, secret)
    url = pyotp.TOTP(secret).provisioning_uri(name=account["username"], issuer_name=current().settings.name)
    return BegunTwoFactor(secret, url)


@db.retried
async def _account(viewer: Viewer) -> db.Row:
    found = await db.row("SELECT username, password_hash FROM user_account WHERE id = $1", viewer.user_id)
    assert found is not None, "a viewer has an account"
    return found


@db.retried
async def _begin(viewer: Viewer, secret: str) -> None:
    async with log.transaction():
        await lock_user(viewer.user_id)
        stored = await db.rows(
            "INSERT INTO two_factor (user_id, sealed_secret, last_step, created_at) VALUES ($1, $2, 0, $3)"
            " ON CONFLICT (user_id) DO UPDATE SET sealed_secret = $2, last_step = 0, created_at = $3"
            " WHERE two_factor.confirmed_at IS NULL RETURNING user_id",
            viewer.user_id,
            current().part(Seals).seal(viewer.user_id, secret),
            now(),
        )
        if not stored:
            raise UserFault(ErrorCode.ALREADY_EXISTS, "Two factors are on: switch them off first.")


@db.retried
async def confirm_two_factor(viewer: Viewer, code: str) -> list[str]:
    """Switches two factors on by the first code of the app; returns the recovery codes, which are never shown again.

    Raises WRONG_CODE, EXPIRED when none was begun lately, ALREADY_EXISTS.
    """
    at, user_id = now(), viewer.user_id
    async with log.transaction():
        await lock_user(user_id)
        found = await db.row(
            "SELECT sealed_secret, confirmed_at, created_at FROM two_factor WHERE user_id = $1", user_id
        )
        if found is not None and found["confirmed_at"] is not None:
            raise UserFault(ErrorCode.ALREADY_EXISTS, "Two factors are on already.")
        lasts = timedelta(seconds=current().settings.accounts.two_factor_setup_seconds)
        if found is None or found["created_at"] + lasts <= at:
            raise UserFault(ErrorCode.EXPIRED, "Begin again: the secret is too old.")
        step = _matching_step(current().part(Seals).open(user_id, found["sealed_secret"]), _normal(code))
        if step is None:
            raise _wrong_code()
        await db.execute(
            "UPDATE two_factor SET confirmed_at = $1, last_step = $2 WHERE user_id = $3", at, step, user_id
        )
        await note(user_id, AuditAction.TWO_FACTOR_ON, by=user_id)
        record_viewer_change(user_id)
        return await _new_recovery_codes(user_id)


async def _new_recovery_codes(user_id: UUID) -> list[str]:
    codes = []
    for _ in range(current().settings.accounts.recovery_codes):
        letters = "".join(secrets.choice(_RECOVERY_LETTERS) for _ in range(12))
        codes.append("-".join((letters[:4], letters[4:8], letters[8:])))
    seals = current().part(Seals)
    await db.execute("DELETE FROM recovery_code WHERE user_id = $1", user_id)
    await db.execute_many(
        "INSERT INTO recovery_code (code_hash, user_id) VALUES ($1, $2)",
        [(seals.hash_recovery(user_id, _normal(code)), user_id) for code in codes],
    )
    return codes


@db.retried
async def disable_two_factor(viewer: Viewer, code: str) -> None:
    """Switches two factors off by a code of the app or a recovery code. Raises WRONG_CODE, NOT_FOUND (they are off)."""
    async with log.transaction():
        await lock_user(viewer.user_id)
        if not await has_two_factor(viewer.user_id):
            raise UserFault(ErrorCode.NOT_FOUND, "Two factors are off.")
        if not await use_code(viewer.user_id, code):
            raise _wrong_code()
        await forget_two_factor(viewer.user_id, by=viewer.user_id)
        await notify(viewer.user_id, "TWO_FACTOR_OFF")
        record_viewer_change(viewer.user_id)


# ── for signing in ────────────────────────────────────────────────────────────────────────────────


async def has_two_factor(user_id: UUID) -> bool:
    """Whether a sign-in needs a second factor."""
    return (await load_has_two_factor([user_id]))[0]


async def use_code(user_id: UUID, code: str) -> bool:
    """Inside a transaction that holds the user's lock: whether a code of the app or a recovery code is right, which
    uses it up."""
    text = _normal(code)
    if not re.fullmatch(r"[0-9]{6}", text):
        hashed = current().part(Seals).hash_recovery(user_id, text)
        sql = "DELETE FROM recovery_code WHERE code_hash = $1 AND user_id = $2 RETURNING user_id"
        used = bool(await db.rows(sql, hashed, user_id))
        if used:
            await note(user_id, AuditAction.RECOVERY_CODE_USED, by=user_id)
        return used
    found = await db.row(
        "SELECT sealed_secret, last_step FROM two_factor WHERE user_id = $1 AND confirmed_at IS NOT NULL", user_id
    )
    if found is None:
        return False
    step = _matching_step(current().part(Seals).open(user_id, found["sealed_secret"]), text)
    if step is None or step <= found["last_step"]:
        return False
    await db.execute("UPDATE two_factor SET last_step = $1 WHERE user_id = $2", step, user_id)
    return True


async def forget_two_factor(user_id: UUID, *, by: UUID | None = None) -> None:
    """Inside a transaction that holds the user's lock: two factors are off, and no recovery code is left."""
    if await has_two_factor(user_id):
        await note(user_id, AuditAction.TWO_FACTOR_OFF, by=by)
    await db.execute("DELETE FROM two_factor WHERE user_id = $1", user_id)
    await db.execute("DELETE FROM recovery_code WHERE user_id = $1", user_id)


def _matching_step(secret: str | None, code: str) -> int | None:
    """The step of time whose code this is. All are compared, whichever is right."""
    if secret is None:
        return None
    app, present = pyotp.TOTP(secret), int(now().timestamp()) // _STEP_SECONDS
    steps = range(present - _CLOCK_SKEW, present + _CLOCK_SKEW + 1)
    right = [step for step in steps if hmac.compare_digest(app.generate_otp(step).encode(), _ascii(code))]
    return right[-1] if right else None


def _ascii(code: str) -> bytes:
    return code.encode("ascii", "replace")


def _normal(code: str) -> str:
    """As people type codes: with spaces, dashes and capitals."""
    return re.sub(r"[\s-]", "", code[:64]).lower()


def _wrong_code() -> UserFault:
    return UserFault(ErrorCode.WRONG_CODE, "The code is wrong, or was used already.", field=_FIELD)
