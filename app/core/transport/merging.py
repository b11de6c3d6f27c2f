"""How often a document selects one place of the answer. Validation compares all selections of a place with each other,
two and two, to see that they agree: 2 KB of viewers with users with avatars took 0.1 s.
"""

from __future__ import annotations

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

from app.core.errors import TooComplexError

_MOST = 64  # selections of a place
_VISITS = 20_000  # of fields and fragments: as many as the values that the highest cost allows


class _Place:
    """A place of the answer: how often it is selected, what is inside, and the fragments that are spread there."""

    __slots__ = ("fragments", "inside", "times")

    def __init__(self) -> None:
        self.times = 0
        self.inside: dict[str, _Place] = {}
        self.fragments: set[str] = set()


def check_merging(operation: OperationDefinitionNode, document: DocumentNode) -> None:
    """Raises TOO_COMPLEX when an operation selects one place too often, through whatever fragments."""
    fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
    waiting: list[tuple[SelectionSetNode, _Place]] = [(operation.selection_set, _Place())]
    visits = 0
    while waiting:
        selections, place = waiting.pop()
        for node in selections.selections:
            visits += 1
            if visits > _VISITS:
                raise TooComplexError("Fragments in fragments select too many fields.", limit=_VISITS)
            if isinstance(node, FieldNode):
                inner = place.inside.setdefault((node.alias or node.name).value, _Place())
                inner.times += 1
                if inner.times > _MOST:
                    raise TooComplexError("The same field is selected too often.", limit=_MOST)
                if node.selection_set is not None:
                    waiting.append((node.selection_set, inner))
            elif isinstance(node, InlineFragmentNode):
                waiting.append((node.selection_set, place))
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in place.fragments:
                place.fragments.add(node.name.value)
                if fragment := fragments.get(node.name.value):
                    waiting.append((fragment.selection_set, place))
