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
    """SQL: whether pin `p` is there for the person `viewer` (a placeholder or column)."""
    return f"({p}.only_for_id IS NULL OR {p}.only_for_id = {viewer})"


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
            "INSERT INTO pin (id, message_id, conversation_id, pinned_by_id, pinned_at, expires_at, only_for_id)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (message_id) DO UPDATE SET"
            " expires_at = excluded.expires_at, pinned_by_id = excluded.pinned_by_id, pinned_at = excluded.pinned_at,"
            " only_for_id = CASE WHEN pin.only_for_id = excluded.pinned_by_id THEN excluded.only_for_id END",
            new_id(), message.id, message.conversation_id, viewer.user_id, at, until,
            viewer.user_id if hidden_from else None,
        )  # fmt: skip
        _announce(held, viewer.user_id, hidden_from, is_pinned=True)
        if old is None:
            value, is_hidden = encode_id("msg", message.id), bool(hidden_from)
            notice = Notice(SystemNoticeKind.MESSAGE_PINNED, viewer.user_id, value=value, is_hidden=is_hidden)
            await notify(held.access.conversation, notice)
    return message


@db.retried
async def unpin_message(viewer: Viewer, message_id: UUID) -> MessageRow:
    """Unpins a message; one that is not pinned stays so. By somebody whom the other person of a direct conversation
    blocks, it is unpinned for them alone. Raises NOT_FOUND, NOT_PARTICIPANT, FORBIDDEN as `pin_message`."""
    async with log.transaction():
        held = await _lock_pinnable(viewer, message_id)
        hidden_from = await held.add()
        sql = f"SELECT only_for_id FROM pin p WHERE message_id = $1 AND {seen_by('$2')}"
        pin = await db.row(sql, held.message.id, viewer.user_id)
        if pin is None:
            return held.message
        if pin["only_for_id"] is not None:
            await db.execute("DELETE FROM pin WHERE message_id = $1", held.message.id)
            hidden_from = (held.access.conversation.peer_of(viewer.user_id),)
        elif hidden_from:
            await db.execute("UPDATE pin SET only_for_id = $1 WHERE message_id = $2", hidden_from[0], held.message.id)
        else:
            await db.execute("DELETE FROM pin WHERE message_id = $1", held.message.id)
        _announce(held, viewer.user_id, hidden_from, is_pinned=False)
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
    """That a message is pinned, for `only_for` alone if that is given."""

    only_for: UUID | None = None


async def load_pins(message_ids: Sequence[UUID]) -> list[Pin | None]:
    """Message → its pin, whoever asks; None: it is not pinned now."""
    found = await db.rows(
        f"SELECT message_id, only_for_id FROM pin p WHERE message_id = ANY($1::uuid[]) AND {holds()}",
        list(message_ids),
    )
    pins = {row["message_id"]: Pin(row["only_for_id"]) for row in found}
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
        f"SELECT {MESSAGE_COLUMNS}, d.n, p.id AS pin_id, p.pinned_at FROM {db.table('d', _PINS)}"
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
            " p.only_for_id"
            " FROM pin p JOIN message m ON m.id = p.message_id JOIN conversation c ON c.id = p.conversation_id"
            f" WHERE p.conversation_id = ANY($1::uuid[]) AND p.expires_at <= {db.now_sql()}"
            " ORDER BY p.conversation_id, p.id",
            ids,
        )
        await db.execute("DELETE FROM pin WHERE id = ANY($1::uuid[])", [row["id"] for row in gone])
        for row in gone:
            facts = {"messageId": str(row["message_id"]), "seq": row["seq"], "isPinned": False}
            unseen = unseen_by(
                {**row, "is_hidden": True, "sender_id": row["only_for_id"]} if row["only_for_id"] else row
            )
            log.record(log.NewEvent(row["conversation_id"], "MESSAGE_PINNED", facts, hidden_from=unseen))
    return len(found)
