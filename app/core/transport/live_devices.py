"""Which devices are connected to this process: by a WebSocket that has signed in, or a stream of SSE."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from app.core.viewer import Viewer

Changed = Callable[[UUID, UUID, bool], None]
"""(person, device, whether it is connected)."""


class LiveDevices:
    """Connections by device. Listeners hear of a device's first connection and of the end of its last."""

    def __init__(self) -> None:
        self._connections: dict[tuple[UUID, UUID], set[object]] = {}
        self._listeners: list[Changed] = []

    def on_change(self, listener: Changed) -> None:
        """Calls `listener` from now on, in the tick of the change."""
        self._listeners.append(listener)

    def add(self, viewer: Viewer, connection: object) -> None:
        """A connection of the viewer's device began."""
        key = (viewer.user_id, viewer.device_id)
        connections = self._connections.get(key)
        if connections is None:
            self._connections[key] = {connection}
            self._tell(key, is_connected=True)
        else:
            connections.add(connection)

    def remove(self, viewer: Viewer, connection: object) -> None:
        """It ended. Harmless when that is known."""
        key = (viewer.user_id, viewer.device_id)
        connections = self._connections.get(key)
        if connections is None:
            return
        connections.discard(connection)
        if not connections:
            del self._connections[key]
            self._tell(key, is_connected=False)

    def _tell(self, key: tuple[UUID, UUID], *, is_connected: bool) -> None:
        for listener in self._listeners:
            listener(*key, is_connected)
