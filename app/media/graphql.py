"""Files in the schema."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import strawberry

import app.media.avatars
import app.media.erasure
import app.media.own_data  # noqa: F401  (registered by importing them)
from app.accounts.graphql import User, is_within, person_as_seen
from app.accounts.loaders import UserRow
from app.accounts.privacy import load_privacy
from app.core.graphql.context import Context, Info
from app.core.graphql.enums import described_enum
from app.core.graphql.extend import extends
from app.core.graphql.ids import encode_id
from app.core.graphql.node import Node, node_kind
from app.media.access import load_may_see
from app.media.records import MediaKind, MediaRow, MediaState, load_media

described_enum(
    MediaKind,
    "What sort of file it is. More may appear: show a kind you don't know as FILE.",
    {
        "IMAGE": "A picture.",
        "VIDEO": "A video.",
        "AUDIO": "A sound file.",
        "VOICE": "A recorded voice message.",
        "FILE": "Any other file.",
    },
)
described_enum(
    MediaState,
    "How far a file is.",
    {
        "PENDING": "Announced, not uploaded.",
        "PROCESSING": "Uploaded, being looked at.",
        "READY": "Can be sent.",
        "REJECTED": "Was not what it said, or harmful: its bytes are gone.",
    },
)


@strawberry.type(
    description="A file. Its owner sees it, and whoever sees a message with it, or whose avatar it is; to everybody"
    " else it doesn't exist."
)
class Media(Node):
    row: strawberry.Private[MediaRow]

    @strawberry.field(description="What sort of file it is.")
    def kind(self) -> MediaKind:
        return self.row.kind

    @strawberry.field(description="How far it is.")
    def state(self) -> MediaState:
        return self.row.state

    @strawberry.field(description="What the uploader called it; made up by the server for avatars and statuses.")
    def file_name(self) -> str:
        return self.row.file_name

    @strawberry.field(description="Its type, as found in its bytes.")
    def mime_type(self) -> str:
        return self.row.mime_type

    @strawberry.field(description="Its size.")
    def size_bytes(self) -> int:
        return self.row.size_bytes

    @strawberry.field(description="Of pictures and videos, in pixels, as shown.")
    def width(self) -> int | None:
        return self.row.width

    @strawberry.field(description="As width.")
    def height(self) -> int | None:
        return self.row.height

    @strawberry.field(description="Of videos and sound.")
    def duration_seconds(self) -> float | None:
        return self.row.duration_seconds

    @strawberry.field(description="What to show of a picture or video while it loads (blurha.sh).")
    def blurhash(self) -> str | None:
        return self.row.blurhash

    @strawberry.field(description="When it was announced.")
    def created_at(self) -> datetime:
        return self.row.created_at


def show_media(row: MediaRow) -> Media:
    """A file the viewer may see."""
    return Media(id=strawberry.ID(encode_id("med", row.id)), row=row)


@node_kind("med")
async def _fetch_media(context: Context, media_id: UUID) -> Media | None:
    viewer = context.require_viewer()
    row = await context.load(load_media, media_id)
    if row is None:
        return None
    is_theirs = row.owner_id == viewer.user_id
    return show_media(row) if is_theirs or await context.load(load_may_see, (viewer.user_id, media_id)) else None


@extends(User)
class UserAvatar:
    @strawberry.field(
        description="Their picture; null when there is none, when the account was deleted, or when their"
        " privacy.profilePhoto leaves the viewer out."
    )
    async def avatar(self: User, info: Info) -> Media | None:
        return await avatar_of(info.context, self.row)


async def avatar_of(context: Context, person: UserRow) -> Media | None:
    """A person's avatar, if the viewer sees it."""
    media_id = (await person_as_seen(context, person)).avatar_id
    if media_id is None or person.deleted_at:
        return None
    audience = (await context.load(load_privacy, person.id)).profile_photo
    return await picture(context, media_id) if await is_within(context, audience, person.id) else None


async def picture(context: Context, media_id: UUID) -> Media | None:
    """A file of something that the viewer sees."""
    row = await context.load(load_media, media_id)
    return show_media(row) if row else None
