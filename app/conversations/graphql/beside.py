"""Fields of higher domains that are read in the statement of a list of conversations, where its document asks for them:
one by one they would take a coroutine and a future each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from app.conversations.graphql.types import Conversation
from app.conversations.listing import Beside
from app.core.executor import asks_for
from app.core.graphql.context import Info

Show = Callable[[Conversation, Any], None]


class Shown(NamedTuple):
    """What is read for a field, and what puts it into a conversation as the viewer sees it."""

    read: Beside
    show: Show


_fields: dict[str, Shown] = {}


def beside_list(field: str, read: Beside) -> Callable[[Show], Show]:
    """Registers the function that takes what was read for this field, spelled as in the schema."""

    def register(show: Show) -> Show:
        assert field not in _fields, f"{field} is registered twice"
        _fields[field] = Shown(read, show)
        return show

    return register


def asked_beside(info: Info) -> list[Shown]:
    """What the document asks for below the field of `info`."""
    return [shown for field, shown in _fields.items() if asks_for(info, field)]
