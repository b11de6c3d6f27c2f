"""Who may change a message: the only door to one for mutations, under its conversation's lock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.contacts.blocks import load_blocks
from app.conversations.access import Access, lock_membership
from app.conversations.records import ConversationKind
from app.core import db
from app.core.errors import ErrorCode, UserFault
from app.core.viewer import Viewer
from app.messages.records import MESSAGE_COLUMNS, MessageRow, message_from
from app.messages.visibility import visible_to

_FIELD = ("messageId",)


@dataclass(slots=True, frozen=True)
class Held:
    """A message the viewer may see, in a conversation they are in, whose lock this transaction holds."""

    access: Access
    # As stored; `message` is what the viewer sees of it.
    stored: MessageRow

    @property
    def message(self) -> MessageRow:
        """The message as the viewer sees it."""
        return self.stored.seen_by(self.access.member.user_id)

    @property
    def hidden_from(self) -> tuple[UUID, ...]:
        """Who never learns what becomes of it, as they never got it."""
        if not self.stored.is_hidden or self.stored.sender_id is None:
            return ()
        return (self.access.conversation.peer_of(self.stored.sender_id),)

    async def add(self, *, is_hidden: bool = False) -> tuple[UUID, ...]:
        """From whom something new that the viewer adds to the message is hidden: whoever never got it, and the other
        person of a direct conversation who blocks the viewer (then the viewer must not notice; what they take back is
        taken back for both). `is_hidden`: what it adds to is hidden already.

        Raises FORBIDDEN while the viewer blocks the other.
        """
        conversation, viewer_id = self.access.conversation, self.access.member.user_id
        if conversation.kind is not ConversationKind.DIRECT:
            return ()
        peer_id = conversation.peer_of(viewer_id)
        blocking, is_blocked = await load_blocks([(viewer_id, peer_id), (peer_id, viewer_id)])
        if blocking:
            raise UserFault(ErrorCode.FORBIDDEN, "You block this person: unblock them first.", field=_FIELD)
        return (peer_id,) if is_blocked or is_hidden else self.hidden_from


async def lock_message(viewer: Viewer, message_id: UUID, *, may_be_request: bool = False) -> Held:
    """Locks the conversation of a message until the end of the transaction, then reads the message.

    Raises NOT_FOUND for one the viewer does not see, NOT_PARTICIPANT for one of a conversation they have left,
    FORBIDDEN while a message request waits for their answer (unless it `may_be_request`).
    """
    where = await db.row("SELECT conversation_id FROM message WHERE id = $1", message_id)
    access = await lock_membership(viewer.user_id, where["conversation_id"]) if where else None
    if access is None:
        raise not_found()
    member = access.member
    row = await db.row(
        f"SELECT {MESSAGE_COLUMNS} FROM message m WHERE m.id = $1 AND m.seq >= $2 AND {visible_to('$3')}",
        message_id,
        member.first_seq,
        viewer.user_id,
    )
    if row is None or (member.last_seq is not None and row["seq"] > member.last_seq):
        raise not_found()
    if member.left_at is not None:
        raise UserFault(ErrorCode.NOT_PARTICIPANT, "You are no longer in this conversation.", field=_FIELD)
    if member.is_request and not may_be_request:
        raise UserFault(ErrorCode.FORBIDDEN, "Accept the message request first.", field=_FIELD)
    return Held(access, message_from(row))


def not_found() -> UserFault:
    """For what is unknown, gone or out of sight alike."""
    return UserFault(ErrorCode.NOT_FOUND, "There is no such message.", field=_FIELD)


def unseen_by(row: db.Row) -> list[UUID]:
    """As `Held.hidden_from`, of a row with is_hidden, sender_id and direct_key."""
    if not row["is_hidden"] or not row["direct_key"]:
        return []
    return [UUID(part) for part in row["direct_key"].split(":") if UUID(part) != row["sender_id"]]


def check_there(message: MessageRow) -> None:
    """Raises FORBIDDEN for a tombstone: nothing can be done with it any more."""
    if message.deleted_at is not None:
        raise UserFault(ErrorCode.FORBIDDEN, "This message was deleted.", field=_FIELD)


def window_end(message: MessageRow, seconds: int | None) -> datetime | None:
    """Until when its sender may change it; None: without limit."""
    return None if seconds is None else message.created_at + timedelta(seconds=seconds)


async def load_now(keys: Sequence[None]) -> list[datetime]:
    """The database's clock, asked once for a page of messages."""
    return [await db.now()] * len(keys)


async def check_window(message: MessageRow, seconds: int | None) -> None:
    """Raises EDIT_WINDOW_PASSED, with the window in seconds as limit, when it is too late by the database's clock."""
    end = window_end(message, seconds)
    if end is not None and await db.now() >= end:
        raise UserFault(ErrorCode.EDIT_WINDOW_PASSED, "It is too late for that.", field=_FIELD, limit=seconds)
