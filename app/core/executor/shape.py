"""An operation whose conditions are decided: which fields there are, found level by level and executed.

Nothing here refers back to who holds it, so that plans nobody holds any more are gone at once: the collector hardly
ever looks at what is old (serve.calm_collector). What all plans hold together is bounded.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import CoroutineType
from typing import Any
from weakref import WeakSet, WeakValueDictionary

from graphql import (
    ExecutionResult,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
)
from graphql.execution.collect_fields import (
    FieldDetails,
    FragmentDetails,
    GroupedFieldSet,
    collect_fields,
    collect_subfields,
)
from graphql.execution.executor import SELECTIONS_NESTED_TOO_DEEPLY
from graphql.execution.values import VariableValues

from app.core.executor.entry import Entry
from app.core.executor.fields import compile_resolver
from app.core.executor.run import Resolve, Run
from app.core.executor.selection import Selection, compile_entries, execute_fields
from app.core.executor.serially import execute_serially

MOST_ENTRIES = 64_000  # fields in all plans of the process, some 2 KB each


class NoSubscriptionError(Exception):
    """The root field can't be subscribed to."""


class _Kept:
    """What all shapes hold."""

    entries = 0


class Scope:
    """What selections know of their operation: its fragments and schema, and the variables in @skip and @include."""

    __slots__ = ("_conditions", "_selections", "asked", "entries", "field_resolver", "fragment_definitions",
                 "fragments", "operation", "schema", "type_resolver")  # fmt: skip

    def __init__(
        self,
        schema: GraphQLSchema,
        operation: OperationDefinitionNode,
        fragment_definitions: dict[str, FragmentDefinitionNode],
        field_resolver: Any,
        type_resolver: Any,
        conditions: Mapping[str, Any],
    ) -> None:
        self.schema = schema
        self.operation = operation
        self.fragment_definitions = fragment_definitions
        self.fragments = {name: FragmentDetails(node) for name, node in fragment_definitions.items()}
        self.field_resolver = field_resolver
        self.type_resolver = type_resolver
        self._conditions = VariableValues({}, dict(conditions))
        self._selections: WeakValueDictionary[tuple[Any, ...], Selection] = WeakValueDictionary()
        self.asked: dict[tuple[int, ...], frozenset[str]] = {}  # nodes of a field → names below it (asked.py)
        self.entries = 0

    def __del__(self) -> None:
        _Kept.entries -= self.entries

    def select(self, parent: GraphQLObjectType, details: list[FieldDetails]) -> Selection:
        """What is selected in these fields on an object of `parent`: one Selection, however many fragments lead to
        it. Fragments in fragments would be thousands."""
        key = (parent, *(id(detail.node) for detail in details))
        found = self._selections.get(key)
        if found is None:
            found = self._selections[key] = Selection(self, parent, details)
        return found

    def root(self) -> GraphQLObjectType:
        """The type of the operation's root."""
        found = self.schema.get_root_type(self.operation.operation)
        if found is None:
            name = self.operation.operation.value
            raise GraphQLError(f"Schema is not configured to execute {name} operation.", self.operation)
        return found

    def root_fields(self) -> GroupedFieldSet:
        """The fields of the operation."""
        try:
            return collect_fields(
                self.schema, self.fragments, self._conditions, self.root(), self.operation
            ).grouped_field_set
        except RecursionError:
            pass
        raise GraphQLError(SELECTIONS_NESTED_TOO_DEEPLY, self.operation)

    def subfields(self, parent: GraphQLObjectType, details: list[FieldDetails]) -> GroupedFieldSet:
        """The fields selected in these."""
        return collect_subfields(
            self.schema, self.fragments, self._conditions, self.operation, parent, details
        ).grouped_field_set

    def count(self, entries: int) -> None:
        """So many fields more are kept. Past the bound all plans start over."""
        self.entries += entries
        _Kept.entries += entries
        if _Kept.entries > MOST_ENTRIES:
            for shape in [*_live]:
                shape.forget()


class Shape:
    """See the module."""

    __slots__ = ("__weakref__", "_root", "_scope", "_subscribe", "is_serial")

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self.is_serial = scope.operation.operation is OperationType.MUTATION  # root fields run one after another
        self._root: tuple[Entry, ...] | None = None
        self._subscribe: Resolve | None = None
        _live.add(self)

    def forget(self) -> None:
        """Lets go of all that was found; what is under way goes on with it."""
        _Kept.entries -= self._scope.entries
        self._scope.entries = 0
        self._root = self._subscribe = None

    def execute(self, run: Run, *, serially: bool) -> Any:
        """The result, or a coroutine of it. Raises nothing but bugs of the resolvers' awaitables."""
        try:
            entries = self._root_entries()
            if serially:
                done = execute_serially(run, run.root, entries)
            else:
                done = execute_fields(run, run.root, None, entries)
        except GraphQLError as error:
            run.report(error, None)
            done = None
        if type(done) is CoroutineType or run.promises:
            return _result_later(run, done)
        run.cells.clear()  # see Run.finish, which this did without
        return ExecutionResult(done, run.errors or None)

    def subscribe(self, run: Run) -> Any:
        """What the resolver of a subscription's root field returns, or promises; None: no field is left. Raises what
        it raises, NoSubscriptionError."""
        entries = self._root_entries()
        if not entries:
            return None
        site = entries[0].site
        if site.declared.subscribe is None:
            raise NoSubscriptionError
        if self._subscribe is None:
            _, self._subscribe = compile_resolver(site, site.declared.subscribe)
        return self._subscribe(run, None, (None, entries[0].key, site))

    def _root_entries(self) -> tuple[Entry, ...]:
        entries = self._root
        if entries is None:
            entries = self._root = compile_entries(self._scope, self._scope.root(), self._scope.root_fields())
        return entries


_live: WeakSet[Shape] = WeakSet()


async def _result_later(run: Run, under_way: Any) -> ExecutionResult:
    try:
        data = await run.finish(under_way)
    except GraphQLError as error:
        run.report(error, None)
        data = None
    return ExecutionResult(data, run.errors or None)
