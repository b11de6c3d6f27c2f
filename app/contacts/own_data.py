"""What contacts add to a copy of somebody's data: the address book and the blocks, others by their names only."""

from __future__ import annotations

from uuid import UUID

from app.accounts.exports import Lines, exports
from app.accounts.loaders import load_users
from app.core import db
from app.core.graphql.ids import encode_id


@exports("contacts")
async def _contacts(user_id: UUID) -> Lines:
    found = await db.rows(
        "SELECT id, user_id, nickname, is_favorite, added_at FROM contact WHERE owner_id = $1 AND removed_at IS NULL"
        " ORDER BY id",
        user_id,
    )
    names = {p.id: p.shown_name for p in await load_users([row["user_id"] for row in found]) if p}
    for row in found:
        yield {
            "__typename": "Contact", "id": encode_id("con", row["id"]),
            "user": {"__typename": "User", "displayName": names.get(row["user_id"])}, "nickname": row["nickname"],
            "isFavorite": bool(row["is_favorite"]), "addedAt": row["added_at"],
        }  # fmt: skip


@exports("blockedUsers")
async def _blocks(user_id: UUID) -> Lines:
    found = await db.rows("SELECT blocked_id FROM block WHERE blocker_id = $1 ORDER BY id", user_id)
    for person in await load_users([row["blocked_id"] for row in found]):
        if person is not None:
            yield {"__typename": "User", "displayName": person.shown_name}
