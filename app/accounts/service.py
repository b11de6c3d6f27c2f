"""Signing up and signing in: by password and by one-time code.

Hashing comes before the transaction, and takes as long for an unknown account as for a known one.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from uuid import UUID

from app.accounts import codes
from app.accounts.audit import AuditAction, note
from app.accounts.challenges import Challenge, sign_in
from app.accounts.devices import Installation, find_device
from app.accounts.erased import find_erased
from app.accounts.identifiers import (
    Identifier,
    check_display_name,
    check_email,
    check_phone,
    check_reachable,
    check_username,
    guess_identifier,
)
from app.accounts.mails import ask_to_verify
from app.accounts.passwords import PasswordHasher, check_password
from app.accounts.search import index_names
from app.accounts.sessions import SessionEndReason, SignedIn, end_sessions, lock_user, open_session, opened
from app.accounts.tokens import Tokens
from app.accounts.two_factor import forget_two_factor
from app.accounts.usernames import check_username_free
from app.accounts.viewer_changes import record_viewer_change
from app.accounts.wrong_passwords import forget_wrong, is_used_up, note_wrong
from app.core import db, log
from app.core.clock import new_id, now
from app.core.errors import ErrorCode, UserFault
from app.core.runtime import current
from app.core.viewer import Client

_KEY_COLUMNS = {"username": "username_key", "email": "email_key", "phone": "phone_number"}
_TAKEN = (
    ("username_key", ErrorCode.USERNAME_TAKEN, "username", "Somebody has this username."),
    ("email_key", ErrorCode.EMAIL_TAKEN, "email", "Somebody has this e-mail address."),
    ("phone_number", ErrorCode.PHONE_TAKEN, "phoneNumber", "Somebody has this phone number."),
)


@dataclass(slots=True, frozen=True)
class NewUser:
    """A person about to be inserted, all values checked."""

    username: Identifier
    display_name: str
    email: Identifier | None = None
    phone: Identifier | None = None
    email_verified: bool = False
    phone_verified: bool = False
    password_hash: str | None = None


# ── register ──────────────────────────────────────────────────────────────────────────────────────


async def register(
    *,
    username: str,
    email: str,
    password: str,
    installation: Installation,
    client: Client,
    phone_number: str | None = None,
    display_name: str | None = None,
) -> SignedIn:
    """Makes an account and signs its first device in.

    Raises INVALID, TOO_LONG, WEAK_PASSWORD, USERNAME_TAKEN, EMAIL_TAKEN, PHONE_TAKEN with the field.
    """
    settings = current().settings.accounts
    person = NewUser(
        username=check_username(username, settings),
        email=check_email(email),
        phone=check_phone(phone_number) if phone_number else None,
        display_name=check_display_name(display_name, settings) if display_name else username.strip(),
    )
    check_password(password, settings, names=[username.strip(), email.strip(), person.display_name])
    await _check_free(person)  # a hash is dear: it is made when nobody has the name, and the insert decides
    password_hash = await current().part(PasswordHasher).hash(password)
    return opened(await _register(replace(person, password_hash=password_hash), installation, client))


@db.retried
async def _register(person: NewUser, installation: Installation, client: Client) -> SignedIn:
    async with log.transaction():
        user_id = await insert_user(person)
        if user_id is None:
            await _check_free(person)
            raise UserFault(ErrorCode.CONFLICT, "Somebody is registering this account right now: try again.")
        # Only now: who gives them up may have been waited for.
        await check_username_free(person.username, user_id)
        await _check_unheld(person)
        assert person.email is not None
        await ask_to_verify(user_id, person.email.key)
        return replace(await open_session(user_id, installation, client, how="registration"), is_new_user=True)


async def insert_user(person: NewUser) -> UUID | None:
    """None when a unique value is taken. ON CONFLICT: a violation would spoil the whole transaction on PostgreSQL."""
    user_id, email = new_id(), person.email
    inserted = await db.rows(
        "INSERT INTO user_account (id, username, username_key, email, email_key, email_verified, phone_number,"
        " phone_verified, password_hash, display_name, role, needs_profile_setup, created_at, updated_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'USER', $11, $12, $12) ON CONFLICT DO NOTHING RETURNING id",
        user_id, person.username.text, person.username.key, email and email.text, email and email.key,
        person.email_verified, person.phone and person.phone.key, person.phone_verified, person.password_hash,
        person.display_name, True, now(),
    )  # fmt: skip
    if not inserted:
        return None
    await index_names(user_id, person.username.text, person.display_name)
    return user_id


async def _check_free(person: NewUser) -> None:
    wanted = {
        "username_key": person.username.key,
        "email_key": person.email and person.email.key,
        "phone_number": person.phone and person.phone.key,
    }
    found = await db.rows(
        "SELECT username_key, email_key, phone_number FROM user_account"
        " WHERE username_key = $1 OR email_key = $2 OR phone_number = $3",
        *wanted.values(),
    )
    for column, code, field, message in _TAKEN:
        if wanted[column] is not None and any(r[column] == wanted[column] for r in found):
            raise UserFault(code, message, field=(field,))
    await check_username_free(person.username)
    await _check_unheld(person)


async def _check_unheld(person: NewUser) -> None:
    """What an account erased lately had is to be proved, which registering does not. The answer does not tell why."""
    claimed = [identifier for identifier in (person.email, person.phone) if identifier]
    for identifier in await find_erased(claimed):
        column = _KEY_COLUMNS[identifier.kind]
        raise next(UserFault(code, words, field=(field,)) for name, code, field, words in _TAKEN if name == column)


# ── by password ───────────────────────────────────────────────────────────────────────────────────


async def log_in(*, identifier: str, password: str, installation: Installation, client: Client) -> SignedIn | Challenge:
    """Signs a device in by username, e-mail or phone number and password; a challenge where there is a second factor.

    Raises WRONG_CREDENTIALS, after the same work, for an unknown account, a wrong password and an account without one;
    LIMIT_REACHED above the limit of devices; RATE_LIMITED after too many tries.
    """
    guessed = guess_identifier(identifier, current().settings.accounts)
    account = await _find_account(guessed) if guessed else None
    user_id = account["id"] if account else None
    device_id = await find_device(user_id or new_id(), installation.id)
    await _admit_log_in(guessed, device_id)
    is_blocked = await is_used_up(user_id or new_id(), device_id)
    stored = account["password_hash"] if account and not is_blocked else None
    verdict = await current().part(PasswordHasher).verify(password, stored)
    if account is None or not verdict.is_right:
        # Also for an unknown account: what it takes must not tell.
        await note_wrong(user_id, device_id)
        raise _wrong_credentials()
    return opened_if_signed_in(await _log_in(account, verdict.new_hash, installation, client))


@db.retried
async def _find_account(identifier: Identifier) -> db.Row | None:
    column = _KEY_COLUMNS[identifier.kind]
    sql = f"SELECT id, password_hash FROM user_account WHERE {column} = $1 AND deleted_at IS NULL"
    return await db.row(sql, identifier.key)


def _wrong_credentials() -> UserFault:
    """One text for all, so it tells nothing of the account."""
    message = "The account or the password is wrong. After too many tries only resetting the password helps."
    return UserFault(ErrorCode.WRONG_CREDENTIALS, message)


async def _admit_log_in(guessed: Identifier | None, device_id: UUID | None) -> None:
    """Counts tries by account; devices that were signed in before apart, so that strangers can't lock the owner out."""
    if guessed is None:
        return
    key = f"device:{device_id}" if device_id else f"{guessed.kind}:{guessed.key}"
    await current().limits.admit("logInAccount", identifier=key)


