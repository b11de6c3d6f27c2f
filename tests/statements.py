"""Counts the SQL statements a block makes this process run, its background work left out."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.core import db

BACKGROUND = ("log_partition", "FROM event", "log_epoch", "membership", "UPDATE presence", "INSERT INTO presence")


class _Listener(logging.Handler):
    def __init__(self, statements: list[str]) -> None:
        super().__init__()
        self.statements = statements

    def emit(self, record: logging.LogRecord) -> None:
        self.statements.append(record.getMessage())


@asynccontextmanager
async def statements() -> AsyncIterator[list[str]]:
    """The texts of the statements, complete when the block ends."""
    found: list[str] = []
    logger, handler = logging.getLogger("tortoise.db_client"), _Listener(found)
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    reader = db._State.reader
    if reader:
        await reader.set_trace_callback(found.append)
    try:
        yield found
    finally:
        if reader:
            await reader.set_trace_callback(None)
        logger.removeHandler(handler)
        logger.setLevel(level)
        found[:] = [text for text in found if not any(table in text for table in BACKGROUND)]
