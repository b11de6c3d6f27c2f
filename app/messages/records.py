"""Messages as the code hands them around: frozen rows read in SQL, and drafts of what is to be sent."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import orjson

from app.accounts.loaders import UserRow
from app.core import log
from app.core.bus_codec import fields_of, travels
from app.core.records import record
from app.messages.details import NO_DETAILS, Details, details_from


class MessageKind(StrEnum):
    TEXT = "TEXT"
    IMAGE = "IMAGE"
    VIDEO = "VIDEO"
    AUDIO = "AUDIO"
    VOICE = "VOICE"
    FILE = "FILE"
    LOCATION = "LOCATION"
    CONTACT = "CONTACT"
    ENCRYPTED = "ENCRYPTED"
    SYSTEM = "SYSTEM"
    CALL = "CALL"


class DeliveryState(StrEnum):
    SENT = "SENT"
    DELIVERED = "DELIVERED"
    READ = "READ"


@record(slots=True, frozen=True)
class MessageRow:
    """A message as stored. `sender_id` is None once the account is gone, and for notices without an actor; `text` is
    None for a tombstone, and where there is none."""

    id: UUID
    conversation_id: UUID
    seq: int
    sender_id: UUID | None
    kind: MessageKind
    text: str | None
    reply_to_id: UUID | None
    client_message_id: str | None
    silent: bool
    edited_at: datetime | None
    deleted_at: datetime | None
    created_at: datetime
    # Only its sender may see it: the other person blocked them when it was sent.
    is_hidden: bool = False
    # The first message of the thread it was written into.
    thread_root_id: UUID | None = None
    mentions_everyone: bool = False
    # For all readers it is gone from then on, by the database's clock.
    expires_at: datetime | None = None
    details: Details = NO_DETAILS

    def seen_by(self, user_id: UUID | None) -> MessageRow:
        """The message as that person sees it: `details.own_edit` is for its author. Every read for somebody asks."""
        own = self.details.own_edit
        if own is None or user_id is None or self.sender_id != user_id:
            return self
        details = replace(self.details, mentions=own.mentions, own_edit=None)
        return replace(self, text=own.text, details=details, edited_at=own.edited_at)

    @property
    def is_plain(self) -> bool:
        """Whether it is text and nothing else, as most are."""
        return (
            self.kind is MessageKind.TEXT and self.details is NO_DETAILS and self.thread_root_id is None
            and self.expires_at is None and not self.mentions_everyone
        )  # fmt: skip


MESSAGE_NAMES = (
    "id", "conversation_id", "seq", "sender_id", "kind", "text", "reply_to_id", "client_message_id", "silent",
    "edited_at", "deleted_at", "created_at", "is_hidden", "thread_root_id", "mentions_everyone", "expires_at",
    "details",
)  # fmt: skip
MESSAGE_COLUMNS = ", ".join(f"m.{name}" for name in MESSAGE_NAMES)
MESSAGE_WIDTH = len(MESSAGE_NAMES)


_KINDS = {kind.value: kind for kind in MessageKind}


def message_from(row: Mapping[str, Any]) -> MessageRow:
    """A row that begins with MESSAGE_COLUMNS."""
    return message_of((*row.values(),)[:MESSAGE_WIDTH])


def message_of(values: Sequence[Any]) -> MessageRow:
    """The values of MESSAGE_COLUMNS (by place: by name it takes twice as long)."""
    (
        id_, conversation_id, seq, sender_id, kind, text, reply_to_id, client_message_id, silent, edited_at, deleted_at,
        created_at, is_hidden, thread_root_id, mentions_everyone, expires_at, details,
    ) = values  # fmt: skip
    return MessageRow(
        id_, conversation_id, seq, sender_id, _KINDS[kind], text, reply_to_id, client_message_id, bool(silent),
        edited_at, deleted_at, created_at, bool(is_hidden), thread_root_id, bool(mentions_everyone), expires_at,
        details_from(details) if details else NO_DETAILS,
    )  # fmt: skip


_NAMES = tuple(field.name for field in fields(MessageRow))


def carried_message(value: Any) -> MessageRow:
    """A message that an event carries: as it is, or packed by another process, of another release too."""
    return value if type(value) is MessageRow else message_from({name: value[name] for name in _NAMES})


@dataclass(slots=True, frozen=True)
class NewAttachment:
    """A file to go with a message. `is_forwarded`: it is another's, from a message the sender sees."""

    media_id: UUID
    caption: str | None = None
    waveform: tuple[int, ...] | None = None
    as_voice: bool = False
    view_once: bool = False
    is_forwarded: bool = False

    def to_json(self) -> list[Any]:
        """What the client gave: for the hash of a draft, and for one that is sent later."""
        waveform = None if self.waveform is None else list(self.waveform)
        return [str(self.media_id), self.caption, waveform, self.as_voice, self.view_once]


