"""Events as clients see them: the interface, the kinds, and how a row of the log becomes one.

One row can have two faces: its subjects (who joins or leaves with it) see another event than everybody else.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import strawberry

from app.core import log
from app.core.graphql.context import Context
from app.core.graphql.enums import described_enum
from app.core.graphql.scalars import CursorText

# Stands for the cursor in an encoded event, until the hub splices in each subscriber's. No text can hold it.
CURSOR_SLOT = f"cursor-{secrets.token_hex(16)}"


class EventKind(StrEnum):
    """The kinds of events, as clients select them."""

    CURSOR_MOVED = "CURSOR_MOVED"
    MESSAGE_RECEIVED = "MESSAGE_RECEIVED"
    MESSAGE_EDITED = "MESSAGE_EDITED"
    MESSAGE_DELETED = "MESSAGE_DELETED"
    MESSAGE_PINNED = "MESSAGE_PINNED"
    MESSAGE_SAVED = "MESSAGE_SAVED"
    REACTION_CHANGED = "REACTION_CHANGED"
    RECEIPT_CHANGED = "RECEIPT_CHANGED"
    UNREAD_CHANGED = "UNREAD_CHANGED"
    SCHEDULED_MESSAGE_CHANGED = "SCHEDULED_MESSAGE_CHANGED"
    CONVERSATION_ADDED = "CONVERSATION_ADDED"
    CONVERSATION_CHANGED = "CONVERSATION_CHANGED"
    CONVERSATION_REMOVED = "CONVERSATION_REMOVED"
    MEMBER_CHANGED = "MEMBER_CHANGED"
    CONVERSATION_SETTINGS_CHANGED = "CONVERSATION_SETTINGS_CHANGED"
    CONTACT_REQUEST_CHANGED = "CONTACT_REQUEST_CHANGED"
    CONTACT_CHANGED = "CONTACT_CHANGED"
    BLOCK_CHANGED = "BLOCK_CHANGED"
    PROFILE_CHANGED = "PROFILE_CHANGED"
    VIEWER_CHANGED = "VIEWER_CHANGED"
    DEVICE_CHANGED = "DEVICE_CHANGED"
    SESSION_ENDING = "SESSION_ENDING"
    DATA_EXPORT_READY = "DATA_EXPORT_READY"


described_enum(
    EventKind,
    "The kinds of events; more may appear, so keep a default branch.",
    {
        "CURSOR_MOVED": "Nothing happened, but resume from here.",
        "MESSAGE_RECEIVED": "A new message, also one's own.",
        "MESSAGE_EDITED": "A message says something else now.",
        "MESSAGE_DELETED": "A message was deleted or has disappeared.",
        "MESSAGE_PINNED": "A message was pinned or unpinned.",
        "MESSAGE_SAVED": "The viewer saved a message, or no longer.",
        "REACTION_CHANGED": "A reaction was added or taken away.",
        "RECEIPT_CHANGED": "A delivered or read mark moved.",
        "UNREAD_CHANGED": "Unread counts moved without a new message.",
        "SCHEDULED_MESSAGE_CHANGED": "A message of the viewer was scheduled, sent at its time, canceled, or failed.",
        "CONVERSATION_ADDED": "The viewer is in a conversation now.",
        "CONVERSATION_CHANGED": "Title, description, picture, permissions or timer of a conversation changed.",
        "CONVERSATION_REMOVED": "The viewer left, was removed, or deleted a message request.",
        "MEMBER_CHANGED": "Somebody else joined or left, or somebody has another role.",
        "CONVERSATION_SETTINGS_CHANGED": "The viewer muted, archived, pinned, labelled or cleared a conversation, or"
        " changed its draft.",
        "CONTACT_REQUEST_CHANGED": "A contact request of the viewer was sent, answered or taken back.",
        "CONTACT_CHANGED": "A contact of the viewer was added, changed or removed.",
        "BLOCK_CHANGED": "The viewer blocked or unblocked somebody.",
        "PROFILE_CHANGED": "The name or bio of somebody whom the viewer knows changed.",
        "VIEWER_CHANGED": "The viewer's own account, profile or settings changed.",
        "DEVICE_CHANGED": "A device of the viewer was linked, renamed or revoked.",
        "SESSION_ENDING": "A session of the viewer ends.",
        "DATA_EXPORT_READY": "An export the viewer asked for can be downloaded.",
    },
)


@strawberry.interface(
    description="Something that happened. More kinds may come: switch on __typename and ignore what you don't know."
)
class Event:
    record: strawberry.Private[log.Event]

    @strawberry.field(description="Resume from here: events(after:).")
    def cursor(self) -> CursorText:
        return CursorText(CURSOR_SLOT)

    @strawberry.field(description="The kind, as the kinds argument selects it.")
    def kind(self) -> EventKind:
        return EVENT_KINDS[type(self)]

    @strawberry.field(description="When it was written, by the server's clock.")
    def occurred_at(self) -> datetime:
        return self.record.created_at


Build = Callable[[log.Event, Context], Any | Awaitable[Any]]


@dataclass(slots=True)
class Faces:
    """How a kind of row shows itself: to its subjects, and to the others in the stream. None: not at all."""

    subject: EventKind | None = None
    others: EventKind | None = None
    retracts: bool = False


@dataclass(slots=True, frozen=True)
class Reader:
    """How many events of a kind are read, and each of them shown: see event_face."""

    read: Callable[[Sequence[log.Event]], Awaitable[Sequence[Any]]]
    show: Callable[[log.Event, Any, Context], Any]


FACES: dict[str, Faces] = {}
EVENT_KINDS: dict[type, EventKind] = {}
_builders: dict[EventKind, Build] = {}
_readers: dict[EventKind, Reader] = {}


def event_face(
    kind: EventKind, *, rows: str | None = None, subject: bool = False, retracts: bool = False
) -> Callable[[type[Any]], type[Any]]:
    """Decorates an event type: rows of kind `rows` (default: the same name) show themselves as this type. `retracts`:
    they take content back, and no older rendering of the conversation is shown again.

    The type may define `async def build(cls, record, context) -> Self | None` (a classmethod) to leave an event out
    whose subject the viewer can no longer see; without one it is made from the record alone.

    Of what devices miss by the thousand it may define `async def read(cls, records) -> list` too, which reads for many
    rows of the log what they are made of (None: `build` must look), and `show(cls, record, found, context)`, which
    makes one from that, without waiting.
    """

    def register(type_: type[Any]) -> type[Any]:
        faces = FACES.setdefault(rows or kind.value, Faces())
        if subject:
            faces.subject = kind
        else:
            faces.others = kind
        faces.retracts = faces.retracts or retracts
        EVENT_KINDS[type_] = kind
        _builders[kind] = getattr(type_, "build", None) or (lambda record, _context: type_(record=record))
        if (read := getattr(type_, "read", None)) is not None:
            _readers[kind] = Reader(read, type_.show)
        return type_

    return register


def build_event(kind: EventKind, record: log.Event, context: Context, found: Any = None) -> Any | Awaitable[Any]:
    """The event object of a row's face, or None (perhaps awaited) when it must be left out for this viewer. `found` is
    what `read_events` gave for it."""
    return _builders[kind](record, context) if found is None else _readers[kind].show(record, found, context)


async def read_events(shown: Sequence[tuple[log.Event, EventKind]]) -> list[Any]:
    """For each row, shown as this kind, what `build_event` takes as `found`. Few statements, however many rows."""
    found: list[Any] = [None] * len(shown)
    places: dict[EventKind, list[int]] = {}
    for n, (_, kind) in enumerate(shown):
        if kind in _readers:
            places.setdefault(kind, []).append(n)
    for kind, some in places.items():
        for n, one in zip(some, await _readers[kind].read([shown[n][0] for n in some]), strict=True):
            found[n] = one
    return found


@event_face(EventKind.CURSOR_MOVED)
@strawberry.type(description="Nothing happened, but resume from here: keeps a quiet or filtered client's cursor young.")
class CursorMoved(Event):
    @strawberry.field(description="True the first time: everything missed has been handed over.")
    def is_caught_up(self) -> bool:
        return bool(self.record.payload.get("isCaughtUp"))
