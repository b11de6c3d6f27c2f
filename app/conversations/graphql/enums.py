"""Enums of conversations, described for clients. Import this before a type uses them."""

from __future__ import annotations

from app.conversations.records import (
    ConversationKind,
    ConversationRemovedReason,
    MemberChange,
    MemberRole,
    MessageRequestAnswer,
    SendRefusal,
)
from app.core.graphql.enums import described_enum

described_enum(
    ConversationKind,
    "What sort of conversation it is. More may appear: show them by title and messages alone.",
    {
        "DIRECT": "Two people; exactly one for each pair. Nobody can be added, nobody leaves.",
        "GROUP": "Up to limits.groupMembers people with roles.",
        "BROADCAST": "One to many: the owner and admins post, up to limits.groupMembers people in all read.",
    },
)
described_enum(
    MemberRole,
    "What a member may do. In a direct conversation both are MEMBER.",
    {
        "OWNER": "One per group. Manages it and can't be removed; when the owner leaves, the oldest admin follows, else"
        " the oldest member.",
        "ADMIN": "Manages it: adds and removes members, sets roles and permissions.",
        "MEMBER": "Reads and sends, and what the permissions say.",
    },
)
described_enum(
    MemberChange,
    "What happened to a member.",
    {
        "JOINED": "Was added, perhaps again.",
        "LEFT": "Went by themselves.",
        "REMOVED": "Was taken out by the owner or an admin.",
        "ROLE": "Has another role now: member.role.",
    },
)
described_enum(
    ConversationRemovedReason,
    "Why a conversation is no longer in the viewer's list.",
    {
        "LEFT": "The viewer left, here or on another device.",
        "REMOVED": "The owner or an admin removed the viewer.",
        "DELETED": "The viewer deleted it, here or on another device: a message request comes back with the next"
        " message.",
    },
)
described_enum(
    SendRefusal,
    "Why the viewer can't send. More reasons may appear: show a disabled input.",
    {
        "ADMINS_ONLY": "Only the owner and the admins (or the owner alone) send here: permissions.whoCanSend, or a"
        " broadcast.",
        "READ_ONLY": "The viewer is not a member any more, or the other person's privacy does not let the viewer write"
        " first.",
        "ACCOUNT_DELETED": "The other person deleted their account.",
        "BLOCKED_BY_VIEWER": "The viewer blocks the other person.",
        "REQUEST_UNANSWERED": "The viewer has yet to answer the message request: answerMessageRequest.",
    },
)
described_enum(
    MessageRequestAnswer,
    "What becomes of a message request. The sender is not told.",
    {
        "ACCEPT": "It becomes an ordinary conversation: what the viewer has received and read shows from now on.",
        "DELETE": "It leaves the list until the next message, which asks again.",
        "BLOCK": "As DELETE, and the sender is blocked as by blockUser.",
    },
)
