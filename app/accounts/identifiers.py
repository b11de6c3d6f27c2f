"""What people are found by: usernames, e-mail addresses, phone numbers; how they are checked and normalised."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import phonenumbers

from app.core.errors import ErrorCode, UserFault
from app.core.text import check_name
from app.settings import AccountSettings

EMAIL_LENGTH = 255
PHONE_LENGTH = 32  # as typed, with spaces and dashes; E.164 itself has 15 digits

_USERNAME = re.compile(r"[A-Za-z0-9_]+")
_EMAIL_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_EMAIL_DOMAIN = re.compile(r"([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]")


@dataclass(slots=True, frozen=True)
class Identifier:
    """An identifier as typed and as compared. `key` is the lower-cased username or e-mail, or the E.164 number."""

    kind: Literal["username", "email", "phone"]
    text: str
    key: str


def check_username(value: str, settings: AccountSettings, *, field: tuple[str, ...] = ("username",)) -> Identifier:
    """Letters, digits and underscores (ASCII, so that no two look alike). Raises INVALID or TOO_LONG."""
    text = value.strip()
    if len(text) > settings.username_max:
        message = f"Use at most {settings.username_max} characters."
        raise UserFault(ErrorCode.TOO_LONG, message, field=field, limit=settings.username_max)
    if len(text) < settings.username_min or not _USERNAME.fullmatch(text):
        message = f"Use at least {settings.username_min} letters (A-Z), digits or underscores."
        raise UserFault(ErrorCode.INVALID, message, field=field)
    return Identifier("username", text, text.lower())


def check_display_name(value: str, settings: AccountSettings, *, field: tuple[str, ...] = ("displayName",)) -> str:
    """Any script on one line. Raises INVALID or TOO_LONG."""
    return check_name(value, field=field, limit=settings.display_name_length)


def check_email(value: str, *, field: tuple[str, ...] = ("email",)) -> Identifier:
    """An e-mail address, kept as typed, compared in lower case. Raises INVALID or TOO_LONG (over 255)."""
    text = value.strip()
    if len(text) > EMAIL_LENGTH:
        raise UserFault(ErrorCode.TOO_LONG, f"Use at most {EMAIL_LENGTH} characters.", field=field, limit=EMAIL_LENGTH)
    local, _, domain = text.rpartition("@")
    if len(local) > 64 or not _EMAIL_LOCAL.fullmatch(local) or not _EMAIL_DOMAIN.fullmatch(domain):
        raise UserFault(ErrorCode.INVALID, "This is not an e-mail address.", field=field)
    return Identifier("email", text, text.lower())


def check_phone(value: str, *, field: tuple[str, ...] = ("phoneNumber",)) -> Identifier:
    """A phone number with its country code, in any usual spelling, normalised to E.164. Raises INVALID.

    Only the length is checked against the country's plan: numbering plans change faster than servers are updated.
    """
    text = value.strip()
    fault = UserFault(ErrorCode.INVALID, "Write the number with its country code, e.g. +919876543210.", field=field)
    if len(text) > PHONE_LENGTH or not text.startswith("+"):
        raise fault
    try:
        number = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        raise fault from None
    if number.extension or not phonenumbers.is_possible_number(number):
        raise fault
    if phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.PREMIUM_RATE:
        raise fault  # SMS pumping: a code sent there pays the caller
    key = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return Identifier("phone", key, key)


def check_reachable(value: str, *, field: tuple[str, ...] = ("identifier",)) -> Identifier:
    """An e-mail address or a phone number: what a code can be sent to. Raises INVALID or TOO_LONG."""
    return check_email(value, field=field) if "@" in value else check_phone(value, field=field)


def guess_identifier(value: str, settings: AccountSettings) -> Identifier | None:
    """What a person typed to log in: e-mail with @, phone with +, else a username. None when it can be none of them."""
    try:
        if "@" in value or value.strip().startswith("+"):
            return check_reachable(value)
        return check_username(value, settings)
    except UserFault:
        return None
