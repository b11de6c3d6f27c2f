"""Conversations and members as the code hands them around: frozen rows, read in SQL, never half-loaded models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from operator import itemgetter
from typing import Any
from uuid import UUID

from asyncpg.pgproto.pgproto import UUID as PgUUID

from app.core import db
from app.core.records import record


class ConversationKind(StrEnum):
    DIRECT = "DIRECT"
    GROUP = "GROUP"
    BROADCAST = "BROADCAST"


class MemberRole(StrEnum):
    OWNER = "OWNER"
    ADMIN = "ADMIN"
    MEMBER = "MEMBER"


class MemberChange(StrEnum):
    JOINED = "JOINED"
    LEFT = "LEFT"
    REMOVED = "REMOVED"
    ROLE = "ROLE"


class ConversationRemovedReason(StrEnum):
    LEFT = "LEFT"
    REMOVED = "REMOVED"
    DELETED = "DELETED"


class MessageRequestAnswer(StrEnum):
    ACCEPT = "ACCEPT"
    DELETE = "DELETE"
    BLOCK = "BLOCK"


class SendRefusal(StrEnum):
    ADMINS_ONLY = "ADMINS_ONLY"
    READ_ONLY = "READ_ONLY"
    ACCOUNT_DELETED = "ACCOUNT_DELETED"
    BLOCKED_BY_VIEWER = "BLOCKED_BY_VIEWER"
    REQUEST_UNANSWERED = "REQUEST_UNANSWERED"


KINDS = {kind.value: kind for kind in ConversationKind}
_ROLES = {role.value: role for role in MemberRole}
STAFF = frozenset((MemberRole.OWNER, MemberRole.ADMIN))
_RANK = {MemberRole.MEMBER: 0, MemberRole.ADMIN: 1, MemberRole.OWNER: 2}


def reaches(role: MemberRole, required: MemberRole) -> bool:
    """Whether a member of this role may do what asks for at least the other."""
    return _RANK[role] >= _RANK[required]


@record(slots=True, frozen=True)
class Permissions:
    """Of groups and broadcasts: the lowest role that may do it, and what goes for everybody. The defaults are those of
    a new group. `slow_mode_seconds` is what lies between two messages of one plain member; 0: nothing."""

    who_can_send: MemberRole = MemberRole.MEMBER
    who_can_edit_info: MemberRole = MemberRole.ADMIN
    who_can_add_members: MemberRole = MemberRole.ADMIN
    who_can_pin: MemberRole = MemberRole.ADMIN
    new_members_see_history: bool = False
    slow_mode_seconds: int = 0


DEFAULT_PERMISSIONS = Permissions()
BROADCAST_PERMISSIONS = Permissions(who_can_send=MemberRole.ADMIN)


def peer_in(direct_key: str, user_id: UUID) -> UUID:
    """The other of the two people that a direct conversation's key names."""
    one, other = _pair(direct_key)
    return other if one == user_id else one


@lru_cache(16_384)  # a list of conversations asks for the same ones again and again
def _pair(direct_key: str) -> tuple[UUID, UUID]:
    one, _, other = direct_key.partition(":")
    return PgUUID(one), PgUUID(other)


@record(slots=True, frozen=True)
class ConversationRow:
    """A conversation as stored. `last_seq` is the highest number given to a message, 0 before the first."""

    id: UUID
    kind: ConversationKind
    title: str | None
    description: str | None
    created_by_id: UUID | None
    direct_key: str | None
    last_seq: int
    member_count: int
    activity_at: datetime
    created_at: datetime
    # Who never gets the newest messages, and where the conversation ends for them; None: everybody sees all.
    hidden_from_id: UUID | None = None
    shown_seq: int | None = None
    shown_activity_at: datetime | None = None
    permissions: Permissions = Permissions()
    disappearing_seconds: int | None = None
    is_encrypted: bool = False
    avatar_id: UUID | None = None

    def last_seq_for(self, user_id: UUID) -> int:
        """The highest number that a current member may see."""
        hidden = self.hidden_from_id == user_id and self.shown_seq is not None
        return self.shown_seq if hidden else self.last_seq  # type: ignore[return-value]

    def activity_for(self, user_id: UUID) -> datetime:
        """When something happened last that a current member may see."""
        hidden = self.hidden_from_id == user_id and self.shown_activity_at is not None
        return self.shown_activity_at if hidden else self.activity_at  # type: ignore[return-value]

    def peer_of(self, user_id: UUID) -> UUID:
        """The other person of a direct conversation; the key holds both, so nobody has to read the members."""
        assert self.direct_key is not None, "only direct conversations have a peer"
        return peer_in(self.direct_key, user_id)


