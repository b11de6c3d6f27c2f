from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import httpx2
import pytest

from app.core import db
from app.core.graphql.ids import decode_id
from tests.conversations.documents import (
    ADD,
    LEAVE,
    REMOVE,
    SET_ROLE,
    UPDATE,
    create_broadcast,
    create_group,
    make_admin,
    roles,
    start_direct,
    stored,
    told_since,
    unknown_id,
)
from tests.statements import statements

INVITE = "invite { id code url createdBy { id } createdAt expiresAt maxUses useCount isRevoked }"
CREATE = f"""
mutation Invite($conversationId: ID!, $expiresInSeconds: Int, $maxUses: Int) {{
  createInvite(input: {{conversationId: $conversationId, expiresInSeconds: $expiresInSeconds, maxUses: $maxUses}}) {{
    errors {{ code field limit }} {INVITE}
  }}
}}
"""
REVOKE = f"""
mutation Revoke($inviteId: ID!) {{
  revokeInvite(input: {{inviteId: $inviteId}}) {{ errors {{ code field }} {INVITE} }}
}}
"""
JOIN = """
mutation Join($code: String!) {
  joinByInvite(input: {code: $code}) {
    errors { code field limit }
    conversation { id memberCount firstSeq viewerMember { role addedBy { id } } }
  }
}
"""
PREVIEW = """
query ($code: String!) { invitePreview(code: $code) { conversationId kind title memberCount viewerIsMember } }
"""
LIVE = """
query ($id: ID!) {
  conversation(id: $id) { ... on Group { invites { id createdBy { id } } } ... on Broadcast { invites { id } } }
}
"""
NODE = "query ($id: ID!) { node(id: $id) { id } }"


async def invite_to(person, conversation_id, **more):
    return (await person.mutate(CREATE, conversationId=conversation_id, **more))["invite"]


async def live(person, conversation_id):
    return [i["id"] for i in (await person.query(LIVE, id=conversation_id))["conversation"]["invites"]]


async def uses(invite):
    """How many people came by it."""
    row = await db.row("SELECT use_count FROM invite WHERE id = $1", decode_id("inv", invite["id"]))
    return row["use_count"]


async def expire(invite):
    await db.execute(
        "UPDATE invite SET expires_at = $1 WHERE id = $2",
        datetime.now(UTC) - timedelta(seconds=1),
        decode_id("inv", invite["id"]),
    )


async def httpx2_get(server: str, url: str) -> httpx2.Response:
    """GET of a link, whatever host the settings call this server."""
    async with httpx2.AsyncClient() as client:
        return await client.get(server + urlsplit(url).path)


async def test_the_page_of_a_link_tells_nothing_of_codes_and_runs_nothing(alice):
    for code, status in (("A" * 22, 200), ("%3Cscript%3E", 404), ("x", 404), ("a" * 65, 404)):
        page = await httpx2_get(alice.server.url, f"http://host/invite/{code}")
        assert page.status_code == status
        assert "<script" not in page.text
        assert "default-src 'none'" in page.headers["content-security-policy"]


async def test_an_invite_lets_people_in(alice, bob, carol):
    group_id = await create_group(alice, bob)
    invite = await invite_to(alice, group_id)
    assert (len(invite["code"]), invite["createdBy"]["id"]) == (22, alice.id)
    assert [invite[k] for k in ("expiresAt", "maxUses", "useCount", "isRevoked")] == [None, None, 0, False]
    page = await httpx2_get(alice.server.url, invite["url"])
    assert (page.status_code, invite["code"] in page.text) == (200, True)
    assert (await carol.query(PREVIEW, code=invite["code"]))["invitePreview"] == {
        "conversationId": group_id, "kind": "GROUP", "title": "Team", "memberCount": 2, "viewerIsMember": False,
    }  # fmt: skip

    joined = (await carol.mutate(JOIN, code=invite["code"]))["conversation"]

    assert (joined["id"], joined["memberCount"], joined["viewerMember"]) == (
        group_id, 3, {"role": "MEMBER", "addedBy": None},
    )  # fmt: skip
    assert await roles(bob, group_id) == {alice.id: "OWNER", bob.id: "MEMBER", carol.id: "MEMBER"}
    assert (await uses(invite)) == 1
    assert (await carol.query(PREVIEW, code=invite["code"]))["invitePreview"]["viewerIsMember"] is True


