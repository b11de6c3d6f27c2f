"""Finding people by words of their names, or by an address or number exactly.

A name's words are rows of an index (`user_word`), so that a prefix is a range of it on both engines, for every script.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from app.accounts.identifiers import check_reachable
from app.core import db
from app.core.errors import UserFault

QUERY_MIN = 3  # letters and digits; fewer find nobody
QUERY_MAX = 100
_WORDS = 20
_LAST = "\U0010ffff"  # sorts behind every continuation of a prefix, in bytes


def words_of(text: str) -> list[str]:
    """The words of a name or a query: lower-cased, without accents, split at everything but letters, digits and
    symbols such as emoji."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    kept = [" " if unicodedata.category(c)[0] in "PZC" else c for c in folded if not unicodedata.combining(c)]
    return list(dict.fromkeys(word[:100] for word in "".join(kept).split()))


async def index_names(user_id: UUID, username: str, display_name: str) -> None:
    """Inside a transaction: makes a person found by these names, and by no others any more."""
    words = sorted(words_of(f"{display_name} {username}")[:_WORDS])
    await db.execute("DELETE FROM user_word WHERE user_id = $1", user_id)
    await db.execute_many("INSERT INTO user_word (user_id, word) VALUES ($1, $2)", [(user_id, word) for word in words])


@dataclass(slots=True, frozen=True)
class Found:
    """A person, and the word they were found by: the key of the list."""

    word: str
    user_id: UUID


@dataclass(slots=True, frozen=True)
class NameQuery:
    """A checked search. `words`: each must begin one of the person's; the longest comes first, as it narrows most."""

    words: tuple[str, ...]


def check_query(text: str) -> NameQuery | None:
    """None when it is too short to find anybody."""
    words = sorted(words_of(text)[:_WORDS], key=len, reverse=True)
    return NameQuery(tuple(words)) if sum(map(len, words)) >= QUERY_MIN else None


async def search_names(
    query: NameQuery, size: int, *, excluded: Collection[UUID], after: tuple[str, UUID] | None = None
) -> list[Found]:
    """A page by (word, id) behind `after`, without the excluded, with one more than `size` when there are more."""
    where, args = _matching(query, excluded)
    if after:
        args += after
        where += f" AND (w.word, w.user_id) > (${len(args) - 1}, ${len(args)})"
    args.append(size + 1)
    found = await db.rows(f"SELECT w.word, w.user_id {where} ORDER BY w.word, w.user_id LIMIT ${len(args)}", *args)
    return [Found(row["word"], row["user_id"]) for row in found]


async def count_names(query: NameQuery, *, excluded: Collection[UUID]) -> int:
    """How many people the search finds, pages aside."""
    where, args = _matching(query, excluded)
    row = await db.row(f"SELECT count(*) AS total {where}", *args)
    return int(row["total"]) if row else 0


def _matching(query: NameQuery, excluded: Collection[UUID]) -> tuple[str, list[object]]:
    """Each person once: by the first of their words that begins with the query's first."""
    first, *others = query.words
    args: list[object] = [first, first + _LAST, sorted(excluded)]
    where = (
        "FROM user_word w JOIN user_account u ON u.id = w.user_id AND u.deleted_at IS NULL"
        " WHERE w.word >= $1 AND w.word < $2 AND NOT (w.user_id = ANY($3::uuid[]))"
        " AND NOT EXISTS (SELECT 1 FROM user_word e WHERE e.user_id = w.user_id AND e.word >= $1 AND e.word < w.word)"
    )
    for word in others:
        args += [word, word + _LAST]
        n = len(args)
        where += (
            f" AND EXISTS (SELECT 1 FROM user_word o WHERE o.user_id = w.user_id AND o.word >= ${n - 1}"
            f" AND o.word < ${n})"
        )
    return where, args


async def find_by_address(text: str, *, excluded: Collection[UUID]) -> UUID | None:
    """Who has proved this e-mail address or phone number, and lets others find them by it."""
    try:
        identifier = check_reachable(text)
    except UserFault:
        return None
    kind = identifier.kind
    column = "email_key" if kind == "email" else "phone_number"
    row = await db.row(
        f"SELECT u.id FROM user_account u JOIN privacy_settings p ON p.user_id = u.id AND p.discoverable_by_{kind}"
        f" WHERE u.{column} = $1 AND u.{kind}_verified AND u.deleted_at IS NULL",
        identifier.key,
    )
    return row["id"] if row and row["id"] not in excluded else None


def looks_like_address(text: str) -> bool:
    """Whether it is compared as a whole, and not word by word."""
    return "@" in text or text.startswith("+")
