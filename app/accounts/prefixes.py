"""Dial codes of all countries, for the picker beside a phone number field."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import phonenumbers

from app.accounts.country_names import COUNTRY_NAMES

_REGIONAL_A = 0x1F1E6  # "regional indicator symbol letter A": two of them make a flag


@dataclass(slots=True, frozen=True)
class Prefix:
    """A country: its English name, ISO code, dial code with +, and flag."""

    country: str
    country_code: str
    dial_code: str
    flag: str


@lru_cache(maxsize=1)
def all_prefixes() -> tuple[Prefix, ...]:
    """Every country phone numbers are known of, by name."""
    found = (_prefix(region) for region in phonenumbers.SUPPORTED_REGIONS)
    return tuple(sorted(found, key=lambda p: (p.country, p.country_code)))


def prefixes(dial_codes: list[str]) -> list[Prefix]:
    """Those with one of the dial codes (with or without +); all when the list is empty."""
    wanted = {f"+{code.lstrip('+')}" for code in dial_codes}
    return [p for p in all_prefixes() if not wanted or p.dial_code in wanted]


def _prefix(region: str) -> Prefix:
    flag = "".join(chr(_REGIONAL_A + ord(letter) - ord("A")) for letter in region)
    return Prefix(COUNTRY_NAMES.get(region, region), region, f"+{phonenumbers.country_code_for_region(region)}", flag)
