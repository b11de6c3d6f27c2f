"""Files in messages: what may be attached, who sees it, the gallery, what is to be seen once.

There are no uploads yet: files are rows that a test writes.
"""

from __future__ import annotations

from uuid import uuid4

import pytest

from app.core import db
from app.core.graphql.ids import decode_id
from app.settings_chat import MessageSettings
from tests.client import Person
from tests.conversations.documents import ADD, LEAVE, create_group, start_direct, unknown_id
from tests.media.files import make_media
from tests.messages.documents import message, send
from tests.statements import statements

_ATTACHMENT = "id kind caption waveform viewOnce viewedAt media { id kind fileName mimeType sizeBytes state }"
SEND = f"""mutation Send($input: SendMessageInput!) {{ sendMessage(input: $input) {{
  errors {{ code field limit }} message {{ id seq kind text attachments {{ {_ATTACHMENT} }} }} }} }}"""
MESSAGE = f"query($id: ID!) {{ message(id: $id) {{ kind text attachments {{ {_ATTACHMENT} }} }} }}"
NODE = "query($id: ID!) { node(id: $id) { id } }"
VIEW = f"""mutation View($id: ID!) {{ viewAttachment(input: {{attachmentId: $id}}) {{
  errors {{ code field }} attachment {{ {_ATTACHMENT} }} }} }}"""
GALLERY = """query($id: ID!, $kinds: [MediaKind!], $first: Int, $after: String) { conversation(id: $id) {
  mediaGallery(kinds: $kinds, first: $first, after: $after) {
    edges { cursor message { seq } } nodes { media { fileName } } pageInfo { hasNextPage endCursor } } } }"""
FORWARD = """mutation Forward($items: [ForwardInput!]!) { forwardMessages(input: {items: $items}) {
  errors { code } results { errors { code } message { id kind attachments { caption kind media { id } } } } } }"""
EVENTS = """subscription Events($after: Cursor) { events(after: $after, kinds: [MESSAGE_RECEIVED]) {
  __typename ... on MessageReceived { message { attachments { media { fileName } } } } } }"""


async def send_files(person: Person, chat: str, *files: dict[str, object], text: str | None = None) -> dict:
    payload = await person.mutate(SEND, input=message(chat, text, attachments=list(files)))
    return payload["message"]


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [(["IMAGE"], "IMAGE"), (["IMAGE", "VIDEO"], "VIDEO"), (["AUDIO"], "AUDIO"), (["FILE"], "FILE"),
     (["IMAGE", "FILE"], "FILE"), (["VIDEO", "VIDEO"], "VIDEO")],
    ids=lambda value: "-".join(value) if isinstance(value, list) else value,
)  # fmt: skip
async def test_files_decide_the_kind(alice, bob, kinds, expected):
    chat = await start_direct(alice, bob)
    files = [{"mediaId": await make_media(alice, kind, f"{n}"), "caption": f" c{n} "} for n, kind in enumerate(kinds)]

    sent = await send_files(alice, chat, *files)

    assert (sent["kind"], sent["text"]) == (expected, None)
    shown = (await bob.query(MESSAGE, id=sent["id"]))["message"]["attachments"]
    assert [(a["media"]["fileName"], a["caption"], a["kind"]) for a in shown] == [
        (f"{n}", f"c{n}", kind) for n, kind in enumerate(kinds)
    ]


async def test_voice_messages_have_a_waveform(alice, bob):
    chat = await start_direct(alice, bob)
    file = {"mediaId": await make_media(alice, "AUDIO"), "asVoice": True, "waveform": [0, 128, 255]}
    (shown,) = (await send_files(alice, chat, file))["attachments"]
    assert (shown["kind"], shown["waveform"], shown["media"]["kind"]) == ("VOICE", [0, 128, 255], "AUDIO")


