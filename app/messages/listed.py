"""What is read beside each conversation of somebody's list, in the statement of the list: the newest message that they
may see with who sent it, and how much is unread. As statements of their own these cost more than the list itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.accounts.loaders import join_user, user_beside, user_columns
from app.conversations.access import Access
from app.conversations.listing import Beside
from app.messages.history import Newest
from app.messages.marks import standing_of
from app.messages.records import MESSAGE_NAMES, MESSAGE_WIDTH, message_of
from app.messages.unread import unread_total
from app.messages.visibility import visible_to

MISSED = object()
"""The newest message is out of their sight: an older one is to be looked for."""

_SHOWN_SEQ = (
    "CASE WHEN page.hidden_from_id = page.m_user_id AND page.shown_seq IS NOT NULL THEN page.shown_seq"
    " ELSE page.last_seq END"
)


def _message_columns() -> Sequence[str]:
    return [f"l.{name} AS l_{name}" for name in MESSAGE_NAMES] + user_columns("sender", "l_u_")


def _join_message() -> str:
    return (
        f" LEFT JOIN message l ON l.conversation_id = page.id AND l.seq = {_SHOWN_SEQ} AND l.seq >= page.m_first_seq"
        f" AND {visible_to('page.m_user_id', 'l')}{join_user('l.sender_id', 'sender')}"
    )


def _read_message(values: Sequence[Any], access: Access) -> Any:
    if values[0] is None:
        standing = standing_of(access.conversation, access.member)
        return MISSED if standing.first_seq <= standing.last_seq else None
    message = message_of(values[:MESSAGE_WIDTH]).seen_by(access.member.user_id)
    return Newest(message, user_beside(values[MESSAGE_WIDTH:]))


def _count(values: Sequence[Any], _access: Access) -> int:
    return int(values[0])


LAST_MESSAGE = Beside(_message_columns, _join_message, _read_message)
"""`Newest`, None when there is nothing for them, or MISSED."""
UNREAD = Beside(lambda: [f"{unread_total('page.m_', 'page.')} AS unread_total"], str, _count)
"""How many messages of others they have not read."""
