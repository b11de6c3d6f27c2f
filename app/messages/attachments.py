"""Files in messages: what may be attached, where they are kept, who has opened those to be seen once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from app.core import db, log
from app.core.clock import new_id, now
from app.core.errors import ErrorCode, UserFault
from app.core.runtime import current
from app.core.text import check_text
from app.core.viewer import Viewer
from app.media.access import holds_media, shows_media
from app.media.records import MEDIA_COLUMNS, MediaKind, MediaRow, MediaState, UploadPurpose, media_from
from app.messages.history import load_visible_messages
from app.messages.records import MessageKind, MessageRow, NewAttachment
from app.messages.visibility import visible_to

_SAMPLES = range(256)
_ONCE = frozenset((MediaKind.IMAGE, MediaKind.VIDEO, MediaKind.VOICE))
_VISUAL = frozenset((MediaKind.IMAGE, MediaKind.VIDEO))
HAVE_ATTACHMENTS = frozenset(
    (MessageKind.IMAGE, MessageKind.VIDEO, MessageKind.AUDIO, MessageKind.VOICE, MessageKind.FILE)
)


@dataclass(slots=True, frozen=True)
class AttachmentRow:
    """A file in a message, as stored."""

    id: UUID
    message_id: UUID
    conversation_id: UUID
    seq: int
    position: int
    media_id: UUID
    kind: MediaKind
    caption: str | None
    waveform: tuple[int, ...] | None
    view_once: bool


ATTACHMENT_COLUMNS = (
    "a.id, a.message_id, a.conversation_id, a.seq, a.position, a.media_id, a.kind, a.caption, a.waveform, a.view_once"
)


def attachment_from(row: Mapping[str, Any]) -> AttachmentRow:
    """A row of ATTACHMENT_COLUMNS."""
    waveform = orjson.loads(row["waveform"]) if isinstance(row["waveform"], str) else row["waveform"]
    return AttachmentRow(
        row["id"], row["message_id"], row["conversation_id"], row["seq"], row["position"], row["media_id"],
        MediaKind(row["kind"]), row["caption"], tuple(waveform) if waveform else None, bool(row["view_once"]),
    )  # fmt: skip


# ── checking ──────────────────────────────────────────────────────────────────────────────────────


def check_attachments(given: Sequence[NewAttachment]) -> tuple[NewAttachment, ...]:
    """The attachments, captions trimmed. Raises LIMIT_REACHED for too many files or samples, TOO_LONG and INVALID for
    captions, INVALID for samples outside 0..255, a waveform of what is no voice message, the same file twice."""
    settings = current().settings.messages
    if len(given) > settings.attachments_per_message:
        most = settings.attachments_per_message
        raise UserFault(ErrorCode.LIMIT_REACHED, f"Attach at most {most} files.", field=("attachments",), limit=most)
    checked, seen = [], set()
    for n, one in enumerate(given):
        place = ("attachments", str(n))
        if one.media_id in seen:
            raise UserFault(ErrorCode.INVALID, "This file is attached already.", field=(*place, "mediaId"))
        seen.add(one.media_id)
        _check_waveform(one, place, settings.waveform_samples)
        field = (*place, "caption")
        caption = check_text(one.caption or "", field=field, limit=settings.caption_length, empty=None)
        checked.append(NewAttachment(one.media_id, caption or None, one.waveform, one.as_voice, one.view_once))
    return tuple(checked)


def _check_waveform(one: NewAttachment, place: tuple[str, str], most: int) -> None:
    if one.waveform is None:
        return
    field = (*place, "waveform")
    if not one.as_voice:
        raise UserFault(ErrorCode.INVALID, "Only voice messages (asVoice) have a waveform.", field=field)
    if len(one.waveform) > most:
        raise UserFault(ErrorCode.LIMIT_REACHED, f"Send at most {most} samples.", field=field, limit=most)
    if any(sample not in _SAMPLES for sample in one.waveform):
        raise UserFault(ErrorCode.INVALID, "Samples go from 0 to 255.", field=field)


async def read_media(ids: Sequence[UUID]) -> dict[UUID, MediaRow]:
    """The files, as they are in this transaction."""
    found = await db.rows(f"SELECT {MEDIA_COLUMNS} FROM media WHERE id = ANY($1::uuid[])", list(ids))
    return {row["id"]: media_from(row) for row in found}


def refuse_attachments(
    attachments: Sequence[NewAttachment], media: Mapping[UUID, MediaRow], sender_id: UUID
) -> UserFault | None:
    """Why these may not be sent: NOT_FOUND for what is not the sender's own, INVALID for what is not ready, not meant
    for messages, or not of the sort that asVoice and viewOnce are for. What was forwarded is anybody's."""
    for n, one in enumerate(attachments):
        row, field = media.get(one.media_id), ("attachments", str(n), "mediaId")
        if row is None or (row.owner_id != sender_id and not one.is_forwarded):
            return UserFault(ErrorCode.NOT_FOUND, "There is no such file.", field=field)
        if row.state is not MediaState.READY:
            return UserFault(ErrorCode.INVALID, "This file is not ready: finish its upload first.", field=field)
        if row.purpose is not UploadPurpose.MESSAGE:
            return UserFault(ErrorCode.INVALID, "This file was uploaded for something else.", field=field)
        if one.as_voice and row.kind not in (MediaKind.AUDIO, MediaKind.VOICE):
            words = "Only a sound file can be a voice message."
            return UserFault(ErrorCode.INVALID, words, field=("attachments", str(n), "asVoice"))
        if one.view_once and kind_of(one, row) not in _ONCE:
            words = "Only pictures, videos and voice messages can be seen once."
            return UserFault(ErrorCode.INVALID, words, field=("attachments", str(n), "viewOnce"))
    return None


