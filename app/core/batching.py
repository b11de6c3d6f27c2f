"""Reads of many waiters in one statement: whoever asks while a statement runs shares the next one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Batch(Generic[K, V]):
    """`get(key)` answers from a statement that began after the call, never from one already on its way."""

    def __init__(self, read: Callable[[Sequence[K]], Awaitable[Mapping[K, V]]], limit: int) -> None:
        self._read = read
        self._limit = limit
        self._waiting: dict[K, asyncio.Future[V]] = {}
        self._task: asyncio.Task[None] | None = None

    async def get(self, key: K) -> V:
        """The value of a key; raises what the read raises."""
        future = self._waiting.get(key)
        if future is None:
            future = self._waiting[key] = asyncio.get_running_loop().create_future()
        if self._task is None:
            self._task = asyncio.create_task(self._run())
        return await asyncio.shield(future)  # others may wait for the same key

    async def _run(self) -> None:
        try:
            while self._waiting:
                keys = list(self._waiting)[: self._limit]
                batch = {key: self._waiting.pop(key) for key in keys}
                await self._serve(batch)
        finally:
            self._task = None

    async def _serve(self, batch: Mapping[K, asyncio.Future[V]]) -> None:
        try:
            found = await self._read(list(batch))
        except asyncio.CancelledError:
            for future in batch.values():
                future.cancel()
            raise
        except BaseException as error:
            for future in batch.values():
                if not future.done():
                    future.set_exception(error)
                    future.exception()  # a waiter that was cancelled must not cause "never retrieved"
            return
        for key, future in batch.items():
            if not future.done():
                future.set_result(found[key])
