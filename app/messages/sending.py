"""The send path: `send_batch` writes any number of drafts (design.md, "Sending").

What is plain goes the short way (plain.py) on PostgreSQL. Everything else, and everything on SQLite, is judged and
written here, in one transaction of six round trips: the one place where a draft is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from tortoise.exceptions import IntegrityError

from app.accounts.loaders import UserRow
from app.accounts.privacy import UNWELCOME, let_in_pairs
from app.core import db, log
from app.core.clock import new_id, now
from app.core.errors import ErrorCode, UnavailableError, UserFault
from app.messages.details import NO_DETAILS
from app.messages.facts import conversation_after, lock_conversations, read_facts, sender_of
from app.messages.permission import refuse_everyone, refuse_haste, refuse_sender
from app.messages.plain import send_plain
from app.messages.records import MESSAGE_COLUMNS, Draft, MessageKind, MessageRow, message_from, received
from app.messages.references import References, read_references, write_references

_WHERE = ("conversationId",)
Outcome = MessageRow | UserFault | None
"""What became of a draft; None: somebody else holds the conversation or a membership in it, try again."""


def unavailable() -> UserFault:
    """What a send answers when it could not be written now. Perhaps it was: repeating under the same id is safe."""
    return UserFault(
        ErrorCode.UNAVAILABLE, "It could not be sent right now: send it again, with the same id.", retry_after=1
    )


async def send_batch(drafts: Sequence[Draft]) -> list[Outcome]:
    """Writes the drafts, those of a conversation in order; one outcome each, a refusal touches no other draft.

    Raises UNAVAILABLE when the database is away: the outcome is unknown then, and repeating is safe. What else it
    raises is the fault of one draft: the caller finds out which by sending fewer. What was written is a repeat then.
    """
    try:
        return await _send_batch(drafts)
    except IntegrityError:
        # Another batch was first with a clientMessageId, in another conversation: now that can be seen.
        return await _send_batch(drafts)


async def _send_batch(drafts: Sequence[Draft]) -> list[Outcome]:
    if not db.is_postgres():
        return await _send_judged(drafts)
    outcomes: dict[int, Outcome] = {**await send_plain(drafts)}
    left = [n for n in range(len(drafts)) if n not in outcomes]
    if left:
        outcomes.update(zip(left, await _send_left([drafts[n] for n in left], is_all=not outcomes), strict=True))
    return [outcomes[n] for n in range(len(drafts))]


async def _send_left(drafts: Sequence[Draft], *, is_all: bool) -> list[Outcome]:
    try:
        return await _send_judged(drafts)
    except UnavailableError:
        if is_all:
            raise
        return [unavailable() for _ in drafts]  # the others are written: they hear so


@db.retried
async def _send_judged(drafts: Sequence[Draft]) -> list[Outcome]:
    async with log.transaction():
        return await write_batch(drafts)


async def write_batch(drafts: Sequence[Draft]) -> list[Outcome]:
    """As `send_batch`, all or nothing, as the last thing that the caller does in its own transaction. Raises
    IntegrityError when another batch was first with a clientMessageId."""
    held = await lock_conversations(drafts)
    # Only now, in a new statement: one statement sees the state from before its wait for a lock.
    facts = await read_facts(drafts, held)
    locked = held - {row["conversation_id"] for row in facts if not row["is_free"]}
    references = await read_references(drafts)
    judged = await _judge(drafts, facts, references, locked)
    written = [j for j in judged if isinstance(j, _Numbered)]
    if written:
        await _write(written)
        await write_references([n.message for n in written], references)
        await _write_ends(written, facts)
        for n in written:
            log.record(received(n.message, n.sender, n.conversation, n.hidden_from))
    return [j.message if isinstance(j, _Numbered) else j for j in judged]


async def find_refusal(draft: Draft) -> UserFault | None:
    """Why it could not be sent now, slow mode aside: also CONFLICT when something was sent under its id. Locks nothing:
    sending judges again."""
    (row,) = await read_facts([draft])
    if row["old_id"] is not None:
        return _conflict()
    if fault := _refusal(draft, row) or (await read_references([draft])).refusal(draft, row):
        return fault
    unwelcome = await _find_unwelcome([draft], [row])
    return UserFault(ErrorCode.FORBIDDEN, UNWELCOME, field=_WHERE) if unwelcome else None


@dataclass(slots=True, frozen=True)
class _Numbered:
    """A new message, beside what writing and announcing it needs."""

    message: MessageRow
    member_id: UUID
    content_hash: str
    sender: UserRow
    # The other person of a direct conversation, who blocks the sender; and who of the two has it in no list until now.
    hidden_from: UUID | None
    lists: tuple[UUID, ...]
    # As the message leaves it, for who gets the message; None where the two people see it differently.
    conversation: Mapping[str, Any] | None


@dataclass(slots=True, frozen=True)
class _End:
    """Where a direct conversation ends for somebody who never gets its newest messages; nobody: all see all."""

    hidden_from: UUID | None
    seq: int | None
    activity_at: datetime | None


_SAME = _End(None, None, None)


async def _judge(
    drafts: Sequence[Draft], facts: Sequence[db.Row], references: References, locked: frozenset[UUID]
) -> list[_Numbered | MessageRow | UserFault | None]:
    """Refuses, recognises repeats (also inside the batch), and numbers the rest in the order of the drafts."""
    at = now()
    first_results = await _load_repeated([row["old_id"] for row in facts if row["old_id"] is not None])
    unwelcome = await _find_unwelcome(drafts, facts)
    heads: dict[UUID, int] = {row["conversation_id"]: row["last_seq"] for row in facts}
    last = {row["member_id"]: row["sent_at"] for row in facts if row["slow_mode_seconds"]}
    new: dict[tuple[UUID, str], _Numbered] = {}
    judged: list[_Numbered | MessageRow | UserFault | None] = []
    for draft, row in zip(drafts, facts, strict=True):
        content_hash = draft.content_hash
        key = (draft.sender_id, draft.client_message_id)
        if row["old_id"] is not None:
            is_same = row["old_hash"] in (content_hash, "")  # empty: deleted for everyone since
            judged.append(first_results[row["old_id"]] if is_same else _conflict())
        elif (earlier := new.get(key)) is not None:
            judged.append(earlier.message if earlier.content_hash == content_hash else _conflict())
        elif fault := (
            _refusal(draft, row) or references.refusal(draft, row) or refuse_haste(row, last.get(row["member_id"]), at)
        ):
            judged.append(fault)
        elif (draft.sender_id, draft.conversation_id) in unwelcome:
            judged.append(UserFault(ErrorCode.FORBIDDEN, UNWELCOME, field=_WHERE))
        elif draft.conversation_id not in locked:
            judged.append(None)
        else:
            seq = heads[draft.conversation_id] = heads[draft.conversation_id] + 1
            sender = UserRow(*sender_of(row))
            hidden_from = row["peer_id"] if row["blocked_by"] is not None else None
            lists = () if row["is_listed"] and (row["peer_listed"] or hidden_from) else _unlisted(draft, row)
            kind = references.kind_of(draft)
            message = _message(draft, row, seq, at, kind, is_hidden=hidden_from is not None)
            shown = conversation_after(row, message) if hidden_from is None and row["hidden_from_id"] is None else None
            numbered = _Numbered(message, row["member_id"], content_hash, sender, hidden_from, lists, shown)
            new[key] = numbered
            if row["slow_mode_seconds"]:
                last[row["member_id"]] = at
            judged.append(numbered)
    return judged


def _unlisted(draft: Draft, row: Mapping[str, Any]) -> tuple[UUID, ...]:
    """Whose list this message brings the conversation into, as it was in none of theirs. Who blocks the sender is not
    told."""
    is_told = row["peer_id"] is not None and not row["peer_listed"] and row["blocked_by"] is None
    return (*(() if row["is_listed"] else (draft.sender_id,)), *((row["peer_id"],) if is_told else ()))


def _message(
    draft: Draft, row: Mapping[str, Any], seq: int, at: datetime, kind: MessageKind, *, is_hidden: bool
) -> MessageRow:
    expires_at = None
    if row["disappearing_seconds"] is not None:
        expires_at = (row["db_now"] or at) + timedelta(seconds=row["disappearing_seconds"])
    return MessageRow(
        new_id(), draft.conversation_id, seq, draft.sender_id, kind, draft.text, draft.reply_to_id,
        draft.client_message_id, draft.silent, None, None, at, is_hidden, draft.thread_root_id,
        draft.mentions_everyone, expires_at, draft.details,
    )  # fmt: skip


def _refusal(draft: Draft, row: Mapping[str, Any]) -> UserFault | None:
    """Why the sender may not write this there. Somebody who never was a member can't tell it from an unknown one."""
    if row["conversation_id"] is None or row["member_id"] is None:
        return UserFault(ErrorCode.NOT_FOUND, "There is no such conversation.", field=_WHERE)
    if row["left_at"] is not None:
        return UserFault(ErrorCode.NOT_PARTICIPANT, "You are no longer in this conversation.", field=_WHERE)
    if row["direct_key"] and row["member_count"] < 2:  # nobody leaves a direct conversation but with their account
        return UserFault(ErrorCode.FORBIDDEN, "This person deleted their account.", field=_WHERE)
    if row["blocking"] is not None:
        return UserFault(ErrorCode.FORBIDDEN, "You block this person: unblock them first.", field=_WHERE)
    if row["is_request"]:
        return UserFault(ErrorCode.FORBIDDEN, "Answer the message request first.", field=_WHERE)
    if (fault := refuse_sender(row)) is not None:
        return fault
    if draft.reply_to_id is not None and (row["reply_seq"] or 0) < row["first_seq"]:
        return UserFault(ErrorCode.NOT_FOUND, "The message you answer is not there.", field=("replyToId",))
    return refuse_everyone(row) if draft.mentions_everyone else None