def kind_of(one: NewAttachment, media: MediaRow) -> MediaKind:
    """What a file is in a message."""
    return MediaKind.VOICE if one.as_voice else media.kind


def message_kind(attachments: Sequence[NewAttachment], media: Mapping[UUID, MediaRow]) -> MessageKind:
    """The kind of a message with these files: theirs if they agree; VIDEO for pictures and videos; else FILE."""
    kinds = {kind_of(one, media[one.media_id]) for one in attachments}
    if len(kinds) == 1:
        return MessageKind(kinds.pop().value)
    return MessageKind.VIDEO if kinds <= _VISUAL else MessageKind.FILE


# ── writing ───────────────────────────────────────────────────────────────────────────────────────

_NEW = {
    "id": "uuid", "message_id": "uuid", "conversation_id": "uuid", "seq": "int", "position": "smallint",
    "media_id": "uuid", "kind": "text", "caption": "text", "waveform": "jsonb", "view_once": "bool",
}  # fmt: skip


async def write_attachments(
    messages: Sequence[tuple[MessageRow, Sequence[NewAttachment]]], media: Mapping[UUID, MediaRow]
) -> None:
    """The files of new messages, each in its place."""
    rows = [
        (
            new_id(), m.id, m.conversation_id, m.seq, position, one.media_id, kind_of(one, media[one.media_id]).value,
            one.caption, orjson.dumps(one.waveform).decode() if one.waveform else None, one.view_once,
        )
        for m, attachments in messages
        for position, one in enumerate(attachments)
    ]  # fmt: skip
    if rows:
        columns = ", ".join(_NEW)
        await db.execute(
            f"INSERT INTO attachment ({columns}) SELECT {columns} FROM {db.table('d', _NEW)}", *db.table_args(rows)
        )


# ── reading ───────────────────────────────────────────────────────────────────────────────────────


async def load_attachments(message_ids: Sequence[UUID]) -> list[list[AttachmentRow]]:
    """Batch function: message → its files, in their places."""
    found = await db.rows(
        f"SELECT {ATTACHMENT_COLUMNS} FROM attachment a WHERE a.message_id = ANY($1::uuid[]) ORDER BY a.position",
        list(message_ids),
    )
    rows: dict[UUID, list[AttachmentRow]] = defaultdict(list)
    for row in map(attachment_from, found):
        rows[row.message_id].append(row)
    return [rows[message_id] for message_id in message_ids]


async def load_attachment(ids: Sequence[UUID]) -> list[AttachmentRow | None]:
    """Batch function: files in messages by id, whoever asks."""
    found = await db.rows(f"SELECT {ATTACHMENT_COLUMNS} FROM attachment a WHERE a.id = ANY($1::uuid[])", list(ids))
    rows = {row["id"]: attachment_from(row) for row in found}
    return [rows.get(id_) for id_ in ids]


async def load_viewed(pairs: Sequence[tuple[UUID, UUID]]) -> list[datetime | None]:
    """Batch function: (viewer, attachment) → when the viewer opened it."""
    found = await db.rows(
        "SELECT user_id, attachment_id, viewed_at FROM attachment_view"
        " WHERE user_id = ANY($1::uuid[]) AND attachment_id = ANY($2::uuid[])",
        list({user_id for user_id, _ in pairs}),
        list({attachment_id for _, attachment_id in pairs}),
    )
    viewed = {(row["user_id"], row["attachment_id"]): row["viewed_at"] for row in found}
    return [viewed.get(pair) for pair in pairs]


@shows_media
async def _shows(pairs: Sequence[tuple[UUID, UUID]]) -> list[bool]:
    """Whether a message that the viewer sees has the file."""
    found = await db.rows(
        "SELECT DISTINCT own.user_id, a.media_id FROM attachment a JOIN message m ON m.id = a.message_id"
        " JOIN member own ON own.conversation_id = a.conversation_id AND own.left_at IS NULL AND a.seq >= own.first_seq"
        f" WHERE a.media_id = ANY($2::uuid[]) AND own.user_id = ANY($1::uuid[]) AND {visible_to('own.user_id')}",
        list({user_id for user_id, _ in pairs}),
        list({media_id for _, media_id in pairs}),
    )
    seen = {(row["user_id"], row["media_id"]) for row in found}
    return [pair in seen for pair in pairs]


