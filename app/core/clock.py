"""Time, ids and randomness in one place, so that tests and the simulation can hold them."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from uuid import UUID

from uuid_utils.compat import uuid7


def now() -> datetime:
    """The current instant, aware, in UTC."""
    return datetime.now(UTC)


def new_id() -> UUID:
    """A UUIDv7: time-ordered, so that primary keys append."""
    return uuid7()


def random_tag() -> int:
    """64 random bits as a signed integer, the type of a database bigint."""
    return int.from_bytes(secrets.token_bytes(8), "big", signed=True)
