"""What devices missed, read by the hundred: messages with who sent them and where, for the events that tell of them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from uuid import UUID

from app.accounts.loaders import USER_COLUMNS, UserRow, join_user, user_beside
from app.conversations.loaders import load_conversations
from app.conversations.records import ConversationRow
from app.core import db
from app.core.records import record
from app.messages.records import MESSAGE_COLUMNS, MESSAGE_WIDTH, MessageRow, message_of


@record(slots=True, frozen=True)
class Missed:
    """A message that all who may see its event see alike, and as it is; who sent it, None once the account is gone."""

    message: MessageRow
    sender: UserRow | None
    conversation: ConversationRow


async def load_missed(messages: Sequence[tuple[UUID, UUID]]) -> list[Missed | None]:
    """Messages by (conversation, id), whoever asks: only for ids the caller may follow. Two statements.

    None for those that need a closer look: unknown, edited since, will disappear, or deleted by somebody for
    themselves. They are few.
    """
    conversation_ids = list({conversation_id for conversation_id, _ in messages})
    found, conversations = await asyncio.gather(
        db.rows(
            f"""SELECT {MESSAGE_COLUMNS}, {USER_COLUMNS} FROM message m{join_user("m.sender_id")}
                WHERE m.id = ANY($1::uuid[]) AND m.edited_at IS NULL AND m.expires_at IS NULL
                  AND NOT EXISTS (SELECT 1 FROM deleted_message gone WHERE gone.message_id = m.id)""",
            [message_id for _, message_id in messages],
        ),
        load_conversations(conversation_ids),
    )
    places = dict(zip(conversation_ids, conversations, strict=True))
    senders: dict[UUID | None, UserRow | None] = {None: None}
    missed: dict[UUID, Missed] = {}
    for values in db.by_place(found):
        message = message_of(values[:MESSAGE_WIDTH])
        sender_id, conversation = message.sender_id, places.get(message.conversation_id)
        if sender_id not in senders:
            senders[sender_id] = user_beside(values[MESSAGE_WIDTH:])
        if conversation is not None and message.details.own_edit is None:
            missed[message.id] = Missed(message, senders[sender_id], conversation)
    return [missed.get(message_id) for _, message_id in messages]
