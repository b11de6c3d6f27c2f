"""forwardMessages."""

from __future__ import annotations

from typing import Annotated

import strawberry

from app.core.errors import UserFault
from app.core.graphql.context import Info
from app.core.graphql.directives import Constraint
from app.core.graphql.payload import mutation
from app.messages import forwarding
from app.messages.forwarding import Forward
from app.messages.graphql.inputs import check_items, decode_known
from app.messages.graphql.mutations import SendMessagesPayload, sent_items


@strawberry.input(description="One message to one conversation.")
class ForwardInput:
    message_id: strawberry.ID = strawberry.field(description="The message, of any conversation the viewer is in.")
    conversation_id: strawberry.ID = strawberry.field(description="Where to.")
    client_message_id: str = strawberry.field(
        description="Of the new message, as in sendMessage.", directives=[Constraint(min_length=1, max_length=64)]
    )


@strawberry.input(description="What to forward, and where to.")
class ForwardMessagesInput:
    items: list[ForwardInput] = strawberry.field(
        description="In the order to be sent; at most limits.batchItems.", directives=[Constraint(max_items=100)]
    )


@strawberry.type
class ForwardingMutation:
    @mutation(
        SendMessagesPayload,
        description="Forwards up to 100 messages as they are now, in order within each conversation: text, place, card;"
        " mentions, replies and threads stay behind. The new messages tell where they first came from (forwarded). Each"
        " item succeeds or fails by itself: NOT_FOUND (the message is unknown, deleted or disappeared), FORBIDDEN (a"
        " notice, call or encrypted message), and the codes of sendMessage. Repeating an item returns its first result,"
        " also when the message was edited or deleted since. Codes of the call: LIMIT_REACHED, RATE_LIMITED.",
        rate_limit="forwardMessages",
    )
    async def forward_messages(
        self,
        info: Info,
        input: Annotated[ForwardMessagesInput, strawberry.argument(description="The messages, in order.")],
    ) -> SendMessagesPayload:
        check_items(input.items)
        viewer = info.context.require_viewer()
        admitted, fault = info.context.runtime.limits.admit_some("sendMessage", viewer, len(input.items))
        results = await forwarding.forward_messages(viewer, [_forward(item) for item in input.items[:admitted]])
        return sent_items([item.client_message_id for item in input.items], results, fault)


def _forward(input: ForwardInput) -> Forward | UserFault:
    try:
        return Forward(
            decode_known("msg", input.message_id, "messageId"),
            decode_known("cnv", input.conversation_id, "conversationId"),
            input.client_message_id,
        )
    except UserFault as fault:
        return fault
