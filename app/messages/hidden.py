"""Pages of a conversation that holds messages hidden from its reader: numbers have holes for them.

Only where a page met a hidden message: everywhere else numbers are dense, and a page is a range of them.
"""

from __future__ import annotations

from app.core import db
from app.messages.marks import Standing
from app.messages.paging import Page, PageArgs
from app.messages.records import MESSAGE_COLUMNS, MessageRow, message_from


async def visible_in(standing: Standing, low: int, high: int, *, limit: int, newest: bool = False) -> list[MessageRow]:
    """The first (or newest) messages of a range that the person may see, oldest first."""
    found = await db.rows(
        f"SELECT {MESSAGE_COLUMNS} FROM message m WHERE m.conversation_id = $1 AND m.seq BETWEEN $2 AND $3"
        f" AND (NOT m.is_hidden OR m.sender_id = $4) ORDER BY m.seq {'DESC' if newest else ''} LIMIT $5",
        standing.conversation_id,
        low,
        high,
        standing.user_id,
        limit,
    )
    messages = [message_from(row) for row in found]
    return messages[::-1] if newest else messages


async def page_around_hidden(standing: Standing, place: tuple[int, int], args: PageArgs) -> Page:
    """The page that would have been the range `place`, with as many messages, those hidden passed over.

    A window, and a page between two places, keeps its bounds: it has no size to fill.
    """
    low, high = place
    size = high - low + 1
    is_window = args.after is None and args.before is None and (args.is_paging or args.around_first_unread)
    if is_window or (args.after is not None and args.before is not None):
        messages = await visible_in(standing, low, high, limit=size)
        return Page(tuple(messages), has_next=high < standing.last_seq, has_previous=low > standing.first_seq)
    if args.first is None and (args.last is not None or args.after is None):  # as in history: back from the end
        messages = await visible_in(standing, standing.first_seq, high, limit=size + 1, newest=True)
        more = len(messages) > size
        return Page(tuple(messages[-size:]), has_next=high < standing.last_seq, has_previous=more)
    messages = await visible_in(standing, low, standing.last_seq, limit=size + 1)
    more = len(messages) > size
    return Page(tuple(messages[:size]), has_next=more, has_previous=low > standing.first_seq)