async def test_what_is_refused_changes_nothing(alice, bob, carol):
    chat = await start_direct(alice, bob)
    image, sound = await make_media(alice), await make_media(alice, "AUDIO")
    most = MessageSettings().attachments_per_message

    async def stored():
        key = decode_id("cnv", chat)
        return [await db.rows(f"SELECT * FROM {t} WHERE conversation_id = $1", key) for t in ("message", "attachment")]

    before = await stored()
    for files, code, *field in (
        ([{"mediaId": await make_media(bob)}], "NOT_FOUND", "0", "mediaId"),
        ([{"mediaId": unknown_id("med")}], "NOT_FOUND", "0", "mediaId"),
        ([{"mediaId": "nonsense"}], "NOT_FOUND", "0", "mediaId"),
        ([{"mediaId": image}, {"mediaId": image}], "INVALID", "1", "mediaId"),
        ([{"mediaId": await make_media(alice, state="PENDING")}], "INVALID", "0", "mediaId"),
        ([{"mediaId": await make_media(alice, state="REJECTED")}], "INVALID", "0", "mediaId"),
        ([{"mediaId": await make_media(alice, purpose="AVATAR")}], "INVALID", "0", "mediaId"),
        ([{"mediaId": image, "asVoice": True}], "INVALID", "0", "asVoice"),
        ([{"mediaId": sound, "viewOnce": True}], "INVALID", "0", "viewOnce"),
        ([{"mediaId": image, "caption": "x" * 1001}], "TOO_LONG", "0", "caption"),
        ([{"mediaId": image, "caption": "a\0b"}], "INVALID", "0", "caption"),
        ([{"mediaId": image, "waveform": [1]}], "INVALID", "0", "waveform"),
        ([{"mediaId": sound, "asVoice": True, "waveform": [256]}], "INVALID", "0", "waveform"),
        ([{"mediaId": sound, "asVoice": True, "waveform": [-1]}], "INVALID", "0", "waveform"),
        ([{"mediaId": sound, "asVoice": True, "waveform": [1] * 257}], "LIMIT_REACHED", "0", "waveform"),
        ([{"mediaId": await make_media(alice)} for _ in range(most + 1)], "LIMIT_REACHED"),
    ):
        (error,) = await alice.refused(SEND, input=message(chat, None, attachments=files))
        assert (error["code"], error["field"]) == (code, ["input", "attachments", *field]), files
    place = {"latitude": 1, "longitude": 2}
    (error,) = await alice.refused(SEND, input=message(chat, None, attachments=[{"mediaId": image}], location=place))
    assert error["code"] == "INVALID"
    assert await stored() == before


async def test_a_repeat_gives_the_first_and_another_file_is_a_conflict(alice, bob):
    chat = await start_direct(alice, bob)
    one, other, key = await make_media(alice), await make_media(alice), uuid4().hex
    first = await alice.mutate(SEND, input=message(chat, None, key=key, attachments=[{"mediaId": one}]))
    again = await alice.mutate(SEND, input=message(chat, None, key=key, attachments=[{"mediaId": one}]))
    assert first["message"] == again["message"]
    (error,) = await alice.refused(SEND, input=message(chat, None, key=key, attachments=[{"mediaId": other}]))
    assert error["code"] == "CONFLICT"


async def test_members_see_it_and_nobody_else(alice, bob, carol):
    group = await create_group(alice, bob)
    media = await make_media(alice)
    (attachment,) = (await send_files(alice, group, {"mediaId": media}))["attachments"]
    for person, sees in ((alice, True), (bob, True), (carol, False)):
        for id_ in (media, attachment["id"]):
            assert ((await person.query(NODE, id=id_))["node"] is not None) is sees, (person.username, id_)
    await bob.mutate(LEAVE, conversationId=group)
    await alice.mutate(ADD, conversationId=group, userIds=[carol.id])
    for person in (bob, carol):  # left; came later
        for id_ in (media, attachment["id"]):
            assert (await person.query(NODE, id=id_))["node"] is None


async def test_live_and_replayed_alike(alice, bob):
    chat = await start_direct(alice, bob)
    after = await bob.cursor()
    async with bob.subscribe(EVENTS, after=after) as live:
        await send_files(alice, chat, {"mediaId": await make_media(alice, name="live.png")})
        seen = await live.until("MessageReceived")
    async with bob.subscribe(EVENTS, after=after) as replayed:
        assert await replayed.until("MessageReceived") == seen
    assert seen["message"]["attachments"] == [{"media": {"fileName": "live.png"}}]


