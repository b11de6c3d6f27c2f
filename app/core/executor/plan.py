"""A plan: one operation of a validated document, ready to be executed with any variables.

@skip and @include decide which fields there are, so each combination of the variables they name has a Shape of its
own. Shapes look at their selections when they first meet them.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from functools import partial
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
)
from graphql.execution.executor import default_field_resolver, default_type_resolver
from graphql.execution.values import VariableValues
from graphql.language import BooleanValueNode

from app.core.executor.shape import Scope, Shape
from app.core.executor.variables import Variables, compile_variables

_SHAPES = 16  # combinations of @skip and @include kept for an operation
_UNKNOWN_DIRECTIVES = frozenset(("defer", "stream", "experimental_disableErrorPropagation"))
_INTROSPECTION = frozenset(("__schema", "__type"))


class NotCompiledError(Exception):
    """graphql-core must execute this: it uses something a plan knows nothing about."""


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
        self.operation = operation
        self._fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        resolvers = field_resolver or default_field_resolver, type_resolver or default_type_resolver
        self._scope = partial(Scope, schema, operation, self._fragments, *resolvers)
        if any(node.variable_definitions for node in self._fragments.values()):
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
        made = Shape(self._scope(dict(zip(self._conditions, key, strict=True))))
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
                    fragment = self._fragments.get(name)
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


def operation_of(document: DocumentNode, name: str | None) -> OperationDefinitionNode | None:
    """The operation graphql-core would execute; None: it would refuse."""
    found = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    if name is None:
        return found[0] if len(found) == 1 else None
    named = [node for node in found if node.name and node.name.value == name]
    return named[-1] if named else None
