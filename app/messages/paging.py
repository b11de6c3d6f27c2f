"""What a client asks of a list of messages, and what it gets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import datetime
from typing import Any
from uuid import UUID

from app.accounts.loaders import UserRow
from app.core.records import record
from app.messages.records import MessageRow

PAGE = 50


@record(slots=True, frozen=True)
class PageArgs:
    """What a client asks of `Conversation.messages`. after and before are a seq, or a message id; they win over the
    three that open a window: around a message, since an instant, around the first unread."""

    first: int | None = None
    after: int | UUID | None = None
    last: int | None = None
    before: int | UUID | None = None
    around: UUID | None = None
    since: datetime | None = None
    around_first_unread: bool = False

    @property
    def is_paging(self) -> bool:
        """Whether it asks for anything but the newest (or oldest) messages."""
        return any(place is not None for place in (self.after, self.before, self.around, self.since))

    @property
    def newest(self) -> int | None:
        """How many of the newest messages it asks for, when it asks for nothing else."""
        is_else = self.is_paging or self.around_first_unread or self.first is not None
        return None if is_else else self.last or PAGE


@record(slots=True, frozen=True)
class Page:
    """Messages oldest first, and whether the viewer could see more on either side."""

    messages: tuple[MessageRow, ...]
    has_next: bool
    has_previous: bool
    senders: Mapping[UUID, UserRow] = field(default_factory=dict)  # those that were read with them
    # Whether everybody who may see these numbers sees the same, as long as nothing changes.
    is_common: bool = False
    # Of a page that is kept: what is remembered of each message for all.
    answers: Sequence[dict[object, Any]] = ()
