"""Events of contacts, each in the streams of the people it concerns."""

from __future__ import annotations

from typing import Self
from uuid import UUID

import strawberry

from app.accounts.graphql import User, show_user
from app.accounts.loaders import UserRow, load_users
from app.contacts.graphql.types import Contact, ContactRequest, show_contact, show_request
from app.contacts.loaders import load_contacts, load_requests
from app.contacts.records import RequestRow
from app.core import log
from app.core.graphql.context import Context, Info
from app.core.graphql.events import Event, EventKind, event_face
from app.core.graphql.ids import encode_id


@event_face(EventKind.CONTACT_REQUEST_CHANGED)
@strawberry.type(description="A request to or from the viewer was sent, answered or taken back.")
class ContactRequestChanged(Event):
    row: strawberry.Private[RequestRow]

    @classmethod
    async def build(cls, record: log.Event, context: Context) -> Self | None:
        """Left out when it has been opened again since, by somebody the viewer blocks."""
        row = await context.load(load_requests, UUID(record.payload["requestId"]))
        return cls(record=record, row=row) if row and row.is_visible_to(record.stream_id) else None

    @strawberry.field(description="The request as it is now.")
    def request(self) -> ContactRequest:
        return show_request(self.row)


@event_face(EventKind.CONTACT_CHANGED)
@strawberry.type(description="A contact of the viewer was added, changed (also isMutual) or removed.")
class ContactChanged(Event):
    person: strawberry.Private[UserRow]

    @classmethod
    async def build(cls, record: log.Event, context: Context) -> Self | None:
        person = await context.load(load_users, UUID(record.payload["userId"]))
        return cls(record=record, person=person) if person else None

    @strawberry.field(description="Who it is about, with the contact and relationship of now.")
    def user(self) -> User:
        return show_user(self.person)

    @strawberry.field(description="The contact as it is now; null when it is gone, also since this event.")
    async def contact(self, info: Info) -> Contact | None:
        row = await info.context.load(load_contacts, (self.record.stream_id, self.person.id))
        return show_contact(row) if row else None

    @strawberry.field(description="The id of the contact that this removed, to evict it; null otherwise.")
    def removed_contact_id(self) -> strawberry.ID | None:
        removed = self.record.payload.get("removedContactId")
        return strawberry.ID(encode_id("con", UUID(removed))) if removed else None


@event_face(EventKind.BLOCK_CHANGED)
@strawberry.type(description="The viewer blocked or unblocked somebody, on this or another device.")
class BlockChanged(Event):
    person: strawberry.Private[UserRow]

    @classmethod
    async def build(cls, record: log.Event, context: Context) -> Self | None:
        person = await context.load(load_users, UUID(record.payload["userId"]))
        return cls(record=record, person=person) if person else None

    @strawberry.field(description="Whom, with the relationship of now.")
    def user(self) -> User:
        return show_user(self.person)

    @strawberry.field(description="Whether this event blocked them.")
    def blocked(self) -> bool:
        return bool(self.record.payload["blocked"])
