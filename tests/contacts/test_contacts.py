"""addContact, updateContact, removeContact, viewer.contacts, User.contact."""

from __future__ import annotations

import pytest

from tests.contacts.documents import (
    ADD,
    BLOCK,
    CONTACTS,
    REMOVE,
    UPDATE,
    ask,
    contacts_of,
    pages_of,
    relationship,
    stored,
    told,
)
from tests.conversations.documents import unknown_id
from tests.statements import statements


async def test_added_one_sided(alice, bob):
    cursor, theirs = await alice.cursor(), await bob.cursor()
    payload = await alice.mutate(ADD, userId=bob.id, nickname="  Bobby ")

    contact = payload["contact"]
    assert (contact["nickname"], contact["isFavorite"], contact["isMutual"]) == ("Bobby", False, False)
    assert payload["user"] == {"id": bob.id, "relationship": "CONTACT", "contact": {"id": contact["id"]}}
    assert payload["request"] is None
    assert await relationship(bob, alice) == "NONE"
    (event,) = await told(alice, cursor, 1)
    assert event["contact"]["id"] == contact["id"]
    assert await told(bob, theirs, 0) == []


async def test_adding_back_makes_both_mutual_and_tells_both(alice, bob):
    await alice.mutate(ADD, userId=bob.id)
    cursor = await alice.cursor()
    assert (await bob.mutate(ADD, userId=alice.id))["contact"]["isMutual"] is True

    (event,) = await told(alice, cursor, 1)
    assert event["contact"]["isMutual"] is True
    assert event["user"]["id"] == bob.id


async def test_adding_accepts_a_waiting_request(alice, bob):
    request_id = await ask(bob, alice)
    payload = await alice.mutate(ADD, userId=bob.id)

    assert (payload["request"]["id"], payload["request"]["state"]) == (request_id, "ACCEPTED")
    assert payload["contact"]["isMutual"] is True
    assert await contacts_of(bob) == [alice.id]


async def test_refusals_change_nothing(alice, bob, carol):
    await alice.mutate(ADD, userId=bob.id)
    await alice.mutate(BLOCK, userId=carol.id)
    before = await stored(alice, bob, carol)

    for variables, code, field in (
        ({"userId": alice.id}, "INVALID", "userId"),
        ({"userId": bob.id}, "ALREADY_EXISTS", "userId"),
        ({"userId": carol.id}, "FORBIDDEN", "userId"),
        ({"userId": unknown_id("usr")}, "NOT_FOUND", "userId"),
        ({"userId": "nonsense"}, "NOT_FOUND", "userId"),
        ({"userId": bob.id, "nickname": "x" * 101}, "TOO_LONG", "nickname"),
        ({"userId": bob.id, "nickname": "a\nb"}, "INVALID", "nickname"),
    ):
        (error,) = await alice.refused(ADD, **variables)
        assert (error["code"], error["field"]) == (code, ["input", field])
    assert await stored(alice, bob, carol) == before


async def test_a_full_book_takes_no_more(alice, bob, carol, server, monkeypatch):
    await alice.mutate(ADD, userId=bob.id)
    monkeypatch.setattr(server.runtime.settings.contacts, "contacts", 1)
    (error,) = await alice.refused(ADD, userId=carol.id)

    assert (error["code"], error["limit"]) == ("LIMIT_REACHED", 1)
    assert await contacts_of(alice) == [bob.id]


async def test_update_keeps_what_is_absent_and_null_clears(alice, bob):
    contact_id = (await alice.mutate(ADD, userId=bob.id, nickname="B"))["contact"]["id"]
    cursor = await alice.cursor()

    changed = (await alice.mutate(UPDATE, input={"contactId": contact_id, "isFavorite": True}))["contact"]
    assert (changed["nickname"], changed["isFavorite"]) == ("B", True)
    changed = (await alice.mutate(UPDATE, input={"contactId": contact_id, "nickname": None}))["contact"]
    assert (changed["nickname"], changed["isFavorite"]) == (None, True)
    assert [e["contact"]["id"] for e in await told(alice, cursor, 2)] == [contact_id] * 2


