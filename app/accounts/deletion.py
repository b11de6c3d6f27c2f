"""Deleting one's account: proved again, undone for two weeks by cancelling. Erasing it is erasure.py's."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from app.accounts.audit import AuditAction, note
from app.accounts.erasure import DeletedAccountMessages
from app.accounts.reauthentication import Proof, prove
from app.accounts.sessions import SessionEndReason, end_sessions, lock_user
from app.accounts.tokens import Tokens
from app.accounts.viewer_changes import record_viewer_change
from app.core import db, log
from app.core.clock import now
from app.core.errors import ErrorCode, UserFault
from app.core.runtime import current
from app.core.viewer import Viewer


async def delete_account(
    viewer: Viewer, *, password: str | None, otp_code: str | None, messages: DeletedAccountMessages
) -> datetime:
    """Has the account erased after the days of grace, ends all its sessions, and returns when. Repeating it keeps the
    first date, and takes the new choice for the messages.

    Proved by the password, or by a code of requestOtp for one of the account's identifiers. Raises INVALID when neither
    is given, WRONG_CREDENTIALS, WRONG_CODE, TOO_MANY_ATTEMPTS, RATE_LIMITED.
    """
    return await _schedule(viewer, messages, await prove(viewer, password=password, otp_code=otp_code))


@db.retried
async def _schedule(viewer: Viewer, messages: DeletedAccountMessages, proof: Proof) -> datetime:
    at = now()
    scheduled_for = at + timedelta(days=current().settings.accounts.deletion_grace_days)
    async with log.transaction():
        await lock_user(viewer.user_id)
        await proof.use()
        found = await db.rows(
            "INSERT INTO account_deletion (user_id, messages, requested_at, scheduled_for) VALUES ($1, $2, $3, $4)"
            " ON CONFLICT (user_id) DO UPDATE SET messages = excluded.messages RETURNING scheduled_for",
            viewer.user_id, messages.value, at, scheduled_for,
        )  # fmt: skip
        await note(viewer.user_id, AuditAction.DELETION_REQUESTED, by=viewer.user_id)
        ended = await end_sessions(viewer.user_id, SessionEndReason.LOGGED_OUT)
        record_viewer_change(viewer.user_id)
    current().part(Tokens).forget(ended)
    return found[0]["scheduled_for"]  # type: ignore[no-any-return]


@db.retried
async def cancel_account_deletion(viewer: Viewer) -> None:
    """Brings the account back. One that is not to be deleted is no error. Raises CONFLICT once it is being erased."""
    async with log.transaction():
        await lock_user(viewer.user_id)
        found = await db.row("SELECT started_at FROM account_deletion WHERE user_id = $1", viewer.user_id)
        if found is None:
            return
        if found["started_at"] is not None:
            raise UserFault(ErrorCode.CONFLICT, "The account is being erased already.")
        await db.execute("DELETE FROM account_deletion WHERE user_id = $1", viewer.user_id)
        await note(viewer.user_id, AuditAction.DELETION_CANCELED, by=viewer.user_id)
        record_viewer_change(viewer.user_id)


async def find_scheduled_for(user_id: UUID) -> datetime | None:
    """When the account is to be erased; None when it is not."""
    found = await db.row("SELECT scheduled_for FROM account_deletion WHERE user_id = $1", user_id)
    return found["scheduled_for"] if found else None
