"""Who is in a group: adding, removing, leaving, and who owns it next. All of it under the conversation's lock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.accounts.audit import AuditAction, note
from app.accounts.privacy import let_in
from app.contacts.blocks import blockers_among
from app.conversations.access import (
    Access,
    check_group,
    check_manages,
    check_reaches,
    lock_conversation,
    require_conversation,
)
from app.conversations.listing import unread_condition
from app.conversations.notices import Notice, SystemNoticeKind, notify
from app.conversations.records import (
    MEMBER_COLUMNS,
    STAFF,
    ConversationKind,
    ConversationRow,
    MemberChange,
    MemberRole,
    MemberRow,
    member_from,
)
from app.conversations.service import check_group_size, check_people
from app.core import db, log
from app.core.clock import new_id, now
from app.core.errors import ErrorCode, UserFault
from app.core.graphql.ids import encode_id
from app.core.viewer import Viewer
from app.settings_chat import ConversationSettings


@dataclass(slots=True, frozen=True)
class Added:
    """What addMembers did: the group as it is now, the members who were not in it before, and whom the viewer may not
    add."""

    access: Access
    members: Sequence[MemberRow]
    need_invite: Sequence[UUID]


@db.retried
async def add_members(
    viewer: Viewer, conversation_id: UUID, user_ids: Sequence[UUID], *, settings: ConversationSettings
) -> Added:
    """Adds people to a group or broadcast; those in it already are skipped, those whose privacy does not let the viewer
    add them are named. Newcomers see what is sent from now on, or all if the group lets them.

    Raises NOT_FOUND or NOT_PARTICIPANT for the conversation, FORBIDDEN below its whoCanAddMembers (and for direct
    conversations), NOT_FOUND for an unknown person, LIMIT_REACHED when it would grow past its limit.
    """
    async with log.transaction():
        access = await lock_conversation(viewer, conversation_id)
        check_reaches(access, access.conversation.permissions.who_can_add_members)
        wanted = sorted(set(user_ids))
        check_group_size(len(wanted), settings.group_members, field="userIds")
        await check_people(wanted, field="userIds")
        present = {m.user_id for m in await members_among(conversation_id, wanted) if m.left_at is None}
        blockers = await blockers_among(wanted, viewer.user_id)  # skipped without a word
        absent = [user_id for user_id in wanted if user_id not in present]
        allowed = await let_in("who_can_add_to_groups", absent, viewer.user_id) if absent else frozenset()
        newcomers = [user_id for user_id in absent if user_id in allowed and user_id not in blockers]
        if newcomers:
            size = access.conversation.member_count + len(newcomers)
            check_group_size(size, settings.group_members, field="userIds")
            await join(access.conversation, newcomers, added_by=viewer.user_id)
        added = await members_among(conversation_id, newcomers)
        for member in added:
            record_member("MEMBER_JOINED", member, MemberChange.JOINED, actor_id=viewer.user_id)
        if newcomers:
            notice = Notice(SystemNoticeKind.MEMBERS_ADDED, viewer.user_id, newcomers)
            await notify(access.conversation, notice)
            subject, details = encode_id("cnv", conversation_id), str(len(newcomers))
            await note(viewer.user_id, AuditAction.MEMBERS_ADDED, by=viewer.user_id, subject=subject, details=details)
        access = await require_conversation(viewer, conversation_id)
    return Added(access, added, [user_id for user_id in absent if user_id not in allowed])


@db.retried
async def remove_member(viewer: Viewer, conversation_id: UUID, user_id: UUID) -> Access:
    """Takes somebody out of a group at once: nothing after this reaches them.

    Raises NOT_FOUND or NOT_PARTICIPANT for the conversation, FORBIDDEN unless owner or admin, or when it is the owner,
    INVALID for oneself (that is leaving), NOT_FOUND when the person is not a member.
    """
    async with log.transaction():
        access = await lock_conversation(viewer, conversation_id)
        check_manages(access)
        if user_id == viewer.user_id:
            raise UserFault(ErrorCode.INVALID, "To go yourself, use leaveConversation.", field=("userId",))
        member = next((m for m in await members_among(conversation_id, [user_id]) if m.left_at is None), None)
        if member is None:
            raise UserFault(ErrorCode.NOT_FOUND, "This person is not in the group.", field=("userId",))
        if member.role is MemberRole.OWNER:
            raise UserFault(ErrorCode.FORBIDDEN, "The owner can't be removed.", field=("userId",))
        await tell_counts(member)
        await _leave(access.conversation, member, removed=True)
        record_member("MEMBER_LEFT", member, MemberChange.REMOVED, actor_id=viewer.user_id)
        await notify(access.conversation, Notice(SystemNoticeKind.MEMBER_REMOVED, viewer.user_id, [user_id]))
        await note_deed(viewer, AuditAction.MEMBER_REMOVED, member)
        return await require_conversation(viewer, conversation_id)


async def note_deed(viewer: Viewer, action: AuditAction, member: MemberRow, role: MemberRole | None = None) -> None:
    """In the audit log of whoever did it: whom it was done to, where, and the new role."""
    details = encode_id("cnv", member.conversation_id) + (f" {role.value}" if role else "")
    subject = encode_id("usr", member.user_id)
    await note(viewer.user_id, action, by=viewer.user_id, subject=subject, details=details)


@db.retried
async def leave_conversation(viewer: Viewer, conversation_id: UUID) -> None:
    """Takes the viewer out of a group. When the owner goes, the oldest admin, or else the oldest member, owns it.

    Raises NOT_FOUND or NOT_PARTICIPANT for the conversation, FORBIDDEN for a direct one.
    """
    async with log.transaction():
        access = await lock_conversation(viewer, conversation_id)
        check_group(access)
        await tell_counts(access.member)
        await go(access)


async def tell_counts(member: MemberRow) -> None:
    """Before a member goes: what they have unread there goes too, and their devices show how much it was."""
    unread = await db.row(
        "SELECT 1 AS one FROM member m JOIN conversation c ON c.id = m.conversation_id"
        f" WHERE m.id = $1 AND {unread_condition()}",
        member.id,
    )
    if unread:
        log.record(log.NewEvent(member.user_id, "UNREAD_CHANGED", {"conversationIds": []}))


async def go(access: Access) -> None:
    """Inside a transaction that holds the conversation's lock: the member leaves; who owned a group has an heir."""
    conversation_id, member = access.conversation.id, access.member
    owner = member.role is MemberRole.OWNER
    heir = await _next_owner(conversation_id, but=member.id) if owner else None
    await lock_members(member, heir)
    await _leave(access.conversation, member)
    record_member("MEMBER_LEFT", member, MemberChange.LEFT, actor_id=member.user_id)
    if heir:
        await change_role(heir, MemberRole.OWNER, actor_id=member.user_id)
    if access.conversation.kind is not ConversationKind.DIRECT and access.conversation.member_count > 1:
        await notify(access.conversation, *_notices_of_leaving(member, heir))


