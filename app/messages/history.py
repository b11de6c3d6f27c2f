"""Reading messages: by id, by place, and in pages. Every read is a batch: one statement for all keys of an operation.

Numbers are dense, so a page is a range of them: no OFFSET, no walk, and it stays put while messages arrive.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from uuid import UUID

from app.accounts.loaders import USER_COLUMNS, UserRow, join_user, user_beside
from app.core import db
from app.core.errors import BadRequestError
from app.core.records import record
from app.messages.details import NO_DETAILS
from app.messages.hidden import HoledPage, Run, load_holed_pages, load_runs
from app.messages.marks import Standing
from app.messages.paging import PAGE, Page, PageArgs
from app.messages.records import MESSAGE_COLUMNS, MESSAGE_WIDTH, MessageRow, message_from, message_of
from app.messages.unread import load_first_unread
from app.messages.visibility import still_there, visible_to

WINDOW = 25  # on each side of what a window is opened around


async def load_messages(ids: Sequence[UUID]) -> list[MessageRow | None]:
    """The messages with these ids, in the order asked, whoever asks: only for ids the caller may follow, and only
    through `seen_by`. None for what is unknown or has disappeared."""
    found = await db.rows(
        f"SELECT {MESSAGE_COLUMNS} FROM message m WHERE m.id = ANY($1::uuid[]) AND {still_there()}", list(ids)
    )
    messages = {row["id"]: message_from(row) for row in found}
    return [messages.get(message_id) for message_id in ids]


async def load_visible_messages(keys: Sequence[tuple[UUID, UUID]]) -> list[MessageRow | None]:
    """(viewer, message) → the message; None when it is unknown, out of the viewer's sight, or the viewer has left."""
    return await _load_visible(keys, "own.left_at IS NULL AND m.seq >= own.first_seq")


async def load_replied(keys: Sequence[tuple[UUID, UUID]]) -> list[MessageRow | None]:
    """(viewer, message) → a message that one they see refers to, also after they have left; None as above."""
    return await _load_visible(keys, "m.seq >= own.first_seq AND (own.left_at IS NULL OR m.seq <= own.last_seq)")


async def load_common(ids: Sequence[UUID]) -> list[MessageRow | None]:
    """The messages that everybody sees who ever was in their conversation: sent in everyone's time there, hidden from
    nobody, deleted by nobody for themselves, and saying the same to all. So an event that refers to one can be shown
    to all alike."""
    found = await db.rows(
        f"""SELECT {MESSAGE_COLUMNS} FROM message m WHERE m.id = ANY($1::uuid[]) AND NOT m.is_hidden AND {still_there()}
            AND NOT EXISTS (SELECT 1 FROM member late WHERE late.conversation_id = m.conversation_id
                            AND late.first_seq > m.seq)
            AND NOT EXISTS (SELECT 1 FROM deleted_message gone WHERE gone.message_id = m.id)""",
        list(ids),
    )
    messages = {message.id: message for message in map(message_from, found) if message.details.own_edit is None}
    return [messages.get(message_id) for message_id in ids]


async def _load_visible(keys: Sequence[tuple[UUID, UUID]], in_reach: str) -> list[MessageRow | None]:
    found = await db.rows(
        f"""SELECT {MESSAGE_COLUMNS}, own.user_id AS viewer_id FROM message m
            JOIN member own ON own.conversation_id = m.conversation_id
            WHERE m.id = ANY($1::uuid[]) AND own.user_id = ANY($2::uuid[]) AND {in_reach}
              AND {visible_to("own.user_id")}""",
        list({message_id for _, message_id in keys}),
        list({viewer_id for viewer_id, _ in keys}),
    )
    messages = {(row["viewer_id"], row["id"]): message_from(row).seen_by(row["viewer_id"]) for row in found}
    return [messages.get(key) for key in keys]


_PLACE = {"n": "int", "user_id": "uuid", "conversation_id": "uuid", "seq": "int"}


@record(slots=True, frozen=True)
class Newest:
    """A message, and who sent it if that was read with it."""

    message: MessageRow
    sender: UserRow | None


