"""How many sockets an address has open in this process: one host must not take them all."""

from __future__ import annotations

from collections import Counter

from app.core.limits import network_of


class Addresses:
    """Counts the sockets of each address (of a /64 for IPv6). `most` 0: any number."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._open: Counter[str] = Counter()

    def enter(self, ip: str) -> bool:
        """Counts a socket, unless there are as many already: then False."""
        network = network_of(ip)
        if self._most and self._open[network] >= self._most:
            return False
        self._open[network] += 1
        return True

    def leave(self, ip: str) -> None:
        """A socket that was counted is gone."""
        network = network_of(ip)
        self._open[network] -= 1
        if not self._open[network]:
            del self._open[network]
