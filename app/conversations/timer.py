"""How long new messages of a conversation last."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from app.contacts.blocks import load_blocks
from app.conversations.access import Access, check_reaches, lock_conversation, require_conversation
from app.conversations.info import record_changed
from app.conversations.members import members_among
from app.conversations.notices import Notice, SystemNoticeKind, notify
from app.conversations.records import ConversationKind
from app.core import db, log
from app.core.clock import now
from app.core.errors import ErrorCode, UserFault
from app.core.viewer import Viewer
from app.settings_chat import ConversationSettings


@db.retried
async def set_disappearing_timer(
    viewer: Viewer, conversation_id: UUID, seconds: int | None, *, settings: ConversationSettings
) -> Access:
    """Lets messages sent from now on disappear after so long; None: no more. Those that are there keep their time.

    Raises NOT_FOUND or NOT_PARTICIPANT for the conversation, INVALID for the seconds, FORBIDDEN below whoCanEditInfo,
    and in a direct conversation where the viewer can't send.
    """
    most = settings.disappearing_max_seconds
    if seconds is not None and not 1 <= seconds <= most:
        raise UserFault(ErrorCode.INVALID, f"Use 1 to {most} seconds.", field=("seconds",), limit=most)
    async with log.transaction():
        access = await lock_conversation(viewer, conversation_id)
        if not access.member.is_listed:
            raise UserFault(ErrorCode.NOT_FOUND, "There is no such conversation.", field=("conversationId",))
        conversation = access.conversation
        unseen: Sequence[UUID] = ()
        is_noted, is_hidden = True, False
        if conversation.kind is ConversationKind.DIRECT:
            unseen, is_hidden = await _check_direct(access)
            is_noted = conversation.last_seq > 0
        else:
            check_reaches(access, conversation.permissions.who_can_edit_info)
        if conversation.disappearing_seconds == seconds:
            return access
        await db.execute(
            "UPDATE conversation SET disappearing_seconds = $1, updated_at = $2 WHERE id = $3",
            seconds, now(), conversation_id,
        )  # fmt: skip
        record_changed(conversation_id, viewer.user_id, hidden_from=unseen)
        if is_noted:
            value = None if seconds is None else str(seconds)
            notice = Notice(SystemNoticeKind.DISAPPEARING_CHANGED, viewer.user_id, value=value, is_hidden=is_hidden)
            await notify(conversation, notice)
        return await require_conversation(viewer, conversation_id)


async def _check_direct(access: Access) -> tuple[Sequence[UUID], bool]:
    """Who must not hear of it, and whether the notice in the history is hidden from them: a notice would be a way to
    write to somebody who has yet to answer the message request. The viewer has theirs: a block must look the same."""
    conversation, viewer_id = access.conversation, access.member.user_id
    peer_id = conversation.peer_of(viewer_id)
    blocking, blocked = await load_blocks([(viewer_id, peer_id), (peer_id, viewer_id)])
    peer = next((m for m in await members_among(conversation.id, [peer_id]) if m.left_at is None), None)
    if peer is None:
        raise UserFault(ErrorCode.FORBIDDEN, "This person deleted their account.", field=("conversationId",))
    if blocking:
        raise UserFault(ErrorCode.FORBIDDEN, "You block this person: unblock them first.", field=("conversationId",))
    if access.member.is_request:
        raise UserFault(ErrorCode.FORBIDDEN, "Answer the message request first.", field=("conversationId",))
    unseen = (peer_id,) if blocked or not peer.is_listed else ()
    return unseen, peer.is_request or blocked
