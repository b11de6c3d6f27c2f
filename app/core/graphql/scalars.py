"""Scalars of the schema. What a person types is String in inputs; these are for what programs make."""

from __future__ import annotations

import base64
import binascii
import re
from datetime import UTC, datetime
from typing import NewType

import orjson
import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig
from strawberry.types.scalar import ScalarDefinition

CursorText = NewType("CursorText", str)
BigInt = NewType("BigInt", int)
EmailAddress = NewType("EmailAddress", str)
PhoneNumber = NewType("PhoneNumber", str)
Url = NewType("Url", str)
Base64 = NewType("Base64", bytes)


_RFC_3339 = re.compile(  # Python reads more: weeks, days of the year, no separators, other digits
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)


def _instant(text: object) -> datetime:
    try:
        if isinstance(text, str) and _RFC_3339.fullmatch(text):
            return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):  # no such day; out of what a datetime holds
        pass
    raise GraphQLError("DateTime must be an RFC 3339 instant with an offset, such as 2026-11-20T10:00:00Z.")


def format_instant(value: datetime) -> str:
    """RFC 3339 in UTC, with microseconds and Z."""
    if value.tzinfo is not UTC:
        value = value.astimezone(UTC)
    return orjson.dumps(value, None, orjson.OPT_UTC_Z)[1:-1].decode()  # isoformat() is four times as slow


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise GraphQLError("Expected a string.")
    return value


def _big(value: object) -> int:
    if not isinstance(value, str) or not value.lstrip("-").isdigit() or len(value) > 20:
        raise GraphQLError("BigInt must be a decimal string.")
    return int(value)


def _bytes(value: object) -> bytes:
    try:
        return base64.b64decode(_text(value), validate=True)
    except (binascii.Error, ValueError):
        raise GraphQLError("Base64 must be standard base64, padded.") from None


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


SCALARS: dict[object, ScalarDefinition] = {
    datetime: strawberry.scalar(
        name="DateTime",
        description="RFC 3339 instant in UTC.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
        serialize=format_instant,
        parse_value=_instant,
    ),
    CursorText: strawberry.scalar(
        name="Cursor",
        description="Opaque position in the viewer's event stream. Compare only for equality.",
        serialize=str,
        parse_value=_text,
    ),
    BigInt: strawberry.scalar(
        name="BigInt", description="64-bit integer as a decimal string.", serialize=str, parse_value=_big
    ),
    EmailAddress: strawberry.scalar(
        name="EmailAddress",
        description="RFC 5321 e-mail address, kept as typed, compared case-insensitively.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc5321",
        serialize=str,
        parse_value=_text,
    ),
    Url: strawberry.scalar(
        name="URL",
        description="Absolute https URL (http only for a local host in development).",
        specified_by_url="https://url.spec.whatwg.org",
        serialize=str,
        parse_value=_text,
    ),
    PhoneNumber: strawberry.scalar(
        name="PhoneNumber",
        description="E.164 phone number, e.g. +919876543210.",
        specified_by_url="https://www.itu.int/rec/T-REC-E.164",
        serialize=str,
        parse_value=_text,
    ),
    Base64: strawberry.scalar(
        name="Base64",
        description="Standard base64 bytes.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc4648#section-4",
        serialize=_base64,
        parse_value=_bytes,
    ),
}


def schema_config() -> StrawberryConfig:
    """How names and scalars map; used once, in schema.py."""
    return StrawberryConfig(auto_camel_case=True, scalar_map=SCALARS)
