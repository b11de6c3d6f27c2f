"""blockUser, unblockUser, viewer.blockedUsers, and what a block does to contacts and requests."""

from __future__ import annotations

import pytest

from tests.contacts.documents import (
    ACCEPT,
    ADD,
    ASK,
    BLOCK,
    BLOCKED,
    CANCEL,
    REMOVE,
    UNBLOCK,
    USER,
    ask,
    connect,
    contacts_of,
    pages_of,
    relationship,
    requests_of,
    stored,
    told,
)
from tests.conversations.documents import unknown_id
from tests.statements import statements


async def test_only_the_blocker_is_told(alice, bob):
    cursor, theirs = await alice.cursor(), await bob.cursor()
    assert (await alice.mutate(BLOCK, userId=bob.id))["user"]["relationship"] == "BLOCKED"
    await alice.mutate(UNBLOCK, userId=bob.id)

    blocked, unblocked = await told(alice, cursor, 2)
    assert (blocked["blocked"], blocked["user"]["id"], unblocked["blocked"]) == (True, bob.id, False)
    assert await told(bob, theirs, 0) == []
    assert (await relationship(alice, bob), await relationship(bob, alice)) == ("NONE", "NONE")


async def test_repeats_change_nothing(alice, bob):
    before = await stored(alice, bob)
    await alice.mutate(UNBLOCK, userId=bob.id)
    assert await stored(alice, bob) == before

    await alice.mutate(BLOCK, userId=bob.id)
    before = await stored(alice, bob)
    await alice.mutate(BLOCK, userId=bob.id)
    assert await stored(alice, bob) == before


@pytest.mark.parametrize("document", [BLOCK, UNBLOCK])
async def test_refusals(alice, document):
    before = await stored(alice)
    for user_id, code in ((alice.id, "INVALID"), (unknown_id("usr"), "NOT_FOUND"), ("nonsense", "NOT_FOUND")):
        (error,) = await alice.refused(document, userId=user_id)
        assert (error["code"], error["field"]) == (code, ["input", "userId"])
    assert await stored(alice) == before


async def test_contacts_stay_and_is_mutual_too(alice, bob):
    await connect(alice, bob)
    seen = await bob.query(USER, id=alice.id)
    await alice.mutate(BLOCK, userId=bob.id)

    assert await contacts_of(alice) == [bob.id]
    assert await bob.query(USER, id=alice.id) == seen
    contact_id = (await alice.query(USER, id=bob.id))["user"]["contact"]["id"]
    theirs = await bob.cursor()
    await alice.mutate(REMOVE, contactId=contact_id)

    assert await contacts_of(alice) == []
    assert await bob.query(USER, id=alice.id) == seen
    assert await told(bob, theirs, 0) == []


async def test_a_request_to_a_blocker_is_never_answered_nor_seen(alice, bob):
    await alice.mutate(BLOCK, userId=bob.id)
    cursor = await alice.cursor()
    request = (await bob.mutate(ASK, userId=alice.id, note="hi"))["request"]
    assert request["state"] == "PENDING"
    await alice.mutate(UNBLOCK, userId=bob.id)

    assert [r["id"] for r in await requests_of(bob, "SENT")] == [request["id"]]
    assert await requests_of(alice, "RECEIVED") == []
    assert await relationship(alice, bob) == "NONE"
    (error,) = await alice.refused(ACCEPT, requestId=request["id"])
    assert error["code"] == "NOT_FOUND"
    (event,) = await told(alice, cursor, 1)
    assert event["__typename"] == "BlockChanged"


async def test_a_waiting_request_disappears_for_the_blocker_alone(alice, bob):
    request_id = await ask(bob, alice)
    await alice.mutate(BLOCK, userId=bob.id)

    assert await requests_of(alice, "RECEIVED") == []
    assert [r["id"] for r in await requests_of(bob, "SENT")] == [request_id]
    assert (await bob.mutate(CANCEL, requestId=request_id))["request"]["state"] == "CANCELED"
    assert await requests_of(alice, "RECEIVED", "CANCELED") == []


async def test_accepting_a_blockers_request_brings_nothing_to_them(alice, bob):
    request_id = await ask(alice, bob)
    await alice.mutate(BLOCK, userId=bob.id)
    cursor = await alice.cursor()
    (error,) = await alice.refused(CANCEL, requestId=request_id)
    assert error["code"] == "FORBIDDEN"
    assert (await bob.mutate(ACCEPT, requestId=request_id))["contact"]["isMutual"] is True

    assert await contacts_of(alice) == []
    assert await told(alice, cursor, 0) == []


async def test_contact_changes_do_not_arrive_at_the_blocker(alice, bob):
    await alice.mutate(ADD, userId=bob.id)
    await alice.mutate(BLOCK, userId=bob.id)
    cursor = await alice.cursor()
    await bob.mutate(ADD, userId=alice.id)

    assert await told(alice, cursor, 0) == []


async def test_pages_and_statements(alice, person):
    people = []
    for n in range(5):
        people.append(await person(f"p{n}"))
        await alice.mutate(BLOCK, userId=people[-1].id)
        if not n:
            async with statements() as few:
                await alice.query(BLOCKED)
    async with statements() as many:
        page = (await alice.query(BLOCKED))["viewer"]["blockedUsers"]

    ids = [p.id for p in reversed(people)]
    assert [node["id"] for node in page["nodes"]] == ids
    assert (page["totalCount"], len(many)) == (5, len(few))
    assert await pages_of(alice, BLOCKED, "blockedUsers") == [ids[:2], ids[2:4], ids[4:]]
    assert {node["relationship"] for node in page["nodes"]} == {"BLOCKED"}
