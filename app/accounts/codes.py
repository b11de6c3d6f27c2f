"""One-time codes: made, sent, counted and used up. One live code for each address or number, in each flow.

A code is made from a random nonce with the server's key: the job that sends it stores the nonce, the row of the code a
keyed hash, so that nobody who reads the database knows the code.
"""

from __future__ import annotations

import hashlib
import hmac
import math
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from app.accounts.identifiers import Identifier
from app.accounts.letters import code_mail, code_sms
from app.accounts.tokens import derive_key
from app.core import db, log
from app.core.clock import now
from app.core.delivery import Delivery
from app.core.errors import ErrorCode, UserFault
from app.core.jobs import enqueue, job
from app.core.runtime import current
from app.settings import AccountSettings


@dataclass(slots=True, frozen=True)
class Flow:
    """What a code is for. It is part of the hash: a code of one flow, or of another person's, is none here."""

    purpose: str
    user_id: UUID | None = None

    def place(self, identifier: Identifier) -> str:
        """The key of the row. Who adds an address must not disturb whoever signs in with it."""
        if self == SIGN_IN:
            return identifier.key
        text = f"{self.user_id}\0{identifier.kind}\0{identifier.key}"
        return f"{self.purpose}:{hashlib.sha256(text.encode()).hexdigest()}"


SIGN_IN = Flow("sign-in")


@dataclass(slots=True, frozen=True)
class SentCode:
    """A code is on its way, if anybody reads mail there. `channel` is EMAIL or SMS."""

    channel: str
    expires_at: datetime
    resend_at: datetime


@dataclass(slots=True, frozen=True)
class SendCode:
    """The job that sends a code. It holds what the code is made from, not the code."""

    kind: Literal["email", "phone"]
    text: str
    key: str
    nonce: str
    purpose: str
    user_id: str | None = None


class Codes:
    """What a process needs to make and check codes: the keys."""

    def __init__(self, settings: AccountSettings, secret: str) -> None:
        self.settings = settings
        self._key = derive_key(secret, "one-time codes")
        self._digits_key = derive_key(secret, "digits of one-time codes")

    def code(self, nonce: str) -> str:
        """The `otp_digits` digits that a random nonce stands for, as random as it is to whoever lacks the key."""
        number = int.from_bytes(hmac.digest(self._digits_key, nonce.encode(), "sha256")[:16], "big")
        return f"{number % 10**self.settings.otp_digits:0{self.settings.otp_digits}}"

    def hash(self, identifier: Identifier, code: str, flow: Flow = SIGN_IN) -> str:
        """What is stored: without the key a million tries would give it away. Bound to the identifier and the flow."""
        text = "\0".join((flow.purpose, str(flow.user_id), identifier.kind, identifier.key, code))
        return hmac.digest(self._key, text.encode("utf-8", "surrogatepass"), "sha256").hex()


# ── sending ───────────────────────────────────────────────────────────────────────────────────────


async def send_code(identifier: Identifier, flow: Flow = SIGN_IN) -> SentCode:
    """Has a new code sent, replacing an earlier one. It does the same whether anybody has this identifier.

    Raises COOLDOWN within 30 s of the last one, RATE_LIMITED above 3 in 10 minutes, both with retryAfter; UNAVAILABLE
    when this server sends none of that kind.
    """
    codes = current().part(Codes)
    _require_driver(identifier)
    await _check_cooldown(flow.place(identifier))  # first: asking too early must not use up one of the sends
    await current().limits.admit("otpSend", identifier=identifier.key)
    if identifier.kind == "phone":
        await current().limits.admit("otpSms", identifier="all")
    nonce, at = secrets.token_hex(16), now()
    settings = codes.settings
    sent = SentCode(
        "EMAIL" if identifier.kind == "email" else "SMS",
        at + timedelta(seconds=settings.otp_seconds),
        at + timedelta(seconds=settings.otp_resend_seconds),
    )
    if not await _store(identifier, flow, nonce, at=at, expires_at=sent.expires_at):
        raise _too_soon(settings.otp_resend_seconds)
    return sent


def _require_driver(identifier: Identifier) -> None:
    delivery = current().part(Delivery)
    if identifier.kind == "email":
        delivery.require_mail()
        return
    delivery.require_sms()
    countries = current().settings.delivery.sms_countries
    if countries and not identifier.key.startswith(tuple(f"+{code.lstrip('+')}" for code in countries)):
        raise UserFault(ErrorCode.INVALID, "This server sends no SMS to that country.", field=("identifier",))


