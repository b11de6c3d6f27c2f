"""Delivered and read marks: absolute, only rising, written in batches, the last mark of a member winning.

A batch locks member rows only, never conversations: sends don't wait for receipts. It reads the tables of
conversations and members itself, as the send path does.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

import structlog

from app.conversations.records import ConversationKind
from app.core import db, log
from app.core.clock import new_id, now
from app.core.errors import ErrorCode, UnavailableError, UserFault
from app.core.runtime import Runtime, current
from app.core.viewer import Viewer
from app.messages.unread import Passed, count_passed

logger = structlog.get_logger(__name__)

MARKS = 100  # of one markDelivered
BATCH = 1000  # members whose marks are written at once
WAITING = 10 * BATCH  # past it, UNAVAILABLE
DRAIN_SECONDS = 5.0

Key = tuple[UUID, UUID]
"""User and conversation."""


@dataclass(slots=True, frozen=True)
class Mark:
    """What a client says it has up to, in one conversation; None, or past the last message, is everything."""

    conversation_id: UUID
    up_to_seq: int | None = None


@dataclass(slots=True, frozen=True)
class Moved:
    """How many messages that count as unread a mark took to delivered and to read; 0 when it was there already."""

    delivered: int = 0
    read: int = 0


async def mark_read(viewer: Viewer, mark: Mark) -> Moved:
    """Raises the viewer's read (and delivered) mark. Raises NOT_FOUND, NOT_PARTICIPANT, UNAVAILABLE."""
    await _check_participant(viewer, {("conversationId",): mark.conversation_id})
    return await current().part(ReceiptWriter).put(viewer.user_id, mark, is_read=True)


async def mark_delivered(viewer: Viewer, marks: Sequence[Mark]) -> list[Moved]:
    """Raises the viewer's delivered marks.

    Raises LIMIT_REACHED over 100 marks, NOT_FOUND and NOT_PARTICIPANT with the place of the mark: nothing is changed
    then. Raises UNAVAILABLE.
    """
    if len(marks) > MARKS:
        raise UserFault(ErrorCode.LIMIT_REACHED, f"Send at most {MARKS} marks.", field=("marks",), limit=MARKS)
    await _check_participant(
        viewer, {("marks", str(n), "conversationId"): m.conversation_id for n, m in enumerate(marks)}
    )
    writer = current().part(ReceiptWriter)
    return await asyncio.gather(*(writer.put(viewer.user_id, mark, is_read=False) for mark in marks))


async def _check_participant(viewer: Viewer, conversations: Mapping[tuple[str, ...], UUID]) -> None:
    found = await db.rows(
        "SELECT conversation_id, left_at FROM member WHERE user_id = $1 AND conversation_id = ANY($2::uuid[])",
        viewer.user_id,
        list(conversations.values()),
    )
    memberships = {row["conversation_id"]: row["left_at"] for row in found}
    for path, conversation_id in conversations.items():
        if conversation_id not in memberships:
            raise UserFault(ErrorCode.NOT_FOUND, "There is no such conversation.", field=path)
        if memberships[conversation_id] is not None:
            raise UserFault(ErrorCode.NOT_PARTICIPANT, "You are no longer in this conversation.", field=path)


# ── writing ───────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True, frozen=True)
class Wanted:
    """The marks a member asked for since the last batch; -1 where none."""

    delivered: int = -1
    read: int = -1

    def joined(self, mark: int, *, is_read: bool) -> Wanted:
        """With one more mark: what is read is delivered, too."""
        return Wanted(max(self.delivered, mark), max(self.read, mark) if is_read else self.read)


_PAIR = {"user_id": "uuid", "conversation_id": "uuid"}
_NEW = {
    "id": "uuid", "delivered": "int", "read": "int", "told_delivered": "int", "told_read": "int",
    "told_read_at": "timestamptz", "unread_from": "int",
}  # fmt: skip
_REMEMBERED = {"id": "uuid", "member_id": "uuid", "is_read": "bool", "seq": "int", "at": "timestamptz"}
_EVERYTHING = 2**31 - 1


