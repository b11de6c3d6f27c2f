"""Tables of media."""

from __future__ import annotations

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from app.accounts.models import User
from app.core.clock import new_id


class Media(Model):
    """A file that somebody uploaded. Those who see a message with it see the file."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    owner: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="media", null=True, on_delete=fields.SET_NULL
    )
    kind = fields.CharField(max_length=8)
    state = fields.CharField(max_length=12)
    purpose = fields.CharField(max_length=12)
    file_name = fields.CharField(max_length=255)
    mime_type = fields.CharField(max_length=127)
    size_bytes = fields.BigIntField()
    width = fields.IntField(null=True)
    height = fields.IntField(null=True)
    duration_seconds = fields.FloatField(null=True)
    blurhash = fields.CharField(max_length=100, null=True)
    created_at = fields.DatetimeField(auto_now_add=True)
    updated_at = fields.DatetimeField(auto_now=True)

    class Meta:
        table = "media"
        indexes = (Index(fields=("owner_id", "created_at")),)
