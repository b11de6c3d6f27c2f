"""Invites in the schema: making, revoking, previewing and using them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

import app.conversations.graphql.enums  # noqa: F401  (describes ConversationKind)
from app.accounts.graphql import User, show_user
from app.accounts.loaders import load_users
from app.conversations import invites
from app.conversations.graphql.mutations import ConversationPayload
from app.conversations.graphql.types import Broadcast, Conversation, Group, show_access
from app.conversations.invites import InviteRow, Preview, access_invite, load_invites, load_live_invites
from app.conversations.pages import invite_url
from app.conversations.records import ConversationKind, MemberRole
from app.core.graphql.context import Context, Info
from app.core.graphql.directives import Constraint, RateLimit
from app.core.graphql.extend import extends
from app.core.graphql.ids import encode_id, known_id
from app.core.graphql.node import Node, node_kind
from app.core.graphql.payload import Payload, mutation
from app.core.graphql.scalars import Url
from app.media.graphql import Media, picture


@strawberry.type(
    description="A code of 128 random bits: whoever has it joins by joinByInvite. Visible to the owner, the admins, and"
    " the member who made it."
)
class Invite(Node):
    row: strawberry.Private[InviteRow]

    @strawberry.field(description="What joinByInvite takes.")
    def code(self) -> str:
        return self.row.code

    @strawberry.field(description="A link with the code, to share: to the app's page, if the server was told of one.")
    def url(self, info: Info) -> Url:
        return Url(invite_url(info.context.runtime.settings, self.row.code))

    @strawberry.field(description="Who made it; isDeleted once that account is gone.")
    async def created_by(self, info: Info) -> User:
        person = await info.context.load(load_users, self.row.created_by_id)
        assert person is not None, "erased accounts keep their row"
        return show_user(person)

    @strawberry.field(description="When it was made.")
    def created_at(self) -> datetime:
        return self.row.created_at

    @strawberry.field(description="From when on it lets nobody in; null: it does not end by itself.")
    def expires_at(self) -> datetime | None:
        return self.row.expires_at

    @strawberry.field(description="How many people it lets in; null: any number.")
    def max_uses(self) -> int | None:
        return self.row.max_uses

    @strawberry.field(description="How many people joined by it.")
    def use_count(self) -> int:
        return self.row.use_count

    @strawberry.field(description="Whether revokeInvite ended it.")
    def is_revoked(self) -> bool:
        return self.row.revoked_at is not None


@strawberry.type(description="What an invite leads to, before joining.")
class InvitePreview:
    found: strawberry.Private[Preview]

    @strawberry.field(description="The conversation; to be queried once joined.")
    def conversation_id(self) -> strawberry.ID:
        return strawberry.ID(encode_id("cnv", self.found.conversation.id))

    @strawberry.field(description="GROUP or BROADCAST.")
    def kind(self) -> ConversationKind:
        return self.found.conversation.kind

    @strawberry.field(description="What it is called.")
    def title(self) -> str:
        return self.found.conversation.title or ""

    @strawberry.field(description="Its picture; null when there is none. Its node(id) is for members only.")
    async def avatar(self, info: Info) -> Media | None:
        media_id = self.found.conversation.avatar_id
        return await picture(info.context, media_id) if media_id else None

    @strawberry.field(description="How many are in it.")
    def member_count(self) -> int:
        return self.found.conversation.member_count

    @strawberry.field(description="Whether the viewer is in it already: open it.")
    def viewer_is_member(self) -> bool:
        return self.found.viewer_is_member


@extends(Group, Broadcast)
class ConversationInvites:
    @strawberry.field(
        description="The live ones, newest first, at most 100; empty unless the viewer may manage. No event tells of"
        " them: read them again."
    )
    async def invites(self: Conversation, info: Info) -> list[Invite]:
        if not await self.viewer_reaches(info.context, MemberRole.ADMIN):
            return []
        return [show_invite(row) for row in await info.context.load(load_live_invites, self.row.id)]


def show_invite(row: InviteRow) -> Invite:
    """An invite the viewer may see."""
    return Invite(id=strawberry.ID(encode_id("inv", row.id)), row=row)


@node_kind("inv")
async def fetch_invite(context: Context, invite_id: UUID) -> Invite | None:
    """An invite of a conversation the viewer manages, or the viewer's own there."""
    viewer = context.require_viewer()
    row = await context.load(load_invites, invite_id)
    return show_invite(row) if row and await access_invite(viewer, row) else None


