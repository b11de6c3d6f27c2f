"""What a conversation lets its members write: who may, how often, and whether to everyone at once.

Each takes a row that the send path has read under the conversation's lock, and gives the refusal or None.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.conversations.records import STAFF, ConversationKind, MemberRole, reaches
from app.core.errors import ErrorCode, UserFault
from app.core.runtime import current

_WHERE = ("conversationId",)


def refuse_sender(row: Mapping[str, Any]) -> UserFault | None:
    """FORBIDDEN where others post: the readers of a broadcast, and who is below whoCanSend."""
    lowest = row["who_can_send"]
    if row["role"] not in STAFF and row["conversation_kind"] == ConversationKind.BROADCAST:
        words = "Only the owner and the admins post here: write to one of them directly."
    elif lowest == MemberRole.MEMBER or reaches(MemberRole(row["role"]), MemberRole(lowest)):
        return None
    elif lowest == MemberRole.OWNER:
        words = "Only the group's owner can send messages here."
    else:
        words = "Only the group's owner and admins can send messages here."
    return UserFault(ErrorCode.FORBIDDEN, words, field=_WHERE)


def refuse_haste(row: Mapping[str, Any], last: datetime | None, at: datetime) -> UserFault | None:
    """COOLDOWN in slow mode, while the sender's `last` message is too young. Owner and admins don't wait."""
    if last is None or row["role"] in STAFF:
        return None
    seconds = row["slow_mode_seconds"] - (at - last).total_seconds()
    if seconds <= 0:
        return None
    wait = max(1, math.ceil(seconds))
    words = f"Slow mode: write again in {wait} s."
    return UserFault(ErrorCode.COOLDOWN, words, field=_WHERE, retry_after=wait)


def refuse_everyone(row: Mapping[str, Any]) -> UserFault | None:
    """FORBIDDEN for mentionsEveryone in a large group, unless by its owner or admins: it rings everybody's phone."""
    most = current().settings.messages.mention_everyone_up_to
    if row["role"] in STAFF or row["member_count"] <= most:
        return None
    words = f"In groups of more than {most} only the owner and admins can mention everyone."
    return UserFault(ErrorCode.FORBIDDEN, words, field=("mentionsEveryone",))