@db.retried
async def write_marks(wanted: Mapping[Key, Wanted]) -> dict[Key, Moved]:
    """Raises the marks of members in one transaction and announces those that moved. Whoever has left is left out."""
    pairs = db.table_args(list(wanted))
    async with log.transaction():
        await db.rows(
            f"SELECT m.id FROM {db.table('d', _PAIR)}"
            " JOIN member m ON m.user_id = d.user_id AND m.conversation_id = d.conversation_id"
            " ORDER BY m.id FOR NO KEY UPDATE OF m",
            *pairs,
        )
        found = await db.rows(
            "SELECT m.id, m.user_id, m.conversation_id, m.first_seq, m.delivered_seq, m.read_seq, m.read_at,"
            " m.told_delivered_seq, m.told_read_seq, m.told_read_at, m.is_request, m.unread_from_seq, c.member_count,"
            " c.kind,"
            " CASE WHEN c.hidden_from_id = m.user_id THEN c.shown_seq ELSE c.last_seq END AS last_seq,"
            " peer.user_id AS peer_id, own.id AS blocking, theirs.id AS blocked_by,"
            " coalesce(p.read_receipts, TRUE) AS tells"
            f" FROM {db.table('d', _PAIR)}"
            " JOIN member m ON m.user_id = d.user_id AND m.conversation_id = d.conversation_id AND m.left_at IS NULL"
            " JOIN conversation c ON c.id = m.conversation_id"
            " LEFT JOIN member peer ON c.kind = 'DIRECT' AND peer.conversation_id = c.id AND peer.user_id <> m.user_id"
            " LEFT JOIN block own ON own.blocker_id = m.user_id AND own.blocked_id = peer.user_id"
            " LEFT JOIN block theirs ON theirs.blocker_id = peer.user_id AND theirs.blocked_id = m.user_id"
            " LEFT JOIN privacy_settings p ON p.user_id = m.user_id",
            *pairs,
        )
        moves = [_move(row, wanted[row["user_id"], row["conversation_id"]]) for row in found]
        moved = [m for m in moves if m.is_raised or m.is_read]
        counts = await count_passed([m.delivering for m in moved] + [m.reading for m in moved])
        if moved:
            await db.execute(
                "UPDATE member SET delivered_seq = d.delivered, read_at = CASE WHEN member.read_seq < d.read"
                " THEN $1::timestamptz ELSE member.read_at END, read_seq = d.read,"
                " told_delivered_seq = d.told_delivered, told_read_seq = d.told_read, told_read_at = d.told_read_at,"
                " unread_from_seq = d.unread_from"
                f" FROM {db.table('d', _NEW, first=2)} WHERE member.id = d.id",
                now(),
                *db.table_args([(m.member_id, m.delivered, m.read, *m.told, m.unread_from) for m in moved]),
            )
            await _remember(moved)
            _announce(moved)
    return {m.key: Moved(counts[n], counts[n + len(moved)]) for n, m in enumerate(moved)}


@dataclass(slots=True, frozen=True)
class _Move:
    """The marks of a member as they are to be, and what they pass."""

    key: Key
    member_id: UUID
    member_count: int
    delivered: int
    read: int
    unread_from: int | None
    is_raised: bool  # whether a mark that others may see moved
    raises_read: bool
    tells: bool
    is_read: bool  # whether the member's own counts may have changed
    is_told: bool  # whether it is the others' business: what only was read may be private, readers of a broadcast are
    # What the other person goes on seeing (delivered, read, when); all None: the marks.
    told: tuple[int | None, int | None, datetime | None]
    hidden_from: UUID | None
    delivering: Passed
    reading: Passed


def _move(row: db.Row, wanted: Wanted) -> _Move:
    """Clamped to what there is, and never back; reading also ends what markUnread said, as far as it goes. Messages
    from before the member's time don't count."""
    key = (row["user_id"], row["conversation_id"])
    reached = min(wanted.read, row["last_seq"])
    delivered = max(row["delivered_seq"], min(wanted.delivered, row["last_seq"]))
    read = max(row["read_seq"], reached)
    unseen = row["first_seq"] - 1
    reading = Passed(*key, start=max(row["read_seq"], unseen), head=read)
    unread_from = row["unread_from_seq"]
    if unread_from is not None and reached >= (marked := max(unread_from, row["first_seq"])):
        reading = Passed(*key, start=min(reached, reading.start), head=read, marked=marked)
        if reached < row["read_seq"]:
            reading = replace(reading, head=reached)
        unread_from = None if reached >= row["read_seq"] else reached + 1
    is_raised = delivered > row["delivered_seq"] or read > row["read_seq"]
    # Nobody learns what somebody reads who blocks them, or has not answered their request yet.
    is_quiet = row["blocking"] is not None or bool(row["is_request"])
    told: tuple[int | None, int | None, datetime | None] = (None, None, None)
    if not is_raised or (is_quiet and row["told_delivered_seq"] is not None):
        told = (row["told_delivered_seq"], row["told_read_seq"], row["told_read_at"])
    elif is_quiet:
        told = (row["delivered_seq"], row["read_seq"], row["read_at"])
    return _Move(
        key, row["id"], row["member_count"], delivered, read, unread_from, is_raised=is_raised,
        raises_read=read > row["read_seq"], tells=bool(row["tells"]),
        is_read=read > row["read_seq"] or unread_from != row["unread_from_seq"],
        is_told=row["kind"] != ConversationKind.BROADCAST
        and (delivered > row["delivered_seq"] or bool(row["tells"])), told=told,
        hidden_from=row["peer_id"] if is_quiet or row["blocked_by"] is not None else None,
        delivering=Passed(*key, start=max(row["delivered_seq"], unseen), head=delivered), reading=reading,
    )  # fmt: skip