async def load_last_visible(standings: Sequence[Standing]) -> list[Newest | None]:
    """Standing → the newest message that the person may see: one statement, one more where some are out of sight."""
    places = [(n, s.user_id, s.conversation_id, s.last_seq) for n, s in enumerate(standings)]
    found = await db.rows(
        f"SELECT {MESSAGE_COLUMNS}, d.n, {USER_COLUMNS} FROM {db.table('d', _PLACE)}"
        f" JOIN message m ON m.conversation_id = d.conversation_id AND m.seq = d.seq AND {visible_to('d.user_id')}"
        f"{join_user('m.sender_id')}",
        *db.table_args(places),
    )
    newest = {}
    for values in db.by_place(found):
        n = values[MESSAGE_WIDTH]
        message = message_of(values[:MESSAGE_WIDTH]).seen_by(standings[n].user_id)
        newest[n] = Newest(message, user_beside(values[MESSAGE_WIDTH + 1 :]))
    missed = [n for n, s in enumerate(standings) if n not in newest and s.first_seq <= s.last_seq]
    runs = [Run(s, s.first_seq, s.last_seq, 1, newest=True) for s in (standings[n] for n in missed)]
    for n, some in zip(missed, await load_runs(runs), strict=True):
        if some:
            newest[n] = Newest(some[0], None)
    return [newest.get(n) for n in range(len(standings))]


# ── pages ─────────────────────────────────────────────────────────────────────────────────────────


@record(slots=True, frozen=True)
class PageKey:
    """A page of a conversation for somebody: what they may see of it, and what they ask. `since`: what it must have
    been read after; what an operation has read before it saw that is no answer to this key."""

    standing: Standing
    args: PageArgs
    since: object = None


_RANGE = {"n": "int", "user_id": "uuid", "conversation_id": "uuid", "low": "int", "high": "int"}


async def load_pages(keys: Sequence[PageKey]) -> list[Page | BadRequestError]:
    """The pages, in the order asked: one statement, one more when some name messages, one more for instants, one more
    for what is unread, one more where something is out of sight.

    A page is BAD_REQUEST when it names a message that is not in the conversation.
    """
    seqs = await _load_seqs(keys)
    starts = await _load_starts([key for key in keys if key.args.since is not None])
    starts |= await _load_firsts([key for key in keys if key.args.around_first_unread and key not in starts])
    middles = [_middle(key, seqs, starts) for key in keys]
    places = [_range(key, seqs, middle) for key, middle in zip(keys, middles, strict=True)]
    wanted = [
        (n, key.standing.user_id, key.standing.conversation_id, place[0], place[1])
        for n, (key, place) in enumerate(zip(keys, places, strict=True))
        if not isinstance(place, BadRequestError) and place[0] <= place[1]
    ]
    messages, senders, holed, particular = await _load_ranges(wanted) if wanted else ({}, {}, set(), set())
    pages: list[Page | BadRequestError] = []
    around: dict[int, HoledPage] = {}
    for n, (key, place, middle) in enumerate(zip(keys, places, middles, strict=True)):
        if isinstance(place, BadRequestError):
            pages.append(place)
            continue
        read = messages.get(n, ())
        is_common = bool(read) and n not in particular
        pages.append(_page(key.standing, place, read, senders, is_common=is_common))
        if n in holed:
            at = None if middle is None else max(middle, key.standing.first_seq)
            around[n] = HoledPage(key.standing, place, key.args, at)
    for n, page in zip(around, await load_holed_pages(list(around.values())), strict=True):
        pages[n] = page
    return pages


@lru_cache(4)
def _ranges(one: bool, _postgres: bool) -> str:
    """`one`: a single range, as plain arguments, so that the planner knows that it is one."""
    plain = ", ".join(f"${n}::{type_} AS {name}" for n, (name, type_) in enumerate(_RANGE.items(), 1))
    return f"""WITH d AS {"" if one else "MATERIALIZED"} (
            SELECT d.n, d.user_id, d.conversation_id, d.low, d.high, EXISTS (
                SELECT 1 FROM deleted_message gone WHERE gone.user_id = d.user_id
                AND gone.conversation_id = d.conversation_id AND gone.seq BETWEEN d.low AND d.high) AS has_gone
            FROM {f"(SELECT {plain}) AS d" if one else db.table("d", _RANGE)})
        SELECT {MESSAGE_COLUMNS}, d.n, d.has_gone OR NOT {still_there()}
               OR (m.is_hidden AND (m.sender_id IS NULL OR m.sender_id <> d.user_id)) AS is_holed, {USER_COLUMNS}
        FROM d JOIN message m ON m.conversation_id = d.conversation_id AND m.seq BETWEEN d.low AND d.high
        {join_user("m.sender_id")}
        ORDER BY {"m.seq" if one else "d.n, m.seq"}"""


