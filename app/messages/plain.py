"""The short way of what most sends are: text and nothing else, and nothing to judge. PostgreSQL only.

One call of `parley_send`, or of `parley_send_one` for a lone draft (in the migrations), which commits by itself: one
round trip, and no lock is held while a packet travels. It writes nothing that sending.py would not write, and the same;
what it leaves out goes there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from app.accounts.loaders import UserRow
from app.core import db, log
from app.core.clock import new_id, now, random_tag
from app.messages.details import NO_DETAILS
from app.messages.facts import SHOWN, USER, conversation_after, sender_of
from app.messages.records import Draft, MessageKind, MessageRow, received

_SENT = f"""
SELECT s.n, s.is_busy, s.seq, s.partition, s.head, s.tag_before, {", ".join(f"(s.c).{name}" for name in SHOWN)},
       {", ".join(f"(s.u).{name} AS {column}" for name, column in USER.items())}
FROM """
_CALL = f"{_SENT} parley_send($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) s"
_CALL_ONE = f"{_SENT} parley_send_one($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) s"


async def send_plain(drafts: Sequence[Draft]) -> dict[int, MessageRow | None]:
    """Writes and commits the drafts where nothing is to be judged: place of the draft → its message, or None where
    somebody else holds the conversation. What is missing is to be judged, after this and in the same order: nothing
    here has overtaken it. Raises UNAVAILABLE, and IntegrityError, as `send_batch` does."""
    places = _find_plain(drafts)
    if not places:
        return {}
    sent = await _send([drafts[n] for n in places])
    outcomes = {places[n]: outcome for n, outcome in sent.items()}
    unsure = {d.conversation_id for n, d in enumerate(drafts) if n not in outcomes}
    # What waits for a conversation must not be overtaken by what is judged there.
    return {n: o for n, o in outcomes.items() if o is not None or drafts[n].conversation_id not in unsure}


def _find_plain(drafts: Sequence[Draft]) -> list[int]:
    """The places of drafts that are text and nothing else under an id of their own, up to the first other one of each
    conversation."""
    keys: set[tuple[UUID, str]] = set()
    unsure: set[UUID] = set()
    places = []
    for n, draft in enumerate(drafts):
        key = (draft.sender_id, draft.client_message_id)
        if key in keys or not _is_plain(draft):
            unsure.add(draft.conversation_id)
        if draft.conversation_id not in unsure:
            places.append(n)
        keys.add(key)
    return places


def _is_plain(draft: Draft) -> bool:
    return (
        draft.kind is MessageKind.TEXT and draft.details is NO_DETAILS and not draft.attachments
        and draft.reply_to_id is None and draft.thread_root_id is None and not draft.mentions_everyone
    )  # fmt: skip


@db.retried
async def _send(drafts: Sequence[Draft]) -> dict[int, MessageRow | None]:
    """As `send_plain`, for drafts of which each may be written so."""
    at = now()
    ids, tags = [new_id() for _ in drafts], [random_tag() for _ in drafts]
    partitions = [log.partition_of(d.conversation_id) for d in drafts]
    columns = (
        [d.conversation_id for d in drafts],
        [d.sender_id for d in drafts],
        ids,
        [d.client_message_id for d in drafts],
        [d.text for d in drafts],
        [d.content_hash for d in drafts],
        [d.silent for d in drafts],
        partitions,
        tags,
    )
    if len(drafts) == 1:
        found = await db.rows(_CALL_ONE, *(value for (value,) in columns), at)
    else:
        found = await db.rows(_CALL, list(set(columns[0])), *columns, at)
    outcomes: dict[int, MessageRow | None] = {}
    events: dict[int, list[tuple[log.NewEvent, int]]] = {}
    for row in found:
        n = row["n"] - 1
        if row["is_busy"]:
            outcomes[n] = None
            continue
        draft = drafts[n]
        message = outcomes[n] = MessageRow(
            ids[n], draft.conversation_id, row["seq"], draft.sender_id, draft.kind, draft.text, None,
            draft.client_message_id, draft.silent, None, None, at,
        )  # fmt: skip
        event = received(message, UserRow(*sender_of(row)), conversation_after(row, message))
        events.setdefault(partitions[n], []).append((event, tags[n]))
    log.hand_over(log.number(events, _heads(found), at))
    return outcomes


def _heads(found: Sequence[Mapping[str, Any]]) -> log.Heads:
    """The ends of the partitions, which stand beside the first rows."""
    return {r["partition"]: (r["head"], r["tag_before"]) for r in found if r["partition"] is not None}
