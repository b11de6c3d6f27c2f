"""Invites: codes by which people join a group or broadcast. Uses are counted under the conversation's lock."""

from __future__ import annotations

import re
import secrets
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.conversations.access import (
    Access,
    access_conversation,
    check_reaches,
    lock_conversation,
    lock_membership,
    require_conversation,
)
from app.conversations.loaders import load_conversations
from app.conversations.members import join, members_among, record_member
from app.conversations.notices import Notice, SystemNoticeKind, notify
from app.conversations.records import STAFF, ConversationRow, MemberChange
from app.conversations.service import check_group_size
from app.core import db, log
from app.core.clock import new_id, now
from app.core.errors import ErrorCode, UserFault
from app.core.viewer import Viewer
from app.settings_chat import ConversationSettings

CODE_BYTES = 16  # 128 random bits: nobody finds one by trying
_CODE = re.compile("[A-Za-z0-9_-]{22}")
_COLUMNS = (
    "i.id, i.conversation_id, i.code, i.created_by_id, i.created_at, i.expires_at, i.max_uses, i.use_count,"
    " i.revoked_at"
)
_LIVE = (
    "i.revoked_at IS NULL AND (i.expires_at IS NULL OR i.expires_at > $2)"
    " AND (i.max_uses IS NULL OR i.use_count < i.max_uses)"
)


@dataclass(slots=True, frozen=True)
class InviteRow:
    """An invite as stored. `expires_at`, `max_uses` None: no end."""

    id: UUID
    conversation_id: UUID
    code: str
    created_by_id: UUID
    created_at: datetime
    expires_at: datetime | None
    max_uses: int | None
    use_count: int
    revoked_at: datetime | None

    def is_used_up(self, at: datetime) -> bool:
        """Whether its time or its uses are over."""
        over = self.expires_at is not None and self.expires_at <= at
        return over or (self.max_uses is not None and self.use_count >= self.max_uses)


@dataclass(slots=True, frozen=True)
class Preview:
    """What an invite leads to, for somebody who has the code."""

    conversation: ConversationRow
    viewer_is_member: bool


async def create_invite(
    viewer: Viewer,
    conversation_id: UUID,
    *,
    expires_in_seconds: int | None,
    max_uses: int | None,
    settings: ConversationSettings,
) -> InviteRow:
    """A new code for a group or broadcast, which lives until then, or as many uses; None: without end.

    Raises NOT_FOUND or NOT_PARTICIPANT for the conversation, FORBIDDEN below its whoCanAddMembers (and for direct
    conversations), INVALID for the numbers, LIMIT_REACHED when there are as many live ones as may be.
    """
    _check_number(expires_in_seconds, "expiresInSeconds", settings.invite_max_seconds)
    _check_number(max_uses, "maxUses", settings.invite_max_uses)
    return await _create(viewer, conversation_id, expires_in_seconds, max_uses, settings.invites)


@db.retried
async def _create(
    viewer: Viewer, conversation_id: UUID, expires_in_seconds: int | None, max_uses: int | None, most: int
) -> InviteRow:
    async with log.transaction():
        access = await lock_conversation(viewer, conversation_id)
        check_reaches(access, access.conversation.permissions.who_can_add_members)
        at = now()
        live = await db.row(
            f"SELECT count(*) AS total FROM invite i WHERE i.conversation_id = $1 AND {_LIVE}", conversation_id, at
        )
        if live and live["total"] >= most:
            raise UserFault(ErrorCode.LIMIT_REACHED, f"Revoke one of the {most} live invites first.", limit=most)
        expires_at = at + timedelta(seconds=expires_in_seconds) if expires_in_seconds else None
        code = secrets.token_urlsafe(CODE_BYTES)
        invite = InviteRow(new_id(), conversation_id, code, viewer.user_id, at, expires_at, max_uses, 0, None)
        await db.execute(
            "INSERT INTO invite (id, conversation_id, code, created_by_id, expires_at, max_uses, use_count, created_at,"
            " updated_at) VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $7)",
            invite.id, conversation_id, code, viewer.user_id, expires_at, max_uses, at,
        )  # fmt: skip
    return invite


def _check_number(value: int | None, field: str, most: int) -> None:
    if value is not None and not 1 <= value <= most:
        raise UserFault(ErrorCode.INVALID, f"Use a number from 1 to {most}.", field=(field,), limit=most)


@db.retried
async def revoke_invite(viewer: Viewer, invite_id: UUID) -> InviteRow:
    """Ends an invite at once; one that is revoked already stays as it is.

    Raises NOT_FOUND unless the viewer manages the group, or is in it and made the invite.
    """
    async with log.transaction():
        invite = (await load_invites([invite_id]))[0]
        if invite is None or not may_see(await lock_membership(viewer.user_id, invite.conversation_id), invite):
            raise UserFault(ErrorCode.NOT_FOUND, "There is no such invite.", field=("inviteId",))
        await db.execute(
            "UPDATE invite SET revoked_at = $1, updated_at = $1 WHERE id = $2 AND revoked_at IS NULL", now(), invite_id
        )
        revoked = (await load_invites([invite_id]))[0]
        assert revoked is not None, "invites are never deleted"
        return revoked


def may_see(access: Access | None, invite: InviteRow) -> bool:
    """Whether somebody of this membership sees the invite, and may revoke it."""
    if access is None or access.member.left_at is not None:
        return False
    return access.member.role in STAFF or invite.created_by_id == access.member.user_id


