"""A plan: one operation of a validated document, ready to be executed with any variables.

@skip and @include decide which fields there are, so each combination of the variables they name has a Shape of its
own. Shapes look at their selections when they first meet them.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from types import CoroutineType
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
)
from graphql.execution.collect_fields import (
    CollectedFields,
    FieldDetails,
    FragmentDetails,
    GroupedFieldSet,
    collect_fields,
    collect_subfields,
)
from graphql.execution.executor import SELECTIONS_NESTED_TOO_DEEPLY, default_field_resolver, default_type_resolver
from graphql.execution.values import VariableValues
from graphql.language import BooleanValueNode

from app.core.executor.entry import Entry
from app.core.executor.fields import compile_resolver
from app.core.executor.run import Resolve, Run
from app.core.executor.selection import Selection, compile_entries, execute_fields
from app.core.executor.serially import execute_serially
from app.core.executor.variables import Variables, compile_variables

_SHAPES = 16  # combinations of @skip and @include kept for an operation
_UNKNOWN_DIRECTIVES = frozenset(("defer", "stream", "experimental_disableErrorPropagation"))
_INTROSPECTION = frozenset(("__schema", "__type"))


class NotCompiledError(Exception):
    """graphql-core must execute this: it uses something a plan knows nothing about."""


class NoSubscriptionError(Exception):
    """The root field can't be subscribed to."""


class Plan:
    """See the module. Raises NotCompiledError for introspection, @defer, @stream and variables of fragments."""

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        field_resolver: Any = None,
        type_resolver: Any = None,
    ) -> None:
        self.schema = schema
        self.operation = operation
        self.field_resolver = field_resolver or default_field_resolver
        self.type_resolver = type_resolver or default_type_resolver
        self.fragment_definitions = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        self.fragments = {name: FragmentDetails(node) for name, node in self.fragment_definitions.items()}
        if any(node.variable_definitions for node in self.fragment_definitions.values()):
            raise NotCompiledError
        self._conditions = tuple(sorted({name for name in self._examine() if name}))
        self._shapes: OrderedDict[tuple[bool, ...], Shape] = OrderedDict()
        self.variables: Variables = compile_variables(schema, operation.variable_definitions or ())

    def shape(self, variables: VariableValues) -> Shape:
        """The plan for these values of the variables in @skip and @include. Raises NotCompiledError unless boolean."""
        key = tuple(variables.coerced.get(name) for name in self._conditions)
        found = self._shapes.get(key)  # type: ignore[arg-type]
        if found is not None:
            return found
        if not all(type(value) is bool for value in key):
            raise NotCompiledError
        made = Shape(self, dict(zip(self._conditions, key, strict=True)))
        self._shapes[key] = made  # type: ignore[index]
        if len(self._shapes) > _SHAPES:
            self._shapes.popitem(last=False)
        return made

    def _examine(self) -> Iterator[str | None]:
        """The variables that decide about fields. Raises NotCompiledError on what a plan can't have."""
        yield from _conditions(self.operation)
        seen: set[str] = set()
        waiting: list[SelectionSetNode] = [self.operation.selection_set]
        while waiting:
            for node in waiting.pop().selections:
                yield from _conditions(node)
                if isinstance(node, FragmentSpreadNode):
                    name = node.name.value
                    fragment = self.fragment_definitions.get(name)
                    if fragment is not None and name not in seen:
                        seen.add(name)
                        waiting.append(fragment.selection_set)
                    continue
                if isinstance(node, FieldNode) and node.name.value in _INTROSPECTION:
                    raise NotCompiledError
                inner: SelectionSetNode | None = getattr(node, "selection_set", None)
                if inner:
                    waiting.append(inner)


def _conditions(node: Any) -> Iterator[str | None]:
    for directive in node.directives or ():
        name = directive.name.value
        if name in _UNKNOWN_DIRECTIVES:
            raise NotCompiledError
        if name in ("skip", "include"):
            given = [argument for argument in directive.arguments or () if argument.name.value == "if"]
            if len(given) == 1 and isinstance(given[0].value, VariableNode):
                yield given[0].value.name.value
            elif len(given) != 1 or not isinstance(given[0].value, BooleanValueNode):
                raise NotCompiledError


class Shape:
    """A plan whose conditions are decided."""

    __slots__ = ("_conditions", "_root", "_subscribe", "plan")

    def __init__(self, plan: Plan, conditions: Mapping[str, Any]) -> None:
        self.plan = plan
        self._conditions = VariableValues({}, dict(conditions))
        self._root: tuple[Entry, ...] | None = None
        self._subscribe: Resolve | None = None

    def select(self, parent: GraphQLObjectType, details: list[FieldDetails]) -> Selection:
        """What is selected in these fields on an object of `parent`."""
        return Selection(self, parent, details)

    def subfields(self, parent: GraphQLObjectType, details: list[FieldDetails]) -> GroupedFieldSet:
        """The fields themselves."""
        plan = self.plan
        return collect_subfields(
            plan.schema, plan.fragments, self._conditions, plan.operation, parent, details
        ).grouped_field_set

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
        if self._root is None:
            operation = self.plan.operation
            root = self.plan.schema.get_root_type(operation.operation)
            if root is None:
                name = operation.operation.value
                raise GraphQLError(f"Schema is not configured to execute {name} operation.", operation)
            self._root = compile_entries(self, root, self._collect(root).grouped_field_set)
        return self._root

    def _collect(self, root: GraphQLObjectType) -> CollectedFields:
        plan = self.plan
        try:
            return collect_fields(plan.schema, plan.fragments, self._conditions, root, plan.operation)
        except RecursionError:
            pass
        raise GraphQLError(SELECTIONS_NESTED_TOO_DEEPLY, plan.operation)


async def _result_later(run: Run, under_way: Any) -> ExecutionResult:
    try:
        data = await run.finish(under_way)
    except GraphQLError as error:
        run.report(error, None)
        data = None
    return ExecutionResult(data, run.errors or None)


def operation_of(document: DocumentNode, name: str | None) -> OperationDefinitionNode | None:
    """The operation graphql-core would execute; None: it would refuse."""
    found = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    if name is None:
        return found[0] if len(found) == 1 else None
    named = [node for node in found if node.name and node.name.value == name]
    return named[-1] if named else None


def is_serial(operation: OperationDefinitionNode) -> bool:
    """Whether root fields run one after another."""
    return operation.operation is OperationType.MUTATION
