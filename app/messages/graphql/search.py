"""Searching messages in the schema."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry

from app.core.errors import BadRequestError
from app.core.graphql.connection import PageInfo, encode_key, instant_key, page_info, page_size
from app.core.graphql.context import Info
from app.core.graphql.directives import RateLimit
from app.core.graphql.ids import decode_id
from app.core.viewer import Viewer
from app.messages.graphql.types import Message, show_message
from app.messages.records import MessageKind
from app.messages.search import QUERY_LENGTH, Search, count_unsearchable, search_messages
from app.messages.search_text import snippet, terms_of

SIZE = 20


@strawberry.input(description="Narrows a search; absent or null: everything.")
class MessageSearchFilter:
    conversation_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET,
        description="Only in this conversation; unknown, or not the viewer's: nothing is found.",
    )
    sender_id: strawberry.ID | None = strawberry.field(default=strawberry.UNSET, description="Only from this person.")
    kinds: list[MessageKind] | None = strawberry.field(
        default=strawberry.UNSET, description="Only messages of these kinds."
    )
    has_link: bool | None = strawberry.field(
        default=strawberry.UNSET,
        description="True: only with an http(s) or www. address in the text; false: only without.",
    )
    from_: datetime | None = strawberry.field(
        name="from", default=strawberry.UNSET, description="Only sent at this instant or later."
    )
    to: datetime | None = strawberry.field(default=strawberry.UNSET, description="Only sent before this instant.")


@strawberry.type(description="A message that a search found.")
class MessageSearchEdge:
    cursor: str = strawberry.field(description="Pass it as after to go on behind this message.")
    node: Message = strawberry.field(description="The message.")
    snippet: str = strawberry.field(
        description="The text around the first match, as HTML: escaped, each match between <mark> and </mark>. The"
        " beginning of the text where no words were asked for; empty without text."
    )


@strawberry.type(description="Messages that a search found, newest first.")
class MessageSearchConnection:
    viewer: strawberry.Private[Viewer]
    search: strawberry.Private[Search]
    edges: list[MessageSearchEdge] = strawberry.field(description="The page, with cursors and snippets.")
    nodes: list[Message] = strawberry.field(description="The page.")
    page_info: PageInfo = strawberry.field(description="Where the page stands.")

    @strawberry.field(
        description="End-to-end encrypted conversations among those asked for, which the server could not look into:"
        " search them on the device."
    )
    async def unsearchable_conversation_count(self) -> int:
        return await count_unsearchable(self.viewer, self.search.conversation_id)


@strawberry.type
class SearchQuery:
    @strawberry.field(
        description='Messages that have all these words, or "quoted phrases", also inside longer words, in any script,'
        " whatever case and accents; newest first. Only what the viewer may see now, in conversations they are in; no"
        " deleted ones, no notices. An empty query lists what the filter selects. At most"
        f" {QUERY_LENGTH} characters (BAD_REQUEST), the first 10 words count. RATE_LIMITED.",
        directives=[RateLimit(name="searchMessages")],
    )
    async def search_messages(
        self,
        info: Info,
        query: Annotated[str, strawberry.argument(description="What to look for.")],
        filter: Annotated[
            MessageSearchFilter | None, strawberry.argument(description="Narrows the search.")
        ] = strawberry.UNSET,
        first: Annotated[int | None, strawberry.argument(description="Page size, 1 to 100.")] = SIZE,
        after: Annotated[
            str | None, strawberry.argument(description="An endCursor of this list with the same arguments.")
        ] = strawberry.UNSET,
    ) -> MessageSearchConnection:
        viewer = info.context.require_viewer()
        if len(query) > QUERY_LENGTH:
            raise BadRequestError(f"query has at most {QUERY_LENGTH} characters.")
        size, after = page_size(first, SIZE), after or None
        place = instant_key(after)
        await info.context.runtime.limits.admit("searchMessages", viewer=viewer, client=info.context.client)
        search = _search(query, filter or MessageSearchFilter())
        found = [] if search is None else await search_messages(viewer, search, size, after=place)
        search = search or Search(())
        edges = [
            MessageSearchEdge(
                cursor=encode_key(row.created_at.isoformat(), str(row.id)),
                node=show_message(row),
                snippet=snippet(row.text or "", search.terms),
            )
            for row in found[:size]
        ]
        return MessageSearchConnection(
            viewer=viewer,
            search=search,
            edges=edges,
            nodes=[edge.node for edge in edges],
            page_info=page_info([edge.cursor for edge in edges], more=len(found) > size, after=after),
        )


def _search(query: str, given: MessageSearchFilter) -> Search | None:
    """The search; None when it names something that can't exist."""
    terms = terms_of(query)
    if (query.strip() and not terms) or "\x00" in query:  # no text has that, and PostgreSQL refuses to look for it
        return None
    conversation_id = decode_id("cnv", given.conversation_id) if isinstance(given.conversation_id, str) else None
    sender_id = decode_id("usr", given.sender_id) if isinstance(given.sender_id, str) else None
    if any(isinstance(text, str) and id_ is None for text, id_ in (
        (given.conversation_id, conversation_id), (given.sender_id, sender_id)
    )):  # fmt: skip
        return None
    kinds = tuple(given.kinds) if given.kinds else None
    has_link = given.has_link if isinstance(given.has_link, bool) else None
    return Search(terms, conversation_id, sender_id, kinds, has_link, given.from_ or None, given.to or None)
