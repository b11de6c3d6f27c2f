"""How texts are compared in searches: without case, accents and width, in every script; and how a match is shown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from html import escape
from urllib.parse import urlsplit

WORDS = 10  # of one query; what follows is ignored
SNIPPET = 60  # code points on each side of the first match
LINK = "\x01link"  # what the index has instead of a word where a text has a link: no text can have it
_LINK = re.compile(r"https?://[^\s<>\"]{2,}|\bwww\.[^\s<>\"]{3,}", re.IGNORECASE)
_ADDRESS = re.compile(r"https://[^\s<>\"\x00-\x1f]{1,2000}", re.IGNORECASE)
_CLOSING = {")": "(", "]": "[", "}": "{"}
_TERM = re.compile(r'"([^"]+)"|(\S+)')


def fold(text: str) -> str:
    """The text as it is compared. Folds each character by itself, so that `_places` can tell where a match stands."""
    return "".join(map(_fold, text))


def _fold(character: str) -> str:
    if character.isascii():
        return " " if character.isspace() else character.lower()
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    kept = "".join(c for c in folded if not unicodedata.combining(c))
    return " " if kept.isspace() else kept


def has_link(text: str) -> bool:
    """Whether the text has an http(s) address."""
    return _LINK.search(text) is not None


def first_link(text: str) -> str | None:
    """The first https address in a text, without what ends the sentence around it."""
    for match in _ADDRESS.finditer(text):
        url = match[0].rstrip(".,;:!?'*_~")
        while url and url[-1] in _CLOSING and url.count(url[-1]) > url.count(_CLOSING[url[-1]]):
            url = url[:-1].rstrip(".,;:!?'*_~")
        try:
            if urlsplit(url).hostname:
                return url
        except ValueError:  # [ of an address that is none
            continue
    return None


def terms_of(query: str) -> tuple[str, ...]:
    """What a message must have, all of it and anywhere in words: the words of a query, and its "quoted phrases"."""
    found = (fold(match[1] or match[2]).strip() for match in _TERM.finditer(query))
    return tuple(dict.fromkeys(term for term in found if term))[:WORDS]


def matches(text: str, terms: Sequence[str]) -> bool:
    """Whether the text has all the terms."""
    folded = fold(text)
    return all(term in folded for term in terms)


def grams_of(term: str) -> list[str]:
    """The grams by which the index finds a term: its threes, or itself if it is two characters; nothing for one. SQL
    makes the same of bodies (`parley_grams` in the migration)."""
    return [term] if len(term) == 2 else sorted({term[n : n + 3] for n in range(len(term) - 2)})


def snippet(text: str, terms: Sequence[str]) -> str:
    """The text around its first match, as HTML: escaped, each match between <mark> and </mark>."""
    ranges = _ranges(text, terms)
    first = ranges[0][0] if ranges else 0
    start, end = max(0, first - SNIPPET), min(len(text), first + 2 * SNIPPET)
    parts, at = ["…" if start else ""], start
    for low, high in ranges:
        if low >= end:
            break
        low, high = max(low, at), min(high, end)
        if low < high:
            parts += [escape(text[at:low]), "<mark>", escape(text[low:high]), "</mark>"]
            at = high
    return "".join([*parts, escape(text[at:end]), "…" if end < len(text) else ""])


def _ranges(text: str, terms: Sequence[str]) -> list[tuple[int, int]]:
    """Where the terms stand in the text itself, in order; they may overlap."""
    folded = [_fold(character) for character in text]
    places = [n for n, part in enumerate(folded) for _ in part]  # of each folded character: the one it came from
    whole = "".join(folded)
    found = []
    for term in terms:
        at = whole.find(term)
        while at >= 0:
            found.append((places[at], places[at + len(term) - 1] + 1))
            at = whole.find(term, at + len(term))
    return sorted(found, key=lambda place: (place[0], -place[1]))
