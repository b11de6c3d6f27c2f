"""What somebody did with messages, for a copy of their data: their reactions, and what they saved."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

from app.accounts.exports import Lines, exports
from app.core import db
from app.core.graphql.ids import encode_id

PAGE = 500


@exports("reactions")
async def _reactions(user_id: UUID) -> Lines:
    async for row in _rows_of(user_id, "reaction", "id, emoji, message_id, created_at"):
        yield {
            "__typename": "ReactionGroup", "emoji": row["emoji"], "createdAt": row["created_at"],
            "message": {"id": encode_id("msg", row["message_id"])},
        }  # fmt: skip


@exports("savedMessages")
async def _saved(user_id: UUID) -> Lines:
    async for row in _rows_of(user_id, "saved_message", "id, message_id, created_at"):
        yield {"__typename": "Message", "id": encode_id("msg", row["message_id"]), "savedAt": row["created_at"]}


async def _rows_of(user_id: UUID, table: str, columns: str) -> AsyncIterator[db.Row]:
    after = UUID(int=0)
    while True:
        sql = f"SELECT {columns} FROM {table} WHERE user_id = $1 AND id > $2 ORDER BY id LIMIT $3"
        page = await db.rows(sql, user_id, after, PAGE)
        for row in page:
            yield row
        if len(page) < PAGE:
            return
        after = page[-1]["id"]
