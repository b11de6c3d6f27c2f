"""Deadlines: as asyncio.timeout, with one timer for all."""

from __future__ import annotations

import asyncio

import pytest

from app.core.transport.deadlines import Deadlines


async def test_what_takes_too_long_is_cancelled() -> None:
    deadlines, cancelled = Deadlines(), False
    with pytest.raises(TimeoutError), deadlines.within(0.01):
        try:
            await asyncio.Future[None]()
        except asyncio.CancelledError:
            cancelled = True
            raise
    assert cancelled
    task = asyncio.current_task()
    assert task is not None
    assert not task.cancelling()


async def test_what_ends_in_time_is_left_alone() -> None:
    deadlines, done = Deadlines(), asyncio.Event()
    with deadlines.within(0.01):
        await asyncio.sleep(0)
    with pytest.raises(ValueError, match="own"), deadlines.within(0.01):
        raise ValueError("own")
    deadlines.after(0.02, done.set)  # both would have ended before it
    async with asyncio.timeout(3):
        await done.wait()


async def test_a_cancellation_of_somebody_else_stays_one() -> None:
    deadlines = Deadlines()

    async def run() -> None:
        with deadlines.within(30):
            await asyncio.Future[None]()

    task = asyncio.create_task(run())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_what_is_dropped_is_not_done() -> None:
    deadlines, done, dropped = Deadlines(), asyncio.Event(), []
    deadlines.drop(deadlines.after(0.01, lambda: dropped.append(1)))
    deadlines.after(0.02, done.set)
    async with asyncio.timeout(3):
        await done.wait()
    assert not dropped
