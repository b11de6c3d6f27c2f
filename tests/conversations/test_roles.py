"""setMemberRole, transferOwnership, and who owns a group when its owner goes."""

from __future__ import annotations

import asyncio

import pytest

from tests.conversations.documents import (
    EVENTS,
    LEAVE,
    MEMBERS,
    REMOVE,
    SET_ROLE,
    TRANSFER,
    create_group,
    make_admin,
    roles,
    start_direct,
    stored,
    told_since,
    unknown_id,
)


def changed(group_id, member, role, actor):
    """What everybody is told of a new role, with the member as it is in the end."""
    return ("MemberChanged", group_id, "ROLE", member.id, role, actor.id)


def facts(events):
    return [
        (e["__typename"], e["conversation"]["id"], e["change"], e["user"]["id"], e["member"]["role"], e["actor"]["id"])
        for e in events
    ]


async def test_a_member_becomes_admin_and_member_again(alice, bob, carol):
    group_id = await create_group(alice, bob, carol)
    member = (await alice.mutate(SET_ROLE, conversationId=group_id, userId=bob.id, role="ADMIN"))["member"]
    assert (member["role"], member["user"]["id"]) == ("ADMIN", bob.id)

    await bob.mutate(SET_ROLE, conversationId=group_id, userId=carol.id, role="ADMIN")
    await carol.mutate(SET_ROLE, conversationId=group_id, userId=bob.id, role="MEMBER")
    assert await roles(bob, group_id) == {alice.id: "OWNER", bob.id: "MEMBER", carol.id: "ADMIN"}


async def test_all_are_told_also_whom_it_is_about(alice, bob, carol):
    group_id = await create_group(alice, bob, carol)
    cursors = [await person.cursor() for person in (alice, bob, carol)]
    async with bob.subscribe(EVENTS) as live:
        assert (await live.next())["__typename"] == "CursorMoved"
        await alice.mutate(SET_ROLE, conversationId=group_id, userId=bob.id, role="ADMIN")
        assert facts([await live.next()]) == [changed(group_id, bob, "ADMIN", alice)]

    for person, cursor in zip((alice, bob, carol), cursors, strict=True):
        assert facts(await told_since(person, cursor)) == [changed(group_id, bob, "ADMIN", alice)]


async def test_an_admin_steps_down(alice, bob):
    group_id = await create_group(alice, bob)
    await make_admin(group_id, bob)
    await bob.mutate(SET_ROLE, conversationId=group_id, userId=bob.id, role="MEMBER")

    assert await roles(bob, group_id) == {alice.id: "OWNER", bob.id: "MEMBER"}


async def test_the_same_role_again_changes_nothing(alice, bob):
    group_id = await create_group(alice, bob)
    await alice.mutate(SET_ROLE, conversationId=group_id, userId=bob.id, role="ADMIN")
    before = await stored(group_id)

    assert (await alice.mutate(SET_ROLE, conversationId=group_id, userId=bob.id, role="ADMIN"))["member"]["role"] == (
        "ADMIN"
    )
    await alice.mutate(TRANSFER, conversationId=group_id, userId=alice.id)
    assert await stored(group_id) == before


async def test_refusals_of_roles_change_nothing(alice, bob, carol, person):
    dave = await person("dave")
    group_id = await create_group(alice, bob, carol)
    await make_admin(group_id, bob)
    before = await stored(group_id)

    for who, user_id, role, code, field in [
        (carol, carol.id, "ADMIN", "FORBIDDEN", None),
        (carol, bob.id, "MEMBER", "FORBIDDEN", None),
        (bob, alice.id, "MEMBER", "FORBIDDEN", "userId"),
        (alice, alice.id, "MEMBER", "FORBIDDEN", "userId"),
        (alice, bob.id, "OWNER", "INVALID", "role"),
        (bob, bob.id, "OWNER", "INVALID", "role"),
        (alice, dave.id, "ADMIN", "NOT_FOUND", "userId"),
        (alice, unknown_id("usr"), "ADMIN", "NOT_FOUND", "userId"),
        (alice, "nonsense", "ADMIN", "NOT_FOUND", "userId"),
        (dave, dave.id, "ADMIN", "NOT_FOUND", "conversationId"),
    ]:
        errors = await who.refused(SET_ROLE, conversationId=group_id, userId=user_id, role=role)
        assert [(e["code"], e["field"]) for e in errors] == [(code, ["input", field] if field else None)]
    assert await stored(group_id) == before


async def test_direct_conversations_have_no_roles(alice, bob):
    conversation_id = await start_direct(alice, bob)
    before = await stored(conversation_id)

    for document in (SET_ROLE, TRANSFER):
        more = {"role": "ADMIN"} if document is SET_ROLE else {}
        errors = await alice.refused(document, conversationId=conversation_id, userId=bob.id, **more)
        assert [e["code"] for e in errors] == ["FORBIDDEN"]
    assert await stored(conversation_id) == before


