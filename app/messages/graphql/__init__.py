"""Messages in the schema: the type, pages, receipts, sending, events; and their fields on lower types."""

import app.messages.disappearing
import app.messages.erasure
import app.messages.graphql.content
import app.messages.graphql.notices
import app.messages.own_data
import app.messages.own_lists
import app.messages.search_index  # noqa: F401  (jobs, erasers and exports are registered by importing them)
from app.messages.graphql.attachments import AttachmentsMutation
from app.messages.graphql.change_events import (
    MessageDeleted,
    MessageEdited,
    MessagePinned,
    MessageSaved,
    ReactionChanged,
)
from app.messages.graphql.changes import ChangesMutation
from app.messages.graphql.conversation import ConversationMessages, ViewerUnread
from app.messages.graphql.events import MessageReceived, MessagesSubscription, ReceiptChanged, UnreadChanged
from app.messages.graphql.exports import ConversationExportMutation
from app.messages.graphql.forwarding import ForwardingMutation
from app.messages.graphql.mutations import MessagesMutation
from app.messages.graphql.pins import PinsMutation
from app.messages.graphql.queries import MessagesQuery
from app.messages.graphql.reactions import ReactionsMutation
from app.messages.graphql.receipts import Receipt, ReceiptConnection
from app.messages.graphql.scheduling import ScheduledMessageChanged, SchedulingMutation
from app.messages.graphql.search import SearchQuery
from app.messages.graphql.threads import ThreadsMutation
from app.messages.graphql.types import Message, MessageConnection
from app.messages.graphql.unread import UnreadMutation

__all__ = [
    "AttachmentsMutation",
    "ChangesMutation",
    "ConversationExportMutation",
    "ConversationMessages",
    "ForwardingMutation",
    "Message",
    "MessageConnection",
    "MessageDeleted",
    "MessageEdited",
    "MessagePinned",
    "MessageReceived",
    "MessageSaved",
    "MessagesMutation",
    "MessagesQuery",
    "MessagesSubscription",
    "PinsMutation",
    "ReactionChanged",
    "ReactionsMutation",
    "Receipt",
    "ReceiptChanged",
    "ReceiptConnection",
    "ScheduledMessageChanged",
    "SchedulingMutation",
    "SearchQuery",
    "ThreadsMutation",
    "UnreadChanged",
    "UnreadMutation",
    "ViewerUnread",
]
