"""Contact requests: one row for each pair, asked, answered, asked again. All of it under the lock of the pair."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

from app.accounts.sessions import lock_users
from app.contacts.blocks import check_not_blocking, has_blocked
from app.contacts.book import find_contact, put_contact, put_other_side
from app.contacts.locks import lock_people, pair_key
from app.contacts.records import (
    REQUEST_COLUMNS,
    ContactRequestState,
    ContactRequestVia,
    ContactRow,
    RequestRow,
    request_from,
)
from app.core import db, log
from app.core.clock import new_id, now
from app.core.errors import ErrorCode, UserFault
from app.core.text import check_text
from app.core.viewer import Viewer

NOTE_LENGTH = 300
AGAIN_AFTER = timedelta(hours=24)

ShareGroup = Callable[[UUID, UUID], Awaitable[bool]]
"""Whether two people are in a group together."""
_share_groups: list[ShareGroup] = []


def shares_groups(share: ShareGroup) -> ShareGroup:
    """Registers who knows of groups: then a request says that the two meet there."""
    _share_groups.append(share)
    return share


async def send_request(
    viewer: Viewer, user_id: UUID, *, note: str | None, via: ContactRequestVia
) -> tuple[RequestRow, ContactRow | None]:
    """Asks a person to connect. When they have asked the viewer, that is accepted instead: then also the new contact.

    Raises INVALID (oneself, note), TOO_LONG, NOT_FOUND, FORBIDDEN while the viewer blocks them, ALREADY_EXISTS when the
    viewer has asked or both have each other, COOLDOWN within 24 hours of a decline.
    """
    note = check_text(note, field=("note",), limit=NOTE_LENGTH, empty=None) or None if note else None
    return await _send_request(viewer, user_id, note, via)


@db.retried
async def _send_request(
    viewer: Viewer, user_id: UUID, note: str | None, via: ContactRequestVia
) -> tuple[RequestRow, ContactRow | None]:
    async with log.transaction():
        return await ask(viewer, user_id, note, via)


async def ask(
    viewer: Viewer, user_id: UUID, note: str | None, via: ContactRequestVia, *, field: str = "userId"
) -> tuple[RequestRow, ContactRow | None]:
    """Inside a transaction: as `send_request`, the note checked. `field` is the input's that names the person."""
    await lock_people(viewer, user_id, field=field)
    await check_not_blocking(viewer.user_id, user_id, field=field)
    accepted = await accept_waiting(viewer, user_id)
    if accepted is not None:
        return accepted, await put_contact(viewer.user_id, user_id)
    before = await _find_request(viewer.user_id, user_id)
    await _check_may_ask(viewer, user_id, before, field=(field,))
    is_hidden = await has_blocked(user_id, viewer.user_id)
    if via is ContactRequestVia.SEARCH and any([await share(viewer.user_id, user_id) for share in _share_groups]):
        via = ContactRequestVia.GROUP
    await db.execute(
        "INSERT INTO contact_request (id, pair_key, sender_id, recipient_id, note, state, via, is_hidden, asked_at,"
        " created_at, updated_at) VALUES ($1, $2, $3, $4, $5, 'PENDING', $6, $7, $8, $8, $8)"
        " ON CONFLICT (pair_key) DO UPDATE SET sender_id = excluded.sender_id, recipient_id = excluded.recipient_id,"
        " note = excluded.note, state = excluded.state, via = excluded.via, is_hidden = excluded.is_hidden,"
        " asked_at = excluded.asked_at, answered_at = NULL, updated_at = excluded.updated_at",
        new_id(), pair_key(viewer.user_id, user_id), viewer.user_id, user_id, note, via, is_hidden, now(),
    )  # fmt: skip
    request = await _find_request(viewer.user_id, user_id)
    assert request is not None, "it was written a moment ago"
    _tell(request)
    return request, None


async def _check_may_ask(viewer: Viewer, user_id: UUID, before: RequestRow | None, *, field: tuple[str, ...]) -> None:
    own, theirs = await find_contact(viewer.user_id, user_id), await has_contact(user_id, viewer.user_id)
    if own is not None and theirs:
        raise UserFault(ErrorCode.ALREADY_EXISTS, "You are connected already.", field=field)
    if before is None or before.sender_id != viewer.user_id:
        return
    if before.state is ContactRequestState.PENDING:
        raise UserFault(ErrorCode.ALREADY_EXISTS, "You have asked already.", field=field)
    if before.state is ContactRequestState.DECLINED and before.answered_at is not None:
        wait = before.answered_at + AGAIN_AFTER - now()
        if wait > timedelta(0):
            seconds = math.ceil(wait.total_seconds())
            raise UserFault(ErrorCode.COOLDOWN, "Wait a day before you ask again.", field=field, retry_after=seconds)


async def has_contact(owner_id: UUID, user_id: UUID) -> bool:
    """Whether the person is a contact of the owner as that person sees it: also one removed during a block."""
    return (
        await db.row("SELECT 1 AS one FROM contact WHERE owner_id = $1 AND user_id = $2", owner_id, user_id) is not None
    )


