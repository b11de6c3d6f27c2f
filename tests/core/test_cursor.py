"""The codec of cursors."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.log import PARTITIONS, decode_cursor, encode_cursor

TAGS = st.integers(-(1 << 63), (1 << 63) - 1)
VECTORS = st.lists(st.tuples(st.integers(0, (1 << 62)), TAGS), min_size=PARTITIONS, max_size=PARTITIONS).map(tuple)


@given(vector=VECTORS, epoch=TAGS)
def test_a_cursor_matches_the_log_it_was_made_from(vector, epoch):
    cursor = decode_cursor(encode_cursor(vector, epoch))

    assert cursor is not None
    assert cursor.positions == tuple(position for position, _ in vector)
    assert cursor.matches(vector, epoch)


@given(vector=VECTORS, epoch=TAGS, at=st.integers(0, PARTITIONS - 1), other=TAGS)
def test_another_tag_or_epoch_is_another_log(vector, epoch, at, other):
    cursor = decode_cursor(encode_cursor(vector, epoch))
    position, tag = vector[at]
    changed = (*vector[:at], (position, other), *vector[at + 1 :])

    assert cursor.matches(changed, epoch) == (other == tag)
    assert cursor.matches(vector, other) == (other == epoch)


@given(st.one_of(st.text(max_size=500), st.binary(max_size=300).map(lambda b: base64.urlsafe_b64encode(b).decode())))
def test_nonsense_is_no_cursor_and_no_error(text):
    cursor = decode_cursor(text)

    assert cursor is None or len(cursor.positions) == PARTITIONS


@pytest.mark.parametrize("busy", [0, 1 << 14, 1 << 35])
def test_length(busy):
    assert len(encode_cursor(tuple((busy, -1) for _ in range(PARTITIONS)), 1)) <= 140
