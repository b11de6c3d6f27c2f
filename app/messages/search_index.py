"""The index that searches go through: it follows the log, so that sending pays nothing for it.

A job reads what was sent, edited and deleted since its own position in each partition, and moves that position in the
transaction in which it writes. Searches look at what it has not reached yet themselves (`search.py`): late at worst
costs time, never a result. Deleting erases at once, by a trigger on messages, whoever deletes.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from app.core import db, log
from app.core.jobs import schedule
from app.core.log import PARTITIONS, Event
from app.core.log_store import SqlLogStore
from app.messages.details import details_from
from app.messages.search_text import LINK, fold, has_link

CHANGES = frozenset(("MESSAGE_RECEIVED", "MESSAGE_EDITED", "MESSAGE_DELETED"))
BATCH = 200  # events of each partition at once
_MESSAGES = 500  # messages at once when everything is read anew


async def indexed_positions() -> list[int]:
    """How far the index is, in each partition."""
    found = await db.rows("SELECT position FROM search_position ORDER BY partition")
    return [row["position"] for row in found]


@schedule("messages.index", every=2)
async def index_messages() -> int:
    """Brings the index to the end of the log; returns how many messages it looked at."""
    store, done = SqlLogStore(), 0
    while step := await _step(store):
        done += step
    return done


async def _step(store: SqlLogStore) -> int:
    """The next events of all partitions; 0 at the end of the log."""
    positions = await indexed_positions()
    reading = await store.read(positions, BATCH)
    rows = [reading.rows.get(partition, ()) for partition in range(PARTITIONS)]
    if any(not events or events[0].position != positions[p] for p, events in enumerate(rows)):
        return await _index_all(store)  # trimmed, or restored from a backup: the log does not say what is missing
    ends = {p: events[-1].position for p, events in enumerate(rows) if events[-1].position > positions[p]}
    if not ends:
        return 0
    ids = [id_ for events in rows for event in events[1:] if (id_ := changed_message(event))]
    async with log.transaction():
        await _lock()
        await _write(list(dict.fromkeys(ids)))
        await _move(ends)
    return max(1, len(ids))


def changed_message(event: Event) -> UUID | None:
    """The message whose words an event may have changed."""
    id_ = event.payload.get("messageId") if event.kind in CHANGES else None
    return UUID(str(id_)) if id_ else None


async def _index_all(store: SqlLogStore) -> int:
    """Every message there is, by id; what happens meanwhile is behind the position taken first."""
    heads = (await store.heads()).vector
    done, last = 0, UUID(int=0)
    while True:
        found = await db.rows("SELECT id FROM message WHERE id > $1 ORDER BY id LIMIT $2", last, _MESSAGES)
        if not found:
            break
        async with log.transaction():
            await _lock()
            await _write([row["id"] for row in found])
        done, last = done + len(found), found[-1]["id"]
    async with log.transaction():
        await _lock()
        await _move({partition: position for partition, (position, _) in enumerate(heads)})
    return done


async def _lock() -> None:
    """One at a time: a worker that was frozen must not take the index back."""
    await db.rows("SELECT partition FROM search_position ORDER BY partition FOR NO KEY UPDATE")


_NEW = {"message_id": "uuid", "conversation_id": "uuid", "seq": "int", "created_at": "timestamptz", "body": "text"}


async def _write(ids: Sequence[UUID]) -> None:
    """The words of these messages as they are now; none for what was deleted or has no text."""
    found = await db.rows(
        "SELECT id, conversation_id, seq, created_at, text, details FROM message WHERE id = ANY($1::uuid[])"
        " AND text IS NOT NULL AND deleted_at IS NULL AND kind <> 'SYSTEM'",
        list(ids),
    )
    if found:
        rows = [(r["id"], r["conversation_id"], r["seq"], r["created_at"], _words(r)) for r in found]
        await db.execute(
            "INSERT INTO message_search (message_id, conversation_id, seq, created_at, body)"
            f" SELECT message_id, conversation_id, seq, created_at, body FROM {db.table('d', _NEW)} WHERE true"
            " ON CONFLICT (message_id) DO UPDATE SET body = excluded.body",
            *db.table_args(rows),
        )
    gone = set(ids) - {row["id"] for row in found}
    if gone:
        await db.execute("DELETE FROM message_search WHERE message_id = ANY($1::uuid[])", list(gone))


def _words(row: db.Row) -> str:
    """Of a message that says another thing to its author, those of both: who finds it judges what they see of it."""
    own = details_from(row["details"]).own_edit if row["details"] else None
    return body_of(row["text"] if own is None else f"{row['text']}\n{own.text}")


def body_of(text: str) -> str:
    """What the index holds of a text."""
    return f"{fold(text)} {LINK}" if has_link(text) else fold(text)


_POSITION = {"partition": "smallint", "position": "bigint"}


async def _move(ends: dict[int, int]) -> None:
    await db.execute(
        f"UPDATE search_position SET position = d.position FROM {db.table('d', _POSITION)}"
        " WHERE search_position.partition = d.partition",
        *db.table_args(list(ends.items())),
    )
