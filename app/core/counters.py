"""Counting in this process: sliding windows in two numbers each, for rates too frequent to ask Redis about.

Not the library's memory store: that one walks all its keys in a task after every hit (limits 5.8), milliseconds of
the loop at ten thousand callers.
"""

from __future__ import annotations

from collections.abc import Hashable

from app.core.records import record


@record(slots=True, frozen=True)
class Count:
    """What a counter answers: whether there was room, what is left, and when (Unix time) room comes back."""

    admitted: bool
    remaining: int
    resets_at: float


class LocalCounters:
    """Sliding-window counters: the window before counts by the part of it that is still within reach."""

    def __init__(self) -> None:
        self._windows: dict[Hashable, tuple[int, int, int, int]] = {}  # key → seconds, window, count, count before
        self._prune_at = 10_000

    def hit(self, key: Hashable, limit: int, seconds: int, *, now: float, cost: int = 1) -> Count:
        """Takes `cost` if there is room for it; `now` is Unix time."""
        window, count, before = self._at(key, seconds, now)
        used = self._used(count, before, seconds, now)
        if used + cost > limit:
            return Count(False, max(0, limit - used), self._room_at(limit - cost, count, before, seconds, now))
        self._windows[key] = (seconds, window, count + cost, before)
        if len(self._windows) > self._prune_at:
            self._prune(now)
        return Count(True, limit - used - cost, (window + 1) * seconds)

    def look(self, key: Hashable, limit: int, seconds: int, *, now: float) -> Count:
        """What is left, without taking anything."""
        window, count, before = self._at(key, seconds, now)
        left = max(0, limit - self._used(count, before, seconds, now))
        return Count(left > 0, left, (window + 1) * seconds)

    def _at(self, key: Hashable, seconds: int, now: float) -> tuple[int, int, int]:
        window = int(now // seconds)
        _, last, count, before = self._windows.get(key, (seconds, window, 0, 0))
        if last == window:
            return window, count, before
        return window, 0, count if last == window - 1 else 0

    @staticmethod
    def _used(count: int, before: int, seconds: int, now: float) -> int:
        return count + int(before * (1 - now % seconds / seconds))

    @staticmethod
    def _room_at(wanted: int, count: int, before: int, seconds: int, now: float) -> float:
        """When at most `wanted` is used: as the window before fades out, or this one after it has ended."""
        start = now - now % seconds
        if count <= wanted and before:
            return start + seconds * min(1.0, max(0.0, 1 - (wanted - count + 1) / before))
        fades = 1 - (wanted + 1) / count if count else 0
        return start + seconds + seconds * max(0.0, fades)

    def _prune(self, now: float) -> None:
        old = [key for key, (seconds, window, _, _) in self._windows.items() if window < now // seconds - 1]
        for key in old:
            del self._windows[key]
        self._prune_at = max(10_000, 2 * len(self._windows))
