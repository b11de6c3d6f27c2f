"""Scalars read what their standard says, and nothing else that Python would read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from graphql import GraphQLError

from app.core.graphql.scalars import SCALARS

READ = SCALARS[datetime].parse_value


@pytest.mark.parametrize(
    "text",
    ["2026-11-20T10:00:00Z", "2026-11-20T10:00:00.000Z", "2026-11-20t10:00:00z", "2026-11-20 12:00:00+02:00",
     "2026-11-20T10:00:00-00:00"],
)  # fmt: skip
def test_an_instant(text):
    assert READ(text) == datetime(2026, 11, 20, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["2026-W47-5T10:00:00Z", "20261120T100000Z", "2026-11-20", "2026-11-20T10:00Z", "2026-11-20T10:00:00",
     "2026-11-20T10:00:00+0200", "2026-11-20T10:00:00,5Z", "2026-02-30T10:00:00Z", "2026-11-20T10:00:60Z",
     "0001-01-01T00:00:00+23:59", "٢٠٢٦-11-20T10:00:00Z", "2026-11-20T10:00:00Z\n", "", 1, None, True],
    ids=repr,
)  # fmt: skip
def test_no_instant(text):
    with pytest.raises(GraphQLError, match="RFC 3339"):
        READ(text)