@db.retried
async def _log_in(
    account: db.Row, new_hash: str | None, installation: Installation, client: Client
) -> SignedIn | Challenge:
    async with log.transaction():
        await lock_user(account["id"])
        sql = "SELECT password_hash FROM user_account WHERE id = $1 AND deleted_at IS NULL"
        locked = await db.row(sql, account["id"])
        if locked is None or locked["password_hash"] != account["password_hash"]:
            # Changed while we were hashing: what was verified is no longer the password.
            raise _wrong_credentials()
        device_id = await find_device(account["id"], installation.id)
        if await is_used_up(account["id"], device_id):  # by those who guessed while we were hashing
            raise _wrong_credentials()
        await forget_wrong(account["id"], device_id)
        if new_hash:
            await db.execute("UPDATE user_account SET password_hash = $1 WHERE id = $2", new_hash, account["id"])
        return await sign_in(account["id"], installation, client, how="password")


def opened_if_signed_in(signed_in: SignedIn | Challenge) -> SignedIn | Challenge:
    """After the commit of `sign_in`."""
    return opened(signed_in) if isinstance(signed_in, SignedIn) else signed_in


# ── by one-time code ──────────────────────────────────────────────────────────────────────────────


async def request_otp(*, identifier: str) -> codes.SentCode:
    """Sends a sign-in code to an e-mail address or phone number, known or not: the answer is the same.

    Raises INVALID, TOO_LONG, COOLDOWN, RATE_LIMITED.
    """
    return await codes.send_code(check_reachable(identifier))


