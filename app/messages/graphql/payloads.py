"""The answer that most mutations about one message give."""

from __future__ import annotations

import strawberry

from app.core.graphql.payload import Payload
from app.messages.graphql.types import Message


@strawberry.type(description="The answer of mutations about one message.")
class MessagePayload(Payload):
    message: Message | None = strawberry.field(
        default=None, description="The message as it is now; null when it failed."
    )
