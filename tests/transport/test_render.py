"""An event that does not look the same to everybody: executed once for each of its looks."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson
import pytest
from graphql import ExecutionResult

from app.core.clock import new_id, now
from app.core.graphql.context import Context
from app.core.graphql.streams import ephemeral_face
from app.core.hub.ports import Selection
from app.core.hub.texts import now_or_later
from app.core.log import Event
from app.core.transport.render import EventRenderer
from app.core.transport.sse import EventSink
from app.core.viewer import Viewer

EVENT = Event(-1, 1, 0, 0, UUID(int=1), "looks", {}, frozenset(), frozenset(), frozenset(), now())


@ephemeral_face("looks")
class Looks:
    """What the plan asks of whom: its test says."""

    @classmethod
    def build(cls, record: Event, context: Context) -> Context:
        return context


class Plan:
    """Executes what a function of the context gives, and counts."""

    def __init__(self, ask: Any) -> None:
        self.ask = ask
        self.executions = 0

    def execute_event(self, root: Context, context: Context) -> ExecutionResult:
        self.executions += 1
        return ExecutionResult({"seen": self.ask(context)}, None)


async def render(ask: Any, viewers: list[Viewer]) -> tuple[Any, int]:
    """What each viewer is shown, in order, and how many executions it took."""
    plan = Plan(ask)
    rendered = await now_or_later(EventRenderer(None).render(Selection("looks", plan), EVENT, "looks", viewers))
    texts = [rendered.shared] * len(viewers)
    if rendered.by_viewer is not None:
        texts = [rendered.by_viewer[viewer.session_id] for viewer in viewers]
    return [orjson.loads(text or b"null")["data"]["seen"] for text in texts], plan.executions


@pytest.fixture
def viewers() -> list[Viewer]:
    return [Viewer(user_id=UUID(int=n), session_id=new_id(), device_id=new_id(), expires_at=now()) for n in range(100)]


async def test_nothing_is_asked(viewers):
    assert await render(lambda context: 7, viewers) == ([7] * 100, 1)


async def test_the_viewer_is_asked(viewers):
    seen, executions = await render(lambda context: context.require_viewer().user_id.int, viewers)
    assert (seen, executions) == (list(range(100)), 100)


async def test_who_sees_the_same_shares_an_execution(viewers):
    def ask(context: Context) -> Any:
        return context.of_viewer(lambda viewer: viewer.user_id.int % 3)

    assert await render(ask, viewers) == ([n % 3 for n in range(100)], 3)


async def test_more_may_be_asked_of_some(viewers):
    def ask(context: Context) -> Any:
        if context.of_viewer(lambda viewer: viewer.user_id.int < 90):
            return context.of_viewer(lambda viewer: viewer.user_id.int % 2)
        return context.require_viewer().user_id.int

    seen, executions = await render(ask, viewers)
    assert seen == [n % 2 if n < 90 else n for n in range(100)]
    assert executions == 2 + 10


async def test_what_was_asked_may_have_changed_meanwhile(viewers):
    typing = [3]

    def ask(context: Context) -> Any:
        there = tuple(typing)
        seen = context.of_viewer(lambda viewer: tuple(n for n in there if n != viewer.user_id.int))
        typing.append(typing[-1] + 1)
        return list(seen)

    seen, _ = await render(ask, viewers)
    assert all(n not in shown for n, shown in enumerate(seen))


def test_a_stream_has_room_for_what_is_ephemeral_while_it_is_mostly_empty():
    sink = EventSink(100, "request")
    assert sink.is_roomy
    assert sink.push(b"x" * 30)
    assert not sink.is_roomy
    assert sink.push(b"x" * 70)
