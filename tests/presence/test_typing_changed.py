"""setTyping, typingChanged and Conversation.typing through the API."""

from __future__ import annotations

from contextlib import AsyncExitStack

import pytest
from gql.transport.exceptions import TransportQueryError

from tests.conversations.documents import REMOVE, create_group, start_direct, unknown_id
from tests.messages.documents import send
from tests.presence.documents import set_privacy

SET = """
mutation Set($id: ID!, $activity: TypingActivity = TYPING) {
  setTyping(input: {conversationId: $id, activity: $activity}) { errors { code field } }
}
"""
CHANGED = """
subscription Changed($id: ID) {
  typingChanged(conversationId: $id) { conversation { id title } users { user { id } activity } }
}
"""
TYPING = "query ($id: ID!) { conversation(id: $id) { typing { user { id } activity } } }"


async def typing(person, conversation_id) -> list[tuple[str, str]]:
    found = (await person.query(TYPING, id=conversation_id))["conversation"]["typing"]
    return [(one["user"]["id"], one["activity"]) for one in found]


async def test_the_others_are_told(alice, bob, listening):
    conversation_id = await start_direct(alice, bob)
    async with listening(bob, CHANGED) as events:
        await alice.mutate(SET, id=conversation_id, activity="RECORDING_VOICE")
        assert await events.next() == {
            "conversation": {"id": conversation_id, "title": "Alice"},
            "users": [{"user": {"id": alice.id}, "activity": "RECORDING_VOICE"}],
        }
        assert await typing(bob, conversation_id) == [(alice.id, "RECORDING_VOICE")]

        await alice.mutate(SET, id=conversation_id, activity="STOPPED")
        assert (await events.next())["users"] == []
        assert await typing(bob, conversation_id) == []


async def test_oneself_is_left_out(alice, bob, carol, listening):
    group_id = await create_group(alice, bob, carol)
    async with listening(alice, CHANGED, id=group_id) as mine, listening(carol, CHANGED, id=group_id) as others:
        await alice.mutate(SET, id=group_id)
        assert [u["user"]["id"] for u in (await others.next())["users"]] == [alice.id]
        await bob.mutate(SET, id=group_id)

        assert [u["user"]["id"] for u in (await mine.next())["users"]] == [bob.id]
        assert [u["user"]["id"] for u in (await others.next())["users"]] == [alice.id, bob.id]
    assert await typing(alice, group_id) == [(bob.id, "TYPING")]
    assert await typing(carol, group_id) == [(alice.id, "TYPING"), (bob.id, "TYPING")]


async def test_one_conversation_only(alice, bob, listening):
    direct, group_id = await start_direct(alice, bob), await create_group(alice, bob)
    async with listening(bob, CHANGED, id=group_id) as events:
        await alice.mutate(SET, id=direct)
        await alice.mutate(SET, id=group_id)
        assert (await events.next())["conversation"]["id"] == group_id


async def test_removed_member_is_told_nothing(alice, bob, carol, listening):
    group_id = await create_group(alice, bob, carol)
    direct = await start_direct(alice, bob)
    async with listening(bob, CHANGED) as events:
        await alice.mutate(REMOVE, conversationId=group_id, userId=bob.id)
        await carol.mutate(SET, id=group_id)
        await alice.mutate(SET, id=direct)
        assert (await events.next())["conversation"]["id"] == direct


async def test_who_is_removed_stops(alice, bob, carol, listening):
    group_id = await create_group(alice, bob, carol)
    async with listening(carol, CHANGED, id=group_id) as events:
        await bob.mutate(SET, id=group_id)
        assert [u["user"]["id"] for u in (await events.next())["users"]] == [bob.id]
        await alice.mutate(REMOVE, conversationId=group_id, userId=bob.id)
        assert (await events.next(3))["users"] == []


async def test_outsiders_are_refused(alice, bob, carol):
    group_id = await create_group(alice, bob)
    await alice.mutate(REMOVE, conversationId=group_id, userId=bob.id)

    for id_ in (group_id, unknown_id("cnv"), "nonsense"):
        assert [e["code"] for e in await carol.refused(SET, id=id_)] == ["NOT_FOUND"]
    assert [e["code"] for e in await bob.refused(SET, id=group_id)] == ["NOT_PARTICIPANT"]
    assert await typing(alice, group_id) == []


@pytest.mark.parametrize("kind", ["foreign", "unknown", "malformed"])
async def test_outsiders_cannot_listen(alice, bob, carol, kind):
    id_ = {"foreign": await start_direct(alice, bob), "unknown": unknown_id("cnv"), "malformed": "x"}[kind]

    async with carol.subscribe(CHANGED, id=id_) as events:
        with pytest.raises(TransportQueryError) as refusal:
            await events.next()
    assert refusal.value.errors[0]["extensions"]["code"] == "FORBIDDEN"


async def test_who_has_sent_types_no_more(alice, bob, listening):
    conversation_id, elsewhere = await start_direct(alice, bob), await create_group(alice, bob)
    async with listening(bob, CHANGED) as events:
        for id_ in (conversation_id, elsewhere):
            await alice.mutate(SET, id=id_)
        for _ in range(2):
            assert len((await events.next())["users"]) == 1
        await send(alice, conversation_id)
        assert await typing(bob, conversation_id) == []
        told = await events.next()
        assert (told["conversation"]["id"], told["users"]) == (conversation_id, [])
        await alice.mutate(SET, id=conversation_id)  # the next one, within the second
        assert [u["user"]["id"] for u in (await events.next())["users"]] == [alice.id]
    assert await typing(bob, elsewhere) == [(alice.id, "TYPING")]


async def test_a_message_of_another_ends_nothing(alice, bob, carol):
    group_id = await create_group(alice, bob, carol)
    await bob.mutate(SET, id=group_id)
    await send(alice, group_id)
    assert await typing(carol, group_id) == [(bob.id, "TYPING")]


async def test_two_who_type_are_told_to_everybody_as_each_may_know(alice, bob, carol, person, listening):
    readers = [await person("dave"), await person("erin"), await person("frank")]
    silent = await person("silent")
    await set_privacy(silent, typingIndicators=False)
    group_id = await create_group(alice, bob, carol, silent, *readers)
    async with AsyncExitStack() as stack:
        told = [await stack.enter_async_context(listening(r, CHANGED, id=group_id)) for r in (bob, *readers)]
        untold = await stack.enter_async_context(listening(silent, CHANGED))
        await carol.mutate(SET, id=group_id)
        for stream in told:
            assert [u["user"]["id"] for u in (await stream.next())["users"]] == [carol.id]
        await bob.mutate(SET, id=group_id)
        for stream in told[1:]:
            assert [u["user"]["id"] for u in (await stream.next())["users"]] == [carol.id, bob.id]
        other_id = await create_group(alice, silent)
        await set_privacy(silent, typingIndicators=True)
        await alice.mutate(SET, id=other_id)
        assert (await untold.next())["conversation"]["id"] == other_id