def attachment_of(parts: Sequence[Any]) -> NewAttachment:
    """What `NewAttachment.to_json` made."""
    media_id, caption, waveform, as_voice, view_once = parts
    return NewAttachment(UUID(media_id), caption, tuple(waveform) if waveform else None, as_voice, view_once)


@dataclass(slots=True, frozen=True)
class Draft:
    """A checked message on its way into the log. `content_hash` tells a repeat from another content under one id."""

    conversation_id: UUID
    sender_id: UUID
    client_message_id: str
    text: str | None
    reply_to_id: UUID | None = None
    thread_root_id: UUID | None = None
    mentions_everyone: bool = False
    silent: bool = False
    kind: MessageKind = MessageKind.TEXT
    details: Details = NO_DETAILS
    attachments: tuple[NewAttachment, ...] = ()
    # Of a forwarded message: what was forwarded. Its content may have changed when the client repeats the call.
    forward_of_id: UUID | None = None

    @property
    def contact_to_check(self) -> UUID | None:
        """Whose card is shared, unless it was shared before and only goes on."""
        return self.details.contact_id if self.forward_of_id is None else None

    @property
    def content_hash(self) -> str:
        """Of what is there only: a field that a later release adds changes no hash of today."""
        content: dict[str, object] = {"conversation": str(self.conversation_id)}
        if self.forward_of_id is not None:
            content["forwardOf"] = str(self.forward_of_id)
            return hashlib.sha256(orjson.dumps(content)).hexdigest()
        content["text"] = self.text
        if self.reply_to_id is not None:
            content["replyTo"] = str(self.reply_to_id)
        if self.thread_root_id is not None:
            content["threadRoot"] = str(self.thread_root_id)
        if self.mentions_everyone:
            content["mentionsEveryone"] = True
        if self.silent:
            content["silent"] = True
        if self.details is not NO_DETAILS:
            content["details"] = self.details.to_json()
        if self.attachments:
            content["attachments"] = [one.to_json() for one in self.attachments]
        return hashlib.sha256(orjson.dumps(content)).hexdigest()


# ── rows that travel with a live event ────────────────────────────────────────────────────────────


def received(
    message: MessageRow, sender: UserRow, conversation: Mapping[str, Any] | None, hidden_from: UUID | None = None
) -> log.NewEvent:
    """The event of a new message. `conversation` is the row as the message leaves it, None where people see it
    differently; `hidden_from` never hears of it."""
    return log.NewEvent(
        message.conversation_id,
        "MESSAGE_RECEIVED",
        {"messageId": str(message.id), "seq": message.seq},
        hidden_from=[hidden_from] if hidden_from else (),
        carried={"message": message, "sender": sender, "conversation": conversation},
    )


def _plain(row: MessageRow) -> dict[str, Any]:
    return fields_of(row) | {"details": None if row.details is NO_DETAILS else row.details.to_json()}


travels(MessageRow, _plain)
