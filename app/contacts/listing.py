"""The viewer's lists: contacts (favourites first), requests by state, blocked people. Keyset pages, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.accounts.loaders import find_people_by_name
from app.contacts.records import (
    CONTACT_COLUMNS,
    REQUEST_COLUMNS,
    ContactRequestState,
    ContactRow,
    RequestDirection,
    RequestRow,
    contact_from,
    request_from,
)
from app.core import db
from app.core.viewer import Viewer

Place = tuple[datetime, UUID]


@dataclass(slots=True, frozen=True)
class ContactQuery:
    """Which of somebody's contacts: with this text in a name or the nickname, favourites only."""

    owner_id: UUID
    text: str | None = None
    favorites_only: bool = False


async def list_contacts(
    query: ContactQuery, size: int, *, after: tuple[bool, datetime, UUID] | None = None
) -> list[ContactRow]:
    """A page by (favourite, added, id) descending below `after`, with one more than `size` when there are more."""
    where, args = await _contact_filter(query)
    if after:
        args += after
        n = len(args)
        where += f" AND (k.is_favorite, k.added_at, k.id) < (${n - 2}, ${n - 1}, ${n})"
    args.append(size + 1)
    found = await db.rows(
        f"SELECT {CONTACT_COLUMNS} {where} ORDER BY k.is_favorite DESC, k.added_at DESC, k.id DESC LIMIT ${len(args)}",
        *args,
    )
    return [contact_from(row) for row in found]


async def count_contacts(query: ContactQuery) -> int:
    """How many there are, pages aside."""
    where, args = await _contact_filter(query)
    return await _count(where, args)


async def _contact_filter(query: ContactQuery) -> tuple[str, list[object]]:
    where = "FROM contact k WHERE k.owner_id = $1 AND k.removed_at IS NULL"
    args: list[object] = [query.owner_id]
    if query.favorites_only:
        args.append(True)
        where += f" AND k.is_favorite = ${len(args)}"
    if query.text is not None:
        args.append(list(await find_contacts_by_name(query.owner_id, query.text)))
        where += f" AND k.user_id = ANY(${len(args)}::uuid[])"
    return where, args


async def find_contacts_by_name(owner_id: UUID, text: str) -> set[UUID]:
    """Contacts with the text in display name, username or nickname, whatever the case. A person has thousands of
    contacts at most: reading them is cheap, and the same on both engines for every script."""
    found = await db.rows("SELECT user_id, nickname FROM contact WHERE owner_id = $1 AND removed_at IS NULL", owner_id)
    wanted = text.casefold()
    nicknamed = {row["user_id"] for row in found if wanted in (row["nickname"] or "").casefold()}
    return nicknamed | await find_people_by_name([row["user_id"] for row in found], text)


async def all_contacts(owner_id: UUID) -> set[UUID]:
    """Everybody among somebody's contacts."""
    found = await db.rows("SELECT user_id FROM contact WHERE owner_id = $1 AND removed_at IS NULL", owner_id)
    return {row["user_id"] for row in found}


@dataclass(slots=True, frozen=True)
class RequestQuery:
    """Which of somebody's requests."""

    user_id: UUID
    direction: RequestDirection
    state: ContactRequestState


async def list_requests(query: RequestQuery, size: int, *, after: Place | None = None) -> list[RequestRow]:
    """A page by (asked, id) descending below `after`, with one more than `size` when there are more."""
    where, args = _request_filter(query)
    if after:
        args += after
        where += f" AND (r.asked_at, r.id) < (${len(args) - 1}, ${len(args)})"
    args.append(size + 1)
    found = await db.rows(
        f"SELECT {REQUEST_COLUMNS} {where} ORDER BY r.asked_at DESC, r.id DESC LIMIT ${len(args)}", *args
    )
    return [request_from(row) for row in found]


async def count_requests(query: RequestQuery) -> int:
    """How many there are, pages aside."""
    return await _count(*_request_filter(query))


def _request_filter(query: RequestQuery) -> tuple[str, list[object]]:
    if query.direction is RequestDirection.SENT:
        return "FROM contact_request r WHERE r.sender_id = $1 AND r.state = $2", [query.user_id, query.state]
    return (
        "FROM contact_request r WHERE r.recipient_id = $1 AND r.state = $2 AND r.is_hidden = $3",
        [query.user_id, query.state, False],
    )


@dataclass(slots=True, frozen=True)
class BlockedPerson:
    """Whom the viewer blocks, since when."""

    user_id: UUID
    since: datetime


async def list_blocked(viewer: Viewer, size: int, *, after: Place | None = None) -> list[BlockedPerson]:
    """A page by (since, person) descending below `after`, with one more than `size` when there are more."""
    where, args = "", list[object]([viewer.user_id])
    if after:
        args += after
        where = "AND (created_at, blocked_id) < ($2, $3)"
    args.append(size + 1)
    found = await db.rows(
        f"SELECT blocked_id, created_at FROM block WHERE blocker_id = $1 {where}"
        f" ORDER BY created_at DESC, blocked_id DESC LIMIT ${len(args)}",
        *args,
    )
    return [BlockedPerson(row["blocked_id"], row["created_at"]) for row in found]


async def count_blocked(viewer: Viewer) -> int:
    """How many people the viewer blocks."""
    return await _count("FROM block WHERE blocker_id = $1", [viewer.user_id])


async def _count(where: str, args: Sequence[object]) -> int:
    row = await db.row(f"SELECT count(*) AS total {where}", *args)
    return int(row["total"]) if row else 0