async def _remember(moved: Iterable[_Move]) -> None:
    """When the marks rose, as far as the others may know: for `Message.receipts`."""
    most, at = current().settings.conversations.receipts_announced_up_to, now()
    rows: list[tuple[UUID, UUID, bool, int, datetime]] = []
    for m in moved:
        if m.member_count <= most and m.told[0] is None:
            if m.delivering.head > m.delivering.start:
                rows.append((new_id(), m.member_id, False, m.delivered, at))
            if m.raises_read and m.tells:
                rows.append((new_id(), m.member_id, True, m.read, at))
    if rows:
        await db.execute(
            "INSERT INTO receipt_mark (id, member_id, is_read, seq, created_at)"
            f" SELECT id, member_id, is_read, seq, at FROM {db.table('d', _REMEMBERED)}"
            f"{'' if db.is_postgres() else ' WHERE true'} ON CONFLICT DO NOTHING",
            *db.table_args(rows),
        )


def _announce(moved: Iterable[_Move]) -> None:
    """To the members, in conversations small enough (a thousand readers of one message would be a million
    deliveries); and to a reader's own devices, whose counts change."""
    most = current().settings.conversations.receipts_announced_up_to
    unread: dict[UUID, list[UUID]] = {}
    for m in moved:
        user_id, conversation_id = m.key
        if m.member_count <= most and m.is_raised and m.is_told:
            facts = {"memberId": str(m.member_id), "userId": str(user_id)}
            hidden_from = [m.hidden_from] if m.hidden_from else ()
            log.record(log.NewEvent(conversation_id, "RECEIPT_CHANGED", facts, hidden_from=hidden_from))
        if m.is_read:
            unread.setdefault(user_id, []).append(conversation_id)
    for user_id, conversation_ids in unread.items():
        log.record(log.NewEvent(user_id, "UNREAD_CHANGED", {"conversationIds": [str(c) for c in conversation_ids]}))


# ── collecting ────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class _Collected:
    """What gathers for the next batch."""

    wanted: dict[Key, Wanted] = field(default_factory=dict)
    done: dict[Key, asyncio.Future[Moved]] = field(default_factory=dict)


class ReceiptWriter:
    """Collects the marks of a process and writes them together each `interval` seconds; a lone one at once."""

    def __init__(self, interval: float) -> None:
        self._interval = interval
        self._collected = _Collected()
        self._writing = _Collected()
        self._wake = asyncio.Event()
        self._is_closing = False

    async def put(self, user_id: UUID, mark: Mark, *, is_read: bool) -> Moved:
        """Returns once the batch with this mark is committed. Raises UserFault UNAVAILABLE."""
        collected = self._collected
        key = (user_id, mark.conversation_id)
        if self._is_closing or len(collected.wanted) >= WAITING:
            raise _unavailable()
        up_to = _EVERYTHING if mark.up_to_seq is None else mark.up_to_seq
        collected.wanted[key] = collected.wanted.get(key, Wanted()).joined(up_to, is_read=is_read)
        done = collected.done.get(key)
        if done is None:
            done = collected.done[key] = asyncio.get_running_loop().create_future()
        self._wake.set()
        return await asyncio.shield(done)  # others may wait for the same batch

    async def run(self) -> None:
        """Writes batches until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            await self._wake.wait()
            self._wake.clear()
            self._writing, self._collected = self._collected, _Collected()
            started = loop.time()
            await self._write(self._writing)
            if not self._is_closing:
                await asyncio.sleep(self._interval - (loop.time() - started))

    async def _write(self, collected: _Collected) -> None:
        keys = list(collected.wanted)
        for start in range(0, len(keys), BATCH):
            some = keys[start : start + BATCH]
            moved: dict[Key, Moved] = {}
            failure: Exception | None = None
            try:
                moved = await write_marks({key: collected.wanted[key] for key in some})
            except UnavailableError:
                failure = _unavailable()
            except Exception as error:
                logger.exception("marks_not_written")
                failure = error
            for key in some:
                done = collected.done[key]
                if failure is None:
                    done.set_result(moved.get(key, Moved()))
                else:
                    done.set_exception(failure)
                    done.exception()  # whoever asked may have gone: no warning then

    async def close(self) -> None:
        """Refuses new marks, and returns when the collected ones are written (5 s at most)."""
        self._is_closing = True
        waiting = [*self._writing.done.values(), *self._collected.done.values()]
        self._wake.set()
        if waiting:
            await asyncio.wait(waiting, timeout=DRAIN_SECONDS)


def _unavailable() -> UserFault:
    return UserFault(ErrorCode.UNAVAILABLE, "Marks can't be kept right now: send them again.", retry_after=1)


@asynccontextmanager
async def receipt_writer(runtime: Runtime) -> AsyncIterator[ReceiptWriter]:
    """Runs the writer of this process; leaving drains it."""
    writer = ReceiptWriter(runtime.settings.messages.receipt_seconds)
    task = asyncio.create_task(writer.run(), name="receipts")
    runtime.provide(writer)
    try:
        yield writer
    finally:
        await writer.close()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
