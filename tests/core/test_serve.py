"""The collection of garbage in a server."""

from __future__ import annotations

import asyncio
import gc
import weakref

import pytest

from app import serve


class Circle:
    """Holds itself."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def _by_hand():
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("_by_hand")
@pytest.mark.parametrize("is_old", [False, True])
async def test_what_holds_itself_is_freed(monkeypatch: pytest.MonkeyPatch, is_old: bool):
    monkeypatch.setattr(serve, "_SWEEP_SECONDS", 0.001)
    monkeypatch.setattr(serve, "_ALL_SECONDS", 0.01 if is_old else 60.0)
    circle = Circle()
    if is_old:
        gc.collect(1)  # it lived longer than a sweep
    last = weakref.ref(circle)
    del circle

    serve.Sweeper(asyncio.get_running_loop()).sweep()
    async with asyncio.timeout(5):
        while last() is not None:
            await asyncio.sleep(0.001)
