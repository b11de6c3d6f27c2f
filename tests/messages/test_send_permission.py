"""What a conversation lets its members send: whoCanSend, broadcasts, slow mode; and its disappearing timer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from app.core import db
from app.core.graphql.ids import decode_id
from tests.conversations.documents import create_group
from tests.messages.documents import SEND, SEND_MANY, message, send
from tests.messages.people import state_of
from tests.messages.test_content import LAST

SEND_ONLY = """
mutation SendOnly($input: SendMessageInput!) {
  sendMessage(input: $input) { errors { code message field } message { seq } }
}
"""


async def let(group: str, **columns: object) -> UUID:
    """Sets columns of a conversation; its id."""
    conversation_id = decode_id("cnv", group)
    assert conversation_id
    for name, value in columns.items():
        await db.execute(f"UPDATE conversation SET {name} = $1 WHERE id = $2", value, conversation_id)
    return conversation_id


async def set_role(group: str, person, role: str) -> None:
    await db.execute(
        "UPDATE member SET role = $1 WHERE conversation_id = $2 AND user_id = $3", role, decode_id("cnv", group),
        decode_id("usr", person.id),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("columns", "may"),
    [
        ({"who_can_send": "OWNER"}, ["OWNER"]),
        ({"who_can_send": "ADMIN"}, ["OWNER", "ADMIN"]),
        ({"kind": "BROADCAST"}, ["OWNER", "ADMIN"]),
        ({"kind": "BROADCAST", "who_can_send": "ADMIN"}, ["OWNER", "ADMIN"]),
    ],
)
async def test_only_some_may_send(alice, bob, carol, columns, may):
    group = await create_group(alice, bob, carol)
    await set_role(group, bob, "ADMIN")
    conversation_id = await let(group, **columns)

    for person, role in ((alice, "OWNER"), (bob, "ADMIN"), (carol, "MEMBER")):
        before = await state_of(conversation_id)
        if role in may:
            await person.mutate(SEND_ONLY, input=message(group))
        else:
            (error,) = await person.refused(SEND_ONLY, input=message(group))
            assert (error["code"], error["field"]) == ("FORBIDDEN", ["input", "conversationId"])
            assert "owner" in error["message"]
            assert await state_of(conversation_id) == before


async def test_slow_mode_holds_members_back(alice, bob):
    group = await create_group(alice, bob)
    conversation_id = await let(group, slow_mode_seconds=60)

    results = (await bob.mutate(SEND_MANY, items=[message(group, "one", key="k"), message(group, "two")]))["results"]

    assert [r["message"] and r["message"]["seq"] for r in results] == [2, None]
    assert results[1]["errors"][0]["code"] == "COOLDOWN"
    before = await state_of(conversation_id)
    (error,) = await bob.refused(SEND, input=message(group, "two"))
    assert (error["code"], error["field"]) == ("COOLDOWN", ["input", "conversationId"])
    assert 55 <= error["retryAfter"] <= 60
    assert (await bob.mutate(SEND, input=message(group, "one", key="k")))["message"]["seq"] == 2  # a repeat is none
    assert await state_of(conversation_id) == before

    past = datetime.now(UTC) - timedelta(seconds=61)
    await db.execute("UPDATE member SET sent_at = $1 WHERE conversation_id = $2", past, conversation_id)
    assert (await send(bob, group, "two"))["seq"] == 3


async def test_owner_and_admins_do_not_wait(alice, bob):
    group = await create_group(alice, bob)
    await let(group, slow_mode_seconds=60)
    await set_role(group, bob, "ADMIN")

    for person in (alice, bob):
        results = (await person.mutate(SEND_MANY, items=[message(group), message(group)]))["results"]
        assert all(not r["errors"] for r in results)


async def test_new_messages_disappear_after_the_timer(alice, bob):
    group = await create_group(alice, bob)
    await send(alice, group, "for ever")
    assert (await bob.query(LAST, id=group))["conversation"]["lastMessage"]["expiresAt"] is None
    await let(group, disappearing_seconds=3600)
    before = datetime.now(UTC)

    await send(alice, group, "for an hour")

    last = (await bob.query(LAST, id=group))["conversation"]["lastMessage"]
    expires_at = datetime.fromisoformat(last["expiresAt"])
    assert before + timedelta(seconds=3599) < expires_at < datetime.now(UTC) + timedelta(seconds=3601)
