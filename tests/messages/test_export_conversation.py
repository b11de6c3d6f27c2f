"""exportConversation: what is in the copy, in both formats, and who may have one."""

from __future__ import annotations

import orjson

from app.worker import Worker
from tests.client import Person
from tests.conversations.documents import ADD, LEAVE, create_group, start_direct, unknown_id
from tests.exports import download, files_of
from tests.messages.documents import send, send_many

_FIELDS = "id state downloadUrl conversation { id }"
EXPORT = f"""mutation Export($input: ExportConversationInput!) {{ exportConversation(input: $input) {{
  errors {{ code field }} export {{ {_FIELDS} }} }} }}"""
EXPORTS = f"{{ viewer {{ dataExports {{ {_FIELDS} }} }} }}"
READY = f"""subscription Ready($after: Cursor) {{ events(after: $after, kinds: [DATA_EXPORT_READY]) {{
  __typename ... on DataExportReady {{ export {{ {_FIELDS} }} }} }} }}"""


async def exported(person: Person, worker: Worker, chat: str, **more: str) -> dict[str, str]:
    """The files of a copy, by their names."""
    export = (await person.mutate(EXPORT, input={"conversationId": chat, **more}))["export"]
    assert (export["state"], export["conversation"]) == ("QUEUED", {"id": chat})
    await worker.drain()
    (ready,) = [e for e in (await person.query(EXPORTS))["viewer"]["dataExports"] if e["id"] == export["id"]]
    return files_of(await download(person.server, ready["downloadUrl"]))


async def test_ndjson_has_what_the_viewer_may_see(alice, bob, carol, worker):
    group = await create_group(alice, bob)
    other = await start_direct(alice, bob)
    await send(alice, other, "elsewhere")
    await send(alice, group, "before carol")
    await alice.mutate(ADD, conversationId=group, userIds=[carol.id])
    await send_many(bob, group, 3)

    mine = [orjson.loads(line) for line in (await exported(alice, worker, group))["messages.ndjson"].splitlines()]
    hers = [orjson.loads(line) for line in (await exported(carol, worker, group))["messages.ndjson"].splitlines()]

    said = [m["text"] for m in mine if m["kind"] == "TEXT"]
    assert said == ["before carol", "1", "2", "3"]
    assert [m["text"] for m in hers if m["kind"] == "TEXT"] == ["1", "2", "3"]
    assert mine[-1]["sender"] == {"__typename": "User", "displayName": "Bob"}


async def test_html_is_whole_and_escaped(alice, bob, worker):
    chat = await start_direct(alice, bob)
    await send(alice, chat, '<script>alert(1)</script> & "so on"\nsecond line')

    (page,) = (await exported(bob, worker, chat, format="HTML")).values()

    assert page.startswith("<!doctype html>")
    assert page.endswith("</html>\n")
    assert "default-src 'none'" in page
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;so on&quot;\nsecond line" in page
    assert "http" not in page.replace("http-equiv", "")


async def test_it_is_told_when_it_is_ready(alice, bob, worker):
    chat = await start_direct(alice, bob)
    after = await bob.cursor()
    export = (await bob.mutate(EXPORT, input={"conversationId": chat}))["export"]
    await worker.drain()
    async with bob.subscribe(READY, after=after) as events:
        ready = (await events.until("DataExportReady"))["export"]
    assert (ready["id"], ready["state"], ready["conversation"]) == (export["id"], "READY", {"id": chat})


async def test_only_members(alice, bob, carol, worker):
    group = await create_group(alice, bob)
    await bob.mutate(LEAVE, conversationId=group)
    for person, chat, code in (
        (carol, group, "NOT_FOUND"), (carol, unknown_id("cnv"), "NOT_FOUND"), (carol, "nonsense", "NOT_FOUND"),
        (bob, group, "NOT_PARTICIPANT"),
    ):  # fmt: skip
        (error,) = await person.refused(EXPORT, input={"conversationId": chat})
        assert (error["code"], error["field"]) == (code, ["input", "conversationId"])
        assert (await person.query(EXPORTS))["viewer"]["dataExports"] == []


async def test_it_does_not_delay_the_copy_of_everything(alice, bob, worker):
    chat = await start_direct(alice, bob)
    await exported(alice, worker, chat)
    document = "mutation { requestDataExport(input: {}) { errors { code } export { conversation { id } } } }"
    assert (await alice.mutate(document))["export"] == {"conversation": None}
    await worker.drain()


async def test_who_leaves_while_it_waits_gets_what_was_theirs(alice, bob, worker):
    group = await create_group(alice, bob)
    await send(alice, group, "seen")
    export = (await bob.mutate(EXPORT, input={"conversationId": group}))["export"]
    await bob.mutate(LEAVE, conversationId=group)
    await send(alice, group, "unseen")
    await worker.drain()

    (ready,) = (await bob.query(EXPORTS))["viewer"]["dataExports"]
    assert (ready["id"], ready["conversation"]) == (export["id"], None)
    text = files_of(await download(bob.server, ready["downloadUrl"]))["messages.ndjson"]
    assert "unseen" not in text
    assert "seen" in text
