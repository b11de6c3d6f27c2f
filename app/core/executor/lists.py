"""Lists: each item completed by itself, those that have to be waited for together."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from types import CoroutineType
from typing import TYPE_CHECKING, Any

from graphql import GraphQLError, GraphQLList, is_non_null_type
from graphql.error import located_error
from graphql.execution.executor import collect_iterator_awaitables
from graphql.pyutils import gather_with_cancel, is_awaitable, is_iterable
from strawberry.types.cast import TYPE_CAST_ATTRIBUTE as CAST

from app.core.executor.leaves import exact_type
from app.core.executor.run import Complete, Run, Site, Trail, is_later, keys
from app.core.executor.waiting import guarded, wait_for

if TYPE_CHECKING:
    from app.core.executor.selection import Selection


def compile_list(
    site: Site,
    type_: GraphQLList[Any],
    item: Complete,
    selection: Selection | None,
    by_class: dict[type, Selection] | None,
) -> Complete:
    """The completion of lists whose items are completed by `item`. `selection`: what is selected of objects in them;
    `by_class`: the same of an interface or union (`classes_of`)."""
    exact = exact_type(type_.of_type)
    items = _Items(site, item, selection, by_class, required=is_non_null_type(type_.of_type))

    def complete_list(run: Run, value: Any, trail: Trail) -> Any:
        kind = type(value)
        if kind is not list and kind is not tuple:
            if hasattr(value, "__aiter__"):
                return items.complete_async(run, value.__aiter__(), trail)
            if not is_iterable(value):
                raise GraphQLError(
                    f"Expected Iterable, but did not find one for field '{site.parent_type}.{site.field_name}'."
                )
        elif exact is not None and all(type(one) is exact for one in value):
            return [*value]
        return items.complete(run, iter(value), trail)

    return complete_list


class _Items:
    """How the items of one list field are completed."""

    __slots__ = ("_by_class", "_item", "_required", "_selection", "_site")

    def __init__(
        self,
        site: Site,
        item: Complete,
        selection: Selection | None,
        by_class: dict[type, Selection] | None,
        *,
        required: bool,
    ) -> None:
        self._site = site
        self._item = item
        self._selection = selection
        self._by_class = by_class
        self._required = required

    def complete(self, run: Run, iterator: Iterator[Any], trail: Trail) -> Any:
        """The list, or a coroutine of it."""
        item, site, required, selection = self._item, self._site, self._required, self._selection
        by_class = self._by_class
        results: list[Any] = []
        waiting: list[int] = []
        try:
            for index, value in enumerate(iterator):
                place = (trail, index, None)
                try:
                    if selection and type(value) is selection.kind and getattr(value, CAST, None) is None:
                        done = selection.execute(run, value, place)
                    elif by_class and (found := by_class.get(type(value))) and getattr(value, CAST, None) is None:
                        done = found.execute(run, value, place)
                    elif is_later(value):
                        results.append(wait_for(run, value, item, site, place, required))
                        waiting.append(index)
                        continue
                    else:
                        done = item(run, value, place)
                    if type(done) is CoroutineType:
                        done = guarded(run, done, site, place, required)
                        waiting.append(index)
                except Exception as raw:
                    run.fail(raw, site, place, required=required)
                    done = None
                results.append(done)
        except Exception:
            left = [results[n] for n in waiting]
            left.extend(collect_iterator_awaitables(iterator, is_awaitable))
            if left:
                run.settle(left)
            raise
        return _gathered(results, waiting) if waiting else results

    async def complete_async(self, run: Run, iterator: AsyncIterator[Any], trail: Trail) -> list[Any]:
        """The list of what an async iterator yields."""
        results: list[Any] = []
        waiting: list[int] = []
        try:
            while True:
                place = (trail, len(results), None)
                try:
                    value = await anext(iterator)
                except StopAsyncIteration:
                    break
                except Exception as raw:
                    raise located_error(raw, self._site.nodes, keys(trail)) from raw
                self._add(run, value, place, results, waiting)
        except Exception:
            if (close := getattr(iterator, "aclose", None)) is not None:
                with suppress(Exception):
                    await close()
            if waiting:
                run.settle([results[n] for n in waiting])
            raise
        return await _gathered(results, waiting) if waiting else results

    def _add(self, run: Run, value: Any, place: Trail, results: list[Any], waiting: list[int]) -> None:
        if is_later(value):
            waiting.append(len(results))
            results.append(wait_for(run, value, self._item, self._site, place, self._required))
            return
        try:
            done = self._item(run, value, place)
            if type(done) is CoroutineType:
                done = guarded(run, done, self._site, place, self._required)
                waiting.append(len(results))
        except Exception as raw:
            run.fail(raw, self._site, place, required=self._required)
            done = None
        results.append(done)


async def _gathered(results: list[Any], waiting: list[int]) -> list[Any]:
    if len(waiting) == 1:
        results[waiting[0]] = await results[waiting[0]]
        return results
    done: list[Any] = await gather_with_cancel(*(results[n] for n in waiting))
    for index, value in zip(waiting, done, strict=True):
        results[index] = value
    return results
