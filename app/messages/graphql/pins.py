"""Pinned and saved messages in the schema."""

from __future__ import annotations

from typing import Annotated

import strawberry

from app.accounts.graphql import Viewer
from app.conversations.graphql import Broadcast, Conversation, DirectConversation, Group
from app.core.graphql.connection import encode_key, instant_key, page_info, page_size
from app.core.graphql.context import Info
from app.core.graphql.directives import Constraint
from app.core.graphql.extend import extends
from app.core.graphql.ids import known_id
from app.core.graphql.payload import mutation
from app.messages import pins, saved
from app.messages.graphql.payloads import MessagePayload
from app.messages.graphql.types import Message, MessageConnection, MessageEdge, show_message
from app.messages.marks import standing_of
from app.messages.pins import PinQuery, is_pinnable, load_pinned, load_pins, may_pin
from app.messages.saved import load_has_saved

After = Annotated[str | None, strawberry.argument(description="An endCursor of this list.")]


def _connection(edges: list[MessageEdge], *, more: bool, after: str | None) -> MessageConnection:
    info = page_info([edge.cursor for edge in edges], more=more, after=after)
    return MessageConnection(edges=edges, nodes=[edge.node for edge in edges], page_info=info)


@extends(Conversation, DirectConversation, Group, Broadcast)
class ConversationPins:
    @strawberry.field(
        description="What is pinned now, pinned last first: at most limits.pinsPerConversation messages. Empty in an"
        " event from before the viewer left."
    )
    async def pinned_messages(
        self: Conversation,
        info: Info,
        first: Annotated[int | None, strawberry.argument(description="Page size, 1 to 100.")] = 20,
        after: After = strawberry.UNSET,
    ) -> MessageConnection:
        size, after = page_size(first, 20), None if after is strawberry.UNSET else after
        key = instant_key(after)
        member = await self.current_member(info.context)
        if member is None:
            return _connection([], more=False, after=after)
        at = standing_of(self.row, member)
        found = await info.context.load(load_pinned, PinQuery(self.row.id, member.user_id, at.first_seq, at.last_seq))
        rest = [p for p in found if key is None or (p.pinned_at, p.pin_id) < key]
        edges = [
            MessageEdge(
                cursor=encode_key(p.pinned_at.isoformat(), str(p.pin_id)), node=show_message(p.message, self)
            )
            for p in rest[:size]
        ]  # fmt: skip
        return _connection(edges, more=len(rest) > size, after=after)


@extends(Message)
class MessagePins:
    @strawberry.field(
        description="Whether it is pinned in its conversation now. False in an event from before the viewer left."
    )
    async def is_pinned(self: Message, info: Info) -> bool:
        pin = await info.context.load(load_pins, self.row.id) if is_pinnable(self.row) else None
        if pin is None or (pin.only_for is not None and pin.only_for != info.context.require_viewer().user_id):
            return False
        return not await (await self.conversation_of(info.context)).ended(info.context)

    @strawberry.field(
        description="Whether pinMessage and unpinMessage would work for the viewer: both people of a direct"
        " conversation, else whoever whoCanPin lets."
    )
    async def viewer_can_pin(self: Message, info: Info) -> bool:
        if not is_pinnable(self.row):
            return False
        conversation = await self.conversation_of(info.context)
        member = await conversation.current_member(info.context)
        if member is None or not may_pin(conversation.row, member):
            return False
        return not await conversation.blocks_peer(info.context, member)

    @strawberry.field(description="Whether it is among the viewer's savedMessages.")
    async def viewer_has_saved(self: Message, info: Info) -> bool:
        if self.row.deleted_at is not None:
            return False
        return await info.context.load(load_has_saved, (info.context.require_viewer().user_id, self.row.id))


@extends(Viewer)
class ViewerSaved:
    @strawberry.field(
        description="The messages the viewer saved, saved last first. Only what they see now: one that is deleted,"
        " disappears, or is of a conversation they leave is no longer in it."
    )
    async def saved_messages(
        self: Viewer,
        info: Info,
        first: Annotated[int | None, strawberry.argument(description="Page size, 1 to 100.")] = 50,
        after: After = strawberry.UNSET,
    ) -> MessageConnection:
        size, after = page_size(first), None if after is strawberry.UNSET else after
        found = await saved.list_saved(self.viewer, size, instant_key(after))
        edges = [
            MessageEdge(cursor=encode_key(s.saved_at.isoformat(), str(s.id)), node=show_message(s.message))
            for s in found[:size]
        ]
        return _connection(edges, more=len(found) > size, after=after)


