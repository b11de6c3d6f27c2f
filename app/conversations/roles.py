"""Who may what in a group or broadcast: roles, and handing over what one owns. Under the conversation's lock."""

from __future__ import annotations

from uuid import UUID

from app.accounts.audit import AuditAction
from app.conversations.access import Access, check_group, check_manages, lock_conversation, require_conversation
from app.conversations.members import change_role, lock_members, members_among, note_deed
from app.conversations.notices import Notice, SystemNoticeKind, notify
from app.conversations.records import MemberRole, MemberRow
from app.core import db, log
from app.core.errors import ErrorCode, UserFault
from app.core.viewer import Viewer


@db.retried
async def set_member_role(viewer: Viewer, conversation_id: UUID, user_id: UUID, role: MemberRole) -> MemberRow:
    """Makes a member an admin, or an admin a plain member; oneself, too, to step down.

    Raises NOT_FOUND or NOT_PARTICIPANT for the conversation, FORBIDDEN unless owner or admin, and for the owner's role,
    INVALID for the role OWNER (that is handed over), NOT_FOUND when the person is not a member.
    """
    async with log.transaction():
        access = await lock_conversation(viewer, conversation_id)
        check_manages(access)
        if role is MemberRole.OWNER:
            raise UserFault(ErrorCode.INVALID, "To hand it over, use transferOwnership.", field=("role",))
        member = await _require_member(conversation_id, user_id)
        if member.role is MemberRole.OWNER:
            raise UserFault(ErrorCode.FORBIDDEN, "The owner keeps their role: transfer it first.", field=("userId",))
        if member.role is role:
            return member
        await change_role(member, role, actor_id=viewer.user_id)
        notice = Notice(SystemNoticeKind.ROLE_CHANGED, viewer.user_id, [user_id], role)
        await notify(access.conversation, notice)
        await note_deed(viewer, AuditAction.ROLE_CHANGED, member, role)
        return await _require_member(conversation_id, user_id)


@db.retried
async def transfer_ownership(viewer: Viewer, conversation_id: UUID, user_id: UUID) -> Access:
    """Makes another member the owner; the viewer is an admin then. To oneself, nothing is changed.

    Raises NOT_FOUND or NOT_PARTICIPANT for the conversation, FORBIDDEN unless owner, NOT_FOUND when the person is not a
    member.
    """
    async with log.transaction():
        access = await lock_conversation(viewer, conversation_id)
        check_group(access)
        if access.member.role is not MemberRole.OWNER:
            raise UserFault(ErrorCode.FORBIDDEN, "Only the owner can hand it over.")
        heir = await _require_member(conversation_id, user_id)
        if heir.id != access.member.id:
            await lock_members(access.member, heir)
            await change_role(access.member, MemberRole.ADMIN, actor_id=viewer.user_id)
            await change_role(heir, MemberRole.OWNER, actor_id=viewer.user_id)
            notice = Notice(SystemNoticeKind.OWNERSHIP_TRANSFERRED, viewer.user_id, [user_id])
            await notify(access.conversation, notice)
            await note_deed(viewer, AuditAction.OWNERSHIP_TRANSFERRED, heir)
        return await require_conversation(viewer, conversation_id)


async def _require_member(conversation_id: UUID, user_id: UUID) -> MemberRow:
    """A current member. Raises NOT_FOUND."""
    member = next((m for m in await members_among(conversation_id, [user_id]) if m.left_at is None), None)
    if member is None:
        raise UserFault(ErrorCode.NOT_FOUND, "This person is not in it.", field=("userId",))
    return member
