"""Avatars of groups and broadcasts: who sees the file, and which files are one."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from app.core import db
from app.media.access import holds_media, shows_media


@shows_media
async def _shows(pairs: Sequence[tuple[UUID, UUID]]) -> list[bool]:
    """Whether the viewer is in something whose avatar the file is."""
    found = await db.rows(
        "SELECT DISTINCT m.user_id, c.avatar_id FROM conversation c JOIN member m ON m.conversation_id = c.id"
        " AND m.left_at IS NULL WHERE m.user_id = ANY($1::uuid[]) AND c.avatar_id = ANY($2::uuid[])",
        list({user_id for user_id, _ in pairs}),
        list({media_id for _, media_id in pairs}),
    )
    seen = {(row["user_id"], row["avatar_id"]) for row in found}
    return [pair in seen for pair in pairs]


@holds_media
async def _holds(media_ids: Sequence[UUID]) -> set[UUID]:
    """Those of the files that are an avatar."""
    sql = "SELECT DISTINCT avatar_id FROM conversation WHERE avatar_id = ANY($1::uuid[])"
    return {row["avatar_id"] for row in await db.rows(sql, list(media_ids))}