@job("accounts.sendCode", seconds=30)
async def deliver_code(work: SendCode) -> None:
    """Sends a code that still works; one used, replaced or expired meanwhile is dropped."""
    runtime = current()
    codes, delivery = runtime.part(Codes), runtime.part(Delivery)
    identifier = Identifier(work.kind, work.text, work.key)
    flow = Flow(work.purpose, UUID(work.user_id) if work.user_id else None)
    code = codes.code(work.nonce)
    sql = "SELECT code_hash FROM one_time_code WHERE identifier = $1 AND expires_at > $2"
    live = await db.row(sql, flow.place(identifier), now())
    if live is None or live["code_hash"] != codes.hash(identifier, code, flow):
        return
    minutes, product = codes.settings.otp_seconds // 60, runtime.settings.name
    if identifier.kind == "email":
        await delivery.require_mail().send_mail(code_mail(work.text, code, minutes=minutes, product=product))
    else:
        await delivery.require_sms().send_sms(code_sms(work.text, code, minutes=minutes, product=product))


@db.retried
async def _check_cooldown(place: str) -> None:
    last = await db.row("SELECT sent_at FROM one_time_code WHERE identifier = $1", place)
    if last is None:
        return
    resend_at = last["sent_at"] + timedelta(seconds=current().settings.accounts.otp_resend_seconds)
    wait = (resend_at - now()).total_seconds()
    if wait > 0:
        raise _too_soon(math.ceil(wait))


def _too_soon(wait: int) -> UserFault:
    return UserFault(ErrorCode.COOLDOWN, "A code was sent just now: wait for it.", retry_after=wait)


@db.retried
async def _store(identifier: Identifier, flow: Flow, nonce: str, *, at: datetime, expires_at: datetime) -> bool:
    """False when somebody else's request was a moment earlier: its code stands."""
    codes = current().part(Codes)
    before = at - timedelta(seconds=codes.settings.otp_resend_seconds)
    code_hash = codes.hash(identifier, codes.code(nonce), flow)
    async with log.transaction():
        stored = await db.rows(
            "INSERT INTO one_time_code (identifier, code_hash, attempts, sent_at, expires_at)"
            " VALUES ($1, $2, 0, $3, $4)"
            " ON CONFLICT (identifier) DO UPDATE SET code_hash = $2, attempts = 0, sent_at = $3, expires_at = $4"
            " WHERE one_time_code.sent_at <= $5 RETURNING identifier",
            flow.place(identifier), code_hash, at, expires_at, before,
        )  # fmt: skip
        if not stored:
            return False
        assert identifier.kind != "username"
        user_id = str(flow.user_id) if flow.user_id else None
        await enqueue(SendCode(identifier.kind, identifier.text, identifier.key, nonce, flow.purpose, user_id))
        return True


# ── checking ──────────────────────────────────────────────────────────────────────────────────────


@db.retried
async def try_code(identifier: Identifier, code: str, flow: Flow = SIGN_IN) -> str:
    """Evaluates one guess; returns the code's hash, to be used up with `use_code` in the transaction of its effect.

    The try is counted in the same statement that allows it, so that any number of parallel guesses gets 5 answers.
    Raises WRONG_CODE (wrong, expired, never sent: not told which) or TOO_MANY_ATTEMPTS after 5 tries.
    """
    codes = current().part(Codes)
    counted = await db.row(
        "UPDATE one_time_code SET attempts = attempts + 1 WHERE identifier = $1 AND attempts < $2 AND expires_at > $3"
        " RETURNING code_hash",
        flow.place(identifier),
        codes.settings.otp_attempts,
        now(),
    )
    if counted is not None:
        if hmac.compare_digest(counted["code_hash"], codes.hash(identifier, code, flow)):
            return str(counted["code_hash"])
        raise wrong_code()
    sql = "SELECT identifier FROM one_time_code WHERE identifier = $1 AND expires_at > $2"
    burnt = await db.row(sql, flow.place(identifier), now())
    if burnt is not None:
        raise UserFault(ErrorCode.TOO_MANY_ATTEMPTS, "Too many wrong codes: ask for a new one.", field=("code",))
    raise wrong_code()


async def use_code(identifier: Identifier, code_hash: str, flow: Flow = SIGN_IN) -> None:
    """Inside a transaction: uses a code up. Raises WRONG_CODE when another request was first."""
    used = await db.rows(
        "DELETE FROM one_time_code WHERE identifier = $1 AND code_hash = $2 RETURNING identifier",
        flow.place(identifier),
        code_hash,
    )
    if not used:
        raise wrong_code()


def wrong_code() -> UserFault:
    """The one answer to every code that does not work, so that nothing can be learned from it."""
    return UserFault(ErrorCode.WRONG_CODE, "This code is wrong or no longer valid.", field=("code",))
