"""The hub's Renderer: one execution of a selection for an event, shared unless a resolver asked who is looking."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Coroutine, Hashable, Sequence
from types import CoroutineType
from typing import Any, TypeAlias
from uuid import UUID

import orjson
from graphql import ExecutionResult

from app.core import db, log
from app.core.errors import UnavailableError
from app.core.executor import Bound
from app.core.graphql.context import Context
from app.core.graphql.events import CURSOR_SLOT, EventKind, build_event, read_events
from app.core.graphql.streams import build_ephemeral
from app.core.hub.ports import Rendered, Selection, Shown
from app.core.hub.texts import now_or_later
from app.core.runtime import Runtime
from app.core.transport.answers import cause_of, describe, new_request_id
from app.core.viewer import Client, Viewer

_NOBODY = Client(ip="", user_agent="")
_AT_ONCE = 32  # viewers whose executions share a loop tick, 4 ms or so: more would hold up everybody else
Payload: TypeAlias = bytes | None
Begun: TypeAlias = Payload | Coroutine[Any, Any, Payload]
Payloads = dict[UUID, Payload]
"""What each session is shown; None: nothing."""
_KINDS = {kind.value: kind for kind in EventKind}


class EventRenderer:
    """Executes events for the groups of the hub. One per process."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._loaders: dict[Any, Any] | None = None
        self._untouched: Context | None = None

    async def read(self, shown: Sequence[Shown]) -> Sequence[Any]:
        """See hub.Renderer."""
        return await read_events([(event, EventKind[face]) for event, face in shown])

    def render(
        self, selection: Selection, event: log.Event, face: str, viewers: Sequence[Viewer], found: Any = None
    ) -> Rendered | Awaitable[Rendered]:
        """See hub.Renderer. The first viewer's execution is everybody's, unless it asked about the viewer."""
        first, self._untouched = self._untouched, None
        if first is None or not first.is_of(viewers[0]):
            first = Context(self._runtime, viewers[0], _NOBODY, loaders=self._tick_loaders())
        payload = _execute(selection.plan, event, face, found, first)
        if (payload is None or isinstance(payload, bytes)) and first.is_for_all:
            if first.is_passing:
                return Rendered(shared=payload, keep=False)
            self._untouched = first  # as it was: good for the next event of this tick
            return Rendered(shared=payload)
        return _Apart(selection.plan, event, face, found).rendered(first, payload, viewers)

    def _tick_loaders(self) -> dict[Any, Any]:
        """Renders of one tick share loaders: a replayed page costs one query per level, not one per event."""
        if self._loaders is None:
            self._loaders = {}
            asyncio.get_running_loop().call_soon(self._forget_loaders)
        return self._loaders

    def _forget_loaders(self) -> None:
        self._loaders = self._untouched = None


class _Apart:
    """An event that does not look the same to everybody: executed once for each of its looks, or for each viewer."""

    def __init__(self, plan: Bound, event: log.Event, face: str, found: Any) -> None:
        self._what = plan, event, face, found

    async def rendered(self, first: Context, begun: Begun, viewers: Sequence[Viewer]) -> Rendered:
        """The same for everybody after all, if nothing asked about the first viewer."""
        payload = begun if begun is None or isinstance(begun, bytes) else await begun
        if first.is_for_all:
            return Rendered(shared=payload, keep=not first.is_passing)
        return Rendered(by_viewer=await self.render(first, payload, viewers))

    async def _execute(self, context: Context) -> Payload:
        return await now_or_later(_execute(*self._what, context))

    async def render(self, context: Context, payload: Payload, viewers: Sequence[Viewer]) -> Payloads:
        """`payload` is the first viewer's, made in `context`, which knows what was asked about them."""
        if len(viewers) == 1:
            return {viewers[0].session_id: payload}
        if context.viewer_read:
            return {viewers[0].session_id: payload} | await self._one_by_one(context, viewers[1:])
        looks: dict[Hashable, list[Viewer]] = defaultdict(list)
        for viewer in viewers:
            looks[context.told_of(viewer)].append(viewer)
        payloads: Payloads = dict.fromkeys((viewer.session_id for viewer in looks.pop(context.told)), payload)
        for alike in looks.values():
            other = context.for_viewer(alike[0])
            payloads |= await self.render(other, await self._execute(other), alike)
            await asyncio.sleep(0)
        return payloads

    async def _one_by_one(self, context: Context, viewers: Sequence[Viewer]) -> Payloads:
        payloads: Payloads = {}
        for start in range(0, len(viewers), _AT_ONCE):
            some = viewers[start : start + _AT_ONCE]
            done = await asyncio.gather(*(self._execute(context.for_viewer(viewer)) for viewer in some))
            payloads.update((viewer.session_id, one) for viewer, one in zip(some, done, strict=True))
        return payloads


def _execute(plan: Bound, event: log.Event, face: str, found: Any, context: Context) -> Begun:
    """The payload of `next` for one viewer, at once where nothing has to be waited for; None: left out. Raises
    UNAVAILABLE when the database is away."""
    result: ExecutionResult | Coroutine[Any, Any, ExecutionResult | None] | None
    try:
        kind = _KINDS.get(face)
        root = build_ephemeral(face, event, context) if kind is None else build_event(kind, event, context, found)
        if isinstance(root, CoroutineType):
            result = _build_and_execute(plan, root, context)
        else:
            result = None if root is None else plan.execute_event(root, context)
        if result is None or isinstance(result, ExecutionResult):
            return _encode(result)
    except Exception as error:
        return _encode(_failed(error))
    return _finish(result)


async def _build_and_execute(plan: Bound, building: Awaitable[Any], context: Context) -> ExecutionResult | None:
    root = await building
    if root is None:
        return None
    result = plan.execute_event(root, context)
    return result if isinstance(result, ExecutionResult) else await result


async def _finish(under_way: Awaitable[ExecutionResult | None]) -> Payload:
    try:
        return _encode(await under_way)
    except Exception as error:
        return _encode(_failed(error))


def _failed(error: Exception) -> ExecutionResult:
    """A bug in build: the event is not skipped, the client learns its cursor. Raises UNAVAILABLE."""
    if isinstance(error, UnavailableError):
        raise error
    if isinstance(error, db.GONE):
        raise UnavailableError from error
    return ExecutionResult(None, [error])  # type: ignore[list-item]


def _encode(result: ExecutionResult | None) -> Payload:
    if result is None:
        return None
    if not result.errors:
        return orjson.dumps({"data": result.data})
    for error in result.errors:
        cause = cause_of(error)
        if isinstance(cause, (UnavailableError, *db.GONE)):
            raise UnavailableError from error
    request_id = new_request_id()
    shown = [describe(error, request_id) for error in result.errors]
    return orjson.dumps({"data": result.data, "errors": shown, "extensions": {"cursor": CURSOR_SLOT}})
