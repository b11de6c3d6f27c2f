"""The viewer's list of conversations: newest activity first, stable pages, its length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.conversations.access import Access, access_from
from app.conversations.records import CONVERSATION_COLUMNS, MEMBER_COLUMNS, ConversationKind
from app.core import db
from app.core.viewer import Viewer

# A message hidden from the viewer moves nothing.
_ACTIVITY = "CASE WHEN c.hidden_from_id = $1 THEN c.shown_activity_at ELSE c.activity_at END"


@dataclass(slots=True, frozen=True)
class ConversationQuery:
    """Which of somebody's conversations: of these kinds (None: all); the list, or the message requests beside it."""

    kinds: Sequence[ConversationKind] | None = None
    message_requests: bool = False


async def list_conversations(
    viewer: Viewer, query: ConversationQuery, size: int, *, after: tuple[datetime, UUID] | None = None
) -> list[Access]:
    """A page by (activity_at, id) descending below `after`, with one more than `size` when there are more."""
    where, args = _filter(viewer, query)
    if after:
        args += after
        where += f" AND ({_ACTIVITY}, c.id) < (${len(args) - 1}, ${len(args)})"
    args.append(size + 1)
    found = await db.rows(
        f"SELECT {CONVERSATION_COLUMNS}, {MEMBER_COLUMNS} {where} ORDER BY {_ACTIVITY} DESC, c.id DESC"
        f" LIMIT ${len(args)}",
        *args,
    )
    return [access_from(row) for row in found]


async def count_conversations(viewer: Viewer, query: ConversationQuery) -> int:
    """How many conversations the list has, pages aside."""
    where, args = _filter(viewer, query)
    row = await db.row(f"SELECT count(*) AS total {where}", *args)
    return int(row["total"]) if row else 0


def _filter(viewer: Viewer, query: ConversationQuery) -> tuple[str, list[object]]:
    where = "FROM member m JOIN conversation c ON c.id = m.conversation_id WHERE m.user_id = $1 AND m.left_at IS NULL"
    where += " AND m.is_listed AND m.is_request = $2"
    args: list[object] = [viewer.user_id, query.message_requests]
    if query.kinds is not None:
        args.append([kind.value for kind in query.kinds])
        where += f" AND c.kind = ANY(${len(args)}::text[])"
    return where, args
