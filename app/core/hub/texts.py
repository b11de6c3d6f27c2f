"""Renderings: an event is executed once for a selection, kept for a while, and each cursor is spliced in."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

import orjson
import structlog

from app.core.errors import UnavailableError
from app.core.hub.ports import Rendered, Renderer, Selection
from app.core.hub.retractions import Retractions
from app.core.log import Event
from app.core.viewer import Viewer

log = structlog.get_logger("hub")
_ENTRY_BYTES = 600  # of a kept text, beside the text


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
    keep: bool = True

    def of(self, viewer: Viewer) -> Text | None:
        return self.shared if self.by_session is None else self.by_session.get(viewer.session_id)


@dataclass(slots=True)
class _Made:
    """A text kept, or a future one (`running`), and how many retractions were counted when it was begun."""

    number: int
    text: Text | None = None
    running: asyncio.Future[Outcome] | None = None


class Texts:
    """Executes through the renderer. `seconds` is how long an execution may take before it counts as unavailable;
    `kept_bytes` bounds the texts kept, with what it takes to keep them."""

    def __init__(
        self, renderer: Renderer, cursor_slot: str, seconds: float, kept_bytes: int = 32 * 1024 * 1024
    ) -> None:
        self._renderer = renderer
        self._slot = cursor_slot.encode()
        self._seconds = seconds
        self.retractions = Retractions()
        self._kept: dict[Hashable, _Made] = {}
        self._kept_bytes = kept_bytes
        self.bytes = 0  # of what is kept
        self._running: dict[Hashable, _Made] = {}
        self.executions = 0
        self.shared_executions = 0

    def aside(self, kept_bytes: int) -> Texts:
        """Others of the same renderer, which displace none of these; what is taken back, is in both."""
        texts = Texts(self._renderer, self._slot.decode(), self._seconds, kept_bytes)
        texts.retractions = self.retractions
        return texts

    def kept(self, selection: Selection, event: Event, face: str) -> Text | None:
        """The text that is good for every viewer, if somebody had it made lately."""
        return self._kept_text((selection, event.partition, event.position, event.tag, face), event)

    def _kept_text(self, key: Hashable, event: Event) -> Text | None:
        made = self._kept.get(key)
        return None if made is None or self.retractions.is_old(event, made.number) else made.text

    async def render(self, selection: Selection, event: Event, face: str, viewers: Sequence[Viewer]) -> Outcome:
        """The event for these viewers. Raises UnavailableError; a bug becomes a payload with INTERNAL."""
        key = (selection, event.partition, event.position, event.tag, face)
        while True:
            if (text := self._kept_text(key, event)) is not None:
                return Outcome(text)
            made = self._running.get(key)
            if made is None or made.running is None or self.retractions.is_old(event, made.number):
                return await self._execute(key, event, face, viewers)
            try:
                outcome = await asyncio.shield(made.running)
            except _AbandonedError:
                continue
            if outcome.by_session is None:
                return outcome
            return self._outcome(await self._call(selection, event, face, viewers))

    async def _execute(
        self, key: tuple[Selection, int, int, int, str], event: Event, face: str, viewers: Sequence[Viewer]
    ) -> Outcome:
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        made = self._running[key] = _Made(self.retractions.number, running=future)
        try:
            outcome = self._outcome(await self._call(key[0], event, face, viewers))
        except BaseException as error:
            # A cancelled caller (its client hung up) must not take others with it: they start over.
            future.set_exception(error if isinstance(error, Exception) else _AbandonedError())
            future.exception()  # perhaps nobody waits: not "never retrieved"
            raise
        else:
            future.set_result(outcome)
            if outcome.shared is not None and outcome.keep and not self.retractions.is_old(event, made.number):
                self._keep(key, _Made(made.number, outcome.shared))
            return outcome
        finally:
            if self._running.get(key) is made:
                del self._running[key]

    async def _call(self, selection: Selection, event: Event, face: str, viewers: Sequence[Viewer]) -> Rendered:
        self.executions += 1
        if event.carried is not None and self.retractions.is_before(event):
            event = replace(event, carried=None)  # what it carries was taken back since
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
            return Outcome(None if rendered.shared is None else self._cut(rendered.shared), keep=rendered.keep)
        made = {payload: self._cut(payload) for payload in set(rendered.by_viewer.values()) if payload is not None}
        return Outcome(
            by_session={
                session: made[payload] for session, payload in rendered.by_viewer.items() if payload is not None
            }
        )

    def _cut(self, payload: bytes) -> Text:
        return Text(tuple(payload.split(self._slot)))

    def _keep(self, key: Hashable, made: _Made) -> None:
        if (old := self._kept.pop(key, None)) is not None:
            self.bytes -= _size(old)
        self._kept[key] = made
        self.bytes += _size(made)
        while self.bytes > self._kept_bytes:
            self.bytes -= _size(self._kept.pop(next(iter(self._kept))))


def _size(made: _Made) -> int:
    return _ENTRY_BYTES + (sum(map(len, made.text.parts)) if made.text else 0)
