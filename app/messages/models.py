"""Tables of messages."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from app.accounts.models import User
from app.conversations.models import Conversation


class Message(Model):
    """One numbered message. `seq` is dense inside its conversation and the only order.

    Pages walk (conversation_id, seq). No page may ever be ordered by id: PostgreSQL would walk the id index through
    everybody else's messages (speed.md, "A planner trap").
    """

    id = fields.UUIDField(primary_key=True)
    conversation: fields.ForeignKeyRelation[Conversation] = fields.ForeignKeyField(
        "models.Conversation", related_name="messages"
    )
    seq = fields.IntField()
    sender: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="messages", null=True, on_delete=fields.SET_NULL
    )
    kind = fields.CharField(max_length=16)
    text = fields.TextField(null=True)
    reply_to_id = fields.UUIDField(null=True)
    client_message_id = fields.CharField(max_length=64, null=True)
    # SHA-256 of what the client sent under that id: the same id with other content is CONFLICT.
    content_hash = fields.CharField(max_length=64, null=True)
    # Of a direct conversation: only its sender ever sees it, as the other person blocked them when it was sent.
    is_hidden = fields.BooleanField(default=False)
    silent = fields.BooleanField(default=False)
    edited_at = fields.DatetimeField(null=True)
    deleted_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField(null=True)

    class Meta:
        table = "message"
        unique_together = (("conversation", "seq"), ("sender", "client_message_id"))
        # The migration adds an index on (conversation_id, seq) where is_hidden.
