"""Fields whose value the object mostly knows: read from an attribute, and resolved only where that says UNSET.

A list of fifty conversations would otherwise make two hundred coroutines to hand out what came with the rows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from strawberry import UNSET

from app.core.executor.run import Resolve, Run, Trail

F = TypeVar("F", bound=Callable[..., Any])

_KNOWN = "__known_as__"


def known(attribute: str) -> Callable[[F], F]:
    """Marks a resolver (next to it, below the field's decorator), or what `loaded` made: the object holds its value in
    this attribute, or UNSET. What is held must be what the resolver would return, asking nobody who is looking that it
    does not ask: graphql-core calls the resolver always."""

    def mark(resolver: F) -> F:
        setattr(resolver, _KNOWN, attribute)
        return resolver

    return mark


def known_as(resolver: Any) -> str | None:
    """The attribute, of a resolver that is marked."""
    return getattr(resolver, _KNOWN, None)


def read_known(attribute: str, ask: Resolve) -> Resolve:
    """The value where the object has it, else what `ask` resolves."""

    def resolve(run: Run, source: Any, trail: Trail) -> Any:
        value = getattr(source, attribute)
        return ask(run, source, trail) if value is UNSET else value

    return resolve