async def _find_unwelcome(drafts: Sequence[Draft], facts: Sequence[db.Row]) -> set[tuple[UUID, UUID]]:
    """(sender, conversation) where somebody would write first to a person whose privacy does not let them: the sender
    started the conversation before the person said so. Only first messages of direct conversations are looked at, and
    those of message requests that wait for their answer."""
    first = {
        (draft.sender_id, draft.conversation_id): row["peer_id"]
        for draft, row in zip(drafts, facts, strict=True)
        if row["asks_peer"] or (row["last_seq"] == 0 and row["direct_key"] and row["created_by_id"] == draft.sender_id)
    }
    pairs = {key: (peer_id, key[0]) for key, peer_id in first.items() if peer_id}
    if not pairs:
        return set()
    welcome = await let_in_pairs("who_can_message", pairs.values())
    return {key for key, pair in pairs.items() if pair not in welcome}


def _conflict() -> UserFault:
    return UserFault(
        ErrorCode.CONFLICT, "This clientMessageId was used for another message.", field=("clientMessageId",)
    )


async def _load_repeated(ids: Sequence[UUID]) -> dict[UUID, MessageRow]:
    if not ids:
        return {}
    found = await db.rows(f"SELECT {MESSAGE_COLUMNS} FROM message m WHERE m.id = ANY($1::uuid[])", list(ids))
    # Repeats are answered to those who sent them.
    return {row.id: row.seen_by(row.sender_id) for row in map(message_from, found)}


