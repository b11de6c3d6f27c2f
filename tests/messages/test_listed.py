"""What comes in the statement of a list beside each conversation is what its own loaders find."""

from __future__ import annotations

import random

import pytest

from app.conversations.listing import ConversationQuery, list_conversations
from app.core import db
from app.messages.history import load_last_visible
from app.messages.listed import LAST_MESSAGE, UNREAD
from app.messages.marks import Standing, standing_of
from app.messages.records import MessageRow
from app.messages.service import send_message, send_messages
from app.messages.unread import load_unread
from tests.messages.people import make_direct, make_viewer, new
from tests.messages.test_visibility import delete_for, expire, hide
from tests.statements import statements

BESIDE = {"newest": LAST_MESSAGE, "unread": UNREAD}
pytestmark = pytest.mark.usefixtures("committed")


@pytest.mark.parametrize("seed", range(4))
async def test_a_list_says_what_each_conversation_says(seed: int) -> None:
    random_ = random.Random(seed)
    bob = await make_viewer()
    for n in range(12):
        alice = await make_viewer()
        chat = await make_direct(alice, bob)
        sent = await send_messages(alice, [new(chat, str(k)) for k in range(random_.choice((0, 1, 5)))]) if n else []
        rows = [message for message in sent if isinstance(message, MessageRow)]
        for message in random_.sample(rows, random_.randint(0, len(rows))):
            await random_.choice((expire, hide, lambda one: delete_for(bob, one)))(message)
        if random_.random() < 0.3:
            await send_message(bob, new(chat, "own"))
        await db.execute(
            "UPDATE member SET read_seq = $1, first_seq = $2, unread_from_seq = $3"
            " WHERE conversation_id = $4 AND user_id = $5",
            random_.randint(0, len(rows)), random_.choice((1, 1, 3)), random_.choice((None, None, 1)), chat,
            bob.user_id,
        )  # fmt: skip

    async with statements() as ran:
        listed = await list_conversations(bob, ConversationQuery(), 50, beside=BESIDE)
    assert len([text for text in ran if " FROM " in text]) == 1
    standings = [standing_of(one.conversation, one.member) for one in listed]
    found = await load_last_visible(standings)
    newest = [one if at.first_seq <= at.last_seq else None for one, at in zip(found, standings, strict=True)]
    unread = await load_unread([(bob.user_id, one.conversation.id) for one in listed])

    assert len(listed) == 12
    assert [one.beside("unread") for one in listed] == unread
    assert any(unread)
    missed = 0
    for one, standing, expected in zip(listed, standings, newest, strict=True):
        newest_read = one.beside("newest")
        if isinstance(newest_read, Standing):
            assert newest_read == standing
            missed += 1
            continue
        assert newest_read == (expected and (expected.message, expected.sender))
        assert expected is None or expected.sender is not None
    assert 0 < missed < 12
    plain = await list_conversations(bob, ConversationQuery(), 50)
    assert [(one.conversation, one.member, one.place, one.peer) for one in plain] == [
        (one.conversation, one.member, one.place, one.peer) for one in listed
    ]
    brief = await list_conversations(bob, ConversationQuery(), 50, beside=BESIDE, whole=False)
    assert [(one.id, one.place, one.peer, one.beside("newest"), one.beside("unread")) for one in brief] == [
        (one.id, one.place, one.peer, one.beside("newest"), one.beside("unread")) for one in listed
    ]
    with pytest.raises(AssertionError):
        _ = brief[0].conversation
