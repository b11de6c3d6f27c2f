"""What conversations add to people: the groups in common, and whom the viewer may know."""

from __future__ import annotations

from uuid import UUID

import strawberry

from app.accounts.graphql import User, Viewer
from app.contacts.graphql import UserConnection, show_people
from app.contacts.graphql.lists import After, First, given
from app.conversations.common import CommonQuery, load_common_groups, load_common_totals, suggest_contacts
from app.conversations.graphql.queries import ConversationConnection, ConversationEdge
from app.conversations.graphql.types import show_access
from app.core.errors import BadRequestError
from app.core.graphql.connection import decode_key, encode_key, instant_key, page_info, page_size
from app.core.graphql.context import Info
from app.core.graphql.directives import RateLimit
from app.core.graphql.extend import extends


@extends(User)
class UserCommonGroups:
    @strawberry.field(
        description="Groups that the viewer and this person are both in now, newest activity first; broadcasts are left"
        " out, as their readers don't learn of each other."
    )
    async def common_groups(
        self: User, info: Info, first: First = 20, after: After = strawberry.UNSET
    ) -> ConversationConnection:
        context, user_id = info.context, self.row.id
        viewer_id = context.require_viewer().user_id
        size, after = page_size(first, 20), given(after)
        found = await context.load(load_common_groups, CommonQuery(viewer_id, user_id, size, instant_key(after)))
        edges = [
            ConversationEdge(
                cursor=encode_key(access.conversation.activity_at.isoformat(), str(access.conversation.id)),
                node=show_access(context, access),
            )
            for access in found[:size]
        ]
        return ConversationConnection(
            count=lambda: context.load(load_common_totals, (viewer_id, user_id)),
            edges=edges,
            nodes=[edge.node for edge in edges],
            page_info=page_info([edge.cursor for edge in edges], more=len(found) > size, after=after),
        )


@extends(Viewer)
class ViewerSuggestions:
    @strawberry.field(
        description="Whom the viewer may know, the likeliest first: members of common groups (of up to 256 people), and"
        " mutual contacts of the viewer's mutual contacts. Contacts, people with an open contact request, and blocked"
        " people in either direction never appear. RATE_LIMITED.",
        directives=[RateLimit(name="contactSuggestions")],
    )
    async def contact_suggestions(
        self: Viewer, info: Info, first: First = 20, after: After = strawberry.UNSET
    ) -> UserConnection:
        size, after = page_size(first, 20), given(after)
        place = _place(after)
        limits = info.context.runtime.limits
        await limits.admit("contactSuggestions", viewer=self.viewer, client=info.context.client)
        everybody = await suggest_contacts(self.viewer.user_id)
        rest = [s for s in everybody if place is None or (s.score, s.user_id) < place]

        async def count() -> int:
            return len(everybody)

        people = [(encode_key(s.score, str(s.user_id)), s.user_id) for s in rest[: size + 1]]
        return await show_people(info.context, people, size=size, after=after, count=count)


def _place(after: str | None) -> tuple[int, UUID] | None:
    key = decode_key(after, int, str)
    if key is None:
        return None
    try:
        return key[0], UUID(key[1])
    except ValueError:
        raise BadRequestError("This cursor was not made by this list: page from its start.") from None
