"""Threads: the replies to a message, numbered in the conversation like all others, and who follows them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.accounts.sessions import lock_user
from app.core import db, log
from app.core.clock import new_id, now
from app.core.errors import ErrorCode, UserFault
from app.core.viewer import Viewer
from app.messages.history import load_visible_messages
from app.messages.records import MESSAGE_COLUMNS, MessageRow, message_from
from app.messages.visibility import still_there, visible_to

_AT_ONCE = 100  # pages of one statement


@dataclass(slots=True, frozen=True)
class ThreadPage:
    """The replies to `root_id` with numbers from `low` to `high` that the person may see: the first `limit`."""

    root_id: UUID
    user_id: UUID
    low: int
    high: int
    limit: int


async def load_thread_pages(pages: Sequence[ThreadPage]) -> list[list[MessageRow]]:
    """Each page, oldest first."""
    found: list[list[MessageRow]] = []
    for start in range(0, len(pages), _AT_ONCE):
        found += await _load_some(pages[start : start + _AT_ONCE])
    return found


async def _load_some(pages: Sequence[ThreadPage]) -> list[list[MessageRow]]:
    parts: list[str] = []
    args: list[object] = []
    for n, page in enumerate(pages):
        a = len(args)
        args += [page.root_id, page.low, page.high, page.user_id, page.limit]
        parts.append(
            f"SELECT * FROM (SELECT {MESSAGE_COLUMNS}, {n} AS n FROM message m WHERE m.thread_root_id = ${a + 1}"
            f" AND m.seq BETWEEN ${a + 2} AND ${a + 3} AND {visible_to(f'${a + 4}')}"
            f" ORDER BY m.seq LIMIT ${a + 5}) AS page{n}"
        )
    messages: list[list[MessageRow]] = [[] for _ in pages]
    for row in await db.rows(" UNION ALL ".join(parts), *args):
        messages[row["n"]].append(message_from(row).seen_by(pages[row["n"]].user_id))
    return [sorted(some, key=lambda m: m.seq) for some in messages]


@dataclass(slots=True, frozen=True)
class ReplyCount:
    """Replies that all may see, and of those hidden from the other person of a direct conversation, whose they are."""

    shared: int
    hidden: tuple[tuple[UUID, int], ...] = ()


ALL = 2**31 - 1  # no number of a message is higher
_COUNTED = {"n": "int", "root_id": "uuid", "high": "int"}


async def load_reply_counts(keys: Sequence[tuple[UUID, int]]) -> list[ReplyCount]:
    """(root, number) → how many replies there are up to that one, deleted and disappeared ones left out."""
    found = await db.rows(
        "SELECT d.n, CASE WHEN m.is_hidden THEN m.sender_id END AS only_for, count(*) AS replies"
        f" FROM {db.table('d', _COUNTED)} JOIN message m ON m.thread_root_id = d.root_id AND m.seq <= d.high"
        f" WHERE m.deleted_at IS NULL AND {still_there()} GROUP BY 1, 2",
        *db.table_args([(n, *key) for n, key in enumerate(keys)]),
    )
    shared: dict[int, int] = {}
    hidden: dict[int, list[tuple[UUID, int]]] = defaultdict(list)
    for row in found:
        if row["only_for"] is None:
            shared[row["n"]] = row["replies"]
        else:
            hidden[row["n"]].append((UUID(str(row["only_for"])), row["replies"]))
    return [ReplyCount(shared.get(n, 0), tuple(hidden.get(n, ()))) for n in range(len(keys))]


async def load_follows(keys: Sequence[tuple[UUID, UUID]]) -> list[bool]:
    """(user, root) → whether the person follows the thread."""
    found = await db.rows(
        "SELECT user_id, root_id FROM thread_follow WHERE user_id = ANY($1::uuid[]) AND root_id = ANY($2::uuid[])"
        " AND is_following",
        list({user_id for user_id, _ in keys}),
        list({root_id for _, root_id in keys}),
    )
    following = {(row["user_id"], row["root_id"]) for row in found}
    return [key in following for key in keys]


@db.retried
async def follow_thread(viewer: Viewer, message_id: UUID, *, follow: bool) -> MessageRow:
    """Follows the thread of a message (its root, or a reply in it), or no longer; for good, whatever the viewer writes
    there later. Their devices are told when that changed something. Raises NOT_FOUND."""
    async with log.transaction():
        await lock_user(viewer.user_id)
        (message,) = await load_visible_messages([(viewer.user_id, message_id)])
        if message is None:
            raise UserFault(ErrorCode.NOT_FOUND, "There is no such message.", field=("messageId",))
        root_id = message.thread_root_id or message.id
        (did,) = await load_follows([(viewer.user_id, root_id)])
        await db.execute(
            "INSERT INTO thread_follow (id, user_id, root_id, is_following, created_at) VALUES ($1, $2, $3, $4, $5)"
            " ON CONFLICT (user_id, root_id) DO UPDATE SET is_following = excluded.is_following",
            new_id(), viewer.user_id, root_id, follow, now(),
        )  # fmt: skip
        if did != follow:  # replies that were none before are unread now, or the other way round
            payload = {"conversationIds": [str(message.conversation_id)]}
            log.record(log.NewEvent(viewer.user_id, "UNREAD_CHANGED", payload))
    return message
