"""Typing in the schema: setTyping, typingChanged, Conversation.typing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Any
from uuid import UUID

import strawberry

from app.accounts.graphql import User, show_user
from app.accounts.loaders import load_users
from app.conversations.access import access_conversation
from app.conversations.graphql import Conversation, event_conversation
from app.conversations.graphql.beside import needs_brief
from app.conversations.loaders import load_silent_members
from app.core import log
from app.core.errors import ForbiddenError
from app.core.graphql.context import Context, Info
from app.core.graphql.enums import described_enum
from app.core.graphql.extend import extends
from app.core.graphql.ids import decode_id, known_id
from app.core.graphql.payload import EmptyPayload, mutation
from app.core.graphql.streams import EphemeralStream, ephemeral_face
from app.presence.typing import TOPIC, TypingActivity, TypingBoard, Typist, set_typing

described_enum(
    TypingActivity,
    "What somebody is doing in a conversation. More may appear: show them as typing.",
    {
        "TYPING": "Writes a message.",
        "RECORDING_VOICE": "Records a voice message.",
        "UPLOADING": "Uploads a file.",
        "STOPPED": "Does nothing any more. Only said, never shown: whoever stopped is not in the list.",
    },
)


@strawberry.type(description="Somebody active in a conversation right now.")
class TypingUser:
    typist: strawberry.Private[Typist]

    @strawberry.field(description="Who.")
    async def user(self, info: Info) -> User:
        person = await info.context.load(load_users, self.typist.user_id)
        assert person is not None, "members have accounts"
        return show_user(person)

    @strawberry.field(description="What they do; never STOPPED.")
    def activity(self) -> TypingActivity:
        return self.typist.activity


@strawberry.input(description="What the viewer is doing.")
class SetTypingInput:
    conversation_id: strawberry.ID = strawberry.field(description="Where.")
    activity: TypingActivity | None = strawberry.field(
        default=TypingActivity.TYPING, description="What; STOPPED ends it at once."
    )


@ephemeral_face(TOPIC)
@strawberry.type(description="Who is active in a conversation changed. Not stored: what was missed is not told later.")
class TypingChanged:
    conversation: Conversation = strawberry.field(description="Where.")
    typists: strawberry.Private[Sequence[Typist]]

    @strawberry.field(description="Everyone active now, the viewer left out: the new conversation.typing.")
    def users(self) -> list[TypingUser]:
        return [TypingUser(typist=typist) for typist in self.typists]

    @classmethod
    async def build(cls, record: log.Event, context: Context) -> Any:
        """Who is active when it is rendered, so that merged announcements lose nothing."""
        conversation = await event_conversation(context, record)
        if conversation is None:
            return None
        if await _is_silent(context, record.stream_id):
            return None
        typists: Sequence[Typist] = context.runtime.part(TypingBoard).active(record.stream_id)
        # Who caused this and whom they block are not told (`excluded`). Where others are active too, somebody has to be
        # left out: those who see the same of them share an execution.
        if any(typist.user_id != UUID(record.payload["userId"]) for typist in typists):
            typists = _told_to_viewer(typists, context)
        return cls(conversation=conversation, typists=typists)


needs_brief("typing user activity presence lastSeenAt statusText statusEmoji statusExpiresAt")


@extends(Conversation)
class ConversationTyping:
    @strawberry.field(
        description="Who is active now, the viewer left out, and who they block or are blocked by. Each ends by itself"
        " limits.typingExpireSeconds after it was last said. Empty when the viewer's privacy.typingIndicators is off."
    )
    def typing(self: Any, info: Info) -> list[TypingUser]:
        typists = info.context.runtime.part(TypingBoard).active(self.brief.id)
        return _show_typists(self, typists, info.context) if typists else []  # type: ignore[return-value]


async def _show_typists(conversation: Conversation, typists: Sequence[Typist], context: Context) -> list[TypingUser]:
    if await conversation.ended(context) or await _is_silent(context, conversation.brief.id):
        return []
    return [TypingUser(typist=typist) for typist in _told_to_viewer(typists, context)]


async def _is_silent(context: Context, conversation_id: UUID) -> bool:
    """Whether the viewer's own indicators are off."""
    silent = await context.load(load_silent_members, conversation_id)
    return bool(silent) and context.of_viewer(lambda viewer: viewer.user_id in silent)


def _told_to_viewer(typists: Sequence[Typist], context: Context) -> Sequence[Typist]:
    return context.of_viewer(lambda viewer: tuple(typist for typist in typists if typist.is_told_to(viewer.user_id)))


@strawberry.type
class TypingMutation:
    @mutation(
        EmptyPayload,
        description="Tells the other members that the viewer is typing (or recording, uploading). It ends by itself"
        " after limits.typingExpireSeconds: repeat it every limits.typingRenewSeconds while it goes on. More than one a"
        " second for a conversation is swallowed, without an error, and another activity told when the second is over;"
        " STOPPED ends it at once, and so does sending a message there. Tells nobody when"
        " privacy.typingIndicators is off or the viewer may not write there, nor those whom a block or an unanswered"
        " message request keeps apart. Codes: NOT_FOUND, NOT_PARTICIPANT, RATE_LIMITED.",
        rate_limit="typing",
    )
    async def set_typing(
        self, info: Info, input: Annotated[SetTypingInput, strawberry.argument(description="What, and where.")]
    ) -> EmptyPayload:
        conversation_id = known_id("cnv", input.conversation_id, "conversationId")
        board = info.context.runtime.part(TypingBoard)
        activity = input.activity or TypingActivity.TYPING
        await set_typing(board, info.context.require_viewer(), conversation_id, activity)
        return EmptyPayload()


@strawberry.type
class TypingSubscription:
    @strawberry.subscription(
        description="Who types, in one conversation or in all of the viewer's. Live only: nothing is stored or resumed,"
        " and under load only the latest state is told. Tells nothing while the viewer's privacy.typingIndicators is"
        " off. A conversation the viewer is not in ends it with FORBIDDEN."
    )
    async def typing_changed(
        self,
        info: Info,
        conversation_id: Annotated[
            strawberry.ID | None, strawberry.argument(description="Only this one; absent: all of the viewer's.")
        ] = strawberry.UNSET,
    ) -> AsyncIterator[TypingChanged]:
        viewer = info.context.require_viewer()
        narrowed: UUID | None = None
        if conversation_id:
            narrowed = decode_id("cnv", conversation_id)
            if narrowed is None or await access_conversation(viewer, narrowed) is None:
                raise ForbiddenError("You are not in this conversation.")
        return EphemeralStream(viewer, TOPIC, narrowed)  # type: ignore[return-value]
