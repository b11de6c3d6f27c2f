"""The board alone: what is swallowed, what dies."""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

from app.core.bus import Announcement
from app.presence.typing import TypingActivity, TypingBoard, Typist

TYPING, STOPPED = TypingActivity.TYPING, TypingActivity.STOPPED
VOICE, UPLOADING = TypingActivity.RECORDING_VOICE, TypingActivity.UPLOADING


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

    @property
    def activities(self) -> list[str]:
        return [announcement.payload["activity"] for announcement in self.everywhere]

    def second_is_over(self, *key: UUID) -> None:
        """The timer is made to fire."""
        self.board._said[key].end.cancel()
        self.board._say_then(key)


async def test_repeats_within_a_second_are_swallowed():
    ears, group, alice = Ears(), uuid4(), uuid4()

    for activity in (TYPING, TYPING, TYPING):
        ears.board.say(group, Typist(alice, activity))
    ears.board.say(uuid4(), Typist(alice, TYPING))
    ears.board.say(group, Typist(uuid4(), TYPING))

    assert len(ears.everywhere) == 3
    assert ears.board.active(group)[0] == ears.other.active(group)[0] == Typist(alice, TYPING)


async def test_another_activity_is_told_when_the_second_is_over():
    ears, group, alice = Ears(), uuid4(), uuid4()
    for activity in (TYPING, VOICE, UPLOADING, VOICE):
        ears.board.say(group, Typist(alice, activity))
    assert ears.activities == ["TYPING"]

    ears.second_is_over(group, alice)
    assert ears.activities == ["TYPING", "RECORDING_VOICE"]
    for activity in (TYPING, VOICE):
        ears.board.say(group, Typist(alice, activity))
    ears.second_is_over(group, alice)

    assert ears.activities == ["TYPING", "RECORDING_VOICE"]
    assert ears.other.active(group) == [Typist(alice, VOICE)]


async def test_stop_ends_it_at_once_and_once():
    ears, group, alice = Ears(), uuid4(), uuid4()
    for activity in (TYPING, VOICE, STOPPED, STOPPED):
        ears.board.say(group, Typist(alice, activity))

    assert ears.activities == ["TYPING", "STOPPED"]
    assert ears.board.active(group) == ears.other.active(group) == []
    assert ears.board._said == {}


async def test_who_stopped_and_begins_again_is_told_at_once():
    ears, group, alice = Ears(), uuid4(), uuid4()
    for activity in (TYPING, STOPPED, TYPING):
        ears.board.say(group, Typist(alice, activity))
    ears.other.say(group, Typist(alice, STOPPED))
    ears.board.say(group, Typist(alice, TYPING))

    assert ears.activities == ["TYPING", "STOPPED", "TYPING", "STOPPED", "TYPING"]
    assert ears.other.active(group) == [Typist(alice, TYPING)]


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
    assert ears.board._said == {}
    assert ears.here.empty()
