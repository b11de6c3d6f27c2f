"""Another process as the board of this one knows it: its devices, and whether it has said all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

Place = tuple[UUID, UUID]
"""A device beside its person, who comes first."""


class Places:
    """A set of devices. `digest` is the same for the same ones, in whatever order they came."""

    __slots__ = ("_all", "_digest")

    def __init__(self, places: Iterable[Place] = ()) -> None:
        self._all: set[Place] = set()
        self._digest = 0
        for place in places:
            self.add(place)

    def add(self, place: Place) -> None:
        if place not in self._all:
            self._all.add(place)
            self._digest ^= place[1].int

    def discard(self, place: Place) -> None:
        if place in self._all:
            self._all.discard(place)
            self._digest ^= place[1].int

    @property
    def digest(self) -> str:
        return f"{self._digest:x}"

    def __contains__(self, place: object) -> bool:
        return place in self._all

    def __iter__(self) -> Iterator[Place]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)


@dataclass(slots=True)
class Node:
    """`coming` is its list of devices, as far as it has arrived; `told_at` when one last was complete."""

    heard_at: float
    devices: Places = field(default_factory=Places)
    coming: set[Place] | None = None
    asked_at: float = float("-inf")
    told_at: float = float("-inf")