async def _load_ranges(
    wanted: Sequence[tuple[int, UUID, UUID, int, int]],
) -> tuple[dict[int, list[MessageRow]], dict[UUID, UserRow], set[int], set[int]]:
    """The messages of ranges of numbers, who sent them (nearly every client asks, and a statement of its own costs
    more than the columns), which ranges hold some that their reader may not see, and which some that not everybody sees
    alike or for ever.

    What somebody deleted for themselves is looked for once a range, not once a message: there mostly is nothing.
    """
    one = len(wanted) == 1
    found = await db.rows(_ranges(one, db.is_postgres()), *(wanted[0] if one else db.table_args(wanted)))
    readers = {n: user_id for n, user_id, *_ in wanted}
    messages: dict[int, list[MessageRow]] = {n: [] for n in readers}
    senders: dict[UUID, UserRow] = {}
    holed, particular = set(), set()
    for values in db.by_place(found):
        n, is_holed = values[MESSAGE_WIDTH : MESSAGE_WIDTH + 2]
        message = message_of(values[:MESSAGE_WIDTH])
        if message.sender_id not in senders and (sender := user_beside(values[MESSAGE_WIDTH + 2 :])):
            senders[sender.id] = sender
        messages[n].append(message if message.details is NO_DETAILS else message.seen_by(readers[n]))
        if is_holed:
            holed.add(n)
        if is_holed or message.is_hidden or message.expires_at is not None or message.details.own_edit is not None:
            particular.add(n)
    return messages, senders, holed, particular


def _page(
    standing: Standing, place: tuple[int, int], messages: Sequence[MessageRow], senders: Mapping[UUID, UserRow],
    *, is_common: bool,
) -> Page:  # fmt: skip
    low, high = place
    return Page(
        tuple(messages),
        has_next=standing.first_seq <= standing.last_seq and high < standing.last_seq,
        has_previous=low > standing.first_seq and standing.first_seq <= standing.last_seq,
        senders=senders,
        is_common=is_common,
    )


def _range(
    key: PageKey, seqs: Mapping[tuple[UUID, UUID], int], middle: int | None
) -> tuple[int, int] | BadRequestError:
    """The numbers of a page, both ends included, inside what the viewer may see."""
    standing, args = key.standing, key.args
    if any((standing.conversation_id, id_) not in seqs for id_ in _named(args)):
        return BadRequestError("after, before or around names a message that is not in this conversation.")

    def seq(place: int | UUID) -> int:
        return place if isinstance(place, int) else seqs[standing.conversation_id, place]

    low, high = standing.first_seq, standing.last_seq
    if args.after is not None or args.before is not None:
        low = max(low, seq(args.after) + 1) if args.after is not None else low
        high = min(high, seq(args.before) - 1) if args.before is not None else high
    elif middle is not None:
        before = WINDOW if args.last is None else args.last
        after = WINDOW if args.first is None else args.first
        return max(low, middle - before), min(high, middle + after)
    if args.first is None and (args.last is not None or args.after is None):
        return max(low, high - (args.last or PAGE) + 1), high
    high = min(high, low + (args.first or PAGE) - 1)
    return (low if args.last is None else max(low, high - args.last + 1)), high


def _middle(key: PageKey, seqs: Mapping[tuple[UUID, UUID], int], starts: Mapping[PageKey, int]) -> int | None:
    """The number a window is opened around; None when none is asked for."""
    standing, args = key.standing, key.args
    if args.after is not None or args.before is not None:
        return None
    if args.around is not None:
        return seqs.get((standing.conversation_id, args.around))
    if args.since is not None or args.around_first_unread:
        return min(starts[key], standing.last_seq)
    return None


def _named(args: PageArgs) -> list[UUID]:
    """The messages that the arguments in force name."""
    if args.after is not None or args.before is not None:
        return [place for place in (args.after, args.before) if isinstance(place, UUID)]
    return [] if args.around is None else [args.around]


async def _load_seqs(keys: Sequence[PageKey]) -> dict[tuple[UUID, UUID], int]:
    """(conversation, message) → its number, also of what nobody sees any more: a client may page on from there."""
    ids = {id_ for key in keys for id_ in _named(key.args)}
    if not ids:
        return {}
    found = await db.rows("SELECT id, conversation_id, seq FROM message WHERE id = ANY($1::uuid[])", list(ids))
    return {(row["conversation_id"], row["id"]): row["seq"] for row in found}


_SINCE = {"n": "int", "conversation_id": "uuid", "low": "int", "high": "int", "since": "timestamptz"}


async def _load_firsts(keys: Sequence[PageKey]) -> dict[PageKey, int]:
    """The number of the oldest message that counts as unread; the last one there is when none does."""
    places = [(key.standing.user_id, key.standing.conversation_id) for key in keys]
    found = await load_first_unread(places) if keys else []
    return {key: first.seq if first else key.standing.last_seq for key, first in zip(keys, found, strict=True)}


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
