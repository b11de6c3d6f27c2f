"""Who may reach a conversation: the only door to it. Unknown, malformed and somebody else's look the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from app.contacts.locks import locks_direct, pair_key
from app.conversations.records import (
    CONVERSATION_COLUMNS,
    CONVERSATION_NAMES,
    MEMBER_COLUMNS,
    MEMBER_NAMES,
    STAFF,
    ConversationKind,
    ConversationRow,
    MemberRole,
    MemberRow,
    conversation_of,
    member_of,
    reaches,
)
from app.core import db
from app.core.errors import ErrorCode, UserFault
from app.core.records import record
from app.core.viewer import Viewer

_FROM = "FROM conversation c JOIN member m ON m.conversation_id = c.id AND m.user_id = $1"
_WITH_MEMBER = f"SELECT {CONVERSATION_COLUMNS}, {MEMBER_COLUMNS} {_FROM}"

ACCESS_NAMES = (*CONVERSATION_NAMES, *(f"m_{name}" for name in MEMBER_NAMES))
ACCESS_WIDTH = len(ACCESS_NAMES)
_CONVERSATION = len(CONVERSATION_NAMES)
_IN = "m.left_at IS NULL AND m.is_listed"


@record(slots=True, frozen=True)
class Access:
    """A conversation beside the viewer's own membership in it, which is the permission."""

    conversation: ConversationRow
    member: MemberRow


@record(slots=True, frozen=True)
class Created(Access):
    """A new group, and whom the viewer may not put into groups: they are not in it."""

    need_invite: tuple[UUID, ...] = ()


def access_from(row: db.Row) -> Access:
    """A row that begins with CONVERSATION_COLUMNS and MEMBER_COLUMNS."""
    return access_of((*row.values(),))


def access_of(values: Sequence[Any]) -> Access:
    """The same for the values of the row."""
    return Access(conversation_of(values[:_CONVERSATION]), member_of(values[_CONVERSATION:ACCESS_WIDTH]))


async def access_conversation(viewer: Viewer, conversation_id: UUID) -> Access | None:
    """The conversation, or None when there is none, the viewer is not in it now, or does not have it in the list."""
    found = await access_conversation_beside(viewer, conversation_id, ())
    return found[0] if found else None


@dataclass(slots=True, frozen=True)
class BesideOne:
    """What a higher domain has read in the statement that accesses a conversation: `columns` of SQL over the
    conversation c and the viewer's membership m, given the placeholder of what `argument` makes of the
    conversation's id. All names are its own."""

    columns: Callable[[str], Sequence[str]]
    argument: Callable[[UUID], Any]


async def access_conversation_beside(
    viewer: Viewer, conversation_id: UUID, beside: Sequence[BesideOne]
) -> tuple[Access, list[Sequence[Any]]] | None:
    """As `access_conversation`, and the values that were read for each of `beside`."""
    sql, widths = _beside(tuple(beside), db.is_postgres())
    found = await db.rows(sql, viewer.user_id, conversation_id, *[one.argument(conversation_id) for one in beside])
    if not found:
        return None
    (values,) = db.by_place(found)
    read: list[Sequence[Any]] = []
    end = ACCESS_WIDTH
    for width in widths:
        read.append(values[end : end + width])
        end += width
    return access_of(values), read


@lru_cache(64)
def _beside(beside: tuple[BesideOne, ...], _postgres: bool) -> tuple[str, list[int]]:
    """The statement on this engine, and how many columns each has."""
    columns = [one.columns(f"${n}") for n, one in enumerate(beside, 3)]
    more = "".join(f", {column}" for some in columns for column in some)
    sql = f"SELECT {CONVERSATION_COLUMNS}, {MEMBER_COLUMNS}{more} {_FROM} AND {_IN} WHERE c.id = $2"
    return sql, [*map(len, columns)]


async def access_direct_conversation(viewer: Viewer, user_id: UUID) -> Access | None:
    """The direct conversation of the viewer with that person, or None when nobody started one."""
    row = await db.row(
        f"{_WITH_MEMBER} AND {_IN} WHERE c.direct_key = $2",
        viewer.user_id,
        pair_key(viewer.user_id, user_id),
    )
    return access_from(row) if row else None


async def lock_conversation(viewer: Viewer, conversation_id: UUID, *, field: str = "conversationId") -> Access:
    """As `lock_membership`, for the viewer. Raises NOT_FOUND, or NOT_PARTICIPANT to who was a member before."""
    return check_participant(await lock_membership(viewer.user_id, conversation_id), field=field)


async def lock_membership(user_id: UUID, conversation_id: UUID) -> Access | None:
    """Takes the conversation's lock until the end of the transaction, then reads the membership, ended or not.

    Two statements: one alone would judge the memberships from before its wait for the lock.
    """
    await db.rows("SELECT id FROM conversation WHERE id = $1 FOR NO KEY UPDATE", conversation_id)
    row = await db.row(f"{_WITH_MEMBER} WHERE c.id = $2", user_id, conversation_id)
    return access_from(row) if row else None


async def require_conversation(viewer: Viewer, conversation_id: UUID) -> Access:
    """As `access_conversation`, for mutations that don't lock. Raises NOT_FOUND, or NOT_PARTICIPANT after leaving."""
    row = await db.row(f"{_WITH_MEMBER} WHERE c.id = $2", viewer.user_id, conversation_id)
    return check_participant(access_from(row) if row else None)


def check_participant(access: Access | None, *, field: str = "conversationId") -> Access:
    """What was found for the viewer, current member or not, as a permission. Only who was in learns that it exists."""
    if access is None:
        raise UserFault(ErrorCode.NOT_FOUND, "There is no such conversation.", field=(field,))
    if access.member.left_at is not None:
        raise UserFault(ErrorCode.NOT_PARTICIPANT, "You are no longer in this conversation.", field=(field,))
    return access


def check_group(access: Access) -> None:
    """Raises FORBIDDEN for a direct conversation: its two people are fixed."""
    if access.conversation.kind is ConversationKind.DIRECT:
        raise UserFault(ErrorCode.FORBIDDEN, "Only groups and broadcasts can do this.", field=("conversationId",))


def check_kind(access: Access, kind: ConversationKind, *, field: str) -> None:
    """Raises NOT_FOUND for a conversation of another kind: nothing of the wanted kind has this id."""
    if access.conversation.kind is not kind:
        raise UserFault(ErrorCode.NOT_FOUND, f"There is no such {kind.value.lower()}.", field=(field,))


def check_manages(access: Access) -> None:
    """Raises FORBIDDEN unless the viewer owns or administers the group or broadcast."""
    check_group(access)
    if access.member.role not in STAFF:
        raise UserFault(ErrorCode.FORBIDDEN, "Only the owner and the admins can do this.")


def check_reaches(access: Access, required: MemberRole) -> None:
    """Raises FORBIDDEN unless the viewer's role in the group or broadcast is this one or a higher one."""
    check_group(access)
    if not reaches(access.member.role, required):
        who = "the owner" if required is MemberRole.OWNER else "the owner and the admins"
        raise UserFault(ErrorCode.FORBIDDEN, f"Only {who} can do this.")


@locks_direct
async def lock_direct_conversation(one: UUID, other: UUID) -> bool:
    """Takes the lock of the direct conversation of two people; whether there is one."""
    return bool(
        await db.rows("SELECT id FROM conversation WHERE direct_key = $1 FOR NO KEY UPDATE", pair_key(one, other))
    )
