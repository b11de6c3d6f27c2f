"""Loads of one operation, batched: keys asked for in the same tick become one call of a batch function.

Strawberry's DataLoader does the same with a task object, a callback and a closure for each key.
"""

from __future__ import annotations

import asyncio
from asyncio import Future
from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Value(Future[V]):
    """A value that several may wait for. A task that is cancelled cancels what it waits for: this takes effect when all
    who wait have given up, so that nobody takes the value from the others."""

    def cancel(self, msg: Any = None) -> bool:
        """See the class. Tasks that are being cancelled have given up, and gather() and the like hand on that they were
        cancelled; what an execution has to call (promises, cells) never gives up."""
        for callback, _ in self._callbacks or ():
            waits = getattr(callback, "__self__", None)
            if waits is not None and not (isinstance(waits, asyncio.Task) and waits.cancelling()):
                return False
        return super().cancel(msg)

    def abandon(self) -> None:
        """Cancels it for all."""
        super().cancel()


class Loader(Generic[K, V]):
    """Remembers what it has loaded. A value that is an exception is raised where it is awaited."""

    __slots__ = ("_known", "_load", "_loop", "_primed", "_tasks", "_waiting")

    def __init__(self, load: Callable[[Sequence[K]], Awaitable[Sequence[V]]]) -> None:
        self._load = load
        self._loop = asyncio.get_running_loop()
        self._known: dict[K, Value[Any]] = {}
        self._primed: dict[K, Any] = {}  # values nobody has asked for
        self._waiting: list[K] | None = None
        self._tasks: set[asyncio.Task[None]] = set()  # the loop keeps no more than weak references

    def load(self, key: K) -> Future[V]:
        """The value of a key, when it is there."""
        known = self._known.get(key)
        if known is not None and not known.cancelled():
            return known
        future = self._known[key] = Value(loop=self._loop)
        if key in self._primed:
            future.set_result(self._primed.pop(key))
            return future
        if self._waiting is None:
            self._waiting = []
            self._loop.call_soon(self._begin)
        self._waiting.append(key)
        return future

    def load_many(self, keys: Iterable[K]) -> Future[list[V]]:
        """The values of several keys, in their order."""
        return asyncio.gather(*map(self.load, keys))

    def prime(self, key: K, value: V) -> None:
        """Remembers a value that somebody already has, unless the key is known or under way."""
        if key not in self._known:
            self._primed.setdefault(key, value)

    def prime_many(self, values: Mapping[K, V]) -> None:
        """As `prime`, for several."""
        known = self._known
        self._primed |= {key: values[key] for key in values if key not in known} if known else values

    def abandon(self) -> None:
        """Ends the calls under way, and begins no more for what was asked: nobody should wait for it any more. Whoever
        does is cancelled."""
        for future in self._known.values():
            future.abandon()
        for task in self._tasks:
            task.cancel()

    def _begin(self) -> None:
        # A tick later, in a task: whoever was woken together with the first to ask has asked by then.
        task = self._loop.create_task(self._run())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self) -> None:
        asked, self._waiting = self._waiting or [], None
        wanted = {key: future for key in asked if not (future := self._known[key]).cancelled()}
        if not wanted:
            return
        try:
            values = await self._load(list(wanted))
            if len(values) != len(wanted):
                raise ValueError(f"{self._load} gave {len(values)} values for {len(wanted)} keys")
        except Exception as error:
            for future in wanted.values():
                if not future.done():
                    future.set_exception(error)
            return
        except asyncio.CancelledError:
            for future in wanted.values():
                future.abandon()
            raise
        for future, value in zip(wanted.values(), values, strict=True):
            if future.done():
                continue
            if isinstance(value, BaseException):
                future.set_exception(value)
            else:
                future.set_result(value)
