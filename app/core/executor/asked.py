"""What a document asks for below a field: a list that knows reads it in the same statement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from typing import Any

from graphql import FieldNode, FragmentDefinitionNode, FragmentSpreadNode, SelectionSetNode
from strawberry.types import Info

from app.core.executor.resolvers import LazyInfo


def asks_for(info: Info[Any, Any], name: str) -> bool:
    """Whether a field of this name (as the schema spells it) is selected below the one being resolved, on whatever
    type, however deep, aliased or not. @skip and @include are not looked at: good enough for a read too many."""
    return name in _asked(info)


def asks_only(info: Info[Any, Any], names: Set[str]) -> bool:
    """Whether all that is selected below the field being resolved has one of these names, and what is `known` will be
    read where it is: where graphql-core executes it calls every resolver, which then must find all it may ask for."""
    return type(info) is LazyInfo and _asked(info) <= names


def _asked(info: Info[Any, Any]) -> frozenset[str]:
    if type(info) is not LazyInfo:
        raw = info._raw_info
        return _names(raw.field_nodes, raw.fragments)
    site, scope = info._site, info._site.scope
    place = tuple(map(id, site.nodes))  # they live as long as the scope
    asked = scope.asked.get(place)
    if asked is None:
        asked = scope.asked[place] = _names(site.nodes, scope.fragment_definitions)
    return asked


def _names(nodes: Iterable[FieldNode], fragments: Mapping[str, FragmentDefinitionNode]) -> frozenset[str]:
    names: set[str] = set()
    spread: set[str] = set()
    waiting: list[SelectionSetNode] = [node.selection_set for node in nodes if node.selection_set]
    while waiting:
        for node in waiting.pop().selections:
            inner: SelectionSetNode | None = getattr(node, "selection_set", None)
            if isinstance(node, FieldNode):
                names.add(node.name.value)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in spread:
                spread.add(node.name.value)
                inner = fragments[node.name.value].selection_set
            if inner:
                waiting.append(inner)
    return frozenset(names)