@strawberry.input(description="A message to pin.")
class PinMessageInput:
    message_id: strawberry.ID = strawberry.field(description="Which message.")
    for_seconds: int | None = strawberry.field(
        default=strawberry.UNSET,
        description="How long, at most 366 days; absent or null: until it is unpinned. Of a pinned message: from now.",
        directives=[Constraint(min=1, max=pins.SECONDS_MAX)],
    )


@strawberry.input(description="A message to unpin.")
class UnpinMessageInput:
    message_id: strawberry.ID = strawberry.field(description="Which message.")


@strawberry.input(description="A message to keep.")
class SaveMessageInput:
    message_id: strawberry.ID = strawberry.field(description="Which message.")


@strawberry.input(description="A message to keep no longer.")
class UnsaveMessageInput:
    message_id: strawberry.ID = strawberry.field(description="Which message.")


@strawberry.type
class PinsMutation:
    @mutation(
        MessagePayload,
        description="Pins a message for everybody in its conversation, who get MessagePinned. Codes: INVALID"
        " (forSeconds), NOT_FOUND, NOT_PARTICIPANT, FORBIDDEN (below whoCanPin; a notice, or deleted; the viewer"
        " blocks the other person of the direct conversation), LIMIT_REACHED"
        " (pins of this conversation), RATE_LIMITED, UNAVAILABLE.",
        rate_limit="pinMessage",
    )
    async def pin_message(
        self, info: Info, input: Annotated[PinMessageInput, strawberry.argument(description="Which, and how long.")]
    ) -> MessagePayload:
        message_id = known_id("msg", input.message_id, "messageId")
        seconds = None if input.for_seconds is strawberry.UNSET else input.for_seconds
        row = await pins.pin_message(info.context.require_viewer(), message_id, seconds)
        return MessagePayload(message=show_message(row))

    @mutation(
        MessagePayload,
        description="Unpins a message for everybody, who get MessagePinned; one that is not pinned stays so. Codes:"
        " NOT_FOUND, NOT_PARTICIPANT, FORBIDDEN, RATE_LIMITED, UNAVAILABLE.",
        rate_limit="pinMessage",
    )
    async def unpin_message(
        self, info: Info, input: Annotated[UnpinMessageInput, strawberry.argument(description="Which.")]
    ) -> MessagePayload:
        message_id = known_id("msg", input.message_id, "messageId")
        row = await pins.unpin_message(info.context.require_viewer(), message_id)
        return MessagePayload(message=show_message(row))

    @mutation(
        MessagePayload,
        description="Keeps a message in the viewer's own list, which nobody else sees. Their devices get MessageSaved."
        " Codes: NOT_FOUND, FORBIDDEN (deleted), LIMIT_REACHED, RATE_LIMITED, UNAVAILABLE.",
        rate_limit="saveMessage",
    )
    async def save_message(
        self, info: Info, input: Annotated[SaveMessageInput, strawberry.argument(description="Which.")]
    ) -> MessagePayload:
        message_id = known_id("msg", input.message_id, "messageId")
        return MessagePayload(message=show_message(await saved.save_message(info.context.require_viewer(), message_id)))

    @mutation(
        MessagePayload,
        description="Takes a message off the viewer's list; one that is not in it stays so. Their devices get"
        " MessageSaved. Codes: NOT_FOUND, RATE_LIMITED, UNAVAILABLE.",
        rate_limit="saveMessage",
    )
    async def unsave_message(
        self, info: Info, input: Annotated[UnsaveMessageInput, strawberry.argument(description="Which.")]
    ) -> MessagePayload:
        message_id = known_id("msg", input.message_id, "messageId")
        row = await saved.unsave_message(info.context.require_viewer(), message_id)
        return MessagePayload(message=show_message(row))
