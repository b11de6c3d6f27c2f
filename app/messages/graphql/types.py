"""The types Message and MessageConnection, and how an object of them is made."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry
from strawberry import UNSET
from strawberry.types.unset import UnsetType

from app.accounts.graphql import User, show_user
from app.accounts.loaders import UserRow, load_users
from app.conversations.graphql import Conversation, show_conversation
from app.conversations.loaders import load_conversations, load_private_readers
from app.core.executor import known, loaded, quick
from app.core.graphql.connection import PageInfo, encode_number
from app.core.graphql.context import Context, Info
from app.core.graphql.enums import described_enum
from app.core.graphql.ids import encode_id
from app.core.graphql.node import Node, node_kind
from app.messages.editing import as_it_was, load_revisions
from app.messages.history import load_common, load_replied, load_visible_messages
from app.messages.marks import Ticks, load_ticks
from app.messages.paging import Page
from app.messages.records import DeliveryState, MessageKind, MessageRow

described_enum(
    MessageKind,
    "What a message holds. More will appear: show a kind you don't know as a message that needs a newer app.",
    {
        "TEXT": "Text only.",
        "IMAGE": "Pictures, perhaps with text.",
        "VIDEO": "Videos (and pictures), perhaps with text.",
        "AUDIO": "Sound files, perhaps with text.",
        "VOICE": "A recorded voice message: asVoice.",
        "FILE": "Files, or attachments of several sorts.",
        "LOCATION": "A place, perhaps with text: location.",
        "CONTACT": "A person's card, perhaps with text: sharedContact.",
        "ENCRYPTED": "End-to-end encrypted: envelope.",
        "SYSTEM": "What happened in the conversation: systemNotice. Never edited or forwarded, never unread.",
        "CALL": "A call that took place: call.",
    },
)
described_enum(
    DeliveryState,
    "How far a message has come: the ticks beside one's own messages. It only rises.",
    {
        "SENT": "Stored. Groups of more than 32 members stay here.",
        "DELIVERED": "On a device of every other member.",
        "READ": "Read by every other member who tells: privacy.readReceipts is on, for the viewer too.",
    },
)


@strawberry.type(
    description="One numbered message. Visible to the members of its conversation, from their joining on; to everybody"
    " else it doesn't exist."
)
class Message(Node):
    row: strawberry.Private[MessageRow]
    # The conversation it was reached through, or None; and the time of the event that shows it, or None.
    shown_in: strawberry.Private[Conversation | None]
    shown_where: strawberry.Private[Conversation | UnsetType]
    as_of: strawberry.Private[datetime | None]
    # What was read with it, for the viewer: who sent it, the ReactionGroups, how far it has come.
    shown_sender: strawberry.Private[User | UnsetType]
    shown_reactions: strawberry.Private[Any]
    shown_delivery: strawberry.Private[DeliveryState | UnsetType]
    # Of a page that is kept: what the executor remembers of it for all.
    answers: strawberry.Private[dict[object, Any] | None]

    # Plain attributes: graphql-core reads these without a call, for every subscriber's events.
    seq: int = strawberry.field(description="1, 2, 3 … without holes inside its conversation; the only order.")
    kind: MessageKind = strawberry.field(description="What it holds.")
    text: str | None = strawberry.field(
        description="The text, trimmed, of at most limits.messageLength code points; null once deleted."
    )
    client_message_id: str | None = strawberry.field(
        description="The id the sending client chose: how it finds its own optimistic copy again. Unique per sender."
    )
    created_at: datetime = strawberry.field(
        description="When it was stored, by the server's clock. Order by seq, not by this."
    )
    edited_at: datetime | None = strawberry.field(description="When it was edited last; null when never.")
    deleted_at: datetime | None = strawberry.field(
        description="When it was deleted for everyone; null while it is there. Show a tombstone then."
    )

    def __init__(self, row: MessageRow, shown_in: Conversation | None, as_of: datetime | None) -> None:
        """Made by hand: the one of a dataclass, with eleven names, takes three times as long."""
        self.id = strawberry.ID(encode_id("msg", row.id))
        self.row = row
        self.shown_in = shown_in
        self.shown_where = UNSET if shown_in is None else shown_in
        self.as_of = as_of
        self.seq = row.seq
        self.kind = row.kind
        self.text = None if row.deleted_at else row.text
        self.client_message_id = row.client_message_id
        self.created_at = row.created_at
        self.edited_at = row.edited_at
        self.deleted_at = row.deleted_at
        self.shown_sender = self.shown_reactions = self.shown_delivery = UNSET
        self.answers = None

    async def conversation_of(self, context: Context) -> Conversation:
        """The conversation, as whoever sees this message may see it."""
        if self.shown_in is not None:
            return self.shown_in
        row = await context.load(load_conversations, self.row.conversation_id)
        assert row is not None, "messages go with their conversation"
        return show_conversation(row, as_of=self.as_of)

    async def referred(self, context: Context, message_id: UUID) -> Message | None:
        """A message before it in the conversation, as it is now; None when the viewer does not see it.

        In an event the viewer is asked only where not everybody sees it: the others share one execution.
        """
        target = None if context.viewer_read else await context.load(load_common, message_id)
        if target is None:
            target = await context.load(load_replied, (context.require_viewer().user_id, message_id))
        elif target.expires_at is not None:
            context.is_passing = True
        if target is None:
            return None
        conversation = await self.conversation_of(context)
        return await show_then(target, conversation, context)

    @strawberry.field(description="Where it was sent.")
    @known("shown_where")
    @quick
    async def conversation(self, info: Info) -> Conversation:
        return await self.conversation_of(info.context)

    sender = strawberry.field(
        resolver=known("shown_sender", for_all=True)(
            loaded(load_users, show_user, of=lambda self: self.row.sender_id, type=User | None)
        ),
        description="Who sent it; null once the account is gone.",
    )

    @strawberry.field(
        description="The message it answers, as it is now: a tombstone once that is deleted. Null when it answers none,"
        " or one that the viewer does not see: from before their time, disappeared, deleted for themselves."
    )
    @quick
    async def reply_to(self, info: Info) -> Message | None:
        if self.row.reply_to_id is None:
            return None
        return await self.referred(info.context, self.row.reply_to_id)

    @strawberry.field(
        description="Whether it has reached, and was read by, everyone it should reach: all other members who were in"
        " then. For the sender's ticks. To keep many messages current, compare seq with the conversation's"
        " deliveredToAllSeq and readByAllSeq instead, which ReceiptChanged brings."
    )
    @known("shown_delivery")
    @quick
    async def delivery_state(self, info: Info) -> DeliveryState:
        context, row = info.context, self.row
        conversation = self.shown_in or await self.conversation_of(context)
        if row.is_hidden or (conversation.as_of is not None and await conversation.ended(context)):
            return DeliveryState.SENT
        ticks = await context.load(load_ticks, row.conversation_id)
        read_seq = await told_read_seq(context, row.conversation_id, ticks) if ticks else None
        return _state(row, ticks, read_seq)


def _state(row: MessageRow, ticks: Ticks | None, read_seq: int | None) -> DeliveryState:
    if row.is_hidden or ticks is None or ticks.delivered_seq < row.seq:
        return DeliveryState.SENT
    return DeliveryState.READ if read_seq is not None and read_seq >= row.seq else DeliveryState.DELIVERED


async def as_then(row: MessageRow, conversation: Conversation, context: Context) -> MessageRow:
    """The message as it was when the viewer left the conversation, where they have left since the event that shows it:
    what it said later is not for them."""
    if row.edited_at is None or row.deleted_at is not None:
        return row
    ended = await conversation.ended(context)
    if ended is None or ended.left_at is None:
        return row
    return as_it_was(row, await context.load(load_revisions, row.id), ended.left_at)


async def show_then(row: MessageRow, conversation: Conversation, context: Context) -> Message:
    """As `show_message` through a conversation, and `as_then`."""
    return show_message(await as_then(row, conversation, context), conversation)


async def told_read_seq(context: Context, conversation_id: UUID, ticks: Ticks) -> int | None:
    """Read by every other member who tells, as far as the viewer may know: None when the viewer or all others keep
    their own reading private. Where everybody tells, the viewer is not asked."""
    if not ticks.silent:
        return ticks.read_seq
    viewer = context.viewer
    if viewer is None or ticks.tellers < 2:
        return None
    silent = await context.load(load_private_readers, conversation_id)
    return None if viewer.user_id in silent else ticks.read_seq


def show_message(row: MessageRow, shown_in: Conversation | None = None, *, as_of: datetime | None = None) -> Message:
    """A message the viewer may see: reached through a conversation, through an event of that time, or accessed."""
    return Message(row, shown_in, shown_in.as_of if shown_in else as_of)


@strawberry.type(description="A message on a page.")
class MessageEdge:
    cursor: str = strawberry.field(description="Pass it as after or before to go on from this message.")
    node: Message = strawberry.field(description="The message.")

    def __init__(self, cursor: str, node: Message) -> None:
        self.cursor = cursor
        self.node = node


@strawberry.type(
    description="Messages of one conversation, always oldest first. Pages stay right while messages arrive."
)
class MessageConnection:
    edges: list[MessageEdge] = strawberry.field(description="The page, with cursors.")
    nodes: list[Message] = strawberry.field(description="The page.")
    page_info: PageInfo = strawberry.field(
        description="Where the page stands: hasNextPage towards newer messages, hasPreviousPage towards older ones."
    )


async def show_page(page: Page, conversation: Conversation, context: Context) -> MessageConnection:
    """A page of a conversation."""
    rows: Sequence[MessageRow] = page.messages
    if conversation.as_of is not None:
        rows = await asyncio.gather(*(as_then(row, conversation, context) for row in rows))
    if page.senders:
        context.loader(load_users).prime_many(page.senders)
    as_of = conversation.as_of
    edges = [MessageEdge(encode_number(row.seq), Message(row, conversation, as_of)) for row in rows]
    _show_senders(edges, page.senders)
    for edge, answers in zip(edges, page.answers, strict=False):
        edge.node.answers = answers
    info = PageInfo(
        has_next_page=page.has_next,
        has_previous_page=page.has_previous,
        start_cursor=edges[0].cursor if edges else None,
        end_cursor=edges[-1].cursor if edges else None,
    )
    return MessageConnection(edges=edges, nodes=[edge.node for edge in edges], page_info=info)


def _show_senders(edges: Sequence[MessageEdge], senders: Mapping[UUID, UserRow]) -> None:
    people: dict[UUID, User] = {}
    for message in (edge.node for edge in edges):
        sender_id = message.row.sender_id
        if sender_id is None or sender_id not in senders:
            continue
        person = people.get(sender_id)
        if person is None:
            person = people[sender_id] = show_user(senders[sender_id])
        message.shown_sender = person


async def show_delivery(
    messages: Sequence[Message], conversation_id: UUID, ticks: Ticks | None, context: Context
) -> None:  # fmt: skip
    """Tells messages of one conversation how far they have come for the viewer, who is in it."""
    read_seq = await told_read_seq(context, conversation_id, ticks) if ticks else None
    for message in messages:
        message.shown_delivery = _state(message.row, ticks, read_seq)


@node_kind("msg")
async def fetch_message(context: Context, message_id: UUID) -> Message | None:
    """A message the viewer may see."""
    row = await context.load(load_visible_messages, (context.require_viewer().user_id, message_id))
    return show_message(row) if row else None
