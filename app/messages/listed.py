"""What is read beside each conversation of somebody's list, in the statement of the list: the newest message that they
may see with who sent it, and how much is unread. As statements of their own these cost more than the list itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.accounts.loaders import USER_WIDTH, join_user, user_beside, user_columns
from app.conversations.listing import Beside, Listed
from app.messages.details import NO_DETAILS
from app.messages.marks import Standing
from app.messages.records import MESSAGE_NAMES, MESSAGE_WIDTH, message_of
from app.messages.unread import unread_total
from app.messages.visibility import visible_to

_SHOWN_SEQ = (
    "CASE WHEN page.hidden_from_id = page.m_user_id AND page.shown_seq IS NOT NULL THEN page.shown_seq"
    " ELSE page.last_seq END"
)


def _message_columns() -> Sequence[str]:
    return [
        *(f"l.{name} AS l_{name}" for name in MESSAGE_NAMES),
        *user_columns("sender", "l_u_"),
        "CASE WHEN l.id IS NULL THEN page.m_first_seq END AS l_first_seq",
        "CASE WHEN l.id IS NULL THEN page.m_read_seq END AS l_read_seq",
    ]


def _join_message() -> str:
    # The sender of a message in a direct conversation is the viewer, or the peer who is read already.
    sender = "CASE WHEN page.direct_key IS NULL OR l.sender_id = page.m_user_id THEN l.sender_id END"
    return (
        f" LEFT JOIN message l ON l.conversation_id = page.id AND l.seq = {_SHOWN_SEQ} AND l.seq >= page.m_first_seq"
        f" AND {visible_to('page.m_user_id', 'l')}{join_user(sender, 'sender')}"
    )


def _read_message(row: Sequence[Any], start: int, listed: Listed) -> Any:
    end = start + MESSAGE_WIDTH
    if row[start] is None:
        first_seq, read_seq = row[end + USER_WIDTH : end + USER_WIDTH + 2]
        standing = Standing(listed.id, listed.user_id, first_seq, listed.last_seq, read_seq)
        return standing if first_seq <= standing.last_seq else None
    message = message_of(row[start:end])
    if message.details is not NO_DETAILS:
        message = message.seen_by(listed.user_id)
    if row[end] is not None:
        return message, user_beside(row[end : end + USER_WIDTH])
    return message, None if message.sender_id is None else listed.peer


LAST_MESSAGE = Beside(_message_columns, _join_message, _read_message)
"""The message and who sent it, if that is known; None when there is nothing for them; or the `Standing` of who may not
see the newest message, so that an older one is to be looked for."""
UNREAD = Beside(
    lambda: [f"{unread_total('page.m_', 'page.')} AS unread_total"], str, lambda row, start, _listed: row[start]
)
"""How many messages of others they have not read."""
