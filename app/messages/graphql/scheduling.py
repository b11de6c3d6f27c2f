"""Scheduled messages in the schema."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

import strawberry

from app.accounts.graphql import Viewer
from app.conversations.graphql import Conversation, show_conversation
from app.conversations.loaders import load_conversations
from app.core import log
from app.core.errors import UserFault
from app.core.graphql.connection import PageInfo, encode_key, instant_key, page_info, page_size
from app.core.graphql.context import Context, Info
from app.core.graphql.enums import described_enum
from app.core.graphql.events import Event, EventKind, event_face
from app.core.graphql.extend import extends
from app.core.graphql.ids import decode_id, encode_id, known_id
from app.core.graphql.node import Node, node_kind
from app.core.graphql.payload import Payload, UserError, mutation, user_error
from app.messages import scheduling
from app.messages.graphql.inputs import SendMessageInput, new_message
from app.messages.graphql.types import Message, show_message
from app.messages.history import load_replied
from app.messages.scheduling import ScheduledMessageState, ScheduledRow, list_scheduled, load_scheduled

described_enum(
    ScheduledMessageState,
    "What became of a scheduled message.",
    {
        "PENDING": "It waits for its time.",
        "SENT": "It was sent: message.",
        "FAILED": "It could not be sent: errors. cancelScheduledMessage takes it off the list.",
        "CANCELED": "It was taken back, or dismissed after it had failed.",
    },
)


@strawberry.type(description="A message that the server sends at its time. Only its author sees it.")
class ScheduledMessage(Node):
    row: strawberry.Private[ScheduledRow]

    @strawberry.field(description="Where it goes. As it was, when the viewer has left since.")
    async def conversation(self, info: Info) -> Conversation:
        row = await info.context.load(load_conversations, self.row.conversation_id)
        assert row is not None, "scheduled messages go with their conversation"
        return show_conversation(row, as_of=self.row.created_at)

    @strawberry.field(description="The text; null where there is none, or what was sent has been deleted for everyone.")
    def text(self) -> str | None:
        return self.row.draft.text

    @strawberry.field(description="When it is sent, by the server's clock; seconds later when the server is busy.")
    def send_at(self) -> datetime:
        return self.row.send_at

    @strawberry.field(description="What became of it.")
    def state(self) -> ScheduledMessageState:
        return self.row.state

    @strawberry.field(description="The message it became; null until it is sent, and when the viewer doesn't see it.")
    async def message(self, info: Info) -> Message | None:
        if self.row.message_id is None:
            return None
        key = (info.context.require_viewer().user_id, self.row.message_id)
        message = await info.context.load(load_replied, key)
        return show_message(message, as_of=message.created_at) if message else None

    @strawberry.field(description="Why it could not be sent, with the codes of sendMessage; empty unless FAILED.")
    def errors(self) -> list[UserError]:
        return [user_error(self.row.fault)] if self.row.fault else []


def show_scheduled(row: ScheduledRow) -> ScheduledMessage:
    """A scheduled message to its author."""
    return ScheduledMessage(id=strawberry.ID(encode_id("sch", row.id)), row=row)


@node_kind("sch")
async def fetch_scheduled(context: Context, scheduled_id: UUID) -> ScheduledMessage | None:
    """One of the viewer's own scheduled messages."""
    row = await context.load(load_scheduled, (context.require_viewer().user_id, scheduled_id))
    return show_scheduled(row) if row else None


@strawberry.type(description="A scheduled message on a page.")
class ScheduledMessageEdge:
    cursor: str = strawberry.field(description="Pass it as after to go on from this one.")
    node: ScheduledMessage = strawberry.field(description="The scheduled message.")


@strawberry.type(description="Scheduled messages, the next to be sent first.")
class ScheduledMessageConnection:
    edges: list[ScheduledMessageEdge] = strawberry.field(description="The page, with cursors.")
    nodes: list[ScheduledMessage] = strawberry.field(description="The page.")
    page_info: PageInfo = strawberry.field(description="Where the page stands.")


