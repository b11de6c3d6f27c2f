"""Reading conversations: by id, by person, and the viewer's list."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from itertools import repeat
from typing import Annotated

import strawberry

from app.accounts.graphql import DataExport, Viewer
from app.contacts.graphql.lists import given
from app.conversations.access import access_conversation_beside, access_direct_conversation
from app.conversations.graphql.beside import asked_beside, asked_beside_one, is_brief
from app.conversations.graphql.reached import fetch_conversation
from app.conversations.graphql.types import (
    Conversation,
    DirectConversation,
    show_access,
    show_conversation,
)
from app.conversations.listing import (
    ConversationQuery,
    Listed,
    Place,
    count_conversations,
    list_conversations,
)
from app.conversations.records import ConversationKind
from app.core.errors import BadRequestError
from app.core.executor import asks_for
from app.core.graphql.connection import PageInfo, decode_key, encode_key, instant_and_id, page_info, page_size
from app.core.graphql.context import Info
from app.core.graphql.directives import RateLimit
from app.core.graphql.extend import extends
from app.core.graphql.ids import decode_id
from app.core.text import can_be_kept


@strawberry.type(description="A conversation on a page.")
class ConversationEdge:
    cursor: str = strawberry.field(description="Pass it as after to go on behind this conversation.")
    node: Conversation = strawberry.field(description="The conversation.")

    def __init__(self, cursor: str, node: Conversation) -> None:
        self.cursor = cursor
        self.node = node


@strawberry.type(
    description="The viewer's conversations, pinned ones first, then newest activity first. One that becomes active"
    " while you page moves to the front: events tell it."
)
class ConversationConnection:
    count: strawberry.Private[Callable[[], Awaitable[int]]]
    edges: list[ConversationEdge] = strawberry.field(description="The page, with cursors.")
    nodes: list[Conversation] = strawberry.field(description="The page.")
    page_info: PageInfo = strawberry.field(description="Where the page stands.")

    @strawberry.field(description="How many conversations match the filter, pages aside.")
    async def total_count(self) -> int:
        return await self.count()


@strawberry.input(description="Which conversations; an absent field doesn't filter.")
class ConversationFilter:
    kinds: list[ConversationKind] | None = strawberry.field(
        default=strawberry.UNSET, description="Only of these kinds; null or absent: all."
    )
    message_requests: bool | None = strawberry.field(
        default=False,
        description="True: the message requests that wait for the viewer's answer instead, which are in no other list.",
    )
    archived: bool | None = strawberry.field(
        default=False, description="True: the archived ones instead, false: the others, null: both."
    )
    unread_only: bool | None = strawberry.field(
        default=False, description="True: only those whose unreadCount is not 0."
    )
    label: str | None = strawberry.field(
        default=strawberry.UNSET, description="Only those with this label of the viewer's."
    )
    query: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="Only those with this text in their title, or in the other person's name or the viewer's nickname"
        " for them, whatever the case; at most 100 characters.",
    )


def _query(filter: ConversationFilter) -> ConversationQuery:
    """What the filter asks for. Raises BAD_REQUEST for a text or label of more than 100 characters, or with NUL."""
    if max(len(filter.query or ""), len(filter.label or "")) > 100:
        raise BadRequestError("query and label have at most 100 characters.")
    if not can_be_kept(f"{filter.query or ''}{filter.label or ''}"):
        raise BadRequestError("query and label have no NUL.")
    return ConversationQuery(
        filter.kinds or None,
        bool(filter.message_requests),
        archived=filter.archived,
        unread_only=bool(filter.unread_only),
        label=filter.label or None,
        text=(filter.query or "").strip() or None,
    )


def _cursor(listed: Listed) -> str:
    return encode_key(listed.is_pinned, listed.activity_at, str(listed.id))


def _place(after: str | None) -> Place | None:
    key = decode_key(after, bool, str, str)
    return Place(key[0], *instant_and_id(key[1], key[2])) if key else None


@extends(Viewer)
class ViewerConversations:
    @strawberry.field(
        description="The conversations the viewer is in: pinned ones first, then newest activity first. Archived ones"
        " and message requests only when the filter asks for them. BAD_REQUEST: a size out of range, a cursor of"
        " another list, too long a text, or one with NUL.",
        directives=[RateLimit(name="conversationList")],
    )
    async def conversations(
        self,
        info: Info,
        filter: Annotated[ConversationFilter | None, strawberry.argument(description="Which ones.")] = strawberry.UNSET,
        first: Annotated[int | None, strawberry.argument(description="Page size, 1 to 100.")] = 50,
        after: Annotated[
            str | None, strawberry.argument(description="An endCursor of this list with the same filter.")
        ] = strawberry.UNSET,
    ) -> ConversationConnection:
        viewer = info.context.require_viewer()
        await info.context.runtime.limits.admit("conversationList", viewer=viewer, client=info.context.client)
        query = _query(filter or ConversationFilter())
        size = page_size(first)
        after = given(after)
        found = await list_conversations(
            viewer, query, size, after=_place(after), beside=asked_beside(info), whole=not is_brief(info)
        )
        page = found[:size]
        nodes = [show_conversation(listed) for listed in page]
        ends = [_cursor(listed) for listed in (page[:1] + page[-1:])]
        cursors = map(_cursor, page) if asks_for(info, "cursor") else repeat("")
        return ConversationConnection(
            count=lambda: count_conversations(viewer, query),
            edges=[ConversationEdge(cursor, node) for cursor, node in zip(cursors, nodes, strict=False)],
            nodes=nodes,
            page_info=page_info(ends, more=len(found) > size, after=after),
        )


@extends(DataExport)
class ExportConversation:
    @strawberry.field(
        description="The one conversation it is of. Null: of the whole account, or of a conversation the viewer is"
        " no longer in."
    )
    async def conversation(self: DataExport, info: Info) -> Conversation | None:
        return await fetch_conversation(info.context, self.row.conversation_id) if self.row.conversation_id else None


@strawberry.type
class ConversationsQuery:
    @strawberry.field(description="A conversation the viewer is in; null for any other id.")
    async def conversation(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="cnv_…")]
    ) -> Conversation | None:
        viewer = info.context.require_viewer()
        conversation_id = decode_id("cnv", id)
        if conversation_id is None:
            return None
        asked = asked_beside_one(info)
        found = await access_conversation_beside(viewer, conversation_id, [one.read for one in asked])
        if found is None:
            return None
        access, values = found
        shown = show_access(info.context, access)
        for (_, show), value in zip(asked, values, strict=True):
            show(shown, value, info.context)
        return shown

    @strawberry.field(
        description="The viewer's direct conversation with this person; null when nobody has started one."
    )
    async def direct_conversation(
        self, info: Info, user_id: Annotated[strawberry.ID, strawberry.argument(description="The other person, usr_….")]
    ) -> DirectConversation | None:
        viewer = info.context.require_viewer()
        peer_id = decode_id("usr", user_id)
        access = await access_direct_conversation(viewer, peer_id) if peer_id else None
        return show_access(info.context, access) if access else None  # type: ignore[return-value]
