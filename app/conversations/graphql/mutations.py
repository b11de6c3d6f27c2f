"""Changing conversations: starting them, and who is in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

import strawberry

from app.accounts.graphql import User, new_avatar, show_user
from app.accounts.loaders import load_users
from app.conversations import members, requests, service
from app.conversations.graphql.members import Member, show_member
from app.conversations.graphql.permissions import GroupPermissionsInput, permissions_change
from app.conversations.graphql.types import Conversation, DirectConversation, Group, show_access
from app.conversations.records import DEFAULT_PERMISSIONS, MessageRequestAnswer
from app.core.graphql.context import Context, Info
from app.core.graphql.directives import Constraint
from app.core.graphql.ids import encode_id, known_id, known_ids
from app.core.graphql.payload import Payload, mutation


@strawberry.input(description="Whom to talk to.")
class StartDirectConversationInput:
    user_id: strawberry.ID = strawberry.field(description="The other person; not oneself.")


@strawberry.input(description="A new group.")
class CreateGroupInput:
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
        description="Who is in it beside the viewer; limits.groupMembers counts the viewer too.",
        directives=[Constraint(max_items=999)],
    )
    permissions: GroupPermissionsInput | None = strawberry.field(
        default=strawberry.UNSET, description="Who may do what; absent: the defaults."
    )


@strawberry.input(description="People for a group or broadcast.")
class AddMembersInput:
    conversation_id: strawberry.ID = strawberry.field(description="The group or broadcast.")
    user_ids: list[strawberry.ID] = strawberry.field(
        description="Whom to add; members already are skipped.", directives=[Constraint(max_items=1000)]
    )


@strawberry.input(description="Who shall go from a group or broadcast.")
class RemoveMemberInput:
    conversation_id: strawberry.ID = strawberry.field(description="The group or broadcast.")
    user_id: strawberry.ID = strawberry.field(description="The member; not the owner, not oneself.")


@strawberry.input(description="Which group or broadcast to leave.")
class LeaveConversationInput:
    conversation_id: strawberry.ID = strawberry.field(description="The group or broadcast.")


@strawberry.input(description="The answer to a message request.")
class AnswerMessageRequestInput:
    conversation_id: strawberry.ID = strawberry.field(description="A conversation with isMessageRequest.")
    answer: MessageRequestAnswer = strawberry.field(description="What becomes of it.")


@strawberry.type(description="The answer of startDirectConversation.")
class DirectConversationPayload(Payload):
    conversation: DirectConversation | None = strawberry.field(
        default=None, description="The conversation of the pair; null when it failed."
    )


@strawberry.type(description="The answer of createGroup and updateGroup.")
class GroupPayload(Payload):
    group: Group | None = strawberry.field(default=None, description="The group; null when it failed.")
    need_invite: list[User] | None = strawberry.field(
        default=None,
        description="People whose privacy asks for an invite instead: they are not in it; null when it failed.",
    )


@strawberry.type(description="The answer of addMembers.")
class AddMembersPayload(Payload):
    conversation: Conversation | None = strawberry.field(
        default=None, description="The group after it; null when it failed."
    )
    added: list[Member] | None = strawberry.field(
        default=None, description="Who is new; empty when all were members already; null when it failed."
    )
    need_invite: list[User] | None = strawberry.field(
        default=None,
        description="People whose privacy asks for an invite instead: they were not added; null when it failed.",
    )


@strawberry.type(description="The answer of mutations that change a conversation.")
class ConversationPayload(Payload):
    conversation: Conversation | None = strawberry.field(
        default=None, description="The conversation after it; null when it failed or the viewer is no longer in it."
    )
    removed_conversation_id: strawberry.ID | None = strawberry.field(
        default=None, description="Set when it left the viewer's list: evict it."
    )


@strawberry.type
class ConversationsMutation:
    @mutation(
        DirectConversationPayload,
        description="The direct conversation with a person, started if there is none. Idempotent: the same pair always"
        " gets the same, whichever of them asks. Codes: INVALID (oneself), NOT_FOUND, FORBIDDEN (there is none"
        " yet, and User.viewerCanMessage is false).",
        rate_limit="conversationCreate",
    )
    async def start_direct_conversation(
        self, info: Info, input: Annotated[StartDirectConversationInput, strawberry.argument(description="With whom.")]
    ) -> DirectConversationPayload:
        user_id = known_id("usr", input.user_id, "userId")
        access = await service.start_direct_conversation(info.context.require_viewer(), user_id)
        return DirectConversationPayload(conversation=show_access(info.context, access))  # type: ignore[arg-type]

    @mutation(
        GroupPayload,
        description="Starts a group that the viewer owns. Everybody in it gets ConversationAdded; people who let"
        " only others add them are left out and named in needInvite. Codes: INVALID and TOO_LONG (title,"
        " description), INVALID (slow mode, avatarId), LIMIT_REACHED, NOT_FOUND (a person, avatarId),"
        " TOO_LARGE (avatarId).",
        rate_limit="conversationCreate",
    )
    async def create_group(
        self, info: Info, input: Annotated[CreateGroupInput, strawberry.argument(description="What and who.")]
    ) -> GroupPayload:
        permissions = permissions_change(input.permissions)
        access = await service.create_group(
            info.context.require_viewer(),
            input.title,
            known_ids("usr", input.member_ids, "memberIds"),
            description=input.description or None,
            avatar=new_avatar(input.avatar_id),
            settings=info.context.runtime.settings.conversations,
            permissions=permissions.applied_to(DEFAULT_PERMISSIONS) if permissions else DEFAULT_PERMISSIONS,
        )
        return GroupPayload(
            group=show_access(info.context, access),  # type: ignore[arg-type]
            need_invite=await show_people(info.context, access.need_invite),
        )

    @mutation(
        AddMembersPayload,
        description="Adds people to a group or broadcast, who see what is sent from now on (all, where"
        " permissions.newMembersSeeHistory); those who let only others add"
        " them are left out and named in needInvite. They get ConversationAdded, the others MemberChanged for each."
        " Codes: NOT_FOUND, NOT_PARTICIPANT, FORBIDDEN (below permissions.whoCanAddMembers; not in"
        " direct conversations), LIMIT_REACHED; then nobody was added.",
        rate_limit="memberAdd",
    )
    async def add_members(
        self, info: Info, input: Annotated[AddMembersInput, strawberry.argument(description="Whom, and where.")]
    ) -> AddMembersPayload:
        conversation_id = known_id("cnv", input.conversation_id, "conversationId")
        done = await members.add_members(
            info.context.require_viewer(),
            conversation_id,
            known_ids("usr", input.user_ids, "userIds"),
            settings=info.context.runtime.settings.conversations,
        )
        return AddMembersPayload(
            conversation=show_access(info.context, done.access),
            added=[show_member(row) for row in done.members],
            need_invite=await show_people(info.context, done.need_invite),
        )

    @mutation(
        ConversationPayload,
        description="Takes a member out of a group or broadcast at once: nothing sent later reaches them. They get"
        " ConversationRemoved, the others MemberChanged. Codes: NOT_FOUND (also a person who is not in it),"
        " NOT_PARTICIPANT, FORBIDDEN (owner and admins only; never the owner), INVALID (oneself).",
        rate_limit="memberRemove",
    )
    async def remove_member(
        self, info: Info, input: Annotated[RemoveMemberInput, strawberry.argument(description="Whom, and where.")]
    ) -> ConversationPayload:
        conversation_id = known_id("cnv", input.conversation_id, "conversationId")
        user_id = known_id("usr", input.user_id, "userId")
        access = await members.remove_member(info.context.require_viewer(), conversation_id, user_id)
        return ConversationPayload(conversation=show_access(info.context, access))

    @mutation(
        ConversationPayload,
        description="Takes the viewer out of a group or broadcast. When the owner leaves, the oldest admin, or else the"
        " oldest member, owns it. Codes: NOT_FOUND, NOT_PARTICIPANT, FORBIDDEN (direct conversations).",
        rate_limit="leaveConversation",
    )
    async def leave_conversation(
        self, info: Info, input: Annotated[LeaveConversationInput, strawberry.argument(description="Which one.")]
    ) -> ConversationPayload:
        conversation_id = known_id("cnv", input.conversation_id, "conversationId")
        await members.leave_conversation(info.context.require_viewer(), conversation_id)
        return ConversationPayload(removed_conversation_id=strawberry.ID(encode_id("cnv", conversation_id)))

    @mutation(
        ConversationPayload,
        description="Answers a message request. The viewer's devices get ConversationAdded (ACCEPT) or"
        " ConversationRemoved (DELETE, BLOCK; BLOCK also BlockChanged); the sender is not told, but sees ticks turn"
        " after ACCEPT. The same answer again is fine. Codes: NOT_FOUND, NOT_PARTICIPANT, CONFLICT (no message request,"
        " or accepted already), FORBIDDEN (ACCEPT while the viewer blocks the sender), RATE_LIMITED.",
        rate_limit="messageRequest",
    )
    async def answer_message_request(
        self,
        info: Info,
        input: Annotated[AnswerMessageRequestInput, strawberry.argument(description="Which, and what.")],
    ) -> ConversationPayload:
        conversation_id = known_id("cnv", input.conversation_id, "conversationId")
        viewer = info.context.require_viewer()
        access = await requests.answer_message_request(viewer, conversation_id, input.answer)
        if access is None:
            return ConversationPayload(removed_conversation_id=strawberry.ID(encode_id("cnv", conversation_id)))
        return ConversationPayload(conversation=show_access(info.context, access))


async def show_people(context: Context, user_ids: Sequence[UUID]) -> list[User]:
    """These people, those without an account left out."""
    rows = await context.loader(load_users).load_many(user_ids)
    return [show_user(row) for row in rows if row]
