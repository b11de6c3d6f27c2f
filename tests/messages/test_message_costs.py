"""What a page costs that shows everything a message has: as many statements for few messages as for many."""

from __future__ import annotations

import pytest

from tests.conversations.documents import create_group
from tests.messages.changes import EDIT, PIN, REACT, SAVE
from tests.messages.documents import send
from tests.messages.test_attachments import make_media, send_files
from tests.messages.test_forward_messages import forward, item
from tests.statements import statements

# All but threadReplies, whose cost is measured with the threads.
EVERYTHING = """query Everything($id: ID!, $last: Int!) { conversation(id: $id) { messages(last: $last) {
  pageInfo { hasNextPage } nodes {
    id seq conversation { id title } sender { id displayName } kind text clientMessageId
    attachments { id kind media { id fileName } viewOnce viewedAt }
    mentions { user { id } offset length } mentionsEveryone location { latitude } sharedContact { id }
    replyTo { id text sender { id } } threadRoot { id text } threadReplyCount viewerFollowsThread
    forwarded { originalSender { id } isManyTimes }
    reactions { emoji count viewerHasReacted users(first: 2) { nodes { id } } }
    systemNotice { kind actor { id } targets { id } value }
    createdAt editedAt deletedAt expiresAt revisions { text editedAt } deliveryState
    receipts(first: 2) { nodes { user { id } state deliveredAt readAt } }
    isPinned viewerHasSaved viewerCanEdit viewerCanEditUntil viewerCanDeleteForEveryone viewerCanReact viewerCanPin
  } } } }"""
GALLERIES = """{ viewer { conversations(first: 50) { nodes { mediaGallery(first: 3) {
  nodes { id media { fileName } } edges { message { id } } } } } } }"""


async def say_all_sorts(alice, bob, group):
    """Nine messages: one of each sort, and the notice of a pin."""
    root = await send(bob, group, "root")
    await send(bob, group, "answer", replyToId=root["id"])
    mention = {"userId": alice.id, "offset": 0, "length": 2}
    await send(bob, group, "in it", threadRootId=root["id"], mentions=[mention])
    await forward(bob, item(root, group, root["id"]))
    await bob.mutate(EDIT, id=root["id"], text="again")
    await bob.mutate(REACT, id=root["id"], emoji="👍")
    await bob.mutate(SAVE, id=root["id"])
    await alice.mutate(PIN, id=root["id"])
    await send_files(alice, group, {"mediaId": await make_media(alice), "viewOnce": True})
    await send_files(alice, group, {"mediaId": await make_media(alice)})
    await send(bob, group, "here", location={"latitude": 1, "longitude": 1})
    await send(bob, group, "her", contactUserId=alice.id)


async def cost_of(person, document, **variables):
    async with statements() as ran:
        await person.query(document, **variables)
    return len(ran)


@pytest.mark.parametrize("window", [None, 3600])
async def test_a_page_of_everything(server, alice, bob, monkeypatch, window):
    for name in ("edit_window_seconds", "delete_window_seconds"):
        monkeypatch.setattr(server.runtime.settings.messages, name, window)
    group = await create_group(alice, bob)
    await say_all_sorts(alice, bob, group)
    few = await cost_of(bob, EVERYTHING, id=group, last=9)
    for _ in range(4):
        await say_all_sorts(alice, bob, group)
    assert await cost_of(bob, EVERYTHING, id=group, last=45) == few <= 25


async def test_a_page_of_galleries(alice, bob):
    costs = []
    for count in (1, 6):
        for _ in range(count):
            group = await create_group(alice, bob)
            await send_files(alice, group, {"mediaId": await make_media(alice)})
        costs.append(await cost_of(bob, GALLERIES))
    assert costs[0] == costs[1]
    found = (await bob.query(GALLERIES))["viewer"]["conversations"]["nodes"]
    assert [len(node["mediaGallery"]["nodes"]) for node in found] == [1] * 7


async def test_what_a_message_ever_said_is_bounded(server, alice, bob, monkeypatch):
    monkeypatch.setattr(server.runtime.settings.messages, "revisions_length", 100)
    group = await create_group(alice, bob)
    sent = await send(alice, group, "a" * 50)
    await alice.mutate(EDIT, id=sent["id"], text="b" * 51)
    (error,) = await alice.refused(EDIT, id=sent["id"], text="c")
    assert (error["code"], error["limit"]) == ("LIMIT_REACHED", 1)
