"""How many connections an address has open in this process, sockets and streams of SSE together: one host must not
take them all."""

from __future__ import annotations

from collections import Counter

from app.core.errors import RateLimitedError
from app.core.limits import network_of

_ASK_AGAIN_SECONDS = 30


class Addresses:
    """Counts the connections of each address (of a /64 for IPv6). `most` 0: any number."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._open: Counter[str] = Counter()

    def enter(self, ip: str) -> None:
        """Counts a connection. Raises RateLimitedError when there are as many already."""
        network = network_of(ip)
        if self._most and self._open[network] >= self._most:
            raise RateLimitedError("Too many connections from this address.", retry_after=_ASK_AGAIN_SECONDS)
        self._open[network] += 1

    def leave(self, ip: str) -> None:
        """A connection that was counted is gone."""
        network = network_of(ip)
        self._open[network] -= 1
        if not self._open[network]:
            del self._open[network]
