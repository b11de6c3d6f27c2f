"""Reactions: any emoji, several people and several emoji a message, each once. Read for many messages at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import emoji as unicode_emoji
import orjson

from app.conversations.records import peer_in
from app.core import db, log
from app.core.clock import new_id, now
from app.core.errors import ErrorCode, UserFault
from app.core.records import record
from app.core.runtime import current
from app.core.viewer import Viewer
from app.messages.access import Held, check_there, lock_message
from app.messages.records import MessageKind, MessageRow

_FIELD = ("emoji",)
_NOBODY: frozenset[UUID] = frozenset()
_FEW = 20  # people of an emoji who are read with it


@record(slots=True, frozen=True)
class Group:
    """One emoji on one message: how many people put it there, and (hidden from the others) who alone sees theirs.
    `people`: who they are, as long as they are few."""

    message_id: UUID
    emoji: str
    count: int
    hidden: frozenset[UUID] = frozenset()
    people: Sequence[UUID] | None = ()

    def count_for(self, user_id: UUID) -> int:
        """How many of them somebody sees."""
        return self.count + (user_id in self.hidden)


@dataclass(slots=True, frozen=True)
class Reactor:
    """Who put an emoji on a message, and when: a page's row."""

    id: UUID
    user_id: UUID
    created_at: datetime


def is_reactable(message: MessageRow) -> bool:
    """Whether reactions can be on it."""
    return message.deleted_at is None and message.kind is not MessageKind.SYSTEM


@db.retried
async def add_reaction(viewer: Viewer, message_id: UUID, emoji: str) -> MessageRow:
    """Puts an emoji on a message; the same one again changes nothing.

    Raises INVALID for what is not one emoji, NOT_FOUND, NOT_PARTICIPANT, FORBIDDEN for notices and tombstones and while
    the viewer blocks the other person of a direct conversation,
    LIMIT_REACHED with the limit when the message has as many kinds already.
    """
    _check_emoji(emoji)
    async with log.transaction():
        held = await lock_message(viewer, message_id)
        message = held.message
        check_there(message)
        if not is_reactable(message):
            raise UserFault(ErrorCode.FORBIDDEN, "Notices take no reactions.", field=("messageId",))
        hidden_from = await held.add()
        found = await db.rows(
            "SELECT emoji, user_id FROM reaction WHERE message_id = $1 AND (NOT is_hidden OR user_id = $2)",
            message.id,
            viewer.user_id,
        )
        if (emoji, viewer.user_id) in {(row["emoji"], row["user_id"]) for row in found}:
            return message
        kinds, most = {row["emoji"] for row in found}, current().settings.messages.reaction_kinds
        if emoji not in kinds and len(kinds) >= most:
            words = f"A message takes at most {most} kinds of reactions: use one that is there."
            raise UserFault(ErrorCode.LIMIT_REACHED, words, field=_FIELD, limit=most)
        # As with messages: nothing of somebody blocked reaches the blocker, and they can't tell.
        is_hidden = not message.is_hidden and bool(hidden_from)
        await db.execute(
            "INSERT INTO reaction (id, message_id, user_id, emoji, is_hidden, created_at)"
            " VALUES ($1, $2, $3, $4, $5, $6)",
            new_id(), message.id, viewer.user_id, emoji, is_hidden, now(),
        )  # fmt: skip
        _announce(viewer, held, emoji, added=True, is_hidden=is_hidden)
    return message


@db.retried
async def remove_reaction(viewer: Viewer, message_id: UUID, emoji: str) -> MessageRow:
    """Takes the viewer's emoji off a message; one that is not there changes nothing.

    Raises INVALID, NOT_FOUND, NOT_PARTICIPANT.
    """
    _check_emoji(emoji)
    async with log.transaction():
        held = await lock_message(viewer, message_id)
        gone = await db.rows(
            "DELETE FROM reaction WHERE message_id = $1 AND user_id = $2 AND emoji = $3 RETURNING is_hidden",
            held.message.id,
            viewer.user_id,
            emoji,
        )
        if gone:
            _announce(viewer, held, emoji, added=False, is_hidden=bool(gone[0]["is_hidden"]))
    return held.message


async def forget_reactions(user_id: UUID, most: int) -> int:
    """Takes away the next reactions of a deleted account, and tells; returns how many."""
    found = await db.rows(
        "SELECT r.id, r.emoji, r.is_hidden OR m.is_hidden AS is_hidden, m.id AS message_id, m.seq, c.id AS"
        " conversation_id, c.direct_key FROM reaction r JOIN message m ON m.id = r.message_id"
        " JOIN conversation c ON c.id = m.conversation_id WHERE r.user_id = $1 LIMIT $2",
        user_id,
        most,
    )
    if not found:
        return 0
    async with log.transaction():
        await db.rows(
            "SELECT id FROM conversation WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE",
            list({row["conversation_id"] for row in found}),
        )
        ids = [row["id"] for row in found]
        gone = {row["id"] for row in await db.rows("DELETE FROM reaction WHERE id = ANY($1::uuid[]) RETURNING id", ids)}
        for row in found:
            if row["id"] in gone:
                hidden_from = [peer_in(row["direct_key"], user_id)] if row["is_hidden"] else ()
                place = row["conversation_id"], row["message_id"], row["seq"]
                log.record(_changed(*place, row["emoji"], user_id, added=False, hidden_from=hidden_from))
    return len(found)


def _check_emoji(emoji: str) -> None:
    if not unicode_emoji.is_emoji(emoji):
        raise UserFault(ErrorCode.INVALID, "Use one emoji.", field=_FIELD)


