"""Pins: a few messages of a conversation that everybody there finds at once, until a time or until unpinned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.conversations.notices import Notice, SystemNoticeKind, notify
from app.conversations.records import ConversationKind, ConversationRow, MemberRow, reaches
from app.core import db, log
from app.core.clock import new_id
from app.core.errors import ErrorCode, UserFault
from app.core.graphql.ids import encode_id
from app.core.jobs import schedule
from app.core.runtime import current
from app.core.viewer import Viewer
from app.messages.access import Held, check_there, lock_message, unseen_by
from app.messages.records import MESSAGE_COLUMNS, MessageKind, MessageRow, message_from
from app.messages.visibility import visible_to

SECONDS_MAX = 366 * 86400
BATCH = 200


def holds(p: str = "p") -> str:
    """SQL: whether pin `p` has not expired, by the database's clock."""
    return f"({p}.expires_at IS NULL OR {p}.expires_at > {db.now_sql()})"


def seen_by(viewer: str, p: str = "p") -> str:
    """SQL: whether pin `p` is not hidden from the person `viewer` (a placeholder or column)."""
    return f"(NOT {p}.is_hidden OR {p}.pinned_by_id = {viewer})"


def may_pin(conversation: ConversationRow, member: MemberRow) -> bool:
    """Whether the member may pin and unpin here: both in a direct conversation, else as whoCanPin says."""
    if conversation.kind is ConversationKind.DIRECT:
        return not member.is_request
    return reaches(member.role, conversation.permissions.who_can_pin)


def is_pinnable(message: MessageRow) -> bool:
    """Whether it can be pinned."""
    return message.deleted_at is None and message.kind is not MessageKind.SYSTEM


@db.retried
async def pin_message(viewer: Viewer, message_id: UUID, for_seconds: int | None) -> MessageRow:
    """Pins a message, for so many seconds or until it is unpinned. One that is pinned gets the new end; nobody hears
    of it when that is the same. By somebody whom the other person of a direct conversation blocks, it is pinned for
    them alone.

    Raises INVALID for a time out of range, NOT_FOUND, NOT_PARTICIPANT, FORBIDDEN below whoCanPin, for notices and
    tombstones and while the viewer blocks the other, LIMIT_REACHED with the limit when as many are pinned there.
    """
    if for_seconds is not None and not 1 <= for_seconds <= SECONDS_MAX:
        raise UserFault(ErrorCode.INVALID, "Pin for a second to a year.", field=("forSeconds",), limit=SECONDS_MAX)
    async with log.transaction():
        held = await _lock_pinnable(viewer, message_id)
        message = held.message
        check_there(message)
        if not is_pinnable(message):
            raise UserFault(ErrorCode.FORBIDDEN, "Notices can't be pinned.", field=("messageId",))
        hidden_from = await held.add()
        at = await db.now()
        pinned = await db.rows(
            f"SELECT message_id, expires_at FROM pin p WHERE conversation_id = $1 AND {holds()} AND {seen_by('$2')}",
            message.conversation_id,
            viewer.user_id,
        )
        old = next((row for row in pinned if row["message_id"] == message.id), None)
        if old is not None and old["expires_at"] is None and for_seconds is None:
            return message
        most = current().settings.messages.pins_per_conversation
        if old is None and len(pinned) >= most:
            words = f"At most {most} messages can be pinned here: unpin one first."
            raise UserFault(ErrorCode.LIMIT_REACHED, words, field=("messageId",), limit=most)
        until = None if for_seconds is None else at + timedelta(seconds=for_seconds)
        await db.execute(
            "INSERT INTO pin (id, message_id, conversation_id, pinned_by_id, pinned_at, expires_at, is_hidden)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (message_id) DO UPDATE SET"
            " expires_at = excluded.expires_at, pinned_by_id = excluded.pinned_by_id, pinned_at = excluded.pinned_at,"
            " is_hidden = pin.is_hidden AND excluded.is_hidden",
            new_id(), message.id, message.conversation_id, viewer.user_id, at, until, bool(hidden_from),
        )  # fmt: skip
        _announce(held, viewer.user_id, hidden_from, is_pinned=True)
        if old is None:
            value, is_hidden = encode_id("msg", message.id), bool(hidden_from)
            notice = Notice(SystemNoticeKind.MESSAGE_PINNED, viewer.user_id, value=value, is_hidden=is_hidden)
            await notify(held.access.conversation, notice)
    return message


@db.retried
async def unpin_message(viewer: Viewer, message_id: UUID) -> MessageRow:
    """Unpins a message; one that is not pinned stays so. Raises NOT_FOUND, NOT_PARTICIPANT, FORBIDDEN."""
    async with log.transaction():
        held = await _lock_pinnable(viewer, message_id)
        hidden_from = await held.add()
        gone = await db.rows(
            f"DELETE FROM pin WHERE message_id = $1 AND {seen_by('$2', 'pin')} RETURNING is_hidden",
            held.message.id,
            viewer.user_id,
        )
        if gone:
            unseen = held.hidden_from or (hidden_from if gone[0]["is_hidden"] else ())
            _announce(held, viewer.user_id, unseen, is_pinned=False)
    return held.message


