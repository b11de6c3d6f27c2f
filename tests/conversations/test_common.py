"""Groups in common, and suggestions that follow from them and from common contacts."""

from __future__ import annotations

import pytest

from app.core.graphql.ids import decode_id
from tests.client import Person
from tests.contacts.documents import ADD, ASK, BLOCK, REMOVE, UNBLOCK, connect
from tests.conversations.documents import LEAVE, create_group, start_direct
from tests.messages.documents import send
from tests.statements import statements

SUGGESTIONS = """query ($first: Int, $after: String) { viewer { contactSuggestions(first: $first, after: $after) {
  totalCount nodes { id } edges { cursor node { id displayName } }
  pageInfo { hasNextPage hasPreviousPage endCursor } } } }"""
COMMON = """query ($id: ID!, $first: Int, $after: String) { user(id: $id) {
  commonGroups(first: $first, after: $after) { totalCount nodes { id title viewerMember { role } } edges { cursor }
    pageInfo { hasNextPage hasPreviousPage endCursor } } } }"""
SCREEN = """{ viewer { contactSuggestions(first: 100) { totalCount nodes {
  id displayName relationship commonGroups(first: 5) { totalCount nodes { id title memberCount } } } } } }"""


async def suggested(person: Person) -> list[str]:
    page = (await person.query(SUGGESTIONS, first=100))["viewer"]["contactSuggestions"]
    assert page["totalCount"] == len(page["nodes"])
    return [node["id"] for node in page["nodes"]]


async def common(person: Person, other: Person) -> list[str]:
    page = (await person.query(COMMON, id=other.id))["user"]["commonGroups"]
    assert page["totalCount"] == len(page["nodes"])
    return [node["title"] for node in page["nodes"]]


async def test_groups_of_both_newest_activity_first(alice, bob, carol):
    ids = {title: await create_group(alice, bob, title=title) for title in ("one", "two", "three")}
    await create_group(alice, carol, title="without him")
    await create_group(bob, carol, title="without her")
    await start_direct(alice, bob)
    await send(bob, ids["one"])

    assert await common(alice, bob) == ["one", "three", "two"] == await common(bob, alice)
    await bob.mutate(LEAVE, conversationId=ids["two"])
    assert await common(alice, bob) == ["one", "three"]
    first = (await alice.query(COMMON, id=bob.id, first=1))["user"]["commonGroups"]
    assert (first["totalCount"], first["pageInfo"]["hasNextPage"], first["nodes"][0]["title"]) == (2, True, "one")
    rest = (await alice.query(COMMON, id=bob.id, first=1, after=first["pageInfo"]["endCursor"]))["user"]["commonGroups"]
    assert [node["title"] for node in rest["nodes"]] == ["three"]
    assert (rest["pageInfo"]["hasNextPage"], rest["pageInfo"]["hasPreviousPage"]) == (False, True)
    assert rest["nodes"][0]["viewerMember"] == {"role": "OWNER"}


async def test_a_block_leaves_common_groups(alice, bob):
    await create_group(alice, bob, title="one")
    await bob.mutate(BLOCK, userId=alice.id)
    assert await common(alice, bob) == ["one"] == await common(bob, alice)


async def test_a_request_tells_of_the_group(alice, bob, carol):
    await create_group(alice, bob)
    assert (await alice.mutate(ASK, userId=bob.id))["request"]["via"] == "GROUP"
    assert (await alice.mutate(ASK, userId=carol.id))["request"]["via"] == "SEARCH"


async def test_the_likeliest_first(alice, bob, carol, person):
    dora, eve = await person("dora"), await person("eve")
    await create_group(alice, bob, carol)
    await create_group(bob, alice, carol, dora)
    await connect(alice, eve)
    await connect(eve, dora)

    assert await suggested(alice) == [
        *sorted([bob.id, carol.id], key=lambda id_: str(decode_id("usr", id_)), reverse=True),
        dora.id,
    ]  # 4, 4, 2 + 1
    assert await suggested(eve) == []  # alice is a contact, dora too


async def test_contacts_of_contacts_only_if_mutual(alice, bob, carol):
    await connect(alice, bob)
    await carol.mutate(ADD, userId=bob.id)
    assert (await suggested(alice), await suggested(carol)) == ([], [])  # nobody learns whom Bob knows by adding him
    contact_id = (await bob.mutate(ADD, userId=carol.id))["contact"]["id"]
    assert (await suggested(alice), await suggested(carol)) == ([carol.id], [alice.id])
    await bob.mutate(REMOVE, contactId=contact_id)
    assert (await suggested(alice), await suggested(carol)) == ([], [])


@pytest.mark.parametrize("why", ["contact", "asked", "was asked", "blocks", "is blocked"])
async def test_left_out(alice, bob, why):
    await create_group(alice, bob)
    assert await suggested(alice) == [bob.id]
    if why == "contact":
        await alice.mutate(ADD, userId=bob.id)
    if why in ("asked", "was asked"):
        one, other = (alice, bob) if why == "asked" else (bob, alice)
        await one.mutate(ASK, userId=other.id)
    if why in ("blocks", "is blocked"):
        one, other = (alice, bob) if why == "blocks" else (bob, alice)
        await one.mutate(BLOCK, userId=other.id)
        assert await suggested(alice) == []
        await one.mutate(UNBLOCK, userId=other.id)
        assert await suggested(alice) == [bob.id]
        return
    assert await suggested(alice) == []


async def test_pages(alice, person):
    people = [await person(f"p{n}") for n in range(5)]
    for n in range(5):
        await create_group(alice, *people[n:])
    everybody, after = await suggested(alice), None
    assert everybody == [p.id for p in reversed(people)]
    found: list[str] = []
    while True:
        page = (await alice.query(SUGGESTIONS, first=2, after=after))["viewer"]["contactSuggestions"]
        assert [edge["node"]["id"] for edge in page["edges"]] == [node["id"] for node in page["nodes"]]
        assert (page["totalCount"], page["pageInfo"]["hasPreviousPage"]) == (5, after is not None)
        found += [node["id"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert found == everybody


@pytest.mark.parametrize("after", ["nonsense", "WzFd", "WzEsIngiXQ"])
async def test_foreign_cursors_are_refused(alice, after):
    assert (await alice.failed(SUGGESTIONS, after=after))["extensions"]["code"] == "BAD_REQUEST"
    assert (await alice.failed(COMMON, id=alice.id, after=after))["extensions"]["code"] == "BAD_REQUEST"


async def test_one_row_or_fifty_cost_the_same_statements(alice, bob, person):
    await create_group(alice, bob)
    async with statements() as few:
        await alice.query(SCREEN)
    people = [await person(f"m{n}") for n in range(49)]
    for n in range(3):
        await create_group(alice, *people, title=str(n))
    async with statements() as many:
        page = (await alice.query(SCREEN))["viewer"]["contactSuggestions"]

    assert (page["totalCount"], len(page["nodes"])) == (50, 50)
    assert all(node["commonGroups"]["totalCount"] == 3 for node in page["nodes"][:49])
    assert len(many) == len(few), many
