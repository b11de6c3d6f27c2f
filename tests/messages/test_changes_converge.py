"""Edits, deletes, reactions, pins and saves from several devices at once: what each device makes of its events is, in
the end, what a fresh query shows."""

from __future__ import annotations

import asyncio
import random

import pytest

from tests.conversations.documents import create_group
from tests.messages.changes import DELETE, EDIT, PIN, REACT, SAVE, UNPIN, UNREACT, UNSAVE
from tests.messages.documents import send

STATE = """fragment S on Message {
  id seq text editedAt deletedAt isPinned viewerHasSaved revisions { text editedAt }
  reactions { emoji count viewerHasReacted users(first: 3) { nodes { id } } } }"""
# Rendered once for all: nothing in it is the viewer's own.
SHARED = """fragment S on Message {
  id seq text editedAt deletedAt isPinned revisions { text editedAt }
  reactions { emoji count users(first: 3) { nodes { id } } } }"""
EVENTS = """subscription Events($after: Cursor) { events(after: $after) {
  __typename cursor
  ... on MessageReceived { message { ...S } }
  ... on MessageEdited { message { ...S } }
  ... on MessageDeleted { messageId removedMessageId tombstone { ...S } }
  ... on ReactionChanged { message { ...S } }
  ... on MessagePinned { message { ...S } }
  ... on MessageSaved { message { ...S } }
} } """
PAGE = "query($id: ID!) { conversation(id: $id) { messages(last: 40) { nodes { ...S } } } } "
EMOJI = ("👍", "❤️", "😂")
LAST = "that is all"


class Device:
    """Keeps what its events say of each message."""

    def __init__(self, stream, snapshot: dict[str, dict]) -> None:
        self.stream = stream
        self.messages = dict(snapshot)

    async def follow(self) -> dict[str, dict]:
        """Reads until the last message, and gives what it has then."""
        while True:
            event = await self.stream.next(20)
            if (removed := event.get("removedMessageId")) is not None:
                self.messages.pop(removed, None)
            shown = event.get("message") or event.get("tombstone")
            if shown is not None:
                self.messages[shown["id"]] = shown
                if shown["text"] == LAST:
                    return self.messages


async def snapshot_of(person, group, fields) -> dict[str, dict]:
    nodes = (await person.query(PAGE + fields, id=group))["conversation"]["messages"]["nodes"]
    return {node["id"]: node for node in nodes}


async def act(chance: random.Random, person, ids: list[str]) -> None:
    """Something somebody does to a message; refusals are as good."""
    id_ = chance.choice(ids)
    document, variables = chance.choice(
        [
            (EDIT, {"text": f"edited {chance.randrange(3)}"}),
            (EDIT, {"text": f"edited {chance.randrange(3)}"}),
            (DELETE, {"scope": chance.choice(["FOR_ME", "FOR_ME", "FOR_EVERYONE"])}),
            (REACT, {"emoji": chance.choice(EMOJI)}),
            (REACT, {"emoji": chance.choice(EMOJI)}),
            (UNREACT, {"emoji": chance.choice(EMOJI)}),
            (PIN, {}), (UNPIN, {}), (SAVE, {}), (UNSAVE, {}),
        ]
    )  # fmt: skip
    await person.query(document, id=id_, **variables)


@pytest.mark.parametrize("fields", [STATE, SHARED], ids=["own", "shared"])
@pytest.mark.parametrize("seed", range(2))
async def test_devices_converge(alice, bob, carol, seed, fields):
    chance, people = random.Random(seed), (alice, bob, carol)
    group = await create_group(*people)
    start = [await person.cursor() for person in people]
    begun = [await snapshot_of(person, group, fields) for person in people]
    ids: list[str] = []
    async with (
        alice.subscribe(EVENTS + fields, after=start[0]) as a1,
        alice.subscribe(EVENTS + fields, after=start[0]) as a2,
        bob.subscribe(EVENTS + fields, after=start[1]) as b1,
        carol.subscribe(EVENTS + fields, after=start[2]) as c1,
    ):
        streams = ((0, a1), (0, a2), (1, b1), (2, c1))
        devices = [(who, Device(stream, begun[who])) for who, stream in streams]
        live = [asyncio.create_task(device.follow()) for _, device in devices]
        for _ in range(8):
            sent = await asyncio.gather(*(send(person, group, "first") for person in people))
            ids += [message["id"] for message in sent]
            await asyncio.gather(*(act(chance, chance.choice(people), ids) for _ in range(10)))
        await send(alice, group, LAST)
        found = [(who, await task) for (who, _), task in zip(devices, live, strict=True)]
    for who, person in enumerate(people):  # and those that come late
        async with person.subscribe(EVENTS + fields, after=start[who]) as stream:
            found.append((who, await Device(stream, begun[who]).follow()))

    for who, person in enumerate(people):
        snapshot = await snapshot_of(person, group, fields)
        assert LAST in str(snapshot)
        for owner, messages in found:
            if owner == who:
                assert messages == snapshot
