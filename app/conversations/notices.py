"""Notices of the system: what happened in a conversation, as messages of kind SYSTEM that stay in its history.

Messages are known above (messages/notices.py); until that says so with `writes_notices`, none are written.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.conversations.records import ConversationKind, ConversationRow


class SystemNoticeKind(StrEnum):
    CREATED = "CREATED"
    MEMBERS_ADDED = "MEMBERS_ADDED"
    MEMBER_REMOVED = "MEMBER_REMOVED"
    MEMBER_LEFT = "MEMBER_LEFT"
    MEMBER_JOINED_BY_INVITE = "MEMBER_JOINED_BY_INVITE"
    ROLE_CHANGED = "ROLE_CHANGED"
    OWNERSHIP_TRANSFERRED = "OWNERSHIP_TRANSFERRED"
    TITLE_CHANGED = "TITLE_CHANGED"
    DESCRIPTION_CHANGED = "DESCRIPTION_CHANGED"
    AVATAR_CHANGED = "AVATAR_CHANGED"
    PERMISSIONS_CHANGED = "PERMISSIONS_CHANGED"
    DISAPPEARING_CHANGED = "DISAPPEARING_CHANGED"
    MESSAGE_PINNED = "MESSAGE_PINNED"
    SECURITY_KEY_CHANGED = "SECURITY_KEY_CHANGED"
    ENCRYPTION_ENABLED = "ENCRYPTION_ENABLED"


# What would tell the readers of a broadcast who else reads.
_OF_READERS = frozenset(
    (
        SystemNoticeKind.MEMBERS_ADDED,
        SystemNoticeKind.MEMBER_REMOVED,
        SystemNoticeKind.MEMBER_LEFT,
        SystemNoticeKind.MEMBER_JOINED_BY_INVITE,
    )
)


# What a conversation has of its own, which who left must not follow.
CHANGES = (
    SystemNoticeKind.TITLE_CHANGED,
    SystemNoticeKind.DESCRIPTION_CHANGED,
    SystemNoticeKind.AVATAR_CHANGED,
    SystemNoticeKind.PERMISSIONS_CHANGED,
    SystemNoticeKind.DISAPPEARING_CHANGED,
)


@dataclass(slots=True, frozen=True)
class Notice:
    """What happened: who did it (None: nobody in particular), to whom, and the new value where there is one.
    `is_hidden`: in a direct conversation, from the other person, whether or not they block the actor now."""

    kind: SystemNoticeKind
    actor_id: UUID | None
    targets: Sequence[UUID] = ()
    value: str | None = None
    is_hidden: bool = False


Write = Callable[[UUID, Sequence[Notice]], Awaitable[None]]


Find = Callable[[Sequence[tuple[UUID, int]]], Awaitable[list[frozenset[SystemNoticeKind]]]]


class _Registry:
    write: Write | None = None
    find: Find | None = None


def finds_changes(find: Find) -> Find:
    """Decorates the batch function (conversation, number) → which CHANGES have a notice above that number."""
    _Registry.find = find
    return find


async def load_changes(keys: Sequence[tuple[UUID, int]]) -> list[frozenset[SystemNoticeKind]]:
    """Batch function: what changed in a conversation since the number at which somebody left."""
    return await _Registry.find(keys) if _Registry.find else [frozenset(CHANGES)] * len(keys)


def writes_notices(write: Write) -> Write:
    """Decorates the function that writes notices of a conversation, inside a transaction that holds its lock."""
    _Registry.write = write
    return write


async def notify(conversation: ConversationRow, *notices: Notice) -> None:
    """Writes the notices in the transaction that holds the conversation's lock, numbered after all that is there.

    Call it once the events of the change are recorded, so that who joins sees it, and who leaves does not.
    """
    if conversation.kind is ConversationKind.BROADCAST:
        notices = tuple(notice for notice in notices if notice.kind not in _OF_READERS)
    if notices and _Registry.write is not None:
        await _Registry.write(conversation.id, notices)
