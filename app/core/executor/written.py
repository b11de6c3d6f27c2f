"""Selections as Python functions: what `execute_fields` does in a loop, written out field by field and compiled.

    def fields(run, source, trail):
        results = template()
        waiting = None
        try:
            try:
                value = source.seq
                if type(value) is int and -0x80000000 <= value <= 0x7FFFFFFF: results[key_2] = value
                else: waiting = settle_field(run, entry_2, value, trail, results, waiting)
            except Exception as raw: fail_field(run, raw, entry_2, trail)
            ...

Attributes are read by instructions that Python specialises for the class, and most checks vanish. A function takes only
values that need nothing else; all others go the one way that all go in the loop.

The text holds names made of numbers and attributes of the schema's classes, nothing of a document: keys and all else
reach the function as variables around it.
"""

from __future__ import annotations

from collections.abc import Iterator
from keyword import iskeyword
from typing import TYPE_CHECKING, Any

from graphql import GraphQLInt
from strawberry import UNSET
from strawberry.types.cast import TYPE_CAST_ATTRIBUTE

from app.core.executor.cells import cells, is_made_by
from app.core.executor.entry import JSON, Entry, fail_field, gathered, keep_field, settle_field
from app.core.executor.known import read_known
from app.core.executor.leaves import MemberNames
from app.core.executor.loads import Cell, follow_loads
from app.core.executor.remembered import is_alike, remember, remembers
from app.core.executor.values import classes_of

if TYPE_CHECKING:
    from app.core.executor.selection import Select

_FRAME = """def make({names}):
    def fields(run, source, trail{given}):
        {start}
        waiting = None
        try:
{fields}
        except Exception:
            if waiting is not None:
                run.settle([results[key] for key in waiting])
            raise
        return results if waiting is None else gathered(results, waiting)
    return fields
"""
_SETTLE = "waiting = settle_field(run, entry_{n}, value, trail, results, waiting)"
_KEEP = "waiting = keep_field(run, entry_{n}, done, trail, results, waiting)"


def write(type_name: str, entries: tuple[Entry, ...], kind: type | None) -> Select:
    """The function that executes these fields on an object, which mostly is of the class `kind`."""
    whole: Select = _make(type_name, *text_of(entries))
    if not remembers(kind, entries):
        return whole
    others = tuple(entry for entry in entries if not is_alike(entry))
    return remember(entries, whole, _make(type_name, *text_of(others, into_given=True)))


def _make(type_name: str, text: str, names: dict[str, Any]) -> Any:
    made: dict[str, Any] = {}
    exec(compile(text, f"<fields of {type_name}>", "exec"), made)  # noqa: S102 - see the module
    make = made.pop("make")  # left there it would hold itself
    return make(**names)


def text_of(entries: tuple[Entry, ...], *, into_given: bool = False) -> tuple[str, dict[str, Any]]:
    """What is compiled, and the variables around it. `into_given`: the function takes the dict of results."""
    template: dict[str, Any] = {entry.key: entry.constant for entry in entries}
    names: dict[str, Any] = {
        "template": template.copy,
        "settle_field": settle_field,
        "keep_field": keep_field,
        "fail_field": fail_field,
        "gathered": gathered,
        "json": JSON,
        "Cell": Cell,
        "unset": UNSET,
        "cast": TYPE_CAST_ATTRIBUTE,
    }
    lines = ["pass"]
    for n, entry in enumerate(entries):
        if entry.constant is None:
            lines += _field(n, entry, names)
    text = _FRAME.format(
        names=", ".join(names),
        fields="\n".join(f"            {line}" for line in lines),
        given=", results" if into_given else "",
        start="pass" if into_given else "results = template()",
    )
    return text, names


def _field(n: int, entry: Entry, names: dict[str, Any]) -> Iterator[str]:
    """The lines of one field."""
    names[f"entry_{n}"] = entry
    names[f"key_{n}"] = entry.key
    names[f"site_{n}"] = entry.site
    yield "try:"
    yield f"    value = {_reading(n, entry, names)}"
    for line in _taking(n, entry, names):
        yield f"    {line}"
    yield f"    {'else' if entry.required else 'elif value is not None'}: {_SETTLE.format(n=n)}"
    yield f"except Exception as raw: fail_field(run, raw, entry_{n}, trail)"


def _reading(n: int, entry: Entry, names: dict[str, Any]) -> str:
    """How the value is got."""
    attribute = entry.attribute
    if attribute is None:
        if is_made_by(entry.resolve, read_known):
            inside = cells(entry.resolve)
            names[f"resolve_{n}"] = inside["ask"]
            value = f"(value := {_attribute(n, inside['mark'].attribute, names)})"
            return f"value if {value} is not unset else resolve_{n}(run, source, (trail, key_{n}, site_{n}))"
        names[f"resolve_{n}"] = entry.resolve
        return f"resolve_{n}(run, source, (trail, key_{n}, site_{n}))"
    return _attribute(n, attribute, names)


def _attribute(n: int, attribute: str, names: dict[str, Any]) -> str:
    if attribute.isidentifier() and not iskeyword(attribute) and attribute.isascii():
        return f"source.{attribute}"
    names[f"attribute_{n}"] = attribute
    return f"getattr(source, attribute_{n})"


def _taking(n: int, entry: Entry, names: dict[str, Any]) -> Iterator[str]:
    """The values that need nothing else, and what becomes of them."""
    if entry.exact is not None:
        names[f"exact_{n}"] = entry.exact
        yield f"if type(value) is exact_{n}: results[key_{n}] = value"
    elif entry.coerce is GraphQLInt.coerce_output_value:
        yield f"if type(value) is int and -0x80000000 <= value <= 0x7FFFFFFF: results[key_{n}] = value"
    elif isinstance(entry.coerce, MemberNames):
        names[f"name_{n}"] = entry.coerce.names.get
        yield f"if (done := name_{n}(id(value))) is not None: results[key_{n}] = done"
    elif entry.coerce is not None:
        names[f"fine_{n}"] = entry.fine
        names[f"coerce_{n}"] = entry.coerce
        yield f"if type(value) in fine_{n} and type(done := coerce_{n}(value)) in json: results[key_{n}] = done"
    elif is_made_by(entry.resolve, follow_loads):
        names[f"complete_{n}"] = entry.complete
        yield f"if type(value) is Cell: value.promise(complete_{n}, results, key_{n}, (trail, key_{n}, site_{n}))"
    elif entry.selection is not None:
        names[f"selection_{n}"] = entry.selection
        yield f"if type(value) is selection_{n}.kind and getattr(value, cast, None) is None:"
        yield f"    done = selection_{n}.execute(run, value, (trail, key_{n}, site_{n}))"
        yield f"    if type(done) is dict: results[key_{n}] = done"
        yield f"    else: {_KEEP.format(n=n)}"
    elif (by_class := classes_of(entry.complete)) is not None:
        names[f"of_class_{n}"] = by_class.get
        yield f"if (found := of_class_{n}(type(value))) is not None and getattr(value, cast, None) is None:"
        yield f"    done = found.execute(run, value, (trail, key_{n}, site_{n}))"
        yield f"    if type(done) is dict: results[key_{n}] = done"
        yield f"    else: {_KEEP.format(n=n)}"
    else:
        names[f"complete_{n}"] = entry.complete
        yield "if type(value) is list:"
        yield f"    done = complete_{n}(run, value, (trail, key_{n}, site_{n}))"
        yield f"    if type(done) is list: results[key_{n}] = done"
        yield f"    else: {_KEEP.format(n=n)}"
