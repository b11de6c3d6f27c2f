"""The hub's own cost, with a renderer and sinks that do nothing: `python -m tests.bench.bench_hub`."""

from __future__ import annotations

import asyncio
import time
import tracemalloc
from collections.abc import Mapping, Sequence
from uuid import UUID, uuid4

from app.core.clock import now, random_tag
from app.core.follower import Follower
from app.core.graphql.streams import DurableStream
from app.core.hub import Hub, Rendered, Selection
from app.core.log import PARTITIONS, Event, partition_of
from app.core.log_store import Heads, Interval
from app.settings import HubSettings
from tests.core.live import FACES, SLOT, Silence, viewer

TEXT = b'{"data":{"events":{"cursor":"' + SLOT.encode() + b'","message":{"text":"' + b"x" * 300 + b'"}}}}'


class NoRenderer:
    async def read(self, shown) -> list[None]:
        return [None] * len(shown)

    async def render(self, selection, event, face, viewers, found=None) -> Rendered:
        return Rendered(TEXT)


class NoSink:
    @property
    def is_roomy(self) -> bool:
        return True

    def push(self, payload: bytes) -> bool:
        return True

    async def drained(self, timeout: float) -> bool:
        return True

    def end(self, error) -> None:
        raise error

    def close(self, code: int, reason: str) -> None:
        raise AssertionError(reason)


class OneGroup:
    """A log in which everybody is in the same conversations."""

    def __init__(self, streams: Sequence[UUID]) -> None:
        self._streams = streams

    async def heads(self) -> Heads:
        return Heads(tuple((0, 1) for _ in range(PARTITIONS)), 1)

    async def intervals(self, user_id: UUID) -> Sequence[Interval]:
        return [Interval(stream, 0, None) for stream in self._streams]

    async def read(self, positions, limit) -> Mapping:
        await asyncio.Event().wait()


def chain(stream: UUID, count: int, ends: dict[int, tuple[int, int]]) -> list[Event]:
    """Events that follow each other."""
    events, p = [], partition_of(stream)
    for _ in range(count):
        position, before = ends.get(p, (0, 1))
        tag = random_tag()
        none = frozenset()
        events.append(Event(p, position + 1, tag, before, stream, "SAID", {"n": 1}, none, none, none, now()))
        ends[p] = (position + 1, tag)
    return events


async def measure(members: int, batch: int, events: int, *, per_member: bool = False) -> None:
    stream = uuid4()
    follower = Follower(OneGroup([stream]), Silence(), HubSettings(poll_seconds=1e6))
    hub = Hub(follower, follower._store, NoRenderer(), faces=FACES, cursor_slot=SLOT, settings=HubSettings())
    hub.follow()
    await follower.start()
    hub.start()
    tracemalloc.start()
    begun, held = time.process_time(), tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    for n in range(members):
        selection = Selection(n if per_member else "all")
        hub.open(DurableStream(viewer(uuid4())), selection, NoSink())
    while len(hub.live_subscriptions()) < members:
        await asyncio.sleep(0)
    opened = time.process_time() - begun
    ends: dict[int, tuple[int, int]] = {}
    many = chain(stream, events, ends)
    had, begun = hub.deliveries, time.process_time()
    for start in range(0, events, batch):
        follower.received(many[start : start + batch])
        while any(group.queue for group in hub._groups.values()):
            await asyncio.sleep(0)
    spent, deliveries = time.process_time() - begun, hub.deliveries - had
    assert deliveries == members * events, (deliveries, held)
    kind = "own selection each" if per_member else "one selection"
    print(
        f"{members:5} subscribers, {kind:18}, {batch:3} events a tick: {spent / deliveries * 1e6:7.3f} us a delivery,"
        f" {spent / events * 1e6:8.1f} us an event, open {opened / members * 1e6:6.1f} us each"
    )
    await hub.stop()
    await follower.stop()


async def main() -> None:
    await measure(1000, 1, 300)
    await measure(1000, 50, 1000)
    await measure(10, 1, 3000)
    await measure(1, 1, 5000)
    await measure(0 + 1, 50, 5000)
    await measure(200, 1, 30, per_member=True)


if __name__ == "__main__":
    try:
        import uvloop
    except ImportError:
        asyncio.run(main())
    else:
        uvloop.run(main())
