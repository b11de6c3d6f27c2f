"""Who types where: heard from all processes, kept in memory only, dead after 5 seconds unless renewed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Set
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.accounts.loaders import carried_user
from app.accounts.privacy import load_privacy
from app.accounts.viewer_changes import ViewerChange, viewer_change
from app.contacts.blocks import blocked_either_way
from app.conversations.access import require_conversation
from app.conversations.records import ConversationKind, reaches
from app.conversations.unanswered import load_unanswered
from app.core.bus import Announcement
from app.core.log import Event
from app.core.viewer import Viewer

TOPIC = "typing"
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


@dataclass(slots=True)
class _Said:
    """What somebody said within the last second. `then` is what they do since, told when the second is over."""

    activity: TypingActivity
    end: asyncio.TimerHandle
    then: Typist | None = None


class TypingBoard:
    """The process's view; whoever announces makes it `hear`. `announce` tells all processes, `announce_here` this one
    only: each lets entries die by its own clock, so nobody has to say so."""

    def __init__(
        self,
        *,
        announce: Callable[[Announcement], None],
        announce_here: Callable[[Announcement], None],
        life_seconds: float,
    ) -> None:
        self._announce = announce
        self._announce_here = announce_here
        self._life = life_seconds
        self._entries: dict[UUID, dict[UUID, _Entry]] = {}
        self._said: dict[tuple[UUID, UUID], _Said] = {}

    def active(self, conversation_id: UUID) -> list[Typist]:
        """Who is active there now, the longest first."""
        return [entry.typist for entry in self._entries.get(conversation_id, {}).values()]

    def say(self, conversation_id: UUID, typist: Typist) -> None:
        """Tells everybody, at most once a second for a person and conversation: repeats are swallowed, another activity
        waits for the second's end. A stop always ends what was begun, and what follows it is told at once."""
        key = (conversation_id, typist.user_id)
        if typist.activity is TypingActivity.STOPPED:
            if typist.user_id not in self._entries.get(conversation_id, {}):
                return
        elif said := self._said.get(key):
            said.then = None if typist.activity is said.activity else typist
            return
        else:
            end = asyncio.get_running_loop().call_later(EVERY_SECONDS, self._say_then, key)
            self._said[key] = _Said(typist.activity, end)
        self._announce(_announcement(conversation_id, typist))

    def _say_then(self, key: tuple[UUID, UUID]) -> None:
        said = self._said.pop(key)
        if said.then is not None:
            self.say(key[0], said.then)

    def hear(self, announcement: Announcement) -> None:
        """Notes what somebody does, said here or in another process, before it is shown to subscribers."""
        user_id = UUID(announcement.payload["userId"])
        self._drop(announcement.stream_id, user_id)
        activity = TypingActivity(announcement.payload["activity"])
        if activity is TypingActivity.STOPPED:
            self._forget_said(announcement.stream_id, user_id)
        else:
            end = asyncio.get_running_loop().call_later(self._life, self._expire, announcement.stream_id, user_id)
            typist = Typist(user_id, activity, announcement.excluded - {user_id})
            self._entries.setdefault(announcement.stream_id, {})[user_id] = _Entry(typist, end)

    def on_event(self, event: Event) -> None:
        """Who has left a conversation does nothing there any more, nor who has just sent what they were writing. Where
        it may change who is told, everything of the person ends: what is renewed is told to the right ones."""
        if event.kind == "BLOCK_CHANGED":
            self._end_all({event.stream_id, UUID(event.payload["userId"])})
        elif event.kind == "VIEWER_CHANGED" and viewer_change(event) is ViewerChange.PRIVACY:
            self._end_all({event.stream_id})
        elif event.stream_id in self._entries:
            sent = (event.carried or {}).get("sender") if event.kind == "MESSAGE_RECEIVED" else None
            self._end(event.stream_id, {*event.left, carried_user(sent).id} if sent else event.left)

    def _end_all(self, people: Set[UUID]) -> None:
        for conversation_id in list(self._entries):
            self._end(conversation_id, people)

    def _end(self, conversation_id: UUID, people: Set[UUID]) -> None:
        for user_id in people & self._entries[conversation_id].keys():
            self._forget_said(conversation_id, user_id)
            self._expire(conversation_id, user_id)

    def close(self) -> None:
        """Forgets everything, with its timers."""
        for key in list(self._said):
            self._forget_said(*key)
        for conversation_id, entries in list(self._entries.items()):
            for user_id in list(entries):
                self._drop(conversation_id, user_id)

    def _expire(self, conversation_id: UUID, user_id: UUID) -> None:
        hidden_from = self._entries[conversation_id][user_id].typist.hidden_from
        self._drop(conversation_id, user_id)
        self._announce_here(_announcement(conversation_id, Typist(user_id, TypingActivity.STOPPED, hidden_from)))

    def _forget_said(self, conversation_id: UUID, user_id: UUID) -> None:
        if said := self._said.pop((conversation_id, user_id), None):
            said.end.cancel()

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
    """Tells the other members what the viewer does, unless their own typing indicators are off, it is a broadcast, a
    group where they may not write, or a direct conversation whose request is not answered yet. Where one blocks the
    other, neither is told of the other.

    Raises NOT_FOUND, or NOT_PARTICIPANT after leaving.
    """
    access = await require_conversation(viewer, conversation_id)
    if access.conversation.kind is ConversationKind.BROADCAST:
        return  # its readers don't write, and nobody waits for an answer
    if not reaches(access.member.role, access.conversation.permissions.who_can_send):
        return
    (privacy,) = await load_privacy([viewer.user_id])
    if not privacy.typing_indicators:
        return
    if access.conversation.kind is ConversationKind.DIRECT:
        pair = (viewer.user_id, access.conversation.peer_of(viewer.user_id))
        if any(await load_unanswered([pair])):
            return
    hidden_from = frozenset(await blocked_either_way(viewer.user_id))
    board.say(conversation_id, Typist(viewer.user_id, activity, hidden_from))
