"""Messages as the code hands them around: frozen rows read in SQL, and drafts of what is to be sent."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


class MessageKind(StrEnum):
    TEXT = "TEXT"


class DeliveryState(StrEnum):
    SENT = "SENT"
    DELIVERED = "DELIVERED"
    READ = "READ"


@dataclass(slots=True, frozen=True)
class MessageRow:
    """A message as stored. `sender_id` is None once the account is gone; `text` is None for a tombstone."""

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

    def is_visible_to(self, user_id: UUID) -> bool:
        """Whether a member of the conversation may see it, as far as blocks go."""
        return not self.is_hidden or self.sender_id == user_id


MESSAGE_COLUMNS = (
    "m.id, m.conversation_id, m.seq, m.sender_id, m.kind, m.text, m.reply_to_id, m.client_message_id, m.silent,"
    " m.edited_at, m.deleted_at, m.created_at, m.is_hidden"
)


def message_from(row: Mapping[str, Any]) -> MessageRow:
    """A row of MESSAGE_COLUMNS."""
    return MessageRow(
        row["id"], row["conversation_id"], row["seq"], row["sender_id"], MessageKind(row["kind"]), row["text"],
        row["reply_to_id"], row["client_message_id"], bool(row["silent"]), row["edited_at"], row["deleted_at"],
        row["created_at"], bool(row["is_hidden"]),
    )  # fmt: skip


@dataclass(slots=True, frozen=True)
class Draft:
    """A checked message on its way into the log. `content_hash` tells a repeat from another content under one id."""

    conversation_id: UUID
    sender_id: UUID
    client_message_id: str
    text: str
    reply_to_id: UUID | None = None

    @property
    def content_hash(self) -> str:
        """Of what is there only: a field that a later release adds changes no hash of today."""
        content: dict[str, object] = {"conversation": str(self.conversation_id), "text": self.text}
        if self.reply_to_id is not None:
            content["replyTo"] = str(self.reply_to_id)
        return hashlib.sha256(orjson.dumps(content)).hexdigest()


# ── rows that travel with a live event ────────────────────────────────────────────────────────────


def to_carry(row: DataclassInstance) -> dict[str, Any]:
    """A frozen row as the dict that an event carries, from which its type can be made again."""
    names, values = _fields(type(row))
    return dict(zip(names, values(row), strict=True))


@cache
def _fields(type_: type[DataclassInstance]) -> tuple[tuple[str, ...], attrgetter[tuple[Any, ...]]]:
    names = tuple(field.name for field in fields(type_))
    return names, attrgetter(*names)