async def test_removed(alice, bob):
    await bob.mutate(ADD, userId=alice.id)
    contact_id = (await alice.mutate(ADD, userId=bob.id))["contact"]["id"]
    cursor, theirs = await alice.cursor(), await bob.cursor()
    payload = await alice.mutate(REMOVE, contactId=contact_id)

    assert payload["removedContactId"] == contact_id
    assert payload["user"] == {"id": bob.id, "relationship": "NONE", "contact": None}
    (event,) = await told(alice, cursor, 1)
    assert (event["contact"], event["removedContactId"]) == (None, contact_id)
    (event,) = await told(bob, theirs, 1)
    assert event["contact"]["isMutual"] is False
    assert await contacts_of(alice) == []
    assert (await alice.query("query ($id: ID!) { node(id: $id) { id } }", id=contact_id))["node"] is None


@pytest.mark.parametrize("whose", ["unknown", "malformed", "somebody else's"])
async def test_not_the_viewers_contact(alice, bob, whose):
    theirs = (await bob.mutate(ADD, userId=alice.id))["contact"]["id"]
    contact_id = {"unknown": unknown_id("con"), "malformed": "con_x"}.get(whose, theirs)
    before = await stored(alice, bob)

    for document, variables in (
        (UPDATE, {"input": {"contactId": contact_id, "nickname": "x"}}),
        (REMOVE, {"contactId": contact_id}),
    ):
        (error,) = await alice.refused(document, **variables)
        assert (error["code"], error["field"]) == ("NOT_FOUND", ["input", "contactId"])
    assert (await alice.query("query ($id: ID!) { node(id: $id) { id } }", id=contact_id))["node"] is None
    assert await stored(alice, bob) == before


async def test_favourites_first_then_the_last_added(alice, person):
    people = [await person(f"p{n}") for n in range(5)]
    ids = [(await alice.mutate(ADD, userId=p.id))["contact"]["id"] for p in people]
    for n in (1, 3):
        await alice.mutate(UPDATE, input={"contactId": ids[n], "isFavorite": True})

    assert await contacts_of(alice) == [people[n].id for n in (3, 1, 4, 2, 0)]
    assert await contacts_of(alice, favoritesOnly=True) == [people[n].id for n in (3, 1)]
    assert await pages_of(alice, CONTACTS, "contacts") == [[ids[3], ids[1]], [ids[4], ids[2]], [ids[0]]]


async def test_searched_by_name_and_nickname(alice, bob, person):
    zoe = await person("zoe", displayName="Zoë Ångström")
    await alice.mutate(ADD, userId=bob.id, nickname="100% Boss")
    await alice.mutate(ADD, userId=zoe.id)

    assert await contacts_of(alice, query="ångST") == [zoe.id]
    assert await contacts_of(alice, query="100%") == [bob.id]
    assert await contacts_of(alice, query="BOB") == [bob.id]
    assert await contacts_of(alice, query="_%") == []
    assert (await alice.failed(CONTACTS, query="x" * 101))["extensions"]["code"] == "BAD_REQUEST"


@pytest.mark.parametrize("after", ["nonsense", "WzFd", "W3RydWUsIngiXQ"])
async def test_foreign_cursor_is_refused(alice, after):
    assert (await alice.failed(CONTACTS, after=after))["extensions"]["code"] == "BAD_REQUEST"


async def test_one_row_or_fifty_cost_the_same_statements(alice, bob, person):
    await alice.mutate(ADD, userId=bob.id)
    async with statements() as few:
        await alice.query(CONTACTS)
    for n in range(49):
        await alice.mutate(ADD, userId=(await person(f"x{n}")).id)
    async with statements() as many:
        page = (await alice.query(CONTACTS))["viewer"]["contacts"]

    assert (len(page["nodes"]), page["totalCount"]) == (50, 50)
    assert len(many) == len(few), many
