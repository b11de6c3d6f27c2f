"""What can happen to a whole log: `python -m tests.core.log_accidents restored_backup|trimmed <database url>`."""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta
from uuid import uuid4

from app.core import db
from app.core.clock import now
from app.core.errors import CursorExpiredError
from app.core.log import partition_of
from app.core.log_store import SqlLogStore
from tests.core.live import join, living, say


async def restored_backup() -> None:
    """All subscriptions are closed, and their cursors have expired."""
    async with living() as live:
        stream, alice = uuid4(), uuid4()
        await join(stream, alice)
        sink = live.subscribe(alice)
        cursor = await sink.until_caught_up()
        epoch = live.follower.epoch
        (head,) = [r for r in await db.rows("SELECT * FROM log_partition") if r["partition"] == partition_of(stream)]
        await say(stream, "to be lost")
        await sink.until_said("to be lost")

        # As a backup from before that message would be.
        await db.execute("DELETE FROM event WHERE partition = $1 AND position > $2", head["partition"], head["head"])
        await db.execute(
            "UPDATE log_partition SET head = $1, tag = $2, tag_before = $3 WHERE partition = $4",
            head["head"], head["tag"], head["tag_before"], head["partition"],
        )  # fmt: skip
        live.follower.wake()
        await sink.until(lambda s: s.closed is not None)
        while live.follower.resets == 0 or live.follower._lost:
            await asyncio.sleep(0.002)
        resumed = live.subscribe(alice, after=cursor)
        await resumed.until(lambda s: s.ended is not None)

    assert sink.closed == 4503
    assert isinstance(resumed.ended, CursorExpiredError)
    assert live.follower.epoch != epoch


async def trimmed() -> None:
    """Floors rise with age alone, their rows stay, cursors below expire and those above don't."""
    store = SqlLogStore()
    await store.open()
    stream = uuid4()
    async with living() as live:
        sink = live.subscribe(stream)
        cursor = await sink.until_caught_up()
        await say(stream, *range(10))
        vector = live.follower.vector
        live.hub.recent.restart(vector)
        assert await store.trim(now() - timedelta(days=1)) == 0
        assert await store.trim(now(), 4) > 0
        while await store.trim(now(), 1000):
            pass
        ends = await store.ends([position for position, _ in vector])
        old = live.subscribe(stream, after=cursor)
        await old.until(lambda s: s.ended is not None)
        young = live.subscribe(stream, after=sink.got[-1]["cursor"] if sink.said else None)
        await young.until_caught_up()
    await store.close()

    assert [(e.floor, e.own_tag) for e in ends] == list(vector)
    assert isinstance(old.ended, CursorExpiredError)


async def main(accident: str, url: str) -> None:
    await db.open_database(url, pool_size=4)
    try:
        async with asyncio.timeout(30):
            await {"restored_backup": restored_backup, "trimmed": trimmed}[accident]()
    finally:
        await db.close_database()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
