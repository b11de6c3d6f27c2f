"""Changing groups and broadcasts: what they are called, what their members may do, who has which role."""

from __future__ import annotations

from typing import Annotated

import strawberry

import app.conversations.graphql.enums  # noqa: F401  (describes MemberRole)
from app.accounts.graphql import User, new_avatar
from app.conversations import info as changes
from app.conversations import roles, service, timer
from app.conversations.graphql.members import Member, show_member
from app.conversations.graphql.mutations import ConversationPayload, GroupPayload, show_people
from app.conversations.graphql.permissions import GroupPermissionsInput, permissions_change
from app.conversations.graphql.types import Broadcast, show_access
from app.conversations.info import InfoChange
from app.conversations.records import MemberRole
from app.core.errors import ErrorCode, UserFault
from app.core.graphql.context import Info
from app.core.graphql.directives import Constraint
from app.core.graphql.ids import known_id, known_ids
from app.core.graphql.payload import Payload, mutation


@strawberry.input(description="What shall be different in a group; an absent field stays as it is.")
class UpdateGroupInput:
    group_id: strawberry.ID = strawberry.field(description="The group.")
    title: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="One line of 1 to 100 characters; not null.",
        directives=[Constraint(min_length=1, max_length=100)],
    )
    description: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="At most 500 characters; null or empty takes it away.",
        directives=[Constraint(max_length=500)],
    )
    avatar_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET,
        description="A READY picture that the viewer uploaded with purpose GROUP_AVATAR, of at most"
        " limits.avatarBytes; null takes it away.",
    )
    permissions: GroupPermissionsInput | None = strawberry.field(
        default=strawberry.UNSET, description="Who may do what; each absent or null one stays as it is."
    )


@strawberry.input(description="A new broadcast.")
class CreateBroadcastInput:
    title: str = strawberry.field(
        description="One line of 1 to 100 characters.", directives=[Constraint(min_length=1, max_length=100)]
    )
    description: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="What it is about, at most 500 characters.",
        directives=[Constraint(max_length=500)],
    )
    avatar_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET,
        description="A READY picture that the viewer uploaded with purpose GROUP_AVATAR, of at most"
        " limits.avatarBytes.",
    )
    member_ids: list[strawberry.ID] = strawberry.field(
        description="Who reads it; limits.groupMembers counts the viewer too.", directives=[Constraint(max_items=999)]
    )


@strawberry.input(description="What shall be different in a broadcast; an absent field stays as it is.")
class UpdateBroadcastInput:
    broadcast_id: strawberry.ID = strawberry.field(description="The broadcast.")
    title: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="One line of 1 to 100 characters; not null.",
        directives=[Constraint(min_length=1, max_length=100)],
    )
    description: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="At most 500 characters; null or empty takes it away.",
        directives=[Constraint(max_length=500)],
    )
    avatar_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET,
        description="A READY picture that the viewer uploaded with purpose GROUP_AVATAR, of at most"
        " limits.avatarBytes; null takes it away.",
    )


@strawberry.input(description="Which role a member shall have.")
class SetMemberRoleInput:
    conversation_id: strawberry.ID = strawberry.field(description="The group or broadcast.")
    user_id: strawberry.ID = strawberry.field(description="The member; not the owner.")
    role: MemberRole = strawberry.field(description="ADMIN or MEMBER; for OWNER there is transferOwnership.")


@strawberry.input(description="Who shall own a group or broadcast.")
class TransferOwnershipInput:
    conversation_id: strawberry.ID = strawberry.field(description="The group or broadcast.")
    user_id: strawberry.ID = strawberry.field(description="The member who owns it from then on.")


@strawberry.input(description="How long new messages last.")
class SetDisappearingTimerInput:
    conversation_id: strawberry.ID = strawberry.field(description="The conversation, of any kind.")
    seconds: int | None = strawberry.field(
        default=strawberry.UNSET,
        description="1 second to a year; absent or null: for ever.",
        directives=[Constraint(min=1, max=31_536_000)],
    )


@strawberry.type(description="The answer of createBroadcast and updateBroadcast.")
class BroadcastPayload(Payload):
    broadcast: Broadcast | None = strawberry.field(default=None, description="The broadcast; null when it failed.")
    need_invite: list[User] | None = strawberry.field(
        default=None,
        description="People whose privacy asks for an invite instead: they are not in it; null when it failed.",
    )


@strawberry.type(description="The answer of mutations that change a member.")
class MemberPayload(Payload):
    member: Member | None = strawberry.field(default=None, description="The member after it; null when it failed.")


