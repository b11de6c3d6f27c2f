"""The viewer's own state in conversations: the type, the fields, changing it, the event."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

import strawberry

from app.accounts.graphql import Viewer, viewer_of
from app.conversations import clearing, own_settings
from app.conversations.graphql.mutations import ConversationPayload
from app.conversations.graphql.reached import event_conversation
from app.conversations.graphql.types import Conversation, show_access
from app.conversations.own_settings import KEPT, Kept, OwnChanges
from app.conversations.own_state import (
    NotificationLevel,
    OwnState,
    load_labels_in_use,
    load_own_labels,
    load_own_states,
)
from app.core import log
from app.core.executor import quick
from app.core.graphql.context import Context, Info
from app.core.graphql.directives import Constraint
from app.core.graphql.enums import described_enum
from app.core.graphql.events import Event, EventKind, event_face
from app.core.graphql.extend import extends
from app.core.graphql.ids import encode_id, known_id
from app.core.graphql.payload import Payload, mutation

T = TypeVar("T")

described_enum(
    NotificationLevel,
    "What of a conversation notifies the viewer while it is not muted.",
    {"ALL": "Every message.", "MENTIONS": "What mentions the viewer, or everyone.", "NONE": "Nothing."},
)


@strawberry.type(
    description="What the viewer set for a conversation. Nobody else sees it; all devices of the viewer get"
    " ConversationSettingsChanged."
)
class ConversationSettings:
    state: strawberry.Private[OwnState]
    key: strawberry.Private[tuple[UUID, UUID]]

    @strawberry.field(description="Muted until this instant; null: not muted. No event comes when it passes.")
    def muted_until(self) -> datetime | None:
        return self.state.muted_until

    @strawberry.field(description="Whether it is muted now: no notifications, and not counted in unread.badge.")
    def is_muted(self) -> bool:
        return self.state.is_muted

    @strawberry.field(
        description="Whether it is archived now. The next message takes it out of the archive, except while it is"
        " muted: MessageReceived tells, select message.conversation.settings."
    )
    def is_archived(self) -> bool:
        return self.state.is_archived

    @strawberry.field(description="Whether it is pinned to the top of the viewer's list.")
    def is_pinned(self) -> bool:
        return self.state.is_pinned

    @strawberry.field(description="The viewer's labels on it, in alphabetical order.")
    async def labels(self, info: Info) -> list[str]:
        return await info.context.load(load_own_labels, self.key)

    @strawberry.field(description="What of it notifies the viewer.")
    def notification_level(self) -> NotificationLevel:
        return self.state.notification_level

    @strawberry.field(description="What the viewer is writing, as typed; null when nothing.")
    def draft(self) -> str | None:
        return self.state.draft

    @strawberry.field(description="When the draft was last changed or cleared: the newer one of two devices wins.")
    def draft_updated_at(self) -> datetime | None:
        return self.state.draft_updated_at


@extends(Conversation)
class ConversationOwnState:
    @strawberry.field(description="What the viewer set for it: muted, archived, pinned, labels, draft.")
    @quick
    async def settings(self: Conversation, info: Info) -> ConversationSettings:
        key = (info.context.require_viewer().user_id, self.brief.id)
        return ConversationSettings(state=await info.context.load(load_own_states, key), key=key)


@extends(Viewer)
class ViewerLabels:
    @strawberry.field(
        description="Every label the viewer has put on a conversation, in alphabetical order; at most limits.labels."
    )
    async def labels(self: Viewer, info: Info) -> list[str]:
        return await info.context.load(load_labels_in_use, self.viewer.user_id)


@event_face(EventKind.CONVERSATION_SETTINGS_CHANGED)
@strawberry.type(
    description="The viewer muted, archived, pinned, labelled or cleared a conversation, or changed its draft, here or"
    " on another device: see conversation.settings, and conversation.firstSeq, below which nothing is left to show."
)
class ConversationSettingsChanged(Event):
    conversation: Conversation = strawberry.field(description="Which one, as it is now.")

    @classmethod
    async def build(cls, record: log.Event, context: Context) -> Any:
        conversation = await event_conversation(context, record)
        return cls(record=record, conversation=conversation) if conversation else None

    @strawberry.field(description="For the badge, which muted and archived conversations are not in.")
    def viewer(self, info: Info) -> Viewer:
        return viewer_of(info.context.require_viewer())


@strawberry.input(description="What to change of the viewer's own state. Absent fields stay, null clears.")
class UpdateConversationSettingsInput:
    conversation_id: strawberry.ID = strawberry.field(description="Which conversation.")
    muted_until: datetime | None = strawberry.field(
        default=strawberry.UNSET,
        description="Mute until this instant, which is in the future (a far one: until unmuted); null: unmute.",
    )
    is_archived: bool | None = strawberry.field(
        default=strawberry.UNSET, description="Archive it, or take it out; null: as false."
    )
    is_pinned: bool | None = strawberry.field(
        default=strawberry.UNSET,
        description="Pin it to the top of the list, or unpin it; null: as false. At most limits.pinnedConversations.",
    )
    labels: list[str] | None = strawberry.field(
        default=strawberry.UNSET,
        description="All labels it shall have, each one line of at most 50 characters; at most"
        " limits.labelsPerConversation, and limits.labels different ones over all conversations.",
        directives=[Constraint(max_items=20)],
    )
    notification_level: NotificationLevel | None = strawberry.field(
        default=strawberry.UNSET, description="What of it notifies the viewer; null: ALL."
    )
    draft: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="What is being written, kept as typed, at most limits.messageLength code points; null or blank"
        " clears it. Clear it after sending.",
        directives=[Constraint(max_length=10_000)],
    )


@strawberry.input(description="Whose history to clear.")
class ClearHistoryInput:
    conversation_id: strawberry.ID = strawberry.field(description="Which conversation.")


@strawberry.input(description="Which conversation to delete.")
class DeleteConversationInput:
    conversation_id: strawberry.ID = strawberry.field(description="A direct conversation, or a group one has left.")


@strawberry.type(description="The answer of deleteConversation.")
class DeleteConversationPayload(Payload):
    deleted_conversation_id: strawberry.ID | None = strawberry.field(
        default=None, description="Evict it with its messages; null when it failed."
    )


@strawberry.type
class OwnStateMutation:
    @mutation(
        ConversationPayload,
        description="Mute, archive, pin, label, draft, notification level: the viewer's own state only. All devices of"
        " the viewer get ConversationSettingsChanged; what is so already changes nothing. Codes: NOT_FOUND,"
        " NOT_PARTICIPANT, INVALID (mutedUntil in the past, a label or draft that can't be kept), TOO_LONG,"
        " LIMIT_REACHED (pins, labels), RATE_LIMITED; then nothing was changed.",
        rate_limit="conversationSettings",
    )
    async def update_conversation_settings(
        self,
        info: Info,
        input: Annotated[UpdateConversationSettingsInput, strawberry.argument(description="What to change.")],
    ) -> ConversationPayload:
        conversation_id = known_id("cnv", input.conversation_id, "conversationId")
        changes = OwnChanges(
            muted_until=_kept(input.muted_until), is_archived=_kept(input.is_archived),
            is_pinned=_kept(input.is_pinned), labels=_kept(input.labels),
            notification_level=_kept(input.notification_level), draft=_kept(input.draft),
        )  # fmt: skip
        access = await own_settings.update_conversation_settings(
            info.context.require_viewer(), conversation_id, changes, settings=info.context.runtime.settings
        )
        return ConversationPayload(conversation=show_access(info.context, access))

    @mutation(
        ConversationPayload,
        description="Clears the conversation for the viewer alone: firstSeq becomes what comes next, and nothing below"
        " it can be read any more. Their devices get ConversationSettingsChanged and UnreadChanged. Codes: NOT_FOUND,"
        " NOT_PARTICIPANT, RATE_LIMITED.",
        rate_limit="conversationSettings",
    )
    async def clear_history(
        self, info: Info, input: Annotated[ClearHistoryInput, strawberry.argument(description="Which one.")]
    ) -> ConversationPayload:
        conversation_id = known_id("cnv", input.conversation_id, "conversationId")
        access = await clearing.clear_history(info.context.require_viewer(), conversation_id)
        return ConversationPayload(conversation=show_access(info.context, access))

    @mutation(
        DeleteConversationPayload,
        description="Takes a direct conversation out of the viewer's list, its history cleared; the other person"
        " notices nothing, and the next message of either brings it back. A group is left first (leaveConversation);"
        " afterwards this forgets what the viewer saw of it. Their devices get ConversationRemoved. Repeating it"
        " changes nothing. Codes: NOT_FOUND, FORBIDDEN (a group the viewer is in), RATE_LIMITED.",
        rate_limit="conversationSettings",
    )
    async def delete_conversation(
        self, info: Info, input: Annotated[DeleteConversationInput, strawberry.argument(description="Which one.")]
    ) -> DeleteConversationPayload:
        conversation_id = known_id("cnv", input.conversation_id, "conversationId")
        await clearing.delete_conversation(info.context.require_viewer(), conversation_id)
        return DeleteConversationPayload(deleted_conversation_id=strawberry.ID(encode_id("cnv", conversation_id)))


def _kept(value: T) -> T | Kept:
    """An optional input field, whose absence means that it stays."""
    return KEPT if value is strawberry.UNSET else value
