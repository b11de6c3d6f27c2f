"""The board alone: what is swallowed, what dies."""

from __future__ import annotations

import asyncio
from uuid import uuid4

from app.core.bus import Announcement
from app.presence.typing import TypingActivity, TypingBoard, Typist

TYPING, STOPPED, VOICE = TypingActivity.TYPING, TypingActivity.STOPPED, TypingActivity.RECORDING_VOICE


class Ears:
    """Two processes: what one announces, both hear."""

    def __init__(self, life_seconds: float = 5) -> None:
        self.everywhere: list[Announcement] = []
        self.here: asyncio.Queue[Announcement] = asyncio.Queue()
        self.board = TypingBoard(announce=self._announce, announce_here=self.here.put_nowait, life_seconds=life_seconds)
        self.other = TypingBoard(announce=self._announce, announce_here=lambda _: None, life_seconds=life_seconds)

    def _announce(self, announcement: Announcement) -> None:
        self.everywhere.append(announcement)
        self.board.hear(announcement)
        self.other.hear(announcement)


async def test_repeats_within_a_second_are_swallowed():
    ears, group, alice = Ears(), uuid4(), uuid4()

    for activity in (TYPING, TYPING, VOICE):
        ears.board.say(group, Typist(alice, activity))
    ears.board.say(uuid4(), Typist(alice, TYPING))
    ears.board.say(group, Typist(uuid4(), TYPING))

    assert len(ears.everywhere) == 3
    assert ears.board.active(group)[0] == ears.other.active(group)[0] == Typist(alice, TYPING)


async def test_stop_ends_it_at_once_and_once():
    ears, group, alice = Ears(), uuid4(), uuid4()
    ears.board.say(group, Typist(alice, TYPING))
    ears.board.say(group, Typist(alice, STOPPED))
    ears.board.say(group, Typist(alice, STOPPED))
    ears.board.say(group, Typist(alice, TYPING))

    assert [a.payload["activity"] for a in ears.everywhere] == ["TYPING", "STOPPED"]
    assert ears.board.active(group) == ears.other.active(group) == []


async def test_it_dies_by_itself():
    ears, group, alice = Ears(life_seconds=0.01), uuid4(), uuid4()
    ears.board.say(group, Typist(alice, TYPING))
    assert ears.board.active(group)

    told = await asyncio.wait_for(ears.here.get(), 5)

    assert (told.stream_id, told.payload["activity"], told.excluded) == (group, "STOPPED", {alice})
    assert ears.board.active(group) == []


async def test_closing_leaves_no_timer():
    ears, group = Ears(life_seconds=0.01), uuid4()
    ears.board.say(group, Typist(uuid4(), TYPING))
    ears.board.close()

    assert ears.board.active(group) == []
    assert ears.here.empty()
