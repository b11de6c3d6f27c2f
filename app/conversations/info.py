"""What a group or broadcast is called, what it says of itself, and what its members may do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any
from uuid import UUID

from app.accounts.avatars import NewAvatar, drop_later
from app.conversations.access import (
    Access,
    check_kind,
    check_manages,
    check_reaches,
    lock_conversation,
    require_conversation,
)
from app.conversations.notices import Notice, SystemNoticeKind, notify
from app.conversations.records import ConversationKind, MemberRole, Permissions
from app.conversations.service import check_description, check_slow_mode, check_title
from app.core import db, log
from app.core.clock import now
from app.core.errors import ErrorCode, UserFault
from app.core.text import camel_case
from app.core.viewer import Viewer
from app.media.avatars import check_picture
from app.media.records import UploadPurpose
from app.settings_chat import ConversationSettings


@dataclass(slots=True, frozen=True)
class PermissionsChange:
    """New values; None keeps the old one. Field by field as `Permissions`."""

    who_can_send: MemberRole | None = None
    who_can_edit_info: MemberRole | None = None
    who_can_add_members: MemberRole | None = None
    who_can_pin: MemberRole | None = None
    new_members_see_history: bool | None = None
    slow_mode_seconds: int | None = None

    def applied_to(self, old: Permissions) -> Permissions:
        """What is to be then."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return replace(old, **{name: value for name, value in values.items() if value is not None})


@dataclass(slots=True, frozen=True)
class InfoChange:
    """New values; None keeps the old one, an empty description takes it away."""

    title: str | None = None
    description: str | None = None
    avatar: NewAvatar | None = None
    permissions: PermissionsChange | None = None


@db.retried
async def update_group(viewer: Viewer, group_id: UUID, change: InfoChange, *, settings: ConversationSettings) -> Access:
    """Changes what is given and tells the members, if anything is different then.

    Raises NOT_FOUND, NOT_PARTICIPANT, FORBIDDEN (title, description and avatar: below whoCanEditInfo; permissions:
    unless owner or admin, and unless owner for what only the owner may do), INVALID and TOO_LONG; NOT_FOUND and INVALID
    for the avatar.
    """
    change = _checked(change, settings)
    async with log.transaction():
        access = await lock_conversation(viewer, group_id, field="groupId")
        check_kind(access, ConversationKind.GROUP, field="groupId")
        await _update(viewer, access, change)
        return await require_conversation(viewer, group_id)


@db.retried
async def update_broadcast(
    viewer: Viewer, broadcast_id: UUID, change: InfoChange, *, settings: ConversationSettings
) -> Access:
    """As `update_group`, for a broadcast: what its members may do is fixed. Owner and admins only."""
    assert change.permissions is None, "those of a broadcast are fixed"
    change = _checked(change, settings)
    async with log.transaction():
        access = await lock_conversation(viewer, broadcast_id, field="broadcastId")
        check_kind(access, ConversationKind.BROADCAST, field="broadcastId")
        await _update(viewer, access, change)
        return await require_conversation(viewer, broadcast_id)


def _checked(change: InfoChange, settings: ConversationSettings) -> InfoChange:
    if change.permissions and change.permissions.slow_mode_seconds is not None:
        check_slow_mode(change.permissions.slow_mode_seconds, settings)
    return replace(
        change,
        title=None if change.title is None else check_title(change.title, settings),
        description=None if change.description is None else check_description(change.description) or "",
    )


async def _update(viewer: Viewer, access: Access, change: InfoChange) -> None:
    """Under the conversation's lock. What is the same already is neither written nor told."""
    old = access.conversation
    if not (change.title is None and change.description is None and change.avatar is None):
        check_reaches(access, old.permissions.who_can_edit_info)
    new: dict[str, Any] = {}
    if change.title is not None and change.title != old.title:
        new["title"] = change.title
    if change.description is not None and change.description != (old.description or ""):
        new["description"] = change.description or None
    if change.avatar is not None and change.avatar.media_id != old.avatar_id:
        new["avatar_id"] = change.avatar.media_id
    if change.permissions is not None:
        check_manages(access)
        new |= _changed_permissions(access, change.permissions.applied_to(old.permissions))
    if not new:
        return
    if new.get("avatar_id") is not None:
        await check_picture(viewer.user_id, new["avatar_id"], UploadPurpose.GROUP_AVATAR)
    if "avatar_id" in new:
        await drop_later(old.avatar_id)
    columns = ", ".join(f"{name} = ${n}" for n, name in enumerate(new, 3))
    await db.execute(f"UPDATE conversation SET updated_at = $2, {columns} WHERE id = $1", old.id, now(), *new.values())
    record_changed(old.id, viewer.user_id)
    await notify(old, *_notices(viewer.user_id, new))


def _notices(actor_id: UUID, new: Mapping[str, Any]) -> list[Notice]:
    """What the history says of the changed columns."""
    notices = []
    if "title" in new:
        notices.append(Notice(SystemNoticeKind.TITLE_CHANGED, actor_id, value=new["title"]))
    if "description" in new:
        notices.append(Notice(SystemNoticeKind.DESCRIPTION_CHANGED, actor_id, value=new["description"]))
    if "avatar_id" in new:
        notices.append(Notice(SystemNoticeKind.AVATAR_CHANGED, actor_id))
    if permissions := [field.name for field in fields(Permissions) if field.name in new]:
        names = ",".join(camel_case(name) for name in permissions)
        notices.append(Notice(SystemNoticeKind.PERMISSIONS_CHANGED, actor_id, value=names))
    return notices


def _changed_permissions(access: Access, wanted: Permissions) -> dict[str, Any]:
    """The columns that differ. An admin neither takes nor gives away what only the owner may do: FORBIDDEN."""
    old = access.conversation.permissions
    changed = {}
    for field in fields(Permissions):
        before, after = getattr(old, field.name), getattr(wanted, field.name)
        if before == after:
            continue
        if MemberRole.OWNER in (before, after) and access.member.role is not MemberRole.OWNER:
            raise UserFault(
                ErrorCode.FORBIDDEN, "Only the owner decides what only the owner may do.", field=("permissions",)
            )
        changed[field.name] = after
    return changed


def record_changed(conversation_id: UUID, actor_id: UUID, *, hidden_from: Sequence[UUID] = ()) -> None:
    """Tells all members that the conversation is not what it was."""
    facts = {"actorId": str(actor_id)}
    log.record(log.NewEvent(conversation_id, "CONVERSATION_CHANGED", facts, hidden_from=hidden_from))
