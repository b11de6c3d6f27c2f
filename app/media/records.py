"""Media as the code hands them around."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from app.core import db


class MediaKind(StrEnum):
    IMAGE = "IMAGE"
    VIDEO = "VIDEO"
    AUDIO = "AUDIO"
    VOICE = "VOICE"
    FILE = "FILE"


class MediaState(StrEnum):
    PENDING = "PENDING"
    PROCESSING = "PROCESSING"
    READY = "READY"
    REJECTED = "REJECTED"


class UploadPurpose(StrEnum):
    MESSAGE = "MESSAGE"
    AVATAR = "AVATAR"
    GROUP_AVATAR = "GROUP_AVATAR"
    STATUS = "STATUS"


@dataclass(slots=True, frozen=True)
class MediaRow:
    """A file as stored. `owner_id` is None once the account is gone."""

    id: UUID
    owner_id: UUID | None
    kind: MediaKind
    state: MediaState
    purpose: UploadPurpose
    file_name: str
    mime_type: str
    size_bytes: int
    width: int | None
    height: int | None
    duration_seconds: float | None
    blurhash: str | None
    created_at: datetime


MEDIA_COLUMNS = (
    "id, owner_id, kind, state, purpose, file_name, mime_type, size_bytes, width, height, duration_seconds, blurhash,"
    " created_at"
)


def media_from(row: db.Row) -> MediaRow:
    """A row of MEDIA_COLUMNS."""
    return MediaRow(
        row["id"], row["owner_id"], MediaKind(row["kind"]), MediaState(row["state"]), UploadPurpose(row["purpose"]),
        row["file_name"], row["mime_type"], row["size_bytes"], row["width"], row["height"], row["duration_seconds"],
        row["blurhash"], row["created_at"],
    )  # fmt: skip


async def load_media(ids: Sequence[UUID]) -> list[MediaRow | None]:
    """Batch function: files by id, whoever asks: only for ids the caller may follow."""
    found = await db.rows(f"SELECT {MEDIA_COLUMNS} FROM media WHERE id = ANY($1::uuid[])", list(ids))
    media = {row["id"]: media_from(row) for row in found}
    return [media.get(id_) for id_ in ids]
