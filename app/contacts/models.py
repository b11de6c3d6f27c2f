"""Tables of contacts. What belongs to a pair changes under the lock of both people (locks.py)."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from app.accounts.models import User
from app.core.clock import new_id


class Contact(Model):
    """`user` in the address book of `owner`: one-sided. Mutual is two rows.

    `removed_at`: the owner took it out while blocking the person. The row stays until they unblock, so that what the
    blocked person sees (isMutual) does not change; to the owner it is gone.
    """

    id = fields.UUIDField(primary_key=True, default=new_id)
    owner: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name="contacts")
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name="contact_of")
    nickname = fields.CharField(max_length=100, null=True)
    is_favorite = fields.BooleanField(default=False)
    added_at = fields.DatetimeField()
    removed_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField(auto_now_add=True)
    updated_at = fields.DatetimeField(auto_now=True)

    class Meta:
        table = "contact"
        unique_together = (("owner", "user"),)
        indexes = (("user_id",),)


class ContactRequest(Model):
    """The one request of a pair of people, whoever asked last; asking again opens the same row.

    `is_hidden`: it was sent to, or waited for, somebody who blocks the sender. The recipient never learns of it, not
    even after unblocking; the sender sees a request that is not answered.
    """

    id = fields.UUIDField(primary_key=True, default=new_id)
    # Both user ids, sorted and joined: one row for each pair.
    pair_key = fields.CharField(max_length=80, unique=True)
    sender: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name="requests_sent")
    recipient: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name="requests_received")
    note = fields.CharField(max_length=300, null=True)
    state = fields.CharField(max_length=16)
    via = fields.CharField(max_length=16)
    is_hidden = fields.BooleanField(default=False)
    asked_at = fields.DatetimeField()
    answered_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField(auto_now_add=True)
    updated_at = fields.DatetimeField(auto_now=True)

    class Meta:
        table = "contact_request"
        indexes = (("sender_id", "state", "asked_at"), ("recipient_id", "state", "asked_at"))


class Block(Model):
    """`blocker` wants nothing from `blocked`. Nobody but the blocker is ever told."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    blocker: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name="blocks")
    blocked: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name="blocked_by")
    # The blocker's profile as the blocked goes on seeing it, since its first change under the block; null: as it is.
    kept_display_name = fields.CharField(max_length=100, null=True)
    kept_username = fields.CharField(max_length=50, null=True)
    kept_bio = fields.CharField(max_length=500, null=True)
    kept_avatar_id = fields.UUIDField(null=True)
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "block"
        unique_together = (("blocker", "blocked"),)
        indexes = (("blocked_id",),)


class ConnectionCode(Model):
    """A code that connects whoever scans it with `user`, once. Only its hash is stored."""

    code_hash = fields.CharField(max_length=64, primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name="connection_codes")
    expires_at = fields.DatetimeField()
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "connection_code"
        indexes = (("user_id",), ("expires_at",))
