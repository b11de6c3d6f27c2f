"""What messages add to a copy of somebody's data: all they may read, in order, others by their names only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from app.accounts.exports import Lines, exports
from app.accounts.loaders import load_users
from app.core import db
from app.core.graphql.ids import encode_id
from app.media.records import load_media
from app.messages.attachments import HAVE_ATTACHMENTS, load_attachments
from app.messages.details import NO_DETAILS
from app.messages.editing import as_it_was, load_revisions
from app.messages.records import MESSAGE_COLUMNS, MessageRow, message_from
from app.messages.visibility import visible_to

PAGE = 500


@exports("messages")
async def _messages(user_id: UUID) -> Lines:
    found = await db.rows(
        "SELECT m.conversation_id, m.left_at, m.first_seq, CASE WHEN m.left_at IS NULL THEN c.last_seq"
        " ELSE m.last_seq END AS last_seq FROM member m JOIN conversation c ON c.id = m.conversation_id"
        " WHERE m.user_id = $1 ORDER BY m.conversation_id",
        user_id,
    )
    for row in found:
        last_seq, left_at = row["last_seq"] or 0, row["left_at"]
        async for line in messages_of(user_id, row["conversation_id"], row["first_seq"], last_seq, until=left_at):
            yield line


async def messages_of(
    user_id: UUID, conversation_id: UUID, first_seq: int, last_seq: int, *, until: datetime | None = None
) -> Lines:
    """What somebody may read of these numbers of a conversation, in order; as they read at `until`, when they left."""
    while first_seq <= last_seq:
        page = await db.rows(
            f"SELECT {MESSAGE_COLUMNS} FROM message m WHERE m.conversation_id = $1 AND m.seq BETWEEN $2 AND $3"
            f" AND {visible_to('$4')} ORDER BY m.seq LIMIT $5",
            conversation_id, first_seq, last_seq, user_id, PAGE,
        )  # fmt: skip
        messages = [message_from(row).seen_by(user_id) for row in page]
        if until is not None:
            messages = await _as_they_were(messages, until)
        people = list({user_id for message in messages for user_id in _people(message)})
        names = {p.id: p.shown_name for p in await load_users(people) if p}
        files = await _files(messages)
        for message in messages:
            yield {
                "__typename": "Message", "id": encode_id("msg", message.id),
                "conversation": {"id": encode_id("cnv", conversation_id)}, "seq": message.seq, "kind": message.kind,
                "sender": _person(names, message.sender_id), "isOwn": message.sender_id == user_id,
                "text": None if message.deleted_at else message.text,
                "replyTo": {"id": encode_id("msg", message.reply_to_id)} if message.reply_to_id else None,
                "createdAt": message.created_at, "editedAt": message.edited_at, "deletedAt": message.deleted_at,
                **_held(message, names), **files.get(message.id, {}),
            }  # fmt: skip
        if len(page) < PAGE:
            return
        first_seq = messages[-1].seq + 1


async def _as_they_were(messages: Sequence[MessageRow], at: datetime) -> list[MessageRow]:
    revisions = await load_revisions([message.id for message in messages])
    return [as_it_was(message, said, at) for message, said in zip(messages, revisions, strict=True)]


async def _files(messages: Sequence[MessageRow]) -> dict[UUID, dict[str, object]]:
    """What messages with files have of them: their names and what was said of them."""
    ids = [message.id for message in messages if message.kind in HAVE_ATTACHMENTS and message.deleted_at is None]
    found = [row for rows in (await load_attachments(ids) if ids else ()) for row in rows]
    media = await load_media([row.media_id for row in found]) if found else []
    files: dict[UUID, dict[str, object]] = {}
    for row, file in zip(found, media, strict=True):
        line = {"__typename": "Attachment", "kind": row.kind, "caption": row.caption, "viewOnce": row.view_once}
        shown = (
            {"media": {"__typename": "Media", "fileName": file.file_name, "mimeType": file.mime_type}} if file else {}
        )
        listed = files.setdefault(row.message_id, {"attachments": []})["attachments"]
        assert isinstance(listed, list)
        listed.append({**line, **shown})
    return files


def _people(message: MessageRow) -> list[UUID]:
    details = message.details
    named = [message.sender_id, details.contact_id, *(m.user_id for m in details.mentions), *_targets(message)]
    return [user_id for user_id in named if user_id is not None]


def _targets(message: MessageRow) -> list[UUID]:
    """Whom a notice of the system is about."""
    return [UUID(id_) for id_ in (message.details.notice or {}).get("targets", ())]


def _person(names: Mapping[UUID, str], user_id: UUID | None) -> dict[str, object] | None:
    return {"__typename": "User", "displayName": names.get(user_id)} if user_id else None


def _held(message: MessageRow, names: Mapping[UUID, str]) -> dict[str, object]:
    """What a message holds beside its text; only what is there."""
    root, details = message.thread_root_id, NO_DETAILS if message.deleted_at else message.details
    held: dict[str, object | None] = {
        "threadRoot": {"id": encode_id("msg", root)} if root else None,
        "expiresAt": message.expires_at,
        "location": asdict(details.location) if details.location else None,
        "sharedContact": _person(names, details.contact_id),
        "mentions": [
            {"user": _person(names, m.user_id), "offset": m.offset, "length": m.length} for m in details.mentions
        ] or None,
        "mentionsEveryone": message.mentions_everyone or None,
        "forwarded": {"__typename": "ForwardInfo"} if details.forwarded else None,
        "systemNotice": {
            "__typename": "SystemNotice", "kind": details.notice["kind"], "value": details.notice.get("value"),
            "targets": [_person(names, user_id) for user_id in _targets(message)],
        } if details.notice else None,
    }  # fmt: skip
    return {name: value for name, value in held.items() if value is not None}


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