async def test_who_left_neither_has_nor_gives_a_role(alice, bob):
    group_id = await create_group(alice, bob)
    await make_admin(group_id, bob)
    await bob.mutate(LEAVE, conversationId=group_id)
    before = await stored(group_id)

    for document in (SET_ROLE, TRANSFER):
        more = {"role": "ADMIN"} if document is SET_ROLE else {}
        errors = await alice.refused(document, conversationId=group_id, userId=bob.id, **more)
        assert [(e["code"], e["field"]) for e in errors] == [("NOT_FOUND", ["input", "userId"])]
        errors = await bob.refused(document, conversationId=group_id, userId=alice.id, **more)
        assert [e["code"] for e in errors] == ["NOT_PARTICIPANT"]
    assert await stored(group_id) == before


async def test_the_viewer_knows_whose_role_they_may_set(alice, bob, carol):
    group_id = await create_group(alice, bob, carol)
    await make_admin(group_id, bob)

    for person, settable in ((alice, {bob.id, carol.id}), (bob, {bob.id, carol.id}), (carol, set())):
        page = (await person.query(MEMBERS, id=group_id))["conversation"]["members"]
        assert {node["user"]["id"] for node in page["nodes"] if node["viewerCanSetRole"]} == settable


async def test_ownership_is_handed_over(alice, bob, carol):
    group_id = await create_group(alice, bob, carol)
    cursor = await carol.cursor()
    payload = await alice.mutate(TRANSFER, conversationId=group_id, userId=bob.id)

    assert payload["conversation"]["viewerMember"]["role"] == "ADMIN"
    assert await roles(carol, group_id) == {alice.id: "ADMIN", bob.id: "OWNER", carol.id: "MEMBER"}
    assert facts(await told_since(carol, cursor)) == [
        changed(group_id, alice, "ADMIN", alice), changed(group_id, bob, "OWNER", alice),
    ]  # fmt: skip


async def test_only_the_owner_hands_over_and_to_members_only(alice, bob, carol, person):
    dave = await person("dave")
    group_id = await create_group(alice, bob, carol)
    await make_admin(group_id, bob)
    before = await stored(group_id)

    for who, user_id, code, field in [
        (bob, bob.id, "FORBIDDEN", None),
        (bob, carol.id, "FORBIDDEN", None),
        (carol, carol.id, "FORBIDDEN", None),
        (alice, dave.id, "NOT_FOUND", "userId"),
        (alice, unknown_id("usr"), "NOT_FOUND", "userId"),
        (dave, dave.id, "NOT_FOUND", "conversationId"),
    ]:
        errors = await who.refused(TRANSFER, conversationId=group_id, userId=user_id)
        assert [(e["code"], e["field"]) for e in errors] == [(code, ["input", field] if field else None)]
    assert await stored(group_id) == before


@pytest.mark.parametrize("promoted", [False, True], ids=["oldest member", "oldest admin"])
async def test_the_owner_leaves_an_heir(alice, bob, carol, promoted):
    from tests.conversations.documents import ADD

    group_id = await create_group(alice, bob)
    await alice.mutate(ADD, conversationId=group_id, userIds=[carol.id])
    if promoted:
        await alice.mutate(SET_ROLE, conversationId=group_id, userId=carol.id, role="ADMIN")
    await alice.mutate(LEAVE, conversationId=group_id)

    heir, other = (carol, bob) if promoted else (bob, carol)
    assert await roles(bob, group_id) == {heir.id: "OWNER", other.id: "MEMBER"}


async def test_two_admins_who_demote_each_other(alice, bob, carol):
    group_id = await create_group(alice, bob, carol)
    for person in (bob, carol):
        await make_admin(group_id, person)
    answers = await asyncio.gather(
        bob.query(SET_ROLE, conversationId=group_id, userId=carol.id, role="MEMBER"),
        carol.query(SET_ROLE, conversationId=group_id, userId=bob.id, role="MEMBER"),
    )

    codes = sorted([e["code"] for e in answer["setMemberRole"]["errors"]] for answer in answers)
    assert codes == [[], ["FORBIDDEN"]]
    assert sorted((await roles(alice, group_id)).values()) == ["ADMIN", "MEMBER", "OWNER"]


async def test_one_owner_whoever_leaves_removes_and_hands_over_at_once(alice, bob, carol):
    for _ in range(5):
        group_id = await create_group(alice, bob, carol)
        await make_admin(group_id, carol)
        await asyncio.gather(
            alice.query(TRANSFER, conversationId=group_id, userId=bob.id),
            alice.query(LEAVE, conversationId=group_id),
            carol.query(REMOVE, conversationId=group_id, userId=bob.id),
        )

        left = await roles(carol, group_id)
        assert list(left.values()).count("OWNER") == 1
        assert alice.id not in left
