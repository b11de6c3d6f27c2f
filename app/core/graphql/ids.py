"""Global ids: a type prefix and a UUID in lower-case base32, opaque to clients (`msg_…`)."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from uuid import UUID

from app.core.errors import ErrorCode, UserFault


def encode_id(prefix: str, value: UUID) -> str:
    """`usr` and a UUID → `usr_…` (26 characters of base32)."""
    return f"{prefix}_{base64.b32encode(value.bytes).decode().rstrip('=').lower()}"


def decode_id(prefix: str, text: str) -> UUID | None:
    """The UUID, or None when the text is not an id of this kind: malformed is the same as unknown."""
    kind, _, body = text.partition("_")
    if kind != prefix or len(body) != 26:
        return None
    try:
        raw = base64.b32decode(body.upper() + "======")
    except ValueError:
        return None
    value = UUID(bytes=raw)
    return value if encode_id(prefix, value) == text else None


def known_id(prefix: str, text: str, field: str) -> UUID:
    """The UUID behind an id of the input. Malformed is unknown: raises NOT_FOUND, naming the field."""
    value = decode_id(prefix, text)
    if value is None:
        raise UserFault(ErrorCode.NOT_FOUND, "There is nothing with this id.", field=(field,))
    return value


def known_ids(prefix: str, texts: Sequence[str], field: str) -> list[UUID]:
    """As `known_id`, for a list."""
    return [known_id(prefix, text, field) for text in texts]
