"""Reading messages: by id, by place, and in pages. Every read is a batch: one statement for all keys of an operation.

Numbers are dense, so a page is a range of them: no OFFSET, no walk, and it stays put while messages arrive.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.core import db
from app.core.errors import BadRequestError
from app.messages.hidden import page_around_hidden, visible_in
from app.messages.marks import Standing
from app.messages.paging import Page, PageArgs
from app.messages.records import MESSAGE_COLUMNS, MessageRow, message_from

PAGE = 50
WINDOW = 25  # on each side of what a window is opened around


async def load_messages(ids: Sequence[UUID]) -> list[MessageRow | None]:
    """The messages with these ids, in the order asked, whoever asks: only for ids the caller may follow."""
    found = await db.rows(f"SELECT {MESSAGE_COLUMNS} FROM message m WHERE m.id = ANY($1::uuid[])", list(ids))
    messages = {row["id"]: message_from(row) for row in found}
    return [messages.get(message_id) for message_id in ids]


async def load_visible_messages(keys: Sequence[tuple[UUID, UUID]]) -> list[MessageRow | None]:
    """(viewer, message) → the message; None when it is unknown, before the viewer's time, or the viewer has left."""
    found = await db.rows(
        f"""SELECT {MESSAGE_COLUMNS}, own.user_id AS viewer_id FROM message m
            JOIN member own ON own.conversation_id = m.conversation_id
            WHERE m.id = ANY($1::uuid[]) AND own.user_id = ANY($2::uuid[])
              AND own.left_at IS NULL AND m.seq >= own.first_seq
              AND (NOT m.is_hidden OR m.sender_id = own.user_id)""",
        list({message_id for _, message_id in keys}),
        list({viewer_id for viewer_id, _ in keys}),
    )
    messages = {(row["viewer_id"], row["id"]): message_from(row) for row in found}
    return [messages.get(key) for key in keys]


_PLACE = {"conversation_id": "uuid", "seq": "int"}


async def load_messages_at(places: Sequence[tuple[UUID, int]]) -> list[MessageRow | None]:
    """(conversation, seq) → the message there, whoever asks."""
    found = await db.rows(
        f"SELECT {MESSAGE_COLUMNS} FROM {db.table('d', _PLACE)}"
        " JOIN message m ON m.conversation_id = d.conversation_id AND m.seq = d.seq",
        *db.table_args(places),
    )
    messages = {(row["conversation_id"], row["seq"]): message_from(row) for row in found}
    return [messages.get(place) for place in places]


async def load_first_visible(keys: Sequence[tuple[Standing, int]]) -> list[MessageRow | None]:
    """(standing, seq) → the first message from that number on that the person may see."""
    found = await load_messages_at([(standing.conversation_id, seq) for standing, seq in keys])
    return [
        message if message is None or message.is_visible_to(standing.user_id) else await _next_visible(standing, seq)
        for (standing, seq), message in zip(keys, found, strict=True)
    ]


async def _next_visible(standing: Standing, seq: int) -> MessageRow | None:
    found = await visible_in(standing, seq, standing.last_seq, limit=1)
    return found[0] if found else None


# ── pages ─────────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True, frozen=True)
class PageKey:
    """A page of a conversation for somebody: what they may see of it, and what they ask."""

    standing: Standing
    args: PageArgs


_RANGE = {"n": "int", "conversation_id": "uuid", "low": "int", "high": "int"}


async def load_pages(keys: Sequence[PageKey]) -> list[Page | BadRequestError]:
    """The pages, in the order asked: one statement, one more when some name messages, one more for instants.

    A page is BAD_REQUEST when it names a message that is not in the conversation.
    """
    seqs = await _load_seqs(keys)
    starts = await _load_starts([key for key in keys if key.args.since is not None])
    ranges = [_range(key, seqs, starts) for key in keys]
    wanted = [
        (n, key.standing.conversation_id, place[0], place[1])
        for n, (key, place) in enumerate(zip(keys, ranges, strict=True))
        if not isinstance(place, BadRequestError) and place[0] <= place[1]
    ]
    messages: dict[int, list[MessageRow]] = {}
    if wanted:
        found = await db.rows(
            f"SELECT d.n, {MESSAGE_COLUMNS} FROM {db.table('d', _RANGE)}"
            " JOIN message m ON m.conversation_id = d.conversation_id AND m.seq BETWEEN d.low AND d.high"
            " ORDER BY d.n, m.seq",
            *db.table_args(wanted),
        )
        for row in found:
            messages.setdefault(row["n"], []).append(message_from(row))
    pages: list[Page | BadRequestError] = []
    for n, (key, place) in enumerate(zip(keys, ranges, strict=True)):
        if isinstance(place, BadRequestError):
            pages.append(place)
        elif all(message.is_visible_to(key.standing.user_id) for message in messages.get(n, ())):
            pages.append(_page(key.standing, place, messages.get(n, ())))
        else:
            pages.append(await page_around_hidden(key.standing, place, key.args))
    return pages


