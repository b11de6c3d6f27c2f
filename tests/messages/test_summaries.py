"""What a page says of its messages, and a list of its conversations, is what each says when it is asked for by itself:
reactions, ticks and counts under blocks, privacy, removals and deletions."""

from __future__ import annotations

import os
import random

import pytest

from tests.contacts.documents import BLOCK, UNBLOCK
from tests.conversations.documents import ADD, REMOVE, create_group, start_direct
from tests.messages.changes import REACT
from tests.messages.documents import READ, message, send
from tests.presence.documents import set_privacy

MESSAGE = """id seq kind text deliveryState sender { id displayName }
  reactions { emoji count viewerHasReacted users(first: 5) { totalCount nodes { id } } }"""
CONVERSATION = f"""id title lastSeq activityAt unreadCount memberCount lastMessage {{ {MESSAGE} }}
  ... on DirectConversation {{ peer {{ id displayName }} }}"""
PAGE = f"query($id: ID!) {{ conversation(id: $id) {{ messages(last: 40) {{ nodes {{ {MESSAGE} }} }} }} }}"
LIST = f"{{ viewer {{ conversations {{ nodes {{ {CONVERSATION} }} }} }} }}"
ONES = f"query($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on Message {{ {MESSAGE} }} }} }}"
ONE = f"query($id: ID!) {{ node(id: $id) {{ ... on Conversation {{ {CONVERSATION} }} }} }}"
SEND_TEXT = "mutation($input: SendMessageInput!) { sendMessage(input: $input) { errors { code } } }"
CLEAR = "mutation($id: ID!) { clearHistory(input: {conversationId: $id}) { errors { code } } }"
DELETE = """mutation($id: ID!, $scope: DeleteScope!) {
  deleteMessage(input: {messageId: $id, scope: $scope}) { errors { code } } }"""
SEEDS = [int(seed) for seed in os.environ.get("SUMMARY_SEEDS", "3,4").split(",")]
STEPS = 60


async def page(person, chat):
    return (await person.query(PAGE, id=chat))["conversation"]["messages"]["nodes"]


async def act(draw, people, inside, group, direct) -> None:
    """Somebody does something, also what is refused."""
    chat = draw.choice([group, group, direct])
    pair = people[:2]
    one = draw.choice(pair if chat == direct else [p for p in people if p.id in inside])
    match draw.randrange(10):
        case 0 | 1 | 2:
            await one.query(SEND_TEXT, input=message(chat))
        case 3 | 4:
            await one.query(READ, conversationId=chat, upToSeq=draw.choice([None, draw.randrange(1, 30)]))
        case 5:
            await set_privacy(one, readReceipts=draw.random() < 0.6)
        case 6:
            other = draw.choice(people[1:])
            if other.id in inside:
                await people[0].mutate(REMOVE, conversationId=group, userId=other.id)
                inside.discard(other.id)
            elif (await people[0].mutate(ADD, conversationId=group, userIds=[other.id]))["added"]:
                inside.add(other.id)
        case 7:
            mine, other = draw.sample(pair, 2)
            await mine.query(draw.choice([BLOCK, UNBLOCK, UNBLOCK]), userId=other.id)
        case 8:
            for sent in (await page(one, chat))[-draw.randint(1, 3) :]:
                await one.query(REACT, id=sent["id"], emoji=draw.choice("👍🎉"))
        case 9 if draw.random() < 0.2:
            await one.query(CLEAR, id=chat)
        case 9:
            for sent in (await page(one, chat))[-1:]:
                await one.query(DELETE, id=sent["id"], scope=draw.choice(["FOR_ME", "FOR_EVERYONE"]))


@pytest.mark.parametrize("seed", SEEDS)
async def test_pages_and_lists_say_what_each_says(person, seed):
    draw = random.Random(seed)
    people = [await person(f"p{n}") for n in range(4)]
    group, direct = await create_group(*people), await start_direct(people[0], people[1])
    for one in (people[1], people[0]):
        await send(one, direct)
    inside = {one.id for one in people}
    for _ in range(STEPS):
        await act(draw, people, inside, group, direct)

    for viewer in people:
        listed = (await viewer.query(LIST))["viewer"]["conversations"]["nodes"]
        assert len(listed) == (viewer.id in inside) + (viewer in people[:2])
        for conversation in listed:
            assert conversation == (await viewer.query(ONE, id=conversation["id"]))["node"]
            messages = await page(viewer, conversation["id"])
            assert messages == (await viewer.query(ONES, ids=[m["id"] for m in messages]))["nodes"]
