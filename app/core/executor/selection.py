"""The fields of a selection set on one object type: found once, executed for every object.

`execute_fields` executes any of them. What is executed often is written out as a function of its own (written.py),
which takes the usual values itself and leaves all others to `settle_field`, as `execute_fields` does.
"""

from __future__ import annotations

from collections.abc import Callable, Set
from typing import TYPE_CHECKING, Any, TypeAlias
from weakref import ref

from graphql import GraphQLObjectType, get_nullable_type, is_leaf_type, is_non_null_type
from graphql.execution.collect_fields import FieldDetails, GroupedFieldSet

from app.core.executor.entry import Entry, fail_field, gathered, settle_field
from app.core.executor.fields import compile_field
from app.core.executor.leaves import compile_leaf, exact_type
from app.core.executor.run import Run, Site, Trail
from app.core.executor.values import compile_value, null_message
from app.core.executor.written import write

if TYPE_CHECKING:
    from app.core.executor.shape import Scope

_ENTRIES = 100  # of a selection that is written out

Select: TypeAlias = Callable[[Run, Any, "Trail | None"], Any]


class Selection:
    """What is selected on objects of one type. Looked at when first needed."""

    __slots__ = ("__weakref__", "_details", "_executed", "_parent", "_scope", "entries", "execute", "kind")

    often = 1000  # objects; to write a function takes as long as executing some hundred

    def __init__(self, scope: Scope, parent: GraphQLObjectType, details: list[FieldDetails]) -> None:
        self._scope = scope
        self._parent = parent
        self._details = details
        self.entries: tuple[Entry, ...] | None = None
        self._executed = 0
        self.execute: Select = _by(ref(self))
        self.kind: type | None = None  # objects of this class are of the type and not awaited, unless cast

    def _execute(self, run: Run, source: Any, trail: Trail | None) -> Any:
        entries = self.entries
        if entries is None:
            entries = compile_entries(self._scope, self._parent, self._scope.subfields(self._parent, self._details))
            self.entries = entries
        self._executed += 1
        if self._executed > self.often and len(entries) <= _ENTRIES:
            self.execute = write(self._parent.name, entries, self.kind)
            return self.execute(run, source, trail)
        return execute_fields(run, source, trail, entries)


def _by(selection: ref[Selection]) -> Select:
    """Its own method, without a cycle (see shape.py): who executes a selection holds it."""
    return lambda run, source, trail: selection()._execute(run, source, trail)  # type: ignore[union-attr]


def compile_entries(scope: Scope, parent: GraphQLObjectType, fields: GroupedFieldSet) -> tuple[Entry, ...]:
    """The entries of collected fields, in the order of the answer. Unknown fields (never validated) are left out."""
    entries = []
    for key, details in fields.items():
        name = details[0].node.name.value
        declared = scope.schema.get_field(parent, name)
        if declared is None:
            continue
        site = Site(scope, name, declared, parent, details, [detail.node for detail in details])
        attribute, resolve = compile_field(site)
        required = is_non_null_type(declared.type)
        leaf = get_nullable_type(declared.type)
        coerce: Callable[[Any], Any] | None = None
        fine: Set[type] = frozenset()
        selection = None
        if is_leaf_type(leaf):
            complete, coerce, fine = compile_leaf(leaf, null_message(site) if required else None)
        else:
            complete, selection = compile_value(scope, site, declared.type)
        exact = exact_type(declared.type)
        entries.append(
            Entry(key, attribute, resolve, exact, fine, coerce, complete, selection, site, required)
        )  # fmt: skip
    scope.count(len(entries))
    return tuple(entries)


def execute_fields(run: Run, source: Any, trail: Trail | None, entries: tuple[Entry, ...]) -> Any:
    """The answer's object; a coroutine of it when a field has to be waited for. Raises what leaves no room for null."""
    results: dict[str, Any] = {}
    waiting: list[str] | None = None
    try:
        for entry in entries:
            key, attribute = entry.key, entry.attribute
            results[key] = None
            try:
                if attribute is None:
                    value = entry.resolve(run, source, (trail, key, entry.site))
                else:
                    value = getattr(source, attribute)
                if type(value) is entry.exact:
                    results[key] = value
                elif value is not None or entry.required:
                    waiting = settle_field(run, entry, value, trail, results, waiting)
            except Exception as raw:
                fail_field(run, raw, entry, trail)
    except Exception:
        if waiting is not None:
            run.settle([results[key] for key in waiting])
        raise
    return results if waiting is None else gathered(results, waiting)
