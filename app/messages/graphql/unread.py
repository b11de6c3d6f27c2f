"""Marking conversations unread again, and all of them read."""

from __future__ import annotations

from typing import Annotated

import strawberry

from app.accounts.graphql import ViewerPayload, viewer_of
from app.conversations.graphql.mutations import ConversationPayload
from app.conversations.graphql.types import show_access
from app.core.graphql.context import Info
from app.core.graphql.ids import known_id
from app.core.graphql.payload import mutation
from app.messages import unread_marks


@strawberry.input(description="From where on a conversation shall be unread again.")
class MarkUnreadInput:
    conversation_id: strawberry.ID = strawberry.field(description="Which conversation.")
    from_seq: int = strawberry.field(description="The first message that shall be unread again.")


@strawberry.type
class UnreadMutation:
    @mutation(
        ConversationPayload,
        description="Makes the messages of others from a place on unread again, for the viewer alone: the read mark,"
        " which others see, stays. Reading them (markRead), or sending, ends it. The viewer's devices get"
        " UnreadChanged. Codes: NOT_FOUND, NOT_PARTICIPANT, LIMIT_REACHED (limit messages before what was read),"
        " RATE_LIMITED.",
        rate_limit="mark",
    )
    async def mark_unread(
        self,
        info: Info,
        input: Annotated[MarkUnreadInput, strawberry.argument(description="Where, from where on.")],
    ) -> ConversationPayload:
        conversation_id = known_id("cnv", input.conversation_id, "conversationId")
        access = await unread_marks.mark_unread(info.context.require_viewer(), conversation_id, input.from_seq)
        return ConversationPayload(conversation=show_access(info.context, access))

    @mutation(
        ViewerPayload,
        description="Reads every conversation in the viewer's list, archived ones too; message requests stay. The"
        " viewer's devices get UnreadChanged, the others ReceiptChanged as by markRead. Codes: RATE_LIMITED,"
        " UNAVAILABLE (some may be read by then: repeat it).",
        rate_limit="markAllRead",
    )
    async def mark_all_read(self, info: Info) -> ViewerPayload:
        viewer = info.context.require_viewer()
        await unread_marks.mark_all_read(viewer)
        return ViewerPayload(viewer=viewer_of(viewer))
