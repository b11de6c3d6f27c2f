"""What a member set for themselves, which nobody else sees: muted, archived, pinned, labels, draft, how to be notified.

Muted and archived are judged in SQL, by the clock of the database, so that lists, counts and fields agree.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from app.core import db

Key = tuple[UUID, UUID]
"""User and conversation."""


class NotificationLevel(StrEnum):
    ALL = "ALL"
    MENTIONS = "MENTIONS"
    NONE = "NONE"


# Where conversation c ends for member m; a message hidden from them moves nothing.
_LAST_SEQ = "CASE WHEN c.hidden_from_id = m.user_id THEN c.shown_seq ELSE c.last_seq END"


def is_muted() -> str:
    """SQL: whether it makes no sound for member m, and is left out of the badge."""
    return f"(m.muted_until IS NOT NULL AND m.muted_until > {db.now_sql()})"


def is_archived() -> str:
    """SQL: whether member m put conversation c away; a message that came since takes it out again, unless it is
    muted."""
    return f"(m.archived_seq IS NOT NULL AND (m.archived_seq >= {_LAST_SEQ} OR {is_muted()}))"


@dataclass(slots=True, frozen=True)
class OwnState:
    """A member's own state now; the defaults are those of somebody who set nothing, or is not a member."""

    muted_until: datetime | None = None
    is_muted: bool = False
    is_archived: bool = False
    is_pinned: bool = False
    notification_level: NotificationLevel = NotificationLevel.ALL
    draft: str | None = None
    draft_updated_at: datetime | None = None


_PAIR = {"n": "int", "user_id": "uuid", "conversation_id": "uuid"}


async def load_own_states(keys: Sequence[Key]) -> list[OwnState]:
    """(user, conversation) → what the person set there."""
    found = await db.rows(
        f"SELECT d.n, m.muted_until, {is_muted()} AS is_muted, {is_archived()} AS is_archived, m.pinned_at,"
        f" m.notification_level, m.draft, m.draft_updated_at FROM {db.table('d', _PAIR)}"
        " JOIN member m ON m.conversation_id = d.conversation_id AND m.user_id = d.user_id AND m.left_at IS NULL"
        " JOIN conversation c ON c.id = m.conversation_id",
        *db.table_args([(n, *key) for n, key in enumerate(keys)]),
    )
    states = {row["n"]: _state_from(row) for row in found}
    return [states.get(n, OwnState()) for n in range(len(keys))]


def _state_from(row: db.Row) -> OwnState:
    muted = bool(row["is_muted"])
    return OwnState(
        row["muted_until"] if muted else None, muted, bool(row["is_archived"]), row["pinned_at"] is not None,
        NotificationLevel(row["notification_level"]), row["draft"], row["draft_updated_at"],
    )  # fmt: skip


async def load_own_labels(keys: Sequence[Key]) -> list[list[str]]:
    """(user, conversation) → the person's labels on it, in order."""
    found = await db.rows(
        f"SELECT d.n, l.label FROM {db.table('d', _PAIR)} JOIN conversation_label l"
        " ON l.conversation_id = d.conversation_id AND l.user_id = d.user_id ORDER BY l.label",
        *db.table_args([(n, *key) for n, key in enumerate(keys)]),
    )
    labels: dict[int, list[str]] = defaultdict(list)
    for row in found:
        labels[row["n"]].append(row["label"])
    return [labels[n] for n in range(len(keys))]


async def load_labels_in_use(user_ids: Sequence[UUID]) -> list[list[str]]:
    """User → every label they put on a conversation they are in, in order."""
    found = await db.rows(
        "SELECT DISTINCT l.user_id, l.label FROM conversation_label l JOIN member m"
        " ON m.conversation_id = l.conversation_id AND m.user_id = l.user_id AND m.left_at IS NULL"
        " WHERE l.user_id = ANY($1::uuid[]) ORDER BY l.label",
        list(user_ids),
    )
    labels: dict[UUID, list[str]] = defaultdict(list)
    for row in found:
        labels[row["user_id"]].append(row["label"])
    return [labels[user_id] for user_id in user_ids]
