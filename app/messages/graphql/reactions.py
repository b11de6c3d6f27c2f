"""Reactions in the schema: what is on a message, and the mutations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Annotated
from uuid import UUID

import strawberry
from strawberry import UNSET
from strawberry.types.unset import UnsetType

from app.accounts.graphql import show_user
from app.accounts.loaders import load_users
from app.contacts.graphql import UserConnection, UserEdge
from app.core.executor import known, quick
from app.core.graphql.connection import encode_key, instant_key, page_info, page_size
from app.core.graphql.context import Info
from app.core.graphql.directives import Constraint
from app.core.graphql.extend import extends
from app.core.graphql.ids import known_id
from app.core.graphql.payload import mutation
from app.messages import reactions as service
from app.messages.graphql.payloads import MessagePayload
from app.messages.graphql.types import Message, show_message
from app.messages.reactions import Group, ReactorQuery, is_reactable, load_has_reacted, load_reactions, load_reactors


@strawberry.type(description="One emoji on a message.")
class ReactionGroup:
    group: strawberry.Private[Group]
    emoji: str = strawberry.field(description="The emoji, as it was sent.")
    count: int = strawberry.field(description="How many people put it there.")
    # Whether the viewer, a reader of a broadcast, must not learn who else reads.
    hides_readers: strawberry.Private[bool]
    shown_has_reacted: strawberry.Private[bool | UnsetType]

    def __init__(self, group: Group, count: int, *, hides_readers: bool, viewer_id: UUID | None = None) -> None:
        """As whoever looks sees it; `viewer_id` is they, where they were asked."""
        self.group = group
        self.emoji = group.emoji
        self.count = count
        self.hides_readers = hides_readers
        self.shown_has_reacted = UNSET
        if viewer_id is not None and group.people is not None:
            self.shown_has_reacted = viewer_id in group.people or viewer_id in group.hidden

    @strawberry.field(description="Whether the viewer did: then removeReaction takes it away.")
    @known("shown_has_reacted")
    def viewer_has_reacted(self, info: Info) -> bool:
        viewer_id, group = info.context.require_viewer().user_id, self.group
        if group.people is not None:
            return viewer_id in group.people or viewer_id in group.hidden
        key = (viewer_id, group.message_id, group.emoji)
        return info.context.load(load_has_reacted, key)  # type: ignore[return-value]  # awaited only where many did

    @strawberry.field(description="Who did, in the order they came. Readers of a broadcast see themselves only.")
    async def users(
        self,
        info: Info,
        first: Annotated[int | None, strawberry.argument(description="Page size, 1 to 100.")] = 20,
        after: Annotated[str | None, strawberry.argument(description="An endCursor of this list.")] = strawberry.UNSET,
    ) -> UserConnection:
        size, after = page_size(first, 20), None if after is strawberry.UNSET else after
        viewer_id = info.context.require_viewer().user_id if self.group.hidden else None
        query = ReactorQuery(self.group.message_id, self.emoji, viewer_id, instant_key(after), size)
        found = await info.context.load(load_reactors, query)
        if self.hides_readers:
            found = [r for r in found if r.user_id == info.context.require_viewer().user_id]
        people = await info.context.loader(load_users).load_many([r.user_id for r in found[:size]])
        edges = [
            UserEdge(cursor=encode_key(r.created_at.isoformat(), str(r.id)), node=show_user(person))
            for r, person in zip(found, people, strict=False)
            if person
        ]
        info_ = page_info([edge.cursor for edge in edges], more=len(found) > size, after=after)
        count = partial(_count, self.count)
        return UserConnection(count=count, edges=edges, nodes=[edge.node for edge in edges], page_info=info_)


async def _count(count: int) -> int:
    return count


@extends(Message)
class MessageReactions:
    @strawberry.field(
        description="The emoji on it, that which came first first; at most limits.reactionKindsPerMessage. Empty in an"
        " event from before the viewer left."
    )
    @known("shown_reactions")
    @quick
    async def reactions(self: Message, info: Info) -> list[ReactionGroup]:
        if not is_reactable(self.row):
            return []
        groups = await info.context.load(load_reactions, self.row.id)
        if not groups:
            return []
        conversation = self.shown_in or await self.conversation_of(info.context)
        if conversation.as_of is not None and await conversation.ended(info.context):
            return []
        hides = await conversation.hides_readers(info.context)
        if not any(group.hidden for group in groups):
            return [ReactionGroup(group, group.count, hides_readers=hides) for group in groups]
        viewer_id = info.context.require_viewer().user_id
        counts = [(g, g.count_for(viewer_id)) for g in groups]
        return [ReactionGroup(group, count, hides_readers=hides) for group, count in counts if count]

    @strawberry.field(description="Whether addReaction would work for the viewer.")
    @quick
    async def viewer_can_react(self: Message, info: Info) -> bool:
        if not is_reactable(self.row):
            return False
        conversation = await self.conversation_of(info.context)
        member = await conversation.current_member(info.context)
        return member is not None and not member.is_request and not await conversation.blocks_peer(info.context, member)


def show_reactions(messages: Iterable[Message], found: Mapping[UUID, Sequence[Group]], viewer_id: UUID) -> None:
    """Tells messages that the viewer sees what is on them, as it was read with them. Not for readers of a
    broadcast."""
    for message in messages:
        groups = found.get(message.row.id) if is_reactable(message.row) else None
        message.shown_reactions = [
            ReactionGroup(group, count, hides_readers=False, viewer_id=viewer_id)
            for group in groups or ()
            if (count := group.count_for(viewer_id) if group.hidden else group.count)
        ]


@strawberry.input(description="An emoji for a message.")
class AddReactionInput:
    message_id: strawberry.ID = strawberry.field(description="Which message.")
    emoji: str = strawberry.field(
        description="One emoji as Unicode recommends it for interchange, sequences included.",
        directives=[Constraint(max_length=64)],
    )


@strawberry.input(description="A reaction to take back.")
class RemoveReactionInput:
    message_id: strawberry.ID = strawberry.field(description="Which message.")
    emoji: str = strawberry.field(description="The emoji as it was added.", directives=[Constraint(max_length=64)])


@strawberry.type
class ReactionsMutation:
    @mutation(
        MessagePayload,
        description="Puts an emoji on a message; several a person. Everybody there gets ReactionChanged; the same emoji"
        " again changes nothing. Codes: INVALID (not one emoji), NOT_FOUND, NOT_PARTICIPANT, FORBIDDEN (a notice, or"
        " deleted, the message request is unanswered, or the viewer blocks the other person of the direct"
        " conversation), LIMIT_REACHED (kinds on this message), RATE_LIMITED, UNAVAILABLE.",
        rate_limit="reaction",
    )
    async def add_reaction(
        self, info: Info, input: Annotated[AddReactionInput, strawberry.argument(description="What, and where.")]
    ) -> MessagePayload:
        message_id = known_id("msg", input.message_id, "messageId")
        row = await service.add_reaction(info.context.require_viewer(), message_id, input.emoji)
        return MessagePayload(message=show_message(row))

    @mutation(
        MessagePayload,
        description="Takes the viewer's emoji off a message. Everybody there gets ReactionChanged; where it is not,"
        " nothing changes. Codes: INVALID, NOT_FOUND, NOT_PARTICIPANT, FORBIDDEN (the message request is unanswered),"
        " RATE_LIMITED, UNAVAILABLE.",
        rate_limit="reaction",
    )
    async def remove_reaction(
        self, info: Info, input: Annotated[RemoveReactionInput, strawberry.argument(description="What, and where.")]
    ) -> MessagePayload:
        message_id = known_id("msg", input.message_id, "messageId")
        row = await service.remove_reaction(info.context.require_viewer(), message_id, input.emoji)
        return MessagePayload(message=show_message(row))
