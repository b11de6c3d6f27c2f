"""Presence in the schema: who is online, who types; and their fields on lower types."""

import app.presence.erasure
import app.presence.own_data  # noqa: F401  (its part of a copy of somebody's data)
from app.presence.graphql.events import PresenceChanged, PresenceSubscription
from app.presence.graphql.presence import (
    DevicePresence,
    Presence,
    PresenceMutation,
    UserPresence,
    ViewerPresence,
)
from app.presence.graphql.typing import (
    ConversationTyping,
    TypingChanged,
    TypingMutation,
    TypingSubscription,
    TypingUser,
)

__all__ = [
    "ConversationTyping",
    "DevicePresence",
    "Presence",
    "PresenceChanged",
    "PresenceMutation",
    "PresenceSubscription",
    "TypingChanged",
    "TypingMutation",
    "TypingSubscription",
    "TypingUser",
    "UserPresence",
    "ViewerPresence",
]
