"""Tables of messages."""

from __future__ import annotations

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from app.accounts.models import User
from app.conversations.models import Conversation, Member
from app.core.clock import new_id
from app.media.models import Media


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
    # What a message holds besides text: place, shared person, notice of the system, mentions with their places, whence
    # it was forwarded (records.py, `Details`). Null for most.
    details: fields.Field[dict[str, object] | None] = fields.JSONField(null=True)
    reply_to_id = fields.UUIDField(null=True)
    # The first message of the thread it was written into.
    thread_root_id = fields.UUIDField(null=True)
    mentions_everyone = fields.BooleanField(default=False)
    client_message_id = fields.CharField(max_length=64, null=True)
    # SHA-256 of what the client sent under that id: the same id with other content is CONFLICT. Empty once deleted.
    content_hash = fields.CharField(max_length=64, null=True)
    # Of a direct conversation: only its sender ever sees it, as the other person blocked them when it was sent.
    is_hidden = fields.BooleanField(default=False)
    silent = fields.BooleanField(default=False)
    edited_at = fields.DatetimeField(null=True)
    deleted_at = fields.DatetimeField(null=True)
    # When it disappears: for every reader at this instant, its content by the sweep after.
    expires_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField(null=True)

    class Meta:
        table = "message"
        unique_together = (("conversation", "seq"), ("sender", "client_message_id"))
        # The migration adds partial indexes: on (conversation_id, seq) of those that may not count as unread (hidden,
        # deleted, notices, in threads, disappearing) and of those that mention everyone; on (thread_root_id, seq) of
        # threads; on (expires_at) of what disappears and is not deleted.


class MessageRevision(Model):
    """What a message said before an edit. Goes with its content when it is deleted for everyone."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    message: fields.ForeignKeyRelation[Message] = fields.ForeignKeyField("models.Message", related_name="revisions")
    text = fields.TextField(null=True)
    # When this text was written: at first, or by an edit.
    edited_at = fields.DatetimeField()

    class Meta:
        table = "message_revision"
        indexes = (Index(fields=("message_id", "edited_at")),)


class Reaction(Model):
    """An emoji that a person put on a message; several people and several emoji a message, each once."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    message: fields.ForeignKeyRelation[Message] = fields.ForeignKeyField("models.Message", related_name="reactions")
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name="reactions")
    emoji = fields.CharField(max_length=64)
    # Only who put it there ever sees it, as the other person of the direct conversation blocked them then.
    is_hidden = fields.BooleanField(default=False)
    created_at = fields.DatetimeField()

    class Meta:
        table = "reaction"
        unique_together = (("message", "emoji", "user"),)
        indexes = (Index(fields=("user_id",)),)


class Pin(Model):
    """A message pinned in its conversation, for everybody there, until `expires_at` (null: until it is unpinned)."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    message: fields.OneToOneRelation[Message] = fields.OneToOneField("models.Message", related_name="pin")
    conversation: fields.ForeignKeyRelation[Conversation] = fields.ForeignKeyField(
        "models.Conversation", related_name="pins"
    )
    pinned_by: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="pins", null=True, on_delete=fields.SET_NULL
    )
    # Who alone sees it, of a direct conversation where one blocked the other when that pinned or unpinned it.
    only_for_id = fields.UUIDField(null=True)
    pinned_at = fields.DatetimeField()
    expires_at = fields.DatetimeField(null=True)

    class Meta:
        table = "pin"
        indexes = (Index(fields=("conversation_id", "pinned_at")), Index(fields=("expires_at",)))


class SavedMessage(Model):
    """A message that a person keeps in a list of their own."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name="saved_messages")
    message: fields.ForeignKeyRelation[Message] = fields.ForeignKeyField("models.Message", related_name="saved_by")
    created_at = fields.DatetimeField()

    class Meta:
        table = "saved_message"
        unique_together = (("user", "message"),)
        indexes = (Index(fields=("user_id", "created_at")), Index(fields=("message_id",)))


class DeletedMessage(Model):
    """A message that a person deleted for themselves alone."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name="deleted_messages")
    conversation_id = fields.UUIDField()
    seq = fields.IntField()
    message: fields.ForeignKeyRelation[Message] = fields.ForeignKeyField("models.Message", related_name="deleted_for")
    created_at = fields.DatetimeField()

    class Meta:
        table = "deleted_message"
        unique_together = (("user", "conversation_id", "seq"),)
        indexes = (Index(fields=("message_id",)),)  # who of those an event is for has deleted it


class MessageMention(Model):
    """Who a message mentions, for their counts; the places in the text are in the message's details."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name="mentions")
    conversation_id = fields.UUIDField()
    seq = fields.IntField()
    message: fields.ForeignKeyRelation[Message] = fields.ForeignKeyField("models.Message", related_name="mentions")

    class Meta:
        table = "message_mention"
        unique_together = (("user", "conversation_id", "seq"),)
        indexes = (Index(fields=("message_id",)),)


