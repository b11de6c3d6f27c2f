"""What a document may ask, measured between parsing and validation: sizes, depth, repeats, and cost with page sizes.

It runs before validation because validating a hostile document is what costs. Fragments are measured once each.

An object costs 1 and each plain value of it a quarter, times the page sizes around it: what makes work is rows that are
read and lists in lists, and a page of 50 messages may show all of each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
)

from app.core.errors import ForbiddenError, TooComplexError
from app.core.graphql.connection import PAGE, PAGE_MAX
from app.settings import TransportSettings

_CEILING = 10**9
_SAME_FIELD = 10  # how often one selection set may name the same response key
_FRAGMENT_LEVELS = 30  # inline fragments in inline fragments
# In quarters.
_VALUE = 1
_OBJECT = 4
_INTROSPECTION = 400


@dataclass(slots=True, frozen=True, eq=False)
class Cost:
    """In quarters: `base`, and for each variable that is a page size (variable, size without it, cost of one item) →
    how often."""

    base: int = 0
    pages: Mapping[tuple[str, int, Cost], int] = field(default_factory=dict)

    def of(self, variables: Mapping[str, Any]) -> int:
        """The number for these variables, raw as sent, rounded up. Shared parts (fragments) are worked out once."""
        return -(-self._of(variables, {}) // _OBJECT)

    def _of(self, variables: Mapping[str, Any], known: dict[int, int]) -> int:
        if id(self) not in known:
            total = self.base
            for (name, default, item), times in self.pages.items():
                total += times * _size(variables.get(name), default) * item._of(variables, known)
            known[id(self)] = min(total, _CEILING)
        return known[id(self)]


@dataclass(slots=True)
class _Sum:
    """A Cost while it is added up."""

    base: int = 0
    pages: Counter[tuple[str, int, Cost]] = field(default_factory=Counter)

    def add(self, cost: Cost, times: int = 1) -> None:
        self.base = min(self.base + cost.base * times, _CEILING)
        for key, often in cost.pages.items():
            self.pages[key] = min(self.pages[key] + often * times, _CEILING)


def _size(value: Any, default: int) -> int:
    if isinstance(value, list):
        return max(len(value), 1)
    if isinstance(value, bool) or not isinstance(value, int):
        return default
    return min(max(value, 1), _CEILING)


def _literal_size(node: IntValueNode) -> int:
    # Python reads no more than 4,300 digits; with ten it is too large anyway.
    return min(max(int(node.value[:10]), 1), _CEILING)


class Measure:
    """Measures one document. `operation_cost` raises TOO_COMPLEX or FORBIDDEN; counts go on over the operations."""

    def __init__(
        self, schema: GraphQLSchema, document: DocumentNode, limits: TransportSettings, *, introspection: bool
    ) -> None:
        self._schema = schema
        self._limits = limits
        self._introspection = introspection
        self._fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
        self._measured: dict[str, tuple[int, Cost]] = {}
        self._open: set[str] = set()
        self._fields = self._aliases = self._directives = 0
        self._defaults: dict[str, Any] = {}

    def operation_cost(self, operation: OperationDefinitionNode) -> Cost:
        """The cost of an operation, a number once its variables are known."""
        definitions = operation.variable_definitions or ()
        if len(definitions) > self._limits.variables:
            raise TooComplexError(f"At most {self._limits.variables} variables.", limit=self._limits.variables)
        self._count_directives(operation)
        for definition in definitions:
            self._count_directives(definition)
        self._defaults = {d.variable.name.value: d.default_value for d in definitions}
        self._measured.clear()  # defaults of variables differ between operations
        root = self._schema.get_root_type(operation.operation)
        _, cost = self._selections(operation.selection_set, root, 0, 0)
        return cost

    def root_fields(self, operation: OperationDefinitionNode) -> list[str]:
        """Names of the fields at the root, through fragments, one per response key."""
        found: dict[str, str] = {}
        seen: set[str] = set()

        def collect(selection_set: SelectionSetNode) -> None:
            for node in selection_set.selections:
                if isinstance(node, FieldNode):
                    found[(node.alias or node.name).value] = node.name.value
                elif isinstance(node, InlineFragmentNode):
                    collect(node.selection_set)
                elif isinstance(node, FragmentSpreadNode) and node.name.value not in seen:
                    seen.add(node.name.value)
                    if fragment := self._fragments.get(node.name.value):
                        collect(fragment.selection_set)

        collect(operation.selection_set)
        return list(found.values())

    def _selections(
        self, selection_set: SelectionSetNode | None, parent: GraphQLNamedType | None, depth: int, level: int
    ) -> tuple[int, Cost]:
        """(levels of fields below here, their cost)."""
        if level > _FRAGMENT_LEVELS:
            raise TooComplexError("Fragments are nested too deeply.")
        deepest, total, keys = 0, _Sum(), Counter[str]()
        for node in selection_set.selections if selection_set else ():
            self._count_directives(node)
            if isinstance(node, FieldNode):
                keys[(node.alias or node.name).value] += 1
                below, cost = self._field(node, parent, depth + 1)
                below += 1
            elif isinstance(node, InlineFragmentNode):
                condition = node.type_condition
                inside = self._schema.get_type(condition.name.value) if condition else parent
                below, cost = self._selections(node.selection_set, inside, depth, level + 1)
            else:
                assert isinstance(node, FragmentSpreadNode)
                below, cost = self._spread(node.name.value, depth, level)
            deepest = max(deepest, below)
            total.add(cost)
        if keys and max(keys.values()) > _SAME_FIELD:
            raise TooComplexError("The same field is selected too often.", limit=_SAME_FIELD)
        self._check_depth(depth + deepest)
        return deepest, Cost(total.base, total.pages)

    def _check_depth(self, depth: int) -> None:
        if depth > self._limits.depth:
            raise TooComplexError(f"Fields may be nested {self._limits.depth} deep.", limit=self._limits.depth)

    def _field(self, node: FieldNode, parent: GraphQLNamedType | None, depth: int) -> tuple[int, Cost]:
        name = node.name.value
        self._fields += 1
        self._aliases += node.alias is not None
        if self._fields > self._limits.fields:
            raise TooComplexError(f"At most {self._limits.fields} fields.", limit=self._limits.fields)
        if self._aliases > self._limits.aliases:
            raise TooComplexError(f"At most {self._limits.aliases} aliases.", limit=self._limits.aliases)
        if name in ("__schema", "__type"):
            if not self._introspection:
                raise ForbiddenError("Introspection is off on this server.")
            return 0, Cost(_INTROSPECTION)  # validation bounds its depth
        self._check_depth(depth)
        if node.selection_set is None:
            return 0, Cost(_VALUE)
        known = parent.fields.get(name) if isinstance(parent, GraphQLObjectType | GraphQLInterfaceType) else None
        below, items = self._selections(node.selection_set, get_named_type(known.type) if known else None, depth, 0)
        item, total = _Sum(_OBJECT), _Sum()
        item.add(items)
        size = self._page(node, known)
        if isinstance(size, int):
            total.add(Cost(item.base, item.pages), size)
        else:
            total.pages[(*size, Cost(item.base, item.pages))] = 1
        return below, Cost(total.base, total.pages)

    def _spread(self, name: str, depth: int, level: int) -> tuple[int, Cost]:
        fragment = self._fragments.get(name)
        if fragment is None or name in self._open:
            return 0, Cost()  # unknown or a cycle: validation says so
        if name not in self._measured:
            self._count_directives(fragment)
            self._open.add(name)
            condition = self._schema.get_type(fragment.type_condition.name.value)
            self._measured[name] = self._selections(fragment.selection_set, condition, depth, level + 1)
            self._open.discard(name)
        return self._measured[name]

    def _page(self, node: FieldNode, known: GraphQLField | None) -> int | tuple[str, int]:
        """How many items a field gives: a number, or (variable, number without it). 1 for what isn't a page."""
        sizes: list[int | tuple[str, int]] = []
        for argument in node.arguments or ():
            if argument.name.value in ("first", "last", "ids"):
                sizes.append(self._page_value(argument.value))
        for size in sizes:
            if isinstance(size, tuple):
                return size
        if sizes:
            return max(size for size in sizes if isinstance(size, int))
        if known is not None and "first" in known.args:
            default = known.args["first"].default_value
            return default if isinstance(default, int) else PAGE
        return 1

    def _page_value(self, value: Any) -> int | tuple[str, int]:
        if isinstance(value, VariableNode):
            default = self._defaults.get(value.name.value)
            return value.name.value, _literal_size(default) if isinstance(default, IntValueNode) else PAGE
        if isinstance(value, IntValueNode):
            return _literal_size(value)
        if isinstance(value, ListValueNode):
            return max(len(value.values), 1)
        return PAGE_MAX

    def _count_directives(self, node: Any) -> None:
        self._directives += len(node.directives or ())
        if self._directives > self._limits.directives:
            raise TooComplexError(f"At most {self._limits.directives} directives.", limit=self._limits.directives)
