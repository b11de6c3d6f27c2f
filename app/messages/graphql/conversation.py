"""What messages add to conversations and to the viewer: history, ticks, unread counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry
from strawberry import UNSET
from strawberry.types.unset import UnsetType

from app.accounts.graphql import User, Viewer
from app.accounts.loaders import load_users
from app.conversations.graphql import Conversation, DirectConversation, Group
from app.conversations.graphql.beside import beside_list, beside_one, needs_brief
from app.conversations.listing import Listed
from app.conversations.records import ConversationKind
from app.core.errors import BadRequestError
from app.core.executor import asks_for, known, quick
from app.core.graphql.connection import decode_key, page_size
from app.core.graphql.context import Context, Info
from app.core.graphql.directives import RateLimit
from app.core.graphql.extend import extends
from app.core.graphql.ids import decode_id
from app.messages.graphql.reactions import show_reactions
from app.messages.graphql.types import (
    Message,
    MessageConnection,
    show_delivery,
    show_message,
    show_page,
    show_then,
    told_read_seq,
)
from app.messages.history import PageKey, load_last_visible, load_pages
from app.messages.kept_pages import CHECKED, Checked, KeptPage, KeptPages, checked_of
from app.messages.listed import LAST_MESSAGE, UNREAD
from app.messages.marks import TICKS, Standing, Ticks, load_ticks, standing_of, ticks_of
from app.messages.paging import Page, PageArgs
from app.messages.reactions import load_reactions_of_pages
from app.messages.unread import (
    UnreadTotals,
    load_first_unread,
    load_unread,
    load_unread_mentions,
    load_unread_totals,
)

_NOTHING = Page((), has_next=False, has_previous=False)


async def _standing(conversation: Conversation, context: Context) -> Standing | None:
    """What the viewer may see of it, and has read; None for somebody who never was in it."""
    newest = conversation.brief.beside("lastMessage") if type(conversation.brief) is Listed else None
    if type(newest) is Standing:
        return newest
    member = await conversation.own_member(context)
    return standing_of(conversation.row, member) if member else None


def _own_key(conversation: Conversation, context: Context) -> tuple[UUID, UUID]:
    return context.require_viewer().user_id, conversation.brief.id


async def _ticks(conversation: Conversation, context: Context) -> Ticks | None:
    return None if await conversation.ended(context) else await context.load(load_ticks, conversation.brief.id)


needs_brief(
    """lastMessage unreadCount unreadMentionCount deliveredToAllSeq readByAllSeq
    seq text clientMessageId editedAt deletedAt deliveryState sender mentionsEveryone attachments media caption"""
)


beside_list("lastMessage", LAST_MESSAGE)
beside_list("unreadCount", UNREAD)


@beside_one("messages", read=CHECKED)
def _show_checked(conversation: Conversation, values: Sequence[Any], _context: Context) -> None:
    conversation.checked = checked_of(values, conversation.row)


@beside_one("deliveryState", "deliveredToAllSeq", "readByAllSeq", read=TICKS)
def _show_ticks(conversation: Conversation, values: Sequence[Any], context: Context) -> None:
    context.prime(load_ticks, conversation.row.id, ticks_of(values))


@extends(Conversation, DirectConversation, Group)
class ConversationMessages:
    @property
    def shown_last_message(self: Any) -> Message | UnsetType | None:
        """Made when it is asked for: it holds its conversation, and held by that it would wait for the garbage
        collector, with all that they hold."""
        newest = self.brief.beside("lastMessage", UNSET) if type(self.brief) is Listed else UNSET
        if type(newest) is not tuple:
            return None if newest is None else UNSET
        message, sender = newest
        shown = Message(message, self, None)
        if sender is not None:
            shown.shown_sender = User(sender)
        return shown

    @property
    def shown_unread(self: Any) -> int | UnsetType:
        """As it was read with a list."""
        return self.brief.beside("unreadCount", UNSET) if type(self.brief) is Listed else UNSET  # type: ignore[no-any-return]

    @strawberry.field(description="The newest message the viewer may see; null when there is none.")
    @known("shown_last_message")
    @quick
    async def last_message(self: Conversation, info: Info) -> Message | None:
        context = info.context
        standing = await _standing(self, context)
        if standing is None or standing.last_seq < standing.first_seq:
            return None
        newest = await context.load(load_last_visible, standing)
        if newest is None:
            return None
        if newest.sender is not None:
            context.prime(load_users, newest.sender.id, newest.sender)
        row = newest.message
        return show_message(row, self) if self.as_of is None else await show_then(row, self, context)

    @strawberry.field(
        description="Delivered to every member up to this seq, for ticks: compare with message.seq (sending moves one's"
        " own marks). A mark passes over messages that somebody never got: message.deliveryState is the last word on"
        " each message. Null where the group has more than 32 members, or nobody else is in it."
    )
    @quick
    async def delivered_to_all_seq(self: Conversation, info: Info) -> int | None:
        ticks = await _ticks(self, info.context)
        return ticks.delivered_seq if ticks else None

    @strawberry.field(
        description="Read up to this seq by every member who has privacy.readReceipts on; null when the viewer, or"
        " everybody else, has it off. As deliveredToAllSeq otherwise."
    )
    @quick
    async def read_by_all_seq(self: Conversation, info: Info) -> int | None:
        ticks = await _ticks(self, info.context)
        return await told_read_seq(info.context, self.brief.id, ticks) if ticks else None

    @strawberry.field(
        description="Messages of others after what the viewer has read (or from where markUnread said), counted at this"
        " moment. Notices of the system, what was deleted or has disappeared, and replies in threads the viewer does"
        " not follow don't count."
    )
    @known("shown_unread")
    @quick
    async def unread_count(self: Conversation, info: Info) -> int:
        return await info.context.load(load_unread, _own_key(self, info.context))

    @strawberry.field(description="How many of the unread messages mention the viewer, or everyone.")
    @quick
    async def unread_mention_count(self: Conversation, info: Info) -> int:
        return await info.context.load(load_unread_mentions, _own_key(self, info.context))

    @strawberry.field(description="The oldest message that unreadCount counts; null when all is read.")
    @quick
    async def first_unread(self: Conversation, info: Info) -> Message | None:
        row = await info.context.load(load_first_unread, _own_key(self, info.context))
        return await show_then(row, self, info.context) if row else None

    @strawberry.field(
        description="""Always oldest first. No arguments: the newest 50. first and last are at most 100.
