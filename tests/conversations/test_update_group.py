from __future__ import annotations

import pytest

from tests.conversations.documents import (
    ADD,
    CREATE,
    EVENTS,
    LEAVE,
    SET_ROLE,
    UPDATE,
    create_broadcast,
    create_group,
    make_admin,
    number_messages,
    start_direct,
    stored,
    told_since,
    unknown_id,
)

DEFAULTS = {
    "whoCanSend": "MEMBER", "whoCanEditInfo": "ADMIN", "whoCanAddMembers": "ADMIN", "whoCanPin": "ADMIN",
    "newMembersSeeHistory": False, "slowModeSeconds": 0,
}  # fmt: skip
SEEN = """
query ($id: ID!) {
  conversation(id: $id) {
    title firstSeq viewerCanSend viewerSendRefusal viewerCanSendAt
    ... on Group { description viewerCanManage viewerCanEditInfo viewerCanAddMembers permissions { whoCanSend } }
  }
}
"""


async def seen(person, group_id):
    return (await person.query(SEEN, id=group_id))["conversation"]


async def test_what_is_given_changes(alice, bob):
    group_id = await create_group(alice, bob)
    group = (await alice.mutate(UPDATE, groupId=group_id, title="  Crew ", description="All of us"))["group"]

    assert (group["title"], group["description"], group["permissions"]) == ("Crew", "All of us", DEFAULTS)
    group = (await alice.mutate(UPDATE, groupId=group_id, permissions={"whoCanSend": "ADMIN"}))["group"]
    assert (group["title"], group["permissions"]) == ("Crew", DEFAULTS | {"whoCanSend": "ADMIN"})


@pytest.mark.parametrize("empty", [None, "", "  "])
async def test_description_can_be_taken_away(alice, empty):
    group_id = await create_group(alice)
    await alice.mutate(UPDATE, groupId=group_id, description="All of us")

    assert (await alice.mutate(UPDATE, groupId=group_id, description=empty))["group"]["description"] is None


async def test_all_are_told_once(alice, bob):
    group_id = await create_group(alice, bob)
    cursors = await alice.cursor(), await bob.cursor()
    async with bob.subscribe(EVENTS) as live:
        assert (await live.next())["__typename"] == "CursorMoved"
        await alice.mutate(UPDATE, groupId=group_id, title="Crew", description="x", permissions={"slowModeSeconds": 5})
        event = await live.next()
        del event["cursor"]

    assert event == {
        "__typename": "ConversationChanged", "kind": "CONVERSATION_CHANGED",
        "conversation": {"id": group_id, "title": "Crew"}, "actor": {"id": alice.id},
    }  # fmt: skip
    for person, cursor in zip((alice, bob), cursors, strict=True):
        assert await told_since(person, cursor) == [event]


async def test_the_same_again_changes_nothing(alice, bob):
    group_id = await create_group(alice, bob)
    change = {"title": "Crew", "description": "x", "permissions": {"whoCanPin": "MEMBER", "slowModeSeconds": 5}}
    await alice.mutate(UPDATE, groupId=group_id, **change)
    before = await stored(group_id)

    await alice.mutate(UPDATE, groupId=group_id, **change)
    await alice.mutate(UPDATE, groupId=group_id)
    await alice.mutate(UPDATE, groupId=group_id, permissions={"whoCanPin": None})
    assert await stored(group_id) == before


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"title": None}, "INVALID", ["title"]),
        ({"title": " "}, "INVALID", ["title"]),
        ({"title": "x" * 101}, "TOO_LONG", ["title"]),
        ({"description": "x" * 501}, "TOO_LONG", ["description"]),
        ({"permissions": {"slowModeSeconds": -1}}, "INVALID", ["permissions", "slowModeSeconds"]),
        ({"permissions": {"slowModeSeconds": 3601}}, "INVALID", ["permissions", "slowModeSeconds"]),
    ],
    ids=["no title", "blank title", "long title", "long description", "negative slow mode", "long slow mode"],
)
async def test_bad_values_are_refused(alice, change, code, field):
    group_id = await create_group(alice)
    before = await stored(group_id)

    errors = await alice.refused(UPDATE, groupId=group_id, **change)

    assert [(e["code"], e["field"]) for e in errors] == [(code, ["input", *field])]
    assert await stored(group_id) == before


async def test_info_is_changed_by_whom_the_permissions_name(alice, bob, carol):
    group_id = await create_group(alice, bob, carol)
    await make_admin(group_id, bob)
    for required, allowed in (("ADMIN", (alice, bob)), ("OWNER", (alice,)), ("MEMBER", (alice, bob, carol))):
        await alice.mutate(UPDATE, groupId=group_id, permissions={"whoCanEditInfo": required})
        for person in (alice, bob, carol):
            assert (await seen(person, group_id))["viewerCanEditInfo"] is (person in allowed)
            document = (UPDATE, {"groupId": group_id, "title": f"{required} {person.username}"})
            if person in allowed:
                await person.mutate(*document)
            else:
                before = await stored(group_id)
                assert [e["code"] for e in await person.refused(*document)] == ["FORBIDDEN"]
                assert await stored(group_id) == before


