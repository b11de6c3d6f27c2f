"""Who types where: heard from all processes, kept in memory only, dead after 5 seconds unless renewed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.accounts.privacy import load_privacy
from app.contacts.blocks import blocked_either_way
from app.conversations.access import require_conversation
from app.conversations.records import ConversationKind
from app.conversations.unanswered import load_unanswered
from app.core.bus import Announcement
from app.core.log import Event
from app.core.viewer import Viewer

TOPIC = "typing"
LIFE_SECONDS = 5.0
EVERY_SECONDS = 1.0


class TypingActivity(StrEnum):
    TYPING = "TYPING"
    RECORDING_VOICE = "RECORDING_VOICE"
    UPLOADING = "UPLOADING"
    STOPPED = "STOPPED"


@dataclass(slots=True, frozen=True)
class Typist:
    """Somebody active in a conversation. `hidden_from` are members who block them, or whom they block."""

    user_id: UUID
    activity: TypingActivity
    hidden_from: frozenset[UUID] = frozenset()

    def is_told_to(self, user_id: UUID) -> bool:
        """Whether a member may know; nobody is told of themself."""
        return user_id != self.user_id and user_id not in self.hidden_from


@dataclass(slots=True)
class _Entry:
    typist: Typist
    end: asyncio.TimerHandle


class TypingBoard:
    """The process's view; whoever announces makes it `hear`. `announce` tells all processes, `announce_here` this one
    only: each lets entries die by its own clock, so nobody has to say so."""

    def __init__(
        self,
        *,
        announce: Callable[[Announcement], None],
        announce_here: Callable[[Announcement], None],
        life_seconds: float = LIFE_SECONDS,
    ) -> None:
        self._announce = announce
        self._announce_here = announce_here
        self._life = life_seconds
        self._entries: dict[UUID, dict[UUID, _Entry]] = {}
        # Who was announced within the last second.
        self._recent: dict[tuple[UUID, UUID], asyncio.TimerHandle] = {}

    def active(self, conversation_id: UUID) -> list[Typist]:
        """Who is active there now, the longest first."""
        return [entry.typist for entry in self._entries.get(conversation_id, {}).values()]

    def say(self, conversation_id: UUID, typist: Typist) -> None:
        """Tells everybody, at most once a second for a person and conversation; a stop always ends what was begun."""
        key = (conversation_id, typist.user_id)
        stopped = typist.activity is TypingActivity.STOPPED
        if stopped and typist.user_id not in self._entries.get(conversation_id, {}):
            return
        if not stopped:
            if key in self._recent:
                return
            self._recent[key] = asyncio.get_running_loop().call_later(EVERY_SECONDS, self._recent.pop, key, None)
        self._announce(_announcement(conversation_id, typist))

    def hear(self, announcement: Announcement) -> None:
        """Notes what somebody does, said here or in another process, before it is shown to subscribers."""
        user_id = UUID(announcement.payload["userId"])
        self._drop(announcement.stream_id, user_id)
        activity = TypingActivity(announcement.payload["activity"])
        if activity is not TypingActivity.STOPPED:
            end = asyncio.get_running_loop().call_later(self._life, self._expire, announcement.stream_id, user_id)
            typist = Typist(user_id, activity, announcement.excluded - {user_id})
            self._entries.setdefault(announcement.stream_id, {})[user_id] = _Entry(typist, end)

    def on_event(self, event: Event) -> None:
        """Who has left a conversation does nothing there any more."""
        for user_id in event.left:
            if user_id in self._entries.get(event.stream_id, {}):
                self._expire(event.stream_id, user_id)

    def close(self) -> None:
        """Forgets everything, with its timers."""
        for timer in self._recent.values():
            timer.cancel()
        for conversation_id, entries in list(self._entries.items()):
            for user_id in list(entries):
                self._drop(conversation_id, user_id)

    def _expire(self, conversation_id: UUID, user_id: UUID) -> None:
        hidden_from = self._entries[conversation_id][user_id].typist.hidden_from
        self._drop(conversation_id, user_id)
        self._announce_here(_announcement(conversation_id, Typist(user_id, TypingActivity.STOPPED, hidden_from)))

    def _drop(self, conversation_id: UUID, user_id: UUID) -> None:
        entries = self._entries.get(conversation_id, {})
        if entry := entries.pop(user_id, None):
            entry.end.cancel()
        if not entries:
            self._entries.pop(conversation_id, None)


def _announcement(conversation_id: UUID, typist: Typist) -> Announcement:
    # The key holds the person: what two people do at once must not be merged into one, as each is told of the other.
    # Nobody is told of their own typing.
    return Announcement(
        TOPIC,
        conversation_id,
        key=str(typist.user_id),
        payload={"userId": str(typist.user_id), "activity": typist.activity.value},
        excluded=typist.hidden_from | {typist.user_id},
    )


async def set_typing(board: TypingBoard, viewer: Viewer, conversation_id: UUID, activity: TypingActivity) -> None:
    """Tells the other members what the viewer does, unless their own typing indicators are off, it is a broadcast, or
    a direct conversation whose request is not answered yet. Where one blocks the other, neither is told of the other.

    Raises NOT_FOUND, or NOT_PARTICIPANT after leaving.
    """
    access = await require_conversation(viewer, conversation_id)
    if access.conversation.kind is ConversationKind.BROADCAST:
        return  # its readers don't write, and nobody waits for an answer
    (privacy,) = await load_privacy([viewer.user_id])
    if not privacy.typing_indicators:
        return
    if access.conversation.kind is ConversationKind.DIRECT:
        pair = (viewer.user_id, access.conversation.peer_of(viewer.user_id))
        if any(await load_unanswered([pair])):
            return
    hidden_from = frozenset(await blocked_either_way(viewer.user_id))
    board.say(conversation_id, Typist(viewer.user_id, activity, hidden_from))
