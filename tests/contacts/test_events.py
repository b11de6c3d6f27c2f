"""ContactChanged, ContactRequestChanged, BlockChanged: every device hears the same, live and after a cursor, and what
follows from them is what a client would read anew."""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests.client import Person
from tests.contacts.documents import (
    ACCEPT,
    ADD,
    ASK,
    BLOCK,
    BLOCKED,
    CANCEL,
    CONTACTS,
    DECLINE,
    EVENTS,
    KINDS,
    REMOVE,
    UNBLOCK,
    UPDATE,
    requests_of,
)

STEPS = ("ask", "accept", "decline", "cancel", "add", "update", "remove", "block", "unblock")
REQUEST_KEYS = [("SENT", "PENDING"), ("RECEIVED", "PENDING"), ("SENT", "ACCEPTED"), ("RECEIVED", "ACCEPTED")]


async def do(step: str, person: Person, other: Person, key: str) -> None:
    """One step, whatever comes of it."""
    contacts = (await person.query(CONTACTS))["viewer"]["contacts"]["nodes"]
    mine = next((node["id"] for node in contacts if node["user"]["id"] == other.id), None)
    match step:
        case "ask":
            await person.query(ASK, userId=other.id, note=key)
        case "accept" | "decline" | "cancel":
            document = {"accept": ACCEPT, "decline": DECLINE, "cancel": CANCEL}[step]
            for request in await requests_of(person, "SENT" if step == "cancel" else "RECEIVED"):
                await person.query(document, requestId=request["id"])
        case "add":
            await person.query(ADD, userId=other.id, nickname=key)
        case "update" if mine:
            await person.query(UPDATE, input={"contactId": mine, "nickname": key})
        case "remove" if mine:
            await person.query(REMOVE, contactId=mine)
        case "block" | "unblock":
            await person.query(BLOCK if step == "block" else UNBLOCK, userId=other.id)


def facts(event: dict[str, Any]) -> tuple[object, ...]:
    """What an event says for good; the rest is the state of when it is read."""
    match event["__typename"]:
        case "ContactRequestChanged":
            return "request", event["request"]["id"]
        case "ContactChanged":
            return "contact", event["user"]["id"], event["removedContactId"]
        case kind:
            return kind, event["user"]["id"], event["blocked"]


async def caught_up(stream: Any) -> list[dict[str, Any]]:
    found = []
    while (event := await stream.next())["__typename"] != "CursorMoved":
        found.append(event)
    return found


async def snapshot(person: Person) -> dict[str, Any]:
    """The lists as a client reads them."""
    contacts = (await person.query(CONTACTS))["viewer"]["contacts"]["nodes"]
    blocked = (await person.query(BLOCKED))["viewer"]["blockedUsers"]["nodes"]
    requests = [r for keys in REQUEST_KEYS for r in await requests_of(person, *keys)]
    return {
        "contacts": {node["id"]: node["nickname"] for node in contacts},
        "mutual": {node["id"]: node["isMutual"] for node in contacts},
        "blocked": {node["id"] for node in blocked},
        "requests": {request["id"]: request["state"] for request in requests},
    }


def fold(events: list[dict[str, Any]]) -> dict[str, Any]:
    """The same lists as a client keeps them from events alone, its cache empty at first."""
    contacts: dict[str, Any] = {}
    blocked: set[str] = set()
    requests: dict[str, str] = {}
    for event in events:
        if event["__typename"] == "ContactRequestChanged":
            requests[event["request"]["id"]] = event["request"]["state"]
        elif event["__typename"] == "ContactChanged":
            if event["removedContactId"]:
                contacts.pop(event["removedContactId"], None)
            if event["contact"]:
                contacts[event["contact"]["id"]] = event["contact"]
        elif event["blocked"]:
            blocked.add(event["user"]["id"])
        else:
            blocked.discard(event["user"]["id"])
    return {
        "contacts": {id_: contact["nickname"] for id_, contact in contacts.items()},
        "mutual": {id_: contact["isMutual"] for id_, contact in contacts.items()},
        "blocked": blocked,
        "requests": {id_: state for id_, state in requests.items() if state in ("PENDING", "ACCEPTED")},
    }


@pytest.mark.parametrize("seed", range(3))
async def test_snapshot_and_events_are_the_snapshot(alice, bob, carol, seed):
    dice = random.Random(seed)
    people = [alice, bob, carol]
    cursors = [await person.cursor() for person in people]
    async with (
        alice.subscribe(EVENTS, after=cursors[0], kinds=KINDS) as phone,
        alice.subscribe(EVENTS, after=cursors[0], kinds=KINDS) as tablet,
    ):
        assert (await caught_up(phone), await caught_up(tablet)) == ([], [])
        for number in range(30):
            person, other = dice.sample(people, 2)
            await do(dice.choice(STEPS), person, other, f"n{number}")
        async with alice.subscribe(EVENTS, after=cursors[0], kinds=KINDS) as stream:
            replayed = await caught_up(stream)
        live = [[await stream.next() for _ in replayed] for stream in (phone, tablet)]

    for events in live:
        assert [facts(event) for event in events] == [facts(event) for event in replayed]
        assert fold(events) == await snapshot(alice)
    assert [event["cursor"] for event in live[0]] == [event["cursor"] for event in live[1]]
    middle = len(replayed) // 2
    for cursor in (replayed[middle]["cursor"], live[0][middle]["cursor"]):  # one knows more of others; both go on here
        async with alice.subscribe(EVENTS, after=cursor, kinds=KINDS) as stream:
            assert [facts(event) for event in await caught_up(stream)] == [facts(e) for e in replayed[middle + 1 :]]
    for person, cursor in zip(people, cursors, strict=True):
        async with person.subscribe(EVENTS, after=cursor, kinds=KINDS) as stream:
            assert fold(await caught_up(stream)) == await snapshot(person)
