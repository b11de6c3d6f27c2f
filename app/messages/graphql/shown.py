"""The message that an event is about, as whoever gets the event may see it."""

from __future__ import annotations

from uuid import UUID

from app.core import log
from app.core.graphql.context import Context
from app.messages.graphql.types import Message, as_then, show_message
from app.messages.history import load_messages
from app.messages.visibility import load_who_deleted


async def event_message(record: log.Event, context: Context) -> Message | None:
    """The message named in the event, as it is now; None when it has disappeared, or the viewer deleted it for
    themselves.

    The viewer is asked only where somebody deleted it for themselves, where it says another thing to its author, or
    was edited and somebody has left since.
    """
    message_id = UUID(record.payload["messageId"])
    row = await context.load(load_messages, message_id)
    if row is None or await deleted_for_viewer(context, message_id):
        return None
    if row.details.own_edit is not None and context.viewer is not None:
        row = row.seen_by(context.viewer.user_id)
    if row.edited_at is not None:
        shown = show_message(row, as_of=record.created_at)
        row = await as_then(row, await shown.conversation_of(context), context)
    if row.expires_at is not None:
        context.is_passing = True
    return show_message(row, as_of=record.created_at)


async def deleted_for_viewer(context: Context, message_id: UUID) -> bool:
    """Whether the viewer deleted it for themselves."""
    people = await context.load(load_who_deleted, message_id)
    return bool(people) and context.viewer is not None and context.viewer.user_id in people
