"""Server-Sent Events, one connection per operation (graphql-sse, "distinct connections mode"): the fallback for
networks that break WebSockets. The same streams, the same cursors."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import orjson

from app.core import clock
from app.core.errors import ApiError, SessionExpiredError, SessionRevokedError, UnavailableError
from app.core.hub.ports import Selection
from app.core.transport.answers import Answer, describe
from app.core.transport.execution import Stream
from app.core.transport.sink import ROOMY
from app.core.viewer import Viewer

if TYPE_CHECKING:
    from app.core.transport.http import Exchange

EVENT_STREAM = "text/event-stream"
_KEEPALIVE_SECONDS = 12  # proxies cut silent connections after 15 to 60 s
_COMPLETE = b"event: complete\ndata:\n\n"


def next_event(payload: bytes) -> bytes:
    """One `next` event; JSON from orjson has no line breaks."""
    return b"event: next\ndata: %b\n\n" % payload


class EventSink:
    """One subscription's way out over HTTP (the hub's Sink). A task of the exchange sends what is taken here."""

    def __init__(self, bound: int, request_id: str) -> None:
        self._bound = bound
        self._request_id = request_id
        self._size = 0
        self._parts: list[bytes] = []
        self._ended = False
        self._changed = asyncio.Event()
        self._room = asyncio.Event()

    def push(self, payload: bytes) -> bool:
        """Takes one payload, unless too much waits already."""
        if self._size > self._bound or self._ended:
            return False
        self._parts.append(next_event(payload))
        self._size += len(payload)
        self._changed.set()
        return True

    @property
    def is_roomy(self) -> bool:
        """See hub.Sink."""
        return self._size * ROOMY < self._bound and not self._ended

    async def drained(self, timeout: float) -> bool:
        """Waits until what was taken has been handed to the socket."""
        self._room.clear()
        if self._size <= self._bound:
            return not self._ended
        try:
            async with asyncio.timeout(timeout):
                await self._room.wait()
        except TimeoutError:
            return False
        return not self._ended

    def end(self, error: ApiError) -> None:
        """Ends the stream with an error."""
        if self._ended:
            return
        shown = describe(error, self._request_id)
        self._parts.append(next_event(orjson.dumps({"errors": [shown]})))
        self._ended = True
        self._changed.set()

    def close(self, code: int, reason: str) -> None:
        """Ends the stream so that the client resumes: HTTP has no close codes."""
        self.end(UnavailableError(reason))

    def session_ended(self) -> None:
        """The session was revoked."""
        self.end(SessionRevokedError())

    async def send_to(self, exchange: Exchange) -> None:
        """Sends what is taken, and comments in silence, until the stream ends."""
        while True:
            try:
                async with asyncio.timeout(_KEEPALIVE_SECONDS):
                    await self._changed.wait()
            except TimeoutError:
                await exchange.send_body(b":\n\n", more=True)
                continue
            self._changed.clear()
            parts, self._parts = self._parts, []
            if parts:
                await exchange.send_body(b"".join(parts), more=True)
            self._size = 0
            self._room.set()
            if self._ended and not self._parts:
                await exchange.send_body(_COMPLETE, more=False)
                return


async def serve_answer(exchange: Exchange, answer: Answer, headers: list[tuple[bytes, bytes]]) -> None:
    """A query's or mutation's result, or a request error, as a stream of one event."""
    await exchange.start(200, EVENT_STREAM, headers)
    await exchange.send_body(next_event(answer.body) + _COMPLETE, more=False)


async def serve_stream(exchange: Exchange, viewer: Viewer | None, stream: Stream, selection: Selection) -> None:
    """A subscription, until it ends, the client goes, or the session or its token ends."""
    transport = exchange.transport
    sink = EventSink(transport.runtime.settings.hub.buffer_bytes, exchange.request_id)
    await exchange.start(200, EVENT_STREAM, [(b"x-accel-buffering", b"no")])
    await exchange.send_body(b":\n\n", more=True)  # so that the client knows at once that it is connected
    expiry = None
    if viewer is not None:
        transport.sessions.add(viewer.session_id, sink)
        transport.live_devices.add(viewer, sink)
        grace = transport.runtime.settings.accounts.expiry_grace_seconds
        left = (viewer.expires_at - clock.now()).total_seconds() + grace
        expiry = asyncio.get_running_loop().call_later(max(left, 0), sink.end, SessionExpiredError())
    subscription = transport.runtime.hub.open(stream, selection, sink)
    transport.subscriptions += 1
    tasks = [asyncio.ensure_future(sink.send_to(exchange)), asyncio.ensure_future(exchange.client_gone())]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        transport.runtime.hub.close(subscription)
        transport.subscriptions -= 1
        if viewer is not None:
            transport.sessions.remove(viewer.session_id, sink)
            transport.live_devices.remove(viewer, sink)
        if expiry is not None:
            expiry.cancel()