async def _lock_pinnable(viewer: Viewer, message_id: UUID) -> Held:
    held = await lock_message(viewer, message_id)
    if not may_pin(held.access.conversation, held.access.member):
        raise UserFault(ErrorCode.FORBIDDEN, "You may not pin messages here.", field=("messageId",))
    return held


def _announce(held: Held, actor_id: UUID, hidden_from: Sequence[UUID], *, is_pinned: bool) -> None:
    message = held.message
    facts = {
        "messageId": str(message.id), "seq": message.seq, "actorId": str(actor_id), "isPinned": is_pinned,
    }  # fmt: skip
    log.record(log.NewEvent(message.conversation_id, "MESSAGE_PINNED", facts, hidden_from=hidden_from))


# ── reading ───────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True, frozen=True)
class Pin:
    """That a message is pinned, for `only_for` alone if that is given: from the other it is hidden."""

    only_for: UUID | None = None


async def load_pins(message_ids: Sequence[UUID]) -> list[Pin | None]:
    """Message → its pin, whoever asks; None: it is not pinned now."""
    found = await db.rows(
        f"SELECT message_id, is_hidden, pinned_by_id FROM pin p WHERE message_id = ANY($1::uuid[]) AND {holds()}"
        " AND (NOT is_hidden OR pinned_by_id IS NOT NULL)",
        list(message_ids),
    )
    pins = {row["message_id"]: Pin(row["pinned_by_id"] if row["is_hidden"] else None) for row in found}
    return [pins.get(message_id) for message_id in message_ids]


@dataclass(slots=True, frozen=True)
class PinQuery:
    """The pinned messages of a conversation that somebody may see, in their range of numbers."""

    conversation_id: UUID
    user_id: UUID
    low: int
    high: int


@dataclass(slots=True, frozen=True)
class Pinned:
    """A pinned message, and the key of its place: when it was pinned, and the pin."""

    message: MessageRow
    pinned_at: datetime
    pin_id: UUID


_PINS = {"n": "int", "conversation_id": "uuid", "user_id": "uuid", "low": "int", "high": "int"}


async def load_pinned(queries: Sequence[PinQuery]) -> list[list[Pinned]]:
    """All pinned messages of each, pinned last first: there are few."""
    found = await db.rows(
        f"SELECT d.n, p.id AS pin_id, p.pinned_at, {MESSAGE_COLUMNS} FROM {db.table('d', _PINS)}"
        f" JOIN pin p ON p.conversation_id = d.conversation_id AND {holds()} AND {seen_by('d.user_id')}"
        " JOIN message m ON m.id = p.message_id"
        f" AND m.seq BETWEEN d.low AND d.high AND {visible_to('d.user_id')} ORDER BY d.n, p.pinned_at DESC, p.id DESC",
        *db.table_args([(n, q.conversation_id, q.user_id, q.low, q.high) for n, q in enumerate(queries)]),
    )
    pages: list[list[Pinned]] = [[] for _ in queries]
    for row in found:
        message = message_from(row).seen_by(queries[row["n"]].user_id)
        pages[row["n"]].append(Pinned(message, row["pinned_at"], row["pin_id"]))
    return pages


# ── their end ─────────────────────────────────────────────────────────────────────────────────────


@schedule("messages.unpin", every=15)
async def sweep_pins() -> int:
    """Removes pins whose time has passed, which nobody sees any more, and says so; returns how many."""
    swept = 0
    while count := await _sweep_some():
        swept += count
    return swept


async def _sweep_some() -> int:
    due = f"SELECT p.conversation_id FROM pin p WHERE p.expires_at <= {db.now_sql()}"
    found = await db.rows(f"{due} ORDER BY p.expires_at LIMIT $1", BATCH)
    if not found:
        return 0
    ids = list({row["conversation_id"] for row in found})
    async with log.transaction():
        await db.rows(
            "SELECT id FROM conversation WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE", ids
        )  # fmt: skip
        gone = await db.rows(
            "SELECT p.id, p.conversation_id, m.id AS message_id, m.seq, m.is_hidden, m.sender_id, c.direct_key,"
            " p.is_hidden AS pin_is_hidden, p.pinned_by_id"
            " FROM pin p JOIN message m ON m.id = p.message_id JOIN conversation c ON c.id = p.conversation_id"
            f" WHERE p.conversation_id = ANY($1::uuid[]) AND p.expires_at <= {db.now_sql()}"
            " ORDER BY p.conversation_id, p.id",
            ids,
        )
        await db.execute("DELETE FROM pin WHERE id = ANY($1::uuid[])", [row["id"] for row in gone])
        for row in gone:
            facts = {"messageId": str(row["message_id"]), "seq": row["seq"], "isPinned": False}
            unseen = unseen_by(
                {**row, "is_hidden": True, "sender_id": row["pinned_by_id"]} if row["pin_is_hidden"] else row
            )
            log.record(log.NewEvent(row["conversation_id"], "MESSAGE_PINNED", facts, hidden_from=unseen))
    return len(found)
