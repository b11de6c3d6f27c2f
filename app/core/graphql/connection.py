"""Connections: keyset pages, stable while rows are inserted. Lists page forward only, except `messages`."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson
import strawberry

from app.core.errors import BadRequestError

PAGE = 50
PAGE_MAX = 100
_URL_SAFE = bytes.maketrans(b"+/", b"-_")


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    has_next_page: bool = strawberry.field(description="Whether more follow after endCursor.")
    has_previous_page: bool = strawberry.field(description="Whether more stand before startCursor.")
    start_cursor: str | None = strawberry.field(
        default=None, description="Cursor of the first edge; null on an empty page."
    )
    end_cursor: str | None = strawberry.field(
        default=None, description="Cursor of the last edge; null on an empty page."
    )


def page_size(first: int | None, default: int = PAGE, *, name: str = "first") -> int:
    """A checked page size. Raises BAD_REQUEST below 1 or above 100."""
    if first is None:
        return default
    if not 1 <= first <= PAGE_MAX:
        raise BadRequestError(f"{name} must be from 1 to {PAGE_MAX}.")
    return first


def encode_key(*key: Any) -> str:
    """A page cursor from the sort key of a row (JSON values; instants as ISO texts)."""
    return binascii.b2a_base64(orjson.dumps(key), newline=False).translate(_URL_SAFE, b"=").decode()


@lru_cache(16_384)  # messages of all conversations have the same numbers
def encode_number(number: int) -> str:
    """`encode_key` of one number."""
    return encode_key(number)


def decode_key(text: str | None, *types: type) -> tuple[Any, ...] | None:
    """The sort key in a page cursor, checked against the types of its parts. Raises BAD_REQUEST on any other text."""
    if text is None:
        return None
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        key = orjson.loads(raw)
        good = isinstance(key, list) and [type(part) for part in key] == list(types)
    except ValueError:
        good = False
    if not good:
        raise BadRequestError("This cursor was not made by this list: page from its start.")
    return tuple(key)


def page_info(cursors: list[str], *, more: bool, after: str | None) -> PageInfo:
    """The PageInfo of a forward page with these cursors."""
    return PageInfo(
        has_next_page=more,
        has_previous_page=after is not None,
        start_cursor=cursors[0] if cursors else None,
        end_cursor=cursors[-1] if cursors else None,
    )


def instant_key(after: str | None) -> tuple[datetime, UUID] | None:
    """The (instant, id) in a page cursor. Raises BAD_REQUEST for what no list of ours has made."""
    key = decode_key(after, str, str)
    return instant_and_id(*key) if key else None


def instant_and_id(instant: str, id_: str) -> tuple[datetime, UUID]:
    """The two as a page cursor has them. Raises BAD_REQUEST for what no list of ours has made."""
    try:
        at, row_id = datetime.fromisoformat(instant), UUID(id_)
    except ValueError:
        at = None
    if at is None or at.utcoffset() != timedelta(0):  # PostgreSQL fails where the year in UTC is 0 or 10000
        raise BadRequestError("This cursor was not made by this list: page from its start.")
    return at, row_id
