"""The types Conversation, DirectConversation and Group, and how an object of them is made."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

import app.conversations.graphql.enums  # noqa: F401  (describes ConversationKind, SendRefusal)
from app.accounts.graphql import User, is_within, show_user
from app.accounts.loaders import UserRow, load_users
from app.accounts.privacy import load_privacy
from app.contacts.blocks import load_blocks
from app.conversations.access import Access, access_conversation
from app.conversations.graphql.members import Member, MemberConnection, no_members, page_members, show_member
from app.conversations.loaders import load_conversations, load_departed, load_participants
from app.conversations.records import STAFF, ConversationKind, ConversationRow, MemberRole, MemberRow, SendRefusal
from app.core import log
from app.core.graphql.context import Context, Info
from app.core.graphql.ids import encode_id
from app.core.graphql.node import Node, node_kind


@strawberry.interface(
    description="A direct chat or a group, as the viewer sees it. Only its members see it: to everybody else it doesn't"
    " exist (null, NOT_FOUND). In an event from before the viewer left, what changed later is withheld."
)
class Conversation(Node):
    row: strawberry.Private[ConversationRow]
    # When the hub's word stands for the permission: the time of the event. None: the viewer is a member now.
    as_of: strawberry.Private[datetime | None]

    async def ended(self, context: Context) -> MemberRow | None:
        """The viewer's membership if it ended after the event that shows this; None for members.

        The viewer is asked only where somebody left since, so that the others share one execution.
        """
        if self.as_of is None or self.row.kind is ConversationKind.DIRECT:
            return None
        departed = await context.load(load_departed, (self.row.id, self.as_of))
        if not departed:
            return None
        viewer = context.viewer
        if viewer is None or viewer.user_id not in departed:
            return None
        return await context.load(load_participants, (self.row.id, viewer.user_id))

    async def own_member(self, context: Context) -> MemberRow | None:
        """The viewer's membership, ended or not: what of the conversation is theirs to see (first_seq, last_seq)."""
        return await context.load(load_participants, (self.row.id, context.require_viewer().user_id))

    async def current_member(self, context: Context) -> MemberRow | None:
        """The viewer's membership, None once it has ended."""
        member = await self.own_member(context)
        return member if member and member.left_at is None else None

    async def refusal(self, context: Context) -> SendRefusal | None:
        """Why sendMessage would not work for the viewer."""
        member = await self.current_member(context)
        if member is None:
            return SendRefusal.READ_ONLY
        if self.row.kind is ConversationKind.DIRECT and self.row.member_count < 2:
            return SendRefusal.ACCOUNT_DELETED
        if self.row.kind is ConversationKind.DIRECT:
            pair = (member.user_id, self.row.peer_of(member.user_id))
            if await context.load(load_blocks, pair):
                return SendRefusal.BLOCKED_BY_VIEWER
            if member.is_request:
                return SendRefusal.REQUEST_UNANSWERED
            if not await self._writes_first(context, pair[1]):
                return None
            audience = (await context.load(load_privacy, pair[1])).who_can_message
            return None if await is_within(context, audience, pair[1]) else SendRefusal.READ_ONLY
        return None

    async def _writes_first(self, context: Context, peer_id: UUID) -> bool:
        """Whether the viewer's next message needs the other person's privacy to let it in."""
        peer = await context.load(load_participants, (self.row.id, peer_id))
        return bool(peer and peer.is_request) or not (self.row.last_seq or self.row.created_by_id == peer_id)

    async def peer_row(self, context: Context) -> UserRow:
        """The other person of a direct conversation."""
        person = await context.load(load_users, self.row.peer_of(context.require_viewer().user_id))
        assert person is not None, "direct conversations go with their people"
        return person

    @strawberry.field(description="What sort of conversation it is.")
    def kind(self) -> ConversationKind:
        return self.row.kind

    @strawberry.field(
        description="What the viewer should read on the row: the other person's display name, or the group's title."
    )
    async def title(self, info: Info) -> str:
        if self.row.kind is ConversationKind.DIRECT:
            return (await self.peer_row(info.context)).shown_name
        return self.row.title or ""

    @strawberry.field(description="When it was started.")
    def created_at(self) -> datetime:
        return self.row.created_at

    @strawberry.field(
        description="When it last changed: started, a message, people added. The viewer's list is newest first by this."
    )
    async def activity_at(self, info: Info) -> datetime:
        if self.row.hidden_from_id is not None:
            return self.row.activity_for(info.context.require_viewer().user_id)
        ended = await self.ended(info.context)
        return min(self.row.activity_at, ended.left_at) if ended and ended.left_at else self.row.activity_at

    @strawberry.field(
        description="Highest message sequence in the conversation that the viewer may see; 0 before the first message."
    )
    async def last_seq(self, info: Info) -> int:
        if self.row.hidden_from_id is not None:
            return self.row.last_seq_for(info.context.require_viewer().user_id)
        ended = await self.ended(info.context)
        return min(self.row.last_seq, ended.last_seq or 0) if ended else self.row.last_seq

    @strawberry.field(
        description="Lowest sequence the viewer may see: 1, or what followed when they were added later. Drop what is"
        " cached below it."
    )
    async def first_seq(self, info: Info) -> int:
        member = await self.own_member(info.context)
        return member.first_seq if member else self.row.last_seq + 1

    @strawberry.field(
        description="Who is in it, in the order they joined; query serves mention pickers. Empty in an event from"
        " before the viewer left."
    )
    async def members(
        self,
        info: Info,
        query: Annotated[
            str | None,
            strawberry.argument(
                description="Keeps those with this text in their display name or username, whatever the"
                " case; at most 100 characters."
            ),
        ] = strawberry.UNSET,
        role: Annotated[MemberRole | None, strawberry.argument(description="Keeps those with this role.")] = (
            strawberry.UNSET
        ),
        first: Annotated[int | None, strawberry.argument(description="Page size, 1 to 100.")] = 50,
        after: Annotated[
            str | None, strawberry.argument(description="An endCursor of this list with the same filters.")
        ] = strawberry.UNSET,
    ) -> MemberConnection:
        if await self.ended(info.context):
            return no_members()
        return await page_members(
            info.context, self.row.id, role=role or None, name=query or None, first=first, after=given(after)
        )

    @strawberry.field(description="How many are in it; 0 in an event from before the viewer left.")
    async def member_count(self, info: Info) -> int:
        return 0 if await self.ended(info.context) else self.row.member_count

    @strawberry.field(description="The viewer's own membership; null in an event from before the viewer left.")
    async def viewer_member(self, info: Info) -> Member | None:
        member = await self.current_member(info.context)
        return show_member(member) if member else None

    @strawberry.field(description="Whether sendMessage would work for the viewer.")
    async def viewer_can_send(self, info: Info) -> bool:
        return await self.refusal(info.context) is None

    @strawberry.field(
        description="Why the viewer can't send; null when the viewer can. Never tells of a block by the other."
    )
    async def viewer_send_refusal(self, info: Info) -> SendRefusal | None:
        return await self.refusal(info.context)


