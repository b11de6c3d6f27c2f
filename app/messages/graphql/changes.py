"""Editing and deleting messages: what a message shows of it, and the mutations."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry

from app.conversations.graphql import Conversation, show_conversation
from app.conversations.loaders import load_conversations
from app.conversations.records import STAFF, ConversationKind
from app.core.graphql.context import Info
from app.core.graphql.directives import Constraint
from app.core.graphql.enums import described_enum
from app.core.graphql.extend import extends
from app.core.graphql.ids import encode_id, known_id
from app.core.graphql.payload import Payload, mutation
from app.messages import deleting, editing
from app.messages.access import load_now, window_end
from app.messages.deleting import DeleteScope, is_deletable
from app.messages.editing import edit_until, is_editable, load_revisions
from app.messages.graphql.inputs import MentionInput, decode_mentions
from app.messages.graphql.payloads import MessagePayload
from app.messages.graphql.types import Message, show_message

described_enum(
    DeleteScope,
    "For whom a message is deleted.",
    {
        "FOR_ME": "For the viewer, on all their devices; the others still see it.",
        "FOR_EVERYONE": "For all: its content is erased at once, and a tombstone keeps its place.",
    },
)


@strawberry.type(description="What a message said before an edit.")
class MessageRevision:
    text: str | None = strawberry.field(description="The text then.")
    edited_at: datetime = strawberry.field(description="When this text was written: at first, or by an edit.")


@extends(Message)
class MessageChanges:
    @strawberry.field(
        description="What it said before its edits, newest first; empty when it was never edited, or is deleted."
        " Whoever sees the message sees these."
    )
    async def revisions(self: Message, info: Info) -> list[MessageRevision]:
        edited_at = self.row.edited_at
        if edited_at is None or self.row.deleted_at is not None:
            return []
        found = await info.context.load(load_revisions, self.row.id)
        return [MessageRevision(text=r.text, edited_at=r.edited_at) for r in found if r.edited_at < edited_at]

    @strawberry.field(
        description="Whether editMessage would work for the viewer now: their own text, until viewerCanEditUntil."
    )
    async def viewer_can_edit(self: Message, info: Info) -> bool:
        viewer = info.context.require_viewer()
        if not is_editable(self.row, viewer.user_id):
            return False
        conversation = await self.conversation_of(info.context)
        member = await conversation.current_member(info.context)
        if member is None or await conversation.blocks_peer(info.context, member):
            return False
        until = edit_until(self.row)
        return until is None or await info.context.load(load_now, None) < until

    @strawberry.field(
        description="Until when the viewer can edit it; null: without limit, or not at all (viewerCanEdit)."
    )
    def viewer_can_edit_until(self: Message, info: Info) -> datetime | None:
        is_own = is_editable(self.row, info.context.require_viewer().user_id)
        return edit_until(self.row) if is_own else None

    @strawberry.field(
        description="Whether deleteMessage FOR_EVERYONE would work for the viewer: on their own messages, and for the"
        " owner and admins of a group or broadcast on all."
    )
    async def viewer_can_delete_for_everyone(self: Message, info: Info) -> bool:
        conversation = await self.conversation_of(info.context)
        member = await conversation.current_member(info.context)
        if member is None or not is_deletable(self.row, conversation.row, member):
            return False
        if member.role in STAFF and conversation.row.kind is not ConversationKind.DIRECT:
            return True
        until = window_end(self.row, info.context.runtime.settings.messages.delete_window_seconds)
        return until is None or await info.context.load(load_now, None) < until


@strawberry.input(description="Another text for one's own message.")
class EditMessageInput:
    message_id: strawberry.ID = strawberry.field(
        description="Which message: the viewer's own, of kind TEXT, not forwarded."
    )
    text: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="The whole new text, as in sendMessage.",
        directives=[Constraint(max_length=10_000)],
    )
    mentions: list[MentionInput] | None = strawberry.field(
        default=strawberry.UNSET,
        description="The people mentioned in the new text; they replace those of before. Absent: nobody.",
        directives=[Constraint(max_items=50)],
    )


@strawberry.input(description="A message to delete.")
class DeleteMessageInput:
    message_id: strawberry.ID = strawberry.field(description="Which message.")
    scope: DeleteScope = strawberry.field(description="For whom.")


@strawberry.type(description="The answer of deleteMessage.")
class DeleteMessagePayload(Payload):
    message: Message | None = strawberry.field(default=None, description="The tombstone, FOR_EVERYONE.")
    removed_message_id: strawberry.ID | None = strawberry.field(default=None, description="FOR_ME: drop it.")
    conversation: Conversation | None = strawberry.field(
        default=None, description="Where, for lastMessage and unreadCount; null when it failed."
    )


@strawberry.type
class ChangesMutation:
    @mutation(
        MessagePayload,
        description="Gives one's own message another text. What it said before stays in revisions; everybody there gets"
        " MessageEdited. The same text and mentions change nothing. Codes: NOT_FOUND (the message, or somebody"
        " mentioned who is no member), NOT_PARTICIPANT, NOT_OWNER, FORBIDDEN (deleted, forwarded, not of kind"
        " TEXT, or the viewer blocks the other person of the direct conversation),"
        " CONTENT_EMPTY, TOO_LONG, INVALID, LIMIT_REACHED (mentions, or 100 edits, fewer of long texts),"
        " EDIT_WINDOW_PASSED, RATE_LIMITED, UNAVAILABLE.",
        rate_limit="editMessage",
    )
    async def edit_message(
        self, info: Info, input: Annotated[EditMessageInput, strawberry.argument(description="What it shall say.")]
    ) -> MessagePayload:
        message_id = known_id("msg", input.message_id, "messageId")
        mentions = decode_mentions(input.mentions or ())
        row = await editing.edit_message(info.context.require_viewer(), message_id, input.text or "", mentions)
        return MessagePayload(message=show_message(row))

    @mutation(
        DeleteMessagePayload,
        description="Deletes a message. FOR_EVERYONE: its author, or the owner and admins of the group, at any time;"
        " text, revisions, mentions, reactions and its pin are erased at once, everybody there gets MessageDeleted with"
        " the tombstone. FOR_ME: any message; the viewer's devices get MessageDeleted. Deleting again changes nothing."
        " Codes: NOT_FOUND, NOT_PARTICIPANT, and FOR_EVERYONE: NOT_OWNER, FORBIDDEN (notices), EDIT_WINDOW_PASSED (for"
        " its author, where this server sets a time); RATE_LIMITED, UNAVAILABLE.",
        rate_limit="deleteMessage",
    )
    async def delete_message(
        self, info: Info, input: Annotated[DeleteMessageInput, strawberry.argument(description="Which, for whom.")]
    ) -> DeleteMessagePayload:
        message_id = known_id("msg", input.message_id, "messageId")
        deleted = await deleting.delete_message(info.context.require_viewer(), message_id, input.scope)
        row = await info.context.load(load_conversations, deleted.conversation_id)
        removed = None if deleted.tombstone else strawberry.ID(encode_id("msg", deleted.message_id))
        return DeleteMessagePayload(
            message=show_message(deleted.tombstone) if deleted.tombstone else None,
            removed_message_id=removed,
            conversation=show_conversation(row) if row else None,
        )