after and before take a cursor of this list, or a message id, so that a hole in seq can be filled: after alone gives the
next 50, before alone the 50 before it.
around (a message), from (an instant) or aroundFirstUnread opens a window: last before it, it, first after it (25 each);
with nothing there, or nothing unread, at the newest message. after and before win over these three, so that pages go on
under the same arguments. BAD_REQUEST: a size out of range, a cursor of another list, a message from elsewhere.
The rate is of pages other than the newest: RATE_LIMITED.""",
        directives=[RateLimit(name="history")],
    )
    async def messages(
        self: Conversation,
        info: Info,
        around: Annotated[
            strawberry.ID | None, strawberry.argument(description="A message of this conversation to open at.")
        ] = strawberry.UNSET,
        around_first_unread: Annotated[
            bool | None, strawberry.argument(description="Open at the oldest unread message.")
        ] = False,
        since: Annotated[
            datetime | None,
            strawberry.argument(name="from", description="Open at the first message written at or after this instant."),
        ] = strawberry.UNSET,
        first: Annotated[
            int | None, strawberry.argument(description="How many after the place, 1 to 100.")
        ] = strawberry.UNSET,
        after: Annotated[
            str | None, strawberry.argument(description="A cursor of this list or a message id: what follows it.")
        ] = strawberry.UNSET,
        last: Annotated[
            int | None, strawberry.argument(description="How many before the place, 1 to 100.")
        ] = strawberry.UNSET,
        before: Annotated[
            str | None, strawberry.argument(description="A cursor of this list or a message id: what precedes it.")
        ] = strawberry.UNSET,
    ) -> MessageConnection:
        args = PageArgs(
            first=page_size(first) if first is not None and first is not strawberry.UNSET else None,
            after=_place(after, "after"),
            last=page_size(last, name="last") if last is not None and last is not strawberry.UNSET else None,
            before=_place(before, "before"),
            around=_message_id(around, "around") if around else None,
            since=since or None,
            around_first_unread=bool(around_first_unread),
        )
        if args.is_paging:  # a list of chats with their newest messages asks for many pages at once
            await info.context.runtime.limits.admit("history", viewer=info.context.viewer, client=info.context.client)
        standing = await _standing(self, info.context)
        page, kept = await _read_page(standing, args, self.checked, info.context) if standing else (_NOTHING, None)
        shown = await show_page(page, self, info.context)
        if self.as_of is None and self.row.kind is not ConversationKind.BROADCAST:
            await _show_beside(shown.nodes, self.row.id, kept, info)
        return shown


async def _read_page(
    standing: Standing, args: PageArgs, checked: Checked | None, context: Context
) -> tuple[Page, KeptPage | None]:
    """The page, and where it is kept, if it is. What is kept is read after its label, also where the operation has read
    the same before."""
    if checked is None or args.newest is None:
        page = await context.load(load_pages, PageKey(standing, args))
        assert isinstance(page, Page), "errors are raised by the loader"
        return page, None
    pages = context.runtime.part(KeptPages)
    kept = await pages.find(standing, args.newest, checked)
    if kept is not None:
        return kept.page(standing, args.newest), kept
    page = await context.load(load_pages, PageKey(standing, args, checked.label))
    assert isinstance(page, Page), "errors are raised by the loader"
    return page, pages.keep(standing, checked, page)


async def _show_beside(
    messages: Sequence[Message], conversation_id: UUID, kept: KeptPage | None, info: Info
) -> None:  # fmt: skip
    """Has read for all messages of a page what its document asks of each. In an event from before the viewer left, and
    for readers of a broadcast, each looks for itself."""
    context, reactions, ticks = info.context, None, None
    wants_reactions = bool(messages) and asks_for(info, "reactions")
    known = kept.reactions if kept else None
    if wants_reactions and known is None:
        rows = kept.messages if kept else [message.row for message in messages]
        reactions = context.load(load_reactions_of_pages, (kept and kept.label, tuple([row.id for row in rows])))
    if messages and asks_for(info, "deliveryState"):
        ticks = context.load(load_ticks, conversation_id)
    if reactions is not None:
        known = await reactions
        if kept is not None:
            kept.reactions = known
    if wants_reactions and known is not None:
        show_reactions(messages, known, context.require_viewer().user_id)
    if ticks is not None:
        await show_delivery(messages, conversation_id, await ticks, context)


def _place(text: str | None, name: str) -> int | UUID | None:
    """A cursor of the list as its number, or a message id. Raises BAD_REQUEST."""
    if text is None or text is strawberry.UNSET:
        return None
    if text.startswith("msg_"):
        return _message_id(text, name)
    key = decode_key(text, int)
    return int(key[0]) if key else None


def _message_id(text: str, name: str) -> UUID:
    value = decode_id("msg", text)
    if value is None:
        raise BadRequestError(f"{name} is not the id of a message.")
    return value


@strawberry.type(description="What the viewer has not read, over all conversations.")
class UnreadCounts:
    totals: strawberry.Private[UnreadTotals]

    @strawberry.field(
        description="The number on the app icon, as pushes carry it: unread messages, those of muted and of archived"
        " conversations left out."
    )
    def badge(self) -> int:
        return self.totals.badge

    @strawberry.field(
        description="Unread messages, also of muted and archived conversations; those of message requests left out."
    )
    def messages(self) -> int:
        return self.totals.messages

    @strawberry.field(description="How many of the unread messages mention the viewer, or everyone.")
    def mentions(self) -> int:
        return self.totals.mentions

    @strawberry.field(description="Conversations with unread messages.")
    def conversations(self) -> int:
        return self.totals.conversations

    @strawberry.field(description="Message requests with unread messages; nothing else counts them.")
    def message_requests(self) -> int:
        return self.totals.requests


@extends(Viewer)
class ViewerUnread:
    @strawberry.field(description="What is unread, counted at this moment; UnreadChanged and MessageReceived move it.")
    async def unread(self: Viewer, info: Info) -> UnreadCounts:
        return UnreadCounts(totals=await info.context.load(load_unread_totals, self.viewer.user_id))
