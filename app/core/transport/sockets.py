"""How many sockets a device may have: past that its oldest is closed, in whatever process it is.

A process remembers its own sockets only, and for each the newer ones of its device that it has heard of.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Protocol
from uuid import UUID

from app.core.bus import Announcement
from app.core.clock import new_id
from app.core.runtime import Runtime

TOPIC = "socket"


class Closable(Protocol):
    """A socket."""

    def close(self, code: int, reason: str) -> None:
        """Closes it."""
        ...


class Sockets:
    """The sockets of this process by device. Every opening and closing is announced to the other processes.

    A process that is killed announces no closings: a device's oldest socket elsewhere may then be closed too early,
    and comes back as its newest.
    """

    def __init__(self, runtime: Runtime, most: int) -> None:
        self._runtime = runtime
        self._most = most
        self._own: defaultdict[UUID, dict[UUID, Closable]] = defaultdict(dict)
        self._newer: dict[UUID, set[UUID]] = {}

    def listen(self) -> None:
        """From now on hears what the other processes announce."""
        self._runtime.hub.on_announcement(TOPIC, self._hear)

    def add(self, device_id: UUID, socket: Closable) -> UUID:
        """Counts a socket that has signed in, closing the oldest above the limit; returns its number for `remove`."""
        number = new_id()
        self._opened(device_id, number)
        self._own[device_id][number] = socket
        self._newer[number] = set()
        self._announce(device_id, number, is_open=True)
        return number

    def remove(self, device_id: UUID, number: UUID) -> None:
        """Forgets a socket. Harmless when it is forgotten already."""
        if number not in self._newer:
            return
        del self._newer[number]
        own = self._own[device_id]
        del own[number]
        if not own:
            del self._own[device_id]
        self._closed(device_id, number)
        self._announce(device_id, number, is_open=False)

    def _hear(self, announcement: Announcement) -> None:
        number = UUID(announcement.payload["number"])
        if announcement.payload["isOpen"]:
            self._opened(announcement.stream_id, number)
        else:
            self._closed(announcement.stream_id, number)

    def _opened(self, device_id: UUID, number: UUID) -> None:
        for own, socket in list(self._own.get(device_id, {}).items()):
            if number > own:  # numbers are made in time's order; the bus may be late with an older one
                self._newer[own].add(number)
            if len(self._newer[own]) >= self._most:
                socket.close(4409, "Too many sockets: this device opened newer ones")

    def _closed(self, device_id: UUID, number: UUID) -> None:
        for own in self._own.get(device_id, ()):
            self._newer[own].discard(number)

    def _announce(self, device_id: UUID, number: UUID, *, is_open: bool) -> None:
        payload = {"number": str(number), "isOpen": is_open}
        self._runtime.bus.announce(Announcement(TOPIC, device_id, key=str(number), payload=payload))
