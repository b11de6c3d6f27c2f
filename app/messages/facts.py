"""What the send path knows when it judges: the conversations it holds, and a row of facts for each draft.

It reads the tables of conversations and members itself: the checks have to run on the locked rows, in the same
statement as those of messages.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from operator import itemgetter
from typing import Any
from uuid import UUID

from app.accounts.loaders import UserRow
from app.conversations.records import CONVERSATION_COLUMNS
from app.core import db
from app.messages.records import Draft, MessageRow
from app.messages.visibility import visible_to

# For the rest of the transaction: the kept plan walks indexes, which is right for 1 as for 500 drafts. Left alone,
# PostgreSQL plans anew for arrays of other lengths, or keeps a plan of the day when tables were empty and scans them.
_PLANNING = {
    "plan_cache_mode": "force_generic_plan", "enable_seqscan": "off", "enable_hashjoin": "off",
    "enable_mergejoin": "off",
}  # fmt: skip
_PLAN = ", ".join(f"set_config('{name}', '{value}', true)" for name, value in _PLANNING.items())


async def lock_conversations(drafts: Sequence[Draft]) -> frozenset[UUID]:
    """The conversations this transaction holds now; one that somebody else holds is left out, never waited for."""
    found = await db.rows(
        f"SELECT id{f', (SELECT concat({_PLAN}))' if db.is_postgres() else ''} FROM conversation"
        " WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED",
        list({d.conversation_id for d in drafts}),
    )
    return frozenset(row["id"] for row in found)


_WANTED = {
    "n": "int", "conversation_id": "uuid", "sender_id": "uuid", "client_message_id": "text", "reply_to_id": "uuid",
    "is_held": "bool",
}  # fmt: skip
USER = {field.name: f"u_{field.name}" for field in fields(UserRow)}
sender_of = itemgetter(*USER.values())  # the fields of a UserRow, in their order
SHOWN = tuple(column.removeprefix("c.") for column in CONVERSATION_COLUMNS.split(", "))
_shown_of = itemgetter(*SHOWN)
# Messages disappear by the database's clock, which all processes share; SQLite's is that of the one process.
_DB_NOW = "CASE WHEN c.disappearing_seconds IS NOT NULL THEN clock_timestamp() END"
_SENT_AT = "CASE WHEN c.slow_mode_seconds > 0 THEN m.sent_at END"  # SQLite knows the type of plain columns only
_USER_COLUMNS = ", ".join(f"u.{name} AS {column}" for name, column in USER.items())


# The senders' memberships in held conversations, where the marks follow. Whoever reports what they read holds a
# membership alone, and no conversation: it is not waited for either.
_MINE = """WITH mine AS MATERIALIZED (
                SELECT m.id
                FROM {wanted} JOIN member m ON m.conversation_id = d.conversation_id AND m.user_id = d.sender_id
                WHERE d.is_held FOR NO KEY UPDATE OF m SKIP LOCKED
            ) """


async def read_facts(drafts: Sequence[Draft], held: Collection[UUID] = ()) -> list[db.Row]:
    """All that the checks need, a row for each draft: conversation, membership, repeat, reply target, blocks of a
    direct conversation's two people, sender. The senders' memberships in the `held` conversations are locked;
    `is_free` is false where somebody else holds one."""
    wanted = db.table("d", _WANTED)
    mine, is_free = "", "TRUE"
    if held and db.is_postgres():
        mine = _MINE.format(wanted=wanted)
        is_free = "NOT d.is_held OR m.id IS NULL OR m.id IN (SELECT id FROM mine)"
    found = await db.rows(
        f"""{mine}SELECT d.n, {is_free} AS is_free, {CONVERSATION_COLUMNS}, c.id AS conversation_id,
                   m.id AS member_id, m.left_at, m.first_seq, m.is_request, m.is_listed, peer.is_request AS asks_peer,
                   c.kind AS conversation_kind,
                   {_DB_NOW if db.is_postgres() else "NULL"} AS db_now, m.role,
                   {_SENT_AT if db.is_postgres() else "m.sent_at"} AS sent_at,
                   old.id AS old_id, old.content_hash AS old_hash, reply.seq AS reply_seq,
                   peer.user_id AS peer_id, peer.is_listed AS peer_listed, theirs.id AS blocked_by, own.id AS blocking,
                   {_USER_COLUMNS}
            FROM {wanted}
            LEFT JOIN conversation c ON c.id = d.conversation_id
            LEFT JOIN member m ON m.conversation_id = d.conversation_id AND m.user_id = d.sender_id
            LEFT JOIN message old ON old.sender_id = d.sender_id AND old.client_message_id = d.client_message_id
            LEFT JOIN message reply ON reply.id = d.reply_to_id AND reply.conversation_id = d.conversation_id
                                       AND reply.deleted_at IS NULL AND {visible_to("d.sender_id", "reply")}
            LEFT JOIN member peer ON c.kind = 'DIRECT' AND peer.conversation_id = m.conversation_id
                                     AND peer.user_id <> d.sender_id
            LEFT JOIN block theirs ON theirs.blocker_id = peer.user_id AND theirs.blocked_id = d.sender_id
            LEFT JOIN block own ON own.blocker_id = d.sender_id AND own.blocked_id = peer.user_id
            LEFT JOIN user_account u ON u.id = d.sender_id
            ORDER BY d.n""",
        *db.table_args(
            [
                (n, d.conversation_id, d.sender_id, d.client_message_id, d.reply_to_id, d.conversation_id in held)
                for n, d in enumerate(drafts)
            ]
        ),
    )
    assert len(found) == len(drafts), "every join is by a unique key"
    return found


def conversation_after(row: Mapping[str, Any], message: MessageRow) -> dict[str, Any]:
    """The row of CONVERSATION_COLUMNS once the message is in it, for who gets the message."""
    shown = dict(zip(SHOWN, _shown_of(row), strict=True))
    shown["last_seq"], shown["activity_at"] = message.seq, message.created_at
    return shown
