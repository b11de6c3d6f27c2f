"""Fields of higher domains that are read in the statement of a list of conversations, or of one, where its document
asks for them: one by one they would take a coroutine and a future each, or a statement."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from app.conversations.access import BesideOne
from app.conversations.graphql.types import Conversation
from app.conversations.listing import Beside
from app.core.executor import asks_for, asks_only
from app.core.graphql.context import Context, Info

ShowOne = Callable[[Conversation, Sequence[Any], Context], None]


class ShownOne(NamedTuple):
    """What is read for fields of one conversation, and what puts it into that as the viewer sees it."""

    read: BesideOne
    show: ShowOne


_fields: dict[str, Beside] = {}
_one: dict[tuple[str, ...], ShownOne] = {}


# Fields whose resolvers ask a conversation of a list for nothing but its `brief`, and what stands in their objects.
_OWN = """edges cursor node nodes pageInfo hasNextPage hasPreviousPage startCursor endCursor totalCount __typename
    id kind createdAt title activityAt lastSeq memberCount
    settings mutedUntil isMuted isArchived isPinned labels notificationLevel draft draftUpdatedAt
    peer username displayName isDeleted isMessageRequest
    avatar state fileName mimeType sizeBytes width height durationSeconds blurhash"""
_brief = set(_OWN.split())


def beside_list(field: str, read: Beside) -> None:
    """Registers what is read for this field, spelled as in the schema: `brief.beside` of it in a list that has it."""
    assert field not in _fields, f"{field} is registered twice"
    _fields[field] = read


def needs_brief(fields: str) -> None:
    """Registers names of fields of higher domains, spelled as in the schema, with spaces between them: whatever has a
    field of such a name, it asks no conversation for more than its `brief`."""
    _brief.update(fields.split())


def is_brief(info: Info) -> bool:
    """Whether nothing below the field of `info` takes the whole row of a conversation or the membership."""
    return asks_only(info, _brief)


def asked_beside(info: Info) -> dict[str, Beside]:
    """What the document asks for below the field of `info`."""
    return {field: read for field, read in _fields.items() if asks_for(info, field)}


def beside_one(*fields: str, read: BesideOne) -> Callable[[ShowOne], ShowOne]:
    """The same for the field `conversation`: registers the function that takes the values of `read`'s columns."""

    def register(show: ShowOne) -> ShowOne:
        assert fields not in _one, f"{fields} are registered twice"
        _one[fields] = ShownOne(read, show)
        return show

    return register


def asked_beside_one(info: Info) -> list[ShownOne]:
    """As `asked_beside`, for one conversation."""
    return [shown for fields, shown in _one.items() if any(asks_for(info, field) for field in fields)]