class ReceiptMark(Model):
    """When a mark of a member rose to a number, in conversations small enough that receipts are announced, and only
    what others may know. Ids rise with time: the oldest are forgotten by them."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField("models.Member", related_name="receipt_marks")
    is_read = fields.BooleanField()
    seq = fields.IntField()
    created_at = fields.DatetimeField()

    class Meta:
        table = "receipt_mark"
        unique_together = (("member", "is_read", "seq"),)


class ThreadFollow(Model):
    """Who follows a thread: by writing in it, being mentioned in it, or followThread. `is_following` false: they said
    no, and writing in it does not change that back by itself."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name="thread_follows")
    root: fields.ForeignKeyRelation[Message] = fields.ForeignKeyField("models.Message", related_name="followers")
    is_following = fields.BooleanField(default=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "thread_follow"
        unique_together = (("user", "root"),)


class ScheduledMessage(Model):
    """A message that the server sends later, exactly once: its clientMessageId makes a repeat harmless."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name="scheduled_messages")
    conversation: fields.ForeignKeyRelation[Conversation] = fields.ForeignKeyField(
        "models.Conversation", related_name="scheduled_messages"
    )
    client_message_id = fields.CharField(max_length=64)
    # The rest of what the client gave, as `Draft` has it.
    content: fields.Field[dict[str, object]] = fields.JSONField()
    send_at = fields.DatetimeField()
    state = fields.CharField(max_length=8, default="PENDING")
    message: fields.ForeignKeyNullableRelation[Message] = fields.ForeignKeyField(
        "models.Message", related_name="scheduled_as", null=True, on_delete=fields.SET_NULL
    )
    # Why it could not be sent: code and message of the UserError.
    error: fields.Field[dict[str, object] | None] = fields.JSONField(null=True)
    created_at = fields.DatetimeField(auto_now_add=True)
    updated_at = fields.DatetimeField(auto_now=True)

    class Meta:
        table = "scheduled_message"
        unique_together = (("user", "client_message_id"),)
        indexes = (Index(fields=("user_id", "send_at")),)  # the migration adds one on send_at of what is pending


class Attachment(Model):
    """A file in a message, in its place there. Goes when the message is deleted for everyone."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    message: fields.ForeignKeyRelation[Message] = fields.ForeignKeyField("models.Message", related_name="attachments")
    # Those of the message, for the gallery.
    conversation_id = fields.UUIDField()
    seq = fields.IntField()
    position = fields.SmallIntField()
    media: fields.ForeignKeyRelation[Media] = fields.ForeignKeyField("models.Media", related_name="attachments")
    kind = fields.CharField(max_length=8)
    caption = fields.TextField(null=True)
    waveform: fields.Field[list[int] | None] = fields.JSONField(null=True)
    view_once = fields.BooleanField(default=False)

    class Meta:
        table = "attachment"
        unique_together = (("message", "position"),)
        indexes = (Index(fields=("conversation_id", "seq", "position")), Index(fields=("media_id",)))


class AttachmentView(Model):
    """That somebody opened a view-once attachment."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    attachment: fields.ForeignKeyRelation[Attachment] = fields.ForeignKeyField(
        "models.Attachment", related_name="views"
    )
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name="attachment_views")
    viewed_at = fields.DatetimeField()

    class Meta:
        table = "attachment_view"
        unique_together = (("attachment", "user"),)
        indexes = (Index(fields=("user_id",)),)


class MessageSearch(Model):
    """The words of a message, folded for comparison (search_text.py). A trigger deletes it with the message's text.

    The migration adds what finds a part of a body: a GIN index over its grams on PostgreSQL, FTS5 on SQLite.
    """

    id = fields.BigIntField(primary_key=True)  # SQLite's full-text index knows rows by number
    message: fields.OneToOneRelation[Message] = fields.OneToOneField("models.Message", related_name="search")
    conversation_id = fields.UUIDField()
    seq = fields.IntField()
    created_at = fields.DatetimeField()
    body = fields.TextField()

    class Meta:
        table = "message_search"


class SearchPosition(Model):
    """How far the search index has followed each partition of the log."""

    partition = fields.SmallIntField(primary_key=True, generated=False)
    position = fields.BigIntField()

    class Meta:
        table = "search_position"
