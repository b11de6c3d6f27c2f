"""What a message holds, beyond its text."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import strawberry

from app.accounts.graphql import User, show_user
from app.accounts.loaders import load_users
from app.core.executor import quick
from app.core.graphql.context import Info
from app.core.graphql.extend import extends
from app.core.graphql.scalars import Url
from app.media.graphql import Media
from app.messages.details import NO_DETAILS, Details, MentionSpan, Origin
from app.messages.graphql.types import Message
from app.messages.history import load_visible_messages
from app.messages.search_text import first_link


@strawberry.type(description="A person mentioned in a message.")
class Mention:
    span: strawberry.Private[MentionSpan]
    user: User = strawberry.field(description="Who.")

    @strawberry.field(description="Where in text it begins, in Unicode code points; null in encrypted messages.")
    def offset(self) -> int | None:
        return self.span.offset

    @strawberry.field(description="How long it is, in Unicode code points; null in encrypted messages.")
    def length(self) -> int | None:
        return self.span.length


@strawberry.type(description="A place on the map.")
class Location:
    latitude: float = strawberry.field(description="Degrees north, WGS 84.")
    longitude: float = strawberry.field(description="Degrees east, WGS 84.")
    label: str | None = strawberry.field(description="What is there; null when nobody said.")


@strawberry.type(description="That a message was forwarded.")
class ForwardInfo:
    origin: strawberry.Private[Origin]

    @strawberry.field(
        description="Who sent the message that was first forwarded. Null unless the viewer can see that message now,"
        " and once that account is gone."
    )
    @quick
    async def original_sender(self, info: Info) -> User | None:
        key = (info.context.require_viewer().user_id, self.origin.message_id)
        original = await info.context.load(load_visible_messages, key)
        return await _person(info, original.sender_id) if original else None

    @strawberry.field(description="Whether it went on five times or more before it came here.")
    def is_many_times(self, info: Info) -> bool:
        return self.origin.hops >= info.context.runtime.settings.messages.forwarded_many_times_from


@strawberry.type(description="A link in a message, and what its page says of itself.")
class LinkPreview:
    url: Url = strawberry.field(description="The first https address in the text.")
    title: str | None = strawberry.field(default=None, description="Of the page; null: no pages are fetched yet.")
    description: str | None = strawberry.field(default=None, description="As title.")
    image: Media | None = strawberry.field(default=None, description="As title.")


async def _person(info: Info, user_id: UUID | None) -> User | None:
    row = await info.context.load(load_users, user_id) if user_id else None
    return show_user(row) if row and row.deleted_at is None else None


def _details(message: Message) -> Details:
    return NO_DETAILS if message.row.deleted_at else message.row.details


@extends(Message)
class MessageContent:
    @strawberry.field(description="Who is mentioned in text, in its order; empty once deleted.")
    @quick
    async def mentions(self: Message, info: Info) -> list[Mention]:
        spans = _details(self).mentions
        rows = await info.context.loader(load_users).load_many([span.user_id for span in spans])
        return [Mention(span=span, user=show_user(row)) for span, row in zip(spans, rows, strict=True) if row]

    @strawberry.field(description="Whether everyone in the conversation is mentioned.")
    def mentions_everyone(self: Message) -> bool:
        return self.row.mentions_everyone and self.row.deleted_at is None

    @strawberry.field(description="The place that was shared, of kind LOCATION.")
    def location(self: Message) -> Location | None:
        place = _details(self).location
        return Location(latitude=place.latitude, longitude=place.longitude, label=place.label) if place else None

    @strawberry.field(description="The person whose card was shared, of kind CONTACT; null once that account is gone.")
    @quick
    async def shared_contact(self: Message, info: Info) -> User | None:
        return await _person(info, _details(self).contact_id)

    @strawberry.field(description="The first https address in text; null without one, and once deleted.")
    def link_preview(self: Message) -> LinkPreview | None:
        url = first_link(self.text or "")
        return LinkPreview(url=Url(url)) if url else None

    @strawberry.field(description="Set when it was forwarded from elsewhere.")
    def forwarded(self: Message) -> ForwardInfo | None:
        origin = _details(self).forwarded
        return ForwardInfo(origin=origin) if origin else None

    @strawberry.field(
        description="When it disappears, by the server's clock; null: never. From then on nobody sees it, and its"
        " number stays empty."
    )
    def expires_at(self: Message) -> datetime | None:
        return self.row.expires_at
