"""Enums of the schema: plain StrEnums outside (services use them), described here for clients."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

import strawberry

E = TypeVar("E", bound=type[StrEnum])


def described_enum(enum: E, description: str, values: Mapping[str, str], *, name: str | None = None) -> E:
    """Makes a StrEnum a GraphQL enum, `name`d like itself or else; every value must have a description (KeyError)."""
    strawberry.enum(enum, name=name, description=description)
    for value in enum.__strawberry_definition__.values:  # type: ignore[attr-defined]
        value.description = values[value.name]
    return enum
