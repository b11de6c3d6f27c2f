"""What the fields of an object become that are the same whoever looks: remembered by objects shown to many.

Such an object has a dict in its attribute `answers` (others have None there, or none at all): selection → the answer's
object as far as it is the same for all. It is copied for each execution, and only the other fields are executed. Two
sorts are the same for all: attributes that are simply read, and what is `known` for all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

from strawberry import UNSET

from app.core.executor.cells import cells, is_made_by
from app.core.executor.entry import Entry
from app.core.executor.known import read_known
from app.core.executor.run import Run, Trail

if TYPE_CHECKING:
    from app.core.executor.selection import Select

Others: TypeAlias = Callable[[Run, Any, "Trail | None", dict[str, Any]], Any]

_MOST = 4  # selections an object remembers
_WORTH = 3  # fields


def remembers(kind: type | None, entries: tuple[Entry, ...]) -> bool:
    """Whether objects of this class may remember answers, and enough of these fields is the same for all."""
    has_answers = "answers" in getattr(kind, "__dataclass_fields__", ())
    return has_answers and sum(map(is_alike, entries)) >= min(_WORTH, len(entries))


def is_alike(entry: Entry) -> bool:
    """Whether what a field becomes depends on the object alone (where that knows it)."""
    if entry.constant is not None:
        return True
    if entry.attribute is None and not (is_made_by(entry.resolve, read_known) and cells(entry.resolve)["mark"].for_all):
        return False
    if entry.coerce is not None:
        return True
    inner = entry.selection.entries if entry.selection is not None else None
    return inner is not None and all(map(is_alike, inner))


def remember(entries: tuple[Entry, ...], whole: Select, others: Others) -> Select:
    """`whole` executes all fields of an object, `others` those that are not the same for all, into a dict that has the
    rest."""
    selection = object()  # stands for it: nothing that remembers an answer holds a plan
    alike = [entry for entry in entries if is_alike(entry)]
    is_all = len(alike) == len(entries)  # nothing is ever put into an answer's object that is complete
    empty = dict.fromkeys(entry.key for entry in entries)

    def execute(run: Run, source: Any, trail: Trail | None) -> Any:
        answers = getattr(source, "answers", None)
        if answers is None:
            return whole(run, source, trail)
        known = answers.get(selection)
        if known is not None:
            return known if is_all else others(run, source, trail, known.copy())
        errors = len(run.errors)
        done = whole(run, source, trail)
        if type(done) is dict and len(run.errors) == errors and _knows(source, alike):
            if len(answers) >= _MOST:
                answers.clear()
            answers[selection] = empty | {entry.key: done[entry.key] for entry in alike}
        return done

    return execute


def _knows(source: Any, entries: list[Entry] | tuple[Entry, ...]) -> bool:
    """Whether an object told all of this itself."""
    for entry in entries:
        if entry.constant is not None:
            continue
        value = getattr(source, entry.attribute or cells(entry.resolve)["mark"].attribute)
        if value is UNSET:
            return False
        inner = entry.selection.entries if entry.selection is not None else None
        if inner is not None and value is not None and not _knows(value, inner):
            return False
    return True