async def test_all_are_told_who_joined(alice, bob, carol):
    group_id = await create_group(alice, bob)
    invite = await invite_to(alice, group_id)
    cursors = await bob.cursor(), await carol.cursor()
    await carol.mutate(JOIN, code=invite["code"])

    assert [e["__typename"] for e in await told_since(carol, cursors[1])] == ["ConversationAdded"]
    [event] = await told_since(bob, cursors[0])
    assert (event["change"], event["user"]["id"], event["actor"]["id"]) == ("JOINED", carol.id, carol.id)


async def test_joining_again_uses_nothing_up(alice, bob):
    group_id = await create_group(alice)
    invite = await invite_to(alice, group_id, maxUses=1)
    await bob.mutate(JOIN, code=invite["code"])
    before = await stored(group_id), await uses(invite)

    assert (await bob.mutate(JOIN, code=invite["code"]))["conversation"]["id"] == group_id
    assert (await stored(group_id), await uses(invite)) == before


async def test_uses_and_time_end_it(alice, bob, carol):
    group_id = await create_group(alice)
    used = await invite_to(alice, group_id, maxUses=1)
    await bob.mutate(JOIN, code=used["code"])
    over = await invite_to(alice, group_id, expiresInSeconds=60)
    assert over["expiresAt"] > over["createdAt"]
    await expire(over)
    before = await stored(group_id)

    for invite in (used, over):
        assert (await carol.query(PREVIEW, code=invite["code"]))["invitePreview"] is None
        errors = await carol.refused(JOIN, code=invite["code"])
        assert [(e["code"], e["field"]) for e in errors] == [("EXPIRED", ["input", "code"])]
    assert await stored(group_id) == before
    assert await live(alice, group_id) == []
    assert (await bob.query(PREVIEW, code=used["code"]))["invitePreview"]["viewerIsMember"] is True


async def test_revoked_is_as_good_as_unknown(alice, bob):
    group_id = await create_group(alice)
    invite = await invite_to(alice, group_id)
    assert (await alice.mutate(REVOKE, inviteId=invite["id"]))["invite"]["isRevoked"] is True
    rows = await db.rows("SELECT * FROM invite")
    assert (await alice.mutate(REVOKE, inviteId=invite["id"]))["invite"]["isRevoked"] is True
    assert await db.rows("SELECT * FROM invite") == rows
    before = await stored(group_id)

    for code in (invite["code"], "A" * 22, "", "nonsense", "\x00" * 22, "ä" * 22, "x" * 10_000):
        assert (await bob.query(PREVIEW, code=code))["invitePreview"] is None
        errors = await bob.refused(JOIN, code=code)
        assert [(e["code"], e["field"]) for e in errors] == [("NOT_FOUND", ["input", "code"])]
    assert await stored(group_id) == before
    assert await live(alice, group_id) == []


async def test_who_was_removed_does_not_come_back_by_an_older_one(alice, bob):
    group_id = await create_group(alice, bob)
    older = await invite_to(alice, group_id)
    await alice.mutate(REMOVE, conversationId=group_id, userId=bob.id)
    before = await stored(group_id)

    assert [e["code"] for e in await bob.refused(JOIN, code=older["code"])] == ["FORBIDDEN"]
    assert (await stored(group_id), await uses(older)) == (before, 0)
    newer = await invite_to(alice, group_id)
    await bob.mutate(JOIN, code=newer["code"])
    await bob.mutate(LEAVE, conversationId=group_id)
    await bob.mutate(JOIN, code=older["code"])
    assert bob.id in await roles(alice, group_id)


