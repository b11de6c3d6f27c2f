"""What the core must do again and again: trim the log, forget jobs given up long ago."""

from __future__ import annotations

from datetime import timedelta

from app.core import job_store
from app.core.clock import now
from app.core.jobs import schedule
from app.core.log_store import SqlLogStore
from app.core.runtime import current


@schedule("log.trim", every=600)
async def trim_log() -> int:
    """Forgets events older than the retention; returns how many."""
    store, trimmed = SqlLogStore(), 0
    while gone := await store.trim(now() - timedelta(seconds=current().settings.hub.retention_seconds)):
        trimmed += gone
    return trimmed


@schedule("jobs.forgetDead", every=3600)
async def forget_dead_jobs() -> int:
    """Deletes jobs given up over 30 days ago; returns how many."""
    forgotten = 0
    while gone := await job_store.forget_dead(current().settings.jobs.keep_dead_seconds):
        forgotten += gone
    return forgotten
