"""What may be in a text a person typed: length in code points, characters no store or screen can bear, emptiness.

Domains call `check_text` (messages, bios) or `check_name` (labels on one line) and store what they return.
"""

from __future__ import annotations

import re
import unicodedata

from app.core.errors import ErrorCode, UserFault

# PostgreSQL refuses NUL; neither a database nor a JSON encoder takes lone surrogates.
_IMPOSSIBLE = re.compile("[\x00\ud800-\udfff]")
# Line breaks and other controls, and the marks that make following text run backwards (Trojan-source names).
_UNFIT_FOR_NAMES = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
# Letters and marks by category that all the same draw nothing.
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | frozenset(map(chr, range(0xFE00, 0xFE10)))
_INVISIBLE_CATEGORIES = frozenset(("Cc", "Cf", "Zs", "Zl", "Zp"))


def is_blank(text: str) -> bool:
    """Whether nothing of it would be seen: empty, spaces, zero-width or otherwise invisible characters only."""
    return all(c in _BLANKS or unicodedata.category(c) in _INVISIBLE_CATEGORIES for c in text)


def can_be_kept(text: str) -> bool:
    """Whether both databases take it: what they don't, nothing stored equals."""
    return _IMPOSSIBLE.search(text) is None


def check_text(
    value: str,
    *,
    field: tuple[str, ...],
    limit: int,
    empty: ErrorCode | None = ErrorCode.INVALID,
    invalid: ErrorCode = ErrorCode.INVALID,
) -> str:
    """The text without surrounding white space, of at most `limit` code points.

    Raises `UserFault` with `field`: TOO_LONG with the limit, `invalid` for NUL and lone surrogates, `empty` when
    nothing of it would be seen (None: that is allowed and gives "").
    """
    text = value.strip()
    if len(text) > limit:
        raise UserFault(ErrorCode.TOO_LONG, f"Use at most {limit} characters.", field=field, limit=limit)
    if _IMPOSSIBLE.search(text):
        raise UserFault(invalid, "This text has characters that can't be kept.", field=field)
    if is_blank(text):
        if empty is not None:
            raise UserFault(empty, "Write something that can be seen.", field=field)
        return ""
    return text


def check_name(value: str, *, field: tuple[str, ...], limit: int, empty: ErrorCode | None = ErrorCode.INVALID) -> str:
    """As `check_text`, for a label on one line (names, titles): INVALID also for line breaks and (bidi) controls."""
    text = check_text(value, field=field, limit=limit, empty=empty)
    if _UNFIT_FOR_NAMES.search(text):
        raise UserFault(ErrorCode.INVALID, "Use one line without control characters.", field=field)
    return text


def camel_case(name: str) -> str:
    """A name of ours as the schema spells it: read_receipts → readReceipts."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
