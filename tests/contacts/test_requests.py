"""sendContactRequest, acceptContactRequest, declineContactRequest, cancelContactRequest, viewer.contactRequests."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from app.core import db
from app.core.clock import now
from app.core.graphql.ids import decode_id
from tests.contacts.documents import (
    ACCEPT,
    ASK,
    BLOCK,
    CANCEL,
    DECLINE,
    REQUESTS,
    ask,
    contacts_of,
    pages_of,
    relationship,
    requests_of,
    stored,
    told,
)
from tests.conversations.documents import unknown_id
from tests.statements import statements


async def test_sent_with_a_note_to_all_devices_of_both(alice, bob):
    cursors = await alice.cursor(), await bob.cursor()
    request = (await alice.mutate(ASK, userId=bob.id, note=" hi "))["request"]

    assert (request["state"], request["via"], request["note"], request["answeredAt"]) == (
        "PENDING", "SEARCH", "hi", None,
    )  # fmt: skip
    assert (request["from"]["id"], request["to"]["id"]) == (alice.id, bob.id)
    for person, cursor in ((alice, cursors[0]), (bob, cursors[1])):
        (event,) = await told(person, cursor, 1)
        assert event["request"] == request
    assert [r["id"] for r in await requests_of(alice, "SENT")] == [request["id"]]
    assert [r["id"] for r in await requests_of(bob, "RECEIVED")] == [request["id"]]
    assert (await requests_of(alice, "RECEIVED"), await requests_of(bob, "SENT")) == ([], [])
    assert (await relationship(alice, bob), await relationship(bob, alice)) == ("REQUEST_SENT", "REQUEST_RECEIVED")


async def test_accepted(alice, bob):
    request_id = await ask(alice, bob)
    cursor = await alice.cursor()
    payload = await bob.mutate(ACCEPT, requestId=request_id, nickname="Al")

    assert payload["request"]["state"] == "ACCEPTED"
    assert payload["request"]["answeredAt"]
    assert (payload["contact"]["nickname"], payload["contact"]["isMutual"]) == ("Al", True)
    assert payload["user"]["relationship"] == "CONTACT"
    events = await told(alice, cursor, 2)
    assert {e["__typename"] for e in events} == {"ContactRequestChanged", "ContactChanged"}
    assert (await contacts_of(alice), await contacts_of(bob)) == ([bob.id], [alice.id])
    assert [r["id"] for r in await requests_of(alice, "SENT", "ACCEPTED")] == [request_id]


async def test_asking_back_accepts(alice, bob):
    request_id = await ask(alice, bob)
    payload = await bob.mutate(ASK, userId=alice.id)

    assert (payload["request"]["id"], payload["request"]["state"]) == (request_id, "ACCEPTED")
    assert payload["contact"]["isMutual"] is True
    assert (await contacts_of(alice), await contacts_of(bob)) == ([bob.id], [alice.id])


async def test_both_ask_at_once(alice, bob):
    await asyncio.gather(alice.mutate(ASK, userId=bob.id), bob.mutate(ASK, userId=alice.id))

    assert (await contacts_of(alice), await contacts_of(bob)) == ([bob.id], [alice.id])
    assert await requests_of(alice, "SENT") + await requests_of(alice, "RECEIVED") == []


async def test_declined_and_a_day_to_wait(alice, bob):
    request_id = await ask(alice, bob)
    cursors = await alice.cursor(), await bob.cursor()
    assert (await bob.mutate(DECLINE, requestId=request_id))["request"]["state"] == "DECLINED"
    for person, cursor in ((alice, cursors[0]), (bob, cursors[1])):
        (event,) = await told(person, cursor, 1)
        assert event["request"]["state"] == "DECLINED"
    before = await stored(alice, bob)
    (error,) = await alice.refused(ASK, userId=bob.id)
    assert (error["code"], error["field"]) == ("COOLDOWN", ["input", "userId"])
    assert 86_000 < error["retryAfter"] <= 86_400
    assert await stored(alice, bob) == before

    await db.execute(
        "UPDATE contact_request SET answered_at = $1 WHERE id = $2",
        now() - timedelta(hours=24, seconds=1),
        decode_id("crq", request_id),
    )
    again = (await alice.mutate(ASK, userId=bob.id, note="please"))["request"]
    assert (again["id"], again["state"], again["note"]) == (request_id, "PENDING", "please")


async def test_who_declined_may_ask_at_once(alice, bob):
    request_id = await ask(alice, bob)
    await bob.mutate(DECLINE, requestId=request_id)

    request = (await bob.mutate(ASK, userId=alice.id))["request"]
    assert (request["id"], request["state"], request["from"]["id"]) == (request_id, "PENDING", bob.id)


async def test_canceled(alice, bob):
    request_id = await ask(alice, bob)
    cursor = await bob.cursor()
    assert (await alice.mutate(CANCEL, requestId=request_id))["request"]["state"] == "CANCELED"

    (event,) = await told(bob, cursor, 1)
    assert event["request"]["state"] == "CANCELED"
    assert (await requests_of(bob, "RECEIVED"), await relationship(bob, alice)) == ([], "NONE")
    assert await ask(alice, bob) == request_id


async def test_refusals_change_nothing(alice, bob, carol, person):
    dave = await person("dave")
    request_id = await ask(alice, bob)
    await ask(alice, carol)
    await alice.mutate(BLOCK, userId=dave.id)
    await carol.mutate(ASK, userId=alice.id)
    before = await stored(alice, bob, carol, dave)

    for variables, code, field in (
        ({"userId": alice.id}, "INVALID", "userId"),
        ({"userId": bob.id}, "ALREADY_EXISTS", "userId"),
        ({"userId": carol.id}, "ALREADY_EXISTS", "userId"),
        ({"userId": dave.id}, "FORBIDDEN", "userId"),
        ({"userId": unknown_id("usr")}, "NOT_FOUND", "userId"),
        ({"userId": bob.id, "note": "x" * 301}, "TOO_LONG", "note"),
    ):
        (error,) = await alice.refused(ASK, **variables)
        assert (error["code"], error["field"]) == (code, ["input", field])
    for who, document in ((alice, ACCEPT), (alice, DECLINE), (bob, CANCEL), (carol, ACCEPT), (carol, CANCEL)):
        (error,) = await who.refused(document, requestId=request_id)
        assert (error["code"], error["field"]) == ("NOT_FOUND", ["input", "requestId"])
    (error,) = await bob.refused(ACCEPT, requestId=unknown_id("crq"))
    assert error["code"] == "NOT_FOUND"
    assert await stored(alice, bob, carol, dave) == before


@pytest.mark.parametrize("first", [ACCEPT, DECLINE])
async def test_answered_once(alice, bob, first):
    request_id = await ask(alice, bob)
    await bob.mutate(first, requestId=request_id)
    before = await stored(alice, bob)

    for who, document in ((bob, ACCEPT), (bob, DECLINE), (alice, CANCEL)):
        (error,) = await who.refused(document, requestId=request_id)
        assert (error["code"], error["field"]) == ("CONFLICT", ["input", "requestId"])
    assert await stored(alice, bob) == before


async def test_strangers_see_no_request(alice, bob, carol):
    request_id = await ask(alice, bob)

    query = "query ($id: ID!) { node(id: $id) { id } }"
    assert (await bob.query(query, id=request_id))["node"] == {"id": request_id}
    assert (await carol.query(query, id=request_id))["node"] is None


async def test_pages_make_the_list(alice, person):
    ids = [await ask(await person(f"p{n}"), alice) for n in range(5)]

    pages = await pages_of(alice, REQUESTS, "contactRequests", direction="RECEIVED")
    assert pages == [[ids[4], ids[3]], [ids[2], ids[1]], [ids[0]]]


async def test_one_row_or_fifty_cost_the_same_statements(alice, bob, person):
    await ask(bob, alice)
    async with statements() as few:
        await requests_of(alice, "RECEIVED")
    for n in range(49):
        await ask(await person(f"x{n}"), alice)
    async with statements() as many:
        assert len(await requests_of(alice, "RECEIVED")) == 50

    assert len(many) == len(few), many
