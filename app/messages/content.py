"""What a client wants to send, and the draft it becomes: text, mentions, place, card, and the kind that follows."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from app.core.errors import ErrorCode, UserFault
from app.core.runtime import current
from app.core.text import check_name, check_text
from app.core.viewer import Viewer
from app.messages.attachments import check_attachments
from app.messages.details import NO_DETAILS, Details, MentionSpan, Place
from app.messages.records import Draft, MessageKind, NewAttachment

CLIENT_ID_LENGTH = 64
_CLIENT_ID = re.compile(f"[^\x00-\x1f\x7f-\x9f\ud800-\udfff]{{1,{CLIENT_ID_LENGTH}}}")


@dataclass(slots=True, frozen=True)
class NewMessage:
    """What a client wants to send, ids decoded. Mentions have their places in the text as the client gave it."""

    conversation_id: UUID
    client_message_id: str
    text: str | None
    reply_to_id: UUID | None = None
    thread_root_id: UUID | None = None
    mentions: Sequence[MentionSpan] = ()
    mentions_everyone: bool = False
    location: Place | None = None
    contact_id: UUID | None = None
    attachments: Sequence[NewAttachment] = ()
    silent: bool = False


def check_draft(viewer: Viewer, new: NewMessage) -> Draft:
    """The draft of a new message, its text trimmed.

    Raises UserFault: CONTENT_EMPTY when nothing would be seen, TOO_LONG with the limit, LIMIT_REACHED for too many
    mentions, INVALID for NUL and lone surrogates in the text, mentions outside the text or over each other, a place
    that is none, two contents at once, or a clientMessageId that is not 1 to 64 characters without controls.
    """
    check_client_message_id(new.client_message_id)
    if new.location is not None and new.contact_id is not None:
        raise UserFault(ErrorCode.INVALID, "Share a place or a card, not both at once.", field=("contactUserId",))
    kind, has_more = MessageKind.TEXT, new.location is not None or new.contact_id is not None
    if has_more and new.attachments:
        raise UserFault(ErrorCode.INVALID, "Send files apart from a place or a card.", field=("attachments",))
    if has_more:
        kind = MessageKind.LOCATION if new.location is not None else MessageKind.CONTACT
    attachments = check_attachments(new.attachments)
    has_more = has_more or bool(attachments)
    text = check_message_text(new.text, empty=None if has_more else ErrorCode.CONTENT_EMPTY)
    details = NO_DETAILS
    if has_more or new.mentions:
        place = _check_place(new.location) if new.location is not None else None
        details = Details(place, new.contact_id, check_mentions(new.text or "", text or "", new.mentions))
    return Draft(
        new.conversation_id, viewer.user_id, new.client_message_id, text, new.reply_to_id, new.thread_root_id,
        new.mentions_everyone, new.silent, kind, details, attachments,
    )  # fmt: skip


def check_client_message_id(value: str) -> None:
    """Raises INVALID unless it is 1 to 64 characters without controls."""
    if not _CLIENT_ID.fullmatch(value):
        raise UserFault(ErrorCode.INVALID, "Use 1 to 64 characters, such as a UUID.", field=("clientMessageId",))


def check_message_text(value: str | None, *, empty: ErrorCode | None) -> str | None:
    """The text trimmed, None when there is none. Raises TOO_LONG, INVALID, and `empty` when nothing would be seen."""
    limit = current().settings.messages.length
    return check_text(value or "", field=("text",), limit=limit, empty=empty) or None


def check_mentions(given: str, text: str, mentions: Sequence[MentionSpan]) -> tuple[MentionSpan, ...]:
    """The mentions with their places in the trimmed `text`, in its order; the client counted in the text as `given`.

    Raises LIMIT_REACHED with the limit, and INVALID for a place outside the text or over that of another mention.
    """
    if not mentions:
        return ()
    most = current().settings.messages.mentions_per_message
    if len(mentions) > most:
        raise UserFault(ErrorCode.LIMIT_REACHED, f"Mention at most {most} times.", field=("mentions",), limit=most)
    cut = len(given) - len(given.lstrip())
    placed: list[tuple[int, int, MentionSpan]] = []
    for n, mention in enumerate(mentions):
        if mention.offset is None or mention.length is None:
            raise _misplaced(n, "offset", "Say where in the text this mention is.")
        start = mention.offset - cut
        if mention.length < 1 or start < 0 or start + mention.length > len(text):
            raise _misplaced(n, "offset" if start < 0 or start >= len(text) else "length", "This is not in the text.")
        placed.append((start, n, replace(mention, offset=start)))
    placed.sort(key=lambda item: item[:2])
    end = 0
    for start, n, mention in placed:
        if start < end:
            raise _misplaced(n, "offset", "Two mentions can't have the same place.")
        end = start + (mention.length or 0)
    return tuple(mention for _, _, mention in placed)


def _misplaced(n: int, name: str, message: str) -> UserFault:
    return UserFault(ErrorCode.INVALID, message, field=("mentions", str(n), name))


def _check_place(place: Place) -> Place:
    """Raises INVALID for what is no point on the map, TOO_LONG for its label."""
    for name, value, most in (("latitude", place.latitude, 90), ("longitude", place.longitude, 180)):
        if not math.isfinite(value) or abs(value) > most:
            raise UserFault(ErrorCode.INVALID, f"Use degrees from -{most} to {most}.", field=("location", name))
    limit = current().settings.messages.location_label_length
    label = check_name(place.label or "", field=("location", "label"), limit=limit, empty=None)
    return Place(float(place.latitude), float(place.longitude), label or None)
