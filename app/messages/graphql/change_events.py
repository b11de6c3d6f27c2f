"""Events about what becomes of messages: edited, deleted, reacted to, pinned, saved."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import strawberry

import app.messages.graphql.changes  # noqa: F401  (describes DeleteScope)
from app.accounts.graphql import User, show_user
from app.accounts.loaders import load_users
from app.conversations.graphql import Conversation, event_conversation
from app.core import log
from app.core.graphql.context import Context, Info
from app.core.graphql.events import Event, EventKind, event_face
from app.core.graphql.ids import encode_id
from app.messages.deleting import DeleteScope
from app.messages.graphql.shown import deleted_for_viewer, event_message
from app.messages.graphql.types import Message, show_message
from app.messages.history import load_messages, load_visible_messages


async def _actor(record: log.Event, info: Info) -> User | None:
    actor_id = record.payload.get("actorId")
    row = await info.context.load(load_users, UUID(actor_id)) if actor_id else None
    return show_user(row) if row and row.deleted_at is None else None


@event_face(EventKind.MESSAGE_EDITED, retracts=True)
@strawberry.type(description="A message says something else now. What it said before is in message.revisions.")
class MessageEdited(Event):
    message: Message = strawberry.field(description="The message, as it is now.")

    @classmethod
    async def build(cls, record: log.Event, context: Context) -> Any:
        message = await event_message(record, context)
        return cls(record=record, message=message) if message else None


@event_face(EventKind.MESSAGE_DELETED, retracts=True)
@strawberry.type(
    description="A message was deleted for everyone, by the viewer for themselves, or has disappeared. Its number stays"
    " empty or holds the tombstone. Select conversation.unreadCount and lastMessage: they may have changed."
)
class MessageDeleted(Event):
    conversation: Conversation = strawberry.field(description="Where.")

    @classmethod
    async def build(cls, record: log.Event, context: Context) -> Any:
        is_own = record.payload["scope"] == DeleteScope.FOR_ME
        if not is_own and await deleted_for_viewer(context, UUID(record.payload["messageId"])):
            return None
        conversation = await event_conversation(context, record)
        return cls(record=record, conversation=conversation) if conversation else None

    @property
    def _remains(self) -> bool:
        facts = self.record.payload
        return facts["scope"] == DeleteScope.FOR_EVERYONE and not facts.get("disappeared")

    @property
    def _id(self) -> strawberry.ID:
        return strawberry.ID(encode_id("msg", UUID(self.record.payload["messageId"])))

    @strawberry.field(description="Which message.")
    def message_id(self) -> strawberry.ID:
        return self._id

    @strawberry.field(description="Its number.")
    def seq(self) -> int:
        return int(self.record.payload["seq"])

    @strawberry.field(description="For whom it is gone. What has disappeared is gone for everyone.")
    def scope(self) -> DeleteScope:
        return DeleteScope(self.record.payload["scope"])

    @strawberry.field(description="What to show in its place; null when nothing shall remain.")
    async def tombstone(self, info: Info) -> Message | None:
        if not self._remains:
            return None
        row = await info.context.load(load_messages, UUID(self.record.payload["messageId"]))
        return show_message(row, self.conversation) if row else None

    @strawberry.field(
        description="The same id when nothing shall remain (for me, disappeared), for @deleteRecord and evict."
    )
    def removed_message_id(self) -> strawberry.ID | None:
        return None if self._remains else self._id

    @strawberry.field(description="Who deleted it; null when it has disappeared, or that account is gone.")
    async def actor(self, info: Info) -> User | None:
        return await _actor(self.record, info)


@event_face(EventKind.REACTION_CHANGED)
@strawberry.type(description="Somebody put an emoji on a message, or took it away; also the viewer, on any device.")
class ReactionChanged(Event):
    message: Message = strawberry.field(description="The message, with its reactions as they are now.")

    @classmethod
    async def build(cls, record: log.Event, context: Context) -> Any:
        message = await event_message(record, context)
        return cls(record=record, message=message) if message else None

    @strawberry.field(description="Which emoji.")
    def emoji(self) -> str:
        return str(self.record.payload["emoji"])

    @strawberry.field(description="Whether it was added; else it was taken away.")
    def added(self) -> bool:
        return bool(self.record.payload["added"])

    @strawberry.field(
        description="Who did; null once that account is gone, and for the readers of a broadcast unless it was they."
    )
    async def actor(self, info: Info) -> User | None:
        conversation = await self.message.conversation_of(info.context)
        if await conversation.hides_readers(info.context):
            viewer = info.context.require_viewer()
            if str(viewer.user_id) != self.record.payload["actorId"]:
                return None
        return await _actor(self.record, info)


@event_face(EventKind.MESSAGE_PINNED)
@strawberry.type(description="A message was pinned or unpinned, or its pin has expired.")
class MessagePinned(Event):
    message: Message = strawberry.field(description="The message, as it is now.")

    @classmethod
    async def build(cls, record: log.Event, context: Context) -> Any:
        message = await event_message(record, context)
        return cls(record=record, message=message) if message else None

    @strawberry.field(description="Whether it was pinned; message.isPinned tells how it is now.")
    def is_pinned(self) -> bool:
        return bool(self.record.payload["isPinned"])

    @strawberry.field(description="Who did; null when the pin's time was over, or that account is gone.")
    async def actor(self, info: Info) -> User | None:
        return await _actor(self.record, info)


@event_face(EventKind.MESSAGE_SAVED)
@strawberry.type(description="The viewer saved a message, or no longer, on any of their devices.")
class MessageSaved(Event):
    message: Message = strawberry.field(description="The message, as it is now.")

    @classmethod
    async def build(cls, record: log.Event, context: Context) -> Any:
        # Asks the viewer, so no rendering of it is kept: edits and deletions are told in another stream.
        key = (context.require_viewer().user_id, UUID(record.payload["messageId"]))
        row = await context.load(load_visible_messages, key)
        return cls(record=record, message=show_message(row)) if row else None

    @strawberry.field(description="Whether it was saved; message.viewerHasSaved tells how it is now.")
    def is_saved(self) -> bool:
        return bool(self.record.payload["isSaved"])