@record(slots=True, frozen=True)
class MemberRow:
    """A membership as stored: current while `left_at` is None. `first_seq`..`last_seq` is what the person may see of
    the latest stay, both included; `last_seq` is None as long as it lasts."""

    id: UUID
    conversation_id: UUID
    user_id: UUID
    role: MemberRole
    added_by_id: UUID | None
    joined_at: datetime
    left_at: datetime | None
    first_seq: int
    last_seq: int | None
    delivered_seq: int
    read_seq: int
    read_at: datetime | None
    # The marks as others see them, where those must not follow them now.
    told_delivered_seq: int | None = None
    told_read_seq: int | None = None
    told_read_at: datetime | None = None
    is_request: bool = False
    unread_from_seq: int | None = None
    is_listed: bool = True
    sent_at: datetime | None = None

    @property
    def is_told_otherwise(self) -> bool:
        """Whether others see other marks than the member."""
        return self.told_delivered_seq is not None


CONVERSATION_NAMES = (
    "id", "kind", "title", "description", "created_by_id", "direct_key", "last_seq", "member_count", "activity_at",
    "created_at", "hidden_from_id", "shown_seq", "shown_activity_at", "who_can_send", "who_can_edit_info",
    "who_can_add_members", "who_can_pin", "new_members_see_history", "slow_mode_seconds", "disappearing_seconds",
    "is_encrypted", "avatar_id",
)  # fmt: skip
MEMBER_NAMES = tuple(field.name for field in fields(MemberRow))
CONVERSATION_COLUMNS = ", ".join(f"c.{name}" for name in CONVERSATION_NAMES)
MEMBER_COLUMNS = ", ".join(f"m.{name} AS m_{name}" for name in MEMBER_NAMES)
_conversation = itemgetter(*CONVERSATION_NAMES)
_member = itemgetter(*(f"m_{name}" for name in MEMBER_NAMES))


def conversation_from(row: db.Row) -> ConversationRow:
    """A row of CONVERSATION_COLUMNS."""
    return conversation_of(_conversation(row))


def conversation_of(values: Sequence[Any]) -> ConversationRow:
    """The values of CONVERSATION_COLUMNS: by place, as names take twice as long."""
    (
        id_, kind, title, description, created_by_id, direct_key, last_seq, member_count, activity_at, created_at,
        hidden_from_id, shown_seq, shown_activity_at, send, edit_info, add_members, pin, history, slow_mode,
        disappearing_seconds, is_encrypted, avatar_id,
    ) = values  # fmt: skip
    return ConversationRow(
        id_, KINDS[kind], title, description, created_by_id, direct_key, last_seq, member_count, activity_at,
        created_at, hidden_from_id, shown_seq, shown_activity_at,
        _permissions(send, edit_info, add_members, pin, history, slow_mode), disappearing_seconds, bool(is_encrypted),
        avatar_id,
    )  # fmt: skip


@lru_cache(1024)  # most conversations have those of all others
def _permissions(send: str, edit_info: str, add_members: str, pin: str, history: int, slow_mode: int) -> Permissions:
    return Permissions(
        _ROLES[send], _ROLES[edit_info], _ROLES[add_members], _ROLES[pin], bool(history), slow_mode
    )  # fmt: skip


def member_from(row: db.Row) -> MemberRow:
    """A row of MEMBER_COLUMNS."""
    return member_of(_member(row))


def member_of(values: Sequence[Any]) -> MemberRow:
    """The values of MEMBER_COLUMNS."""
    (
        id_, conversation_id, user_id, role, added_by_id, joined_at, left_at, first_seq, last_seq, delivered_seq,
        read_seq, read_at, told_delivered_seq, told_read_seq, told_read_at, is_request, unread_from_seq, is_listed,
        sent_at,
    ) = values  # fmt: skip
    return MemberRow(
        id_, conversation_id, user_id, _ROLES[role], added_by_id, joined_at, left_at, first_seq, last_seq,
        delivered_seq, read_seq, read_at, told_delivered_seq, told_read_seq, told_read_at, bool(is_request),
        unread_from_seq, bool(is_listed), sent_at,
    )  # fmt: skip
