"""Small immutable classes that are made by the thousand: rows of pages, and what a request consists of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as record
else:
    from dataclasses import dataclass

    def record(*, slots: bool, frozen: bool, eq: bool = True) -> Any:
        """`@dataclass(slots=True, frozen=True)` for the type checker, which refuses every assignment. At run time
        nothing does: a frozen dataclass sets each field through `object.__setattr__`, and making fifty messages takes
        60 µs instead of 11."""
        assert slots, "as frozen as records can be"
        assert frozen
        return dataclass(slots=True, eq=eq, unsafe_hash=eq)


__all__ = ["record"]
