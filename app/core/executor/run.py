"""One execution of a plan: its variables and context, the errors so far, and what resolvers may ask about it.

A Trail is graphql-core's Path without the class: (trail before, key, field; None for an item of a list). Most are never
looked at, so they must be cheap to make.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from types import CoroutineType
from typing import TYPE_CHECKING, Any, TypeAlias

from graphql import (
    FieldNode,
    GraphQLError,
    GraphQLField,
    GraphQLObjectType,
    GraphQLResolveInfo,
    get_nullable_type,
    is_non_null_type,
)
from graphql.error import located_error
from graphql.execution.collect_fields import FieldDetails
from graphql.execution.values import VariableValues
from graphql.pyutils import Path, gather_with_cancel, is_awaitable
from graphql.type import GraphQLResolveInfoHelpers

if TYPE_CHECKING:
    from app.core.executor.shape import Scope

Trail: TypeAlias = "tuple[Trail | None, str | int, Site | None]"
Complete: TypeAlias = Callable[["Run", Any, "Trail"], Any]
Resolve: TypeAlias = Callable[["Run", Any, "Trail"], Any]

_KINDS = 10_000  # classes remembered; a program that makes classes as it goes starts over
_plain: set[type] = {str, int, float, bool, bytes, list, dict, tuple, type(None)}  # surely no awaitables
# How attributes are usually got. Types written in C have a function of their own for it that does the same.
_USUAL = frozenset(
    kind.__getattribute__
    for kind in (
        object,
        str,
        int,
        float,
        bytes,
        list,
        dict,
        tuple,
        set,
        frozenset,
        date,
        datetime,
        time,
        timedelta,
        Decimal,
    )
)


def is_later(value: Any) -> bool:
    """Whether graphql-core would await this value. Remembers the classes whose objects never are."""
    kind: Any = type(value)
    if kind in _plain:
        return False
    if is_awaitable(value):
        return True
    if kind.__getattribute__ in _USUAL and not _answers_for_others(kind):
        if len(_plain) > _KINDS:
            _plain.intersection_update((str, int, float, bool, bytes, list, dict, tuple, type(None)))
        if not _waits_sometimes(kind):
            _plain.add(kind)
    return False


def is_plain(kind: type) -> bool:
    """Whether it is known that objects of the class are never awaited."""
    return kind in _plain


def _answers_for_others(kind: type) -> bool:
    """Whether its objects have any attribute that is asked for. (hasattr would find what the metaclass has: Enum's.)"""
    return any("__getattr__" in vars(one) for one in kind.__mro__)


def _waits_sometimes(kind: type) -> bool:
    """Generators are awaitable by their code, other objects by their class."""
    return kind.__name__ == "generator" or hasattr(kind, "__await__")


@dataclass(slots=True, frozen=True, eq=False)
class Site:
    """A field of a selection on one object type, however often it was written there."""

    scope: Scope
    field_name: str
    declared: GraphQLField
    parent_type: GraphQLObjectType
    details: list[FieldDetails]
    nodes: list[FieldNode]

    def info(self, run: Run, trail: Trail) -> GraphQLResolveInfo[Any]:
        """What graphql-core hands to a resolver of this field."""
        scope = self.scope
        return GraphQLResolveInfo(
            self.field_name, [*self.nodes], self.declared.type, self.parent_type, as_path(trail), scope.schema,
            scope.fragment_definitions, run.root, scope.operation, run.variables, run.context, is_awaitable, None,
            run.helpers,
        )  # fmt: skip


class Run:
    """See the module. Made for one execution."""

    __slots__ = (
        "_aborted",
        "_emptied",
        "_fatal",
        "_helpers",
        "_kept",
        "background",
        "cells",
        "coerced",
        "context",
        "errors",
        "hide_suggestions",
        "nulled",
        "promises",
        "root",
        "tasks",
        "variables",
    )

    def __init__(self, root: Any, context: Any, variables: VariableValues, *, hide_suggestions: bool) -> None:
        self.root = root
        self.context = context
        self.variables = variables
        self.coerced = variables.coerced
        self.hide_suggestions = hide_suggestions
        self.errors: list[GraphQLError] = []
        self.nulled: set[Trail | None] = set()
        self.background: set[asyncio.Future[Any]] = set()
        self.promises = 0  # fields under way that nobody awaits (promises.py)
        self.tasks: set[asyncio.Future[Any]] = set()  # of promises
        self.cells: dict[Site, dict[Any, Any]] = {}  # what is loaded (loads.py)
        self._kept: asyncio.Future[None] | None = None
        self._emptied: list[Trail] = []  # places that became null after their objects had been made
        self._fatal: GraphQLError | None = None  # leaves no place for null at all
        self._aborted: BaseException | None = None
        self._helpers: GraphQLResolveInfoHelpers | None = None

    @property
    def helpers(self) -> GraphQLResolveInfoHelpers:
        """info.async_helpers."""
        if self._helpers is None:
            self._helpers = GraphQLResolveInfoHelpers(gather=_gather, track=partial(_track, self.background))
        return self._helpers

    def fail(self, raw: Exception, site: Site, trail: Trail, *, required: bool) -> None:
        """Reports what a field or item raised, and lets it be null. Raises it located where null is not allowed."""
        error = located_error(raw, site.nodes, keys(trail))
        if required:
            raise error
        self.report(error, trail)

    def fail_late(self, raw: Exception, site: Site, trail: Trail, *, required: bool) -> None:
        """As `fail`, when the objects around are made already: `finish` makes null what must be."""
        error = located_error(raw, site.nodes, keys(trail))
        place: Trail | None = trail
        if required:
            place = nullable_place(trail)
            if place is None:
                self._fatal = self._fatal or error
                return
            self._emptied.append(place)
        self.report(error, place)

    def report(self, error: GraphQLError, trail: Trail | None) -> None:
        """Keeps an error, unless its place is null already for another one."""
        nulled = self.nulled
        if nulled:
            place = trail
            while place is not None:
                if place in nulled:
                    return
                place = place[0]
            if None in nulled:
                return
        nulled.add(trail)
        self.errors.append(error)

    def keep_promise(self) -> None:
        """One field less is under way."""
        self.promises -= 1
        if not self.promises:
            self._wake()

    def abort(self, error: BaseException) -> None:
        """Ends the execution with what no field may catch: the cancellation of something it waits for."""
        self._aborted = error
        self._wake()

    def _wake(self) -> None:
        if self._kept is not None and not self._kept.done():
            self._kept.set_result(None)

    async def finish(self, done: Any) -> Any:
        """What execute_fields returned, when all of it is there. Raises what leaves no place for null."""
        if type(done) is CoroutineType:
            done = await done
        if self.promises:
            self._kept = asyncio.get_running_loop().create_future()
            try:
                if self._aborted is None:
                    await self._kept
                if self._aborted is not None:
                    raise self._aborted
            except BaseException:  # cancelled
                for task in self.tasks:
                    task.cancel()
                raise
        self.cells.clear()  # they know this run: a cycle, which only the collector would end
        if self._fatal is not None:
            raise self._fatal
        while self._emptied:
            _empty(done, keys(self._emptied.pop()))
        return done

    def settle(self, waiting: Sequence[Awaitable[Any]]) -> None:
        """Lets awaitables end that nobody waits for any more: an error has taken their place in the answer."""
        _settle(self.background, waiting)


def _settle(background: set[asyncio.Future[Any]], waiting: Sequence[Awaitable[Any]]) -> None:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        for one in waiting:
            if isinstance(one, CoroutineType):
                one.close()
        return
    future = asyncio.gather(*waiting, return_exceptions=True)
    background.add(future)
    future.add_done_callback(background.discard)


def _track(background: set[asyncio.Future[Any]], values: Sequence[Any]) -> None:
    waiting = [value for value in values if is_awaitable(value)]
    if waiting:
        _settle(background, waiting)


def _gather(values: Sequence[Awaitable[Any]]) -> Awaitable[list[Any]]:
    return gather_with_cancel(*values)


def keys(trail: Trail | None) -> list[str | int]:
    """The path of an error."""
    found = []
    while trail is not None:
        found.append(trail[1])
        trail = trail[0]
    found.reverse()
    return found


def nullable_place(trail: Trail) -> Trail | None:
    """The innermost place around this one where null is allowed; None: that is the whole answer."""
    place = trail[0]
    while place is not None and _is_required(place):
        place = place[0]
    return place


def _is_required(place: Trail) -> bool:
    depth = 0
    while place[2] is None:  # an item of a list
        assert place[0] is not None, "a list is in a field"
        place, depth = place[0], depth + 1
    type_: Any = place[2].declared.type
    for _ in range(depth):
        type_ = get_nullable_type(type_).of_type
    return is_non_null_type(type_)


def _empty(answer: Any, path: list[str | int]) -> None:
    """Makes the value at this path null, unless something around it is."""
    for key in path[:-1]:
        if answer is None:
            return
        answer = answer[key]
    if answer is not None:
        answer[path[-1]] = None


def as_path(trail: Trail | None) -> Any:
    """graphql-core's Path of a trail."""
    return None if trail is None else Path(as_path(trail[0]), trail[1], trail[2].parent_type.name if trail[2] else None)


def field_trail(trail: Trail) -> Trail:
    """The field that an item of its list, however deep, belongs to."""
    while type(trail[1]) is int:
        assert trail[0] is not None, "a list is in a field"
        trail = trail[0]
    return trail
