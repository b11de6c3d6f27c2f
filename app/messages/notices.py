"""Writing notices of the system: messages of kind SYSTEM, numbered like all others, which nobody has to read.

They move no marks, never count as unread, and leave a conversation archived. In a direct conversation one by somebody
whom the other blocks is hidden from the other, as all that person sends.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import orjson

from app.conversations.notices import CHANGES, Notice, SystemNoticeKind, finds_changes, writes_notices
from app.core import db, log
from app.core.clock import new_id, now
from app.messages.details import Details
from app.messages.records import MessageKind
from app.messages.unread import RARE

_COLUMNS = {
    "id": "uuid", "conversation_id": "uuid", "seq": "int", "sender_id": "uuid", "kind": "text", "details": "jsonb",
    "is_hidden": "bool", "created_at": "timestamptz",
}  # fmt: skip
_ABOVE = {"n": "int", "conversation_id": "uuid", "seq": "int"}


@writes_notices
async def write_notices(conversation_id: UUID, notices: Sequence[Notice]) -> None:
    """Numbers, stores and announces them. All of one call are by one actor, and hidden alike."""
    place = await _read(conversation_id, notices[0].actor_id)
    at = now()
    hidden_from: UUID | None = place["peer_id"] if notices[0].is_hidden else place["hidden_from"]
    rows = [
        (new_id(), conversation_id, seq, notice.actor_id, MessageKind.SYSTEM, _details(notice),
         hidden_from is not None, at)
        for seq, notice in enumerate(notices, place["last_seq"] + 1)
    ]  # fmt: skip
    await db.execute(
        f"INSERT INTO message ({', '.join(_COLUMNS)}, silent, mentions_everyone)"
        f" SELECT {', '.join(f'd.{name}' for name in _COLUMNS)}, $1, $1 FROM {db.table('d', _COLUMNS, first=2)}",
        False,
        *db.table_args(rows),
    )
    await _raise(place, conversation_id, place["last_seq"] + len(notices), at, hidden_from=hidden_from)
    unseen = [place["peer_id"]] if hidden_from or place["is_away"] else []
    for id_, _, seq, *_ in rows:
        payload = {"messageId": str(id_), "seq": seq}
        log.record(log.NewEvent(conversation_id, "MESSAGE_RECEIVED", payload, hidden_from=unseen))


async def _read(conversation_id: UUID, actor_id: UUID | None) -> db.Row:
    """Where the conversation ends, who must not see what the actor does, and who does not have the conversation in
    their list: it comes back with a message, and they see the notice then."""
    row = await db.row(
        "SELECT c.last_seq, c.activity_at, c.hidden_from_id, block.blocker_id AS hidden_from,"
        " peer.user_id AS peer_id, NOT coalesce(peer.is_listed, TRUE) AS is_away FROM conversation c"
        " LEFT JOIN member peer ON c.kind = 'DIRECT' AND peer.conversation_id = c.id AND peer.user_id <> $2"
        " LEFT JOIN block ON block.blocker_id = peer.user_id AND block.blocked_id = $2 WHERE c.id = $1",
        conversation_id,
        actor_id,
    )
    assert row is not None, "its lock is held"
    return row


async def _raise(place: db.Row, conversation_id: UUID, seq: int, at: datetime, *, hidden_from: UUID | None) -> None:
    """The conversation ends at the last of them; for whom they are hidden, where it ended for them before."""
    # Who put the conversation away wants to hear of messages, not of this.
    away = await db.rows(
        "SELECT id FROM member WHERE conversation_id = $1 AND archived_seq >= $2 ORDER BY id FOR NO KEY UPDATE",
        conversation_id,
        place["last_seq"],
    )
    if away:
        ids = [row["id"] for row in away]
        await db.execute("UPDATE member SET archived_seq = $1 WHERE id = ANY($2::uuid[])", seq, ids)
    await db.execute(
        "UPDATE conversation SET last_seq = $2, activity_at = $3, updated_at = $3 WHERE id = $1",
        conversation_id,
        seq,
        at,
    )
    if hidden_from != place["hidden_from_id"]:
        await db.execute(
            "UPDATE conversation SET hidden_from_id = $2, shown_seq = $3, shown_activity_at = $4 WHERE id = $1",
            conversation_id,
            hidden_from,
            place["last_seq"] if hidden_from else None,
            place["activity_at"] if hidden_from else None,
        )


@finds_changes
async def load_changes_since(keys: Sequence[tuple[UUID, int]]) -> list[frozenset[SystemNoticeKind]]:
    """(conversation, number) → which of its own properties changed above it, by the notices."""
    found = await db.rows(
        "SELECT d.n, "
        + ", ".join(
            f"max(CASE WHEN CAST(u.details AS text) LIKE '%\"{kind}\"%' THEN 1 ELSE 0 END) AS {kind.lower()}"
            for kind in CHANGES
        )
        + f" FROM {db.table('d', _ABOVE)} JOIN message u ON u.conversation_id = d.conversation_id AND u.seq > d.seq"
        f" WHERE {RARE} AND u.kind = 'SYSTEM' GROUP BY d.n",
        *db.table_args([(n, *key) for n, key in enumerate(keys)]),
    )
    changes = {row["n"]: frozenset(kind for kind in CHANGES if row[kind.lower()]) for row in found}
    return [changes.get(n, frozenset()) for n in range(len(keys))]


def _details(notice: Notice) -> str:
    facts: dict[str, object] = {"kind": notice.kind}
    if notice.targets:
        facts["targets"] = [str(target) for target in notice.targets]
    if notice.value is not None:
        facts["value"] = notice.value
    return orjson.dumps(Details(notice=facts).to_json()).decode()
