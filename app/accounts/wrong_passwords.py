"""Wrong passwords in a row: after 100 of them the password proves nothing any more until it is set anew (NIST 800-63B).

They are counted where they come from: at each device of the account for itself, everywhere else together. So strangers,
who can use up the second count only, never lock the owner out of devices of their own; there, and with a new password,
both counts begin anew. Codes, providers and links are other ways in, and make a device one of the account's.
"""

from __future__ import annotations

from uuid import UUID

from app.accounts.audit import AuditAction, note
from app.accounts.mails import notify
from app.core import db, log
from app.core.runtime import current


async def is_used_up(user_id: UUID, device_id: UUID | None) -> bool:
    """Whether no password counts any more that comes from this device of the account (None: from anywhere else)."""
    found = await db.row(
        "SELECT u.wrong_passwords AS anywhere, d.wrong_passwords AS there FROM user_account u"
        " LEFT JOIN device d ON d.id = $2 AND d.user_id = u.id WHERE u.id = $1",
        user_id,
        device_id,
    )
    if found is None:
        return False
    wrong: int = found["anywhere"] if found["there"] is None else found["there"]
    return wrong >= current().settings.accounts.wrong_passwords


@db.retried
async def note_wrong(user_id: UUID | None, device_id: UUID | None, *, details: str = "password") -> None:
    """Counts a wrong password, with its entry in the audit log; the last that counts is told to the person. For an
    unknown account it does as much, in vain."""
    most = current().settings.accounts.wrong_passwords
    async with log.transaction():
        table, id_ = ("device", device_id) if device_id else ("user_account", user_id or UUID(int=0))
        counted = await db.rows(
            f"UPDATE {table} SET wrong_passwords = wrong_passwords + 1 WHERE id = $1 AND wrong_passwords < $2"
            " RETURNING wrong_passwords",
            id_,
            most,
        )
        await note(user_id, AuditAction.SIGN_IN_FAILED, details=details)
        if user_id and counted and counted[0]["wrong_passwords"] == most:
            await note(user_id, AuditAction.PASSWORD_BLOCKED, details="one of your devices" if device_id else None)
            await notify(user_id, "PASSWORD_BLOCKED")


async def forget_wrong(user_id: UUID, device_id: UUID | None) -> None:
    """Inside a transaction that holds the user's lock: the password was right, from this device."""
    await db.execute("UPDATE user_account SET wrong_passwords = 0 WHERE id = $1 AND wrong_passwords > 0", user_id)
    if device_id:
        await db.execute("UPDATE device SET wrong_passwords = 0 WHERE id = $1 AND wrong_passwords > 0", device_id)


async def forget_all_wrong(user_id: UUID) -> None:
    """Inside a transaction that holds the user's lock: there is a new password."""
    await forget_wrong(user_id, None)
    await db.execute("UPDATE device SET wrong_passwords = 0 WHERE user_id = $1 AND wrong_passwords > 0", user_id)
