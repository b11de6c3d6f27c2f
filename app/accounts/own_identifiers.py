"""E-mail addresses and phone numbers of one's own account: added and replaced with a code, removed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

from tortoise.exceptions import IntegrityError

from app.accounts.audit import AuditAction, note
from app.accounts.codes import Flow, SentCode, send_code, try_code, use_code
from app.accounts.identifiers import Identifier, check_reachable
from app.accounts.mails import SendNotice, notify
from app.accounts.sessions import lock_user
from app.accounts.viewer_changes import record_viewer_change
from app.core import db, log
from app.core.clock import now
from app.core.delivery import Delivery
from app.core.errors import ErrorCode, UserFault
from app.core.jobs import enqueue
from app.core.runtime import current
from app.core.viewer import Viewer

_COLUMNS = {
    "email": ("email", "email_key", "email_verified"),
    "phone": ("phone_number", "phone_number", "phone_verified"),
}
_TAKEN = {
    "email": (ErrorCode.EMAIL_TAKEN, "Somebody has this e-mail address."),
    "phone": (ErrorCode.PHONE_TAKEN, "Somebody has this phone number."),
}


# ── adding ────────────────────────────────────────────────────────────────────────────────────────


async def add_identifier(viewer: Viewer, *, identifier: str) -> SentCode:
    """Sends a code to an address or number that is to become the viewer's; whether somebody has it is not told.

    Raises INVALID, TOO_LONG, COOLDOWN, RATE_LIMITED; UNAVAILABLE when this server sends none of that kind.
    """
    return await send_code(check_reachable(identifier), _flow(viewer))


async def confirm_identifier(viewer: Viewer, *, identifier: str, code: str) -> None:
    """Makes the address or number the viewer's, proved, in place of one of that kind they had.

    Whoever has it unproved loses it: the code shows whose it is. Raises INVALID, WRONG_CODE, TOO_MANY_ATTEMPTS,
    EMAIL_TAKEN, PHONE_TAKEN.
    """
    reached = check_reachable(identifier)
    code_hash = await try_code(reached, code.strip()[:32], _flow(viewer))
    try:
        await _confirm(viewer, reached, code_hash)
    except IntegrityError:  # registered with it a moment ago
        raise _taken(reached) from None


@db.retried
async def _confirm(viewer: Viewer, identifier: Identifier, code_hash: str) -> None:
    text, key, verified = _COLUMNS[identifier.kind]
    async with log.transaction():
        locking = f"SELECT id FROM user_account WHERE id = $1 OR {key} = $2 ORDER BY id FOR NO KEY UPDATE"
        await db.rows(locking, viewer.user_id, identifier.key)
        await use_code(identifier, code_hash, _flow(viewer))
        sql = f"SELECT id, {verified} AS proved FROM user_account WHERE {key} = $1 AND id <> $2"
        holder = await db.row(sql, identifier.key, viewer.user_id)
        if holder is not None:
            if holder["proved"]:
                raise _taken(identifier)
            await _clear(holder["id"], identifier, by=None)
        await notify(viewer.user_id, "IDENTIFIER_ADDED")  # to the address so far
        also = "" if text == key else f"{text} = $5, "
        sql = f"UPDATE user_account SET {also}{key} = $1, {verified} = $2, updated_at = $3 WHERE id = $4"
        shown = [identifier.text] if also else []
        await db.execute(sql, identifier.key, True, now(), viewer.user_id, *shown)
        await note(viewer.user_id, AuditAction.IDENTIFIER_ADDED, by=viewer.user_id, details=identifier.kind)
        record_viewer_change(viewer.user_id)


def _flow(viewer: Viewer) -> Flow:
    return Flow("add-identifier", viewer.user_id)


def _taken(identifier: Identifier) -> UserFault:
    code, message = _TAKEN[identifier.kind]
    return UserFault(code, message, field=("identifier",))


# ── removing ──────────────────────────────────────────────────────────────────────────────────────

_OTHER_WAYS: list[Callable[[UUID], Awaitable[int]]] = []


def other_way_in(count: Callable[[UUID], Awaitable[int]]) -> Callable[[UUID], Awaitable[int]]:
    """Decorates a function that counts a person's ways to sign in of another kind (providers, passkeys)."""
    _OTHER_WAYS.append(count)
    return count


async def remove_identifier(viewer: Viewer, *, identifier: str) -> None:
    """Takes an address or number off the viewer's account. Raises NOT_FOUND when it is not theirs, CONFLICT when
    nothing else would let them sign in, INVALID, TOO_LONG."""
    await _remove(viewer, check_reachable(identifier))


@db.retried
async def _remove(viewer: Viewer, identifier: Identifier) -> None:
    text, key, verified = _COLUMNS[identifier.kind]
    async with log.transaction():
        await lock_user(viewer.user_id)
        sql = f"SELECT {text} AS shown, {verified} AS proved FROM user_account WHERE id = $1 AND {key} = $2"
        own = await db.row(sql, viewer.user_id, identifier.key)
        if own is None:
            raise UserFault(ErrorCode.NOT_FOUND, "This is not on your account.", field=("identifier",))
        if own["proved"] and await ways_in(viewer.user_id) < 2:
            message = "This is your only way to sign in: set a password or add another address first."
            raise UserFault(ErrorCode.CONFLICT, message, field=("identifier",))
        await _clear(viewer.user_id, identifier, by=viewer.user_id)
        if own["proved"] and identifier.kind == "email" and current().part(Delivery).mail is not None:
            await enqueue(SendNotice(own["shown"], "IDENTIFIER_REMOVED"))


async def ways_in(user_id: UUID) -> int:
    """In how many ways the person can sign in: password, proved address, proved number, and others registered."""
    found = await db.row(
        "SELECT password_hash IS NOT NULL AS by_password, email_verified AND email_key IS NOT NULL AS by_email,"
        " phone_verified AND phone_number IS NOT NULL AS by_phone FROM user_account WHERE id = $1",
        user_id,
    )
    assert found is not None
    return sum(map(bool, found.values())) + sum([await count(user_id) for count in _OTHER_WAYS])


async def _clear(user_id: UUID, identifier: Identifier, *, by: UUID | None) -> None:
    text, key, verified = _COLUMNS[identifier.kind]
    also = "" if text == key else f"{text} = NULL, "
    sql = f"UPDATE user_account SET {also}{key} = NULL, {verified} = $1, updated_at = $2 WHERE id = $3"
    await db.execute(sql, False, now(), user_id)
    await note(user_id, AuditAction.IDENTIFIER_REMOVED, by=by, details=identifier.kind)
    record_viewer_change(user_id)
