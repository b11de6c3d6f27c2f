"""What a blocked person edits reads so wherever they look, and nowhere for the blocker."""

from __future__ import annotations

import pytest

from app.core.graphql.ids import decode_id
from app.messages import own_data
from app.messages.search_index import index_messages
from tests.contacts.documents import BLOCK
from tests.conversations.documents import start_direct
from tests.messages.changes import DELETE, EDIT, PIN, REACT, SAVE, one
from tests.messages.documents import SEND, message, send
from tests.messages.test_forward_messages import forward, item

EVERYWHERE = """query Everywhere($id: ID!, $chat: ID!, $answer: ID!) {
  node(id: $id) { ... on Message { text mentions { offset } revisions { text } } }
  message(id: $answer) { replyTo { text } }
  conversation(id: $chat) {
    lastMessage { replyTo { text } } pinnedMessages { nodes { text } }
    messages(first: 1) { nodes { text } } around: messages(around: $id, first: 1, last: 1) { nodes { text } }
  }
  viewer { savedMessages { nodes { text } } }
  old: searchMessages(query: "before") { nodes { text } }
  new: searchMessages(query: "after") { nodes { text } }
}"""
HEARD = """subscription Heard($after: Cursor) { events(after: $after) {
  __typename
  ... on MessageReceived { message { text replyTo { text } } } ... on ReactionChanged { message { text } } } }"""


def texts(found: object) -> list[str]:
    """All texts in an answer, but those of revisions."""
    if isinstance(found, dict):
        return [t for k, v in found.items() if k != "revisions" for t in ([v] if k == "text" else texts(v))]
    return [text for one_ in found for text in texts(one_)] if isinstance(found, list) else []


@pytest.mark.parametrize("index", [True, False])
async def test_reads_so_for_the_author_everywhere(alice, bob, index):
    chat = await start_direct(alice, bob)
    cursors = [await person.cursor() for person in (alice, bob)]
    sent = await send(alice, chat, "before")
    answer = await send(alice, chat, "answer", replyToId=sent["id"])
    for person in (alice, bob):
        await person.mutate(SAVE, id=sent["id"])
    await bob.mutate(PIN, id=sent["id"])
    await bob.mutate(REACT, id=sent["id"], emoji="👍")
    await bob.mutate(BLOCK, userId=alice.id)
    mention = {"userId": bob.id, "offset": 0, "length": 5}
    shown = (await alice.mutate(EDIT, id=sent["id"], text="after", mentions=[mention]))["message"]
    if index:
        await index_messages()

    ids = {"id": sent["id"], "chat": chat, "answer": answer["id"]}
    at_alice, at_bob = [await person.query(EVERYWHERE, **ids) for person in (alice, bob)]
    assert (set(texts(at_alice)), set(texts(at_bob))) == ({"after", "answer"}, {"before", "answer"})
    assert ([len(at_alice[k]["nodes"]) for k in ("old", "new")], at_alice["node"]["revisions"]) == (
        [0, 1], [{"text": "before"}],
    )  # fmt: skip
    assert ([len(at_bob[k]["nodes"]) for k in ("old", "new")], at_bob["node"]["revisions"]) == ([1, 0], [])
    assert (len(at_alice["node"]["mentions"]), at_bob["node"]["mentions"]) == (1, [])
    for person, cursor, text in zip((alice, bob), cursors, ("after", "before"), strict=True):
        async with person.subscribe(HEARD, after=cursor) as stream:
            events = []
            while (event := await stream.next())["__typename"] != "CursorMoved":
                events.append(event)
            assert set(texts(events)) - {"answer", None} == {text}
        lines = [line async for line in own_data._messages(decode_id("usr", person.id))]
        assert [line["text"] for line in lines if line["id"] == sent["id"]] == [text]
    again = await alice.mutate(SEND, input=message(chat, "before", key=sent["clientMessageId"]))
    assert again["message"]["text"] == "after"
    assert (await one(alice, sent["id"]))["editedAt"] == shown["editedAt"]


async def test_forwarded_as_they_read_and_deleted_for_both(alice, bob, carol):
    chat = await start_direct(alice, bob)
    sent = await send(alice, chat, "before")
    await bob.mutate(BLOCK, userId=alice.id)
    await alice.mutate(EDIT, id=sent["id"], text="after")
    for person, text in ((alice, "after"), (bob, "before")):
        (forwarded,) = await forward(person, item(sent, await start_direct(person, carol)))
        assert forwarded["message"]["text"] == text

    await alice.mutate(DELETE, id=sent["id"], scope="FOR_EVERYONE")
    for person in (alice, bob):
        gone = await one(person, sent["id"])
        assert (gone["text"], gone["revisions"], gone["mentions"]) == (None, [], [])
