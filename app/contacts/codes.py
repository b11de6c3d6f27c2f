"""Connection codes: what one phone shows and another scans. Each lives for half a minute and works once."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.contacts.records import ContactRequestVia, ContactRow, RequestRow
from app.contacts.requests import ask
from app.core import db, log
from app.core.clock import now
from app.core.errors import ErrorCode, UserFault
from app.core.runtime import current
from app.core.viewer import Viewer

PREFIX = "parley:connect/"
# Expired ones are kept a little, so that somebody who scans late is told why.
KEPT = timedelta(minutes=10)


@dataclass(slots=True, frozen=True)
class NewCode:
    """The text of a QR code, and until when it works."""

    text: str
    expires_at: datetime


@db.retried
async def create_code(viewer: Viewer) -> NewCode:
    """A code of the viewer. Their earlier ones live to their own ends: several devices may show one."""
    secret = secrets.token_urlsafe(24)
    at = now()
    expires_at = at + timedelta(seconds=current().settings.contacts.connection_code_seconds)
    async with log.transaction():
        await db.execute(
            "DELETE FROM connection_code WHERE user_id = $1 AND expires_at < $2", viewer.user_id, at - KEPT
        )
        await db.execute(
            "INSERT INTO connection_code (code_hash, user_id, expires_at, created_at) VALUES ($1, $2, $3, $4)",
            _hash(secret),
            viewer.user_id,
            expires_at,
            at,
        )
    return NewCode(PREFIX + secret, expires_at)


@db.retried
async def scan_code(viewer: Viewer, text: str) -> tuple[RequestRow, ContactRow | None]:
    """Asks whoever showed the code to connect, as `send_request` does; the code is used up.

    Raises WRONG_CODE for what is no code of this server or was used, EXPIRED, INVALID for one's own, and what asking
    raises: then the code is not used up.
    """
    async with log.transaction():
        user_id = await _use(viewer, text.strip().removeprefix(PREFIX))
        return await ask(viewer, user_id, None, ContactRequestVia.QR_CODE, field="text")


async def _use(viewer: Viewer, secret: str) -> UUID:
    field = ("text",)
    row = await db.row("SELECT user_id, expires_at FROM connection_code WHERE code_hash = $1", _hash(secret))
    if row is None:
        raise UserFault(ErrorCode.WRONG_CODE, "This code is not valid: scan the one shown now.", field=field)
    if row["user_id"] == viewer.user_id:
        raise UserFault(ErrorCode.INVALID, "This is your own code.", field=field)
    if row["expires_at"] <= now():
        raise UserFault(ErrorCode.EXPIRED, "This code has expired: scan the one shown now.", field=field)
    # Of two who scan at once, one deletes it.
    if not await db.execute("DELETE FROM connection_code WHERE code_hash = $1", _hash(secret)):
        raise UserFault(ErrorCode.WRONG_CODE, "This code was used: scan the one shown now.", field=field)
    return row["user_id"]  # type: ignore[no-any-return]


def _hash(secret: str) -> str:
    return hashlib.sha256(secret[:200].encode("utf-8", "replace")).hexdigest()