def _announce(viewer: Viewer, held: Held, emoji: str, *, added: bool, is_hidden: bool) -> None:
    conversation, message = held.access.conversation, held.message
    hidden_from = (conversation.peer_of(viewer.user_id),) if is_hidden else held.hidden_from
    place = conversation.id, message.id, message.seq
    log.record(_changed(*place, emoji, viewer.user_id, added=added, hidden_from=hidden_from))


def _changed(
    conversation_id: UUID, message_id: UUID, seq: int, emoji: str, actor_id: UUID, *, added: bool,
    hidden_from: Sequence[UUID],
) -> log.NewEvent:  # fmt: skip
    facts = {"messageId": str(message_id), "seq": seq, "emoji": emoji, "actorId": str(actor_id), "added": added}
    return log.NewEvent(conversation_id, "REACTION_CHANGED", facts, hidden_from=hidden_from)


# ── reading ───────────────────────────────────────────────────────────────────────────────────────


async def load_reactions(message_ids: Sequence[UUID]) -> list[list[Group]]:
    """Message → its emoji, that which came first first."""
    people = "array_agg(user_id)" if db.is_postgres() else "json_group_array(user_id)"
    found = await db.rows(
        "SELECT message_id, emoji, CASE WHEN is_hidden THEN user_id END AS hidden_id, count(*) AS total,"
        f" CASE WHEN count(*) <= {_FEW} THEN {people} END AS people"
        " FROM reaction WHERE message_id = ANY($1::uuid[])"
        " GROUP BY message_id, emoji, CASE WHEN is_hidden THEN user_id END ORDER BY min(created_at), emoji",
        list(message_ids),
    )
    groups: dict[UUID, dict[str, Group]] = {message_id: {} for message_id in message_ids}
    for message_id, emoji, hidden_id, total, few in db.by_place(found):
        of_message = groups[message_id]
        if hidden_id is None:
            group = of_message.pop(emoji, None)  # what somebody doesn't see is no reason for its place
            hidden = group.hidden if group else _NOBODY
            of_message[emoji] = Group(message_id, emoji, total, hidden, _people(few))
        else:
            group = of_message.get(emoji) or Group(message_id, emoji, 0)
            of_message[emoji] = replace(group, hidden=group.hidden | {UUID(str(hidden_id))})
    return [list(groups[message_id].values()) for message_id in message_ids]


async def load_reactions_of_pages(
    pages: Sequence[tuple[object, tuple[UUID, ...]]],
) -> list[Mapping[UUID, list[Group]]]:
    """(what they must have been read after, the messages of a page) → their emoji: a key and a future for all of
    them."""
    wanted = list(dict.fromkeys(message_id for _, page in pages for message_id in page))
    found = dict(zip(wanted, await load_reactions(wanted), strict=True))
    return [found] * len(pages)


def _people(found: Sequence[UUID] | str | None) -> Sequence[UUID] | None:
    return [UUID(one) for one in orjson.loads(found)] if isinstance(found, str) else found


async def load_has_reacted(keys: Sequence[tuple[UUID, UUID, str]]) -> list[bool]:
    """(viewer, message, emoji) → whether the viewer put it there."""
    found = await db.rows(
        "SELECT user_id, message_id, emoji FROM reaction WHERE message_id = ANY($1::uuid[])"
        " AND user_id = ANY($2::uuid[])",
        list({message_id for _, message_id, _ in keys}),
        list({user_id for user_id, _, _ in keys}),
    )
    there = {(row["user_id"], row["message_id"], row["emoji"]) for row in found}
    return [key in there for key in keys]


@dataclass(slots=True, frozen=True)
class ReactorQuery:
    """A page of those who put an emoji on a message, in the order they came; `hidden` of them sees only `viewer_id`."""

    message_id: UUID
    emoji: str
    viewer_id: UUID | None
    after: tuple[datetime, UUID] | None
    size: int


_AT_ONCE = 100


async def load_reactors(queries: Sequence[ReactorQuery]) -> list[list[Reactor]]:
    """Each page, with one more than asked when there are more."""
    pages: list[list[Reactor]] = []
    for start in range(0, len(queries), _AT_ONCE):
        pages += await _load_some_reactors(queries[start : start + _AT_ONCE])
    return pages


async def _load_some_reactors(queries: Sequence[ReactorQuery]) -> list[list[Reactor]]:
    parts: list[str] = []
    args: list[object] = []
    for n, query in enumerate(queries):
        a = len(args)
        args += [query.message_id, query.emoji, query.viewer_id or UUID(int=0), query.size + 1]
        after = ""
        if query.after:
            args += query.after
            after = f" AND (r.created_at, r.id) > (${a + 5}, ${a + 6})"
        parts.append(
            f"SELECT * FROM (SELECT {n} AS n, r.id, r.user_id, r.created_at FROM reaction r"
            f" WHERE r.message_id = ${a + 1} AND r.emoji = ${a + 2} AND (NOT r.is_hidden OR r.user_id = ${a + 3})"
            f"{after} ORDER BY r.created_at, r.id LIMIT ${a + 4}) AS page{n}"
        )
    pages: list[list[Reactor]] = [[] for _ in queries]
    for row in await db.rows(" UNION ALL ".join(parts), *args):
        pages[row["n"]].append(Reactor(row["id"], row["user_id"], row["created_at"]))
    return [sorted(page, key=lambda r: (r.created_at, r.id)) for page in pages]
