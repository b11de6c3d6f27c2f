"""viewer.conversations, conversation(id), directConversation(userId)."""

from __future__ import annotations

import pytest

from tests.conversations.documents import ADD, create_group, start_direct, unknown_id
from tests.statements import statements

LIST = """
query List($kinds: [ConversationKind!], $first: Int = 50, $after: String) {
  viewer {
    conversations(filter: {kinds: $kinds}, first: $first, after: $after) {
      totalCount
      nodes { id kind title }
      edges { cursor node { id } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
}
"""
SCREEN = """
{
  viewer {
    conversations(first: 50) {
      nodes {
        id kind title activityAt lastSeq firstSeq memberCount viewerMember { role } viewerCanSend
        members(first: 3) { totalCount nodes { role user { id displayName } addedBy { id } viewerCanRemove } }
        ... on DirectConversation { peer { id displayName } }
        ... on Group { description createdBy { id } viewerCanManage }
      }
    }
  }
}
"""


async def titles(person, **variables) -> list[str]:
    page = (await person.query(LIST, **variables))["viewer"]["conversations"]
    return [node["title"] for node in page["nodes"]]


async def test_newest_activity_comes_first(alice, bob, carol):
    first = await create_group(alice, title="one")
    await create_group(alice, title="two")
    await start_direct(bob, alice)
    assert await titles(alice) == ["Bob", "two", "one"]

    await alice.mutate(ADD, conversationId=first, userIds=[carol.id])

    assert await titles(alice) == ["one", "Bob", "two"]


async def test_pages_make_the_list(alice):
    for number in range(5):
        await create_group(alice, title=str(number))

    pages, after = [], None
    while True:
        page = (await alice.query(LIST, first=2, after=after))["viewer"]["conversations"]
        pages.append([node["title"] for node in page["nodes"]])
        assert page["totalCount"] == 5
        assert [edge["node"]["id"] for edge in page["edges"]] == [node["id"] for node in page["nodes"]]
        assert page["pageInfo"]["hasPreviousPage"] is (after is not None)
        assert page["pageInfo"]["endCursor"] == page["edges"][-1]["cursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert pages == [["4", "3"], ["2", "1"], ["0"]]


async def test_kinds_filter_list_and_count(alice, bob):
    await create_group(alice, title="one")
    await start_direct(alice, bob)

    assert await titles(alice, kinds=["GROUP"]) == ["one"]
    page = (await alice.query(LIST, kinds=["DIRECT"]))["viewer"]["conversations"]
    assert (page["totalCount"], page["nodes"][0]["title"]) == (1, "Bob")
    assert await titles(alice, kinds=None) == ["Bob", "one"]


async def test_empty_page(alice):
    page = (await alice.query(LIST))["viewer"]["conversations"]

    assert page == {
        "totalCount": 0, "nodes": [], "edges": [],
        "pageInfo": {"hasNextPage": False, "hasPreviousPage": False, "startCursor": None, "endCursor": None},
    }  # fmt: skip


@pytest.mark.parametrize("first", [0, -1, 101])
async def test_page_size_is_capped(alice, first):
    assert (await alice.failed(LIST, first=first))["extensions"]["code"] == "BAD_REQUEST"


@pytest.mark.parametrize("after", ["nonsense", "WzFd", "WyJhIiwiYiJd", "", "é"])
async def test_foreign_cursor_is_refused(alice, after):
    assert (await alice.failed(LIST, after=after))["extensions"]["code"] == "BAD_REQUEST"


async def test_one_row_or_fifty_cost_the_same_statements(alice, bob, carol):
    await create_group(alice, bob, carol, title="one")
    await start_direct(alice, bob)
    async with statements() as few:
        await alice.query(SCREEN)

    for number in range(48):
        await create_group(alice, bob, carol, title=str(number))
    async with statements() as many:
        page = (await alice.query(SCREEN))["viewer"]["conversations"]["nodes"]

    assert len(page) == 50
    assert all(node["members"]["totalCount"] == len(node["members"]["nodes"]) for node in page)
    assert len(many) == len(few), many


async def test_by_id_and_by_person(alice, bob, carol):
    conversation_id = await start_direct(alice, bob)

    data = await alice.query(
        """query ($id: ID!, $bob: ID!, $carol: ID!) {
             conversation(id: $id) { id title }
             node(id: $id) { id ... on DirectConversation { peer { id } } }
             known: directConversation(userId: $bob) { id }
             none: directConversation(userId: $carol) { id }
           }""",
        id=conversation_id, bob=bob.id, carol=carol.id,
    )  # fmt: skip
    assert data == {
        "conversation": {"id": conversation_id, "title": "Bob"},
        "node": {"id": conversation_id, "peer": {"id": bob.id}},
        "known": {"id": conversation_id},
        "none": None,
    }


async def test_invisible_unknown_and_malformed_are_null(alice, bob, carol):
    conversation_id = await start_direct(alice, bob)

    for id_ in (conversation_id, unknown_id("cnv"), "nonsense", ""):
        data = await carol.query("query ($id: ID!) { conversation(id: $id) { id } node(id: $id) { id } }", id=id_)
        assert data == {"conversation": None, "node": None}
    for user_id in (carol.id, unknown_id("usr"), "nonsense"):
        data = await carol.query("query ($id: ID!) { directConversation(userId: $id) { id } }", id=user_id)
        assert data == {"directConversation": None}
