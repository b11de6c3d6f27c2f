"""Sending messages and marking them delivered and read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

import strawberry

from app.accounts.graphql import Viewer, viewer_of
from app.conversations.graphql import Conversation, show_conversation
from app.conversations.loaders import load_conversations
from app.core.errors import UserFault
from app.core.graphql.context import Context, Info
from app.core.graphql.directives import Constraint
from app.core.graphql.payload import Payload, mutation, user_error
from app.messages import receipts, service
from app.messages.content import NewMessage
from app.messages.graphql.inputs import SendMessageInput, check_items, decode_known, new_message
from app.messages.graphql.types import Message, show_message
from app.messages.records import MessageRow


@strawberry.input(description="Messages to send.")
class SendMessagesInput:
    items: list[SendMessageInput] = strawberry.field(
        description="In the order to be sent; at most limits.batchItems.", directives=[Constraint(max_items=100)]
    )


@strawberry.type(description="The answer to one message.")
class SendMessagePayload(Payload):
    client_message_id: str | None = strawberry.field(default=None, description="As sent, also on failure.")
    message: Message | None = strawberry.field(
        default=None, description="The message as stored, also for a repeat; null when it failed."
    )


@strawberry.type(description="The answer of sendMessages. errors is about the whole call.")
class SendMessagesPayload(Payload):
    results: list[SendMessagePayload] | None = strawberry.field(
        default=None, description="One for each item, in order, each with its own errors; null when the call failed."
    )


@strawberry.input(description="A place in a conversation.")
class MarkInput:
    conversation_id: strawberry.ID = strawberry.field(description="Which conversation.")
    up_to_seq: int = strawberry.field(description="Everything up to this seq; past the newest it means the newest.")


@strawberry.input(description="What has reached this device.")
class MarkDeliveredInput:
    marks: list[MarkInput] = strawberry.field(
        description="Each conversation up to a sequence; at most 100.", directives=[Constraint(max_items=100)]
    )


@strawberry.input(description="What the viewer has read.")
class MarkReadInput:
    conversation_id: strawberry.ID = strawberry.field(description="Which conversation.")
    up_to_seq: int | None = strawberry.field(
        default=strawberry.UNSET, description="Everything up to this seq; absent or past the newest: everything."
    )


@strawberry.type(description="The answer of markDelivered and markRead.")
class ReceiptPayload(Payload):
    updated_count: int | None = strawberry.field(
        default=None, description="How many messages changed state; 0 when the marks were there already."
    )
    conversations: list[Conversation] | None = strawberry.field(
        default=None, description="The conversations named, as they are now, without repeats; null when it failed."
    )
    viewer: Viewer | None = strawberry.field(
        default=None, description="For the counts over all conversations; null when it failed."
    )


_SEND_CODES = (
    " Codes: CONTENT_EMPTY, TOO_LONG (with limit), LIMIT_REACHED (mentions), INVALID (text, clientMessageId, a"
    " mention's place, a location, a thread inside a thread), NOT_FOUND (the conversation, the message answered, the"
    " thread, a mentioned person who is no member, the person of a card), NOT_PARTICIPANT (the viewer has left),"
    " FORBIDDEN (see viewerSendRefusal: only some may send here, the viewer blocks the other or their privacy does not"
    " let the viewer write first, their account is deleted,"
    " or the viewer has not answered the message request; or mentionsEveryone is not the viewer's to use), COOLDOWN"
    " (slow mode, with retryAfter),"
    " CONFLICT, RATE_LIMITED, UNAVAILABLE (repeat it with the same clientMessageId: it is stored at most once)."
)


@strawberry.type
class MessagesMutation:
    @mutation(
        SendMessagePayload,
        description="Sends a message. Once answered it is stored for good, and everybody in the conversation gets"
        f" MessageReceived. Repeating it is always safe.{_SEND_CODES}",
        rate_limit="sendMessage",
        echo=lambda input: {"client_message_id": input.client_message_id},
    )
    async def send_message(
        self,
        info: Info,
        input: Annotated[SendMessageInput, strawberry.argument(description="What to send, and where.")],
    ) -> SendMessagePayload:
        viewer = info.context.require_viewer()
        return _sent(input.client_message_id, await service.send_message(viewer, new_message(input)))

    @mutation(
        SendMessagesPayload,
        description="Sends up to 100 messages, in order within each conversation: what a client kept while it was"
        " offline. Each item succeeds or fails by itself, with the codes of sendMessage in its own errors. Each counts"
        " as a sendMessage of the minute (not of the second): the items past it are RATE_LIMITED, to be sent after"
        " retryAfter. Codes of the call: LIMIT_REACHED, RATE_LIMITED.",
        rate_limit="sendMessages",
    )
    async def send_messages(
        self,
        info: Info,
        input: Annotated[SendMessagesInput, strawberry.argument(description="The messages, in order.")],
    ) -> SendMessagesPayload:
        viewer = info.context.require_viewer()
        check_items(input.items)
        # One call must not send more than as many calls could. In order: what comes after a refused one is refused.
        admitted, fault = info.context.runtime.limits.admit_some("sendMessage", viewer, len(input.items))
        items = [_checked(item) for item in input.items[:admitted]]
        results = await service.send_messages(viewer, items)
        return sent_items([item.client_message_id for item in input.items], results, fault)

    @mutation(
        ReceiptPayload,
        description="Says that messages have reached this device: moves the viewer's delivered marks, which only rise."
        " The others get ReceiptChanged in conversations of up to 32 members. Marks are gathered for up to 0.2 s."
        " Codes: LIMIT_REACHED, NOT_FOUND, NOT_PARTICIPANT (then no mark was moved), RATE_LIMITED, UNAVAILABLE.",
        rate_limit="mark",
    )
    async def mark_delivered(
        self,
        info: Info,
        input: Annotated[MarkDeliveredInput, strawberry.argument(description="Up to where, for each conversation.")],
    ) -> ReceiptPayload:
        marks = [
            receipts.Mark(decode_known("cnv", mark.conversation_id, "marks", str(n), "conversationId"), mark.up_to_seq)
            for n, mark in enumerate(input.marks[: receipts.MARKS + 1])
        ]
        moved = await receipts.mark_delivered(info.context.require_viewer(), marks)
        return await _marked(info.context, sum(m.delivered for m in moved), [mark.conversation_id for mark in marks])

    @mutation(
        ReceiptPayload,
        description="Says that the viewer has read a conversation, or up to a message: moves the read (and delivered)"
        " mark, which only rises. The viewer's other devices get UnreadChanged, the others ReceiptChanged in"
        " conversations of up to 32 members. Marks are gathered for up to 0.2 s. Codes: NOT_FOUND,"
        " NOT_PARTICIPANT, RATE_LIMITED, UNAVAILABLE.",
        rate_limit="mark",
    )
    async def mark_read(
        self,
        info: Info,
        input: Annotated[MarkReadInput, strawberry.argument(description="Which conversation, and up to where.")],
    ) -> ReceiptPayload:
        up_to = None if input.up_to_seq is strawberry.UNSET else input.up_to_seq
        mark = receipts.Mark(decode_known("cnv", input.conversation_id, "conversationId"), up_to)
        moved = await receipts.mark_read(info.context.require_viewer(), mark)
        return await _marked(info.context, moved.read, [mark.conversation_id])


def _checked(input: SendMessageInput) -> NewMessage | UserFault:
    try:
        return new_message(input)
    except UserFault as fault:
        return fault


def _sent(client_message_id: str, row: MessageRow) -> SendMessagePayload:
    # As of its time: a repeat is answered to somebody who has left since, and the conversation is no longer theirs.
    return SendMessagePayload(client_message_id=client_message_id, message=show_message(row, as_of=row.created_at))


def sent_items(
    client_message_ids: Sequence[str], results: Sequence[MessageRow | UserFault], fault: UserFault | None
) -> SendMessagesPayload:
    """What became of several items, in order; those that have no result met the fault."""
    given = [*results, *(fault for _ in range(len(client_message_ids) - len(results)) if fault is not None)]
    pairs = zip(client_message_ids, given, strict=True)
    return SendMessagesPayload(results=[_item(n, key, result) for n, (key, result) in enumerate(pairs)])


def _item(place: int, client_message_id: str, result: MessageRow | UserFault) -> SendMessagePayload:
    if isinstance(result, MessageRow):
        return _sent(client_message_id, result)
    error = user_error(result)
    error.field = ["input", "items", str(place), *result.field] if result.field else None
    return SendMessagePayload(errors=[error], client_message_id=client_message_id)


async def _marked(context: Context, count: int, conversation_ids: Sequence[UUID]) -> ReceiptPayload:
    viewer = context.require_viewer()
    rows = [await context.load(load_conversations, id_) for id_ in dict.fromkeys(conversation_ids)]
    return ReceiptPayload(
        updated_count=count,
        conversations=[show_conversation(row) for row in rows if row],
        viewer=viewer_of(viewer),
    )
