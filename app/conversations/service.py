"""Starting conversations. Members come and go in members.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.accounts.avatars import NewAvatar
from app.accounts.loaders import load_users
from app.accounts.privacy import UNWELCOME, let_in
from app.accounts.sessions import lock_users
from app.contacts.blocks import blockers_among, has_blocked, load_blocks
from app.contacts.book import find_contact
from app.contacts.locks import pair_key
from app.conversations.access import Access, Created, access_conversation, access_direct_conversation
from app.conversations.loaders import load_conversations
from app.conversations.notices import Notice, SystemNoticeKind, notify
from app.conversations.records import (
    BROADCAST_PERMISSIONS,
    DEFAULT_PERMISSIONS,
    ConversationKind,
    MemberRole,
    Permissions,
)
from app.conversations.requests import accept
from app.core import db, log
from app.core.clock import new_id, now
from app.core.errors import ErrorCode, UserFault
from app.core.text import check_name, check_text
from app.core.viewer import Viewer
from app.media.avatars import check_picture
from app.media.records import UploadPurpose
from app.settings_chat import ConversationSettings

DESCRIPTION_LENGTH = 500


@db.retried
async def start_direct_conversation(viewer: Viewer, user_id: UUID) -> Access:
    """The one direct conversation of the pair, made if it isn't there: whoever asks, and however often, gets the same.

    Raises INVALID for oneself, NOT_FOUND for an unknown or deleted person, FORBIDDEN when there is none yet and the
    person's privacy does not let the viewer write first.
    """
    if user_id == viewer.user_id:
        raise UserFault(ErrorCode.INVALID, "You can't start a conversation with yourself.", field=("userId",))
    await check_people([user_id], field="userId")
    found = await access_direct_conversation(viewer, user_id)
    if found is None:
        if not await let_in("who_can_message", [user_id], viewer.user_id):
            raise UserFault(ErrorCode.FORBIDDEN, UNWELCOME, field=("userId",))
        await _create_direct(viewer, user_id)
        found = await access_direct_conversation(viewer, user_id)
    assert found is not None, "direct conversations are neither left nor deleted"
    return found


async def _create_direct(viewer: Viewer, user_id: UUID) -> None:
    async with log.transaction():
        # A block locks both people too: either it is there now, or it finds the conversation and locks that.
        await lock_users([viewer.user_id, user_id])
        is_blocked = any(await load_blocks([(user_id, viewer.user_id), (viewer.user_id, user_id)]))
        is_request = await find_contact(user_id, viewer.user_id) is None
        # Nobody who blocks says so by starting one, either. And a stranger is heard of when they write.
        unseen = [user_id] if is_blocked or is_request else []
        at = now()
        conversation_id = new_id()
        # Two sides at once: the second waits here for the first's commit, then makes nothing.
        made = await db.rows(
            "INSERT INTO conversation (id, kind, created_by_id, direct_key, last_seq, member_count, activity_at,"
            " created_at, updated_at) VALUES ($1, $2, $3, $4, 0, 2, $5, $5, $5)"
            " ON CONFLICT (direct_key) DO NOTHING RETURNING id",
            conversation_id,
            ConversationKind.DIRECT,
            viewer.user_id,
            pair_key(viewer.user_id, user_id),
            at,
        )
        if made:
            roles = dict.fromkeys((viewer.user_id, user_id), MemberRole.MEMBER)
            await _add_first_members(
                conversation_id, roles, added_by=viewer.user_id, at=at, unseen=unseen, asks=unseen if is_request else ()
            )
        else:
            await _list_again(viewer, user_id)


async def _list_again(viewer: Viewer, user_id: UUID) -> None:
    """The direct conversation that is there comes (back) into the viewer's list, no message request any more: the
    viewer wants to write. Nothing of that reaches somebody whom the viewer blocks."""
    row = await db.row(
        "SELECT m.id, m.conversation_id, m.is_request FROM conversation c"
        " JOIN member m ON m.conversation_id = c.id AND m.user_id = $1 AND NOT m.is_listed WHERE c.direct_key = $2",
        viewer.user_id,
        pair_key(viewer.user_id, user_id),
    )
    if row is None:
        return
    if row["is_request"] and not await has_blocked(viewer.user_id, user_id):
        await accept(row["id"], user_id, lists=True)
        return
    await db.execute("UPDATE member SET is_listed = $1, updated_at = $2 WHERE id = $3", True, now(), row["id"])
    payload = {"conversationId": str(row["conversation_id"])}
    log.record(log.NewEvent(viewer.user_id, "CONVERSATION_LISTED", payload))


@db.retried
async def create_group(
    viewer: Viewer,
    title: str,
    member_ids: Sequence[UUID],
    *,
    description: str | None,
    settings: ConversationSettings,
    permissions: Permissions = DEFAULT_PERMISSIONS,
    avatar: NewAvatar | None = None,
) -> Created:
    """A new group of the viewer, who owns it, and these people. The viewer among them, or repeats, count once; whose
    privacy does not let the viewer add them is left out and named.

    Whoever blocks the viewer is left out silently.

    Raises INVALID or TOO_LONG for the texts, INVALID for the slow mode, LIMIT_REACHED for too many people, NOT_FOUND
    for an unknown one; NOT_FOUND and INVALID for an avatar that is not a picture the viewer uploaded for this.
    """
    check_slow_mode(permissions.slow_mode_seconds, settings)
    new = _New(ConversationKind.GROUP, title, description, member_ids, permissions, avatar)
    return await _create(viewer, new, settings)


@db.retried
async def create_broadcast(
    viewer: Viewer,
    title: str,
    member_ids: Sequence[UUID],
    *,
    description: str | None,
    settings: ConversationSettings,
    avatar: NewAvatar | None = None,
) -> Created:
    """A new broadcast of the viewer, who owns it, to these people. All else as `create_group`."""
    new = _New(ConversationKind.BROADCAST, title, description, member_ids, BROADCAST_PERMISSIONS, avatar)
    return await _create(viewer, new, settings)


@dataclass(slots=True, frozen=True)
class _New:
    """What a group or broadcast starts with, as the client gave it."""

    kind: ConversationKind
    title: str
    description: str | None
    member_ids: Sequence[UUID]
    permissions: Permissions
    avatar: NewAvatar | None


async def _create(viewer: Viewer, new: _New, settings: ConversationSettings) -> Created:
    title = check_title(new.title, settings)
    description, permissions = check_description(new.description), new.permissions
    others = set(new.member_ids) - {viewer.user_id}
    check_group_size(1 + len(others), settings.group_members, field="memberIds")
    await check_people(sorted(others), field="memberIds")
    need_invite = sorted(others - await let_in("who_can_add_to_groups", sorted(others), viewer.user_id))
    others -= set(need_invite)
    conversation_id, avatar_id = new_id(), new.avatar.media_id if new.avatar else None
    async with log.transaction():
        others -= await blockers_among(sorted(others), viewer.user_id)
        if avatar_id is not None:
            await check_picture(viewer.user_id, avatar_id, UploadPurpose.GROUP_AVATAR)
        at = now()
        await db.execute(
            "INSERT INTO conversation (id, kind, title, description, created_by_id, last_seq, member_count,"
            " who_can_send, who_can_edit_info, who_can_add_members, who_can_pin, new_members_see_history,"
            " slow_mode_seconds, avatar_id, activity_at, created_at, updated_at)"
            " VALUES ($1, $2, $3, $4, $5, 0, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14, $14)",
            conversation_id, new.kind, title, description, viewer.user_id, 1 + len(others), permissions.who_can_send,
            permissions.who_can_edit_info, permissions.who_can_add_members, permissions.who_can_pin,
            permissions.new_members_see_history, permissions.slow_mode_seconds, avatar_id, at,
        )  # fmt: skip
        roles = {viewer.user_id: MemberRole.OWNER} | dict.fromkeys(others, MemberRole.MEMBER)
        await _add_first_members(conversation_id, roles, added_by=viewer.user_id, at=at)
        made = (await load_conversations([conversation_id]))[0]
        assert made is not None, "it was just written"
        await notify(made, Notice(SystemNoticeKind.CREATED, viewer.user_id, value=title))
    access = await access_conversation(viewer, conversation_id)
    if access is None:  # the viewer's other device has left it already
        raise UserFault(ErrorCode.NOT_FOUND, "There is no such conversation.")
    return Created(access.conversation, access.member, tuple(need_invite))


async def _add_first_members(
    conversation_id: UUID,
    roles: dict[UUID, MemberRole],
    *,
    added_by: UUID,
    at: datetime,
    unseen: Sequence[UUID] = (),
    asks: Sequence[UUID] = (),
) -> None:
    """Members of a conversation that nobody else can see yet, and its first event, which only they get. Those of
    `unseen` don't learn of it before a message reaches them; to those of `asks` that is a message request."""
    await db.execute_many(
        "INSERT INTO member (id, conversation_id, user_id, role, added_by_id, joined_at, first_seq, delivered_seq,"
        " read_seq, is_listed, is_request, created_at, updated_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, 1, 0, 0, $7, $8, $6, $6)",
        [
            (
                new_id(),
                conversation_id,
                user_id,
                role,
                None if user_id == added_by else added_by,
                at,
                user_id not in unseen,
                user_id in asks,
            )
            for user_id, role in sorted(roles.items())
        ],
    )
    log.record(log.NewEvent(conversation_id, "CONVERSATION_ADDED", joined=sorted(roles), hidden_from=unseen))