async def test_who_was_added_again_may_use_the_older_one_too(alice, bob):
    group_id = await create_group(alice, bob)
    older = await invite_to(alice, group_id)
    await alice.mutate(REMOVE, conversationId=group_id, userId=bob.id)
    await alice.mutate(ADD, conversationId=group_id, userIds=[bob.id])
    await bob.mutate(LEAVE, conversationId=group_id)

    assert (await bob.mutate(JOIN, code=older["code"]))["conversation"]["id"] == group_id


async def test_a_group_that_all_left_lets_nobody_in(alice, bob):
    group_id = await create_group(alice)
    invite = await invite_to(alice, group_id)
    await alice.mutate(LEAVE, conversationId=group_id)

    assert (await bob.query(PREVIEW, code=invite["code"]))["invitePreview"] is None
    assert [e["code"] for e in await bob.refused(JOIN, code=invite["code"])] == ["NOT_FOUND"]


async def test_readers_join_a_broadcast(alice, bob, carol):
    broadcast_id = await create_broadcast(alice, bob)
    invite = await invite_to(alice, broadcast_id)
    cursor = await bob.cursor()
    assert (await carol.query(PREVIEW, code=invite["code"]))["invitePreview"]["kind"] == "BROADCAST"
    await carol.mutate(JOIN, code=invite["code"])

    assert await roles(carol, broadcast_id) == {alice.id: "OWNER", carol.id: "MEMBER"}
    assert await told_since(bob, cursor) == []
    assert [e["code"] for e in await bob.refused(CREATE, conversationId=broadcast_id)] == ["FORBIDDEN"]
    assert await live(bob, broadcast_id) == []
    assert await live(alice, broadcast_id) == [invite["id"]]


async def test_who_may_add_may_invite(alice, bob, carol):
    group_id = await create_group(alice, bob, carol)
    assert [e["code"] for e in await bob.refused(CREATE, conversationId=group_id)] == ["FORBIDDEN"]
    await alice.mutate(UPDATE, groupId=group_id, permissions={"whoCanAddMembers": "MEMBER"})
    invite = await invite_to(bob, group_id)

    assert [await live(p, group_id) for p in (alice, bob, carol)] == [[invite["id"]], [], []]
    assert [(await p.query(NODE, id=invite["id"]))["node"] is not None for p in (alice, bob, carol)] == [
        True, True, False,
    ]  # fmt: skip
    errors = await carol.refused(REVOKE, inviteId=invite["id"])
    assert [(e["code"], e["field"]) for e in errors] == [("NOT_FOUND", ["input", "inviteId"])]
    await bob.mutate(REVOKE, inviteId=invite["id"])


async def test_who_left_sees_and_ends_nothing(alice, bob):
    group_id = await create_group(alice, bob)
    await make_admin(group_id, bob)
    invite = await invite_to(bob, group_id)
    await bob.mutate(LEAVE, conversationId=group_id)

    assert (await bob.query(NODE, id=invite["id"]))["node"] is None
    assert [e["code"] for e in await bob.refused(REVOKE, inviteId=invite["id"])] == ["NOT_FOUND"]
    assert [e["code"] for e in await bob.refused(CREATE, conversationId=group_id)] == ["NOT_PARTICIPANT"]
    assert await live(alice, group_id) == [invite["id"]]


async def test_where_nobody_invites(alice, bob, carol):
    direct_id = await start_direct(alice, bob)
    group_id = await create_group(alice)
    for person, conversation_id, code in [
        (alice, direct_id, "FORBIDDEN"),
        (carol, group_id, "NOT_FOUND"),
        (alice, unknown_id("cnv"), "NOT_FOUND"),
        (alice, "nonsense", "NOT_FOUND"),
    ]:
        assert [e["code"] for e in await person.refused(CREATE, conversationId=conversation_id)] == [code]
    for invite_id in (unknown_id("inv"), "nonsense"):
        assert [e["code"] for e in await alice.refused(REVOKE, inviteId=invite_id)] == ["NOT_FOUND"]


