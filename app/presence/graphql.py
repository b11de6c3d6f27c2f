"""Typing in the schema: setTyping, typingChanged, Conversation.typing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Any
from uuid import UUID

import strawberry

from app.accounts.graphql import User, show_user
from app.accounts.loaders import load_users
from app.conversations.access import access_conversation
from app.conversations.graphql import Conversation, DirectConversation, Group, event_conversation
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
        typists = context.runtime.part(TypingBoard).active(record.stream_id)
        # Who caused this is not told (`excluded`). Only where others are active too, somebody has to be left out.
        if any(typist.user_id != UUID(record.payload["userId"]) for typist in typists):
            typists = _without_viewer(typists, context)
        return cls(conversation=conversation, typists=typists)


@extends(Conversation, DirectConversation, Group)
class ConversationTyping:
    @strawberry.field(
        description="Who is active now, the viewer left out. Each ends by itself 5 seconds after it was last said."
    )
    async def typing(self: Any, info: Info) -> list[TypingUser]:
        typists = info.context.runtime.part(TypingBoard).active(self.row.id)
        if not typists or await self.ended(info.context):
            return []
        return [TypingUser(typist=typist) for typist in _without_viewer(typists, info.context)]


def _without_viewer(typists: Sequence[Typist], context: Context) -> list[Typist]:
    viewer = context.require_viewer()
    return [typist for typist in typists if typist.user_id != viewer.user_id]


@strawberry.type
class PresenceMutation:
    @mutation(
        EmptyPayload,
        description="Tells the other members that the viewer is typing (or recording, uploading). It ends by itself"
        " after 5 seconds: repeat it every 3 while it goes on. More than one a second for a conversation is swallowed,"
        " without an error; STOPPED ends it at once. Tells nobody when"
        " privacy.typingIndicators is off. Codes: NOT_FOUND, NOT_PARTICIPANT, RATE_LIMITED.",
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
class PresenceSubscription:
    @strawberry.subscription(
        description="Who types, in one conversation or in all of the viewer's. Live only: nothing is stored or resumed,"
        " and under load only the latest state is told. A conversation the viewer is not in ends it with FORBIDDEN."
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
