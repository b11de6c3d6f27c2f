"""Collects what a test left behind while its warnings are still ignored."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from app.core.executor.selection import Selection


@pytest.fixture(autouse=True, params=(0, 2, 10**9), ids=["written", "written-soon", "looped"])
def _selections(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test with selections written out at once, on the way, and never."""
    monkeypatch.setattr(Selection, "often", request.param)


@pytest.fixture(scope="package", autouse=True)
def _older() -> None:
    """What is older than these tests is left out of their collections: walking it takes half a second each time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _left_behind(_older: None) -> Iterator[None]:
    yield
    gc.collect()
    gc.freeze()  # what stays (schemas, plans, hypothesis' own) is not walked again after each of 450 tests