def _notices_of_leaving(member: MemberRow, heir: MemberRow | None) -> list[Notice]:
    left = Notice(SystemNoticeKind.MEMBER_LEFT, member.user_id)
    if heir is None:
        return [left]
    return [left, Notice(SystemNoticeKind.OWNERSHIP_TRANSFERRED, member.user_id, [heir.user_id])]


async def change_role(member: MemberRow, role: MemberRole, *, actor_id: UUID) -> None:
    """Under the conversation's lock: gives a member another role and tells all."""
    await db.execute("UPDATE member SET role = $1, updated_at = $2 WHERE id = $3", role, now(), member.id)
    record_member("MEMBER_CHANGED", member, MemberChange.ROLE, actor_id=actor_id, role=role)


def record_member(
    kind: str, member: MemberRow, change: MemberChange, *, actor_id: UUID, role: MemberRole | None = None
) -> None:
    """One row for each person. Joining and leaving are kinds of their own, as their subjects see another event.

    `role` is the new one where it changed. Readers of a broadcast are told of its staff only.
    """
    subject = [member.user_id]
    log.record(
        log.NewEvent(
            member.conversation_id,
            kind,
            {
                "memberId": str(member.id),
                "userId": str(member.user_id),
                "change": change.value,
                "actorId": str(actor_id),
                "isStaff": member.role in STAFF or role in STAFF,
            },
            joined=subject if kind == "MEMBER_JOINED" else (),
            left=subject if kind == "MEMBER_LEFT" else (),
        )
    )


