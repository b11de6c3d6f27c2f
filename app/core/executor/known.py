"""Fields whose value the object mostly knows: read from an attribute, and resolved only where that says UNSET.

A list of fifty conversations would otherwise make two hundred coroutines to hand out what came with the rows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from strawberry import UNSET

from app.core.executor.run import Resolve, Run, Trail

F = TypeVar("F", bound=Callable[..., Any])

_KNOWN = "__known_as__"


class Known(NamedTuple):
    """The mark: where the value is, and whether it is the same whoever looks."""

    attribute: str
    for_all: bool


def known(attribute: str, *, for_all: bool = False) -> Callable[[F], F]:
    """Marks a resolver (next to it, below the field's decorator), or what `loaded` made: the object holds its value in
    this attribute, or UNSET. What is held must be what the resolver would return, asking nobody who is looking that it
    does not ask: graphql-core calls the resolver always. `for_all`: what is held depends on nobody who is looking."""

    def mark(resolver: F) -> F:
        setattr(resolver, _KNOWN, Known(attribute, for_all))
        return resolver

    return mark


def known_as(resolver: Any) -> Known | None:
    """The mark of a resolver."""
    return getattr(resolver, _KNOWN, None)


def read_known(mark: Known, ask: Resolve) -> Resolve:
    """The value where the object has it, else what `ask` resolves."""

    def resolve(run: Run, source: Any, trail: Trail) -> Any:
        value = getattr(source, mark.attribute)
        return ask(run, source, trail) if value is UNSET else value

    return resolve
