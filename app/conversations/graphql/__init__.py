"""Conversations in the schema. Higher domains add fields: `@extends(Conversation)`, which all its kinds get."""

import app.conversations.acquaintances
import app.conversations.erasure
import app.conversations.graphql.avatars
import app.conversations.own_data
import app.conversations.requests  # noqa: F401  (contacts are let in)
from app.conversations.graphql.common import UserCommonGroups, ViewerSuggestions
from app.conversations.graphql.events import ConversationAdded, ConversationChanged, ConversationRemoved, MemberChanged
from app.conversations.graphql.groups import GroupsMutation, TimerMutation
from app.conversations.graphql.invites import Invite, InvitesMutation, InvitesQuery
from app.conversations.graphql.members import Member, MemberConnection
from app.conversations.graphql.mutations import ConversationsMutation
from app.conversations.graphql.own_state import ConversationSettingsChanged, OwnStateMutation
from app.conversations.graphql.queries import ConversationsQuery
from app.conversations.graphql.reached import event_conversation
from app.conversations.graphql.types import (
    Broadcast,
    Conversation,
    DirectConversation,
    Group,
    show_conversation,
)

__all__ = [
    "Broadcast",
    "Conversation",
    "ConversationAdded",
    "ConversationChanged",
    "ConversationRemoved",
    "ConversationSettingsChanged",
    "ConversationsMutation",
    "ConversationsQuery",
    "DirectConversation",
    "Group",
    "GroupsMutation",
    "Invite",
    "InvitesMutation",
    "InvitesQuery",
    "Member",
    "MemberChanged",
    "MemberConnection",
    "OwnStateMutation",
    "TimerMutation",
    "UserCommonGroups",
    "ViewerSuggestions",
    "event_conversation",
    "show_conversation",
]
