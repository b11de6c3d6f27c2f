"""Searching messages: newest first, only what the viewer may see at this moment, whatever the index knows already.

The index gives candidates; each is read again through the same door as every message (`load_visible_messages`) and
compared again as it is now. What happened behind the index's positions is compared without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core import db
from app.core.log import PARTITIONS
from app.core.log_store import Span, SqlLogStore
from app.core.viewer import Viewer
from app.messages.history import load_visible_messages
from app.messages.records import MessageKind, MessageRow
from app.messages.search_index import changed_message, indexed_positions
from app.messages.search_text import LINK, fold, grams_of, has_link

QUERY_LENGTH = 200
_TAIL = 500  # events of a partition at once, of those that the index has not seen
_MORE = 40  # candidates beyond a page, for those that turn out not to match

Place = tuple[datetime, UUID]
"""When a message was sent and its id: what results are ordered by, newest first."""


@dataclass(slots=True, frozen=True)
class Search:
    """A checked search. `terms` must all be in the text; without any, everything the rest selects is found."""

    terms: tuple[str, ...]
    conversation_id: UUID | None = None
    sender_id: UUID | None = None
    kinds: tuple[MessageKind, ...] | None = None
    has_link: bool | None = None
    since: datetime | None = None
    until: datetime | None = None

    def finds(self, message: MessageRow) -> bool:
        """Whether a visible message is a result."""
        text = message.text or ""
        folded = fold(text) if self.terms else ""
        return (
            message.deleted_at is None
            and message.kind is not MessageKind.SYSTEM
            and all(term in folded for term in self.terms)
            and (self.sender_id is None or message.sender_id == self.sender_id)
            and (self.kinds is None or message.kind in self.kinds)
            and (self.has_link is None or has_link(text) == self.has_link)
            and (self.since is None or message.created_at >= self.since)
            and (self.until is None or message.created_at < self.until)
        )


async def search_messages(viewer: Viewer, search: Search, size: int, *, after: Place | None = None) -> list[MessageRow]:
    """Results below `after`, with one more than `size` when there are more."""
    conversations = await _conversations(viewer, search)
    if not conversations:
        return []
    fresh = await _tail(conversations) if search.terms or search.has_link else []
    skip = set(fresh)
    found = [m for m in await _read(viewer, fresh) if search.finds(m) and (after is None or _place(m) < after)]
    old = 0
    while old <= size:
        places = await _candidates(search, _Scope(viewer, conversations, size + _MORE, after))
        results = [m for m in await _read(viewer, [id_ for _, id_ in places if id_ not in skip]) if search.finds(m)]
        found, old = found + results, old + len(results)
        if len(places) < size + _MORE:
            break
        after = places[-1]
    return sorted(found, key=_place, reverse=True)[: size + 1]


def _place(message: MessageRow) -> Place:
    return message.created_at, message.id


async def _conversations(viewer: Viewer, search: Search) -> list[UUID]:
    """Where the viewer may search: those they are in now and have in their list."""
    found = await db.rows(
        "SELECT conversation_id FROM member WHERE user_id = $1 AND left_at IS NULL AND is_listed", viewer.user_id
    )
    return [
        row["conversation_id"]
        for row in found
        if search.conversation_id is None or row["conversation_id"] == search.conversation_id
    ]


async def _read(viewer: Viewer, ids: Sequence[UUID]) -> list[MessageRow]:
    if not ids:
        return []
    return [m for m in await load_visible_messages([(viewer.user_id, id_) for id_ in ids]) if m is not None]


async def _tail(conversations: Sequence[UUID]) -> list[UUID]:
    """Messages sent or changed in these conversations since the index last looked."""
    store, positions = SqlLogStore(), await indexed_positions()
    heads = (await store.heads()).vector
    spans = [Span(p, positions[p], heads[p][0]) for p in range(PARTITIONS) if positions[p] < heads[p][0]]
    found: dict[UUID, None] = {}
    while spans:
        page = await store.page(conversations, spans, _TAIL)
        for events in page.rows.values():
            found |= {id_: None for event in events if (id_ := changed_message(event))}
        spans = [Span(s.partition, page.rows[s.partition][-1].position, s.upper) for s in spans
                 if s.partition in page.more]  # fmt: skip
    return list(found)


# ── candidates ────────────────────────────────────────────────────────────────────────────────────


class _Args(list[object]):
    """The arguments of a statement being put together."""

    def add(self, value: object) -> str:
        self.append(value)
        return f"${len(self)}"


@dataclass(slots=True, frozen=True)
class _Scope:
    """Who searches, where, and how many candidates below which place are wanted."""

    viewer: Viewer
    conversations: Sequence[UUID]
    limit: int
    after: Place | None


async def _candidates(search: Search, scope: _Scope) -> list[Place]:
    """Where messages that may be results are, newest first; fewer than the limit when there are no more."""
    args = _Args()
    if search.terms or search.has_link:
        sql = _by_words(search, scope, args)
    elif db.is_postgres():
        sql = _newest_of_each(search, scope, args)
    else:
        where = _filters(search, scope, args)
        sql = f"SELECT m.created_at, m.id FROM message m {_own(scope, args, 'm')} WHERE {where}"
    found = await db.rows(f"{sql} ORDER BY 1 DESC, 2 DESC LIMIT {args.add(scope.limit)}", *args)
    return [(row["created_at"], row["id"]) for row in found]


def _by_words(search: Search, scope: _Scope, args: _Args) -> str:
    wanted = [*search.terms, *([LINK] if search.has_link else [])]
    words = [f"{'strpos' if db.is_postgres() else 'instr'}(s.body, {args.add(term)}) > 0" for term in wanted]
    if db.is_postgres():
        grams = "parley_grams(s.conversation_id, s.body)"
        source = "message_search s"
        words.append(f"{grams} && {args.add([str(id_) for id_ in scope.conversations])}::text[]")
        words.append(f"{grams} @> {args.add([g for term in wanted for g in grams_of(term)])}::text[]")
    elif long := [term for term in wanted if len(term) >= 3]:
        source = "message_words w JOIN message_search s ON s.id = w.rowid"
        phrases = " AND ".join('"' + term.replace('"', '""') + '"' for term in long)
        words.append(f"message_words MATCH {args.add(phrases)}")
    else:
        source = "message_search s"
    if search.conversation_id is not None:
        words.append(f"s.conversation_id = {args.add(search.conversation_id)}")
    words += _times(search, scope, args, "s.created_at", "s.message_id")
    hits = f"SELECT s.created_at, s.message_id AS id FROM {source} {_own(scope, args, 's')} WHERE {' AND '.join(words)}"
    if search.sender_id is None and search.kinds is None:
        return hits
    # Apart, or the planner may walk messages instead of words.
    of_message = _of_message(search, args)
    return (
        f"WITH hit AS MATERIALIZED ({hits}) SELECT m.created_at, m.id FROM hit JOIN message m ON m.id = hit.id"
        f" WHERE {' AND '.join(of_message)}"
    )


def _newest_of_each(search: Search, scope: _Scope, args: _Args) -> str:
    """Each conversation from its end, along its numbers: no page may walk everybody's messages (models.py)."""
    where = _filters(search, scope, args)
    return (
        f"SELECT m.created_at, m.id FROM unnest({args.add(list(scope.conversations))}::uuid[]) AS c(id)"
        f" CROSS JOIN LATERAL (SELECT m.created_at, m.id FROM message m {_own(scope, args, 'm')}"
        f" WHERE m.conversation_id = c.id AND {where} ORDER BY m.seq DESC LIMIT {args.add(scope.limit)}) AS m"
    )


