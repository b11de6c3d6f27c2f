"""Searching for people."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import strawberry

from app.accounts.search import (
    QUERY_MAX,
    check_query,
    count_names,
    find_by_address,
    looks_like_address,
    search_names,
)
from app.contacts.blocks import blocked_either_way
from app.contacts.graphql.lists import After, First, UserConnection, given, show_people
from app.contacts.listing import all_contacts
from app.core.errors import BadRequestError
from app.core.graphql.connection import decode_key, encode_key, page_size
from app.core.graphql.context import Info
from app.core.graphql.directives import RateLimit


@strawberry.type
class ContactsQuery:
    @strawberry.field(
        description="People by words of their display name or username, each word by its beginning, whatever case and"
        " accents; or by a whole e-mail address or phone number (with +), if it was verified and the person lets others"
        " find them by it. At least 3 letters or digits, else nobody is found; at most 100 characters (BAD_REQUEST)."
        " The viewer, deleted accounts, and blocked people in either direction never appear. RATE_LIMITED.",
        directives=[RateLimit(name="searchUsers")],
    )
    async def search_users(
        self,
        info: Info,
        query: Annotated[str, strawberry.argument(description="What to look for.")],
        exclude_contacts: Annotated[
            bool | None, strawberry.argument(description="Leaves the viewer's contacts out.")
        ] = False,
        first: First = 20,
        after: After = strawberry.UNSET,
    ) -> UserConnection:
        viewer = info.context.require_viewer()
        if len(query) > QUERY_MAX:
            raise BadRequestError(f"query has at most {QUERY_MAX} characters.")
        size, after = page_size(first, 20), given(after)
        place = _place(after)
        await info.context.runtime.limits.admit("searchUsers", viewer=viewer, client=info.context.client)
        excluded = {viewer.user_id, *await blocked_either_way(viewer.user_id)}
        if exclude_contacts:
            excluded |= await all_contacts(viewer.user_id)
        text = query.strip()
        if looks_like_address(text):
            user_id = await find_by_address(text, excluded=excluded)
            people = [(encode_key("", str(user_id)), user_id)] if user_id and after is None else []
            total = len(people)
            return await show_people(info.context, people, size=size, after=after, count=lambda: _known(total))
        wanted = check_query(text)
        if wanted is None:
            return await show_people(info.context, [], size=size, after=after, count=lambda: _known(0))
        found = await search_names(wanted, size, excluded=excluded, after=place)
        return await show_people(
            info.context,
            [(encode_key(person.word, str(person.user_id)), person.user_id) for person in found],
            size=size,
            after=after,
            count=lambda: count_names(wanted, excluded=excluded),
        )


async def _known(total: int) -> int:
    return total


def _place(after: str | None) -> tuple[str, UUID] | None:
    key = decode_key(after, str, str)
    if key is None:
        return None
    try:
        return key[0], UUID(key[1])
    except ValueError:
        raise BadRequestError("This cursor was not made by this list: page from its start.") from None