@strawberry.type
class GroupsMutation:
    @mutation(
        GroupPayload,
        description="Changes a group's title, description, avatar and permissions. Its members get ConversationChanged,"
        " if anything is different. Codes: NOT_FOUND (also avatarId), NOT_PARTICIPANT, FORBIDDEN (all but permissions:"
        " below whoCanEditInfo; permissions: owner and admins only, and only the owner for what is or becomes OWNER),"
        " INVALID, TOO_LONG, TOO_LARGE; then nothing is changed.",
        rate_limit="conversationChange",
    )
    async def update_group(
        self, info: Info, input: Annotated[UpdateGroupInput, strawberry.argument(description="What to change.")]
    ) -> GroupPayload:
        group_id = known_id("cnv", input.group_id, "groupId")
        change = InfoChange(
            title=_required(input.title, "title"),
            description=_clearable(input.description),
            avatar=new_avatar(input.avatar_id),
            permissions=permissions_change(input.permissions),
        )
        settings = info.context.runtime.settings.conversations
        access = await changes.update_group(info.context.require_viewer(), group_id, change, settings=settings)
        return GroupPayload(group=show_access(info.context, access), need_invite=[])  # type: ignore[arg-type]

    @mutation(
        BroadcastPayload,
        description="Starts a broadcast that the viewer owns: the owner and admins post, the others read. Everybody in"
        " it gets ConversationAdded; people who let only others add them are left out and named in needInvite. Codes:"
        " INVALID and TOO_LONG (title, description, avatarId), LIMIT_REACHED, NOT_FOUND (a person, avatarId),"
        " TOO_LARGE (avatarId).",
        rate_limit="conversationCreate",
    )
    async def create_broadcast(
        self, info: Info, input: Annotated[CreateBroadcastInput, strawberry.argument(description="What and to whom.")]
    ) -> BroadcastPayload:
        access = await service.create_broadcast(
            info.context.require_viewer(),
            input.title,
            known_ids("usr", input.member_ids, "memberIds"),
            description=input.description or None,
            avatar=new_avatar(input.avatar_id),
            settings=info.context.runtime.settings.conversations,
        )
        return BroadcastPayload(
            broadcast=show_access(info.context, access),  # type: ignore[arg-type]
            need_invite=await show_people(info.context, access.need_invite),
        )

    @mutation(
        BroadcastPayload,
        description="Changes a broadcast's title, description and avatar. All in it get ConversationChanged, if"
        " anything is different. Codes: NOT_FOUND (also avatarId), NOT_PARTICIPANT, FORBIDDEN (owner and admins only),"
        " INVALID, TOO_LONG, TOO_LARGE; then nothing is changed.",
        rate_limit="conversationChange",
    )
    async def update_broadcast(
        self, info: Info, input: Annotated[UpdateBroadcastInput, strawberry.argument(description="What to change.")]
    ) -> BroadcastPayload:
        broadcast_id = known_id("cnv", input.broadcast_id, "broadcastId")
        change = InfoChange(
            title=_required(input.title, "title"),
            description=_clearable(input.description),
            avatar=new_avatar(input.avatar_id),
        )
        settings = info.context.runtime.settings.conversations
        access = await changes.update_broadcast(info.context.require_viewer(), broadcast_id, change, settings=settings)
        return BroadcastPayload(broadcast=show_access(info.context, access), need_invite=[])  # type: ignore[arg-type]

    @mutation(
        MemberPayload,
        description="Makes a member an admin, or an admin a plain member; an admin may step down. All get MemberChanged"
        " (of a broadcast's readers too), if the role is another. Codes: NOT_FOUND (also a person who is not in it),"
        " NOT_PARTICIPANT, FORBIDDEN (owner and admins only; never the owner's role), INVALID (OWNER: use"
        " transferOwnership).",
        rate_limit="conversationChange",
    )
    async def set_member_role(
        self, info: Info, input: Annotated[SetMemberRoleInput, strawberry.argument(description="Who, where and which.")]
    ) -> MemberPayload:
        conversation_id = known_id("cnv", input.conversation_id, "conversationId")
        user_id = known_id("usr", input.user_id, "userId")
        row = await roles.set_member_role(info.context.require_viewer(), conversation_id, user_id, input.role)
        return MemberPayload(member=show_member(row))

    @mutation(
        ConversationPayload,
        description="Makes another member the owner; the viewer is an admin then. All get MemberChanged for both."
        " Codes: NOT_FOUND (also a person who is not in it), NOT_PARTICIPANT, FORBIDDEN (the owner only; not in direct"
        " conversations).",
        rate_limit="conversationChange",
    )
    async def transfer_ownership(
        self,
        info: Info,
        input: Annotated[TransferOwnershipInput, strawberry.argument(description="What, and to whom.")],
    ) -> ConversationPayload:
        conversation_id = known_id("cnv", input.conversation_id, "conversationId")
        user_id = known_id("usr", input.user_id, "userId")
        access = await roles.transfer_ownership(info.context.require_viewer(), conversation_id, user_id)
        return ConversationPayload(conversation=show_access(info.context, access))


@strawberry.type
class TimerMutation:
    @mutation(
        ConversationPayload,
        description="Lets messages sent from now on disappear for everybody after so long. Those that are there keep"
        " their time. All get ConversationChanged, if it is another. Codes: NOT_FOUND, NOT_PARTICIPANT, INVALID (the"
        " seconds), FORBIDDEN (below permissions.whoCanEditInfo; owner and admins in a broadcast; where the viewer"
        " can't send in a direct conversation).",
        rate_limit="conversationChange",
    )
    async def set_disappearing_timer(
        self, info: Info, input: Annotated[SetDisappearingTimerInput, strawberry.argument(description="How long.")]
    ) -> ConversationPayload:
        conversation_id = known_id("cnv", input.conversation_id, "conversationId")
        seconds = None if input.seconds is strawberry.UNSET else input.seconds
        settings = info.context.runtime.settings.conversations
        viewer = info.context.require_viewer()
        access = await timer.set_disappearing_timer(viewer, conversation_id, seconds, settings=settings)
        return ConversationPayload(conversation=show_access(info.context, access))


def _required(value: str | None, field: str) -> str | None:
    """None when absent. Raises INVALID for null: it can't be cleared."""
    if value is None:
        raise UserFault(ErrorCode.INVALID, "This can be changed, but not cleared.", field=(field,))
    return None if value is strawberry.UNSET else value


def _clearable(value: str | None) -> str | None:
    """None when absent, "" for null."""
    return None if value is strawberry.UNSET else value or ""