# ── writing ───────────────────────────────────────────────────────────────────────────────────────

_NEW = {
    "id": "uuid", "conversation_id": "uuid", "seq": "int", "sender_id": "uuid", "member_id": "uuid", "text": "text",
    "reply_to_id": "uuid", "client_message_id": "text", "content_hash": "text", "silent": "bool",
    "is_hidden": "bool",
}  # fmt: skip
# What only batches have that hold more than plain text.
_MORE = {
    "kind": "text", "details": "jsonb", "thread_root_id": "uuid", "mentions_everyone": "bool",
    "expires_at": "timestamptz",
}  # fmt: skip
_STORED = """
        INSERT INTO message (id, conversation_id, seq, sender_id, text, reply_to_id, client_message_id,
                             content_hash, silent, is_hidden, created_at, {columns})
        SELECT id, conversation_id, seq, sender_id, text, reply_to_id, client_message_id,
               content_hash, silent, is_hidden, $1::timestamptz, {values} FROM d"""
_STEPS = {
    "raised": """
        UPDATE conversation SET last_seq = t.seq, activity_at = $1::timestamptz
        FROM (SELECT conversation_id, max(seq) AS seq FROM d GROUP BY conversation_id) AS t
        WHERE conversation.id = t.conversation_id""",
    # Sending means having read: the sender's own marks follow.
    "read": """
        UPDATE member SET read_seq = t.seq, delivered_seq = t.seq, read_at = $1::timestamptz,
                          sent_at = $1::timestamptz,
                          told_delivered_seq = NULL, told_read_seq = NULL, told_read_at = NULL, unread_from_seq = NULL
        FROM (SELECT member_id, max(seq) AS seq FROM d GROUP BY member_id) AS t WHERE member.id = t.member_id""",
}


