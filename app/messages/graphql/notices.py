"""Notices of the system in the schema: what a message of kind SYSTEM says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import strawberry

import app.messages.notices  # noqa: F401  (writes them)
from app.accounts.graphql import User, show_user
from app.accounts.loaders import load_users
from app.conversations.notices import SystemNoticeKind
from app.core.graphql.context import Info
from app.core.graphql.enums import described_enum
from app.core.graphql.extend import extends
from app.messages.graphql.types import Message

described_enum(
    SystemNoticeKind,
    "What happened. More may appear: leave out a notice you don't know.",
    {
        "CREATED": "The actor started the group or broadcast; value: its title then.",
        "MEMBERS_ADDED": "The actor added the targets.",
        "MEMBER_REMOVED": "The actor removed the target.",
        "MEMBER_LEFT": "The actor left.",
        "MEMBER_JOINED_BY_INVITE": "The actor joined by an invite.",
        "ROLE_CHANGED": "The actor gave the target a role; value: ADMIN or MEMBER.",
        "OWNERSHIP_TRANSFERRED": "The target owns it now: the actor handed it over, or left.",
        "TITLE_CHANGED": "Value: the new title.",
        "DESCRIPTION_CHANGED": "Value: the new description; null when it was taken away.",
        "AVATAR_CHANGED": "There is another picture, or none.",
        "PERMISSIONS_CHANGED": "Value: the names of the fields of permissions that changed, with commas between.",
        "DISAPPEARING_CHANGED": "Value: the seconds that new messages last; null: for ever.",
        "MESSAGE_PINNED": "The actor pinned a message; value: its id.",
        "SECURITY_KEY_CHANGED": "The target has another identity key.",
        "ENCRYPTION_ENABLED": "Messages are end-to-end encrypted from here on.",
    },
)


@strawberry.type(description="What happened in the conversation. Put it into words in the viewer's language.")
class SystemNotice:
    facts: strawberry.Private[Mapping[str, Any]]
    actor_id: strawberry.Private[UUID | None]

    @strawberry.field(description="What happened.")
    def kind(self) -> SystemNoticeKind:
        return SystemNoticeKind(self.facts["kind"])

    @strawberry.field(description="Who did it; null when nobody in particular, and once that account is gone.")
    async def actor(self, info: Info) -> User | None:
        person = await info.context.load(load_users, self.actor_id) if self.actor_id else None
        return show_user(person) if person else None

    @strawberry.field(description="To whom; empty when it is about nobody.")
    async def targets(self, info: Info) -> list[User]:
        people = await info.context.loader(load_users).load_many([UUID(id_) for id_ in self.facts.get("targets", ())])
        return [show_user(person) for person in people if person]

    @strawberry.field(description="The new value, as the kind says; null where there is none.")
    def value(self) -> str | None:
        return self.facts.get("value")


@extends(Message)
class MessageNotice:
    @strawberry.field(description="Of a message of kind SYSTEM, what it says; null for all others.")
    def system_notice(self: Message) -> SystemNotice | None:
        facts = self.row.details.notice
        return SystemNotice(facts=facts, actor_id=self.row.sender_id) if facts and not self.row.deleted_at else None
