"""The viewer's list of conversations: pinned ones first, then newest activity; filtered, stable pages, its length."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from app.accounts.loaders import (
    USER_COLUMNS,
    USER_WIDTH,
    UserRow,
    find_people_by_name,
    is_bare_beside,
    join_user,
    name_beside,
    user_beside,
)
from app.contacts.listing import find_contacts_by_name
from app.conversations.access import ACCESS_NAMES
from app.conversations.own_state import is_archived
from app.conversations.records import (
    CONVERSATION_COLUMNS,
    CONVERSATION_NAMES,
    KINDS,
    MEMBER_COLUMNS,
    ConversationKind,
    ConversationRow,
    MemberRow,
    conversation_of,
    member_of,
    peer_in,
)
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

# By place: what every list shows, the other person, and where the rest is read the rows that make an `Access`.
_HEAD = (
    "id", "kind", "title", "created_at", "last_seq", "activity_at", "hidden_from_id", "shown_seq", "shown_activity_at",
    "pinned", "member_count", "avatar_id", "m_is_request",
)  # fmt: skip
_KEY = "CASE WHEN u.id IS NULL THEN page.direct_key END AS lone_key"
_HEAD_WIDTH = len(_HEAD)
_PEER_END = _HEAD_WIDTH + USER_WIDTH + 1
_CONVERSATION_END = _PEER_END + len(CONVERSATION_NAMES)
_WHOLE_END = _PEER_END + len(ACCESS_NAMES)

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


class Listed:
    """A conversation of the list, as the viewer may see it: what every list shows of it. The rest of its row becomes
    objects when they are asked for, as mostly they are not: `conversation` and `member` where `whole` was asked of
    `list_conversations`; `peer`, the other person of a direct one; and what was asked to be read `beside` it."""

    __slots__ = (
        "_columns", "_row", "activity_at", "avatar_id", "created_at", "id", "is_pinned", "is_request", "kind",
        "last_seq", "member_count", "title", "user_id",
    )  # fmt: skip

    id: UUID
    title: str | None
    created_at: datetime
    last_seq: int
    activity_at: datetime
    member_count: int
    avatar_id: UUID | None
    hidden_from_id = None
    """What it hides from the viewer is left out already."""

    def __init__(self, row: Sequence[Any], columns: _Columns, user_id: UUID) -> None:
        (
            self.id, kind, self.title, self.created_at, self.last_seq, self.activity_at, hidden_from_id, shown_seq,
            shown_activity_at, pinned, self.member_count, self.avatar_id, is_request,
        ) = row[:_HEAD_WIDTH]  # fmt: skip
        if hidden_from_id is not None and hidden_from_id == user_id:
            self.last_seq = self.last_seq if shown_seq is None else shown_seq
            self.activity_at = shown_activity_at or self.activity_at
        self.kind = KINDS[kind]
        self.is_pinned = bool(pinned)
        self.is_request = bool(is_request)
        self.user_id = user_id
        self._row = row
        self._columns = columns

    @property
    def place(self) -> Place:
        """Where it stands in the list."""
        return Place(self.is_pinned, self.activity_at, self.id)

    @property
    def peer(self) -> UserRow | None:
        """The other person, whose name is the title of a direct conversation; None in a group."""
        return user_beside(self._row[_HEAD_WIDTH : _HEAD_WIDTH + USER_WIDTH])

    @property
    def peer_name(self) -> str | None:
        """What everybody reads as the other person's name; None where it depends on who is looking, and in a group."""
        return name_beside(self._row, _HEAD_WIDTH)

    @property
    def peer_is_bare(self) -> bool:
        """Whether everybody sees that the other person has no avatar."""
        return is_bare_beside(self._row, _HEAD_WIDTH)

    def peer_of(self, user_id: UUID) -> UUID:
        """The other person of a direct conversation, whom its key holds."""
        peer_id, key = self._row[_HEAD_WIDTH], self._row[_PEER_END - 1]
        return peer_in(key, user_id) if peer_id is None else peer_id

    @property
    def conversation(self) -> ConversationRow:
        """The whole row."""
        assert self._columns.whole, "the list was asked for what every list shows"
        return conversation_of(self._row[_PEER_END:_CONVERSATION_END])

    @property
    def member(self) -> MemberRow:
        """The viewer's membership."""
        assert self._columns.whole, "the list was asked for what every list shows"
        return member_of(self._row[_CONVERSATION_END:_WHOLE_END])

    def beside(self, name: str, default: Any = None) -> Any:
        """What was read under this name; the default where it was not."""
        found = self._columns.beside.get(name)
        return default if found is None else found[0](self._row, found[1], self)


@dataclass(slots=True, frozen=True)
class Beside:
    """What a higher domain reads in the statement of a list, beside each of its conversations: `columns` of SQL over
    `page`, whose columns are CONVERSATION_COLUMNS and MEMBER_COLUMNS, and what else is joined. All names are its own.
    `read` takes a row, the place of the first of the columns, and whose they are."""

    columns: Callable[[], Sequence[str]]
    join: Callable[[], str]
    read: Callable[[Sequence[Any], int, Listed], Any]


class _Columns(NamedTuple):
    """What the rows of a list hold behind the head and the peer."""

    whole: bool
    beside: Mapping[str, tuple[Callable[[Sequence[Any], int, Listed], Any], int]]
    names: str
    joins: str


@lru_cache(64)
def _columns(whole: bool, beside: tuple[tuple[str, Beside], ...], _is_postgres: bool) -> _Columns:
    names = [*(f"page.{name} AS h_{name}" for name in _HEAD), USER_COLUMNS, _KEY]  # rows of SQLite are dicts
    end = _PEER_END
    if whole:
        names += [f"page.{name}" for name in ACCESS_NAMES]
        end = _WHOLE_END
    places = {}
    for name, one in beside:
        more = one.columns()
        places[name] = one.read, end
        names += more
        end += len(more)
    return _Columns(whole, places, ", ".join(names), "".join(one.join() for _, one in beside))


_NOTHING: Mapping[str, Beside] = {}


async def list_conversations(
    viewer: Viewer,
    query: ConversationQuery,
    size: int,
    *,
    after: Place | None = None,
    beside: Mapping[str, Beside] = _NOTHING,
    whole: bool = True,
) -> list[Listed]:
    """A page by place, descending below `after`, with one more than `size` when there are more. `beside`: what else to
    read, and the names to ask for it by. Not `whole`: nobody will ask for the rows of the conversation and the
    membership."""
    where, args = await _filter(viewer, query)
    if after:
        args += (int(after.is_pinned), after.activity_at, after.id)
        where += f" AND ({_PINNED}, {_ACTIVITY}, c.id) < (${len(args) - 2}, ${len(args) - 1}, ${len(args)})"
    args.append(size + 1)
    columns = _columns(whole, tuple(beside.items()), db.is_postgres())
    found = await db.rows(_statement(columns.names, columns.joins, where, len(args)), *args)
    return [Listed(row, columns, viewer.user_id) for row in db.by_place(found)]


@lru_cache(256)  # seven kilobytes; each has no more than the filters make
def _statement(names: str, joins: str, where: str, limit: int) -> str:
    return (
        f"SELECT {names} FROM (SELECT {CONVERSATION_COLUMNS}, {MEMBER_COLUMNS}, {_PINNED} AS pinned,"
        f" {_ACTIVITY} AS active {where}"
        f" ORDER BY {_PINNED} DESC, {_ACTIVITY} DESC, c.id DESC LIMIT ${limit}) AS page{_WITH_PEER}{joins}"
        " ORDER BY page.pinned DESC, page.active DESC, page.id DESC"
    )


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
