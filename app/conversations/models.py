"""Tables of conversations. The intervals in which a member sees the stream are the log's `membership` rows."""

from __future__ import annotations

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from app.accounts.models import User
from app.core.clock import new_id
from app.media.models import Media


class Conversation(Model):
    """A direct chat or a group. Its row is the lock under which messages are numbered and members change."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    kind = fields.CharField(max_length=16)
    title = fields.CharField(max_length=100, null=True)
    description = fields.CharField(max_length=500, null=True)
    # Of groups and broadcasts. The migration adds an index on avatar_id where it is not null.
    avatar: fields.ForeignKeyNullableRelation[Media] = fields.ForeignKeyField(
        "models.Media", related_name="avatar_of", null=True, on_delete=fields.SET_NULL
    )
    created_by: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="created_conversations", null=True, on_delete=fields.SET_NULL
    )
    # The two user ids, sorted and joined: makes startDirectConversation idempotent under races.
    direct_key = fields.CharField(max_length=80, null=True, unique=True)
    last_seq = fields.IntField(default=0)
    member_count = fields.IntField(default=0)
    # Of groups and broadcasts: the lowest role that may do it.
    who_can_send = fields.CharField(max_length=8, default="MEMBER")
    who_can_edit_info = fields.CharField(max_length=8, default="ADMIN")
    who_can_add_members = fields.CharField(max_length=8, default="ADMIN")
    who_can_pin = fields.CharField(max_length=8, default="ADMIN")
    new_members_see_history = fields.BooleanField(default=False)
    slow_mode_seconds = fields.IntField(default=0)
    # How long new messages last; null: for ever.
    disappearing_seconds = fields.IntField(null=True)
    is_encrypted = fields.BooleanField(default=False)
    activity_at = fields.DatetimeField()
    # Of a direct conversation whose newest messages one person never gets, as they blocked the sender: who that is,
    # and where the conversation ends for them. Null as soon as a message both see follows.
    hidden_from_id = fields.UUIDField(null=True)
    shown_seq = fields.IntField(null=True)
    shown_activity_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField(auto_now_add=True)
    updated_at = fields.DatetimeField(auto_now=True)

    class Meta:
        table = "conversation"


class Member(Model):
    """A person in a conversation, now (`left_at` null) or before. Marks are absolute and only rise."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    conversation: fields.ForeignKeyRelation[Conversation] = fields.ForeignKeyField(
        "models.Conversation", related_name="members"
    )
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name="memberships")
    role = fields.CharField(max_length=8, default="MEMBER")
    added_by: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="added_members", null=True, on_delete=fields.SET_NULL
    )
    joined_at = fields.DatetimeField()
    left_at = fields.DatetimeField(null=True)
    # The same, where somebody else took them out: no invite from before lets them in again.
    removed_at = fields.DatetimeField(null=True)
    # The lowest and, once gone, the highest sequence this member may see.
    first_seq = fields.IntField(default=1)
    last_seq = fields.IntField(null=True)
    # What the member cleared for themselves, up to here: joining again does not bring it back.
    cleared_seq = fields.IntField(default=0)
    delivered_seq = fields.IntField(default=0)
    read_seq = fields.IntField(default=0)
    read_at = fields.DatetimeField(null=True)
    # The marks as the others see them, where those may not follow (the member blocks the other person, or has not
    # answered their message request). Null: as they are.
    told_delivered_seq = fields.IntField(null=True)
    told_read_seq = fields.IntField(null=True)
    told_read_at = fields.DatetimeField(null=True)
    # Of direct conversations: whether it waits among the message requests, and whether the list has it at all (a
    # blocked person started it, or the request was deleted: it comes back with the next message).
    is_request = fields.BooleanField(default=False)
    is_listed = fields.BooleanField(default=True)
    # When the member wrote last: slow mode.
    sent_at = fields.DatetimeField(null=True)
    # markUnread: for the member, unread is counted from here, while the read mark, which others see, stays.
    unread_from_seq = fields.IntField(null=True)
    # The member's own state, which nobody else sees. Archived holds until a message above archived_seq comes, unless
    # the conversation is muted then.
    muted_until = fields.DatetimeField(null=True)
    archived_seq = fields.IntField(null=True)
    pinned_at = fields.DatetimeField(null=True)
    notification_level = fields.CharField(max_length=8, default="ALL")
    draft = fields.TextField(null=True)
    draft_updated_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField(auto_now_add=True)
    updated_at = fields.DatetimeField(auto_now=True)

    class Meta:
        table = "member"
        unique_together = (("conversation", "user"),)
        # The migration adds an index on user_id where left_at is null: whoever asks, asks for those who are in.


class ConversationLabel(Model):
    """A word that a member put on a conversation in their own list."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name="conversation_labels")
    conversation: fields.ForeignKeyRelation[Conversation] = fields.ForeignKeyField(
        "models.Conversation", related_name="labels"
    )
    label = fields.CharField(max_length=50)
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "conversation_label"
        unique_together = (("user", "conversation", "label"),)


class Invite(Model):
    """A code of 128 random bits that lets whoever has it join a group or broadcast."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    conversation: fields.ForeignKeyRelation[Conversation] = fields.ForeignKeyField(
        "models.Conversation", related_name="invites"
    )
    # Kept as it is: those who manage the group see it again.
    code = fields.CharField(max_length=32, unique=True)
    created_by: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="invites", null=True, on_delete=fields.SET_NULL
    )
    expires_at = fields.DatetimeField(null=True)
    max_uses = fields.IntField(null=True)
    use_count = fields.IntField(default=0)
    revoked_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField(auto_now_add=True)
    updated_at = fields.DatetimeField(auto_now=True)

    class Meta:
        table = "invite"
        indexes = (Index(fields=("conversation_id",)),)
