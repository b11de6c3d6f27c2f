"""What a message holds besides text, as `message.details` keeps it: JSON with the keys that are there only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(slots=True, frozen=True)
class Place:
    """A point on the map, in degrees (WGS 84)."""

    latitude: float
    longitude: float
    label: str | None = None


@dataclass(slots=True, frozen=True)
class MentionSpan:
    """Who is mentioned, and where in the text: code points. None where the text is encrypted."""

    user_id: UUID
    offset: int | None
    length: int | None


@dataclass(slots=True, frozen=True)
class Origin:
    """Whence a forwarded message came: the message that was first forwarded, and how many times it went on since."""

    message_id: UUID
    hops: int


@dataclass(slots=True, frozen=True)
class OwnEdit:
    """What a message says to its author alone: they edited it while the other person of the direct conversation blocked
    them, who goes on seeing what the message said before."""

    text: str | None
    mentions: tuple[MentionSpan, ...]
    edited_at: datetime


@dataclass(slots=True, frozen=True)
class Details:
    """The parts; most messages have none of them (`NO_DETAILS`)."""

    location: Place | None = None
    contact_id: UUID | None = None
    mentions: tuple[MentionSpan, ...] = ()
    forwarded: Origin | None = None
    # Of SYSTEM messages: what happened, as the registry of notices writes and reads it.
    notice: Mapping[str, Any] | None = field(default=None, hash=False)
    own_edit: OwnEdit | None = None

    def to_json(self) -> dict[str, Any] | None:
        """As stored; None when there is nothing."""
        parts: dict[str, Any] = {}
        if (place := self.location) is not None:
            parts["location"] = [place.latitude, place.longitude, place.label]
        if self.contact_id is not None:
            parts["contact"] = str(self.contact_id)
        if self.mentions:
            parts["mentions"] = _to_lists(self.mentions)
        if self.forwarded is not None:
            parts["forwarded"] = [str(self.forwarded.message_id), self.forwarded.hops]
        if self.notice is not None:
            parts["notice"] = dict(self.notice)
        if (own := self.own_edit) is not None:
            parts["own"] = [own.text, _to_lists(own.mentions), own.edited_at.isoformat()]
        return parts or None


NO_DETAILS = Details()


def details_from(parts: Mapping[str, Any]) -> Details:
    """What `Details.to_json` made, as a row or an event gives it back."""
    contact, forwarded, own = parts.get("contact"), parts.get("forwarded"), parts.get("own")
    return Details(
        location=Place(*parts["location"]) if "location" in parts else None,
        contact_id=UUID(contact) if contact else None,
        mentions=_to_spans(parts.get("mentions", ())),
        forwarded=Origin(UUID(forwarded[0]), forwarded[1]) if forwarded else None,
        notice=parts.get("notice"),
        own_edit=OwnEdit(own[0], _to_spans(own[1]), datetime.fromisoformat(own[2])) if own else None,
    )


def _to_lists(mentions: Sequence[MentionSpan]) -> list[list[Any]]:
    return [[str(m.user_id), m.offset, m.length] for m in mentions]


def _to_spans(lists: Sequence[Sequence[Any]]) -> tuple[MentionSpan, ...]:
    return tuple(MentionSpan(UUID(user), *place) for user, *place in lists)
