"""Counts the SQL statements that a block and the operations it asks for make this process run."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.core.origin import current_origin, enter


class _Listener(logging.Handler):
    """Runs where the statement is made: what the process does by itself, at its own times, comes from nowhere."""

    def __init__(self, statements: list[str]) -> None:
        super().__init__()
        self.statements = statements

    def emit(self, record: logging.LogRecord) -> None:
        if current_origin().request_id is not None:
            self.statements.append(record.getMessage())


@asynccontextmanager
async def statements() -> AsyncIterator[list[str]]:
    """The texts of the statements, complete when the block ends."""
    found: list[str] = []
    logger, handler = logging.getLogger("tortoise.db_client"), _Listener(found)
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    enter("127.0.0.1", "a test")
    try:
        yield found
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
