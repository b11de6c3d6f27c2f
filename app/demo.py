"""Fills a database with people, groups and messages, through the same services that clients reach."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from app.accounts.devices import DevicePlatform, check_installation
from app.accounts.service import register
from app.contacts.service import add_contact
from app.conversations.service import create_group, start_direct_conversation
from app.core.errors import UserFault
from app.core.runtime import Runtime
from app.core.viewer import Client, Viewer
from app.messages.content import NewMessage
from app.messages.receipts import Mark, mark_read
from app.messages.service import send_messages

PASSWORD = "parley demo 2026"  # noqa: S105 (printed for everybody to sign in with)
_NOWHERE = Client(ip="127.0.0.1", user_agent="parley demo")
_FIRST = (
    "Amina", "Bruno", "Chiara", "Dmitri", "Elif", "Farid", "Grace", "Hana", "Ines", "Jonas", "Keiko", "Liam",
    "Maya", "Nils", "Olga", "Priya", "Quentin", "Rosa", "Samir", "Tess", "Umar", "Vera", "Wanda", "Xavi", "Zoe",
)  # fmt: skip
_LAST = ("Abebe", "Berg", "Costa", "Diaz", "Evans", "Fischer", "Gupta", "Haddad", "Ito", "Jensen", "Kaya", "Lopez")
_GROUPS = (
    "Climbing on Thursdays", "Book club", "Flat 12", "Release 2.0", "Family", "Board games", "Night shift", "Choir",
    "Trip to Oslo", "Allotment", "Lunch", "Film noir",
)  # fmt: skip
_TEXTS = (
    "Morning! ☕", "On my way.", "Did anybody see the key?", "Sounds good to me.", "Let's move it to seven.",
    "Ha, exactly 😄", "I'll bring the tent.", "Can you send me the address again?", "Thanks a lot!", "Not today.",
    "Who is in for Saturday?", "Me!", "Same here.", "It works now: it was the cable.", "See you there 👋",
    "¿Alguien quiere café?", "شكرا جزيلا", "今晩どう？", "Two more chapters, then I am done. No spoilers, please.",
    "The train is late again, start without me.", "Great photo.", "What was that place by the river called?",
)  # fmt: skip

Progress = Callable[[int], None]


@dataclass(slots=True, frozen=True)
class Person:
    username: str
    name: str
    viewer: Viewer


@dataclass(slots=True, frozen=True)
class Filled:
    """What was made."""

    people: Sequence[Person]
    groups: int
    direct: int
    messages: int


async def fill(runtime: Runtime, *, people: int, groups: int, messages: int, seed: int, progress: Progress) -> Filled:
    """Makes it all on the open database; `progress` is told how much more is done, of people + groups + messages."""
    dice = random.Random(seed)  # noqa: S311
    made = []
    for number in range(people):
        made.append(await _sign_up(dice, number))
        progress(1)
    rooms: list[tuple[UUID, list[Person]]] = []
    for number in range(groups):
        members = dice.sample(made, dice.randint(min(3, people), min(people, 20)))
        owner, *others = members
        group = await create_group(
            owner.viewer,
            _GROUPS[number % len(_GROUPS)],
            [other.viewer.user_id for other in others],
            description=None,
            settings=runtime.settings.conversations,
        )
        rooms.append((group.conversation.id, members))
        progress(1)
    for number in range(people):
        pair = [made[number], made[(number + 1) % people]]
        await add_contact(pair[1].viewer, pair[0].viewer.user_id)  # else it would be a message request
        access = await start_direct_conversation(pair[0].viewer, pair[1].viewer.user_id)
        rooms.append((access.conversation.id, pair))
    sent = await _chat(dice, rooms, messages, progress)
    await _read(dice, rooms)
    return Filled(made, groups, people, sent)


async def _sign_up(dice: random.Random, number: int) -> Person:
    name = f"{_FIRST[number % len(_FIRST)]} {dice.choice(_LAST)}"
    username = f"{name.split()[0].lower()}{number}_{uuid4().hex[:4]}"
    signed_in = await register(
        username=username,
        email=f"{username}@demo.example",
        password=PASSWORD,
        installation=check_installation(installation_id=uuid4().hex, name="Demo", platform=DevicePlatform.CLI),
        client=_NOWHERE,
        display_name=name,
    )
    return Person(username, name, signed_in.viewer)


async def _chat(
    dice: random.Random, rooms: Sequence[tuple[UUID, list[Person]]], messages: int, progress: Progress
) -> int:
    """Groups talk more than pairs. Each turn is a handful of messages by one person."""
    sent = 0

    async def turn(room: UUID, author: Person, count: int) -> None:
        items = [NewMessage(room, str(uuid4()), dice.choice(_TEXTS)) for _ in range(count)]
        for result in await send_messages(author.viewer, items):
            if isinstance(result, UserFault):
                raise result
        progress(count)

    while sent < messages:
        turns = []
        for room, members in dice.choices(rooms, weights=[len(m) for _, m in rooms], k=8):
            count = min(dice.randint(1, 12), messages - sent)
            if count:
                turns.append(turn(room, dice.choice(members), count))
            sent += count
        await asyncio.gather(*turns)
    return sent


async def _read(dice: random.Random, rooms: Sequence[tuple[UUID, list[Person]]]) -> None:
    """Most people have read most things."""
    await asyncio.gather(
        *(
            mark_read(member.viewer, Mark(room, dice.choice([3, 10, None])))
            for room, members in rooms
            for member in members
            if dice.random() < 0.6
        )
    )
