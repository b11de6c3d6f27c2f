"""The types Conversation, DirectConversation, Group and Broadcast, and how an object of them is made."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import strawberry
from strawberry import UNSET
from strawberry.types.unset import UnsetType

import app.conversations.graphql.enums  # noqa: F401  (describes ConversationKind, SendRefusal)
from app.accounts.graphql import User, is_within, person_as_seen, show_user
from app.accounts.loaders import UserRow, load_users
from app.accounts.privacy import load_privacy
from app.contacts.blocks import load_blocks
from app.contacts.graphql.lists import given
from app.conversations.access import Access
from app.conversations.graphql.members import (
    Member,
    MemberConnection,
    no_members,
    page_members,
    show_member,
)
from app.conversations.graphql.permissions import GroupPermissions
from app.conversations.listing import Listed
from app.conversations.loaders import MemberFilter, load_departed, load_participants
from app.conversations.notices import SystemNoticeKind, load_changes
from app.conversations.records import (
    DEFAULT_PERMISSIONS,
    STAFF,
    ConversationKind,
    ConversationRow,
    MemberRole,
    MemberRow,
    SendRefusal,
    reaches,
)
from app.core.clock import now
from app.core.executor import known, quick
from app.core.graphql.context import Context, Info
from app.core.graphql.ids import encode_id
from app.core.graphql.node import Node


@strawberry.interface(
    description="A direct chat, a group or a broadcast, as the viewer sees it. Only its members see it: to everybody"
    " else it doesn't exist (null, NOT_FOUND). In an event from before the viewer left, what changed later is withheld."
)
class Conversation(Node):
    # What is known of it at once: all, or in a list what every list shows.
    brief: strawberry.Private[ConversationRow | Listed]
    # When the hub's word stands for the permission: the time of the event. None: the viewer is a member now.
    as_of: strawberry.Private[datetime | None]
    # The viewer's membership, where it was read with the row.
    own: strawberry.Private[MemberRow | None]
    # What is known without asking; UNSET where it takes more than the row, or what was read beside it.
    shown_title: strawberry.Private[str | UnsetType]
    shown_activity_at: strawberry.Private[datetime | UnsetType]
    shown_last_seq: strawberry.Private[int | UnsetType]
    shown_member_count: strawberry.Private[int | UnsetType]
    # What a higher domain found beside it, of use to its own fields.
    checked: strawberry.Private[Any]

    kind: ConversationKind = strawberry.field(description="What sort of conversation it is.")
    created_at: datetime = strawberry.field(description="When it was started.")

    def __init__(self, brief: ConversationRow | Listed, as_of: datetime | None) -> None:
        self.id = strawberry.ID(encode_id("cnv", brief.id))
        self.brief = brief
        self._row = brief if type(brief) is ConversationRow else None
        self.as_of = as_of
        self.kind = brief.kind
        self.created_at = brief.created_at
        self.own = self.checked = None
        self.shown_title = self.shown_activity_at = self.shown_last_seq = self.shown_member_count = UNSET
        if as_of is not None:
            return
        self.shown_member_count = brief.member_count
        if brief.kind is not ConversationKind.DIRECT:
            self.shown_title = brief.title or ""
        elif type(brief) is Listed and (name := brief.peer_name) is not None:
            self.shown_title = name
        if brief.hidden_from_id is None:
            self.shown_activity_at = brief.activity_at
            self.shown_last_seq = brief.last_seq

    @property
    def row(self) -> ConversationRow:
        """As stored. Fields that a list shows without reading it whole (beside.py) look at `brief` alone."""
        if self._row is None:
            assert type(self.brief) is Listed
            self._row = self.brief.conversation
        return self._row

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

    async def is_withheld(self, context: Context, change: SystemNoticeKind) -> bool:
        """Whether this is an event's for somebody who left since, and the property changed after that."""
        ended = await self.ended(context)
        return ended is not None and change in await context.load(load_changes, (self.row.id, ended.last_seq or 0))

    async def own_member(self, context: Context) -> MemberRow | None:
        """The viewer's membership, ended or not: what of the conversation is theirs to see (first_seq, last_seq)."""
        viewer_id = context.require_viewer().user_id
        own = self.own
        if own is None and type(self.brief) is Listed:
            own = self.own = self.brief.member
            context.prime(load_participants, (own.conversation_id, own.user_id), own)
        if own is not None and own.user_id == viewer_id:
            return own
        return await context.load(load_participants, (self.row.id, viewer_id))

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
            if await self.blocks_peer(context, member):
                return SendRefusal.BLOCKED_BY_VIEWER
            if member.is_request:
                return SendRefusal.REQUEST_UNANSWERED
            peer_id = self.row.peer_of(member.user_id)
            if not await self._writes_first(context, peer_id):
                return None
            audience = (await context.load(load_privacy, peer_id)).who_can_message
            return None if await is_within(context, audience, peer_id) else SendRefusal.READ_ONLY
        return None if reaches(member.role, self.row.permissions.who_can_send) else SendRefusal.ADMINS_ONLY

    async def blocks_peer(self, context: Context, member: MemberRow) -> bool:
        """Whether the member, who is the viewer, blocks the other person of this direct conversation."""
        if self.row.kind is not ConversationKind.DIRECT:
            return False
        return await context.load(load_blocks, (member.user_id, self.row.peer_of(member.user_id)))

    async def hides_readers(self, context: Context) -> bool:
        """Whether the viewer must not learn who else reads: readers of a broadcast see its staff and themselves."""
        if self.row.kind is not ConversationKind.BROADCAST:
            return False
        member = await self.current_member(context)
        return member is None or member.role not in STAFF

    async def _writes_first(self, context: Context, peer_id: UUID) -> bool:
        """Whether the viewer's next message needs the other person's privacy to let it in."""
        peer = await context.load(load_participants, (self.row.id, peer_id))
        return bool(peer and peer.is_request) or not (self.row.last_seq or self.row.created_by_id == peer_id)

    async def peer_row(self, context: Context) -> UserRow:
        """The other person of a direct conversation."""
        person = self.brief.peer if type(self.brief) is Listed else None
        if person is None:
            person = await context.load(load_users, self.brief.peer_of(context.require_viewer().user_id))
        assert person is not None, "direct conversations go with their people"
        return person

    async def viewer_reaches(self, context: Context, required: MemberRole) -> bool:
        """Whether the viewer is in it with that role or a higher one."""
        member = await self.current_member(context)
        return member is not None and reaches(member.role, required)

    @strawberry.field(
        description="What the viewer should read on the row: the other person's display name, or the group's title."
        " Empty in an event from before the viewer left, if it changed since."
    )
    @known("shown_title")
    @quick
    async def title(self, info: Info) -> str:
        context = info.context
        if self.kind is ConversationKind.DIRECT:
            person = await self.peer_row(context)
            return (await person_as_seen(context, person) if person.has_kept_profile else person).shown_name
        is_withheld = self.as_of is not None and await self.is_withheld(context, SystemNoticeKind.TITLE_CHANGED)
        return "" if is_withheld else self.brief.title or ""

    @strawberry.field(
        description="When it last changed: started, a message, people added (to a group). The viewer's list is newest"
        " first by this."
    )
    @known("shown_activity_at")
    @quick
    async def activity_at(self, info: Info) -> datetime:
        if self.row.hidden_from_id is not None:
            return self.row.activity_for(info.context.require_viewer().user_id)
        ended = None if self.as_of is None else await self.ended(info.context)
        return min(self.row.activity_at, ended.left_at) if ended and ended.left_at else self.row.activity_at

    @strawberry.field(
        description="Highest message sequence in the conversation that the viewer may see; 0 before the first message."
    )
    @known("shown_last_seq")
    @quick
    async def last_seq(self, info: Info) -> int:
        if self.row.hidden_from_id is not None:
            return self.row.last_seq_for(info.context.require_viewer().user_id)
        ended = None if self.as_of is None else await self.ended(info.context)
        return min(self.row.last_seq, ended.last_seq or 0) if ended else self.row.last_seq

    @strawberry.field(
        description="Lowest sequence the viewer may see: 1, or what followed when they were added later. Drop what is"
        " cached below it."
    )
    @quick
    async def first_seq(self, info: Info) -> int:
        member = await self.own_member(info.context)
        return member.first_seq if member else self.row.last_seq + 1

    @strawberry.field(
        description="Who is in it, in the order they joined; query serves mention pickers. Readers of a broadcast see"
        " its owner and admins, and themselves. Empty in an event from before the viewer left."
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
        reader_id = info.context.require_viewer().user_id if await self.hides_readers(info.context) else None
        wanted = MemberFilter(self.row.id, role or None, query or None, reader_id)
        return await page_members(info.context, wanted, first=first, after=given(after))

    @strawberry.field(
        description="How many are in it; 0 in an event from before the viewer left. Of a broadcast, its readers are not"
        " told when it moves: read it again."
    )
    @known("shown_member_count")
    @quick
    async def member_count(self, info: Info) -> int:
        return 0 if await self.ended(info.context) else self.brief.member_count

    @strawberry.field(description="The viewer's own membership; null in an event from before the viewer left.")
    @quick
    async def viewer_member(self, info: Info) -> Member | None:
        member = await self.current_member(info.context)
        return show_member(member) if member else None

    @strawberry.field(description="Whether sendMessage would work for the viewer.")
    @quick
    async def viewer_can_send(self, info: Info) -> bool:
        return await self.refusal(info.context) is None

    @strawberry.field(
        description="Why the viewer can't send; null when the viewer can. Never tells of a block by the other."
    )
    @quick
    async def viewer_send_refusal(self, info: Info) -> SendRefusal | None:
        return await self.refusal(info.context)

    @strawberry.field(
        description="Slow mode: when the viewer's next message may go; null when it may go now. The owner and the"
        " admins never wait. Sending before it is refused with COOLDOWN."
    )
    @quick
    async def viewer_can_send_at(self, info: Info) -> datetime | None:
        seconds = self.row.permissions.slow_mode_seconds
        if not seconds:
            return None
        member = await self.current_member(info.context)
        if member is None or member.role in STAFF or member.sent_at is None:
            return None
        at = member.sent_at + timedelta(seconds=seconds)
        return at if at > now() else None

    @strawberry.field(
        description="How long new messages last before they disappear for everybody; null: for ever, and in an event"
        " from before the viewer left, if it changed since."
    )
    @quick
    async def disappearing_seconds(self, info: Info) -> int | None:
        is_withheld = await self.is_withheld(info.context, SystemNoticeKind.DISAPPEARING_CHANGED)
        return None if is_withheld else self.row.disappearing_seconds


@strawberry.type(description="Two people; the same pair always has the same one. Started by startDirectConversation.")
class DirectConversation(Conversation):
    __init__ = Conversation.__init__  # else the decorator writes one

    @strawberry.field(description="The other person.")
    @quick
    async def peer(self, info: Info) -> User:
        return show_user(await self.peer_row(info.context))

    @strawberry.field(
        description="Set while a stranger's first messages wait for the viewer's answer (answerMessageRequest): it is"
        " only in the list of message requests, and the other sees no tick, mark or typing of the viewer. Nobody is a"
        " stranger whom the viewer has as a contact, or to whom the viewer started the conversation."
    )
    @quick
    async def is_message_request(self, info: Info) -> bool:
        member = self.brief if type(self.brief) is Listed else await self.own_member(info.context)
        return member is not None and member.is_request


@strawberry.type
class _Room(Conversation):
    """What Group and Broadcast share; the schema has only those two."""

    @strawberry.field(
        description="What it is about, at most 500 characters; null when nobody said, and in an event from before the"
        " viewer left, if it changed since."
    )
    @quick
    async def description(self, info: Info) -> str | None:
        is_withheld = await self.is_withheld(info.context, SystemNoticeKind.DESCRIPTION_CHANGED)
        return None if is_withheld else self.row.description

    @strawberry.field(description="Who started it; null when that account is gone.")
    @quick
    async def created_by(self, info: Info) -> User | None:
        if self.row.created_by_id is None:
            return None
        person = await info.context.load(load_users, self.row.created_by_id)
        return show_user(person) if person else None


@strawberry.type(
    description="Up to limits.groupMembers people with roles; permissions says who may what. It stays when everybody"
    " leaves, seen by nobody."
)
class Group(_Room):
    __init__ = Conversation.__init__

    @strawberry.field(
        description="Who may do what. updateGroup changes it. In an event from before the viewer left, if they changed"
        " since: those of a new group."
    )
    @quick
    async def permissions(self, info: Info) -> GroupPermissions:
        is_withheld = await self.is_withheld(info.context, SystemNoticeKind.PERMISSIONS_CHANGED)
        return GroupPermissions(**asdict(DEFAULT_PERMISSIONS if is_withheld else self.row.permissions))

    @strawberry.field(
        description="Whether the viewer is its owner or an admin: may remove members, set roles and permissions."
    )
    @quick
    async def viewer_can_manage(self, info: Info) -> bool:
        return await self.viewer_reaches(info.context, MemberRole.ADMIN)

    @strawberry.field(description="Whether updateGroup would change title, description and avatar for the viewer.")
    @quick
    async def viewer_can_edit_info(self, info: Info) -> bool:
        return await self.viewer_reaches(info.context, self.row.permissions.who_can_edit_info)

    @strawberry.field(description="Whether addMembers and createInvite would work for the viewer.")
    @quick
    async def viewer_can_add_members(self, info: Info) -> bool:
        return await self.viewer_reaches(info.context, self.row.permissions.who_can_add_members)


@strawberry.type(
    description="One-to-many: the owner and admins post, everyone else reads; a reply goes to a direct conversation."
    " Readers see only the staff and themselves in members, never who else reads."
)
class Broadcast(_Room):
    __init__ = Conversation.__init__

    @strawberry.field(
        description="Whether the viewer is its owner or an admin: posts, adds and removes members, sets roles."
    )
    async def viewer_can_manage(self, info: Info) -> bool:
        return await self.viewer_reaches(info.context, MemberRole.ADMIN)


_TYPES: dict[ConversationKind, type[Conversation]] = {
    ConversationKind.DIRECT: DirectConversation,
    ConversationKind.GROUP: Group,
    ConversationKind.BROADCAST: Broadcast,
}


def show_conversation(row: ConversationRow | Listed, *, as_of: datetime | None = None) -> Conversation:
    """A conversation that the viewer may see: a member now, or (`as_of`) by an event of that time."""
    return _TYPES[row.kind](row, as_of)


def show_access(context: Context, access: Access) -> Conversation:
    """A conversation just accessed; the membership that gave the right is not read again."""
    member = access.member
    context.prime(load_participants, (member.conversation_id, member.user_id), member)
    shown = show_conversation(access.conversation)
    shown.own = member
    return shown
