"""Events about conversations and who is in them. Joining and leaving are one row with two faces."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import strawberry

import app.conversations.graphql.enums  # noqa: F401  (describes MemberChange, ConversationRemovedReason)
from app.accounts.graphql import User, show_user
from app.accounts.loaders import load_users
from app.conversations.graphql.members import Member, show_member
from app.conversations.graphql.reached import event_conversation
from app.conversations.graphql.types import Conversation
from app.conversations.loaders import load_members
from app.conversations.records import STAFF, ConversationKind, ConversationRemovedReason, MemberChange, MemberRow
from app.core import log
from app.core.graphql.context import Context, Info
from app.core.graphql.events import Event, EventKind, event_face
from app.core.graphql.ids import encode_id

GONE = (MemberChange.LEFT, MemberChange.REMOVED)


@event_face(EventKind.CONVERSATION_ADDED, rows="CONVERSATION_LISTED")
@event_face(EventKind.CONVERSATION_ADDED, subject=True)
@event_face(EventKind.CONVERSATION_ADDED, rows="MEMBER_JOINED", subject=True)
@strawberry.type(
    description="The viewer is in this conversation now: it was started, the viewer was added, a message request came"
    " or was accepted. Put it into the list, or the one of message requests: conversation.isMessageRequest."
)
class ConversationAdded(Event):
    conversation: Conversation = strawberry.field(description="The conversation, as it is now.")

    @classmethod
    async def build(cls, record: log.Event, context: Context) -> Any:
        conversation = await event_conversation(context, record)
        return cls(record=record, conversation=conversation) if conversation else None


@event_face(EventKind.CONVERSATION_REMOVED, rows="CONVERSATION_UNLISTED")
@event_face(EventKind.CONVERSATION_REMOVED, rows="MEMBER_LEFT", subject=True)
@strawberry.type(description="This conversation is in no list of the viewer any more: evict it with its messages.")
class ConversationRemoved(Event):
    @strawberry.field(description="Which one; it can't be queried any more.")
    def conversation_id(self) -> strawberry.ID:
        named = self.record.payload.get("conversationId")
        return strawberry.ID(encode_id("cnv", UUID(named) if named else self.record.stream_id))

    @strawberry.field(description="Why.")
    def reason(self) -> ConversationRemovedReason:
        return ConversationRemovedReason(self.record.payload["change"])


@event_face(EventKind.CONVERSATION_CHANGED)
@strawberry.type(
    description="The conversation's own properties changed: title, description, picture, permissions, timer."
)
class ConversationChanged(Event):
    conversation: Conversation = strawberry.field(description="The conversation, as it is now.")

    @classmethod
    async def build(cls, record: log.Event, context: Context) -> Any:
        conversation = await event_conversation(context, record)
        return cls(record=record, conversation=conversation) if conversation else None

    @strawberry.field(description="Who changed it; null when that account is gone.")
    async def actor(self, info: Info) -> User | None:
        person = await info.context.load(load_users, UUID(self.record.payload["actorId"]))
        return show_user(person) if person else None


@event_face(EventKind.MEMBER_CHANGED)
@event_face(EventKind.MEMBER_CHANGED, rows="MEMBER_JOINED")
@event_face(EventKind.MEMBER_CHANGED, rows="MEMBER_LEFT")
@strawberry.type(
    description="Somebody else joined, left, was removed or has another role. (The viewer's own coming and going is"
    " ConversationAdded and ConversationRemoved; the viewer's own new role comes here.) Readers of a broadcast are"
    " told of its staff only: whoever becomes one of them, or no longer is, asks for its members again."
)
class MemberChanged(Event):
    conversation: Conversation = strawberry.field(description="Where, as it is now: see memberCount.")

    @classmethod
    async def build(cls, record: log.Event, context: Context) -> Any:
        conversation = await event_conversation(context, record)
        if conversation is None:
            return None
        if not record.payload.get("isStaff") and await conversation.hides_readers(context):
            # Readers of a broadcast don't learn of each other; of oneself this is only told as a member.
            return None
        return cls(record=record, conversation=conversation)

    @strawberry.field(description="Who it is about.")
    async def user(self, info: Info) -> User:
        person = await info.context.load(load_users, UUID(self.record.payload["userId"]))
        assert person is not None, "members go with their account"
        return show_user(person)

    @strawberry.field(
        description="The member as it is now; null when gone, also since this event. Gone for the readers of a"
        " broadcast is who is no longer its staff."
    )
    async def member(self, info: Info) -> Member | None:
        if self.change_made in GONE or await self.conversation.ended(info.context):
            return None
        row = await self._member(info.context)
        if row is None or await self._is_hidden(info.context, row):
            return None
        return show_member(row)

    @strawberry.field(description="The id of the member who is gone, to evict it; null otherwise.")
    async def removed_member_id(self, info: Info) -> strawberry.ID | None:
        gone = self.change_made in GONE
        if not gone and self.conversation.row.kind is ConversationKind.BROADCAST:
            row = await self._member(info.context)
            gone = row is not None and await self._is_hidden(info.context, row)
        return strawberry.ID(encode_id("mem", UUID(self.record.payload["memberId"]))) if gone else None

    @strawberry.field(description="What happened.")
    def change(self) -> MemberChange:
        return self.change_made

    @strawberry.field(description="Who did it: who added or removed, or the person who left.")
    async def actor(self, info: Info) -> User | None:
        person = await info.context.load(load_users, UUID(self.record.payload["actorId"]))
        return show_user(person) if person else None

    async def _member(self, context: Context) -> MemberRow | None:
        row = await context.load(load_members, UUID(self.record.payload["memberId"]))
        return row if row and row.left_at is None else None

    async def _is_hidden(self, context: Context, row: MemberRow) -> bool:
        """Whether the viewer must not see this member: a reader of a broadcast, another one."""
        if row.role in STAFF or not await self.conversation.hides_readers(context):
            return False
        return row.user_id != context.require_viewer().user_id

    @property
    def change_made(self) -> MemberChange:
        """What happened, as the row says."""
        return MemberChange(self.record.payload["change"])