async def test_the_gallery(alice, bob):
    chat = await start_direct(alice, bob)
    for n in range(4):
        await send(alice, chat, "between")
        kind = "IMAGE" if n % 2 else "FILE"
        files = [{"mediaId": await make_media(alice, kind, f"{n}{part}")} for part in "ab"]
        await send_files(alice, chat, *files)
    await send_files(alice, chat, {"mediaId": await make_media(alice, name="once"), "viewOnce": True})

    async def names(**args):
        found = (await bob.query(GALLERY, id=chat, **args))["conversation"]["mediaGallery"]
        return [node["media"]["fileName"] for node in found["nodes"]], found["pageInfo"]

    assert (await names())[0] == ["3b", "3a", "2b", "2a", "1b", "1a", "0b", "0a"]
    assert (await names(kinds=["IMAGE"]))[0] == ["3b", "3a", "1b", "1a"]
    page, info = await names(first=3)
    assert (page, info["hasNextPage"]) == (["3b", "3a", "2b"], True)
    page, info = await names(first=50, after=info["endCursor"])
    assert (page, info["hasNextPage"]) == (["2a", "1b", "1a", "0b", "0a"], False)


async def test_what_is_to_be_seen_once(alice, bob, carol):
    group = await create_group(alice, bob, carol)
    file = {"mediaId": await make_media(alice), "viewOnce": True}
    sent = await send_files(alice, group, file, {"mediaId": await make_media(alice, "VIDEO")})
    once, always = (attachment["id"] for attachment in sent["attachments"])

    opened = (await bob.mutate(VIEW, id=once))["attachment"]
    assert opened["viewedAt"]
    for person, id_, code in (
        (bob, once, "EXPIRED"), (alice, once, "FORBIDDEN"), (bob, always, "INVALID"),
        (bob, unknown_id("att"), "NOT_FOUND"), (bob, "nonsense", "NOT_FOUND"),
    ):  # fmt: skip
        (error,) = await person.refused(VIEW, id=id_)
        assert (error["code"], error["field"]) == (code, ["input", "attachmentId"])
    shown = (await carol.query(MESSAGE, id=sent["id"]))["message"]["attachments"]
    assert [a["viewedAt"] for a in shown] == [None, None]
    items = [{"messageId": sent["id"], "conversationId": group, "clientMessageId": uuid4().hex}]
    (result,) = (await bob.mutate(FORWARD, items=items))["results"]
    assert [error["code"] for error in result["errors"]] == ["FORBIDDEN"]


async def test_files_are_forwarded_with_their_message(alice, bob, carol):
    first, second = await start_direct(alice, bob), await start_direct(bob, carol)
    media = await make_media(alice)
    sent = await send_files(alice, first, {"mediaId": media, "caption": "look"})
    items = [{"messageId": sent["id"], "conversationId": second, "clientMessageId": uuid4().hex}]
    (result,) = (await bob.mutate(FORWARD, items=items))["results"]
    assert result["message"]["kind"] == "IMAGE"
    assert result["message"]["attachments"] == [{"caption": "look", "kind": "IMAGE", "media": {"id": media}}]
    assert (await carol.query(NODE, id=media))["node"] == {"id": media}


@pytest.fixture(scope="module")
def counts(engine):
    return []


@pytest.mark.parametrize("count", [1, 50])
async def test_pages_take_as_many_statements_for_1_and_for_50(alice, bob, count, counts):
    chat = await start_direct(alice, bob)
    for n in range(count):
        await send_files(alice, chat, {"mediaId": await make_media(alice, name=str(n))})
    document = """query($id: ID!) { conversation(id: $id) {
      messages(last: 50) { nodes { attachments { viewedAt media { fileName } } } }
      mediaGallery { nodes { media { fileName } } edges { message { seq } } } } }"""
    await bob.query(document, id=chat)
    async with statements() as ran:
        found = (await bob.query(document, id=chat))["conversation"]
    assert len(found["messages"]["nodes"]) == len(found["mediaGallery"]["nodes"]) == count
    counts.append(len(ran))
    assert len(set(counts)) == 1, ran


async def test_deleting_for_everyone_takes_the_files_too(alice, bob):
    chat = await start_direct(alice, bob)
    media = await make_media(alice)
    sent = await send_files(alice, chat, {"mediaId": media, "caption": "private"})
    await alice.mutate(
        "mutation($id: ID!) { deleteMessage(input: {messageId: $id, scope: FOR_EVERYONE}) { errors { code } } }",
        id=sent["id"],
    )
    assert (await bob.query(MESSAGE, id=sent["id"]))["message"]["attachments"] == []
    assert (await bob.query(NODE, id=media))["node"] is None
    assert (await bob.query(GALLERY, id=chat))["conversation"]["mediaGallery"]["nodes"] == []
    assert not await db.rows("SELECT id FROM attachment WHERE conversation_id = $1", decode_id("cnv", chat))
