"""sendMessage at the service: what is stored, what is announced, what is refused."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace
from uuid import uuid4

import pytest

from app.accounts.loaders import UserRow
from app.contacts.blocking import block_user
from app.conversations.loaders import load_conversations
from app.conversations.members import leave_conversation, remove_member
from app.conversations.records import conversation_from
from app.core import db
from app.core.bus_codec import Codec, pack_event, pack_rows, unpack_event
from app.core.errors import ErrorCode, UserFault
from app.core.viewer import Viewer
from app.messages.details import Place
from app.messages.records import MessageRow, message_from
from app.messages.sending import send_batch
from app.messages.service import NewMessage, send_message
from tests.messages.conftest import Committed
from tests.messages.people import draft, make_direct, make_group, make_viewer, new, state_of, texts_of
from tests.statements import statements

pytestmark = pytest.mark.usefixtures("committed")


async def refused(viewer: Viewer, message: NewMessage) -> UserFault:
    """The refusal of a send, after which everything must be as before."""
    before = await state_of(message.conversation_id)
    with pytest.raises(UserFault) as fault:
        await send_message(viewer, message)
    assert await state_of(message.conversation_id) == before
    return fault.value


async def test_is_stored_trimmed_and_numbered() -> None:
    alice, bob = await make_viewer(), await make_viewer()
    chat = await make_direct(alice, bob)

    first = await send_message(alice, new(chat, "  hello\n", key="one"))
    second = await send_message(bob, new(chat, "hi"))

    assert (first.seq, first.text, first.sender_id, first.client_message_id) == (1, "hello", alice.user_id, "one")
    assert second.seq == 2
    assert await texts_of(chat) == [(1, "hello"), (2, "hi")]


async def test_moves_the_senders_own_marks_only() -> None:
    alice, bob = await make_viewer(), await make_viewer()
    chat = await make_direct(alice, bob)

    await send_message(alice, new(chat))
    await send_message(alice, new(chat))

    rows = await db.rows("SELECT user_id, read_seq, delivered_seq FROM member WHERE conversation_id = $1", chat)
    marks = {row["user_id"]: (row["read_seq"], row["delivered_seq"]) for row in rows}
    assert marks == {alice.user_id: (2, 2), bob.user_id: (0, 0)}


async def test_is_announced_once_with_its_rows(committed: Committed) -> None:
    alice, bob = await make_viewer("alice"), await make_viewer()
    chat = await make_direct(alice, bob)
    committed.events.clear()

    sent = await send_message(alice, new(chat))

    (event,) = committed.events
    assert (event.kind, event.stream_id) == ("MESSAGE_RECEIVED", chat)
    assert event.payload == {"messageId": str(sent.id), "seq": 1}
    assert event.carried is not None
    assert event.carried["message"] == sent
    assert event.carried["sender"].display_name == "Alice"
    assert not hasattr(event.carried["sender"], "password_hash")
    (stored,) = await load_conversations([chat])
    assert conversation_from(event.carried["conversation"]) == stored


async def test_its_rows_reach_other_processes(committed: Committed) -> None:
    alice, bob = await make_viewer("alice"), await make_viewer()
    chat = await make_direct(alice, bob)
    committed.events.clear()
    await send_message(alice, replace(new(chat), text=None, location=Place(1.5, -2.0, "here")))

    (event,) = committed.events
    codec = Codec("secret", "0123456789abcdef")
    (heard,) = map(unpack_event, *codec.decode("c", codec.encode("c", [pack_event(event)], [pack_rows(event.carried)])))

    assert event.carried is not None
    assert heard.carried is not None
    assert message_from(heard.carried["message"]) == event.carried["message"]
    assert UserRow(**heard.carried["sender"]) == event.carried["sender"]
    assert conversation_from(heard.carried["conversation"]) == conversation_from(event.carried["conversation"])


async def test_what_two_people_see_differently_is_not_carried(committed: Committed) -> None:
    alice, bob = await make_viewer(), await make_viewer()
    chat = await make_direct(alice, bob)
    await block_user(bob, alice.user_id)
    committed.events.clear()

    await send_message(alice, new(chat))

    (event,) = committed.events
    assert event.carried is not None
    assert event.carried["conversation"] is None


@pytest.mark.parametrize("count", [1, 10])
async def test_a_batch_of_first_messages_takes_as_many_statements_as_one(count: int) -> None:
    people = [(await make_viewer(), await make_viewer()) for _ in range(count)]
    drafts = [draft(await make_direct(*pair), pair[0]) for pair in people]

    async with statements() as ran:
        sent = await send_batch(drafts)

    assert all(isinstance(outcome, MessageRow) for outcome in sent)
    assert len([sql for sql in ran if "privacy_settings" in sql]) == 1


async def test_repeat_gives_the_first_result(committed: Committed) -> None:
    alice, bob = await make_viewer(), await make_viewer()
    chat = await make_direct(alice, bob)
    first = await send_message(alice, new(chat, "hello", key="k"))
    committed.events.clear()

    assert await send_message(alice, new(chat, " hello ", key="k")) == first

    assert committed.events == []
    assert await texts_of(chat) == [(1, "hello")]


async def test_repeat_works_for_ever_also_after_leaving() -> None:
    alice, bob = await make_viewer(), await make_viewer()
    group = await make_group(alice, bob)
    first = await send_message(bob, new(group, "hello", key="k"))
    await leave_conversation(bob, group)

    assert await send_message(bob, new(group, "hello", key="k")) == first


async def test_same_id_of_another_sender_is_another_message() -> None:
    alice, bob = await make_viewer(), await make_viewer()
    chat = await make_direct(alice, bob)

    sent = [await send_message(who, new(chat, "hello", key="k")) for who in (alice, bob)]

    assert [m.seq for m in sent] == [1, 2]


async def test_parallel_repeats_make_one_message() -> None:
    alice, bob = await make_viewer(), await make_viewer()
    chat = await make_direct(alice, bob)

    sent = await asyncio.gather(*(send_message(alice, new(chat, "hello", key="k")) for _ in range(50)))

    assert len(set(sent)) == 1
    assert await texts_of(chat) == [(1, "hello")]


async def test_one_id_in_many_conversations_at_once_is_one_message() -> None:
    alice = await make_viewer()
    chats = [await make_direct(alice, await make_viewer()) for _ in range(20)]

    results = await asyncio.gather(*(send_message(alice, new(chat, key="k")) for chat in chats), return_exceptions=True)

    assert len([r for r in results if isinstance(r, MessageRow)]) == 1
    assert {r.code for r in results if isinstance(r, UserFault)} == {ErrorCode.CONFLICT}
    assert sum([len(await texts_of(chat)) for chat in chats]) == 1


async def test_numbers_are_dense_under_200_senders() -> None:
    people = [await make_viewer() for _ in range(200)]
    group = await make_group(*people)
    chats = [await make_direct(people[n], people[n + 1]) for n in range(0, 20, 2)]

    async def talk(n: int) -> list[MessageRow]:
        where = [group, group, chats[n // 2]] if n < 20 else [group, group]
        return [await send_message(people[n], new(chat, f"{n}")) for chat in random.Random(n).sample(where, len(where))]

    sent = [m for some in await asyncio.gather(*(talk(n) for n in range(200))) for m in some]

    for chat, first, count in ((group, 2, 400), *((c, 1, 2) for c in chats)):
        numbers = [m.seq for m in sent if m.conversation_id == chat]
        assert sorted(numbers) == list(range(first, first + count))
        stored = {seq: text for seq, text in await texts_of(chat) if text is not None}
        assert {m.seq: m.text for m in sent if m.conversation_id == chat} == stored
        row = await db.row("SELECT last_seq FROM conversation WHERE id = $1", chat)
        assert row is not None
        assert row["last_seq"] == first + count - 1


async def test_answer_refers_to_its_message() -> None:
    alice, bob = await make_viewer(), await make_viewer()
    chat = await make_direct(alice, bob)
    first = await send_message(alice, new(chat))

    answer = await send_message(bob, new(chat, "yes", reply_to=first.id))

    assert answer.reply_to_id == first.id


@pytest.mark.parametrize("text", [None, "", "  \n ", "\u200b\u200d", "\u3164 \ufeff"])
async def test_nothing_visible_is_refused(text: str | None) -> None:
    alice, bob = await make_viewer(), await make_viewer()

    fault = await refused(alice, new(await make_direct(alice, bob), text))

    assert (fault.code, fault.field) == (ErrorCode.CONTENT_EMPTY, ("text",))


async def test_length_is_counted_in_code_points() -> None:
    alice, bob = await make_viewer(), await make_viewer()
    chat = await make_direct(alice, bob)

    sent = await send_message(alice, new(chat, "😀" * 10_000))
    fault = await refused(alice, new(chat, "😀" * 10_001))

    assert sent.text == "😀" * 10_000
    assert (fault.code, fault.limit, fault.field) == (ErrorCode.TOO_LONG, 10_000, ("text",))


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b"])
async def test_impossible_text_is_refused(text: str) -> None:
    alice, bob = await make_viewer(), await make_viewer()

    fault = await refused(alice, new(await make_direct(alice, bob), text))

    assert (fault.code, fault.field) == (ErrorCode.INVALID, ("text",))


@pytest.mark.parametrize("key", [" \n", "k" * 65, "a\x00b", "\udfff"])
async def test_bad_client_id_is_refused(key: str) -> None:
    alice, bob = await make_viewer(), await make_viewer()

    fault = await refused(alice, new(await make_direct(alice, bob), key=key))

    assert (fault.code, fault.field) == (ErrorCode.INVALID, ("clientMessageId",))


async def test_other_content_under_one_id_is_refused() -> None:
    alice, bob, carol = [await make_viewer() for _ in range(3)]
    chat, other = await make_direct(alice, bob), await make_direct(alice, carol)
    first = await send_message(alice, new(chat, "hello", key="k"))

    for changed in (new(chat, "bye", key="k"), new(other, key="k"), new(chat, "hello", key="k", reply_to=first.id)):
        fault = await refused(alice, changed)
        assert (fault.code, fault.field) == (ErrorCode.CONFLICT, ("clientMessageId",))


async def test_unknown_and_foreign_conversations_look_the_same() -> None:
    alice, bob, mallory = [await make_viewer() for _ in range(3)]
    chat = await make_direct(alice, bob)

    foreign = await refused(mallory, new(chat))
    unknown = await refused(mallory, new(uuid4()))

    assert (foreign.code, foreign.message, foreign.field) == (unknown.code, unknown.message, unknown.field)
    assert (foreign.code, foreign.field) == (ErrorCode.NOT_FOUND, ("conversationId",))


async def test_former_member_is_refused() -> None:
    alice, bob = await make_viewer(), await make_viewer()
    group = await make_group(alice, bob)
    await remove_member(alice, group, bob.user_id)

    fault = await refused(bob, new(group))

    assert (fault.code, fault.field) == (ErrorCode.NOT_PARTICIPANT, ("conversationId",))


async def test_answer_to_what_is_not_there_is_refused() -> None:
    alice, bob, carol = [await make_viewer() for _ in range(3)]
    chat, other = await make_direct(alice, bob), await make_direct(alice, carol)
    elsewhere = await send_message(alice, new(other))

    for target in (elsewhere.id, uuid4()):
        fault = await refused(alice, new(chat, reply_to=target))
        assert (fault.code, fault.field) == (ErrorCode.NOT_FOUND, ("replyToId",))


async def test_answer_to_what_was_before_ones_time_is_refused() -> None:
    from app.conversations.members import add_members
    from app.settings_chat import ConversationSettings

    alice, bob = await make_viewer(), await make_viewer()
    group = await make_group(alice)
    early = await send_message(alice, new(group))
    await add_members(alice, group, [bob.user_id], settings=ConversationSettings())

    fault = await refused(bob, new(group, reply_to=early.id))

    assert (fault.code, fault.field) == (ErrorCode.NOT_FOUND, ("replyToId",))