def _own(scope: _Scope, args: _Args, row: str) -> str:
    """Joins the searcher's membership: what they may see of it. CROSS JOIN keeps SQLite from going through
    all words once for each conversation."""
    return (
        f"{'JOIN' if db.is_postgres() else 'CROSS JOIN'} member own ON own.conversation_id = {row}.conversation_id"
        f" AND own.user_id = {args.add(scope.viewer.user_id)} AND own.left_at IS NULL AND own.is_listed"
        f" AND {row}.seq >= own.first_seq"
    )


def _filters(search: Search, scope: _Scope, args: _Args) -> str:
    """What the columns of a message say; the rest is `Search.finds`."""
    where = _of_message(search, args) + _times(search, scope, args, "m.created_at", "m.id")
    if search.conversation_id is not None:
        where.append(f"m.conversation_id = {args.add(search.conversation_id)}")
    return " AND ".join(where)


def _of_message(search: Search, args: _Args) -> list[str]:
    where = ["m.deleted_at IS NULL", "m.kind <> 'SYSTEM'"]
    if search.sender_id is not None:
        where.append(f"m.sender_id = {args.add(search.sender_id)}")
    if search.kinds is not None:
        where.append(f"m.kind = ANY({args.add([kind.value for kind in search.kinds])}::text[])")
    return where


def _times(search: Search, scope: _Scope, args: _Args, at: str, id_: str) -> list[str]:
    where = []
    if search.since is not None:
        where.append(f"{at} >= {args.add(search.since)}")
    if search.until is not None:
        where.append(f"{at} < {args.add(search.until)}")
    if scope.after is not None:
        where.append(f"({at}, {id_}) < ({args.add(scope.after[0])}, {args.add(scope.after[1])})")
    return where


async def count_unsearchable(viewer: Viewer, conversation_id: UUID | None) -> int:
    """How many of the conversations that a search is about are end-to-end encrypted."""
    row = await db.row(
        "SELECT count(*) AS total FROM member m JOIN conversation c ON c.id = m.conversation_id WHERE m.user_id = $1"
        " AND m.left_at IS NULL AND m.is_listed AND c.is_encrypted" + (" AND c.id = $2" if conversation_id else ""),
        viewer.user_id,
        *([conversation_id] if conversation_id else []),
    )
    return int(row["total"]) if row else 0
