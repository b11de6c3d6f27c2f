"""The audit log: what was done to accounts, by whom and from where.

Rows are only ever added, lose their address after four weeks and go after a year. Triggers of the database hold to that
whatever a program does (but for an hour of slack for clocks), so these two times are no settings.

`note` writes in the transaction of what it tells, so that there is no deed without its entry. No content, no secrets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from app.core import db
from app.core.clock import new_id, now
from app.core.jobs import schedule
from app.core.origin import current_origin

KEPT = timedelta(days=365)
ADDRESSES_KEPT = timedelta(days=28)
_BATCH = 1000


class AuditAction(StrEnum):
    """What happened. More will appear."""

    SIGNED_IN = "SIGNED_IN"
    SIGN_IN_FAILED = "SIGN_IN_FAILED"
    SESSION_ENDED = "SESSION_ENDED"
    REFRESH_TOKEN_REUSED = "REFRESH_TOKEN_REUSED"  # noqa: S105 - a deed, not a token
    DEVICE_LINKED = "DEVICE_LINKED"
    PASSWORD_CHANGED = "PASSWORD_CHANGED"  # noqa: S105
    PASSWORD_BLOCKED = "PASSWORD_BLOCKED"  # noqa: S105
    PASSWORD_RESET = "PASSWORD_RESET"  # noqa: S105
    IDENTIFIER_ADDED = "IDENTIFIER_ADDED"
    IDENTIFIER_PROVED = "IDENTIFIER_PROVED"
    IDENTIFIER_REMOVED = "IDENTIFIER_REMOVED"
    PROVIDER_LINKED = "PROVIDER_LINKED"
    PROVIDER_UNLINKED = "PROVIDER_UNLINKED"
    TWO_FACTOR_ON = "TWO_FACTOR_ON"
    TWO_FACTOR_OFF = "TWO_FACTOR_OFF"
    RECOVERY_CODE_USED = "RECOVERY_CODE_USED"
    PRIVACY_CHANGED = "PRIVACY_CHANGED"
    USERNAME_CHANGED = "USERNAME_CHANGED"
    DELETION_REQUESTED = "DELETION_REQUESTED"
    DELETION_CANCELED = "DELETION_CANCELED"
    ACCOUNT_ERASED = "ACCOUNT_ERASED"
    DATA_EXPORT_REQUESTED = "DATA_EXPORT_REQUESTED"
    MEMBERS_ADDED = "MEMBERS_ADDED"
    MEMBER_REMOVED = "MEMBER_REMOVED"
    ROLE_CHANGED = "ROLE_CHANGED"
    OWNERSHIP_TRANSFERRED = "OWNERSHIP_TRANSFERRED"


@dataclass(slots=True, frozen=True)
class AuditRow:
    """An entry as stored. `subject` is the global id of what it is about."""

    id: UUID
    user_id: UUID | None
    actor_id: UUID | None
    action: str
    subject: str | None
    ip_address: str | None
    request_id: str | None
    details: str | None
    created_at: datetime


async def note(
    user_id: UUID | None,
    action: AuditAction,
    *,
    by: UUID | None = None,
    subject: str | None = None,
    details: str | None = None,
) -> None:
    """Adds an entry to somebody's log, in the current transaction if there is one. `by` is None when that is not known:
    a sign-in that failed, a job."""
    origin = current_origin()
    await db.execute(
        "INSERT INTO audit_entry (id, user_id, actor_id, action, subject, ip_address, request_id, details, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        new_id(), user_id, by, action.value, subject, origin.network, origin.request_id, details and details[:255],
        now(),
    )  # fmt: skip


_COLUMNS = "id, user_id, actor_id, action, subject, ip_address, request_id, details, created_at"


async def list_entries(user_id: UUID, size: int, *, after: tuple[datetime, UUID] | None = None) -> list[AuditRow]:
    """A page of somebody's log, newest first, with one entry more than `size` when there are more."""
    args: list[object] = [user_id, size + 1]
    where = "user_id = $1"
    if after:
        args += after
        where += " AND (created_at, id) < ($3, $4)"
    sql = f"SELECT {_COLUMNS} FROM audit_entry WHERE {where} ORDER BY created_at DESC, id DESC LIMIT $2"
    return [AuditRow(**row) for row in await db.rows(sql, *args)]


async def load_entries(ids: Sequence[UUID]) -> list[AuditRow | None]:
    """Batch function: entries by id, in the order asked. They are the account's owner's to see."""
    found = await db.rows(f"SELECT {_COLUMNS} FROM audit_entry WHERE id = ANY($1::uuid[])", list(ids))
    by_id = {row["id"]: AuditRow(**row) for row in found}
    return [by_id.get(id_) for id_ in ids]


@schedule("accounts.sweep_audit", every=3600)
async def sweep_audit() -> int:
    """Forgets addresses after four weeks and entries after a year, a thousand at a time."""
    deleted = await db.execute(
        "DELETE FROM audit_entry WHERE id IN (SELECT id FROM audit_entry WHERE created_at < $1 LIMIT $2)",
        now() - KEPT, _BATCH,
    )  # fmt: skip
    cleared = await db.execute(
        "UPDATE audit_entry SET ip_address = NULL WHERE id IN"
        " (SELECT id FROM audit_entry WHERE created_at < $1 AND ip_address IS NOT NULL LIMIT $2)",
        now() - ADDRESSES_KEPT, _BATCH,
    )  # fmt: skip
    return deleted + cleared
