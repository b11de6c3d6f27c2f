"""Whoever is read with something else (senders with their messages, the other person with a direct conversation) looks
as `user(id)` shows them to that viewer, whatever is between the two."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest

from app.core.runtime import enter
from tests.accounts.test_delete_account import erase
from tests.client import Person
from tests.contacts.documents import ADD, BLOCK, UNBLOCK
from tests.contacts.test_blocked_view import UPDATE_PROFILE
from tests.conversations.documents import create_group, start_direct
from tests.messages.documents import send
from tests.presence.documents import set_presence, set_privacy

FIELDS = (
    "id username displayName bio isDeleted relationship contact { id nickname } viewerCanMessage viewerCanCall"
    " avatar { id } presence { statusText }"
)
ALONE = f"query($id: ID!) {{ user(id: $id) {{ {FIELDS} }} }}"
PAGE = f"""query($id: ID!) {{ conversation(id: $id) {{ lastMessage {{ sender {{ {FIELDS} }} }}
  messages {{ nodes {{ sender {{ {FIELDS} }} }} }} }} }}"""
LIST = f"""{{ viewer {{ conversations {{ nodes {{ __typename
  ... on DirectConversation {{ peer {{ {FIELDS} }} }} lastMessage {{ sender {{ {FIELDS} }} }} }} }} }} }}"""
HEARD = f"""subscription($after: Cursor) {{ events(after: $after, kinds: [MESSAGE_RECEIVED]) {{
  __typename ... on MessageReceived {{ message {{ sender {{ {FIELDS} }} }} }} }} }}"""
AUDIENCES = ("EVERYONE", "CONTACTS", "NOBODY")
GROUP = 5  # of them, the last is erased


def people_in(value: Any) -> Iterator[dict[str, Any]]:
    """Everybody anywhere in an answer."""
    if isinstance(value, dict):
        if "relationship" in value:
            yield value
        else:
            for item in value.values():
                yield from people_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from people_in(item)


async def live_together(draw: random.Random, people: list[Person]) -> None:
    """Contacts, blocks, privacy and profiles as they come; profiles change before and after blocks."""
    for n in range(30):
        one, other = draw.sample(people, 2)
        match draw.randrange(6):
            case 0:
                await one.query(ADD, userId=other.id, nickname=draw.choice([None, f"my {n}"]))
            case 1:
                await one.mutate(BLOCK, userId=other.id)
            case 2:
                await one.mutate(UNBLOCK, userId=other.id)
            case 3:
                names = ("bio", "profilePhoto", "lastSeen", "onlineStatus", "whoCanMessage", "whoCanCall")
                await set_privacy(one, **{name: draw.choice(AUDIENCES) for name in names})
            case 4:
                await one.mutate(UPDATE_PROFILE, input={"displayName": f"Name {n}", "bio": f"bio {n}"})
            case 5:
                await set_presence(one, statusText=f"status {n}", invisible=draw.random() < 0.3)


@pytest.mark.parametrize("seed", range(3))
async def test_people_look_alike_wherever_they_are_read(server, person, worker, seed):
    enter(server.runtime)
    draw = random.Random(seed)
    people = [await person(f"p{n}") for n in range(GROUP)]
    group = await create_group(*people)
    directs = {(a, b): await start_direct(people[a], people[b]) for a in range(GROUP) for b in range(a)}
    for (a, b), chat in directs.items():
        await send(people[a], chat)
        await send(people[b], chat)
    for one in people:
        await send(one, group)
    await live_together(draw, people)
    await erase(people.pop(), worker)

    for viewer in people:
        alone = {one.id: (await viewer.query(ALONE, id=one.id))["user"] for one in people}
        answers = [await viewer.query(PAGE, id=chat) for chat in (group, *directs.values())]
        answers.append(await viewer.query(LIST))
        async with viewer.subscribe(HEARD, after=await viewer.cursor()) as stream:
            for one in people:
                await send(one, group)
                answers.append(await stream.until("MessageReceived"))
        met = set()
        for found in people_in(answers):
            met.add(found["id"])
            expected = alone.get(found["id"]) or (await viewer.query(ALONE, id=found["id"]))["user"]
            assert found == expected
        assert met >= {one.id for one in people}
