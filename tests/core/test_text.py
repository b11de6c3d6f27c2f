"""What may be in a text a person typed."""

import pytest

from app.core.errors import ErrorCode, UserFault
from app.core.text import check_name, check_text

FIELD = ("text",)


def refusal(check, value: str, **options) -> UserFault:
    with pytest.raises(UserFault) as caught:
        check(value, field=FIELD, limit=10, **options)
    assert caught.value.field == FIELD
    return caught.value


def test_white_space_around_is_dropped_and_the_rest_kept():
    assert check_text("  two\nlines \n", field=FIELD, limit=10) == "two\nlines"
    assert check_name(" Zoë 🎉", field=FIELD, limit=10) == "Zoë 🎉"


def test_length_is_counted_in_code_points():
    assert check_text("🎉" * 10, field=FIELD, limit=10) == "🎉" * 10
    fault = refusal(check_text, "🎉" * 11)
    assert (fault.code, fault.limit) == (ErrorCode.TOO_LONG, 10)


@pytest.mark.parametrize("value", ["a\x00b", "\ud800", "a\udfffb"])
def test_what_no_store_can_keep_is_refused(value):
    assert refusal(check_text, value).code is ErrorCode.INVALID


@pytest.mark.parametrize("value", ["", " \t\n", "\u200b\u200d\ufeff", "\u2800", "\u3164", "\ufe0f", "\u00a0"])
def test_what_nobody_would_see_is_empty(value):
    assert refusal(check_text, value, empty=ErrorCode.CONTENT_EMPTY).code is ErrorCode.CONTENT_EMPTY
    assert check_text(value, field=FIELD, limit=10, empty=None) == ""


@pytest.mark.parametrize("value", ["a\nb", "a\tb", "a\u202eb", "a\u2066b", "a\x7fb", "a\u2028b"])
def test_names_are_one_line_without_controls(value):
    assert refusal(check_name, value).code is ErrorCode.INVALID
    assert check_text(value, field=FIELD, limit=10) == value
