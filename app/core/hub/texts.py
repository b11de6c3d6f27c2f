"""Renderings: an event is executed once for a selection, kept for a while, and each cursor is spliced in."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from types import CoroutineType
from typing import Any, TypeVar

import orjson
import structlog

from app.core.db import GONE
from app.core.errors import UnavailableError
from app.core.hub.ports import Rendered, Renderer, Selection, Shown
from app.core.hub.retractions import Retractions
from app.core.log import Event
from app.core.records import record
from app.core.viewer import Viewer

log = structlog.get_logger("hub")
T = TypeVar("T")
_ENTRY_BYTES = 600  # of a kept text, beside the text


class _AbandonedError(Exception):
    """The one who executed was cancelled."""


@record(slots=True, frozen=True)
class Text:
    """A payload cut at its cursors, so that splicing is one join."""

    parts: tuple[bytes, ...]

    def with_cursor(self, cursor: bytes) -> bytes:
        return cursor.join(self.parts) if len(self.parts) > 1 else self.parts[0]


@record(slots=True, frozen=True)
class Outcome:
    """What an execution gave: one text for all, or one for each session (absent: left out)."""

    shared: Text | None = None
    by_session: dict[Hashable, Text] | None = None
    keep: bool = True

    def of(self, viewer: Viewer) -> Text | None:
        return self.shared if self.by_session is None else self.by_session.get(viewer.session_id)


@record(slots=True, frozen=True)
class Found:
    """What events are made of, by their places, and how many retractions were counted when it was read."""

    number: int
    rows: Mapping[tuple[int, int], Any]


NOTHING = Found(0, {})


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
        return self._kept_text((selection.key, event.partition, event.position, event.tag, face), event)

    def _kept_text(self, key: Hashable, event: Event) -> Text | None:
        made = self._kept.get(key)
        return None if made is None or self.retractions.is_old(event, made.number) else made.text

    async def read(self, selection: Selection, shown: Sequence[Shown]) -> Found:
        """What events are made of that nobody has a text of, read together. Raises what the database does."""
        number = self.retractions.number
        missing = [one for one in shown if not self._has_all(selection, *one)]
        if not missing:
            return Found(number, {})
        try:
            async with asyncio.timeout(self._seconds):
                rows = await self._renderer.read(missing)
        except (UnavailableError, *GONE):  # a timeout too
            raise
        except Exception:
            log.exception("read_failed")
            return Found(number, {})
        places = [(event.partition, event.position) for event, _ in missing]
        return Found(number, dict(zip(places, rows, strict=True)))

    def _has_all(self, selection: Selection, event: Event, face: str) -> bool:
        """Whether nothing has to be read to show an event."""
        if event.carried is not None and not self.retractions.is_before(event):
            return True
        return self.kept(selection, event, face) is not None

    async def render_some(
        self, selection: Selection, shown: Sequence[Shown], viewer: Viewer, found: Found
    ) -> list[Text | None]:
        """Some events for one viewer, begun in one tick so that their loads batch. None: left out."""
        texts: list[Text | None] = []
        later: dict[int, Awaitable[Outcome]] = {}
        viewers = (viewer,)
        for n, (event, face) in enumerate(shown):
            key = (selection.key, event.partition, event.position, event.tag, face)
            text = self._kept_text(key, event)
            if text is None:
                rows = found.rows.get((event.partition, event.position)) if found.rows else None
                outcome: Outcome | Awaitable[Outcome]
                if rows is None or self.retractions.is_old(event, found.number):
                    outcome = self.render(selection, event, face, viewers)
                else:
                    outcome = self._show(key, selection, event, face, viewers, rows)
                if isinstance(outcome, Outcome):
                    text = outcome.of(viewer)
                else:
                    later[n] = outcome
            texts.append(text)
        if later:
            async with asyncio.timeout(self._seconds):  # an UNAVAILABLE, to who reads the log
                for n, outcome in zip(later, await asyncio.gather(*later.values()), strict=True):
                    texts[n] = outcome.of(viewer)
        return texts

    def _show(
        self, key: Hashable, selection: Selection, event: Event, face: str, viewers: Sequence[Viewer], rows: Any
    ) -> Outcome | Awaitable[Outcome]:
        """An event of which was read what it is made of, whoever else does the same: few catch up at once."""
        number = self.retractions.number
        rendered = self._call(selection, event, face, viewers, rows)
        if isinstance(rendered, Rendered):
            return self._take(key, event, number, rendered)
        return self._show_later(key, event, number, rendered)

    async def _show_later(self, key: Hashable, event: Event, number: int, rendering: Awaitable[Rendered]) -> Outcome:
        try:
            rendered = await rendering
        except UnavailableError:
            raise
        except Exception as error:
            rendered = self._bug(event, error)
        return self._take(key, event, number, rendered)

    def render(
        self, selection: Selection, event: Event, face: str, viewers: Sequence[Viewer]
    ) -> Outcome | Awaitable[Outcome]:
        """The event for these viewers, at once where nothing has to be waited for. Raises UnavailableError; a bug
        becomes a payload with INTERNAL."""
        key = (selection.key, event.partition, event.position, event.tag, face)
        if (text := self._kept_text(key, event)) is not None:
            return Outcome(text)
        made = self._running.get(key)
        if made is not None and made.running is not None and not self.retractions.is_old(event, made.number):
            return self._join(made.running, selection, event, face, viewers)
        rendered = self._call(selection, event, face, viewers)
        if not isinstance(rendered, Rendered):
            return self._execute(key, event, self._rendered(event, rendered))
        return self._take(key, event, self.retractions.number, rendered)

    async def _join(
        self,
        running: asyncio.Future[Outcome],
        selection: Selection,
        event: Event,
        face: str,
        viewers: Sequence[Viewer],
    ) -> Outcome:
        """What another execution under way gives, if that is for all viewers."""
        try:
            outcome = await asyncio.shield(running)
        except _AbandonedError:
            return await now_or_later(self.render(selection, event, face, viewers))
        if outcome.by_session is None:
            return outcome
        rendered = self._call(selection, event, face, viewers)
        return self._outcome(rendered if isinstance(rendered, Rendered) else await self._rendered(event, rendered))

    async def _execute(self, key: Hashable, event: Event, rendering: Awaitable[Rendered]) -> Outcome:
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        made = self._running[key] = _Made(self.retractions.number, running=future)
        try:
            outcome = self._take(key, event, made.number, await rendering)
        except BaseException as error:
            # A cancelled caller (its client hung up) must not take others with it: they start over.
            future.set_exception(error if isinstance(error, Exception) else _AbandonedError())
            future.exception()  # perhaps nobody waits: not "never retrieved"
            raise
        else:
            future.set_result(outcome)
            return outcome
        finally:
            if self._running.get(key) is made:
                del self._running[key]

    def _call(
        self, selection: Selection, event: Event, face: str, viewers: Sequence[Viewer], rows: Any = None
    ) -> Rendered | Awaitable[Rendered]:
        self.executions += 1
        if event.carried is not None and self.retractions.is_before(event):
            event = replace(event, carried=None)  # what it carries was taken back since
        try:
            return self._renderer.render(selection, event, face, viewers, rows)
        except UnavailableError:
            raise
        except Exception as error:
            return self._bug(event, error)

    async def _rendered(self, event: Event, rendering: Awaitable[Rendered]) -> Rendered:
        try:
            async with asyncio.timeout(self._seconds):
                return await rendering
        except UnavailableError:
            raise
        except TimeoutError as error:
            raise UnavailableError from error
        except Exception as error:
            return self._bug(event, error)

    def _bug(self, event: Event, error: Exception) -> Rendered:
        log.error("render_failed", kind=event.kind, exc_info=error)
        extensions = {"code": "INTERNAL", "cursor": self._slot.decode()}
        body = {"data": None, "errors": [{"message": "Internal error", "extensions": extensions}]}
        return Rendered(orjson.dumps(body))

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

    def _take(self, key: Hashable, event: Event, number: int, rendered: Rendered) -> Outcome:
        """The outcome of a rendering. A text for all is kept, unless content was taken back since `number` were
        counted."""
        outcome = self._outcome(rendered)
        if outcome.shared is not None and outcome.keep and not self.retractions.is_old(event, number):
            self._keep(key, outcome.shared, number)
        return outcome

    def _keep(self, key: Hashable, text: Text, number: int) -> None:
        if (old := self._kept.pop(key, None)) is not None:
            self.bytes -= _size(old)
        made = self._kept[key] = _Made(number, text)
        self.bytes += _size(made)
        if self.bytes > self._kept_bytes:
            # Many at once: the first key of a dict is looked for behind all that were taken out before it.
            for oldest in [*islice(self._kept, len(self._kept) // 8 + 1)]:
                self.bytes -= _size(self._kept.pop(oldest))


async def now_or_later(value: T | Awaitable[T]) -> T:
    """What is there already, or is awaited."""
    return await value if isinstance(value, CoroutineType) else value  # type: ignore[return-value]


def _size(made: _Made) -> int:
    return _ENTRY_BYTES + (sum(map(len, made.text.parts)) if made.text else 0)