async def check_people(user_ids: Sequence[UUID], *, field: str) -> None:
    """Raises NOT_FOUND, naming the input field, unless each of them has an account."""
    if any(person is None or person.deleted_at is not None for person in await load_users(user_ids)):
        raise UserFault(ErrorCode.NOT_FOUND, "One of these people is unknown.", field=(field,))


def check_group_size(members: int, limit: int, *, field: str) -> None:
    """Raises LIMIT_REACHED when a group would have more members than it may."""
    if members > limit:
        raise UserFault(ErrorCode.LIMIT_REACHED, f"A group has at most {limit} members.", field=(field,), limit=limit)


def check_title(title: str, settings: ConversationSettings) -> str:
    """The title of a group or broadcast as it is stored. Raises INVALID or TOO_LONG."""
    return check_name(title, field=("title",), limit=settings.group_title_length)


def check_description(description: str | None) -> str | None:
    """The description as it is stored; None when there is nothing in it. Raises INVALID or TOO_LONG."""
    if description is None:
        return None
    return check_text(description, field=("description",), limit=DESCRIPTION_LENGTH, empty=None) or None


def check_slow_mode(seconds: int, settings: ConversationSettings) -> None:
    """Raises INVALID for less than nothing, or more than members may be made to wait."""
    most = settings.slow_mode_max_seconds
    if not 0 <= seconds <= most:
        raise UserFault(
            ErrorCode.INVALID, f"Slow mode is 0 to {most} seconds.", field=("permissions", "slowModeSeconds"),
            limit=most,
        )  # fmt: skip