def _page(standing: Standing, place: tuple[int, int], messages: Sequence[MessageRow]) -> Page:
    low, high = place
    return Page(
        tuple(messages),
        has_next=standing.first_seq <= standing.last_seq and high < standing.last_seq,
        has_previous=low > standing.first_seq and standing.first_seq <= standing.last_seq,
    )


def _range(
    key: PageKey, seqs: dict[tuple[UUID, UUID], int], starts: dict[PageKey, int]
) -> tuple[int, int] | BadRequestError:
    """The numbers of a page, both ends included, inside what the viewer may see."""
    standing, args = key.standing, key.args
    named = {id_: seqs.get((standing.conversation_id, id_)) for id_ in _named(args)}
    if None in named.values():
        return BadRequestError("after, before or around names a message that is not in this conversation.")

    def seq(place: int | UUID) -> int:
        return place if isinstance(place, int) else named[place] or 0

    low, high = standing.first_seq, standing.last_seq
    if args.after is not None or args.before is not None:
        low = max(low, seq(args.after) + 1) if args.after is not None else low
        high = min(high, seq(args.before) - 1) if args.before is not None else high
    elif (middle := _middle(key, seq, starts)) is not None:
        before = WINDOW if args.last is None else args.last
        after = WINDOW if args.first is None else args.first
        return max(low, middle - before), min(high, middle + after)
    if args.first is None and (args.last is not None or args.after is None):
        return max(low, high - (args.last or PAGE) + 1), high
    high = min(high, low + (args.first or PAGE) - 1)
    return (low if args.last is None else max(low, high - args.last + 1)), high


def _middle(key: PageKey, seq: Callable[[int | UUID], int], starts: dict[PageKey, int]) -> int | None:
    """The number a window is opened around; None when none is asked for."""
    standing, args = key.standing, key.args
    if args.around is not None:
        return seq(args.around)
    if args.since is not None:
        return min(starts[key], standing.last_seq)
    if args.around_first_unread:
        return min(standing.first_unread_seq, standing.last_seq)
    return None


def _named(args: PageArgs) -> list[UUID]:
    """The messages that the arguments in force name."""
    if args.after is not None or args.before is not None:
        return [place for place in (args.after, args.before) if isinstance(place, UUID)]
    return [] if args.around is None else [args.around]


async def _load_seqs(keys: Sequence[PageKey]) -> dict[tuple[UUID, UUID], int]:
    ids = {id_ for key in keys for id_ in _named(key.args)}
    messages = await load_messages(list(ids)) if ids else []
    return {(m.conversation_id, m.id): m.seq for m in messages if m is not None}


_SINCE = {"n": "int", "conversation_id": "uuid", "low": "int", "high": "int", "since": "timestamptz"}


async def _load_starts(keys: Sequence[PageKey]) -> dict[PageKey, int]:
    """The first number written at or after the instant (one past the last when none was).

    By halving the range of numbers, in SQL: times rise with numbers, so no index on times is needed, which every
    send would pay for.
    """
    if not keys:
        return {}
    found = await db.rows(
        f"""WITH RECURSIVE s(n, conversation_id, low, high, since) AS (
                SELECT n, conversation_id, low, high + 1, since FROM {db.table("d", _SINCE)}
                UNION ALL
                SELECT s.n, s.conversation_id, CASE WHEN m.created_at < s.since THEN m.seq + 1 ELSE s.low END,
                       CASE WHEN m.created_at < s.since THEN s.high ELSE m.seq END, s.since
                FROM s JOIN message m ON m.conversation_id = s.conversation_id AND m.seq = (s.low + s.high) / 2
                WHERE s.low < s.high)
            SELECT n, low FROM s WHERE low >= high""",
        *db.table_args(
            [(n, k.standing.conversation_id, k.standing.first_seq, k.standing.last_seq, k.args.since)
             for n, k in enumerate(keys)]
        ),
    )  # fmt: skip
    return {keys[row["n"]]: row["low"] for row in found}
