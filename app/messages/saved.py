"""Saved messages: a person's own list of messages to find again. What they no longer see is not in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.accounts.sessions import lock_user
from app.core import db, log
from app.core.clock import new_id, now
from app.core.errors import ErrorCode, UserFault
from app.core.runtime import current
from app.core.viewer import Viewer
from app.messages.access import not_found
from app.messages.history import load_visible_messages
from app.messages.records import MESSAGE_COLUMNS, MessageRow, message_from
from app.messages.visibility import visible_to

_SEEN = (
    "FROM saved_message s JOIN message m ON m.id = s.message_id AND m.deleted_at IS NULL"
    " JOIN member own ON own.conversation_id = m.conversation_id AND own.user_id = s.user_id AND own.left_at IS NULL"
    " AND m.seq >= own.first_seq WHERE s.user_id = $1"
)


@dataclass(slots=True, frozen=True)
class Saved:
    """A saved message, and the key of its place in the list."""

    message: MessageRow
    saved_at: datetime
    id: UUID


@db.retried
async def save_message(viewer: Viewer, message_id: UUID) -> MessageRow:
    """Keeps a message in the viewer's list; again changes nothing.

    Raises NOT_FOUND, FORBIDDEN for a tombstone, LIMIT_REACHED with the limit.
    """
    async with log.transaction():
        # Deleting, for everyone or for oneself, takes the saved too: not while this is on its way.
        place = "SELECT conversation_id FROM message WHERE id = $1"
        await db.rows(f"SELECT id FROM conversation WHERE id = ({place}) FOR NO KEY UPDATE", message_id)
        await lock_user(viewer.user_id)
        message = await _require(viewer, message_id)
        if message.deleted_at is not None:
            raise UserFault(ErrorCode.FORBIDDEN, "This message was deleted.", field=("messageId",))
        if (await load_has_saved([(viewer.user_id, message.id)]))[0]:
            return message
        most = current().settings.messages.saved_messages
        row = await db.row("SELECT count(*) AS total FROM saved_message WHERE user_id = $1", viewer.user_id)
        if row and row["total"] >= most:
            raise UserFault(ErrorCode.LIMIT_REACHED, f"Save at most {most} messages.", field=("messageId",), limit=most)
        await db.execute(
            "INSERT INTO saved_message (id, user_id, message_id, created_at) VALUES ($1, $2, $3, $4)"
            " ON CONFLICT (user_id, message_id) DO NOTHING",
            new_id(), viewer.user_id, message.id, now(),
        )  # fmt: skip
        _announce(viewer, message, is_saved=True)
    return message


@db.retried
async def unsave_message(viewer: Viewer, message_id: UUID) -> MessageRow:
    """Takes a message off the viewer's list; one that is not in it stays so. Raises NOT_FOUND."""
    async with log.transaction():
        await lock_user(viewer.user_id)
        message = await _require(viewer, message_id)
        sql = "DELETE FROM saved_message WHERE user_id = $1 AND message_id = $2"
        if await db.execute(sql, viewer.user_id, message.id):
            _announce(viewer, message, is_saved=False)
    return message


async def _require(viewer: Viewer, message_id: UUID) -> MessageRow:
    (message,) = await load_visible_messages([(viewer.user_id, message_id)])
    if message is None:
        raise not_found()
    return message


def _announce(viewer: Viewer, message: MessageRow, *, is_saved: bool) -> None:
    """To the person's own devices: nobody else may know."""
    facts = {"messageId": str(message.id), "isSaved": is_saved}
    log.record(log.NewEvent(viewer.user_id, "MESSAGE_SAVED", facts))


async def load_has_saved(keys: Sequence[tuple[UUID, UUID]]) -> list[bool]:
    """(viewer, message) → whether it is in the viewer's list."""
    found = await db.rows(
        "SELECT user_id, message_id FROM saved_message WHERE message_id = ANY($1::uuid[])"
        " AND user_id = ANY($2::uuid[])",
        list({message_id for _, message_id in keys}),
        list({user_id for user_id, _ in keys}),
    )
    saved = {(row["user_id"], row["message_id"]) for row in found}
    return [key in saved for key in keys]


async def list_saved(viewer: Viewer, size: int, after: tuple[datetime, UUID] | None) -> list[Saved]:
    """A page of the list, saved last first, with one more than asked when there are more."""
    args: list[object] = [viewer.user_id]
    where = ""
    if after:
        args += after
        where = " AND (s.created_at, s.id) < ($2, $3)"
    args.append(size + 1)
    found = await db.rows(
        f"SELECT {MESSAGE_COLUMNS}, s.id AS saved_id, s.created_at AS saved_at {_SEEN} AND {visible_to('$1')}{where}"
        f" ORDER BY s.created_at DESC, s.id DESC LIMIT ${len(args)}",
        *args,
    )
    return [Saved(message_from(row).seen_by(viewer.user_id), row["saved_at"], row["saved_id"]) for row in found]


async def count_saved(viewer: Viewer) -> int:
    """How many of the viewer's saved messages they still see."""
    row = await db.row(f"SELECT count(*) AS total {_SEEN} AND {visible_to('$1')}", viewer.user_id)
    return int(row["total"]) if row else 0
