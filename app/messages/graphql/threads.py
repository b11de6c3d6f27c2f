"""Threads in the schema: fields of messages, and followThread."""

from __future__ import annotations

from typing import Annotated

import strawberry

from app.core.graphql.connection import decode_key, page_size
from app.core.graphql.context import Info
from app.core.graphql.extend import extends
from app.core.graphql.ids import known_id
from app.core.graphql.payload import mutation
from app.messages import threads
from app.messages.graphql.payloads import MessagePayload
from app.messages.graphql.types import Message, MessageConnection, show_message, show_page
from app.messages.paging import Page
from app.messages.threads import ALL, ThreadPage, load_follows, load_reply_counts, load_thread_pages


@extends(Message)
class MessageThread:
    @strawberry.field(
        description="Set on a reply inside a thread: the thread's first message, a tombstone once that is deleted. Null"
        " when the viewer doesn't see it (from before their time, disappeared)."
    )
    async def thread_root(self: Message, info: Info) -> Message | None:
        if self.row.thread_root_id is None:
            return None
        return await self.referred(info.context, self.row.thread_root_id)

    @strawberry.field(
        description="The replies in the thread of this message, oldest first; empty on a reply. They are in"
        " conversation.messages too. Ask again after a MessageReceived whose threadRoot is this."
    )
    async def thread_replies(
        self: Message,
        info: Info,
        first: Annotated[int | None, strawberry.argument(description="Page size, 1 to 100.")] = 50,
        after: Annotated[
            str | None, strawberry.argument(description="A cursor of this list: what follows it.")
        ] = strawberry.UNSET,
    ) -> MessageConnection:
        size = page_size(first)
        key = decode_key(None if after is strawberry.UNSET else after, int)
        conversation = await self.conversation_of(info.context)
        member = await conversation.own_member(info.context)
        if member is None or self.row.thread_root_id is not None:
            return await show_page(Page((), has_next=False, has_previous=False), conversation, info.context)
        low = max(member.first_seq, key[0] + 1 if key else 0)
        high = conversation.row.last_seq if member.left_at is None else member.last_seq or 0
        page = ThreadPage(self.row.id, member.user_id, low, high, size + 1)
        found = await info.context.load(load_thread_pages, page)
        shown = Page(tuple(found[:size]), has_next=len(found) > size, has_previous=key is not None)
        return await show_page(shown, conversation, info.context)

    @strawberry.field(description="How many replies the thread of this message has, deleted ones left out.")
    async def thread_reply_count(self: Message, info: Info) -> int:
        if self.row.thread_root_id is not None:
            return 0
        high = ALL
        if self.as_of is not None and (ended := await (await self.conversation_of(info.context)).ended(info.context)):
            high = ended.last_seq or 0
        count = await info.context.load(load_reply_counts, (self.row.id, high))
        if not count.hidden:
            return count.shared
        viewer = info.context.require_viewer()
        return count.shared + dict(count.hidden).get(viewer.user_id, 0)

    @strawberry.field(
        description="Whether the viewer follows the thread of this message, or the one it is in: its replies count as"
        " unread then. One follows by writing in it (or having written or being mentioned in its first message), by"
        " being mentioned in it, or by followThread, whose word stands."
    )
    async def viewer_follows_thread(self: Message, info: Info) -> bool:
        key = (info.context.require_viewer().user_id, self.row.thread_root_id or self.row.id)
        return await info.context.load(load_follows, key)


@strawberry.input(description="Which thread, and whether to follow it.")
class FollowThreadInput:
    message_id: strawberry.ID = strawberry.field(description="Its first message, or a reply in it.")
    follow: bool = strawberry.field(description="True to follow it, false no longer to.")


@strawberry.type
class ThreadsMutation:
    @mutation(
        MessagePayload,
        description="Follows a thread, or no longer. That stands whatever the viewer writes there later. When it"
        " changes something the viewer's devices get UnreadChanged, as replies start or cease to count. Codes:"
        " NOT_FOUND, RATE_LIMITED, UNAVAILABLE.",
        rate_limit="followThread",
    )
    async def follow_thread(
        self,
        info: Info,
        input: Annotated[FollowThreadInput, strawberry.argument(description="Which thread, and how.")],
    ) -> MessagePayload:
        message_id = known_id("msg", input.message_id, "messageId")
        row = await threads.follow_thread(info.context.require_viewer(), message_id, follow=input.follow)
        return MessagePayload(message=show_message(row))
