"""Conversations reached by something else than the viewer's list: by an event, by their id."""

from __future__ import annotations

from uuid import UUID

from app.conversations.access import access_conversation
from app.conversations.graphql.types import Conversation, show_access, show_conversation
from app.conversations.loaders import load_conversations
from app.core import log
from app.core.graphql.context import Context
from app.core.graphql.node import node_kind


async def event_conversation(context: Context, record: log.Event) -> Conversation | None:
    """The conversation an event happened in, or (in the viewer's own stream) tells of; the hub vouches that the event
    is the viewer's to see."""
    named = record.payload.get("conversationId")
    row = await context.load(load_conversations, UUID(named) if named else record.stream_id)
    return show_conversation(row, as_of=record.created_at) if row else None


@node_kind("cnv")
async def fetch_conversation(context: Context, conversation_id: UUID) -> Conversation | None:
    """A conversation the viewer is in now."""
    access = await access_conversation(context.require_viewer(), conversation_id)
    return show_access(context, access) if access else None
