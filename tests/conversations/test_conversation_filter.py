"""The list of conversations: filters, counts, pages that stay right, a constant number of statements."""

from __future__ import annotations

from app.core import db
from app.core.graphql.ids import decode_id
from tests.conversations.documents import create_group, start_direct
from tests.conversations.own import LIST, change, listed
from tests.messages.documents import send, send_many
from tests.statements import statements

MARK_READ = "mutation ($id: ID!) { markRead(input: {conversationId: $id}) { errors { code } updatedCount } }"


async def test_each_filter(alice, bob, carol):
    work = await create_group(alice, bob, title="Straße 7 (Büro)")
    fun = await create_group(alice, carol, title="50%_off")
    direct = await start_direct(alice, bob)
    gone = await create_group(alice, bob, title="Old büro")
    await change(alice, work, labels=["job"])
    await change(alice, gone, isArchived=True, labels=["job"])
    await send(bob, work)
    await send(carol, fun)
    await send(alice, direct)

    assert await listed(alice) == [direct, fun, work]
    assert await listed(alice, archived=True) == [gone]
    assert await listed(alice, archived=None) == [direct, fun, work, gone]
    assert await listed(alice, unreadOnly=True) == [fun, work]
    assert await listed(alice, label="job") == [work]
    assert await listed(alice, label="job", archived=None) == [work, gone]
    assert await listed(alice, label="JOB") == []
    assert await listed(alice, kinds=["DIRECT"]) == [direct]
    assert await listed(alice, kinds=["GROUP"], unreadOnly=True, label="job") == [work]
    assert await listed(alice, query="BÜRO") == [work]
    assert await listed(alice, query="STRASSE") == [work]
    assert await listed(alice, query="%_") == [fun]
    assert await listed(alice, query="bob") == [direct]
    assert await listed(alice, query="   ") == [direct, fun, work]
    assert await listed(alice, query="nobody of that name") == []
    await alice.mutate(MARK_READ, id=work)
    assert await listed(alice, unreadOnly=True) == [fun]


async def test_a_nickname_is_found_by_who_gave_it(alice, bob):
    direct = await start_direct(alice, bob)
    add = 'mutation ($id: ID!) { addContact(input: {userId: $id, nickname: "Käpt\'n"}) { errors { code } } }'
    await alice.mutate(add, id=bob.id)

    assert await listed(alice, query="KÄPT") == [direct]
    assert await listed(bob, query="KÄPT") == []


async def test_what_is_hidden_or_deleted_is_not_unread(alice, bob):
    group = await create_group(alice, bob)
    await send_many(bob, group, 3)
    assert await listed(alice, unreadOnly=True) == [group]

    await db.execute("UPDATE message SET kind = 'SYSTEM' WHERE conversation_id = $1", decode_id("cnv", group))

    assert await listed(alice, unreadOnly=True) == []


async def test_pages_stay_right_across_the_pinned_ones(alice):
    groups = [await create_group(alice) for _ in range(7)]
    for place in (1, 4):
        await change(alice, groups[place], isPinned=True)
    expected = [groups[n] for n in (4, 1, 6, 5, 3, 2, 0)]
    seen: list[str] = []
    after = None
    while True:
        page = (await alice.query(LIST, first=2, after=after))["viewer"]["conversations"]
        seen += [node["id"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if len(seen) == 4:
            await create_group(alice)  # a newcomer at the front moves no page
        if not page["pageInfo"]["hasNextPage"]:
            break

    assert seen == expected


async def test_strange_cursors_and_long_texts_are_bad_requests(alice):
    from app.core.graphql.connection import encode_key

    strange = ("x", encode_key(1), encode_key(True, "yesterday", "x"), encode_key(1, "2026-01-01T00:00:00+00:00", "x"))
    for variables in (*({"after": after} for after in strange), {"filter": {"query": "x" * 101}}):
        assert (await alice.failed(LIST, variables))["extensions"]["code"] == "BAD_REQUEST"


async def test_statements_are_constant(alice, bob):
    document = """query ($filter: ConversationFilter, $first: Int) {
      viewer { unread { badge mentions } labels conversations(filter: $filter, first: $first) { totalCount nodes {
        id title unreadCount unreadMentionCount firstUnread { seq text } lastMessage { text sender { displayName } }
        settings { isMuted isPinned labels draft }
        ... on DirectConversation { peer { displayName } }
      } } }
    }"""
    for _ in range(10):
        await send(bob, await create_group(alice, bob))
    await send(bob, await start_direct(alice, bob))
    counts = []
    for first in (1, 11):
        for filter in (None, {"query": "e", "unreadOnly": True, "archived": None}):
            await alice.query(document, filter=filter, first=first)
            async with statements() as made:
                await alice.query(document, filter=filter, first=first)
            counts.append(len(made))

    assert counts[0] == counts[2], made
    assert counts[1] == counts[3], made
    assert counts[0] <= 14, made


async def test_what_no_database_keeps_is_refused(alice, bob):
    await create_group(alice, bob)
    for values in ({"label": "\0"}, {"query": "a\0"}):
        assert (await alice.failed(LIST, filter=values))["extensions"]["code"] == "BAD_REQUEST"
