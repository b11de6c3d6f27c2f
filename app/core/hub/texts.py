"""Renderings: an event is executed once for a selection, kept for a while, and each cursor is spliced in."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import orjson
import structlog

from app.core.errors import UnavailableError
from app.core.hub.ports import Rendered, Renderer, Selection
from app.core.log import Event
from app.core.viewer import Viewer

log = structlog.get_logger("hub")
_KEPT = 4096
_KEPT_BYTES = 32 * 1024 * 1024


class _AbandonedError(Exception):
    """The one who executed was cancelled."""


@dataclass(slots=True, frozen=True)
class Text:
    """A payload cut at its cursors, so that splicing is one join."""

    parts: tuple[bytes, ...]

    def with_cursor(self, cursor: bytes) -> bytes:
        return cursor.join(self.parts) if len(self.parts) > 1 else self.parts[0]


@dataclass(slots=True, frozen=True)
class Outcome:
    """What an execution gave: one text for all, or one for each session (absent: left out)."""

    shared: Text | None = None
    by_session: dict[Hashable, Text] | None = None

    def of(self, viewer: Viewer) -> Text | None:
        return self.shared if self.by_session is None else self.by_session.get(viewer.session_id)


class Texts:
    """Executes through the renderer. `seconds` is how long an execution may take before it counts as unavailable."""

    def __init__(self, renderer: Renderer, cursor_slot: str, seconds: float) -> None:
        self._renderer = renderer
        self._slot = cursor_slot.encode()
        self._seconds = seconds
        self._kept: dict[Hashable, Text] = {}
        self._bytes = 0
        self._running: dict[Hashable, asyncio.Future[Outcome]] = {}
        self.executions = 0
        self.shared_executions = 0

    def kept(self, selection: Selection, event: Event, face: str) -> Text | None:
        """The text that is good for every viewer, if somebody had it made lately."""
        return self._kept.get((selection, event.partition, event.position, event.tag, face))

    async def render(self, selection: Selection, event: Event, face: str, viewers: Sequence[Viewer]) -> Outcome:
        """The event for these viewers. Raises UnavailableError; a bug becomes a payload with INTERNAL."""
        key = (selection, event.partition, event.position, event.tag, face)
        while True:
            if (text := self._kept.get(key)) is not None:
                return Outcome(text)
            if (running := self._running.get(key)) is None:
                return await self._execute(key, event, face, viewers)
            try:
                outcome = await asyncio.shield(running)
            except _AbandonedError:
                continue
            if outcome.by_session is None:
                return outcome
            return self._outcome(await self._call(selection, event, face, viewers))

    async def _execute(
        self, key: tuple[Selection, int, int, int, str], event: Event, face: str, viewers: Sequence[Viewer]
    ) -> Outcome:
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._running[key] = future
        try:
            outcome = self._outcome(await self._call(key[0], event, face, viewers))
        except BaseException as error:
            # A cancelled caller (its client hung up) must not take others with it: they start over.
            future.set_exception(error if isinstance(error, Exception) else _AbandonedError())
            future.exception()  # perhaps nobody waits: not "never retrieved"
            raise
        else:
            future.set_result(outcome)
            if outcome.shared is not None:
                self._keep(key, outcome.shared)
            return outcome
        finally:
            if self._running.get(key) is future:
                del self._running[key]

    async def _call(self, selection: Selection, event: Event, face: str, viewers: Sequence[Viewer]) -> Rendered:
        self.executions += 1
        try:
            async with asyncio.timeout(self._seconds):
                return await self._renderer.render(selection, event, face, viewers)
        except UnavailableError:
            raise
        except TimeoutError as error:
            raise UnavailableError from error
        except Exception:
            log.exception("render_failed", kind=event.kind)
            extensions = {"code": "INTERNAL", "cursor": self._slot.decode()}
            return Rendered(
                orjson.dumps({"data": None, "errors": [{"message": "Internal error", "extensions": extensions}]})
            )

    def _outcome(self, rendered: Rendered) -> Outcome:
        if rendered.by_viewer is None:
            self.shared_executions += 1
            return Outcome(None if rendered.shared is None else self._cut(rendered.shared))
        return Outcome(
            by_session={
                session: self._cut(payload) for session, payload in rendered.by_viewer.items() if payload is not None
            }
        )

    def _cut(self, payload: bytes) -> Text:
        return Text(tuple(payload.split(self._slot)))

    def _keep(self, key: Hashable, text: Text) -> None:
        self._kept[key] = text
        self._bytes += sum(map(len, text.parts))
        while len(self._kept) > _KEPT or self._bytes > _KEPT_BYTES:
            oldest = self._kept.pop(next(iter(self._kept)))
            self._bytes -= sum(map(len, oldest.parts))
