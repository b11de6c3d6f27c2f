"""How identifiers are checked and normalised."""

import pytest

from app.accounts.identifiers import check_email, check_phone, check_username, guess_identifier
from app.core.errors import ErrorCode, UserFault
from app.settings import AccountSettings

SETTINGS = AccountSettings()


def refusal(check, *values) -> ErrorCode:
    with pytest.raises(UserFault) as refused:
        check(*values)
    return refused.value.code


@pytest.mark.parametrize("text", ["a@b.co", "First.Last+tag@sub.Example.org", "o'neil@x-y.de", "a@xn--mnchen-3ya.de"])
def test_addresses_are_kept_as_typed_and_compared_in_lower_case(text):
    email = check_email(f" {text} ")
    assert (email.text, email.key) == (text, text.lower())


@pytest.mark.parametrize(
    "text",
    ["", "a", "@b.co", "a@", "a@b", "a b@c.de", ".a@c.de", "a.@c.de", "a..b@c.de", "a@-c.de", "a@c-.de", "a@c..de",
     "a@c.d", "a@[1.2.3.4]", "a@1.2.3.4", "a@b@c.de", '"a"@c.de', "ä@c.de", "a\n@c.de", f"{'a' * 65}@c.de"],
)  # fmt: skip
def test_what_is_no_address(text):
    assert refusal(check_email, text) is ErrorCode.INVALID


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("+919876543210", "+919876543210"),
        ("+91 98765-43210", "+919876543210"),
        ("+49 (0) 151 12345678", "+4915112345678"),
        ("+1 555 555 0100", "+15555550100"),
    ],
)
def test_numbers_become_e164(text, key):
    assert check_phone(text).key == key


@pytest.mark.parametrize(
    "text",
    ["", "9876543210", "+", "+1", "+999123456789", "+91 98765", "+9198765432101234", "tel:+1555", "+19005550100",
     "+15555550100 ext. 5", "+1 555 555 0100" * 9],
)  # fmt: skip
def test_what_is_no_number_or_too_dear(text):
    assert refusal(check_phone, text) is ErrorCode.INVALID


def test_usernames():
    assert check_username(" Al_1ce ", SETTINGS).key == "al_1ce"
    for bad in ("", "ab", "a b c", "a-b-c", "zoë", "аlice", "alice\u200b", "a\x00b", "ａlice"):
        assert refusal(check_username, bad, SETTINGS) is ErrorCode.INVALID
    assert refusal(check_username, "a" * 51, SETTINGS) is ErrorCode.TOO_LONG


@pytest.mark.parametrize(
    ("text", "kind"),
    [("alice", "username"), ("12345", "username"), ("a@b.co", "email"), (" +49 151 12345678", "phone"), ("a b", None),
     ("", None), ("@", None), ("+", None)],
)  # fmt: skip
def test_what_is_typed_to_log_in(text, kind):
    guessed = guess_identifier(text, SETTINGS)
    assert (guessed and guessed.kind) == kind
