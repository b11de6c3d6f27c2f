"""The loader of one operation: what is asked for in one tick is one call, and what becomes of calls that fail or are
given up."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from app.core.graphql.loading import Loader


class Source:
    """A batch function that remembers what it was asked for."""

    def __init__(self, *, stuck: bool = False) -> None:
        self.calls: list[list[int]] = []
        self.ended: list[str] = []
        self._stuck = stuck

    async def __call__(self, keys: Sequence[int]) -> Sequence[Any]:
        self.calls.append([*keys])
        try:
            if self._stuck:
                await asyncio.get_running_loop().create_future()
            await asyncio.sleep(0)
        except asyncio.CancelledError:
            self.ended.append("cancelled")
            raise
        return [KeyError(key) if key < 0 else key * 10 for key in keys]


async def test_keys_of_one_tick_are_one_call_and_remembered():
    source = Source()
    loader = Loader(source)

    async def in_another_task() -> Any:
        return await loader.load(3)

    assert await asyncio.gather(loader.load(1), loader.load(2), loader.load(1), in_another_task()) == [10, 20, 10, 30]
    assert await loader.load_many([2, 1]) == [20, 10]
    assert source.calls == [[1, 2, 3]]


async def test_an_error_is_its_own_keys_alone():
    loader = Loader(Source())
    found = await asyncio.gather(loader.load(-1), loader.load(1), loader.load(-1), return_exceptions=True)
    assert [type(one) for one in found] == [KeyError, int, KeyError]


async def test_a_call_that_fails_fails_all_its_keys():
    async def load(keys: Sequence[int]) -> Sequence[int]:
        if len(keys) > 1:
            raise RuntimeError("no database")
        return [1, 2]

    found = await asyncio.gather(*map(Loader(load).load, (1, 2)), return_exceptions=True)
    assert [str(one) for one in found] == ["no database"] * 2
    with pytest.raises(ValueError, match="gave 2 values for 1 keys"):
        await Loader(load).load(1)


async def test_primed_values_are_known_at_once_and_displace_nothing():
    source = Source()
    loader = Loader(source)
    loader.prime(1, 7)
    loader.prime(1, 8)
    assert loader.load(1).done()
    assert await asyncio.gather(loader.load(1), loader.load(2)) == [7, 20]
    loader.prime(2, 9)
    assert await loader.load(2) == 20
    assert source.calls == [[2]]


async def test_a_key_whose_future_was_cancelled_is_asked_for_again():
    source = Source()
    loader = Loader(source)
    loader.load(1).cancel()
    assert await loader.load(1) == 10
    loader.load(2).cancel()  # and if nobody else asks, nothing is called
    await asyncio.sleep(0.01)
    assert source.calls == [[1]]


async def test_abandon_ends_the_calls_under_way():
    source = Source(stuck=True)
    loader = Loader(source)
    waiting = loader.load(1)
    while not source.calls:
        await asyncio.sleep(0)
    loader.abandon()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(waiting, 5)
    assert source.ended == ["cancelled"]


async def test_abandon_before_the_call_began():
    source = Source(stuck=True)
    loader = Loader(source)
    waiting = loader.load(1)
    loader.abandon()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(waiting, 5)
    await asyncio.sleep(0.01)
    assert source.calls == []


async def test_an_abandoned_loader_keeps_what_it_knew():
    source = Source()
    loader = Loader(source)
    assert await loader.load(1) == 10
    loader.abandon()
    assert await asyncio.gather(loader.load(1), loader.load(2)) == [10, 20]


async def test_who_gives_up_does_not_take_the_value_from_others():
    source = Source()
    loader = Loader(source)
    one, other = (asyncio.ensure_future(_awaits(loader.load(1))) for _ in range(2))
    await asyncio.sleep(0)
    one.cancel()
    one.cancel()  # as nested groups of tasks do
    assert await other == 10
    with pytest.raises(asyncio.CancelledError):
        await one


async def test_what_all_have_given_up_is_cancelled():
    loader = Loader(Source(stuck=True))
    tasks = [asyncio.ensure_future(_awaits(loader.load(1))) for _ in range(2)]
    tasks.append(asyncio.ensure_future(_awaits(loader.load_many([1, 2]))))
    await asyncio.sleep(0.01)
    for task in tasks:
        task.cancel()
    found = await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 5)
    assert [type(one) for one in found] == [asyncio.CancelledError] * 3


async def _awaits(future: asyncio.Future[Any]) -> Any:
    return await future