async def verify_otp(*, identifier: str, code: str, installation: Installation, client: Client) -> SignedIn | Challenge:
    """Signs a device in by a code; makes the account if nobody has the identifier; a challenge where there is a second
    factor.

    Raises INVALID, WRONG_CODE, TOO_MANY_ATTEMPTS, LIMIT_REACHED.
    """
    reached = check_reachable(identifier)
    try:
        code_hash = await codes.try_code(reached, code.strip()[:32])
    except UserFault as fault:
        if fault.code is ErrorCode.WRONG_CODE:
            account = await _find_account(reached)
            await note(account["id"] if account else None, AuditAction.SIGN_IN_FAILED, details="code")
        raise
    return opened_if_signed_in(await _verify_otp(reached, code_hash, installation, client))


@db.retried
async def _verify_otp(
    identifier: Identifier, code_hash: str, installation: Installation, client: Client
) -> SignedIn | Challenge:
    async with log.transaction():
        account = await _find_account(identifier)
        if account is not None:
            await lock_user(account["id"])
        await codes.use_code(identifier, code_hash)
        if account is None:
            user_id = await insert_user(_proved(identifier))
            if user_id is None:  # registered with this identifier a moment ago, or a deleted account has it
                raise codes.wrong_code()
            return replace(await open_session(user_id, installation, client, how="code"), is_new_user=True)
        unproved = await _prove(account["id"], identifier)
        signed_in = await sign_in(account["id"], installation, client, how="code")
    if isinstance(signed_in, SignedIn):
        return replace(signed_in, replaced=(*signed_in.replaced, *unproved))
    current().part(Tokens).forget(unproved)
    return signed_in


def _proved(identifier: Identifier) -> NewUser:
    """A new person known by a proved identifier only; updateProfile gives the names."""
    name = f"user_{secrets.token_hex(5)}"
    username = Identifier("username", name, name)
    if identifier.kind == "email":
        return NewUser(username, name, email=identifier, email_verified=True)
    return NewUser(username, name, phone=identifier, phone_verified=True)


async def _prove(user_id: UUID, identifier: Identifier) -> list[UUID]:
    """The person with the code owns the identifier; whoever registered with it before may not have been them.

    So at the first proof the password is dropped and the sessions end (their ids are returned): else anybody could
    register with a stranger's address and wait for the stranger to move in. Second factor and linked providers go too,
    unless another address had been proved: then it may be a stranger's address that was typed by mistake.
    """
    verified = "email_verified" if identifier.kind == "email" else "phone_verified"
    proved = await db.rows(
        f"UPDATE user_account SET {verified} = $1, password_hash = NULL, updated_at = $2"
        f" WHERE id = $3 AND {verified} = $4 RETURNING email_verified, phone_verified",
        True, now(), user_id, False,
    )  # fmt: skip
    if not proved:
        return []
    await note(user_id, AuditAction.IDENTIFIER_PROVED, by=user_id, details=identifier.kind)
    if not (proved[0]["email_verified"] and proved[0]["phone_verified"]):
        await forget_two_factor(user_id, by=user_id)
        unlinked = await db.rows("DELETE FROM linked_identity WHERE user_id = $1 RETURNING provider", user_id)
        for row in unlinked:
            await note(user_id, AuditAction.PROVIDER_UNLINKED, by=user_id, details=row["provider"])
    record_viewer_change(user_id)
    return await end_sessions(user_id, SessionEndReason.PASSWORD_CHANGED)
