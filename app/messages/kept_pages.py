"""The newest pages of conversations, kept as they were read for as long as nothing changes in them.

When something happens in a group, many open it: they all get the same page. Whatever changes what a page shows is an
event of the conversation, written in the transaction that changes it. So the tag of the newest event tells whether a
page is still what the database holds: it is read in the statement that grants access, and a page that was kept costs no
other. What is kept under a tag was read after the tag, so it is never older than its label says; who reads again finds
another tag.

Not kept is what not everybody sees alike, or not for ever: hidden messages, edits that only their author sees,
disappearing messages, those of deleted accounts (which lose their name without an event). Who deleted a message for
themselves reads for themselves.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from app.accounts.loaders import UserRow, load_people, people_text
from app.conversations.access import BesideOne
from app.conversations.records import ConversationRow
from app.core import log_sql
from app.core.records import record
from app.core.runtime import current
from app.messages.marks import Standing
from app.messages.paging import Page
from app.messages.reactions import Group
from app.messages.records import MessageRow

PAGES = 500  # some 40 KB each, unless texts are long
_TEXT = 100_000  # characters of a page; larger ones are not kept
_SECONDS = 3600.0  # and no more than half the time events are kept: where there is none, nothing happened since
_UNKNOWN = ""  # no text of people


Label = tuple[int | None, int]
"""The tag of a conversation's newest event, and its last_seq: together they tell one state of it from all others."""


@record(slots=True, frozen=True)
class Checked:
    """What the statement of access says beside: the newest event, who sent what is kept (as a text), and whether the
    viewer has deleted messages for themselves."""

    label: Label
    people: str | None
    has_gone: bool


class KeptPage:
    """The newest messages of a conversation, oldest first. `people` is the text of `senders` from the moment they were
    read; `_UNKNOWN`: not known yet, and unlike any text (nobody's is None)."""

    __slots__ = ("_answers", "_until", "label", "messages", "people", "reactions", "senders")

    def __init__(self, label: Label, messages: tuple[MessageRow, ...], senders: Mapping[UUID, UserRow]) -> None:
        self.label = label
        self._until = time.monotonic() + min(_SECONDS, current().settings.hub.retention_seconds / 2)
        self.messages = messages
        self.senders = senders
        self.people: str | None = _UNKNOWN
        self.reactions: Mapping[UUID, list[Group]] | None = None  # once somebody has asked
        self._answers: list[dict[object, Any]] = [{} for _ in messages]  # as long as `senders` are these

    def is_as(self, label: Label) -> bool:
        """Whether it still is what the database holds."""
        return self.label == label and time.monotonic() < self._until

    def holds(self, standing: Standing, size: int) -> bool:
        """Whether the newest `size` messages that somebody may see are all here."""
        return standing.last_seq == self.messages[-1].seq and _low(standing, size) >= self.messages[0].seq

    def page(self, standing: Standing, size: int) -> Page:
        """Those messages."""
        low = _low(standing, size)
        n = low - self.messages[0].seq
        has_previous = low > standing.first_seq
        return Page(
            self.messages[n:],
            has_next=False,
            has_previous=has_previous,
            senders=self.senders,
            answers=self._answers[n:],
        )

    def name(self, senders: Mapping[UUID, UserRow], people: str | None) -> None:
        """Who sent the messages, as it was read with that text."""
        if senders != self.senders:
            self.senders = senders
            self._answers = [{} for _ in self.messages]
        self.people = people


class KeptPages:
    """Those of a process that were used last."""

    def __init__(self) -> None:
        self._pages: OrderedDict[UUID, KeptPage] = OrderedDict()

    def senders_of(self, conversation_id: UUID) -> list[UUID]:
        """Who sent what is kept of a conversation."""
        kept = self._pages.get(conversation_id)
        return [*kept.senders] if kept else []

    async def find(self, standing: Standing, size: int, checked: Checked) -> KeptPage | None:
        """What is kept of a conversation, if it is still so and holds somebody's newest `size` messages."""
        kept = self._pages.get(standing.conversation_id)
        if kept is None or checked.has_gone or not (kept.is_as(checked.label) and kept.holds(standing, size)):
            return None
        if kept.people != checked.people:
            people, text = await load_people([*kept.senders])
            senders = _all_there(kept.messages, people)
            if senders is None:
                return None
            kept.name(senders, text)
        if self._pages.get(standing.conversation_id) is kept:  # others may have come meanwhile
            self._pages.move_to_end(standing.conversation_id)
        return kept

    def keep(self, standing: Standing, checked: Checked, page: Page) -> KeptPage | None:
        """Keeps the newest page as it was just read, if it is one to be kept."""
        messages = page.messages
        if not messages or not page.is_common or sum(len(message.text or "") for message in messages) > _TEXT:
            return None
        senders = _all_there(messages, page.senders)
        if senders is None:
            return None
        kept = self._pages[standing.conversation_id] = KeptPage(checked.label, messages, senders)
        self._pages.move_to_end(standing.conversation_id)
        if len(self._pages) > PAGES:
            self._pages.popitem(last=False)
        return kept


def _low(standing: Standing, size: int) -> int:
    return max(standing.first_seq, standing.last_seq - size + 1)


def _all_there(messages: Sequence[MessageRow], people: Mapping[UUID, UserRow | None]) -> Mapping[UUID, UserRow] | None:
    senders = {}
    for sender_id in {message.sender_id for message in messages if message.sender_id}:
        person = people.get(sender_id)
        if person is None or person.deleted_at:
            return None
        senders[sender_id] = person
    return senders


def _columns(people: str) -> Sequence[str]:
    return (
        f"{log_sql.newest_tag('c.id', but='RECEIPT_CHANGED')} AS newest_tag",
        f"{people_text(people)} AS people",
        "EXISTS (SELECT 1 FROM deleted_message gone WHERE gone.user_id = m.user_id AND gone.conversation_id = c.id)"
        " AS has_gone",
    )


def checked_of(values: Sequence[Any], conversation: ConversationRow) -> Checked:
    """What CHECKED has read."""
    tag, people, has_gone = values
    return Checked((tag, conversation.last_seq), people, bool(has_gone))


CHECKED = BesideOne(_columns, lambda conversation_id: current().part(KeptPages).senders_of(conversation_id))