@extends(Viewer)
class ViewerScheduledMessages:
    @strawberry.field(
        description="What the viewer has scheduled and is not sent yet, and what could not be sent, by sendAt."
    )
    async def scheduled_messages(
        self: Viewer,
        info: Info,
        conversation_id: Annotated[
            strawberry.ID | None, strawberry.argument(description="Only for this conversation.")
        ] = strawberry.UNSET,
        first: Annotated[int | None, strawberry.argument(description="Page size, 1 to 100.")] = 50,
        after: Annotated[str | None, strawberry.argument(description="An endCursor of this list.")] = strawberry.UNSET,
    ) -> ScheduledMessageConnection:
        size = page_size(first)
        after = None if after is strawberry.UNSET else after
        is_narrowed = isinstance(conversation_id, str)
        wanted = decode_id("cnv", conversation_id or "") if is_narrowed else None
        rows = []
        if wanted or not is_narrowed:
            viewer = info.context.require_viewer()
            rows = await list_scheduled(viewer, size, conversation_id=wanted, after=instant_key(after))
        edges = [
            ScheduledMessageEdge(cursor=encode_key(row.send_at.isoformat(), str(row.id)), node=show_scheduled(row))
            for row in rows[:size]
        ]
        info_ = page_info([edge.cursor for edge in edges], more=len(rows) > size, after=after)
        return ScheduledMessageConnection(edges=edges, nodes=[edge.node for edge in edges], page_info=info_)


@event_face(EventKind.SCHEDULED_MESSAGE_CHANGED)
@strawberry.type(description="A message of the viewer was scheduled, sent at its time, canceled, or failed.")
class ScheduledMessageChanged(Event):
    scheduled_row: strawberry.Private[ScheduledRow]

    @classmethod
    async def build(cls, record: log.Event, context: Context) -> Self | None:
        row = await context.load(load_scheduled, (record.stream_id, UUID(record.payload["scheduledMessageId"])))
        return cls(record=record, scheduled_row=row) if row else None

    @strawberry.field(description="The scheduled message, as it is now.")
    def scheduled_message(self) -> ScheduledMessage:
        return show_scheduled(self.scheduled_row)


@strawberry.input(description="A message, and when to send it.")
class ScheduleMessageInput:
    message: SendMessageInput = strawberry.field(description="The message, as for sendMessage.")
    send_at: datetime = strawberry.field(description="When: in the future, at most 30 days ahead.")


@strawberry.input(description="Which scheduled message.")
class CancelScheduledMessageInput:
    scheduled_message_id: strawberry.ID = strawberry.field(description="One of the viewer's own, sch_…")


@strawberry.type(description="The answer of scheduleMessage and cancelScheduledMessage.")
class ScheduledMessagePayload(Payload):
    scheduled_message: ScheduledMessage | None = strawberry.field(
        default=None, description="The scheduled message as it is now; null when it failed."
    )


@strawberry.type
class SchedulingMutation:
    @mutation(
        ScheduledMessagePayload,
        description="Has the server send a message later, exactly once, whatever happens to this device. The viewer's"
        " devices get ScheduledMessageChanged, now and when it is sent or could not be. Sending checks everything"
        " again: then errors says why it failed; in slow mode it waits. Scheduling it again under its clientMessageId"
        " returns the first result. Codes: those of sendMessage except COOLDOWN; INVALID (sendAt has passed or is over"
        " 30 days ahead), LIMIT_REACHED (100 wait already), CONFLICT (the clientMessageId was used for another message"
        " or time), RATE_LIMITED, UNAVAILABLE.",
        rate_limit="scheduleMessage",
    )
    async def schedule_message(
        self, info: Info, input: Annotated[ScheduleMessageInput, strawberry.argument(description="What, and when.")]
    ) -> ScheduledMessagePayload:
        try:
            row = await scheduling.schedule_message(
                info.context.require_viewer(), new_message(input.message), input.send_at
            )
        except UserFault as fault:
            if fault.field and fault.field != ("sendAt",):
                fault.field = ("message", *fault.field)
            raise
        return ScheduledMessagePayload(scheduled_message=show_scheduled(row))

    @mutation(
        ScheduledMessagePayload,
        description="Takes a scheduled message back before it is sent, or takes one that failed off the list. The"
        " viewer's devices get ScheduledMessageChanged. Doing it again is fine. Codes: NOT_FOUND, CONFLICT (it was sent"
        " already), RATE_LIMITED, UNAVAILABLE.",
        rate_limit="scheduleMessage",
    )
    async def cancel_scheduled_message(
        self, info: Info, input: Annotated[CancelScheduledMessageInput, strawberry.argument(description="Which one.")]
    ) -> ScheduledMessagePayload:
        scheduled_id = known_id("sch", input.scheduled_message_id, "scheduledMessageId")
        row = await scheduling.cancel_scheduled_message(info.context.require_viewer(), scheduled_id)
        return ScheduledMessagePayload(scheduled_message=show_scheduled(row))
