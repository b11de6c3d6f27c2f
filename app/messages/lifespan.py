"""What messages run in a process: the send lanes and the writer of receipts; and what they keep there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.core.runtime import Runtime
from app.messages.kept_pages import KeptPages
from app.messages.lanes import send_lanes
from app.messages.receipts import receipt_writer


@asynccontextmanager
async def lifespan(runtime: Runtime) -> AsyncIterator[None]:
    """Starts both, and drains both before the database may close."""
    runtime.provide(KeptPages())
    async with send_lanes(runtime), receipt_writer(runtime):
        yield
