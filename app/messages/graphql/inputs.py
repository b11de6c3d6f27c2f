"""What a client gives to send a message, and the `NewMessage` it is."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import strawberry

from app.core.errors import ErrorCode, UserFault
from app.core.graphql.directives import Constraint
from app.core.graphql.ids import decode_id
from app.core.runtime import current
from app.messages.content import NewMessage
from app.messages.details import MentionSpan, Place
from app.messages.records import NewAttachment


@strawberry.input(description="A person mentioned in the text.")
class MentionInput:
    user_id: strawberry.ID = strawberry.field(description="Who: a member of the conversation, else NOT_FOUND.")
    offset: int | None = strawberry.field(
        default=strawberry.UNSET,
        description="Where in text it begins, in Unicode code points of text as sent here; white space that is cut off"
        " at the front is reckoned with. Required: absent only in encrypted messages.",
        directives=[Constraint(min=0)],
    )
    length: int | None = strawberry.field(
        default=strawberry.UNSET,
        description="How long it is, in code points. Mentions lie in the text, not over each other: else INVALID.",
        directives=[Constraint(min=1)],
    )


@strawberry.input(description="A place on the map.")
class LocationInput:
    latitude: float = strawberry.field(description="Degrees north.", directives=[Constraint(min=-90, max=90)])
    longitude: float = strawberry.field(description="Degrees east.", directives=[Constraint(min=-180, max=180)])
    label: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="What is there, one line of at most 200 code points.",
        directives=[Constraint(max_length=200)],
    )


@strawberry.input(description="A file to send with a message.")
class AttachmentInput:
    media_id: strawberry.ID = strawberry.field(
        description="A file of the viewer's, uploaded for a message and READY: else NOT_FOUND or INVALID."
    )
    caption: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="What to say of it, at most 1,000 code points.",
        directives=[Constraint(max_length=1000)],
    )
    waveform: list[int] | None = strawberry.field(
        default=strawberry.UNSET,
        description="Of a voice message: its loudness over time, at most 256 samples from 0 to 255.",
        directives=[Constraint(max_items=256)],
    )
    as_voice: bool | None = strawberry.field(
        default=False, description="Whether a sound file is a recorded voice message."
    )
    view_once: bool | None = strawberry.field(
        default=False, description="Whether each receiver can open it once only: pictures, videos, voice messages."
    )


@strawberry.input(
    description="A message to send: text, files, a location, or a person's card; perhaps with text. Who sends it,"
    " its number and its time are the server's to say."
)
class SendMessageInput:
    conversation_id: strawberry.ID = strawberry.field(description="Where to; the sender must be a member.")
    client_message_id: str = strawberry.field(
        description="Chosen by the client (a UUID), unique per sender, 1 to 64 characters: sending it again returns the"
        " first result, with other content CONFLICT.",
        directives=[Constraint(min_length=1, max_length=64)],
    )
    text: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="What to say, at most limits.messageLength code points. White space around it is cut off; something"
        " visible must remain, unless there are attachments, a location or a card.",
        directives=[Constraint(max_length=10_000)],
    )
    attachments: list[AttachmentInput] | None = strawberry.field(
        default=strawberry.UNSET,
        description="Files, at most limits.attachmentsPerMessage (LIMIT_REACHED), in this order; not together with a"
        " location or a card. What they are decides the kind of the message.",
        directives=[Constraint(max_items=10)],
    )
    location: LocationInput | None = strawberry.field(
        default=strawberry.UNSET, description="Shares a place: the message is of kind LOCATION."
    )
    contact_user_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="Shares a person's card: the message is of kind CONTACT."
    )
    reply_to_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="The message this answers: one of the same conversation, not deleted."
    )
    thread_root_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET,
        description="Writes into the thread of this message of the same conversation, which is not deleted and in no"
        " thread itself (INVALID). The reply is numbered in the conversation as any message; it counts as unread for"
        " those only who follow the thread.",
    )
    mentions: list[MentionInput] | None = strawberry.field(
        default=strawberry.UNSET,
        description="People mentioned in text, at most limits.mentionsPerMessage. They count it as a mention, and"
        " follow the thread it is in.",
        directives=[Constraint(max_items=50)],
    )
    mentions_everyone: bool | None = strawberry.field(
        default=False,
        description="Whether it mentions everyone here. In groups of more than 32 members only the owner and admins"
        " may: FORBIDDEN.",
    )
    silent: bool | None = strawberry.field(
        default=False, description="Delivered as ever, but pushed to phones without a sound."
    )


def new_message(input: SendMessageInput) -> NewMessage:
    """The input with its ids decoded. Raises NOT_FOUND: malformed is unknown."""
    place = input.location or None
    return NewMessage(
        conversation_id=decode_known("cnv", input.conversation_id, "conversationId"),
        client_message_id=input.client_message_id,
        text=input.text or None,
        reply_to_id=_perhaps("msg", input.reply_to_id, "replyToId"),
        thread_root_id=_perhaps("msg", input.thread_root_id, "threadRootId"),
        mentions=decode_mentions(input.mentions or ()),
        mentions_everyone=bool(input.mentions_everyone),
        location=Place(place.latitude, place.longitude, place.label or None) if place else None,
        contact_id=_perhaps("usr", input.contact_user_id, "contactUserId"),
        attachments=_attachments(input.attachments or ()),
        silent=bool(input.silent),
    )


def _attachments(given: Sequence[AttachmentInput]) -> tuple[NewAttachment, ...]:
    return tuple(
        NewAttachment(
            decode_known("med", one.media_id, "attachments", str(n), "mediaId"),
            one.caption or None,
            tuple(one.waveform) if one.waveform else None,
            bool(one.as_voice),
            bool(one.view_once),
        )
        for n, one in enumerate(given)
    )


def check_items(items: Sequence[object]) -> None:
    """Raises LIMIT_REACHED with the limit for too many items of one call."""
    most = current().settings.messages.batch_items
    if len(items) > most:
        raise UserFault(ErrorCode.LIMIT_REACHED, f"Send at most {most} at once.", field=("items",), limit=most)


def decode_mentions(mentions: Sequence[MentionInput]) -> tuple[MentionSpan, ...]:
    """The mentions with their ids decoded. Raises NOT_FOUND."""
    return tuple(
        MentionSpan(
            decode_known("usr", m.user_id, "mentions", str(n), "userId"),
            None if m.offset is strawberry.UNSET else m.offset,
            None if m.length is strawberry.UNSET else m.length,
        )
        for n, m in enumerate(mentions)
    )


def _perhaps(prefix: str, text: str | None, field: str) -> UUID | None:
    """As `decode_known`; None when absent or null. An empty id is malformed, not absent."""
    return decode_known(prefix, text, field) if isinstance(text, str) else None


def decode_known(prefix: str, text: str, *field: str) -> UUID:
    """The UUID behind an id of the input. Malformed is unknown: raises NOT_FOUND with the path of the field."""
    value = decode_id(prefix, text)
    if value is None:
        raise UserFault(ErrorCode.NOT_FOUND, "There is nothing with this id.", field=field)
    return value
