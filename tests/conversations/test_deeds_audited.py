"""The audit log has what one did to the members of groups: in the doer's own log, and nothing that changed nothing."""

from __future__ import annotations

from tests.conversations.documents import ADD, REMOVE, SET_ROLE, TRANSFER, create_group

LOG = "{ viewer { auditLog { nodes { action actor { id } subject { id } details } } } }"


async def entries(person):
    return [entry for entry in (await person.query(LOG))["viewer"]["auditLog"]["nodes"] if entry["details"]]


async def test_members_and_roles(alice, bob, carol):
    group = await create_group(alice, bob)
    before, theirs = len(await entries(alice)), await entries(bob)

    for _ in range(2):  # again changes nothing
        await alice.mutate(ADD, conversationId=group, userIds=[carol.id])
        await alice.mutate(SET_ROLE, conversationId=group, userId=bob.id, role="ADMIN")
    await alice.mutate(REMOVE, conversationId=group, userId=carol.id)
    await alice.mutate(TRANSFER, conversationId=group, userId=bob.id)
    await alice.refused(TRANSFER, conversationId=group, userId=bob.id)

    found = await entries(alice)
    assert [(e["action"], e["subject"], e["details"]) for e in found[: len(found) - before]] == [
        ("OWNERSHIP_TRANSFERRED", {"id": bob.id}, group),
        ("MEMBER_REMOVED", {"id": carol.id}, group),
        ("ROLE_CHANGED", {"id": bob.id}, f"{group} ADMIN"),
        ("MEMBERS_ADDED", {"id": group}, "1"),
    ]
    assert {e["actor"]["id"] for e in found[: len(found) - before]} == {alice.id}
    assert await entries(bob) == theirs
