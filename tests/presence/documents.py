"""What the tests of presence ask, and people who are online."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from app.core.graphql.ids import decode_id
from app.presence.board import DeviceBoard
from tests.accounts.support import log_in
from tests.client import Person

PRESENCE = "state lastSeenAt statusText statusEmoji statusExpiresAt"
OF = f"query($id: ID!) {{ user(id: $id) {{ presence {{ {PRESENCE} }} }} }}"
WATCH = f"""subscription($ids: [ID!]) {{ presenceChanged(userIds: $ids) {{
  user {{ id displayName }} presence {{ {PRESENCE} }} }} }}"""
SET = f"""mutation($input: SetPresenceInput!) {{ setPresence(input: $input) {{
  errors {{ code field limit }} viewer {{ isInvisible user {{ presence {{ {PRESENCE} }} }} }} }} }}"""
PRIVACY = "mutation($input: UpdatePrivacyInput!) { updatePrivacy(input: $input) { errors { code } } }"
ADD_CONTACT = "mutation($id: ID!) { addContact(input: {userId: $id}) { errors { code } contact { id } } }"
REMOVE_CONTACT = "mutation($id: ID!) { removeContact(input: {contactId: $id}) { errors { code } } }"
BLOCK = "mutation($id: ID!) { blockUser(input: {userId: $id}) { errors { code } } }"
UNBLOCK = "mutation($id: ID!) { unblockUser(input: {userId: $id}) { errors { code } } }"
NEVER = {"state": "OFFLINE", "lastSeenAt": None, "statusText": None, "statusEmoji": None, "statusExpiresAt": None}
QUIET = "subscription { typingChanged { users { activity } } }"


async def second_device(person) -> Person:
    """The same person on another device."""
    payload = await log_in(person.server, person)
    assert not payload["errors"], payload
    return replace(person, access_token=payload["tokens"]["accessToken"], _session=None, _client=None)


async def befriend(one, other) -> None:
    """Both have each other as contacts."""
    await one.mutate(ADD_CONTACT, id=other.id)
    await other.mutate(ADD_CONTACT, id=one.id)


async def presence_of(watcher, person):
    """user.presence as the watcher sees it."""
    return (await watcher.query(OF, id=person.id))["user"]["presence"]


async def state_of(watcher, person):
    """The state alone; None where there is nothing to see."""
    found = await presence_of(watcher, person)
    return found and found["state"]


async def set_presence(person, **values):
    return (await person.mutate(SET, input=values))["viewer"]


async def set_privacy(person, **values) -> None:
    await person.mutate(PRIVACY, input=values)


def board_of(person) -> DeviceBoard:
    return person.server.runtime.part(DeviceBoard)


@asynccontextmanager
async def online(person) -> AsyncIterator[None]:
    """The person has a socket open until the block ends."""
    user_id = decode_id("usr", person.id)
    async with person.subscribe(QUIET):
        await until(lambda: user_id in board_of(person).own_people())
        yield
    await until(lambda: user_id not in board_of(person).own_people())


async def until(holds, seconds: float = 5) -> None:
    """Returns when it holds."""
    async with asyncio.timeout(seconds):
        while not holds():
            await asyncio.sleep(0.002)


async def next_of(stream, person, seconds: float = 5):
    """Skips to what the stream tells of this person."""
    while (said := await stream.next(seconds))["user"]["id"] != person.id:
        pass
    return said["presence"]