@strawberry.input(description="A new invite.")
class CreateInviteInput:
    conversation_id: strawberry.ID = strawberry.field(description="The group or broadcast.")
    expires_in_seconds: int | None = strawberry.field(
        default=strawberry.UNSET,
        description="How long it lives, at most a year; absent or null: until it is revoked.",
        directives=[Constraint(min=1, max=31_536_000)],
    )
    max_uses: int | None = strawberry.field(
        default=strawberry.UNSET,
        description="How many people it lets in; absent or null: any number.",
        directives=[Constraint(min=1, max=100_000)],
    )


@strawberry.input(description="Which invite to end.")
class RevokeInviteInput:
    invite_id: strawberry.ID = strawberry.field(description="inv_….")


@strawberry.input(description="By which invite to join.")
class JoinByInviteInput:
    code: str = strawberry.field(description="Invite.code.", directives=[Constraint(max_length=32)])


@strawberry.type(description="The answer of createInvite and revokeInvite.")
class InvitePayload(Payload):
    invite: Invite | None = strawberry.field(default=None, description="The invite after it; null when it failed.")


@strawberry.type
class InvitesQuery:
    @strawberry.field(
        description="What an invite code leads to, before joining; null when the viewer can't join by it: unknown,"
        " revoked, expired, used up, or older than the viewer's removal by an admin. The rate is that of joinByInvite:"
        " RATE_LIMITED.",
        directives=[RateLimit(name="joinByInvite")],
    )
    async def invite_preview(
        self, info: Info, code: Annotated[str, strawberry.argument(description="Invite.code.")]
    ) -> InvitePreview | None:
        viewer = info.context.require_viewer()
        await info.context.runtime.limits.admit("joinByInvite", viewer=viewer, client=info.context.client)
        found = await invites.preview_invite(viewer, code)
        return InvitePreview(found=found) if found else None


@strawberry.type
class InvitesMutation:
    @mutation(
        InvitePayload,
        description="Makes a code by which people join a group or broadcast themselves. Codes: NOT_FOUND,"
        " NOT_PARTICIPANT, FORBIDDEN (below permissions.whoCanAddMembers; owner and admins in a broadcast; not in"
        " direct conversations), INVALID (the numbers), LIMIT_REACHED (100 live ones).",
        rate_limit="invite",
    )
    async def create_invite(
        self,
        info: Info,
        input: Annotated[CreateInviteInput, strawberry.argument(description="Where, for how long.")],
    ) -> InvitePayload:
        row = await invites.create_invite(
            info.context.require_viewer(),
            known_id("cnv", input.conversation_id, "conversationId"),
            expires_in_seconds=_given(input.expires_in_seconds),
            max_uses=_given(input.max_uses),
            settings=info.context.runtime.settings.conversations,
        )
        return InvitePayload(invite=show_invite(row))

    @mutation(
        InvitePayload,
        description="Ends an invite at once; who joined by it stays. Again, it changes nothing. Codes: NOT_FOUND (also"
        " unless the viewer manages the conversation, or is in it and made the invite).",
        rate_limit="invite",
    )
    async def revoke_invite(
        self, info: Info, input: Annotated[RevokeInviteInput, strawberry.argument(description="Which one.")]
    ) -> InvitePayload:
        invite_id = known_id("inv", input.invite_id, "inviteId")
        return InvitePayload(invite=show_invite(await invites.revoke_invite(info.context.require_viewer(), invite_id)))

    @mutation(
        ConversationPayload,
        description="Joins a group or broadcast. The viewer gets ConversationAdded, the others MemberChanged; who is in"
        " it already changes nothing and uses nothing up. Codes: NOT_FOUND (unknown or revoked), EXPIRED (its time or"
        " its uses are over), FORBIDDEN (the invite is older than the viewer's removal by an admin), LIMIT_REACHED (the"
        " group is full).",
        rate_limit="joinByInvite",
    )
    async def join_by_invite(
        self, info: Info, input: Annotated[JoinByInviteInput, strawberry.argument(description="The code.")]
    ) -> ConversationPayload:
        settings = info.context.runtime.settings.conversations
        access = await invites.join_by_invite(info.context.require_viewer(), input.code, settings=settings)
        return ConversationPayload(conversation=show_access(info.context, access))


def _given(value: int | None) -> int | None:
    """None when absent."""
    return None if value is strawberry.UNSET else value
