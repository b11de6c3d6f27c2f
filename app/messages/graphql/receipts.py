"""Message.receipts: whom a message has reached, and who has read it."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from app.accounts.graphql import User, show_user
from app.accounts.loaders import load_users
from app.conversations.loaders import load_private_readers
from app.core.executor import quick
from app.core.graphql.connection import PageInfo, encode_key, instant_key, page_info, page_size
from app.core.graphql.context import Context, Info
from app.core.graphql.extend import extends
from app.core.graphql.node import Node
from app.messages.graphql.types import Message
from app.messages.message_receipts import ReceiptQuery, ReceiptRow, load_receipt_pages
from app.messages.records import DeliveryState


@strawberry.type(
    description="How far a message has come to one person. Its id is for caches: node doesn't find it,"
    " message.receipts does."
)
class Receipt(Node):
    row: strawberry.Private[ReceiptRow]
    conversation_id: strawberry.Private[UUID]

    @strawberry.field(description="Whom it should reach.")
    @quick
    async def user(self, info: Info) -> User:
        person = await info.context.load(load_users, self.row.user_id)
        assert person is not None, "members go with their account"
        return show_user(person)

    @strawberry.field(
        description="How far it has come. DELIVERED, not READ, where the person or the viewer has privacy.readReceipts"
        " off."
    )
    @quick
    async def state(self, info: Info) -> DeliveryState:
        if self.row.state is DeliveryState.READ and not await self._shows_reading(info.context):
            return DeliveryState.DELIVERED
        return self.row.state

    @strawberry.field(
        description="When it had reached a device of the person, at the latest. Null before that, and where no time is"
        " known: in groups of more than 32 members, and for messages older than 30 days."
    )
    def delivered_at(self) -> datetime | None:
        return self.row.delivered_at

    @strawberry.field(
        description="When the person had read it, at the latest: exact in conversations of up to 32 members, unless"
        " they read by answering; in larger ones, when they last read anything. Null before that, where reading is"
        " private (see state), and for messages older than 30 days."
    )
    @quick
    async def read_at(self, info: Info) -> datetime | None:
        return self.row.read_at if self.row.read_at and await self._shows_reading(info.context) else None

    async def _shows_reading(self, context: Context) -> bool:
        """As Member.readSeq: oneself always, else when both sides tell."""
        private = await context.load(load_private_readers, self.conversation_id)
        if not private:
            return True
        viewer_id = context.require_viewer().user_id
        return viewer_id == self.row.user_id or not {viewer_id, self.row.user_id} & private


@strawberry.type(description="A receipt on a page.")
class ReceiptEdge:
    cursor: str = strawberry.field(description="Pass it as after to go on behind this receipt.")
    node: Receipt = strawberry.field(description="The receipt.")


@strawberry.type(description="Receipts of a message, in the order in which the members joined.")
class ReceiptConnection:
    edges: list[ReceiptEdge] = strawberry.field(description="The page, with cursors.")
    nodes: list[Receipt] = strawberry.field(description="The page.")
    page_info: PageInfo = strawberry.field(description="Where the page stands.")


@extends(Message)
class MessageReceipts:
    @strawberry.field(
        description="One for each current member who was in the conversation when it was sent, its sender left out."
        " Empty for readers of a broadcast, and in an event from before the viewer left. Not announced: ReceiptChanged"
        " says when to ask again."
    )
    async def receipts(
        self: Message,
        info: Info,
        first: Annotated[int | None, strawberry.argument(description="Page size, 1 to 100.")] = 50,
        after: Annotated[str | None, strawberry.argument(description="An endCursor of this list.")] = strawberry.UNSET,
    ) -> ReceiptConnection:
        after = None if after is strawberry.UNSET else after
        size, place = page_size(first), instant_key(after)
        conversation = await self.conversation_of(info.context)
        if await conversation.ended(info.context) or await conversation.hides_readers(info.context):
            return ReceiptConnection(edges=[], nodes=[], page_info=page_info([], more=False, after=after))
        row = self.row
        query = ReceiptQuery(
            row.conversation_id, row.seq, row.sender_id, row.created_at, is_hidden=row.is_hidden, after=place, size=size
        )
        found = await info.context.load(load_receipt_pages, query)
        edges = [
            ReceiptEdge(
                cursor=encode_key(receipt.joined_at.isoformat(), str(receipt.member_id)),
                node=Receipt(id=_receipt_id(row.id, receipt), row=receipt, conversation_id=row.conversation_id),
            )
            for receipt in found[:size]
        ]
        info_ = page_info([edge.cursor for edge in edges], more=len(found) > size, after=after)
        return ReceiptConnection(edges=edges, nodes=[edge.node for edge in edges], page_info=info_)


def _receipt_id(message_id: UUID, receipt: ReceiptRow) -> strawberry.ID:
    key = base64.b32encode(message_id.bytes + receipt.member_id.bytes).decode().rstrip("=").lower()
    return strawberry.ID(f"rcp_{key}")