@db.retried
async def accept_request(viewer: Viewer, request_id: UUID, nickname: str | None) -> tuple[RequestRow, ContactRow]:
    """Accepts a request to the viewer: both have each other as contacts. Raises NOT_FOUND, CONFLICT when it is no
    longer open."""
    async with log.transaction():
        request = await _lock_request(viewer, request_id, as_sender=False)
        accepted = await _answer(request, ContactRequestState.ACCEPTED)
        await put_other_side(request.sender_id, viewer.user_id)
        return accepted, await put_contact(viewer.user_id, request.sender_id, nickname)


@db.retried
async def decline_request(viewer: Viewer, request_id: UUID) -> RequestRow:
    """Declines a request to the viewer. Raises NOT_FOUND, CONFLICT."""
    async with log.transaction():
        return await _answer(await _lock_request(viewer, request_id, as_sender=False), ContactRequestState.DECLINED)


@db.retried
async def cancel_request(viewer: Viewer, request_id: UUID) -> RequestRow:
    """Takes the viewer's own request back. Raises NOT_FOUND, CONFLICT, FORBIDDEN while the viewer blocks the other: the
    blocked person would see it."""
    async with log.transaction():
        request = await _lock_request(viewer, request_id, as_sender=True)
        await check_not_blocking(viewer.user_id, request.recipient_id, field="requestId")
        return await _answer(request, ContactRequestState.CANCELED)


async def accept_waiting(viewer: Viewer, user_id: UUID) -> RequestRow | None:
    """Under the lock of the pair: accepts the open request of that person to the viewer, if there is one.

    Also one that was hidden from the viewer: they want the same now. The person gets their contact; the viewer's is the
    caller's to make.
    """
    request = await _find_request(viewer.user_id, user_id)
    if request is None or request.sender_id != user_id or request.state is not ContactRequestState.PENDING:
        return None
    accepted = await _answer(request, ContactRequestState.ACCEPTED)
    await put_other_side(user_id, viewer.user_id)
    return accepted


async def hide_waiting(viewer: Viewer, user_id: UUID) -> None:
    """Under the lock of the pair: the open request of somebody the viewer blocks now is gone for the viewer."""
    await db.execute(
        "UPDATE contact_request SET is_hidden = $1 WHERE sender_id = $2 AND recipient_id = $3 AND state = 'PENDING'",
        True,
        user_id,
        viewer.user_id,
    )


async def _lock_request(viewer: Viewer, request_id: UUID, *, as_sender: bool) -> RequestRow:
    """The open request, its pair locked. Raises NOT_FOUND for what the viewer may not see or answer, CONFLICT."""
    found = await _visible_request(viewer, request_id)
    await lock_users([found.sender_id, found.recipient_id])
    request = await _visible_request(viewer, request_id)
    if as_sender is not (request.sender_id == viewer.user_id):
        raise UserFault(ErrorCode.NOT_FOUND, "There is no such request.", field=("requestId",))
    if request.state is not ContactRequestState.PENDING:
        raise UserFault(ErrorCode.CONFLICT, "This request is no longer open.", field=("requestId",))
    return request


async def _visible_request(viewer: Viewer, request_id: UUID) -> RequestRow:
    row = await db.row(f"SELECT {REQUEST_COLUMNS} FROM contact_request r WHERE r.id = $1", request_id)
    request = request_from(row) if row else None
    if request is None or not request.is_visible_to(viewer.user_id):
        raise UserFault(ErrorCode.NOT_FOUND, "There is no such request.", field=("requestId",))
    return request


async def _find_request(one: UUID, other: UUID) -> RequestRow | None:
    row = await db.row(f"SELECT {REQUEST_COLUMNS} FROM contact_request r WHERE r.pair_key = $1", pair_key(one, other))
    return request_from(row) if row else None


async def _answer(request: RequestRow, state: ContactRequestState) -> RequestRow:
    """Closes a request, visible to both from now on if it was accepted."""
    is_hidden = request.is_hidden and state is not ContactRequestState.ACCEPTED
    await db.execute(
        "UPDATE contact_request SET state = $1, is_hidden = $2, answered_at = $3, updated_at = $3 WHERE id = $4",
        state,
        is_hidden,
        now(),
        request.id,
    )
    answered = await _find_request(request.sender_id, request.recipient_id)
    assert answered is not None, "the pair is locked"
    if state is ContactRequestState.ACCEPTED and await has_blocked(request.sender_id, request.recipient_id):
        _tell(answered, but=request.sender_id)
    else:
        _tell(answered)
    return answered


def _tell(request: RequestRow, *, but: UUID | None = None) -> None:
    """Tells all devices of both, or of those who may know."""
    for user_id in (request.sender_id, request.recipient_id):
        if user_id != but and request.is_visible_to(user_id):
            log.record(log.NewEvent(user_id, "CONTACT_REQUEST_CHANGED", {"requestId": str(request.id)}))
