"""Batch functions: conversations and members for many keys in one statement, whatever the level asks for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.accounts.loaders import find_people_by_name
from app.conversations.records import (
    CONVERSATION_COLUMNS,
    MEMBER_COLUMNS,
    ConversationRow,
    MemberRole,
    MemberRow,
    conversation_from,
    member_from,
)
from app.core import db

# How far the clocks of two processes may be apart, when a leaving is compared with an event.
CLOCK_MARGIN = timedelta(minutes=5)


async def load_conversations(ids: Sequence[UUID]) -> list[ConversationRow | None]:
    """Conversations without a look at who asks: only for events, whose interval the hub has judged."""
    found = await db.rows(f"SELECT {CONVERSATION_COLUMNS} FROM conversation c WHERE c.id = ANY($1::uuid[])", list(ids))
    by_id = {row["id"]: conversation_from(row) for row in found}
    return [by_id.get(conversation_id) for conversation_id in ids]


async def load_members(ids: Sequence[UUID]) -> list[MemberRow | None]:
    """Memberships by their ids, ended ones too."""
    found = await db.rows(f"SELECT {MEMBER_COLUMNS} FROM member m WHERE m.id = ANY($1::uuid[])", list(ids))
    by_id = {row["m_id"]: member_from(row) for row in found}
    return [by_id.get(member_id) for member_id in ids]


async def load_participants(keys: Sequence[tuple[UUID, UUID]]) -> list[MemberRow | None]:
    """Memberships by (conversation, user), ended ones too."""
    found = await db.rows(
        f"SELECT {MEMBER_COLUMNS} FROM member m"
        " WHERE m.conversation_id = ANY($1::uuid[]) AND m.user_id = ANY($2::uuid[])",
        list({conversation_id for conversation_id, _ in keys}),
        list({user_id for _, user_id in keys}),
    )
    by_key = {(row["m_conversation_id"], row["m_user_id"]): member_from(row) for row in found}
    return [by_key.get(key) for key in keys]


async def load_private_readers(conversation_ids: Sequence[UUID]) -> list[frozenset[UUID]]:
    """Conversation → its current members who keep what they have read to themselves."""
    found = await db.rows(
        "SELECT m.conversation_id, m.user_id FROM member m"
        " JOIN privacy_settings p ON p.user_id = m.user_id AND NOT p.read_receipts"
        " WHERE m.conversation_id = ANY($1::uuid[]) AND m.left_at IS NULL",
        list(conversation_ids),
    )
    private: dict[UUID, set[UUID]] = defaultdict(set)
    for row in found:
        private[row["conversation_id"]].add(row["user_id"])
    return [frozenset(private[conversation_id]) for conversation_id in conversation_ids]


async def load_silent_members(conversation_ids: Sequence[UUID]) -> list[frozenset[UUID]]:
    """Conversation → its current members whose typing indicators are off: who doesn't tell isn't told either."""
    found = await db.rows(
        "SELECT m.conversation_id, m.user_id FROM member m"
        " JOIN privacy_settings p ON p.user_id = m.user_id AND NOT p.typing_indicators"
        " WHERE m.conversation_id = ANY($1::uuid[]) AND m.left_at IS NULL",
        list(conversation_ids),
    )
    silent: dict[UUID, set[UUID]] = defaultdict(set)
    for row in found:
        silent[row["conversation_id"]].add(row["user_id"])
    return [frozenset(silent[conversation_id]) for conversation_id in conversation_ids]


async def load_departed(keys: Sequence[tuple[UUID, datetime]]) -> list[frozenset[UUID]]:
    """Who has left each (conversation, since an instant), with a margin for clocks."""
    since = min(at for _, at in keys) - CLOCK_MARGIN
    found = await db.rows(
        "SELECT conversation_id, user_id, left_at FROM member WHERE conversation_id = ANY($1::uuid[]) AND left_at > $2",
        list({conversation_id for conversation_id, _ in keys}),
        since,
    )
    left: dict[UUID, list[db.Row]] = defaultdict(list)
    for row in found:
        left[row["conversation_id"]].append(row)
    return [frozenset(r["user_id"] for r in left[c] if r["left_at"] > at - CLOCK_MARGIN) for c, at in keys]


@dataclass(slots=True, frozen=True)
class MemberFilter:
    """Which of one conversation's members; None doesn't filter. `reader_id` asks as a reader of a broadcast, who sees
    its staff and themselves."""

    conversation_id: UUID
    role: MemberRole | None = None
    name: str | None = None
    reader_id: UUID | None = None


@dataclass(slots=True, frozen=True)
class MemberQuery:
    """One page of members: `size` of them after the key (joined_at, id)."""

    members: MemberFilter
    after: tuple[datetime, UUID] | None
    size: int


async def load_member_pages(keys: Sequence[MemberQuery]) -> list[list[MemberRow]]:
    """Pages of members in the order they joined, with one row more than asked when there are more."""
    pages: dict[UUID, list[MemberRow]] = {}
    results: dict[MemberQuery, list[MemberRow]] = {}
    for group in _alike(keys):
        pages = await _member_pages(group)
        results.update({key: pages.get(key.members.conversation_id, []) for key in group})
    return [results[key] for key in keys]


async def load_member_totals(keys: Sequence[MemberQuery]) -> list[int]:
    """How many current members each query is about, pages aside."""
    results: dict[MemberQuery, int] = {}
    for group in _alike(keys):
        where, args = await _member_filter(group)
        found = await db.rows(
            f"SELECT m.conversation_id, count(*) AS total FROM member m WHERE {where} GROUP BY m.conversation_id", *args
        )
        totals = {row["conversation_id"]: row["total"] for row in found}
        results.update({key: totals.get(key.members.conversation_id, 0) for key in group})
    return [results[key] for key in keys]


def _alike(keys: Sequence[MemberQuery]) -> list[list[MemberQuery]]:
    """Keys that differ in their conversation only: a list of conversations asks the same of each."""
    groups: dict[object, list[MemberQuery]] = defaultdict(list)
    for key in keys:
        members = key.members
        groups[members.role, members.name, members.reader_id, key.after, key.size].append(key)
    return list(groups.values())


async def _member_filter(group: Sequence[MemberQuery]) -> tuple[str, list[object]]:
    conversation_ids, wanted = [key.members.conversation_id for key in group], group[0].members
    where = "m.conversation_id = ANY($1::uuid[]) AND m.left_at IS NULL"
    args: list[object] = [conversation_ids]
    if wanted.role:
        args.append(wanted.role.value)
        where += f" AND m.role = ${len(args)}"
    if wanted.reader_id:
        args.append(wanted.reader_id)
        where += f" AND (m.role <> 'MEMBER' OR m.user_id = ${len(args)})"
    if wanted.name:
        members = await db.rows(
            "SELECT DISTINCT user_id FROM member WHERE conversation_id = ANY($1::uuid[]) AND left_at IS NULL",
            conversation_ids,
        )
        args.append(list(await find_people_by_name([row["user_id"] for row in members], wanted.name)))
        where += f" AND m.user_id = ANY(${len(args)}::uuid[])"
    return where, args


async def _member_pages(group: Sequence[MemberQuery]) -> dict[UUID, list[MemberRow]]:
    where, args = await _member_filter(group)
    if group[0].after:
        args += group[0].after
        where += f" AND (m.joined_at, m.id) > (${len(args) - 1}, ${len(args)})"
    args.append(group[0].size + 1)
    found = await db.rows(
        f"SELECT * FROM (SELECT {MEMBER_COLUMNS}, row_number() OVER (PARTITION BY m.conversation_id"
        f" ORDER BY m.joined_at, m.id) AS place FROM member m WHERE {where}) AS page WHERE place <= ${len(args)}"
        " ORDER BY m_conversation_id, place",
        *args,
    )
    pages: dict[UUID, list[MemberRow]] = defaultdict(list)
    for row in found:
        pages[row["m_conversation_id"]].append(member_from(row))
    return pages
