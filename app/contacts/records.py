"""Contacts and requests as the code hands them around: frozen rows read in SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from app.core import db


class ContactRequestState(StrEnum):
    PENDING = "PENDING"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    CANCELED = "CANCELED"


class ContactRequestVia(StrEnum):
    SEARCH = "SEARCH"
    QR_CODE = "QR_CODE"
    GROUP = "GROUP"


class RequestDirection(StrEnum):
    RECEIVED = "RECEIVED"
    SENT = "SENT"


class Relationship(StrEnum):
    NONE = "NONE"
    REQUEST_SENT = "REQUEST_SENT"
    REQUEST_RECEIVED = "REQUEST_RECEIVED"
    CONTACT = "CONTACT"
    BLOCKED = "BLOCKED"


@dataclass(slots=True, frozen=True)
class ContactRow:
    """A contact as its owner has it."""

    id: UUID
    owner_id: UUID
    user_id: UUID
    nickname: str | None
    is_favorite: bool
    added_at: datetime


@dataclass(slots=True, frozen=True)
class RequestRow:
    """The request of a pair of people. Hidden: only the sender knows of it."""

    id: UUID
    sender_id: UUID
    recipient_id: UUID
    note: str | None
    state: ContactRequestState
    via: ContactRequestVia
    is_hidden: bool
    asked_at: datetime
    answered_at: datetime | None

    def is_visible_to(self, user_id: UUID) -> bool:
        """Whether the person may learn of it: one of the two, and not the recipient of a hidden one."""
        return user_id == self.sender_id or (user_id == self.recipient_id and not self.is_hidden)


CONTACT_COLUMNS = "k.id, k.owner_id, k.user_id, k.nickname, k.is_favorite, k.added_at"
REQUEST_COLUMNS = "r.id, r.sender_id, r.recipient_id, r.note, r.state, r.via, r.is_hidden, r.asked_at, r.answered_at"


def contact_from(row: db.Row) -> ContactRow:
    """A row of CONTACT_COLUMNS."""
    return ContactRow(
        row["id"], row["owner_id"], row["user_id"], row["nickname"], bool(row["is_favorite"]), row["added_at"]
    )


def request_from(row: db.Row) -> RequestRow:
    """A row of REQUEST_COLUMNS."""
    return RequestRow(
        row["id"], row["sender_id"], row["recipient_id"], row["note"], ContactRequestState(row["state"]),
        ContactRequestVia(row["via"]), bool(row["is_hidden"]), row["asked_at"], row["answered_at"],
    )  # fmt: skip
