"""One person in another's contacts: looking, putting, telling. Callers hold the lock of the pair."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

from app.contacts.blocks import has_blocked
from app.contacts.records import CONTACT_COLUMNS, ContactRow, contact_from
from app.core import db, log
from app.core.clock import new_id, now

LetsIn = Callable[[UUID, UUID], Awaitable[None]]
"""Hears, inside the transaction, that the first has the second as a contact from now on."""
_lets_in: list[LetsIn] = []


def lets_in(hear: LetsIn) -> LetsIn:
    """Registers what else a new contact may do from then on: conversations let their messages in."""
    _lets_in.append(hear)
    return hear


async def find_contact(owner_id: UUID, user_id: UUID) -> ContactRow | None:
    """The contact, as its owner sees it."""
    row = await db.row(
        f"SELECT {CONTACT_COLUMNS} FROM contact k WHERE k.owner_id = $1 AND k.user_id = $2 AND k.removed_at IS NULL",
        owner_id,
        user_id,
    )
    return contact_from(row) if row else None


async def put_contact(owner_id: UUID, user_id: UUID, nickname: str | None = None) -> ContactRow:
    """Makes the person a contact of the owner, unless they are, and tells the owner's devices."""
    for hear in _lets_in:  # before the contact is written, as the order of locks demands
        await hear(owner_id, user_id)
    at = now()
    await db.execute(
        "INSERT INTO contact (id, owner_id, user_id, nickname, is_favorite, added_at, created_at, updated_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $6, $6) ON CONFLICT (owner_id, user_id) DO UPDATE SET"
        " nickname = excluded.nickname, is_favorite = excluded.is_favorite, added_at = excluded.added_at,"
        " removed_at = NULL, updated_at = excluded.updated_at WHERE contact.removed_at IS NOT NULL",
        new_id(), owner_id, user_id, nickname, False, at,
    )  # fmt: skip
    tell_contact(owner_id, user_id)
    contact = await find_contact(owner_id, user_id)
    assert contact is not None, "the pair is locked"
    return contact


def tell_contact(owner_id: UUID, user_id: UUID, *, removed_id: UUID | None = None) -> None:
    """Tells all devices of the owner that the contact with this person changed, or is gone."""
    gone = {"removedContactId": str(removed_id)} if removed_id else {}
    log.record(log.NewEvent(owner_id, "CONTACT_CHANGED", {"userId": str(user_id), **gone}))


async def tell_other(viewer_id: UUID, user_id: UUID) -> None:
    """isMutual of the other's contact changed; nothing arrives at somebody who blocks the viewer."""
    if await find_contact(user_id, viewer_id) is not None and not await has_blocked(user_id, viewer_id):
        tell_contact(user_id, viewer_id)


async def put_other_side(owner_id: UUID, user_id: UUID) -> None:
    """The person whose request was accepted has a contact too. Nothing arrives at somebody who blocks the other: they
    get a row that only the other's isMutual sees."""
    if not await has_blocked(owner_id, user_id):
        await put_contact(owner_id, user_id)
        return
    at = now()
    await db.execute(
        "INSERT INTO contact (id, owner_id, user_id, is_favorite, added_at, removed_at, created_at, updated_at)"
        " VALUES ($1, $2, $3, $4, $5, $5, $5, $5) ON CONFLICT (owner_id, user_id) DO NOTHING",
        new_id(), owner_id, user_id, False, at,
    )  # fmt: skip
