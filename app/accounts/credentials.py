"""Passwords changed and reset, addresses proved by mailed links.

Hashing comes before the transaction; what was verified before it is checked again inside.
"""

from __future__ import annotations

from uuid import UUID

from app.accounts.audit import AuditAction, note
from app.accounts.identifiers import check_email
from app.accounts.mail_tokens import FoundToken, MailPurpose, dead_link, drop_tokens, find_token, use_token
from app.accounts.mails import SendPasswordReset, SendVerification, notify
from app.accounts.passwords import PasswordHasher, check_password
from app.accounts.reauthentication import check_own_password
from app.accounts.sessions import SessionEndReason, end_sessions, lock_user
from app.accounts.tokens import Tokens
from app.accounts.two_factor import forget_two_factor
from app.accounts.viewer_changes import record_viewer_change
from app.accounts.wrong_passwords import forget_all_wrong
from app.core import db, log
from app.core.clock import now
from app.core.delivery import Delivery
from app.core.errors import ErrorCode, SessionRevokedError, UserFault
from app.core.jobs import enqueue
from app.core.runtime import current
from app.core.viewer import Viewer

_NEW = ("newPassword",)
_PRESENT = ("currentPassword",)


# ── passwords ─────────────────────────────────────────────────────────────────────────────────────


async def change_password(viewer: Viewer, *, current_password: str | None, new_password: str) -> None:
    """Sets the viewer's password and ends the account's other sessions (PASSWORD_CHANGED).

    Raises WRONG_CREDENTIALS unless the present password is given (an account without one has none to give),
    WEAK_PASSWORD, INVALID.
    """
    account = await _account(viewer.user_id)
    _check_new(new_password, account)
    hasher, stored = current().part(PasswordHasher), account["password_hash"]
    if stored is not None:
        stored = await check_own_password(viewer, current_password or "", field=_PRESENT)
    new_hash = await hasher.hash(new_password)
    current().part(Tokens).forget(await _change_password(viewer, stored, new_hash))


@db.retried
async def _change_password(viewer: Viewer, stored: str | None, new_hash: str) -> list[UUID]:
    async with log.transaction():
        await lock_user(viewer.user_id)
        locked = await db.row("SELECT password_hash FROM user_account WHERE id = $1", viewer.user_id)
        if locked is None or locked["password_hash"] != stored:
            raise _wrong_password()  # changed while we were hashing
        await note(viewer.user_id, AuditAction.PASSWORD_CHANGED, by=viewer.user_id)
        return await _set_password(viewer.user_id, new_hash, keep=viewer.session_id)


async def request_password_reset(*, email: str) -> None:
    """Has a link mailed to the account of this address, if there is one: the answer and the work are the same.

    Raises INVALID, TOO_LONG, RATE_LIMITED; UNAVAILABLE when this server sends no mail.
    """
    address = check_email(email)
    current().part(Delivery).require_mail()
    await current().limits.admit("passwordReset", identifier=address.key)
    await _enqueue(SendPasswordReset(address.key))


@db.retried
async def _enqueue(work: object) -> None:
    async with log.transaction():
        await enqueue(work)


async def reset_password(*, token: str, new_password: str) -> None:
    """Sets the password of the account a mailed link is for, and ends all its sessions (PASSWORD_CHANGED).

    Whoever has the link reads the address's mail, so the address is proved too. Raises EXPIRED for a link that does not
    work, WEAK_PASSWORD and INVALID, after which the link still works.
    """
    found = await find_token(token, MailPurpose.RESET_PASSWORD)
    account = await _account(found.user_id)
    _check_new(new_password, account)
    new_hash = await current().part(PasswordHasher).hash(new_password)
    current().part(Tokens).forget(await _reset_password(found, new_hash))


@db.retried
async def _reset_password(found: FoundToken, new_hash: str) -> list[UUID]:
    async with log.transaction():
        await lock_user(found.user_id)
        await use_token(found)
        # As at the first proof by code: a second factor of whoever registered with a stranger's address goes.
        sql = (
            "UPDATE user_account SET email_verified = $1 WHERE id = $2 AND email_verified = $3 RETURNING phone_verified"
        )
        first = await db.row(sql, True, found.user_id, False)
        if first is not None and not first["phone_verified"]:
            await forget_two_factor(found.user_id)
        await drop_tokens(found.user_id, MailPurpose.VERIFY_EMAIL)
        await note(found.user_id, AuditAction.PASSWORD_RESET)
        return await _set_password(found.user_id, new_hash)


async def _set_password(user_id: UUID, new_hash: str, *, keep: UUID | None = None) -> list[UUID]:
    """Inside a transaction that holds the person's lock; returns the sessions that ended, for `Tokens.forget`."""
    sql = "UPDATE user_account SET password_hash = $1, updated_at = $2 WHERE id = $3"
    await db.execute(sql, new_hash, now(), user_id)
    await forget_all_wrong(user_id)
    await drop_tokens(user_id, MailPurpose.RESET_PASSWORD)
    ended = await end_sessions(user_id, SessionEndReason.PASSWORD_CHANGED, keep=keep)
    record_viewer_change(user_id)
    await notify(user_id, "PASSWORD_CHANGED")
    return ended


def _check_new(password: str, account: db.Row) -> None:
    names = [account["username"], account["display_name"], account["email"] or ""]
    check_password(password, current().settings.accounts, names=names, field=_NEW)


def _wrong_password() -> UserFault:
    return UserFault(ErrorCode.WRONG_CREDENTIALS, "The password is wrong.", field=_PRESENT)


@db.retried
async def _account(user_id: UUID) -> db.Row:
    found = await db.row(
        "SELECT username, display_name, email, email_key, email_verified, password_hash FROM user_account"
        " WHERE id = $1 AND deleted_at IS NULL",
        user_id,
    )
    if found is None:
        raise SessionRevokedError
    return found


# ── proving an address ────────────────────────────────────────────────────────────────────────────


async def verify_email(viewer: Viewer, *, token: str) -> None:
    """Proves the viewer's address by the token of a mailed link.

    Only for whoever is signed in to the account: else somebody who registered with a stranger's address could have the
    stranger prove it for them. Raises EXPIRED for a link that does not work or is another account's.
    """
    found = await find_token(token, MailPurpose.VERIFY_EMAIL)
    if found.user_id != viewer.user_id:
        raise dead_link()
    await _verify_email(found)


@db.retried
async def _verify_email(found: FoundToken) -> None:
    async with log.transaction():
        await lock_user(found.user_id)
        await use_token(found)
        sql = "UPDATE user_account SET email_verified = $1, updated_at = $2 WHERE id = $3"
        await db.execute(sql, True, now(), found.user_id)
        await note(found.user_id, AuditAction.IDENTIFIER_PROVED, by=found.user_id, details="email")
        record_viewer_change(found.user_id)


async def resend_email_verification(viewer: Viewer) -> None:
    """Mails the link once more. Raises NOT_FOUND without an address, CONFLICT when it is proved; UNAVAILABLE when this
    server sends no mail."""
    current().part(Delivery).require_mail()
    account = await _account(viewer.user_id)
    if account["email_key"] is None:
        raise UserFault(ErrorCode.NOT_FOUND, "This account has no e-mail address.")
    if account["email_verified"]:
        raise UserFault(ErrorCode.CONFLICT, "This address is confirmed already.")
    await _enqueue(SendVerification(str(viewer.user_id), account["email_key"]))
