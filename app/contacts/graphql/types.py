"""The types Contact and ContactRequest, and what contacts add to User."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import strawberry

from app.accounts.graphql import User, show_user
from app.accounts.loaders import load_users
from app.contacts.loaders import load_contacts, load_mutual, load_own_contacts, load_relationships, load_requests
from app.contacts.records import (
    ContactRequestState,
    ContactRequestVia,
    ContactRow,
    Relationship,
    RequestDirection,
    RequestRow,
)
from app.core.graphql.context import Context, Info
from app.core.graphql.enums import described_enum
from app.core.graphql.extend import extends
from app.core.graphql.ids import encode_id
from app.core.graphql.node import Node, node_kind

described_enum(
    ContactRequestState,
    "What became of a contact request.",
    {
        "PENDING": "Not answered yet.",
        "ACCEPTED": "Both have each other as contacts since.",
        "DECLINED": "The recipient said no. The sender may ask again after 24 hours.",
        "CANCELED": "The sender took it back.",
    },
)
described_enum(
    ContactRequestVia,
    "How the sender found the recipient. More may appear.",
    {
        "SEARCH": "By search or a profile.",
        "QR_CODE": "By scanning their connection code.",
        "GROUP": "As SEARCH, and both are in a group together: User.commonGroups.",
    },
)
described_enum(
    RequestDirection,
    "Whose requests.",
    {"RECEIVED": "Those that others sent to the viewer.", "SENT": "The viewer's own."},
)
described_enum(
    Relationship,
    "What a person is to the viewer. It never tells what the viewer is to them: a block by the other is not seen.",
    {
        "NONE": "Nothing.",
        "REQUEST_SENT": "The viewer has asked them to connect.",
        "REQUEST_RECEIVED": "They have asked the viewer to connect.",
        "CONTACT": "The viewer has them as a contact.",
        "BLOCKED": "The viewer blocks them.",
    },
)


@strawberry.type(description="A person in the viewer's address book. Only its owner sees it.")
class Contact(Node):
    row: strawberry.Private[ContactRow]

    @strawberry.field(description="Who.")
    async def user(self, info: Info) -> User:
        return await _user(info.context, self.row.user_id)

    @strawberry.field(description="What the owner calls them, at most 100 characters; null when nothing in particular.")
    def nickname(self) -> str | None:
        return self.row.nickname

    @strawberry.field(description="Favourites come first in the list.")
    def is_favorite(self) -> bool:
        return self.row.is_favorite

    @strawberry.field(
        description="Whether they have the owner as a contact too. Unchanged by a block, in either direction."
    )
    async def is_mutual(self, info: Info) -> bool:
        return await info.context.load(load_mutual, (self.row.owner_id, self.row.user_id))

    @strawberry.field(description="When the owner added them.")
    def added_at(self) -> datetime:
        return self.row.added_at


@strawberry.type(
    description="One person asks another to connect. A pair has one: asking again opens the same one, and asking"
    " somebody who has asked accepts theirs. Only the two see it."
)
class ContactRequest(Node):
    row: strawberry.Private[RequestRow]

    @strawberry.field(name="from", description="Who asks.")
    async def sender(self, info: Info) -> User:
        return await _user(info.context, self.row.sender_id)

    @strawberry.field(description="Who is asked.")
    async def to(self, info: Info) -> User:
        return await _user(info.context, self.row.recipient_id)

    @strawberry.field(description="What the sender wrote with it, at most 300 characters; null when nothing.")
    def note(self) -> str | None:
        return self.row.note

    @strawberry.field(description="What became of it.")
    def state(self) -> ContactRequestState:
        return self.row.state

    @strawberry.field(description="How the sender found the recipient.")
    def via(self) -> ContactRequestVia:
        return self.row.via

    @strawberry.field(description="When it was sent; when it happened more than once, the last time.")
    def created_at(self) -> datetime:
        return self.row.asked_at

    @strawberry.field(description="When it was accepted, declined or canceled; null while it is PENDING.")
    def answered_at(self) -> datetime | None:
        return self.row.answered_at


@extends(User)
class UserContact:
    @strawberry.field(description="The viewer's contact with this person; null when the viewer has none.")
    async def contact(self: User, info: Info) -> Contact | None:
        row = await info.context.load(load_contacts, (info.context.require_viewer().user_id, self.row.id))
        return show_contact(row) if row else None

    @strawberry.field(description="What this person is to the viewer; says nothing about a block by them.")
    async def relationship(self: User, info: Info) -> Relationship:
        return await info.context.load(load_relationships, (info.context.require_viewer().user_id, self.row.id))


def show_contact(row: ContactRow) -> Contact:
    """A contact of the viewer."""
    return Contact(id=strawberry.ID(encode_id("con", row.id)), row=row)


def show_request(row: RequestRow) -> ContactRequest:
    """A request that the viewer may see."""
    return ContactRequest(id=strawberry.ID(encode_id("crq", row.id)), row=row)


async def _user(context: Context, user_id: UUID) -> User:
    person = await context.load(load_users, user_id)
    assert person is not None, "contacts and requests go with their people"
    return show_user(person)


@node_kind("con")
async def _fetch_contact(context: Context, contact_id: UUID) -> Contact | None:
    row = await context.load(load_own_contacts, (context.require_viewer().user_id, contact_id))
    return show_contact(row) if row else None


@node_kind("crq")
async def _fetch_request(context: Context, request_id: UUID) -> ContactRequest | None:
    viewer = context.require_viewer()
    row = await context.load(load_requests, request_id)
    return show_request(row) if row and row.is_visible_to(viewer.user_id) else None
