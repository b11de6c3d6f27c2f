"""What contacts leave behind, removed by the worker: connection codes that can't be scanned any more."""

from __future__ import annotations

from app.contacts.codes import KEPT
from app.core import db
from app.core.clock import now
from app.core.jobs import schedule

BATCH = 1000


@schedule("contacts.sweep", every=300)
async def sweep() -> int:
    """Deletes expired connection codes, in small statements; returns how many."""
    deleted = 0
    while gone := await db.execute(
        "DELETE FROM connection_code WHERE code_hash IN"
        " (SELECT code_hash FROM connection_code WHERE expires_at < $1 LIMIT $2)",
        now() - KEPT,
        BATCH,
    ):
        deleted += gone
    return deleted
