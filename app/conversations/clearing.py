"""Clearing a conversation's history for oneself, and taking it out of one's list. Nobody else notices either."""

from __future__ import annotations

from uuid import UUID

from app.conversations.access import Access, lock_conversation, lock_membership, require_conversation
from app.conversations.own_settings import tell_own_devices
from app.conversations.records import ConversationKind, ConversationRemovedReason
from app.core import db, log
from app.core.clock import now
from app.core.errors import ErrorCode, UserFault
from app.core.viewer import Viewer


@db.retried
async def clear_history(viewer: Viewer, conversation_id: UUID) -> Access:
    """From now on the viewer sees only what comes after the last message so far. Raises NOT_FOUND, NOT_PARTICIPANT."""
    async with log.transaction():
        access = await lock_conversation(viewer, conversation_id)
        if not access.member.is_listed:
            raise UserFault(ErrorCode.NOT_FOUND, "There is no such conversation.", field=("conversationId",))
        if access.member.first_seq <= access.conversation.last_seq:
            await _clear(access, "unread_from_seq = NULL")
            tell_own_devices(viewer, conversation_id)
            _tell_counts(viewer, conversation_id)
        return await require_conversation(viewer, conversation_id)


@db.retried
async def delete_conversation(viewer: Viewer, conversation_id: UUID) -> None:
    """Takes a direct conversation, its history cleared, out of the viewer's list until the next message; forgets what
    the viewer saw of a group that they have left. Repeating it changes nothing.

    Raises NOT_FOUND, and FORBIDDEN for a group the viewer is in.
    """
    async with log.transaction():
        access = await lock_membership(viewer.user_id, conversation_id)
        if access is None:
            raise UserFault(ErrorCode.NOT_FOUND, "There is no such conversation.", field=("conversationId",))
        if access.member.left_at is not None:
            await _forget(viewer, access)
            return
        if access.conversation.kind is not ConversationKind.DIRECT:
            message = "Leave the conversation first: leaveConversation."
            raise UserFault(ErrorCode.FORBIDDEN, message, field=("conversationId",))
        if access.member.is_listed:
            await _delete(viewer, access)


async def _delete(viewer: Viewer, access: Access) -> None:
    """What the viewer set goes too, but for what keeps the conversation quiet: that still holds when it comes back."""
    await _clear(
        access,
        "is_listed = $4, unread_from_seq = NULL, archived_seq = NULL, pinned_at = NULL, draft = NULL,"
        " draft_updated_at = NULL",
        False,
    )
    conversation_id = access.conversation.id
    await _drop_labels(viewer, conversation_id)
    payload = {"conversationId": str(conversation_id), "change": ConversationRemovedReason.DELETED.value}
    log.record(log.NewEvent(viewer.user_id, "CONVERSATION_UNLISTED", payload))
    _tell_counts(viewer)


async def _forget(viewer: Viewer, access: Access) -> None:
    """Of a conversation that the viewer is no longer in. Their devices have evicted it already."""
    await db.execute(
        "UPDATE member SET first_seq = coalesce(last_seq, 0) + 1, cleared_seq = coalesce(last_seq, 0),"
        " unread_from_seq = NULL, archived_seq = NULL, pinned_at = NULL, draft = NULL, draft_updated_at = NULL"
        " WHERE id = $1",
        access.member.id,
    )
    await _drop_labels(viewer, access.conversation.id)


async def _drop_labels(viewer: Viewer, conversation_id: UUID) -> None:
    await db.execute(
        "DELETE FROM conversation_label WHERE user_id = $1 AND conversation_id = $2", viewer.user_id, conversation_id
    )


async def _clear(access: Access, change: str, *args: object) -> None:
    """The marks stay, which others see: clearing is not reading."""
    await db.execute(
        f"UPDATE member SET first_seq = $1, cleared_seq = $1 - 1, updated_at = $2, {change} WHERE id = $3",
        access.conversation.last_seq + 1, now(), access.member.id, *args,
    )  # fmt: skip


def _tell_counts(viewer: Viewer, *conversation_ids: UUID) -> None:
    """What was unread there is gone, too."""
    payload = {"conversationIds": [str(id_) for id_ in conversation_ids]}
    log.record(log.NewEvent(viewer.user_id, "UNREAD_CHANGED", payload))
