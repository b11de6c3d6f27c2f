"""Whom a message has reached, and when: its receipts, read from the marks of the members.

Marks tell for every message up to them at once. When one rose is remembered (receipt_mark) for 30 days in
conversations of up to 32 members: the first that covers a message is its time. Marks that rose by sending are not
remembered, and large groups have none: there the last rise of the read mark stands in, so a time means "by then at the
latest".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.core import db
from app.core.clock import now
from app.core.jobs import schedule
from app.core.runtime import current
from app.messages.records import DeliveryState

_TRIMMED = 10_000


@dataclass(slots=True, frozen=True)
class ReceiptQuery:
    """A page of a message's receipts: `size` of them after the key (joined_at, member). `is_hidden`: it reached
    nobody."""

    conversation_id: UUID
    seq: int
    sender_id: UUID | None
    sent_at: datetime
    is_hidden: bool
    after: tuple[datetime, UUID] | None
    size: int


@dataclass(slots=True, frozen=True)
class ReceiptRow:
    """How far a message has come to one member; times are None where they are not known, or it has not come so far."""

    member_id: UUID
    user_id: UUID
    joined_at: datetime
    state: DeliveryState
    delivered_at: datetime | None
    read_at: datetime | None


_WANTED = {
    "n": "int", "conversation_id": "uuid", "seq": "int", "sender_id": "uuid", "sent_at": "timestamptz",
}  # fmt: skip
_FIRST = (
    "(SELECT r.created_at FROM receipt_mark r WHERE r.member_id = m.id AND r.is_read = {} AND r.seq >= d.seq"
    " ORDER BY r.seq LIMIT 1)"
)
# Marks as the others see them: while a member blocks, or has not answered a request, those of before.
_RECEIPT = f"""d.n, d.seq, m.id AS member_id, m.user_id, m.joined_at,
    coalesce(m.told_delivered_seq, m.delivered_seq) AS delivered_seq, coalesce(m.told_read_seq, m.read_seq) AS read_seq,
    m.told_delivered_seq, m.read_at AS own_read_at, m.told_read_at,
    {_FIRST.format("$1")} AS delivered_at, {_FIRST.format("$2")} AS read_at,
    row_number() OVER (PARTITION BY d.n ORDER BY m.joined_at, m.id) AS place"""


async def load_receipt_pages(keys: Sequence[ReceiptQuery]) -> list[list[ReceiptRow]]:
    """The members who were there when a message was sent, its sender left out, in the order they joined; one more than
    asked when there are more."""
    results: dict[ReceiptQuery, list[ReceiptRow]] = {}
    alike: dict[object, list[ReceiptQuery]] = defaultdict(list)
    for key in keys:
        alike[key.after, key.size].append(key)
    for group in alike.values():
        results.update(await _pages(group))
    return [results[key] for key in keys]


async def _pages(group: Sequence[ReceiptQuery]) -> dict[ReceiptQuery, list[ReceiptRow]]:
    args: list[object] = [False, True, group[0].size + 1]
    below = ""
    if group[0].after:
        args += group[0].after
        below = " AND (m.joined_at, m.id) > ($4, $5)"
    found = await db.rows(
        f"SELECT * FROM (SELECT {_RECEIPT} FROM {db.table('d', _WANTED, first=len(args) + 1)} JOIN member m"
        " ON m.conversation_id = d.conversation_id AND m.left_at IS NULL AND m.joined_at <= d.sent_at"
        f" AND (d.sender_id IS NULL OR m.user_id <> d.sender_id){below}) AS page WHERE place <= $3 ORDER BY n, place",
        *args,
        *db.table_args([(n, k.conversation_id, k.seq, k.sender_id, k.sent_at) for n, k in enumerate(group)]),
    )
    pages: dict[ReceiptQuery, list[ReceiptRow]] = {key: [] for key in group}
    for row in found:
        key = group[row["n"]]
        pages[key].append(_receipt(row, key))
    return pages


def _receipt(row: db.Row, query: ReceiptQuery) -> ReceiptRow:
    is_read = not query.is_hidden and row["read_seq"] >= query.seq
    is_delivered = not query.is_hidden and row["delivered_seq"] >= query.seq
    is_known = query.sent_at > now() - timedelta(days=current().settings.messages.receipt_days)
    last_read_at = row["own_read_at"] if row["told_delivered_seq"] is None else row["told_read_at"]
    read_at = row["read_at"] or last_read_at if is_read and is_known else None
    # No other time stands in: that of reading would tell of it where reading is private.
    delivered_at = row["delivered_at"] if is_delivered and is_known else None
    state = DeliveryState.READ if is_read else DeliveryState.DELIVERED if is_delivered else DeliveryState.SENT
    return ReceiptRow(row["member_id"], row["user_id"], row["joined_at"], state, delivered_at, read_at)


@schedule("receipts.trim", every=3600)
async def trim_receipt_marks() -> int:
    """Forgets when marks rose that are older than messages.receipt_days; returns how many."""
    at = now() - timedelta(days=current().settings.messages.receipt_days)
    before = UUID(int=int(at.timestamp() * 1000) << 80)  # no UUIDv7 of that instant is lower
    trimmed = 0
    while gone := await db.execute(
        "DELETE FROM receipt_mark WHERE id IN (SELECT id FROM receipt_mark WHERE id < $1 ORDER BY id LIMIT $2)",
        before,
        _TRIMMED,
    ):
        trimmed += gone
    return trimmed
