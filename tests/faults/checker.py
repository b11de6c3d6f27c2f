"""What happened, as clients saw it, held against what is stored (after Jepsen; reliability.md sections 1 and 4).

Every operation is recorded with its start, its end and its outcome: ok, fail, or unknown (it may have happened, 0 or 1
times). `check` returns every broken promise; an empty list is the pass.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

Outcome = Literal["ok", "fail", "unknown"]


@dataclass(slots=True)
class Send:
    """One message somebody tried to send, under one client message id, however often it was retried."""

    client_id: str
    conversation: str
    sender: str
    started: float
    ended: float = 0.0
    outcome: Outcome = "unknown"
    message: str = ""
    seq: int = 0
    tries: int = 0


@dataclass(slots=True)
class Change:
    """One membership change: `change` is IN or OUT. It happened somewhere between started and ended."""

    conversation: str
    user: str
    change: Literal["IN", "OUT"]
    started: float
    ended: float


@dataclass(slots=True, frozen=True)
class Delivery:
    """One frame of a reader's stream, in the order it came: a message, or the reader's own joining or leaving."""

    kind: Literal["MESSAGE", "ADDED", "REMOVED"]
    conversation: str
    seq: int = 0
    message: str = ""
    client_id: str = ""
    at: float = 0.0


@dataclass(slots=True, frozen=True)
class Stored:
    """A message row, and the position of its event in the log."""

    conversation: str
    seq: int
    message: str
    sender: str
    client_id: str
    position: int


@dataclass(slots=True)
class Database:
    """What the database says at the end. `intervals` are (from, to) positions by (conversation, user)."""

    messages: Sequence[Stored]
    intervals: Mapping[tuple[str, str], Sequence[tuple[int, int | None]]]
    rows_without_event: int = 0


@dataclass(slots=True)
class History:
    """The books of one run."""

    sends: dict[str, Send] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    readers: dict[str, list[Delivery]] = field(default_factory=lambda: defaultdict(list))
    reader_users: dict[str, str] = field(default_factory=dict)
    stream_errors: list[str] = field(default_factory=list)


def check(history: History, database: Database) -> list[str]:
    """Every violation, as `promise: detail`; empty when all promises held."""
    found = [*_check_stored(history, database), *_check_order(database), *history.stream_errors]
    for reader, deliveries in sorted(history.readers.items()):
        user = history.reader_users[reader]
        found += _check_reader(reader, user, deliveries, database)
        found += _check_clock(reader, user, deliveries, history)
    return found


def kinds(violations: Sequence[str]) -> Counter[str]:
    """How many of each promise were broken."""
    return Counter(v.split(":")[0] for v in violations)


def _check_stored(history: History, database: Database) -> list[str]:
    """acked ⊆ stored, once; stored ⊆ attempted; what failed is not stored."""
    found = []
    by_client_id: dict[str, list[Stored]] = defaultdict(list)
    for row in database.messages:
        if not row.client_id:  # a notice: nobody sent it, and all else is asked of it too
            continue
        by_client_id[row.client_id].append(row)
        if row.client_id not in history.sends:
            found.append(f"stored but never sent: {row}")
    for send in history.sends.values():
        rows = by_client_id[send.client_id]
        if len(rows) > 1:
            found.append(f"stored twice: {rows}")
        if send.outcome == "ok" and not rows:
            found.append(f"acknowledged and lost: {send}")
        if send.outcome == "ok" and rows and (rows[0].message, rows[0].seq) != (send.message, send.seq):
            found.append(f"acknowledged as another: {send} is {rows[0]}")
        if send.outcome == "fail" and rows:
            found.append(f"refused but stored: {send}")
    if database.rows_without_event:
        found.append(f"stored without an event: {database.rows_without_event}")
    return found


def _check_order(database: Database) -> list[str]:
    """seq is 1..head in each conversation, and the log tells the messages in that order."""
    found = []
    rows: dict[str, list[Stored]] = defaultdict(list)
    for row in database.messages:
        rows[row.conversation].append(row)
    for conversation, mine in rows.items():
        mine.sort(key=lambda r: r.seq)
        if [r.seq for r in mine] != list(range(1, len(mine) + 1)):
            found.append(f"sequence not dense: {conversation}")
        if any(a.position >= b.position for a, b in pairwise(mine)):
            found.append(f"log order is not seq order: {conversation}")
    return found


def _check_reader(reader: str, user: str, deliveries: Sequence[Delivery], database: Database) -> list[str]:
    """Received = the member's intervals, exactly: each once, ascending, nothing outside."""
    found = []
    stored = {row.message: row for row in database.messages}
    wanted = {
        row.message
        for row in database.messages
        if any(
            low <= row.position and (high is None or row.position <= high)
            for low, high in database.intervals.get((row.conversation, user), ())
        )
    }
    seen: set[str] = set()
    last: dict[str, int] = defaultdict(int)
    for d in deliveries:
        if d.kind != "MESSAGE":
            continue
        row = stored.get(d.message)
        if row is None or (row.conversation, row.seq, row.client_id) != (d.conversation, d.seq, d.client_id):
            found.append(f"delivered what is not stored: {reader} got {d}, stored is {row}")
        if d.message in seen:
            found.append(f"delivered twice: {reader} got {d}")
        elif d.message not in wanted and row is not None:
            found.append(f"delivered outside of the membership: {reader} got {d}")
        if d.seq <= last[d.conversation] and d.message not in seen:
            found.append(f"delivered out of order: {reader} got {d} after {last[d.conversation]}")
        seen.add(d.message)
        last[d.conversation] = max(last[d.conversation], d.seq)
    # A reader begins after the groups were made: of the server's notices, it gets those after the first thing it got.
    first: dict[str, int] = {}
    for message in seen & stored.keys():
        row = stored[message]
        first[row.conversation] = min(row.seq, first.get(row.conversation, row.seq))
    missing = [stored[m] for m in sorted(wanted - seen)]
    found += [
        f"missing: {reader} never got {row}"
        for row in missing
        if row.client_id or row.seq > first.get(row.conversation, row.seq)
    ]
    return found


def _check_clock(reader: str, user: str, deliveries: Sequence[Delivery], history: History) -> list[str]:
    """The same from outside, without believing the database: by when calls began and were answered."""
    found = []
    got = {d.client_id for d in deliveries if d.kind == "MESSAGE"}
    out: dict[str, bool] = {}
    for d in deliveries:
        if d.kind == "MESSAGE" and out.get(d.conversation):
            found.append(f"delivered after the goodbye: {reader} got {d} past ConversationRemoved")
        elif d.kind != "MESSAGE":
            out[d.conversation] = d.kind == "REMOVED"
    mine: dict[str, list[Change]] = defaultdict(list)
    for change in history.changes:
        if change.user == user:
            mine[change.conversation].append(change)
    for conversation, changes in mine.items():
        for change, after in zip(changes, [*changes[1:], None], strict=True):
            until = after.started if after else float("inf")
            for send in history.sends.values():
                if send.conversation != conversation or send.started <= change.ended or send.ended >= until:
                    continue
                if change.change == "OUT" and send.client_id in got:
                    found.append(f"delivered after the removal: {reader} got {send}")
                if change.change == "IN" and send.outcome == "ok" and send.client_id not in got:
                    found.append(f"missing by the clock: {reader} was a member and never got {send}")
    return found
