"""Messages that disappear: out of everybody's sight by the database's clock, their content erased by the sweep here."""

from __future__ import annotations

from app.core import db, log
from app.core.jobs import schedule
from app.messages.deleting import erase_and_tell

BATCH = 200
# Word for word the predicate of idx_message_expiry: both engines use the index for this very text only.
_DUE = "expires_at IS NOT NULL AND deleted_at IS NULL"


@schedule("messages.disappear", every=5)
async def sweep_messages() -> int:
    """Erases what has disappeared, a few at a time; returns how many messages."""
    swept = 0
    while count := await _sweep_some():
        swept += count
    return swept


async def _sweep_some() -> int:
    """One transaction. Another worker, or a run cut half-way, leaves nothing to do twice."""
    due = f"SELECT id, conversation_id FROM message WHERE {_DUE} AND expires_at <= {db.now_sql()}"
    found = await db.rows(f"{due} ORDER BY expires_at LIMIT $1", BATCH)
    if not found:
        return 0
    async with log.transaction():
        await db.rows(
            "SELECT id FROM conversation WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE",
            list({row["conversation_id"] for row in found}),
        )
        await erase_and_tell([row["id"] for row in found], disappeared=True)
    return len(found)