@pytest.mark.parametrize(
    ("numbers", "field", "limit"),
    [
        ({"expiresInSeconds": 0}, "expiresInSeconds", 31_536_000),
        ({"expiresInSeconds": 31_536_001}, "expiresInSeconds", 31_536_000),
        ({"maxUses": 0}, "maxUses", 100_000),
        ({"maxUses": -1}, "maxUses", 100_000),
        ({"maxUses": 100_001}, "maxUses", 100_000),
    ],
    ids=["no time", "long", "no uses", "negative", "many"],
)
async def test_bad_numbers_are_refused(alice, numbers, field, limit):
    group_id = await create_group(alice)

    errors = await alice.refused(CREATE, conversationId=group_id, **numbers)

    assert errors == [{"code": "INVALID", "field": ["input", field], "limit": limit}]
    assert await live(alice, group_id) == []


async def test_at_most_a_hundred_live_ones(alice):
    group_id = await create_group(alice)
    invite = await invite_to(alice, group_id)
    await copy(invite, 99)

    assert [(e["code"], e["limit"]) for e in await alice.refused(CREATE, conversationId=group_id)] == [
        ("LIMIT_REACHED", 100)
    ]
    await alice.mutate(REVOKE, inviteId=invite["id"])
    newest = await invite_to(alice, group_id)
    seen = await live(alice, group_id)
    assert (len(seen), seen[0]) == (100, newest["id"])


async def copy(invite, times):
    """More of the same, under other codes."""
    from app.core.clock import new_id

    for number in range(times):
        await db.execute(
            "INSERT INTO invite (id, conversation_id, code, created_by_id, use_count, created_at, updated_at)"
            " SELECT $1, conversation_id, $2, created_by_id, 0, created_at, updated_at FROM invite WHERE id = $3",
            new_id(), f"{number:04}{invite['code'][4:]}", decode_id("inv", invite["id"]),
        )  # fmt: skip


async def test_the_list_costs_the_same_for_1_and_50(alice):
    counts = []
    group_id = await create_group(alice)
    invite = await invite_to(alice, group_id)
    for more in (0, 49):
        await copy(invite, more)
        async with statements() as found:
            await alice.query(LIVE, id=group_id)
        counts.append(len(found))
    assert counts[0] == counts[1]


async def test_never_more_than_its_uses_however_many_come_at_once(alice, person):
    group_id = await create_group(alice)
    invite = await invite_to(alice, group_id, maxUses=3)
    people = [await person(f"guest{n}") for n in range(8)]
    answers = await asyncio.gather(*(p.query(JOIN, code=invite["code"]) for p in people for _ in range(2)))

    codes = [error["code"] for answer in answers for error in answer["joinByInvite"]["errors"]]
    assert codes == ["EXPIRED"] * 10
    assert len(await roles(alice, group_id)) == 4
    assert await uses(invite) == 3


async def test_a_revoked_one_lets_nobody_in_who_comes_at_once(alice, bob):
    group_id = await create_group(alice)
    invite = await invite_to(alice, group_id)
    _, joined = await asyncio.gather(alice.mutate(REVOKE, inviteId=invite["id"]), bob.query(JOIN, code=invite["code"]))

    is_in = not joined["joinByInvite"]["errors"]
    assert (bob.id in await roles(alice, group_id)) is is_in
    assert await uses(invite) == int(is_in)


async def test_an_admin_of_no_more_rights_keeps_none_over_invites(alice, bob):
    group_id = await create_group(alice, bob)
    await make_admin(group_id, bob)
    invite = await invite_to(alice, group_id)
    assert await live(bob, group_id) == [invite["id"]]
    await alice.mutate(SET_ROLE, conversationId=group_id, userId=bob.id, role="MEMBER")

    assert await live(bob, group_id) == []
    assert [e["code"] for e in await bob.refused(REVOKE, inviteId=invite["id"])] == ["NOT_FOUND"]
