"""What somebody has not read: computed, never stored, by one piece of SQL for queries, events and the badge.

Numbers are dense, so the unread of a conversation is what its numbers say above the read mark, less what does not
count there. That is found through the partial index `idx_message_uncounted` (a subtraction over few rows, however much
is unread) and in what the person deleted for themselves. Nothing can go stale: a delete, an expiry, a leaving is seen
by the next count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.conversations.listing import judges_unread
from app.conversations.own_state import is_archived, is_muted
from app.core import db
from app.messages.records import MESSAGE_COLUMNS, MessageRow, message_from

Key = tuple[UUID, UUID]
"""User and conversation."""

# Word for word the predicate of idx_message_uncounted: both engines use the index for this very text only.
RARE = (
    "(u.is_hidden OR u.deleted_at IS NOT NULL OR u.kind = 'SYSTEM' OR u.thread_root_id IS NOT NULL"
    " OR u.expires_at IS NOT NULL)"
)
# Of message u for the person of standing s: whether it counts, as far as the message goes (NOW() is the clock of the
# database, put in by `_now`) …
_COUNTS = (
    "(NOT u.is_hidden AND u.deleted_at IS NULL AND u.kind <> 'SYSTEM'"
    " AND (u.expires_at IS NULL OR u.expires_at > NOW()) AND (u.thread_root_id IS NULL OR EXISTS (SELECT 1"
    " FROM thread_follow f WHERE f.user_id = s.user_id AND f.root_id = u.thread_root_id AND f.is_following)))"
)
# … and as far as the person goes. Above the read mark nothing is one's own, as sending moves the mark.
_OTHERS = "(u.sender_id IS NULL OR u.sender_id <> s.user_id)"
_KEPT = (
    "NOT EXISTS (SELECT 1 FROM deleted_message x WHERE x.user_id = s.user_id"
    " AND x.conversation_id = s.conversation_id AND x.seq = u.seq)"
)
_ABOVE = "u.conversation_id = s.conversation_id AND u.seq > s.start AND u.seq <= s.head"
_UNREAD_ABOVE = f"""CASE WHEN s.head > s.start THEN s.head - s.start
    - (SELECT count(*) FROM message u WHERE {_ABOVE} AND {RARE} AND NOT {_COUNTS})
    - (SELECT count(*) FROM deleted_message x JOIN message u ON u.conversation_id = x.conversation_id AND u.seq = x.seq
       WHERE x.user_id = s.user_id AND x.conversation_id = s.conversation_id AND x.seq > s.start AND x.seq <= s.head
         AND {_COUNTS}) ELSE 0 END"""
# markUnread: from there up to the read mark they are counted one by one.
_UNREAD_MARKED = f"""CASE WHEN s.marked IS NULL THEN 0 ELSE (SELECT count(*) FROM message u
    WHERE u.conversation_id = s.conversation_id AND u.seq >= s.marked AND u.seq <= s.start AND {_COUNTS} AND {_OTHERS}
      AND {_KEPT}) END"""
_UNREAD = f"({_UNREAD_ABOVE} + {_UNREAD_MARKED})"
_RANGE = "u.seq >= coalesce(s.marked, s.start + 1) AND u.seq <= s.head"
_MENTIONS = f"""CASE WHEN s.head > s.start OR s.marked IS NOT NULL THEN
    (SELECT count(*) FROM message_mention n JOIN message u ON u.conversation_id = n.conversation_id AND u.seq = n.seq
     WHERE n.user_id = s.user_id AND n.conversation_id = s.conversation_id
       AND n.seq >= coalesce(s.marked, s.start + 1) AND n.seq <= s.head AND {_COUNTS} AND {_OTHERS} AND {_KEPT})
    + (SELECT count(*) FROM message u WHERE u.conversation_id = s.conversation_id AND {_RANGE} AND u.mentions_everyone
       AND {_COUNTS} AND {_OTHERS} AND {_KEPT} AND NOT EXISTS (SELECT 1 FROM message_mention n
         WHERE n.user_id = s.user_id AND n.conversation_id = s.conversation_id AND n.seq = u.seq)) ELSE 0 END"""


# A person's standing: (start, head] is unread by number, and from `marked` up to start by markUnread.
def _standing_sql(m: str, c: str) -> str:
    return f"""{m}user_id AS user_id, {m}conversation_id AS conversation_id,
    CASE WHEN {m}unread_from_seq < {m}first_seq THEN {m}first_seq ELSE {m}unread_from_seq END AS marked,
    CASE WHEN {m}read_seq < {m}first_seq - 1 THEN {m}first_seq - 1 ELSE {m}read_seq END AS start,
    CASE WHEN {m}left_at IS NULL THEN {c}last_seq ELSE coalesce({m}last_seq, 0) END AS head"""


_STANDING = _standing_sql("m.", "c.")
# Tells most conversations apart without counting.
_MAY_BE = "(c.last_seq > m.read_seq OR m.unread_from_seq IS NOT NULL)"
_KEYS = {"n": "int", "user_id": "uuid", "conversation_id": "uuid"}


def _now(sql: str) -> str:
    return sql.replace("NOW()", db.now_sql())


def _standings() -> str:
    """The standings of keys, as the FROM item s. Of a stay that ended: as it was then."""
    return (
        f"(SELECT d.n, {_STANDING} FROM {db.table('d', _KEYS)}"
        " JOIN member m ON m.conversation_id = d.conversation_id AND m.user_id = d.user_id"
        " JOIN conversation c ON c.id = m.conversation_id) AS s"
    )


@judges_unread
def has_unread() -> str:
    """SQL: whether member m has unread messages in conversation c."""
    return _now(f"({_MAY_BE} AND (SELECT {_UNREAD} FROM (SELECT {_STANDING}) AS s) > 0)")


def unread_total(m: str, c: str) -> str:
    """SQL: how much is unread of the membership and the conversation whose columns have these prefixes."""
    return _now(f"(SELECT {_UNREAD} FROM (SELECT {_standing_sql(m, c)}) AS s)")


async def load_unread(keys: Sequence[Key]) -> list[int]:
    """(user, conversation) → how many messages of others the person has not read; 0 for strangers."""
    return await _count(_UNREAD, keys)


async def load_unread_mentions(keys: Sequence[Key]) -> list[int]:
    """(user, conversation) → how many of the unread mention the person, or everyone."""
    return await _count(_MENTIONS, keys)


async def _count(what: str, keys: Sequence[Key]) -> list[int]:
    found = await db.rows(
        _now(f"SELECT s.n, {what} AS total FROM {_standings()}"),
        *db.table_args([(n, *key) for n, key in enumerate(keys)]),
    )
    totals = {row["n"]: int(row["total"]) for row in found}
    return [totals.get(n, 0) for n in range(len(keys))]


async def load_first_unread(keys: Sequence[Key]) -> list[MessageRow | None]:
    """(user, conversation) → the oldest message that counts as unread."""
    found = await db.rows(
        _now(f"""SELECT {MESSAGE_COLUMNS}, t.n FROM (SELECT s.n, s.conversation_id, (SELECT u.seq FROM message u
                WHERE u.conversation_id = s.conversation_id AND {_RANGE} AND {_COUNTS} AND {_OTHERS} AND {_KEPT}
                ORDER BY u.seq LIMIT 1) AS seq FROM {_standings()}) AS t
            JOIN message m ON m.conversation_id = t.conversation_id AND m.seq = t.seq"""),
        *db.table_args([(n, *key) for n, key in enumerate(keys)]),
    )
    messages = {row["n"]: message_from(row) for row in found}
    return [messages.get(n) for n in range(len(keys))]


@dataclass(slots=True, frozen=True)
class UnreadTotals:
    """Over all conversations of a person. `badge` leaves muted and archived ones out. Message requests count apart:
    how many have unread messages."""

    badge: int = 0
    messages: int = 0
    mentions: int = 0
    conversations: int = 0
    requests: int = 0


async def load_unread_totals(user_ids: Sequence[UUID]) -> list[UnreadTotals]:
    """User → what is unread over all conversations in their list."""
    found = await db.rows(
        # Materialised: the counts of a conversation are used several times, and computed once.
        _now(f"""WITH t AS MATERIALIZED (SELECT s.user_id, s.is_request, s.is_quiet, {_UNREAD} AS unread,
                                             {_MENTIONS} AS mentions
                FROM (SELECT {_STANDING}, m.is_request, ({is_muted()} OR {is_archived()}) AS is_quiet
                      FROM member m JOIN conversation c ON c.id = m.conversation_id
                      WHERE m.user_id = ANY($1::uuid[]) AND m.left_at IS NULL AND m.is_listed AND {_MAY_BE}) AS s)
            SELECT t.user_id, t.is_request, sum(t.unread) AS messages, sum(t.mentions) AS mentions,
                   sum(CASE WHEN t.is_quiet THEN 0 ELSE t.unread END) AS badge,
                   count(CASE WHEN t.unread > 0 THEN 1 END) AS conversations
            FROM t GROUP BY t.user_id, t.is_request"""),
        list(user_ids),
    )
    known = {row["user_id"]: row for row in found if not row["is_request"]}
    requests = {row["user_id"]: row["conversations"] for row in found if row["is_request"]}
    return [_totals(known.get(user_id), requests.get(user_id, 0)) for user_id in user_ids]


def _totals(row: db.Row | None, requests: int) -> UnreadTotals:
    if row is None:
        return UnreadTotals(requests=requests)
    return UnreadTotals(
        int(row["badge"]), int(row["messages"]), int(row["mentions"]), row["conversations"], requests
    )  # fmt: skip


@dataclass(slots=True, frozen=True)
class Passed:
    """Numbers that a mark of somebody passes: (start, head], and by markUnread from `marked` up to start."""

    user_id: UUID
    conversation_id: UUID
    start: int
    head: int
    marked: int | None = None


_PASSED = {"n": "int", "user_id": "uuid", "conversation_id": "uuid", "start": "int", "head": "int", "marked": "int"}


async def count_passed(passed: Sequence[Passed]) -> list[int]:
    """How many messages that count are among the numbers."""
    if not passed:
        return []
    found = await db.rows(
        _now(f"SELECT s.n, {_UNREAD} AS total FROM {db.table('s', _PASSED)}"),
        *db.table_args(
            [(n, p.user_id, p.conversation_id, p.start, p.head, p.marked) for n, p in enumerate(passed)]
        ),
    )  # fmt: skip
    totals = {row["n"]: int(row["total"]) for row in found}
    return [totals[n] for n in range(len(passed))]
