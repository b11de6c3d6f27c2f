"""Fields that a higher domain adds to a type of a lower one, so that imports keep pointing down.

`conversations` adds `Viewer.conversations`, `messages` adds `Conversation.messages`: the type stays in its own domain.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import strawberry

T = TypeVar("T", bound=type)


def extends(*types: type) -> Callable[[T], T]:
    """Adds the fields of the decorated class to already declared types, and to all that implement them.

    The class holds only `@strawberry.field` methods, and properties that these are `known` by; `self` in them is the
    object of the extended type.
    """

    def add(mixin: T) -> T:
        declared: Any = strawberry.type(mixin)
        for field in declared.__strawberry_definition__.fields:
            for type_ in _with_implementers(types):
                fields = type_.__strawberry_definition__.fields  # type: ignore[attr-defined]
                assert all(f.python_name != field.python_name for f in fields), f"{type_} has {field.python_name}"
                fields.append(field)
        for name, one in vars(mixin).items():
            if isinstance(one, property):
                for type_ in types:
                    assert getattr(type_, name, one) is one, f"{type_} has {name}"
                    setattr(type_, name, one)
        return mixin

    return add


def _with_implementers(types: tuple[type, ...]) -> list[type]:
    found = dict.fromkeys(types)
    for type_ in types:
        found |= dict.fromkeys(_with_implementers(tuple(type_.__subclasses__())))
    return list(found)
