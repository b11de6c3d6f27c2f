"""Connections of contacts, requests and people, and the viewer's lists of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from app.accounts.graphql import User, Viewer, show_user
from app.accounts.loaders import load_users
from app.contacts.graphql.types import Contact, ContactRequest, show_contact, show_request
from app.contacts.listing import (
    BlockedPerson,
    ContactQuery,
    RequestQuery,
    count_blocked,
    count_contacts,
    count_requests,
    list_blocked,
    list_contacts,
    list_requests,
)
from app.contacts.records import ContactRequestState, ContactRow, RequestDirection
from app.core.errors import BadRequestError
from app.core.graphql.connection import PageInfo, decode_key, encode_key, instant_key, page_info, page_size
from app.core.graphql.context import Context, Info
from app.core.graphql.extend import extends

QUERY_LENGTH = 100
Count = Callable[[], Awaitable[int]]
First = Annotated[int | None, strawberry.argument(description="Page size, 1 to 100.")]
After = Annotated[str | None, strawberry.argument(description="An endCursor of this list with the same arguments.")]


@strawberry.type(description="A contact on a page.")
class ContactEdge:
    cursor: str = strawberry.field(description="Pass it as after to go on behind this contact.")
    node: Contact = strawberry.field(description="The contact.")


@strawberry.type(description="The viewer's contacts: favourites first, then those added last.")
class ContactConnection:
    count: strawberry.Private[Count]
    edges: list[ContactEdge] = strawberry.field(description="The page, with cursors.")
    nodes: list[Contact] = strawberry.field(description="The page.")
    page_info: PageInfo = strawberry.field(description="Where the page stands.")

    @strawberry.field(description="How many match the arguments, pages aside.")
    async def total_count(self) -> int:
        return await self.count()


@strawberry.type(description="A contact request on a page.")
class ContactRequestEdge:
    cursor: str = strawberry.field(description="Pass it as after to go on behind this request.")
    node: ContactRequest = strawberry.field(description="The request.")


@strawberry.type(description="Contact requests, the last sent first.")
class ContactRequestConnection:
    count: strawberry.Private[Count]
    edges: list[ContactRequestEdge] = strawberry.field(description="The page, with cursors.")
    nodes: list[ContactRequest] = strawberry.field(description="The page.")
    page_info: PageInfo = strawberry.field(description="Where the page stands.")

    @strawberry.field(description="How many match the arguments, pages aside.")
    async def total_count(self) -> int:
        return await self.count()


@strawberry.type(description="A person on a page.")
class UserEdge:
    cursor: str = strawberry.field(description="Pass it as after to go on behind this person.")
    node: User = strawberry.field(description="The person.")


@strawberry.type(description="People. Pages stay right while people come.")
class UserConnection:
    count: strawberry.Private[Count]
    edges: list[UserEdge] = strawberry.field(description="The page, with cursors.")
    nodes: list[User] = strawberry.field(description="The page.")
    page_info: PageInfo = strawberry.field(description="Where the page stands.")

    @strawberry.field(description="How many there are, pages aside.")
    async def total_count(self) -> int:
        return await self.count()


def given(value: str | None) -> str | None:
    """An optional argument, None when absent."""
    return None if value is strawberry.UNSET else value


@extends(Viewer)
class ViewerContacts:
    @strawberry.field(description="The viewer's contacts, favourites first, then those added last.")
    async def contacts(
        self: Viewer,
        info: Info,
        query: Annotated[
            str | None,
            strawberry.argument(
                description="Keeps those with this text in nickname, display name or username, whatever the case; at"
                " most 100 characters (BAD_REQUEST)."
            ),
        ] = strawberry.UNSET,
        favorites_only: Annotated[bool | None, strawberry.argument(description="Only favourites.")] = False,
        first: First = 50,
        after: After = strawberry.UNSET,
    ) -> ContactConnection:
        text = (given(query) or "").strip()
        if len(text) > QUERY_LENGTH:
            raise BadRequestError(f"query has at most {QUERY_LENGTH} characters.")
        wanted = ContactQuery(self.viewer.user_id, text or None, bool(favorites_only))
        size, after = page_size(first), given(after)
        found = await list_contacts(wanted, size, after=_contact_key(after))
        edges = [ContactEdge(cursor=_contact_cursor(row), node=show_contact(row)) for row in found[:size]]
        return ContactConnection(
            count=lambda: count_contacts(wanted),
            edges=edges,
            nodes=[edge.node for edge in edges],
            page_info=page_info([edge.cursor for edge in edges], more=len(found) > size, after=after),
        )

    @strawberry.field(description="Requests to or from the viewer in one state, the last sent first.")
    async def contact_requests(
        self: Viewer,
        info: Info,
        direction: Annotated[RequestDirection, strawberry.argument(description="Whose.")],
        state: Annotated[
            ContactRequestState | None, strawberry.argument(description="In which state.")
        ] = ContactRequestState.PENDING,
        first: First = 50,
        after: After = strawberry.UNSET,
    ) -> ContactRequestConnection:
        wanted = RequestQuery(self.viewer.user_id, direction, state or ContactRequestState.PENDING)
        size, after = page_size(first), given(after)
        found = await list_requests(wanted, size, after=instant_key(after))
        edges = [
            ContactRequestEdge(cursor=encode_key(row.asked_at.isoformat(), str(row.id)), node=show_request(row))
            for row in found[:size]
        ]
        return ContactRequestConnection(
            count=lambda: count_requests(wanted),
            edges=edges,
            nodes=[edge.node for edge in edges],
            page_info=page_info([edge.cursor for edge in edges], more=len(found) > size, after=after),
        )

    @strawberry.field(description="Whom the viewer blocks, the last first. Nobody else can see this.")
    async def blocked_users(
        self: Viewer, info: Info, first: First = 50, after: After = strawberry.UNSET
    ) -> UserConnection:
        viewer, size, after = self.viewer, page_size(first), given(after)
        found = await list_blocked(viewer, size, after=instant_key(after))
        return await show_people(
            info.context,
            [(_blocked_cursor(person), person.user_id) for person in found],
            size=size,
            after=after,
            count=lambda: count_blocked(viewer),
        )


async def show_people(
    context: Context, people: Sequence[tuple[str, UUID]], *, size: int, after: str | None, count: Count
) -> UserConnection:
    """A page of people from (cursor, user id), with one more than `size` when there are more."""
    rows = await context.loader(load_users).load_many([user_id for _, user_id in people[:size]])
    edges = [
        UserEdge(cursor=cursor, node=show_user(row)) for (cursor, _), row in zip(people, rows, strict=False) if row
    ]
    info = page_info([edge.cursor for edge in edges], more=len(people) > size, after=after)
    return UserConnection(count=count, edges=edges, nodes=[edge.node for edge in edges], page_info=info)


def _blocked_cursor(person: BlockedPerson) -> str:
    return encode_key(person.since.isoformat(), str(person.user_id))


def _contact_cursor(row: ContactRow) -> str:
    return encode_key(row.is_favorite, encode_key(row.added_at.isoformat(), str(row.id)))


def _contact_key(after: str | None) -> tuple[bool, datetime, UUID] | None:
    key = decode_key(after, bool, str)
    place = instant_key(key[1]) if key else None
    return (key[0], *place) if key and place else None
