"""What media add to a copy of somebody's data: the files they uploaded, described."""

from __future__ import annotations

from uuid import UUID

from app.accounts.exports import Lines, exports
from app.core import db
from app.core.graphql.ids import encode_id
from app.media.records import MEDIA_COLUMNS, media_from

PAGE = 500


@exports("media")
async def _media(user_id: UUID) -> Lines:
    after = UUID(int=0)
    while True:
        found = await db.rows(
            f"SELECT {MEDIA_COLUMNS} FROM media WHERE owner_id = $1 AND id > $2 ORDER BY id LIMIT $3",
            user_id, after, PAGE,
        )  # fmt: skip
        for row in map(media_from, found):
            yield {
                "__typename": "Media", "id": encode_id("med", row.id), "kind": row.kind, "state": row.state,
                "fileName": row.file_name, "mimeType": row.mime_type, "sizeBytes": row.size_bytes, "width": row.width,
                "height": row.height, "durationSeconds": row.duration_seconds, "createdAt": row.created_at,
            }  # fmt: skip
        if len(found) < PAGE:
            return
        after = found[-1]["id"]
