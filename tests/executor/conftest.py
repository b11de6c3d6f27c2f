"""Collects what a test left behind while its warnings are still ignored."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _left_behind() -> Iterator[None]:
    yield
    gc.collect()
