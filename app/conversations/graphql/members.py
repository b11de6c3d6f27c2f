"""The type Member and its connection: a person in a conversation, and pages of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

import strawberry

import app.conversations.graphql.enums  # noqa: F401  (describes MemberRole)
from app.accounts.graphql import User, show_user
from app.accounts.loaders import load_users
from app.conversations.access import access_conversation
from app.conversations.loaders import (
    MemberFilter,
    MemberQuery,
    load_member_pages,
    load_member_totals,
    load_members,
    load_participants,
    load_private_readers,
)
from app.conversations.records import STAFF, ConversationKind, MemberRole, MemberRow
from app.core.errors import BadRequestError
from app.core.graphql.connection import PageInfo, encode_key, instant_key, page_info, page_size
from app.core.graphql.context import Context, Info
from app.core.graphql.ids import encode_id
from app.core.graphql.node import Node, node_kind


@strawberry.type(
    description="A person in a conversation. Visible to its members, for as long as both are in it; readers of a"
    " broadcast see its staff and themselves."
)
class Member(Node):
    row: strawberry.Private[MemberRow]

    def _is_told_otherwise(self, context: Context) -> bool:
        """Whether the viewer must not see the real marks; asked only where there are others."""
        return self.row.is_told_otherwise and context.require_viewer().user_id != self.row.user_id

    @strawberry.field(description="Who it is.")
    async def user(self, info: Info) -> User:
        person = await info.context.load(load_users, self.row.user_id)
        assert person is not None, "members go with their account"
        return show_user(person)

    @strawberry.field(description="What the person may do here.")
    def role(self) -> MemberRole:
        return self.row.role

    @strawberry.field(description="When the person joined; when it happened more than once, the last time.")
    def joined_at(self) -> datetime:
        return self.row.joined_at

    @strawberry.field(description="Who added the person; null for who started the conversation or joined by an invite.")
    async def added_by(self, info: Info) -> User | None:
        if self.row.added_by_id is None:
            return None
        person = await info.context.load(load_users, self.row.added_by_id)
        return show_user(person) if person else None

    @strawberry.field(
        description="Every message up to this seq has reached a device of the person. It only rises; announced by"
        " ReceiptChanged in conversations of up to 32 members, to be queried in larger ones."
    )
    def delivered_seq(self, info: Info) -> int | None:
        return self.row.told_delivered_seq if self._is_told_otherwise(info.context) else self.row.delivered_seq

    @strawberry.field(
        description="Every message up to this seq was read by the person; null when the person or the viewer has"
        " privacy.readReceipts off. As deliveredSeq otherwise."
    )
    async def read_seq(self, info: Info) -> int | None:
        if not await self._shows_reading(info.context):
            return None
        return self.row.told_read_seq if self._is_told_otherwise(info.context) else self.row.read_seq

    @strawberry.field(description="When readSeq last rose; null before the first time, and where readSeq is.")
    async def read_at(self, info: Info) -> datetime | None:
        if not await self._shows_reading(info.context):
            return None
        return self.row.told_read_at if self._is_told_otherwise(info.context) else self.row.read_at

    async def _shows_reading(self, context: Context) -> bool:
        """Whether the viewer may know: oneself always, else when both sides tell. Where nobody keeps it private, the
        viewer is not asked: then all subscribers share one execution."""
        private = await context.load(load_private_readers, self.row.conversation_id)
        if not private:
            return True
        viewer = context.viewer
        if viewer is None:
            return False
        return viewer.user_id == self.row.user_id or not {viewer.user_id, self.row.user_id} & private

    @strawberry.field(description="Whether removeMember would work for the viewer: owner or admin, not on the owner.")
    async def viewer_can_remove(self, info: Info) -> bool:
        viewer = info.context.viewer
        if self.row.role is MemberRole.OWNER or viewer is None or self.row.user_id == viewer.user_id:
            return False
        return await self._is_managed(info.context, viewer.user_id)

    @strawberry.field(
        description="Whether setMemberRole would work for the viewer: owner or admin, not on the owner. True of an"
        " admin's own: to step down."
    )
    async def viewer_can_set_role(self, info: Info) -> bool:
        viewer = info.context.viewer
        if self.row.role is MemberRole.OWNER or viewer is None:
            return False
        return await self._is_managed(info.context, viewer.user_id)

    async def _is_managed(self, context: Context, user_id: UUID) -> bool:
        """Whether that person manages the group. In a direct conversation nobody is owner or admin."""
        own = await context.load(load_participants, (self.row.conversation_id, user_id))
        return own is not None and own.left_at is None and own.role in STAFF


@strawberry.type(description="A member on a page.")
class MemberEdge:
    cursor: str = strawberry.field(description="Pass it as after to go on behind this member.")
    node: Member = strawberry.field(description="The member.")


@strawberry.type(description="Members of a conversation in the order they joined. Pages stay right while people come.")
class MemberConnection:
    query: strawberry.Private[MemberQuery | None]
    edges: list[MemberEdge] = strawberry.field(description="The page, with cursors.")
    nodes: list[Member] = strawberry.field(description="The page.")
    page_info: PageInfo = strawberry.field(description="Where the page stands.")

    @strawberry.field(description="How many members match the arguments, pages aside.")
    async def total_count(self, info: Info) -> int:
        return await info.context.load(load_member_totals, self.query) if self.query else 0


def show_member(row: MemberRow) -> Member:
    """A membership the viewer may see."""
    return Member(id=strawberry.ID(encode_id("mem", row.id)), row=row)


async def page_members(
    context: Context, members: MemberFilter, *, first: int | None, after: str | None
) -> MemberConnection:
    """A page of current members. Raises BAD_REQUEST for a wrong size or cursor, or a name over 100 characters."""
    if members.name and len(members.name) > 100:
        raise BadRequestError("query has at most 100 characters.")
    size = page_size(first)
    query = MemberQuery(replace(members, name=(members.name or "").strip() or None), instant_key(after), size)
    found = await context.load(load_member_pages, query)
    edges = [
        MemberEdge(cursor=encode_key(row.joined_at.isoformat(), str(row.id)), node=show_member(row))
        for row in found[:size]
    ]
    info = page_info([edge.cursor for edge in edges], more=len(found) > size, after=after)
    return MemberConnection(query=query, edges=edges, nodes=[edge.node for edge in edges], page_info=info)


def no_members() -> MemberConnection:
    """The members as somebody sees them who is no longer among them."""
    return MemberConnection(query=None, edges=[], nodes=[], page_info=page_info([], more=False, after=None))


@node_kind("mem")
async def fetch_member(context: Context, member_id: UUID) -> Member | None:
    """A current member of a conversation that the viewer is in now; of a broadcast's readers only oneself."""
    viewer = context.require_viewer()
    row = await context.load(load_members, member_id)
    if row is None or row.left_at is not None:
        return None
    access = await access_conversation(viewer, row.conversation_id)
    if access is None:
        return None
    is_reader = access.conversation.kind is ConversationKind.BROADCAST and access.member.role not in STAFF
    if is_reader and row.role not in STAFF and row.user_id != viewer.user_id:
        return None
    return show_member(row)
