"""Where parts meet: what one of them took back is nowhere shown, and nowhere kept, by any other."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import orjson

from app.accounts.exports import ExportFormat
from app.core import db
from app.core.graphql.ids import decode_id
from app.core.runtime import enter
from app.messages.conversation_export import _write
from app.messages.disappearing import sweep_messages
from app.messages.scheduling import SendScheduled, send_scheduled
from app.messages.search_index import index_messages
from tests.conversations.documents import LEAVE, create_group, start_direct
from tests.messages.changes import DELETE, EDIT, EVENTS, PIN, REACT, SAVE, UNPIN, one
from tests.messages.documents import PAGE, SEND, message, send
from tests.messages.test_attachments import VIEW, make_media, send_files
from tests.messages.test_forward_messages import forward, item
from tests.messages.test_reactions import BLOCK
from tests.messages.test_schedule_message import NODE, SCHEDULE

REFERRED = """subscription Referred($after: Cursor) { events(after: $after, kinds: [MESSAGE_RECEIVED]) {
  __typename ... on MessageReceived { message { id threadReplyCount
    replyTo { text revisions { text } } threadRoot { text revisions { text } threadReplyCount } } } } }"""


async def received(person, cursor, message_id):
    async with person.subscribe(REFERRED, after=cursor) as stream:
        while (event := await stream.until("MessageReceived"))["message"]["id"] != message_id:
            pass
        return event["message"]


async def test_who_left_sees_what_is_referred_to_as_it_was(alice, bob, carol):
    group = await create_group(alice, bob, carol)
    first = await send(alice, group, "first")
    cursors = {p.id: await p.cursor() for p in (bob, carol)}
    answer = await send(alice, group, "answer", replyToId=first["id"])
    threaded = await send(alice, group, "in it", threadRootId=first["id"])
    await bob.mutate(LEAVE, conversationId=group)
    await alice.mutate(EDIT, id=first["id"], text="later")
    await send(alice, group, "in it too", threadRootId=first["id"])
    for person, text, said, replies in ((bob, "first", [], 1), (carol, "later", [{"text": "first"}], 2)) * 2:
        shown = await received(person, cursors[person.id], answer["id"])
        assert shown["replyTo"] == {"text": text, "revisions": said}
        shown = await received(person, cursors[person.id], threaded["id"])
        assert shown["threadRoot"] == {"text": text, "revisions": said, "threadReplyCount": replies}


async def test_who_leaves_while_an_export_waits_gets_it_as_it_was(alice, bob):
    group = await create_group(alice, bob)
    sent = await send(alice, group, "first")
    await bob.mutate(LEAVE, conversationId=group)
    await alice.mutate(EDIT, id=sent["id"], text="later")
    for format_ in ExportFormat:
        parts = [part async for part in _write(decode_id("usr", bob.id), decode_id("cnv", group), format_)]
        assert b"first" in b"".join(parts)
        assert b"later" not in b"".join(parts)


# ── what was deleted for everyone ─────────────────────────────────────────────────────────────────


async def tables_with(text):
    """The tables that hold the text anywhere, in this whole database."""
    names = "SELECT name FROM sqlite_master WHERE type = 'table'"
    if db.is_postgres():
        names = "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'"
    tables = [row["name"] for row in await db.rows(names)]
    return [t for t in tables if any(text in str(dict(row)) for row in await db.rows(f'SELECT * FROM "{t}"'))]


async def say_everywhere(alice, bob, chat, word):
    """Messages with the word in all places that a message has; their ids."""
    place = {"latitude": 1, "longitude": 2, "label": word}
    sent = [await send(alice, chat, f"{word} one"), await send(alice, chat, "two", location=place)]
    await alice.mutate(EDIT, id=sent[0]["id"], text=f"{word} again")
    for document, more in ((REACT, {"emoji": "👍"}), (PIN, {}), (SAVE, {})):
        await bob.mutate(document, id=sent[0]["id"], **more)
    sent.append(await send_files(alice, chat, {"mediaId": await make_media(alice), "caption": word}))
    await index_messages()
    return [m["id"] for m in sent]


async def schedule(alice, chat, word):
    """Schedules a message and has it sent at once; what was given, and what it became."""
    given = {
        "message": message(chat, word),
        "sendAt": (datetime.now(UTC) + timedelta(hours=1)).isoformat(),
    }
    made = (await alice.mutate(SCHEDULE, given))["scheduledMessage"]
    await send_scheduled(SendScheduled(str(decode_id("sch", made["id"]))))
    return given, (await alice.query(NODE, id=made["id"]))["node"]


async def test_no_table_keeps_what_was_deleted_for_everyone(alice, bob, server):
    enter(server.runtime)
    chat, word = await start_direct(alice, bob), uuid4().hex
    sent = await say_everywhere(alice, bob, chat, word)
    given, scheduled = await schedule(alice, chat, word)
    for message_id in (*sent, scheduled["message"]["id"]):
        await alice.mutate(DELETE, id=message_id, scope="FOR_EVERYONE")
    assert await tables_with(word) == []
    hashes = "SELECT id FROM message WHERE conversation_id = $1 AND deleted_at IS NOT NULL AND content_hash <> ''"
    assert await db.rows(hashes, decode_id("cnv", chat)) == []
    # Its author's devices still hear what became of it, and repeating gives the first result.
    again = (await alice.mutate(SCHEDULE, given))["scheduledMessage"]
    assert (again["id"], again["state"], again["text"]) == (scheduled["id"], "SENT", None)
    assert again["message"]["text"] is None


async def test_no_table_keeps_what_has_disappeared(alice, bob, server):
    enter(server.runtime)
    chat, word = await start_direct(alice, bob), uuid4().hex
    await say_everywhere(alice, bob, chat, word)
    await schedule(alice, chat, word)
    await db.execute(
        "UPDATE message SET expires_at = $1 WHERE conversation_id = $2 AND kind <> 'SYSTEM'",
        datetime.now(UTC) - timedelta(seconds=1), decode_id("cnv", chat),
    )  # fmt: skip
    await sweep_messages()
    assert await tables_with(word) == []


async def test_a_repeat_of_what_was_deleted_gives_the_tombstone(alice, bob):
    chat = await start_direct(alice, bob)
    given = message(chat, "said")
    first = (await alice.mutate(SEND, input=given))["message"]
    ((forwarded),) = await forward(alice, item(first, chat, "fwd"))
    for gone in (forwarded["message"], first):
        await alice.mutate(DELETE, id=gone["id"], scope="FOR_EVERYONE")
    again = (await alice.mutate(SEND, input=given))["message"]
    assert (again["id"], again["seq"], again["text"]) == (first["id"], first["seq"], None)
    ((repeated),) = await forward(alice, item(first, chat, "fwd"))
    assert (repeated["errors"], repeated["message"]["id"]) == ([], forwarded["message"]["id"])


# ── whose words they are, and whom they reach ─────────────────────────────────────────────────────


async def test_nothing_that_somebody_blocked_pins_reaches_the_blocker(alice, bob):
    chat = await start_direct(alice, bob)
    sent = await send(alice, chat, "one")
    pinned = await send(alice, chat, "two")
    await alice.mutate(PIN, id=pinned["id"])
    await alice.mutate(BLOCK, id=bob.id)
    hidden = await send(bob, chat, "three")
    before, cursor = await alice.query(PAGE, id=chat), await alice.cursor()
    for document, target in ((PIN, sent), (UNPIN, pinned), (PIN, hidden)):
        await bob.mutate(document, id=target["id"])  # a refusal would tell of the block
    assert [(await one(bob, m["id"]))["isPinned"] for m in (sent, pinned)] == [True, False]
    assert await alice.query(PAGE, id=chat) == before
    assert [(await one(alice, m["id"]))["isPinned"] for m in (sent, pinned)] == [False, True]
    async with alice.subscribe(EVENTS, after=cursor) as stream:
        assert (await stream.next())["__typename"] == "CursorMoved"


async def test_forwarded_words_stay_those_of_whom_they_were(alice, bob):
    chat = await start_direct(alice, bob)
    ((forwarded),) = await forward(bob, item(await send(alice, chat, "hers"), chat))
    message_id = forwarded["message"]["id"]
    (error,) = await bob.refused(EDIT, id=message_id, text="never said")
    assert error["code"] == "FORBIDDEN"
    shown = await one(bob, message_id)
    assert (shown["text"], shown["viewerCanEdit"], shown["revisions"]) == ("hers", False, [])


async def test_who_an_edit_mentions_in_a_thread_follows_it(alice, bob):
    group = await create_group(alice, bob)
    root = await send(alice, group, "root")
    reply = await send(alice, group, "in it", threadRootId=root["id"])
    mention = {"userId": bob.id, "offset": 0, "length": 4}
    await alice.mutate(EDIT, id=reply["id"], text="@bob", mentions=[mention])
    document = "query($id: ID!) { message(id: $id) { viewerFollowsThread conversation { unreadMentionCount } } }"
    shown = (await bob.query(document, id=reply["id"]))["message"]
    assert shown == {"viewerFollowsThread": True, "conversation": {"unreadMentionCount": 1}}


async def test_an_export_has_files_places_people_and_notices(alice, bob):
    group = await create_group(alice, bob)
    await send_files(alice, group, {"mediaId": await make_media(alice, name="<cat>.png"), "caption": "our cat"})
    await send(alice, group, "here", location={"latitude": 1, "longitude": 2, "label": "home"})
    await send(alice, group, "call her", contactUserId=bob.id)
    gone = await send_files(alice, group, {"mediaId": await make_media(alice, name="secret.png")})
    await alice.mutate(DELETE, id=gone["id"], scope="FOR_EVERYONE")
    written = {}
    for format_ in ExportFormat:
        parts = [part async for part in _write(decode_id("usr", bob.id), decode_id("cnv", group), format_)]
        written[format_] = b"".join(parts).decode()
        assert "secret.png" not in written[format_]
    html = written[ExportFormat.HTML]
    for text in ("[IMAGE] &lt;cat&gt;.png – our cat", "[1.0, 2.0] home", "[CONTACT] Bob", "[CREATED]", "(deleted)"):
        assert text in html
    notice, files, *_ = [orjson.loads(line) for line in written[ExportFormat.NDJSON].splitlines()]
    assert notice["systemNotice"]["kind"] == "CREATED"
    assert files["attachments"] == [
        {"__typename": "Attachment", "kind": "IMAGE", "caption": "our cat", "viewOnce": False,
         "media": {"__typename": "Media", "fileName": "<cat>.png", "mimeType": "application/x-test"}},
    ]  # fmt: skip


async def test_opening_and_deleting_at_once(alice, bob):
    group = await create_group(alice, bob)
    for _ in range(5):
        sent = await send_files(alice, group, {"mediaId": await make_media(alice), "viewOnce": True})
        opened, *_ = await asyncio.gather(
            bob.query(VIEW, id=sent["attachments"][0]["id"]),
            alice.mutate(DELETE, id=sent["id"], scope="FOR_EVERYONE"),
        )
        assert [e["code"] for e in opened["viewAttachment"]["errors"]] in ([], ["NOT_FOUND"])
