"""Looking into the functions Strawberry makes: who made them, and what they enclose."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def is_made_by(function: Any, maker: Callable[..., Any]) -> bool:
    """Whether a function was defined inside of `maker`."""
    return getattr(function, "__module__", "") == maker.__module__ and function.__qualname__.startswith(
        f"{maker.__qualname__}.<locals>."
    )


def cells(function: Callable[..., Any]) -> dict[str, Any]:
    """What a function encloses, by name."""
    code, closure = function.__code__, function.__closure__ or ()
    return {name: cell.cell_contents for name, cell in zip(code.co_freevars, closure, strict=True)}
