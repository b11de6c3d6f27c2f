"""Global ids: a type prefix and a UUID in lower-case base32, opaque to clients (`msg_…`)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from uuid import UUID

from asyncpg.pgproto.pgproto import UUID as PgUUID

from app.core.errors import ErrorCode, UserFault

_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS = [a + b for a in _ALPHABET for b in _ALPHABET]  # base64.b32encode takes three times as long
_DIGITS = str.maketrans(_ALPHABET, "0123456789abcdefghijklmnopqrstuv")  # of base 32 as `int` reads it
_LETTERS = frozenset(_ALPHABET)


def encode_id(prefix: str, value: UUID) -> str:
    """`usr` and a UUID → `usr_…` (26 characters of base32)."""
    return _text(prefix, value.bytes)  # asyncpg's UUIDs are their bytes, and take three times as long for the number


@lru_cache(16_384)  # a message's own is written some three times, those of people and conversations all the time
def _text(prefix: str, value: bytes) -> str:
    number = int.from_bytes(value) << 2
    return "".join([prefix, "_", *(_PAIRS[number >> shift & 1023] for shift in range(120, -1, -10))])


def decode_id(prefix: str, text: str) -> UUID | None:
    """The UUID, or None when the text is not an id of this kind: malformed is the same as unknown."""
    kind, _, body = text.partition("_")
    return _value(body) if kind == prefix and len(body) == 26 else None


@lru_cache(16_384)
def _value(body: str) -> UUID | None:
    if not _LETTERS.issuperset(body):
        return None
    number = int(body.translate(_DIGITS), 32)
    # As rows have them: made and hashed in a fraction of the time. 26 letters have 130 bits: one text each.
    return None if number & 3 else PgUUID((number >> 2).to_bytes(16))


def known_id(prefix: str, text: str, field: str) -> UUID:
    """The UUID behind an id of the input. Malformed is unknown: raises NOT_FOUND, naming the field."""
    value = decode_id(prefix, text)
    if value is None:
        raise UserFault(ErrorCode.NOT_FOUND, "There is nothing with this id.", field=(field,))
    return value


def known_ids(prefix: str, texts: Sequence[str], field: str) -> list[UUID]:
    """As `known_id`, for a list."""
    return [known_id(prefix, text, field) for text in texts]
