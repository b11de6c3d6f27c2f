"""snapshot + events = snapshot, while several people with two devices each do anything at random.

A failure names its seed; `DRIVER_SEEDS=3,4,5` runs others.
"""

from __future__ import annotations

import asyncio
import os

import pytest

from app.core.runtime import enter
from tests.accounts.support import log_in
from tests.client import Person
from tests.contacts.documents import connect
from tests.messages.driver import EVENTS, Device, Driver, differences

SEEDS = [int(seed) for seed in os.environ.get("DRIVER_SEEDS", "1,2").split(",")]
ROUNDS, STEPS = 5, 16
WORDS = ("hello", "again", "مرحبا", "e", "so long")


async def second(person: Person) -> Person:
    """The same person on another device."""
    payload = await log_in(person.server, person)
    tokens = payload["tokens"]
    return Person(
        person.server, person.id, person.username, person.email, tokens["accessToken"], tokens["refreshToken"], "other"
    )


async def check(devices: list[Device], seed: int) -> None:
    """All that a device made of its events is what the server says now."""
    for device in devices:
        await device.catch_up()
        fresh = Device(device.person, "fresh")
        await fresh.start()
        found = list(differences(device.state(), fresh.state()))
        about = f"seed {seed}, {device.name} of {device.person.username}, after {device.seen[-12:]}"
        assert not found, "\n".join([about, *found[:8]])


@pytest.mark.parametrize("seed", SEEDS)
async def test_devices_know_from_events_what_a_fresh_one_is_told(server, person, seed):
    enter(server.runtime)  # of what the driver does in the place of a worker
    people = [await person(name) for name in ("ann", "ben", "cat", "dan")]
    for n, one in enumerate(people):
        for other in people[n + 1 :]:
            await connect(one, other)
    people.append(await person("eve"))  # a stranger to them: what she starts is a message request
    driver = Driver(seed, people)
    await driver.begin()
    others = [await second(one) for one in people]
    quiet = [Device(one, "quiet") for one in people]  # away for a while, again and again
    live = [Device(one, "live") for one in others]
    for device in (*quiet, *live):
        await device.start()
    try:
        for n in range(ROUNDS):
            readers = [asyncio.create_task(follow(device)) for device in live]
            await driver.act(STEPS)
            await check(quiet[n % 2 :: 2], seed)
            for reader in readers:  # cut, wherever they are
                reader.cancel()
            await asyncio.gather(*readers, return_exceptions=True)
            await check(live, seed)
        for device, word in zip(live, WORDS, strict=False):
            await device.check_search(word)
    finally:
        for one in others:
            await one.close()
    assert driver.done.get("sendMessage", 0) > 2, driver.done


async def follow(device: Device) -> None:
    async with device.person.subscribe(EVENTS, after=device.cursor) as stream:
        while True:
            await device.read(stream)
