"""Conversation.members and the node of a member."""

from __future__ import annotations

from uuid import UUID

import pytest

from app.core.graphql.connection import encode_key
from tests.conversations.documents import LEAVE, MEMBERS, create_group, make_admin, start_direct


async def members(person, conversation_id, **variables):
    return (await person.query(MEMBERS, id=conversation_id, **variables))["conversation"]["members"]


async def test_pages_make_the_list(alice, bob, carol):
    group_id = await create_group(alice, bob, carol)
    whole = [node["id"] for node in (await members(alice, group_id))["nodes"]]

    found, after = [], None
    for _ in whole:
        page = await members(alice, group_id, first=1, after=after)
        found.append(page["nodes"][0]["id"])
        after = page["pageInfo"]["endCursor"]
        assert page["totalCount"] == 3
    assert found == whole
    assert page["pageInfo"]["hasNextPage"] is False


async def test_filters(alice, bob, carol):
    group_id = await create_group(alice, bob, carol)
    await make_admin(group_id, bob)

    staff = await members(alice, group_id, role="ADMIN")
    assert ([node["user"]["id"] for node in staff["nodes"]], staff["totalCount"]) == ([bob.id], 1)
    named = await members(alice, group_id, query="CAR")
    assert ([node["user"]["id"] for node in named["nodes"]], named["totalCount"]) == ([carol.id], 1)
    assert (await members(alice, group_id, query="nobody has this"))["nodes"] == []
    assert (await members(alice, group_id, query="%"))["nodes"] == []
    assert (await members(alice, group_id, query="  "))["totalCount"] == 3


async def test_who_may_remove_whom(alice, bob, carol):
    group_id = await create_group(alice, bob, carol)
    await make_admin(group_id, bob)

    async def removable(person):
        return {n["user"]["id"] for n in (await members(person, group_id))["nodes"] if n["viewerCanRemove"]}

    assert await removable(alice) == {bob.id, carol.id}
    assert await removable(bob) == {carol.id}
    assert await removable(carol) == set()


async def test_direct_conversation_has_two(alice, bob):
    conversation_id = await start_direct(alice, bob)
    page = await members(bob, conversation_id)

    assert {node["user"]["id"] for node in page["nodes"]} == {alice.id, bob.id}
    assert not any(node["viewerCanRemove"] for node in page["nodes"])


FORGED = [encode_key(f"{at}T00:00:00{offset}", str(UUID(int=1)))
          for at, offset in (("0001-01-01", "+14:00"), ("9999-12-31", "-14:00"), ("2026-01-01", ""))]  # fmt: skip


@pytest.mark.parametrize(
    "variables", [{"first": 0}, {"first": 101}, {"after": "x"}, {"query": "x" * 101}, *({"after": c} for c in FORGED)]
)
async def test_bad_arguments_are_refused(alice, bob, variables):
    group_id = await create_group(alice, bob)

    error = await alice.failed(MEMBERS, id=group_id, **variables)

    assert error["extensions"]["code"] == "BAD_REQUEST"


async def test_node_is_for_members(alice, bob, carol):
    group_id = await create_group(alice, bob)
    member_id = (await members(alice, group_id, role="MEMBER"))["nodes"][0]["id"]
    document = "query ($id: ID!) { node(id: $id) { id ... on Member { user { id } } } }"

    assert (await alice.query(document, id=member_id))["node"] == {"id": member_id, "user": {"id": bob.id}}
    assert (await carol.query(document, id=member_id))["node"] is None
    await bob.mutate(LEAVE, conversationId=group_id)
    assert (await alice.query(document, id=member_id))["node"] is None
    assert (await bob.query(document, id=member_id))["node"] is None