@strawberry.type(description="Two people; the same pair always has the same one. Started by startDirectConversation.")
class DirectConversation(Conversation):
    @strawberry.field(description="The other person.")
    async def peer(self, info: Info) -> User:
        return show_user(await self.peer_row(info.context))

    @strawberry.field(
        description="Set while a stranger's first messages wait for the viewer's answer (answerMessageRequest): it is"
        " only in the list of message requests, and the other sees no tick, mark or typing of the viewer. Nobody is a"
        " stranger whom the viewer has as a contact, or to whom the viewer started the conversation."
    )
    async def is_message_request(self, info: Info) -> bool:
        member = await self.own_member(info.context)
        return member is not None and member.is_request


@strawberry.type(
    description="Up to limits.groupMembers people. The owner and the admins add and remove; newcomers see what is sent"
    " from then on. It stays when everybody leaves, seen by nobody."
)
class Group(Conversation):
    @strawberry.field(description="What the group is about, at most 500 characters; null when nobody said.")
    def description(self) -> str | None:
        return self.row.description

    @strawberry.field(description="Who started it; null when that account is gone.")
    async def created_by(self, info: Info) -> User | None:
        if self.row.created_by_id is None:
            return None
        person = await info.context.load(load_users, self.row.created_by_id)
        return show_user(person) if person else None

    @strawberry.field(description="Whether the viewer is its owner or an admin: may remove members.")
    async def viewer_can_manage(self, info: Info) -> bool:
        member = await self.current_member(info.context)
        return member is not None and member.role in STAFF

    @strawberry.field(description="Whether addMembers would work for the viewer: owner and admins.")
    async def viewer_can_add_members(self, info: Info) -> bool:
        member = await self.current_member(info.context)
        return member is not None and member.role in STAFF


def show_conversation(row: ConversationRow, *, as_of: datetime | None = None) -> Conversation:
    """A conversation that the viewer may see: a member now, or (`as_of`) by an event of that time."""
    type_ = DirectConversation if row.kind is ConversationKind.DIRECT else Group
    return type_(id=strawberry.ID(encode_id("cnv", row.id)), row=row, as_of=as_of)


def show_access(context: Context, access: Access) -> Conversation:
    """A conversation just accessed; the membership that gave the right is not read again."""
    member = access.member
    context.prime(load_participants, (member.conversation_id, member.user_id), member)
    return show_conversation(access.conversation)


async def event_conversation(context: Context, record: log.Event) -> Conversation | None:
    """The conversation an event happened in, or (in the viewer's own stream) tells of; the hub vouches that the event
    is the viewer's to see."""
    named = record.payload.get("conversationId")
    row = await context.load(load_conversations, UUID(named) if named else record.stream_id)
    return show_conversation(row, as_of=record.created_at) if row else None


def given(value: str | None) -> str | None:
    """An optional argument, None when absent."""
    return None if value is strawberry.UNSET else value


@node_kind("cnv")
async def fetch_conversation(context: Context, conversation_id: UUID) -> Conversation | None:
    """A conversation the viewer is in now."""
    access = await access_conversation(context.require_viewer(), conversation_id)
    return show_access(context, access) if access else None
