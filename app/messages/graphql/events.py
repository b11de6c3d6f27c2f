"""Events about messages, marks and counts, and the subscription to one conversation's messages."""

from __future__ import annotations

from collections.abc import AsyncIterable, Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

import strawberry
from asyncpg.pgproto.pgproto import UUID as PgUUID

from app.accounts.graphql import Viewer, show_user, viewer_of
from app.accounts.loaders import carried_user, load_users
from app.conversations.graphql import Conversation, Member, event_conversation, show_conversation
from app.conversations.graphql.members import show_member
from app.conversations.loaders import load_conversations, load_members
from app.conversations.records import conversation_from
from app.core import log
from app.core.graphql.context import Context, Info
from app.core.graphql.events import Event, EventKind, event_face
from app.core.graphql.ids import decode_id
from app.core.graphql.scalars import CursorText
from app.core.graphql.streams import DurableStream
from app.messages.graphql.shown import event_message
from app.messages.graphql.types import Message, show_message
from app.messages.missed import Missed, load_missed
from app.messages.records import carried_message


@event_face(EventKind.MESSAGE_RECEIVED)
@strawberry.type(
    description="A new message, also one's own (from this device and others: match clientMessageId). Select"
    " message.conversation for unreadCount and activityAt: no other event tells of them."
)
class MessageReceived(Event):
    message: Message = strawberry.field(description="The message, as it is now.")

    @classmethod
    def build(cls, record: log.Event, context: Context) -> Any:
        """At once where the event carries its rows."""
        if record.carried is None:
            return cls._build(record, context)
        return cls(record=record, message=_carried_message(record, record.carried, context))

    @classmethod
    async def _build(cls, record: log.Event, context: Context) -> Any:
        message = await event_message(record, context)
        return cls(record=record, message=message) if message else None

    @classmethod
    async def read(cls, records: Sequence[log.Event]) -> Sequence[Missed | None]:
        """What somebody missed."""
        return await load_missed([(record.stream_id, PgUUID(record.payload["messageId"])) for record in records])

    @classmethod
    def show(cls, record: log.Event, found: Missed, context: Context) -> MessageReceived:
        """At once."""
        message = show_message(found.message, show_conversation(found.conversation, as_of=record.created_at))
        if found.sender is not None:
            message.shown_sender = show_user(found.sender)
        return cls(record=record, message=message)


def _carried_message(record: log.Event, carried: Mapping[str, Any], context: Context) -> Message:
    """The message that travels with the live copy of the event, just written, so nobody has done anything to it; its
    sender and where it is need no loading either. The conversation is this event's alone: a later one of the same tick
    may show it changed."""
    row, sender = carried_message(carried["message"]), carried_user(carried["sender"])
    where = carried.get("conversation")
    context.prime(load_users, sender.id, sender)
    if row.expires_at is not None:
        context.is_passing = True
    shown = show_conversation(conversation_from(where), as_of=record.created_at) if where else None
    message = show_message(row, shown, as_of=record.created_at)
    message.shown_sender = show_user(sender)
    return message


@event_face(EventKind.RECEIPT_CHANGED)
@strawberry.type(
    description="A mark moved, also the viewer's own on another device. conversation.deliveredToAllSeq and readByAllSeq"
    " turn the ticks. Only in conversations of up to 32 members; query the marks in larger ones."
)
class ReceiptChanged(Event):
    conversation: Conversation = strawberry.field(description="Where, with the ticks as they are now.")

    @classmethod
    async def build(cls, record: log.Event, context: Context) -> Any:
        conversation = await event_conversation(context, record)
        return cls(record=record, conversation=conversation) if conversation else None

    @strawberry.field(description="Whose mark, as it is now; null when the person is no longer in the conversation.")
    async def member(self, info: Info) -> Member | None:
        if await self.conversation.ended(info.context):
            return None
        row = await info.context.load(load_members, UUID(self.record.payload["memberId"]))
        return show_member(row) if row and row.left_at is None else None


@event_face(EventKind.UNREAD_CHANGED)
@strawberry.type(
    description="Counts moved without a new message: read on another device. A new message is only MessageReceived:"
    " select its conversation.unreadCount."
)
class UnreadChanged(Event):
    @strawberry.field(description="Where; at most 100, empty: all.")
    async def conversations(self, info: Info) -> list[Conversation]:
        ids = [UUID(text) for text in self.record.payload["conversationIds"]]
        if len(ids) > 100:
            return []
        rows = [await info.context.load(load_conversations, id_) for id_ in ids]
        return [show_conversation(row, as_of=self.record.created_at) for row in rows if row]

    @strawberry.field(description="For the counts over all conversations.")
    def viewer(self, info: Info) -> Viewer:
        return viewer_of(info.context.require_viewer())


@strawberry.type
class MessagesSubscription:
    @strawberry.subscription(
        description="New messages of one conversation, or of all. With after (the cursor of any event), first what was"
        " missed since, then live, with no gap and no repeat; else live from now. An unknown conversation, or one the"
        " viewer is not in, is silent. CURSOR_EXPIRED: start again from viewer { eventCursor }."
    )
    async def message_received(
        self,
        info: Info,
        conversation_id: Annotated[
            strawberry.ID | None, strawberry.argument(description="Only of this conversation; absent: of all.")
        ] = strawberry.UNSET,
        after: Annotated[
            CursorText | None, strawberry.argument(description="Resume after this event.")
        ] = strawberry.UNSET,
    ) -> AsyncIterable[MessageReceived]:
        is_narrowed = isinstance(conversation_id, str)
        wanted = decode_id("cnv", conversation_id or "") if is_narrowed else None
        return DurableStream(  # type: ignore[return-value]  # the transport hands it to the hub: no generators
            viewer=info.context.require_viewer(),
            after=after if isinstance(after, str) else None,  # "" is a cursor that is none, not "from now"
            kinds=frozenset((EventKind.MESSAGE_RECEIVED.value,)),
            conversation_ids=frozenset((wanted,) if wanted else ()) if is_narrowed else None,
            wants_cursor_moved=False,
        )
