"""Executing beside graphql-core, on the real schema without a database:

    python -m tests.bench.bench_executor [--rounds 400] [--beside ANOTHER_TREE]

Root resolvers hand out ready objects, and the loaders know everybody; the executors run the same document in turns.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import random
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import graphql
import uvloop

from app.accounts.loaders import UserRow, load_users
from app.conversations.graphql import Conversation, show_conversation
from app.conversations.loaders import load_conversations
from app.conversations.records import ConversationKind, ConversationRow
from app.core import executor, log
from app.core.clock import new_id, now
from app.core.graphql.context import Context
from app.core.graphql.loading import Loader
from app.core.viewer import Client
from app.messages.graphql.events import MessageReceived
from app.messages.graphql.mutations import SendMessagePayload
from app.messages.graphql.types import show_message, show_page
from app.messages.marks import Ticks, load_ticks
from app.messages.paging import Page
from app.messages.reactions import Group as Reacted
from app.messages.reactions import load_has_reacted, load_reactions
from app.messages.records import MessageKind, MessageRow
from app.schema import schema
from tests.bench.bench_pages import FULL_PAGE, PAGE
from tests.bench.bench_send_live import SEND
from tests.bench.rig import EVENTS

CONVERSATIONS = """query { viewer { conversations(first: 50) { edges { cursor node {
  id activityAt createdAt ... on Group { title memberCount } } }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }"""


@dataclass
class Work:
    """One document: what is executed, on what root, with which root resolver replaced."""

    name: str
    document: graphql.DocumentNode
    root: Any
    variables: dict[str, Any]


class World:
    """Fifty messages of ten people in one group, and fifty groups."""

    def __init__(self) -> None:
        at = now()
        self.people = [
            UserRow(new_id(), f"person{n}", f"Person {n}", None, "USER", None) for n in range(10)
        ]  # fmt: skip
        self.groups = [
            ConversationRow(new_id(), ConversationKind.GROUP, f"Group {n}", None, None, None, 50, 10, at, at)
            for n in range(50)
        ]
        self.rows = [
            MessageRow(
                new_id(), self.groups[0].id, n, self.people[n % 10].id, MessageKind.TEXT, f"message {n} " * 4, None,
                str(new_id()), False, None, None, at,
            )
            for n in range(50)
        ]  # fmt: skip
        self.reactions = {
            row.id: [] if row.seq % 3 else [Reacted(row.id, emoji, 2) for emoji in ("+", "-")] for row in self.rows
        }

    def context(self) -> Context:
        """A context of its own, as each operation has one."""
        known: dict[Any, dict[Any, Any]] = {
            load_users: {person.id: person for person in self.people},
            load_conversations: {group.id: group for group in self.groups},
            load_ticks: {self.groups[0].id: Ticks(40, 30, 5, 0)},
            load_reactions: self.reactions,
            load_has_reacted: defaultdict(bool),
        }
        loaders: dict[Any, Any] = {}
        for load, rows in known.items():

            async def found(keys: Any, rows: dict[Any, Any] = rows) -> list[Any]:
                return [rows[key] for key in keys]

            loaders[load] = Loader(found)
        viewer: Any = SimpleNamespace(user_id=self.people[0].id)
        return Context(SimpleNamespace(), viewer, Client("", ""), loaders=loaders)  # type: ignore[arg-type]


async def works(world: World) -> list[Work]:
    """The documents, with their root resolvers replaced in the schema."""
    core = schema._schema
    group: Conversation = show_conversation(world.groups[0])
    page = await show_page(Page(world.rows, True, False), group, world.context())
    answer(core, "Query", "conversation", lambda: group)
    answer(core, "Group", "messages", lambda: page)
    sent = show_message(world.rows[0], group)
    answer(core, "Mutation", "sendMessage", lambda: SendMessagePayload(client_message_id="c", message=sent), wait=True)
    answer(core, "Query", "viewer", lambda: SimpleNamespace(id="vwr_1"))
    core.type_map["Viewer"].is_type_of = None  # type: ignore[union-attr]
    edges = [SimpleNamespace(cursor=str(n), node=show_conversation(row)) for n, row in enumerate(world.groups)]
    listed = SimpleNamespace(edges=edges, page_info=page.page_info)
    answer(core, "Viewer", "conversations", lambda: listed)
    record = log.Event.__new__(log.Event)
    object.__setattr__(record, "created_at", now())
    event = MessageReceived(record=record, message=show_message(world.rows[0]))
    send = {"conversationId": group.id, "clientMessageId": str(new_id()), "text": "hello"}
    return [
        Work("page of 50 messages with senders", graphql.parse(PAGE), None, {"id": group.id, "last": 50}),
        Work("the same with reactions and ticks", graphql.parse(FULL_PAGE), None, {"id": group.id, "last": 50}),
        Work("conversation list of 50", graphql.parse(CONVERSATIONS), None, {}),
        Work("sendMessage", graphql.parse(SEND), None, {"input": send}),
        Work("an event", graphql.parse(EVENTS), event, {}),
    ]


def answer(core: Any, type_: str, field: str, make: Callable[[], Any], *, wait: bool = False) -> None:
    """Has a field resolve to what `make` returns, a moment later if `wait`."""

    async def later(_source: Any, _info: Any, **_arguments: Any) -> Any:
        return make()

    core.type_map[type_].fields[field].resolve = later if wait else lambda _source, _info, **_arguments: make()


async def once(execute: Any, work: Work, world: World) -> tuple[Any, float]:
    """One execution: its result and seconds, the context's making left out."""
    context = world.context()
    start = time.perf_counter()
    result = execute(schema._schema, work.document, work.root, context, work.variables)
    if inspect.isawaitable(result):
        result = await result
    return result, time.perf_counter() - start


def executor_of(tree: Path) -> Any:
    """The executor of another tree as a package of its own."""
    folder = Path(tempfile.mkdtemp())
    (folder / "executor_beside").mkdir()
    for file in (tree / "app/core/executor").glob("*.py"):
        text = file.read_text().replace("app.core.executor", "executor_beside")
        (folder / "executor_beside" / file.name).write_text(text)
    sys.path.insert(0, str(folder))
    return importlib.import_module("executor_beside")


async def measure(work: Work, world: World, rounds: int, ways: dict[str, Any]) -> None:
    """Prints one line."""
    expected, _ = await once(graphql.execute, work, world)
    assert not expected.errors, expected.errors
    took: dict[str, list[float]] = {name: [] for name in ways}
    order = list(ways)
    for _ in range(rounds):
        random.shuffle(order)  # whoever comes after graphql-core finds the processor's caches cold
        for name in order:
            found, seconds = await once(ways[name], work, world)
            took[name].append(seconds)
            assert found == expected
    medians = {name: statistics.median(times) * 1e6 for name, times in took.items()}
    ours = medians["compiled"]
    shown = ", ".join(f"{name} {micros:.0f} us ({micros / ours:.2f})" for name, micros in medians.items())
    print(f"{work.name}: {shown}")


async def run(rounds: int, beside: Path | None) -> None:
    world = World()
    ways: dict[str, Any] = {"graphql-core": graphql.execute, "compiled": executor.execute}
    if beside:
        ways["beside"] = executor_of(beside).execute
    for work in await works(world):
        await measure(work, world, rounds, ways)
    assert executor.counts.handed_over == 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=400)
    parser.add_argument("--beside", type=Path, help="another tree, whose executor is measured too")
    given = parser.parse_args()
    uvloop.run(run(given.rounds, given.beside))
