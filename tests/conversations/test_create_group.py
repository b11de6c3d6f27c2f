from __future__ import annotations

import pytest

from tests.conversations.documents import CREATE, EVENTS, conversations_of, create_group, roles, unknown_id


async def test_creator_owns_it(alice, bob, carol):
    payload = await alice.mutate(CREATE, title="  Team  ", memberIds=[bob.id, carol.id], description="What we do")
    group = payload["group"]

    assert (group["title"], group["description"], group["kind"], group["memberCount"]) == (
        "Team", "What we do", "GROUP", 3,
    )  # fmt: skip
    assert group["createdBy"]["id"] == alice.id
    assert (group["viewerCanManage"], group["viewerCanAddMembers"], group["viewerCanSend"]) == (True, True, True)
    assert payload["needInvite"] == []
    assert await roles(bob, group["id"]) == {alice.id: "OWNER", bob.id: "MEMBER", carol.id: "MEMBER"}


async def test_repeats_and_oneself_count_once(alice, bob):
    group_id = await create_group(alice, bob, alice, bob)

    assert await roles(alice, group_id) == {alice.id: "OWNER", bob.id: "MEMBER"}


async def test_a_group_of_one(alice):
    group_id = await create_group(alice)

    assert await roles(alice, group_id) == {alice.id: "OWNER"}


async def test_everybody_in_it_is_told_once(alice, bob):
    cursors = await alice.cursor(), await bob.cursor()
    group_id = await create_group(alice, bob)

    for person, cursor in zip((alice, bob), cursors, strict=True):
        async with person.subscribe(EVENTS, after=cursor) as events:
            added = await events.next()
            assert (added["__typename"], added["conversation"]["id"]) == ("ConversationAdded", group_id)
            assert [(await events.next())["__typename"] for _ in range(2)] == ["MessageReceived", "CursorMoved"]


@pytest.mark.parametrize(
    ("title", "code"),
    [("", "INVALID"), ("  ", "INVALID"), ("\u200b\u200d", "INVALID"), ("a\nb", "INVALID"), ("x" * 101, "TOO_LONG"),
     ("a\x00b", "INVALID")],
)  # fmt: skip
async def test_bad_title_is_refused(alice, bob, title, code):
    errors = await alice.refused(CREATE, title=title, memberIds=[bob.id])

    assert [(e["code"], e["field"]) for e in errors] == [(code, ["input", "title"])]
    assert (await conversations_of(alice), await conversations_of(bob)) == (0, 0)


async def test_title_of_100_code_points(alice):
    group = (await alice.mutate(CREATE, title="😀" * 100, memberIds=[]))["group"]

    assert group["title"] == "😀" * 100


async def test_long_description_is_refused(alice):
    errors = await alice.refused(CREATE, title="Team", memberIds=[], description="x" * 501)

    assert [(e["code"], e["field"], e["limit"]) for e in errors] == [("TOO_LONG", ["input", "description"], 500)]
    assert await conversations_of(alice) == 0


@pytest.mark.parametrize("user_id", [unknown_id("usr"), "nonsense"])
async def test_unknown_member_is_refused(alice, bob, user_id):
    errors = await alice.refused(CREATE, title="Team", memberIds=[bob.id, user_id])

    assert [(e["code"], e["field"]) for e in errors] == [("NOT_FOUND", ["input", "memberIds"])]
    assert (await conversations_of(alice), await conversations_of(bob)) == (0, 0)


async def test_too_many_members_are_refused(alice):
    from uuid import uuid4

    from app.core.graphql.ids import encode_id

    errors = await alice.refused(CREATE, title="Team", memberIds=[encode_id("usr", uuid4()) for _ in range(1000)])

    assert [(e["code"], e["field"], e["limit"]) for e in errors] == [("LIMIT_REACHED", ["input", "memberIds"], 1000)]
    assert await conversations_of(alice) == 0