async def test_permissions_are_the_staffs_whoever_edits_info(alice, bob, carol):
    group_id = await create_group(alice, bob, carol)
    await make_admin(group_id, bob)
    await alice.mutate(UPDATE, groupId=group_id, permissions={"whoCanEditInfo": "MEMBER"})
    before = await stored(group_id)

    errors = await carol.refused(UPDATE, groupId=group_id, title="Mine", permissions={"whoCanSend": "MEMBER"})
    assert [e["code"] for e in errors] == ["FORBIDDEN"]
    assert await stored(group_id) == before
    await bob.mutate(UPDATE, groupId=group_id, permissions={"whoCanSend": "ADMIN"})
    assert [(await seen(p, group_id))["viewerCanManage"] for p in (alice, bob, carol)] == [True, True, False]


async def test_an_admin_neither_takes_nor_gives_what_is_the_owners(alice, bob):
    group_id = await create_group(alice, bob)
    await make_admin(group_id, bob)
    await alice.mutate(UPDATE, groupId=group_id, permissions={"whoCanSend": "OWNER"})
    before = await stored(group_id)

    for permissions in (
        {"whoCanSend": "MEMBER"},
        {"whoCanPin": "OWNER"},
        {"whoCanSend": "ADMIN", "whoCanPin": "ADMIN"},
    ):
        errors = await bob.refused(UPDATE, groupId=group_id, permissions=permissions)
        assert [(e["code"], e["field"]) for e in errors] == [("FORBIDDEN", ["input", "permissions"])]
    assert await stored(group_id) == before
    await bob.mutate(UPDATE, groupId=group_id, permissions={"whoCanSend": "OWNER", "whoCanPin": "MEMBER"})


async def test_other_conversations_are_no_groups(alice, bob):
    for conversation_id in (await start_direct(alice, bob), await create_broadcast(alice, bob)):
        before = await stored(conversation_id)
        errors = await alice.refused(UPDATE, groupId=conversation_id, title="Crew")
        assert [(e["code"], e["field"]) for e in errors] == [("NOT_FOUND", ["input", "groupId"])]
        assert await stored(conversation_id) == before


async def test_strangers_and_former_members_are_refused(alice, bob, carol):
    group_id = await create_group(alice, bob)
    for conversation_id in (group_id, unknown_id("cnv"), "nonsense"):
        errors = await carol.refused(UPDATE, groupId=conversation_id, title="Crew")
        assert [(e["code"], e["field"]) for e in errors] == [("NOT_FOUND", ["input", "groupId"])]
    await bob.mutate(LEAVE, conversationId=group_id)
    errors = await bob.refused(UPDATE, groupId=group_id, title="Crew")
    assert [(e["code"], e["field"]) for e in errors] == [("NOT_PARTICIPANT", ["input", "groupId"])]
    assert (await seen(alice, group_id))["title"] == "Team"


async def test_new_groups_take_permissions(alice, bob):
    document = CREATE.replace(
        "$description: String)", "$description: String, $permissions: GroupPermissionsInput)"
    ).replace("description: $description}", "description: $description, permissions: $permissions}")
    payload = await alice.mutate(
        document, title="Team", memberIds=[bob.id], permissions={"whoCanSend": "ADMIN", "newMembersSeeHistory": None}
    )
    group_id = payload["group"]["id"]

    assert (await alice.mutate(UPDATE, groupId=group_id))["group"]["permissions"] == DEFAULTS | {"whoCanSend": "ADMIN"}
    errors = await alice.refused(document, title="Team", memberIds=[], permissions={"slowModeSeconds": 3601})
    assert [(e["code"], e["limit"]) for e in errors] == [("INVALID", 3600)]


async def test_who_may_send(alice, bob, carol):
    group_id = await create_group(alice, bob, carol)
    await make_admin(group_id, bob)
    for required, refused in (("MEMBER", ()), ("ADMIN", (carol,)), ("OWNER", (bob, carol))):
        await alice.mutate(UPDATE, groupId=group_id, permissions={"whoCanSend": required})
        for person in (alice, bob, carol):
            told = await seen(person, group_id)
            assert told["viewerCanSend"] is (person not in refused)
            assert told["viewerSendRefusal"] == ("ADMINS_ONLY" if person in refused else None)


async def test_members_add_where_they_may(alice, bob, carol):
    group_id = await create_group(alice, bob)
    assert (await seen(bob, group_id))["viewerCanAddMembers"] is False
    await alice.mutate(UPDATE, groupId=group_id, permissions={"whoCanAddMembers": "MEMBER"})

    assert (await seen(bob, group_id))["viewerCanAddMembers"] is True
    assert len((await bob.mutate(ADD, conversationId=group_id, userIds=[carol.id]))["added"]) == 1
    await alice.mutate(UPDATE, groupId=group_id, permissions={"whoCanAddMembers": "OWNER"})
    await alice.mutate(SET_ROLE, conversationId=group_id, userId=bob.id, role="ADMIN")
    assert (await seen(bob, group_id))["viewerCanAddMembers"] is False
    errors = await bob.refused(ADD, conversationId=group_id, userIds=[carol.id])
    assert [e["code"] for e in errors] == ["FORBIDDEN"]


async def test_newcomers_see_what_was_before_where_the_group_lets_them(alice, bob, carol):
    group_id = await create_group(alice)
    await number_messages(group_id, 7)
    await alice.mutate(ADD, conversationId=group_id, userIds=[bob.id])
    await alice.mutate(UPDATE, groupId=group_id, permissions={"newMembersSeeHistory": True})
    await alice.mutate(ADD, conversationId=group_id, userIds=[carol.id])

    assert [(await seen(person, group_id))["firstSeq"] for person in (alice, bob, carol)] == [1, 8, 1]
