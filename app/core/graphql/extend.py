"""Fields that a higher domain adds to a type of a lower one, so that imports keep pointing down.

`conversations` adds `Viewer.conversations`, `messages` adds `Conversation.messages`: the type stays in its own domain.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import strawberry

T = TypeVar("T", bound=type)


def extends(*types: type) -> Callable[[T], T]:
    """Adds the fields of the decorated class to already declared types (an interface and all who implement it).

    The class holds only `@strawberry.field` methods; `self` in them is the object of the extended type.
    """

    def add(mixin: T) -> T:
        declared: Any = strawberry.type(mixin)
        for field in declared.__strawberry_definition__.fields:
            for type_ in types:
                fields = type_.__strawberry_definition__.fields  # type: ignore[attr-defined]
                assert all(f.python_name != field.python_name for f in fields), f"{type_} has {field.python_name}"
                fields.append(field)
        return mixin

    return add
