"""Table of presence: what people said about themselves, and when they were last there."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from app.accounts.models import User


class Presence(Model):
    """A person who was ever online. Who is online now is not stored: processes tell each other.

    Instants are minutes. Of somebody invisible neither moves.
    """

    user: fields.OneToOneRelation[User] = fields.OneToOneField("models.User", related_name="presence", primary_key=True)
    is_busy = fields.BooleanField(default=False)
    is_invisible = fields.BooleanField(default=False)
    # Ids of devices whose person is away from them.
    away_devices: fields.Field[list[str]] = fields.JSONField(default=list)
    status_text = fields.CharField(max_length=100, null=True)
    status_emoji = fields.CharField(max_length=32, null=True)
    status_expires_at = fields.DatetimeField(null=True)
    # Of somebody invisible: the status as it was before, which others go on seeing, as they would of somebody offline.
    shown_status: fields.Field[dict[str, str | None]] = fields.JSONField(null=True)
    # The end of the visit before this one; and of this one so far. Once it is over, both are its end.
    last_seen_at = fields.DatetimeField(null=True)
    active_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField(auto_now_add=True)
    updated_at = fields.DatetimeField(auto_now=True)

    class Meta:
        table = "presence"
