"""Which live connections belong to which session, so that ending a session ends them within a second."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import Protocol
from uuid import UUID

from app.core import log

_REMEMBERED = 4096  # sessions ended lately
_LAST_WORDS = 0.2  # seconds for the SessionEnding event itself to go out first


class SessionBound(Protocol):
    """A connection that ends with its session."""

    def session_ended(self) -> None:
        """The session was revoked or logged out."""
        ...


class Sessions:
    """The connections of each session in this process."""

    def __init__(self) -> None:
        self._live: defaultdict[UUID, set[SessionBound]] = defaultdict(set)
        self._ended: dict[UUID, None] = {}

    def add(self, session_id: UUID, connection: SessionBound) -> None:
        """Binds a connection to its session. A session that ended while its token was being checked ends it at once."""
        self._live[session_id].add(connection)
        if session_id in self._ended:
            asyncio.get_running_loop().call_soon(connection.session_ended)

    def remove(self, session_id: UUID, connection: SessionBound) -> None:
        """Forgets a connection. Harmless when it is unknown."""
        bound = self._live.get(session_id)
        if bound is not None:
            bound.discard(connection)
            if not bound:
                del self._live[session_id]

    def notice(self, event: log.Event) -> None:
        """Listens to dispatch: SESSION_ENDING ends the session's connections."""
        if event.kind != "SESSION_ENDING":
            return
        session_id = UUID(str(event.payload["sessionId"]))
        self._ended[session_id] = None
        if len(self._ended) > _REMEMBERED:
            del self._ended[next(iter(self._ended))]
        for connection in self._live.get(session_id, ()):
            asyncio.get_running_loop().call_later(_LAST_WORDS, connection.session_ended)
