"""Files in messages: the type, the gallery of a conversation, opening what is to be seen once."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID, uuid5

import strawberry

from app.conversations.graphql import Conversation
from app.core.graphql.connection import PageInfo, decode_key, encode_key, page_info, page_size
from app.core.graphql.context import Context, Info
from app.core.graphql.extend import extends
from app.core.graphql.ids import encode_id, known_id
from app.core.graphql.node import Node, node_kind
from app.core.graphql.payload import Payload, mutation
from app.media.graphql import Media, show_media
from app.media.records import MediaKind, load_media
from app.messages.attachments import (
    HAVE_ATTACHMENTS,
    AttachmentRow,
    GalleryQuery,
    kind_of,
    load_attachment,
    load_attachments,
    load_galleries,
    load_viewed,
    view_attachment,
)
from app.messages.graphql.scheduling import ScheduledMessage
from app.messages.graphql.types import Message, show_message
from app.messages.history import load_visible_messages


@strawberry.type(description="A file in a message. Who sees the message sees it.")
class Attachment(Node):
    row: strawberry.Private[AttachmentRow]

    @strawberry.field(description="The file.")
    async def media(self, info: Info) -> Media:
        row = await info.context.load(load_media, self.row.media_id)
        assert row is not None, "files stay as long as what they are in"
        return show_media(row)

    @strawberry.field(description="What the sender says of it; null when nothing.")
    def caption(self) -> str | None:
        return self.row.caption

    @strawberry.field(description="What it is here: VOICE for a sound file sent asVoice, else the kind of its media.")
    def kind(self) -> MediaKind:
        return self.row.kind

    @strawberry.field(description="0..255 samples of a voice message; null when the sender gave none.")
    def waveform(self) -> list[int] | None:
        return list(self.row.waveform) if self.row.waveform else None

    @strawberry.field(description="Whether each receiver can open it once only: call viewAttachment to.")
    def view_once(self) -> bool:
        return self.row.view_once

    @strawberry.field(description="When the viewer opened a view-once attachment; null before, and for all others.")
    async def viewed_at(self, info: Info) -> datetime | None:
        if not self.row.view_once:
            return None
        return await info.context.load(load_viewed, (info.context.require_viewer().user_id, self.row.id))


def show_attachment(row: AttachmentRow) -> Attachment:
    """A file in a message that the viewer sees."""
    return Attachment(id=strawberry.ID(encode_id("att", row.id)), row=row)


@node_kind("att")
async def _fetch_attachment(context: Context, attachment_id: UUID) -> Attachment | None:
    viewer = context.require_viewer()
    row = await context.load(load_attachment, attachment_id)
    message = await context.load(load_visible_messages, (viewer.user_id, row.message_id)) if row else None
    return show_attachment(row) if row and message else None


@extends(Message)
class MessageAttachments:
    @strawberry.field(description="The files it came with, in the sender's order; empty once deleted.")
    async def attachments(self: Message, info: Info) -> list[Attachment]:
        if self.row.kind not in HAVE_ATTACHMENTS or self.row.deleted_at is not None:
            return []
        return [show_attachment(row) for row in await info.context.load(load_attachments, self.row.id)]


@extends(ScheduledMessage)
class ScheduledAttachments:
    @strawberry.field(description="The files it will come with; their ids are others once it is sent.")
    async def attachments(self: ScheduledMessage, info: Info) -> list[Attachment]:
        given = self.row.draft.attachments
        media = await info.context.loader(load_media).load_many([one.media_id for one in given])
        return [
            show_attachment(
                AttachmentRow(
                    uuid5(self.row.id, str(n)), self.row.id, self.row.conversation_id, 0, n, one.media_id,
                    kind_of(one, row), one.caption, one.waveform, one.view_once,
                )
            )
            for n, (one, row) in enumerate(zip(given, media, strict=True))
            if row is not None
        ]  # fmt: skip


# ── the gallery ───────────────────────────────────────────────────────────────────────────────────


@strawberry.type(description="A file on a page of the gallery.")
class MediaGalleryEdge:
    cursor: str = strawberry.field(description="Pass it as after to go on behind this file.")
    node: Attachment = strawberry.field(description="The file in its message.")
    message: Message = strawberry.field(description="The message.")


@strawberry.type(description="The files of a conversation, newest first.")
class MediaGalleryConnection:
    edges: list[MediaGalleryEdge] = strawberry.field(description="The page, with cursors.")
    nodes: list[Attachment] = strawberry.field(description="The page.")
    page_info: PageInfo = strawberry.field(description="Where the page stands.")


@extends(Conversation)
class ConversationGallery:
    @strawberry.field(
        description="Files in messages the viewer sees, newest first, without those to be seen once; empty in an event"
        " from before the viewer left. Links are found by searchMessages with hasLink."
    )
    async def media_gallery(
        self: Conversation,
        info: Info,
        kinds: Annotated[
            list[MediaKind] | None, strawberry.argument(description="Only of these kinds; absent: all.")
        ] = strawberry.UNSET,
        first: Annotated[int | None, strawberry.argument(description="Page size, 1 to 100.")] = 50,
        after: Annotated[
            str | None, strawberry.argument(description="An endCursor of this list with the same kinds.")
        ] = strawberry.UNSET,
    ) -> MediaGalleryConnection:
        size, after = page_size(first), after or None
        key = decode_key(after, int, int)
        user_id = info.context.require_viewer().user_id
        place = (key[0], key[1]) if key else None
        query = GalleryQuery(self.row.id, user_id, tuple(kinds) if kinds else None, place, size)
        found = await info.context.load(load_galleries, query)
        edges = [
            MediaGalleryEdge(
                cursor=encode_key(item.attachment.seq, item.attachment.position),
                node=show_attachment(item.attachment),
                message=show_message(item.message, self),
            )
            for item in found[:size]
        ]
        info_ = page_info([edge.cursor for edge in edges], more=len(found) > size, after=after)
        return MediaGalleryConnection(edges=edges, nodes=[edge.node for edge in edges], page_info=info_)


# ── opening ───────────────────────────────────────────────────────────────────────────────────────


@strawberry.input(description="Which attachment to open.")
class ViewAttachmentInput:
    attachment_id: strawberry.ID = strawberry.field(description="A view-once attachment in a message from another.")


@strawberry.type(description="The answer of viewAttachment.")
class AttachmentPayload(Payload):
    attachment: Attachment | None = strawberry.field(
        default=None, description="The attachment, opened; null when it failed."
    )


@strawberry.type
class AttachmentsMutation:
    @mutation(
        AttachmentPayload,
        description="Opens a view-once attachment: from now on it is closed to the viewer, on all devices. Codes:"
        " NOT_FOUND, INVALID (it can be seen any time), FORBIDDEN (one's own), EXPIRED (opened before).",
        rate_limit="viewAttachment",
    )
    async def view_attachment(
        self, info: Info, input: Annotated[ViewAttachmentInput, strawberry.argument(description="Which one.")]
    ) -> AttachmentPayload:
        attachment_id = known_id("att", input.attachment_id, "attachmentId")
        row = await view_attachment(info.context.require_viewer(), attachment_id)
        return AttachmentPayload(attachment=show_attachment(row))