async def _write(written: Sequence[_Numbered]) -> None:
    """Messages, conversations and marks: one statement on PostgreSQL, where a WITH may write; three on SQLite."""
    # Sorted by the unique key that another process may race for, so that two of them can't deadlock.
    rows = sorted(written, key=lambda w: (w.message.sender_id, w.message.client_message_id))
    is_plain = all(w.message.is_plain for w in written)
    columns = _NEW if is_plain else {**_NEW, **_MORE}
    args = [
        written[0].message.created_at,
        *db.table_args([_stored(w) if is_plain else (*_stored(w), *_stored_more(w.message)) for w in rows]),
    ]
    source = f"WITH d AS (SELECT * FROM {db.table('d', columns, first=2)})"
    stored = _STORED.format(
        columns="kind" if is_plain else ", ".join(_MORE),
        values=f"'{MessageKind.TEXT}'" if is_plain else ", ".join(_MORE),
    )
    steps = {"stored": stored, **_STEPS}
    if db.is_postgres():
        await db.execute(f"{source}{''.join(f', {name} AS ({sql})' for name, sql in steps.items())} SELECT 1", *args)
    else:
        for sql in steps.values():
            await db.execute(source + sql, *args)


def _stored(new: _Numbered) -> tuple[Any, ...]:
    m = new.message
    return (
        m.id, m.conversation_id, m.seq, m.sender_id, new.member_id, m.text, m.reply_to_id, m.client_message_id,
        new.content_hash, m.silent, m.is_hidden,
    )  # fmt: skip


def _stored_more(m: MessageRow) -> tuple[Any, ...]:
    # As text: in an array of jsonb asyncpg would take a list for another dimension.
    details = orjson.dumps(m.details.to_json()).decode() if m.details is not NO_DETAILS else None
    return m.kind, details, m.thread_root_id, m.mentions_everyone, m.expires_at


_ENDS = {"id": "uuid", "hidden_from_id": "uuid", "seq": "int", "activity_at": "timestamptz"}
_PEERS = {"conversation_id": "uuid", "user_id": "uuid"}


async def _write_ends(written: Sequence[_Numbered], facts: Sequence[db.Row]) -> None:
    """Where conversations end for those from whom messages are hidden now, or no longer are. Mostly nothing to do."""
    if not any(n.hidden_from or n.lists for n in written) and not any(row["hidden_from_id"] for row in facts):
        return
    rows = {row["conversation_id"]: row for row in facts}
    ends: dict[UUID, _End] = {}
    for new in written:
        message, row = new.message, rows[new.message.conversation_id]
        before = ends.get(message.conversation_id) or _End(
            row["hidden_from_id"], row["shown_seq"], row["shown_activity_at"]
        )
        if new.hidden_from is None:
            ends[message.conversation_id] = _SAME
            continue
        if before.hidden_from != new.hidden_from:
            at = message.created_at if message.conversation_id in ends else row["activity_at"]
            before = _End(new.hidden_from, message.seq - 1, at)
        ends[message.conversation_id] = before
    changed = [
        (id_, end.hidden_from, end.seq, end.activity_at)
        for id_, end in sorted(ends.items())
        if end.hidden_from != rows[id_]["hidden_from_id"]
    ]
    if changed:
        await db.execute(
            "UPDATE conversation SET hidden_from_id = d.hidden_from_id, shown_seq = d.seq,"
            f" shown_activity_at = d.activity_at FROM {db.table('d', _ENDS)} WHERE conversation.id = d.id",
            *db.table_args(changed),
        )
    await _write_peers(written)


async def _write_peers(written: Sequence[_Numbered]) -> None:
    """Lists a conversation for whom a message makes it known, or brings it back after they deleted it."""
    peers = sorted({(new.message.conversation_id, user_id) for new in written for user_id in new.lists})
    for conversation_id, user_id in peers:
        log.record(log.NewEvent(user_id, "CONVERSATION_LISTED", {"conversationId": str(conversation_id)}))
    if peers:
        await db.execute(
            f"UPDATE member SET is_listed = $1 FROM {db.table('d', _PEERS, first=2)}"
            " WHERE member.conversation_id = d.conversation_id AND member.user_id = d.user_id",
            True,
            *db.table_args(peers),
        )
