"""What messages add to a copy of somebody's data: all they may read, in order, others by their names only."""

from __future__ import annotations

from uuid import UUID

from app.accounts.exports import Lines, exports
from app.accounts.loaders import load_users
from app.core import db
from app.core.graphql.ids import encode_id
from app.messages.records import MESSAGE_COLUMNS, message_from
from app.messages.visibility import visible_to

PAGE = 500


@exports("messages")
async def _messages(user_id: UUID) -> Lines:
    found = await db.rows(
        "SELECT m.conversation_id, m.first_seq, CASE WHEN m.left_at IS NULL THEN c.last_seq ELSE m.last_seq END"
        " AS last_seq FROM member m JOIN conversation c ON c.id = m.conversation_id WHERE m.user_id = $1"
        " ORDER BY m.conversation_id",
        user_id,
    )
    for row in found:
        async for line in messages_of(user_id, row["conversation_id"], row["first_seq"], row["last_seq"] or 0):
            yield line


async def messages_of(user_id: UUID, conversation_id: UUID, first_seq: int, last_seq: int) -> Lines:
    """What somebody may read of these numbers of a conversation, in order."""
    while first_seq <= last_seq:
        page = await db.rows(
            f"SELECT {MESSAGE_COLUMNS} FROM message m WHERE m.conversation_id = $1 AND m.seq BETWEEN $2 AND $3"
            f" AND {visible_to('$4')} ORDER BY m.seq LIMIT $5",
            conversation_id, first_seq, last_seq, user_id, PAGE,
        )  # fmt: skip
        messages = [message_from(row) for row in page]
        senders = list({m.sender_id for m in messages if m.sender_id})
        names = {p.id: p.shown_name for p in await load_users(senders) if p}
        for message in messages:
            sender = {"__typename": "User", "displayName": names.get(message.sender_id)} if message.sender_id else None
            yield {
                "__typename": "Message", "id": encode_id("msg", message.id),
                "conversation": {"id": encode_id("cnv", conversation_id)}, "seq": message.seq, "kind": message.kind,
                "sender": sender, "isOwn": message.sender_id == user_id,
                "text": None if message.deleted_at else message.text,
                "replyTo": {"id": encode_id("msg", message.reply_to_id)} if message.reply_to_id else None,
                "createdAt": message.created_at, "editedAt": message.edited_at, "deletedAt": message.deleted_at,
            }  # fmt: skip
        if len(page) < PAGE:
            return
        first_seq = messages[-1].seq + 1


@exports("scheduledMessages")
async def _scheduled(user_id: UUID) -> Lines:
    found = await db.rows(
        "SELECT id, conversation_id, content, send_at, state, created_at FROM scheduled_message WHERE user_id = $1"
        " ORDER BY send_at, id",
        user_id,
    )
    for row in found:
        yield {
            "__typename": "ScheduledMessage", "id": encode_id("sch", row["id"]),
            "conversation": {"id": encode_id("cnv", row["conversation_id"])}, "text": row["content"]["text"],
            "sendAt": row["send_at"], "state": row["state"], "createdAt": row["created_at"],
        }  # fmt: skip
