"""Pages of a conversation that holds messages its reader may not see: numbers have holes for them.

Only where a page met such a message: everywhere else numbers are dense, and a page is a range of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.core import db
from app.messages.marks import Standing
from app.messages.paging import Page, PageArgs
from app.messages.records import MESSAGE_COLUMNS, MessageRow, message_from
from app.messages.visibility import visible_to

_AT_ONCE = 100  # runs of one statement


@dataclass(slots=True, frozen=True)
class Run:
    """The first messages of a range of numbers that somebody may see, at most `limit`; `newest`: the last ones."""

    standing: Standing
    low: int
    high: int
    limit: int
    newest: bool = False


async def load_runs(runs: Sequence[Run]) -> list[list[MessageRow]]:
    """The messages of each run, oldest first. One statement: a part of it for each run stops where that is full."""
    found: list[list[MessageRow]] = []
    for start in range(0, len(runs), _AT_ONCE):
        found += await _load_some(runs[start : start + _AT_ONCE])
    return found


async def _load_some(runs: Sequence[Run]) -> list[list[MessageRow]]:
    parts: list[str] = []
    args: list[object] = []
    for n, run in enumerate(runs):
        a = len(args)
        args += [run.standing.conversation_id, run.low, run.high, run.standing.user_id, run.limit]
        parts.append(
            f"SELECT * FROM (SELECT {MESSAGE_COLUMNS}, {n} AS n FROM message m WHERE m.conversation_id = ${a + 1}"
            f" AND m.seq BETWEEN ${a + 2} AND ${a + 3} AND {visible_to(f'${a + 4}')}"
            f" ORDER BY m.seq {'DESC' if run.newest else ''} LIMIT ${a + 5}) AS run{n}"
        )
    messages: list[list[MessageRow]] = [[] for _ in runs]
    for row in await db.rows(" UNION ALL ".join(parts), *args):
        messages[row["n"]].append(message_from(row).seen_by(runs[row["n"]].standing.user_id))
    return [sorted(some, key=lambda m: m.seq) for some in messages]


@dataclass(slots=True, frozen=True)
class HoledPage:
    """What would have been the range `place` (a window: around `middle`), with as many messages, those out of sight
    passed over. A page between two places keeps its bounds: it has no size to fill."""

    standing: Standing
    place: tuple[int, int]
    args: PageArgs
    middle: int | None

    @property
    def runs(self) -> list[Run]:
        """What has to be read for it: one more on each side that is filled up, to know whether there are more."""
        standing, args = self.standing, self.args
        (low, high), first, last = self.place, self.standing.first_seq, self.standing.last_seq
        size = high - low + 1
        if self.middle is not None:
            before, after = max(0, self.middle - low), max(0, high - self.middle)
            return [
                Run(standing, first, self.middle - 1, before + 1, newest=True),
                Run(standing, self.middle, last, after + 2),
            ]
        if args.after is not None and args.before is not None:
            return [Run(standing, low, high, size)]
        if self._is_backward:
            return [Run(standing, first, high, size + 1, newest=True)]
        return [Run(standing, low, last, size + 1)]

    @property
    def _is_backward(self) -> bool:
        return self.args.first is None and (self.args.last is not None or self.args.after is None)

    def page(self, found: Sequence[list[MessageRow]]) -> Page:
        """The page of what its runs hold."""
        (low, high), standing = self.place, self.standing
        size = high - low + 1
        more_after, more_before = high < standing.last_seq, low > standing.first_seq
        if self.middle is not None:
            before, after = max(0, self.middle - low), max(0, high - self.middle)
            left, right = found
            messages = [*left[max(0, len(left) - before) :], *right[: after + 1]]
            return Page(tuple(messages), has_next=len(right) > after + 1, has_previous=len(left) > before)
        (messages,) = found
        if self.args.after is not None and self.args.before is not None:
            return Page(tuple(messages), has_next=more_after, has_previous=more_before)
        if self._is_backward:
            return Page(tuple(messages[-size:]), has_next=more_after, has_previous=len(messages) > size)
        return Page(tuple(messages[:size]), has_next=len(messages) > size, has_previous=more_before)


async def load_holed_pages(pages: Sequence[HoledPage]) -> list[Page]:
    """The pages, all in one statement."""
    runs = [page.runs for page in pages]
    found = iter(await load_runs([run for some in runs for run in some]))
    return [page.page([next(found) for _ in some]) for page, some in zip(pages, runs, strict=True)]
