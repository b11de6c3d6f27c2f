"""The address book: adding, changing and removing contacts. One-sided, but the other side sees whether it is mutual."""

from __future__ import annotations

from uuid import UUID

from app.accounts.sessions import lock_users
from app.contacts.blocks import check_not_blocking, has_blocked
from app.contacts.book import find_contact, put_contact, tell_contact, tell_other
from app.contacts.locks import lock_people
from app.contacts.records import CONTACT_COLUMNS, ContactRow, RequestRow, contact_from
from app.contacts.requests import accept_waiting
from app.core import db, log
from app.core.clock import now
from app.core.errors import ErrorCode, UserFault
from app.core.runtime import current
from app.core.text import check_name
from app.core.viewer import Viewer

NICKNAME_LENGTH = 100
KEEP = object()
"""For an argument that changes nothing."""


def check_nickname(value: str | None) -> str | None:
    """One line of at most 100 characters, None for none. Raises INVALID or TOO_LONG."""
    if value is None:
        return None
    return check_name(value, field=("nickname",), limit=NICKNAME_LENGTH, empty=None) or None


@db.retried
async def add_contact(
    viewer: Viewer, user_id: UUID, nickname: str | None = None
) -> tuple[ContactRow, RequestRow | None]:
    """Puts a person into the viewer's contacts; beside it the request of that person that this accepted, if any.

    Raises INVALID (oneself, nickname), TOO_LONG, NOT_FOUND, FORBIDDEN while the viewer blocks the person,
    ALREADY_EXISTS, LIMIT_REACHED.
    """
    nickname = check_nickname(nickname)
    async with log.transaction():
        await lock_people(viewer, user_id, field="userId")
        await check_not_blocking(viewer.user_id, user_id, field="userId")
        if await find_contact(viewer.user_id, user_id) is not None:
            raise UserFault(ErrorCode.ALREADY_EXISTS, "This person is among your contacts.", field=("userId",))
        await check_room(viewer)
        request = await accept_waiting(viewer, user_id)
        contact = await put_contact(viewer.user_id, user_id, nickname)
        if request is None:
            await tell_other(viewer.user_id, user_id)
    return contact, request


@db.retried
async def update_contact(viewer: Viewer, contact_id: UUID, *, nickname: object, is_favorite: object) -> ContactRow:
    """Changes what is not KEEP; nickname None clears it. Raises NOT_FOUND, INVALID, TOO_LONG."""
    if nickname is not KEEP:
        nickname = check_nickname(nickname if isinstance(nickname, str) else None)
    async with log.transaction():
        contact = await _lock_contact(viewer, contact_id)
        await db.execute(
            "UPDATE contact SET nickname = $1, is_favorite = $2, updated_at = $3 WHERE id = $4",
            contact.nickname if nickname is KEEP else nickname,
            contact.is_favorite if is_favorite is KEEP else is_favorite,
            now(),
            contact.id,
        )
        tell_contact(viewer.user_id, contact.user_id)
        return await _lock_contact(viewer, contact_id)


@db.retried
async def remove_contact(viewer: Viewer, contact_id: UUID) -> ContactRow:
    """Takes a person out of the viewer's contacts; what it was is returned. Raises NOT_FOUND."""
    async with log.transaction():
        found = await _access_contact(viewer, contact_id)
        await lock_users([viewer.user_id, found.user_id])
        contact = await _access_contact(viewer, contact_id)
        if await has_blocked(viewer.user_id, contact.user_id):
            # The blocked person must not see isMutual change: the row goes with the block.
            await db.execute("UPDATE contact SET removed_at = $1 WHERE id = $2", now(), contact.id)
        else:
            await db.execute("DELETE FROM contact WHERE id = $1", contact.id)
            await tell_other(viewer.user_id, contact.user_id)
        tell_contact(viewer.user_id, contact.user_id, removed_id=contact.id)
    return contact


async def _access_contact(viewer: Viewer, contact_id: UUID) -> ContactRow:
    row = await db.row(
        f"SELECT {CONTACT_COLUMNS} FROM contact k WHERE k.id = $1 AND k.owner_id = $2 AND k.removed_at IS NULL",
        contact_id,
        viewer.user_id,
    )
    if row is None:
        raise UserFault(ErrorCode.NOT_FOUND, "There is no such contact.", field=("contactId",))
    return contact_from(row)


async def _lock_contact(viewer: Viewer, contact_id: UUID) -> ContactRow:
    await db.rows("SELECT id FROM contact WHERE id = $1 FOR NO KEY UPDATE", contact_id)
    return await _access_contact(viewer, contact_id)


async def check_room(viewer: Viewer, more: int = 1) -> None:
    """Raises LIMIT_REACHED when the viewer can't have that many more contacts."""
    limit = current().settings.contacts.contacts
    row = await db.row(
        "SELECT count(*) AS total FROM contact WHERE owner_id = $1 AND removed_at IS NULL", viewer.user_id
    )
    if row and row["total"] + more > limit:
        raise UserFault(ErrorCode.LIMIT_REACHED, f"You can have {limit} contacts.", limit=limit)
