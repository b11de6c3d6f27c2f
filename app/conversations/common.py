"""What two people have in common: groups they are both in, and from that whom somebody may know.

Broadcasts don't count: their readers don't learn of each other.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.contacts.requests import shares_groups
from app.contacts.suggestions import count_common_contacts, known_already
from app.conversations.access import Access, access_from
from app.conversations.records import CONVERSATION_COLUMNS, MEMBER_COLUMNS
from app.core import db
from app.core.runtime import current

_COMMON = (
    "FROM member m JOIN conversation c ON c.id = m.conversation_id AND c.kind = 'GROUP'"
    " JOIN member other ON other.conversation_id = m.conversation_id AND other.left_at IS NULL"
    " AND other.user_id = ANY($2::uuid[]) WHERE m.user_id = $1 AND m.left_at IS NULL"
)


@dataclass(slots=True, frozen=True)
class CommonQuery:
    """A page of the groups that the viewer and a person are both in: `size` of them below the key (activity, id)."""

    viewer_id: UUID
    user_id: UUID
    size: int
    after: tuple[datetime, UUID] | None = None


async def load_common_groups(keys: Sequence[CommonQuery]) -> list[list[Access]]:
    """Pages, newest activity first, with one group more than asked when there are more."""
    alike: dict[object, list[CommonQuery]] = defaultdict(list)
    for key in keys:
        alike[key.viewer_id, key.size, key.after].append(key)
    pages: dict[CommonQuery, list[Access]] = {key: [] for key in keys}
    for group in alike.values():
        by_person = {key.user_id: key for key in group}
        below, place = "", group[0].after or ()
        if place:
            below = " AND (c.activity_at, c.id) < ($4, $5)"
        found = await db.rows(
            f"SELECT * FROM (SELECT {CONVERSATION_COLUMNS}, {MEMBER_COLUMNS}, other.user_id AS other_id,"
            " row_number() OVER (PARTITION BY other.user_id ORDER BY c.activity_at DESC, c.id DESC) AS place"
            f" {_COMMON}{below}) AS t WHERE t.place <= $3 ORDER BY t.place",
            group[0].viewer_id,
            list(by_person),
            group[0].size + 1,
            *place,
        )
        for row in found:
            pages[by_person[row["other_id"]]].append(access_from(row))
    return [pages[key] for key in keys]


async def load_common_totals(pairs: Sequence[tuple[UUID, UUID]]) -> list[int]:
    """(viewer, person) → how many groups both are in."""
    totals: dict[tuple[UUID, UUID], int] = {}
    for viewer_id in {viewer_id for viewer_id, _ in pairs}:
        found = await db.rows(
            f"SELECT other.user_id, count(*) AS total {_COMMON} GROUP BY other.user_id",
            viewer_id,
            [person for viewer, person in pairs if viewer == viewer_id],
        )
        totals |= {(viewer_id, row["user_id"]): row["total"] for row in found}
    return [totals.get(pair, 0) for pair in pairs]


@shares_groups
async def share_group(one: UUID, other: UUID) -> bool:
    """Whether both are in some group."""
    return await db.row(f"SELECT 1 AS one {_COMMON} LIMIT 1", one, [other]) is not None


@dataclass(slots=True, frozen=True)
class Suggestion:
    """Somebody whom a person may know. A common group counts twice as much as a common contact."""

    score: int
    user_id: UUID


async def suggest_contacts(user_id: UUID) -> list[Suggestion]:
    """All whom the person may know, the likeliest first, in a constant number of statements. Large groups are left
    out: one knows few people there."""
    found = await db.rows(
        "SELECT other.user_id, count(*) AS total FROM member m"
        " JOIN conversation c ON c.id = m.conversation_id AND c.kind = 'GROUP' AND c.member_count <= $2"
        " JOIN member other ON other.conversation_id = m.conversation_id AND other.left_at IS NULL"
        " WHERE m.user_id = $1 AND m.left_at IS NULL GROUP BY other.user_id",
        user_id,
        current().settings.conversations.profiles_announced_up_to,
    )
    scores = Counter({row["user_id"]: 2 * row["total"] for row in found})
    scores.update(await count_common_contacts(user_id))
    known = await known_already(user_id)
    people = [Suggestion(score, person) for person, score in scores.items() if person not in known]
    return sorted(people, key=lambda s: (s.score, s.user_id), reverse=True)