@holds_media
async def _holds(media_ids: Sequence[UUID]) -> set[UUID]:
    """Those of the files that a message has."""
    sql = "SELECT DISTINCT media_id FROM attachment WHERE media_id = ANY($1::uuid[])"
    return {row["media_id"] for row in await db.rows(sql, list(media_ids))}


@db.retried
async def view_attachment(viewer: Viewer, attachment_id: UUID) -> AttachmentRow:
    """Notes that the viewer opened a view-once attachment: from then on it is closed to them.

    Raises NOT_FOUND for what the viewer does not see, INVALID for what can be seen any time, FORBIDDEN for one's own,
    EXPIRED the second time.
    """
    field = ("attachmentId",)
    async with log.transaction():
        place = "SELECT conversation_id FROM attachment WHERE id = $1"
        await db.rows(f"SELECT id FROM conversation WHERE id = ({place}) FOR NO KEY UPDATE", attachment_id)
        row = (await load_attachment([attachment_id]))[0]
        message = (await load_visible_messages([(viewer.user_id, row.message_id)]))[0] if row else None
        if row is None or message is None:
            raise UserFault(ErrorCode.NOT_FOUND, "There is no such attachment.", field=field)
        if not row.view_once:
            raise UserFault(ErrorCode.INVALID, "This attachment can be seen at any time.", field=field)
        if message.sender_id == viewer.user_id:
            raise UserFault(ErrorCode.FORBIDDEN, "Only those you sent it to can open it.", field=field)
        viewed = await db.rows(
            "INSERT INTO attachment_view (id, attachment_id, user_id, viewed_at) VALUES ($1, $2, $3, $4)"
            " ON CONFLICT (attachment_id, user_id) DO NOTHING RETURNING id",
            new_id(), attachment_id, viewer.user_id, now(),
        )  # fmt: skip
    if not viewed:
        raise UserFault(ErrorCode.EXPIRED, "You have seen this already.", field=field)
    return row


# ── the gallery ───────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True, frozen=True)
class GalleryItem:
    """A file, beside the message it is in."""

    attachment: AttachmentRow
    message: MessageRow


@dataclass(slots=True, frozen=True)
class GalleryQuery:
    """Files of a conversation that somebody is in, of `kinds` (None: all), below `after` (seq, position)."""

    conversation_id: UUID
    user_id: UUID
    kinds: tuple[MediaKind, ...] | None
    after: tuple[int, int] | None
    size: int


_AT_ONCE = 100  # pages of one statement


async def load_galleries(queries: Sequence[GalleryQuery]) -> list[list[GalleryItem]]:
    """Batch function: each page newest first, with one more than asked when there are more. What is to be seen once is
    left out."""
    pages: list[list[AttachmentRow]] = []
    for start in range(0, len(queries), _AT_ONCE):
        pages += await _load_some(queries[start : start + _AT_ONCE])
    keys = [(query.user_id, row.message_id) for query, rows in zip(queries, pages, strict=True) for row in rows]
    messages = iter(await load_visible_messages(keys) if keys else ())
    return [[GalleryItem(row, m) for row in rows if (m := next(messages)) is not None] for rows in pages]


async def _load_some(queries: Sequence[GalleryQuery]) -> list[list[AttachmentRow]]:
    parts: list[str] = []
    args: list[object] = []
    for n, query in enumerate(queries):
        a = len(args)
        args += [query.user_id, query.conversation_id, query.size + 1]
        where = ""
        if query.kinds is not None:
            args.append([kind.value for kind in query.kinds])
            where += f" AND a.kind = ANY(${len(args)}::text[])"
        if query.after:
            args += query.after
            where += f" AND (a.seq, a.position) < (${len(args) - 1}, ${len(args)})"
        parts.append(
            f"SELECT * FROM (SELECT {n} AS n, {ATTACHMENT_COLUMNS} FROM attachment a JOIN message m ON m.id ="
            " a.message_id JOIN member own ON own.conversation_id = a.conversation_id AND own.left_at IS NULL"
            f" AND own.user_id = ${a + 1} AND a.seq >= own.first_seq"
            f" WHERE a.conversation_id = ${a + 2} AND NOT a.view_once AND {visible_to(f'${a + 1}')}{where}"
            f" ORDER BY a.seq DESC, a.position DESC LIMIT ${a + 3}) AS page{n}"
        )
    pages: list[list[AttachmentRow]] = [[] for _ in queries]
    for row in await db.rows(" UNION ALL ".join(parts), *args):
        pages[row["n"]].append(attachment_from(row))
    return [sorted(page, key=lambda row: (-row.seq, -row.position)) for page in pages]