async def access_invite(viewer: Viewer, invite: InviteRow) -> bool:
    """As `may_see`, for the viewer now."""
    return may_see(await access_conversation(viewer, invite.conversation_id), invite)


@db.retried
async def join_by_invite(viewer: Viewer, code: str, *, settings: ConversationSettings) -> Access:
    """Puts the viewer into the group or broadcast of the code, as if added; who is in it already changes nothing.

    Raises NOT_FOUND for an unknown or revoked code, EXPIRED when its time or its uses are over, FORBIDDEN for an invite
    from before an admin removed the viewer, LIMIT_REACHED when the group is full.
    """
    found = await _find(code)
    if found is None:
        raise _unknown_code()
    async with log.transaction():
        # Two statements: the conversation is locked, then its invite read as it is now.
        access = await lock_membership(viewer.user_id, found.conversation_id)
        invite = await _find(code)
        if access is None or access.member.left_at is not None:
            await _check_usable(viewer, invite)
            assert invite is not None, "a usable one is there"
            await _use(viewer, invite, settings)
        return await require_conversation(viewer, found.conversation_id)


async def _check_usable(viewer: Viewer, invite: InviteRow | None) -> None:
    if invite is None or invite.revoked_at is not None:
        raise _unknown_code()
    if invite.is_used_up(now()):
        raise UserFault(ErrorCode.EXPIRED, "This invite is no longer valid: ask for a new one.", field=("code",))
    if await _is_barred(viewer, invite):
        raise UserFault(ErrorCode.FORBIDDEN, "You were removed: ask to be added again.", field=("code",))


async def _is_barred(viewer: Viewer, invite: InviteRow) -> bool:
    """Whether an admin removed the viewer after the invite was made."""
    removed = await db.row(
        "SELECT 1 AS one FROM member WHERE conversation_id = $1 AND user_id = $2 AND removed_at >= $3",
        invite.conversation_id, viewer.user_id, invite.created_at,
    )  # fmt: skip
    return removed is not None


async def _use(viewer: Viewer, invite: InviteRow, settings: ConversationSettings) -> None:
    conversation = (await load_conversations([invite.conversation_id]))[0]
    if conversation is None or not conversation.member_count:  # everybody left: nobody would own it
        raise _unknown_code()
    check_group_size(conversation.member_count + 1, settings.group_members, field="code")
    await db.execute("UPDATE invite SET use_count = use_count + 1, updated_at = $1 WHERE id = $2", now(), invite.id)
    await join(conversation, [viewer.user_id], added_by=None)
    for member in await members_among(conversation.id, [viewer.user_id]):
        record_member("MEMBER_JOINED", member, MemberChange.JOINED, actor_id=viewer.user_id)
    await notify(conversation, Notice(SystemNoticeKind.MEMBER_JOINED_BY_INVITE, viewer.user_id))


async def preview_invite(viewer: Viewer, code: str) -> Preview | None:
    """What a code leads to; None when joining by it could not work: whoever was removed does not go on learning what
    the group is called. Members see it as long as it is not revoked."""
    invite = await _find(code)
    if invite is None or invite.revoked_at is not None:
        return None
    conversation = (await load_conversations([invite.conversation_id]))[0]
    is_member = await access_conversation(viewer, invite.conversation_id) is not None
    if conversation is None or not conversation.member_count or (invite.is_used_up(now()) and not is_member):
        return None
    if not is_member and await _is_barred(viewer, invite):
        return None
    return Preview(conversation, is_member)


def _unknown_code() -> UserFault:
    return UserFault(ErrorCode.NOT_FOUND, "This invite does not exist.", field=("code",))


async def _find(code: str) -> InviteRow | None:
    if not _CODE.fullmatch(code):  # a database does not even take any text
        return None
    row = await db.row(f"SELECT {_COLUMNS} FROM invite i WHERE i.code = $1", code)
    return _invite_from(row) if row else None


async def load_invites(ids: Sequence[UUID]) -> list[InviteRow | None]:
    """Batch function: invites by their ids, dead ones too."""
    found = await db.rows(f"SELECT {_COLUMNS} FROM invite i WHERE i.id = ANY($1::uuid[])", list(ids))
    by_id = {row["id"]: _invite_from(row) for row in found}
    return [by_id.get(invite_id) for invite_id in ids]


async def load_live_invites(conversation_ids: Sequence[UUID]) -> list[list[InviteRow]]:
    """Batch function: conversation → its live invites, newest first. Their number is bounded where they are made."""
    found = await db.rows(
        f"SELECT {_COLUMNS} FROM invite i WHERE i.conversation_id = ANY($1::uuid[]) AND {_LIVE}"
        " ORDER BY i.created_at DESC, i.id DESC",
        list(conversation_ids),
        now(),
    )
    live: dict[UUID, list[InviteRow]] = defaultdict(list)
    for row in found:
        live[row["conversation_id"]].append(_invite_from(row))
    return [live[conversation_id] for conversation_id in conversation_ids]


def _invite_from(row: db.Row) -> InviteRow:
    return InviteRow(
        row["id"], row["conversation_id"], row["code"], row["created_by_id"], row["created_at"], row["expires_at"],
        row["max_uses"], row["use_count"], row["revoked_at"],
    )  # fmt: skip