async def join(conversation: ConversationRow, user_ids: Sequence[UUID], *, added_by: UUID | None) -> None:
    """Opens a stay for each. Who was here before keeps the row (and its id), with new marks: nothing is unread, and
    what they had cleared stays so.
    """
    at = now()
    first_seq = 1 if conversation.permissions.new_members_see_history else conversation.last_seq + 1
    await db.execute_many(
        "INSERT INTO member (id, conversation_id, user_id, role, added_by_id, joined_at, first_seq, delivered_seq,"
        " read_seq, is_listed, created_at, updated_at)"
        " VALUES ($1, $2, $3, 'MEMBER', $4, $5, $7, $6, $6, $8, $5, $5)"
        " ON CONFLICT (conversation_id, user_id) DO UPDATE SET role = excluded.role,"
        " added_by_id = excluded.added_by_id, joined_at = excluded.joined_at, left_at = NULL,"
        " first_seq = CASE WHEN member.cleared_seq < excluded.first_seq THEN excluded.first_seq"
        " ELSE member.cleared_seq + 1 END, last_seq = NULL,"
        " delivered_seq = excluded.delivered_seq, read_seq = excluded.read_seq, read_at = NULL,"
        " unread_from_seq = NULL, archived_seq = NULL, pinned_at = NULL, removed_at = NULL, is_listed = $8,"
        " updated_at = excluded.updated_at",
        [
            (new_id(), conversation.id, user_id, added_by, at, conversation.last_seq, first_seq, True)
            for user_id in user_ids
        ],
    )
    # Nothing happened for the readers of a broadcast when somebody else comes to read it.
    is_news = conversation.kind is not ConversationKind.BROADCAST
    await db.execute(
        "UPDATE conversation SET member_count = member_count + $1, activity_at = $2, updated_at = $3 WHERE id = $4",
        len(user_ids),
        at if is_news else conversation.activity_at,
        at,
        conversation.id,
    )


async def _leave(conversation: ConversationRow, member: MemberRow, *, removed: bool = False) -> None:
    """Closes a stay at the last message so far. Who was removed does not come back by an invite of before."""
    at = now()
    await db.execute(
        "UPDATE member SET left_at = $1, last_seq = $2, role = 'MEMBER', removed_at = $4, updated_at = $1"
        " WHERE id = $3",
        at,
        conversation.last_seq,
        member.id,
        at if removed else None,
    )
    await db.execute(
        "UPDATE conversation SET member_count = member_count - 1, updated_at = $1 WHERE id = $2", at, conversation.id
    )


async def members_among(conversation_id: UUID, user_ids: Sequence[UUID]) -> list[MemberRow]:
    found = await db.rows(
        f"SELECT {MEMBER_COLUMNS} FROM member m WHERE m.conversation_id = $1 AND m.user_id = ANY($2::uuid[])"
        " ORDER BY m.user_id",
        conversation_id,
        list(user_ids),
    )
    return [member_from(row) for row in found]


async def _next_owner(conversation_id: UUID, *, but: UUID) -> MemberRow | None:
    row = await db.row(
        f"SELECT {MEMBER_COLUMNS} FROM member m WHERE m.conversation_id = $1 AND m.left_at IS NULL AND m.id <> $2"
        " ORDER BY CASE m.role WHEN 'ADMIN' THEN 0 ELSE 1 END, m.joined_at, m.id LIMIT 1",
        conversation_id,
        but,
    )
    return member_from(row) if row else None


async def lock_members(*members: MemberRow | None) -> None:
    """Several rows at once are locked by key: marks (receipts) lock them without the conversation's lock."""
    ids = [member.id for member in members if member]
    await db.rows("SELECT id FROM member WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE", ids)
