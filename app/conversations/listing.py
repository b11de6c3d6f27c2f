"""The viewer's list of conversations: pinned ones first, then newest activity; filtered, stable pages, its length."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.accounts.loaders import USER_COLUMNS, USER_WIDTH, UserRow, find_people_by_name, join_user, user_beside
from app.contacts.listing import find_contacts_by_name
from app.conversations.access import ACCESS_NAMES, ACCESS_WIDTH, Access, access_of
from app.conversations.own_state import is_archived
from app.conversations.records import CONVERSATION_COLUMNS, MEMBER_COLUMNS, ConversationKind, peer_in
from app.core import db
from app.core.records import record
from app.core.viewer import Viewer

# A message hidden from the viewer moves nothing.
_ACTIVITY = "CASE WHEN c.hidden_from_id = $1 THEN c.shown_activity_at ELSE c.activity_at END"
_PINNED = "CASE WHEN m.pinned_at IS NULL THEN 0 ELSE 1 END"
# The key is null for a group: a condition beside it would be judged for each of its members.
_WITH_PEER = (
    " LEFT JOIN member peer ON peer.conversation_id = CASE WHEN page.direct_key IS NULL THEN NULL ELSE page.id END"
    " AND peer.user_id <> page.m_user_id" + join_user("peer.user_id")
)

_COLUMNS = ", ".join(f"page.{name}" for name in (*ACCESS_NAMES, "pinned"))

_unread: list[Callable[[], str]] = []


def judges_unread(condition: Callable[[], str]) -> Callable[[], str]:
    """Registers the SQL that says whether member m has unread messages in conversation c: messages are counted by a
    higher domain."""
    _unread.append(condition)
    return condition


def unread_condition() -> str:
    """SQL: what was registered."""
    return " AND ".join(condition() for condition in _unread) or "1 = 0"


@dataclass(slots=True, frozen=True)
class ConversationQuery:
    """Which of somebody's conversations: of these kinds, archived or not (None: both), with something unread only, with
    this label, with this text in their title or the other person's name; the list, or the message requests beside
    it."""

    kinds: Sequence[ConversationKind] | None = None
    message_requests: bool = False
    archived: bool | None = None
    unread_only: bool = False
    label: str | None = None
    text: str | None = None


@record(slots=True, frozen=True)
class Place:
    """Where a conversation stands in the list."""

    is_pinned: bool
    activity_at: datetime
    id: UUID


@record(slots=True, frozen=True)
class Listed(Access):
    """A conversation of the list; of a direct one the other person, whose name is its title; and what was asked to be
    read beside it."""

    place: Place
    peer: UserRow | None
    beside: tuple[Any, ...]


@dataclass(slots=True, frozen=True)
class Beside:
    """What a higher domain has read in the statement of a list, beside each of its conversations: `columns` of SQL over
    `page`, whose columns are CONVERSATION_COLUMNS and MEMBER_COLUMNS, and what else is joined. All names are its
    own."""

    columns: Callable[[], Sequence[str]]
    join: Callable[[], str]
    read: Callable[[Sequence[Any], Access], Any]


async def list_conversations(
    viewer: Viewer, query: ConversationQuery, size: int, *, after: Place | None = None, beside: Sequence[Beside] = ()
) -> list[Listed]:
    """A page by place, descending below `after`, with one more than `size` when there are more."""
    where, args = await _filter(viewer, query)
    if after:
        args += (int(after.is_pinned), after.activity_at, after.id)
        where += f" AND ({_PINNED}, {_ACTIVITY}, c.id) < (${len(args) - 2}, ${len(args) - 1}, ${len(args)})"
    args.append(size + 1)
    more = [one.columns() for one in beside]
    columns = ", ".join([_COLUMNS, USER_COLUMNS, *(column for columns in more for column in columns)])
    joins = "".join(one.join() for one in beside)
    found = await db.rows(
        f"SELECT {columns} FROM (SELECT {CONVERSATION_COLUMNS}, {MEMBER_COLUMNS}, {_PINNED} AS pinned,"
        f" {_ACTIVITY} AS active {where}"
        f" ORDER BY {_PINNED} DESC, {_ACTIVITY} DESC, c.id DESC LIMIT ${len(args)}) AS page{_WITH_PEER}{joins}"
        " ORDER BY page.pinned DESC, page.active DESC, page.id DESC",
        *args,
    )
    widths = [*zip(beside, map(len, more), strict=True)]
    return [_listed(values, viewer.user_id, widths) for values in db.by_place(found)]


def _listed(values: Sequence[Any], user_id: UUID, beside: Sequence[tuple[Beside, int]]) -> Listed:
    access = access_of(values)
    conversation = access.conversation
    place = Place(bool(values[ACCESS_WIDTH]), conversation.activity_for(user_id), conversation.id)
    end = ACCESS_WIDTH + 1 + USER_WIDTH
    peer = user_beside(values[ACCESS_WIDTH + 1 : end])
    read = []
    for one, width in beside:
        read.append(one.read(values[end : end + width], access))
        end += width
    return Listed(conversation, access.member, place, peer, tuple(read))


async def count_conversations(viewer: Viewer, query: ConversationQuery) -> int:
    """How many conversations the list has, pages aside."""
    where, args = await _filter(viewer, query)
    row = await db.row(f"SELECT count(*) AS total {where}", *args)
    return int(row["total"]) if row else 0


_IN_LIST = (
    "FROM member m JOIN conversation c ON c.id = m.conversation_id WHERE m.user_id = $1 AND m.left_at IS NULL"
    " AND m.is_listed AND m.is_request = $2"
)


async def _filter(viewer: Viewer, query: ConversationQuery) -> tuple[str, list[object]]:
    where = _IN_LIST
    args: list[object] = [viewer.user_id, query.message_requests]
    if query.kinds is not None:
        args.append([kind.value for kind in query.kinds])
        where += f" AND c.kind = ANY(${len(args)}::text[])"
    if query.archived is not None:
        where += f" AND {'' if query.archived else 'NOT '}{is_archived()}"
    if query.label is not None:
        args.append(query.label)
        where += (
            " AND EXISTS (SELECT 1 FROM conversation_label l WHERE l.user_id = m.user_id"
            f" AND l.conversation_id = m.conversation_id AND l.label = ${len(args)})"
        )
    if query.text is not None:
        args.append(await _find_by_name(viewer, query))
        where += f" AND c.id = ANY(${len(args)}::uuid[])"
    if query.unread_only:
        where += f" AND {unread_condition()}"
    return where, args


async def _find_by_name(viewer: Viewer, query: ConversationQuery) -> list[UUID]:
    """The conversations with the text in their title, or in the other person's name or the viewer's nickname for them.
    Titles and names are compared here: no database folds every script's case."""
    wanted = (query.text or "").casefold()
    found = await db.rows(f"SELECT c.id, c.title, c.direct_key {_IN_LIST}", viewer.user_id, query.message_requests)
    titled = {row["id"] for row in found if wanted in (row["title"] or "").casefold()}
    peers = {row["id"]: peer_in(row["direct_key"], viewer.user_id) for row in found if row["direct_key"]}
    named = await find_people_by_name(list(peers.values()), wanted) if peers else set()
    named |= await find_contacts_by_name(viewer.user_id, wanted) if peers else set()
    return [*titled, *(id_ for id_, peer_id in peers.items() if peer_id in named)]
