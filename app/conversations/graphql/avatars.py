"""Avatars of conversations in the schema."""

from __future__ import annotations

from typing import Any

import strawberry
from strawberry import UNSET

import app.conversations.avatars  # noqa: F401  (registered by importing it)
from app.conversations.graphql.types import Conversation
from app.conversations.listing import Listed
from app.conversations.notices import SystemNoticeKind
from app.conversations.records import ConversationKind
from app.core.executor import known, quick
from app.core.graphql.context import Info
from app.core.graphql.extend import extends
from app.media.graphql import Media, avatar_of, picture


@extends(Conversation)
class ConversationAvatar:
    @property
    def shown_avatar(self: Any) -> Any:
        """None where everybody sees that there is none."""
        if self.as_of is not None or self.brief.avatar_id is not None:
            return UNSET
        if self.kind is ConversationKind.DIRECT and not (type(self.brief) is Listed and self.brief.peer_is_bare):
            return UNSET
        return None

    @strawberry.field(
        description="What the viewer should see on the row: the other person's User.avatar, or the group's picture."
        " Null when there is none, and in an event from before the viewer left, if it changed since."
    )
    @known("shown_avatar")
    @quick
    async def avatar(self: Conversation, info: Info) -> Media | None:
        if self.brief.kind is ConversationKind.DIRECT:
            return await avatar_of(info.context, await self.peer_row(info.context))
        if self.brief.avatar_id is None or await self.is_withheld(info.context, SystemNoticeKind.AVATAR_CHANGED):
            return None
        return await picture(info.context, self.brief.avatar_id)
