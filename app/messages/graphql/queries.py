"""Reading a message by its id."""

from __future__ import annotations

from typing import Annotated

import strawberry

from app.core.graphql.context import Info
from app.core.graphql.ids import decode_id
from app.messages.graphql.types import Message, fetch_message


@strawberry.type
class MessagesQuery:
    @strawberry.field(
        description="A message of a conversation the viewer is in; null for any other id, and for messages from before"
        " the viewer's time there."
    )
    async def message(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="msg_…")]
    ) -> Message | None:
        info.context.require_viewer()
        message_id = decode_id("msg", id)
        return await fetch_message(info.context, message_id) if message_id else None
