"""requestDataExport: what is in the copy and what is not, who may have it and for how long, once a week."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import httpx2
import orjson

from app.accounts.export_links import ExportLinks
from app.accounts.exports import WriteExport, expire_exports, export_path, write_export
from app.core import db
from app.core.clock import now
from app.core.graphql.ids import decode_id
from tests.accounts.support import count, user_uuid
from tests.accounts.test_delete_account import erase
from tests.conversations.documents import REMOVE, create_group, start_direct
from tests.exports import download, files_of
from tests.messages.documents import send

_EXPORT = "id state createdAt expiresAt downloadUrl sizeBytes conversation { id }"
REQUEST = f"""mutation Request($input: RequestDataExportInput!) {{ requestDataExport(input: $input) {{
  errors {{ code retryAfter }} export {{ {_EXPORT} }} }} }}"""
EXPORTS = f"{{ viewer {{ dataExports {{ {_EXPORT} }} }} }}"
READY = f"""subscription Ready($after: Cursor) {{ events(after: $after, kinds: [DATA_EXPORT_READY]) {{
  __typename ... on DataExportReady {{ export {{ {_EXPORT} }} }} }} }}"""
NODE = "query($id: ID!) { node(id: $id) { id ... on DataExport { downloadUrl } } }"


async def exported(person, worker) -> dict:
    await person.mutate(REQUEST, input={})
    await worker.drain()
    return (await person.query(EXPORTS))["viewer"]["dataExports"][0]


def records_of(response: httpx2.Response) -> dict[str, list[dict]]:
    return {
        name.removesuffix(".ndjson"): [orjson.loads(line) for line in text.splitlines()]
        for name, text in files_of(response).items()
    }


async def test_it_is_told_when_it_is_ready(server, alice, worker):
    after = await alice.cursor()
    queued = (await alice.mutate(REQUEST, input={"includeMedia": True}))["export"]
    assert (queued["state"], queued["downloadUrl"], queued["sizeBytes"], queued["expiresAt"]) == (
        "QUEUED", None, None, None,
    )  # fmt: skip

    await worker.drain()

    async with alice.subscribe(READY, after=after) as events:
        ready = (await events.until("DataExportReady"))["export"]
    assert (ready["id"], ready["state"], ready["conversation"]) == (queued["id"], "READY", None)
    assert timedelta(hours=23) < datetime.fromisoformat(ready["expiresAt"]) - now() < timedelta(hours=24)
    assert (await alice.query(EXPORTS))["viewer"]["dataExports"] == [ready]
    response = await download(server, ready["downloadUrl"])
    assert (response.status_code, len(response.content)) == (200, int(ready["sizeBytes"]))
    assert response.headers["content-type"] == "application/zip"
    assert response.headers["content-disposition"].startswith("attachment")
    assert "no-store" in response.headers["cache-control"]
    assert response.headers["x-content-type-options"] == "nosniff"


async def test_what_is_in_it(server, alice, bob, carol, worker):
    direct, group_id = await start_direct(alice, bob), await create_group(bob, alice, carol, title="Old")
    await send(alice, direct, "mine")
    await send(bob, direct, "his")
    await send(bob, group_id, "before")
    await bob.mutate(REMOVE, conversationId=group_id, userId=alice.id)
    await send(bob, group_id, "after she was removed")
    foreign = await create_group(bob, carol, title="Foreign")
    await send(bob, foreign, "not hers")

    response = await download(server, (await exported(alice, worker))["downloadUrl"])
    files = records_of(response)

    assert set(files) >= {"viewer", "devices", "sessions", "contacts", "blockedUsers", "conversations", "messages"}
    (viewer,) = files["viewer"]
    assert (viewer["id"], viewer["email"], viewer["user"]["username"]) == (alice.viewer_id, alice.email, alice.username)
    assert viewer["privacy"]["whoCanMessage"] == "EVERYONE"
    assert (viewer["hasPassword"], viewer["twoFactorEnabled"], viewer["linkedProviders"]) == (True, False, [])
    assert {"DATA_EXPORT_REQUESTED", "SIGNED_IN"} <= {entry["action"] for entry in files["auditLog"]}
    assert [c["title"] for c in files["conversations"]] == ["Bob", "Old"]
    texts = sorted((m["text"], m["isOwn"], m["sender"]["displayName"]) for m in files["messages"] if m["text"])
    assert texts == [("before", False, "Bob"), ("his", False, "Bob"), ("mine", True, "Alice")]
    text = orjson.dumps(files).decode()
    for private in (bob.email, bob.username, bob.id, "not hers", "after she", "password", "hash"):
        assert private not in text.replace("hasPassword", "")


async def test_messages_with_all_they_hold(server, alice, bob, worker):
    chat = await start_direct(alice, bob)
    root = await send(bob, chat, "root")
    mention = {"userId": bob.id, "offset": 0, "length": 3}
    await send(alice, chat, "bob", threadRootId=root["id"], mentions=[mention], contactUserId=bob.id)
    await send(alice, chat, "here", location={"latitude": 1, "longitude": 2}, mentionsEveryone=True)
    waits = await alice.mutate(
        "mutation S($m: SendMessageInput!, $at: DateTime!) { scheduleMessage(input: {message: $m, sendAt: $at}) {"
        " errors { code } scheduledMessage { id } } }",
        m={"conversationId": chat, "clientMessageId": "later", "text": "later"},
        at=(now() + timedelta(hours=1)).isoformat(),
    )

    files = records_of(await download(server, (await exported(alice, worker))["downloadUrl"]))

    _, card, place = files["messages"]
    assert card["sharedContact"] == {"__typename": "User", "displayName": "Bob"}
    assert card["mentions"] == [{"user": card["sharedContact"], "offset": 0, "length": 3}]
    assert card["threadRoot"] == {"id": root["id"]}
    assert place["location"] == {"latitude": 1, "longitude": 2, "label": None}
    assert place["mentionsEveryone"] is True
    (scheduled,) = files["scheduledMessages"]
    assert (scheduled["id"], scheduled["text"]) == (waits["scheduledMessage"]["id"], "later")
    assert bob.id not in orjson.dumps(files).decode()


async def test_once_a_week(alice, worker):
    await exported(alice, worker)
    before = await count("data_export", "user_id", user_uuid(alice)), await count("job", "name", "accounts.export")

    (error,) = await alice.refused(REQUEST, input={})

    assert error["code"] == "COOLDOWN"
    assert 6 * 86400 < error["retryAfter"] <= 7 * 86400
    assert (
        await count("data_export", "user_id", user_uuid(alice)), await count("job", "name", "accounts.export"),
    ) == before  # fmt: skip
    sql = "UPDATE data_export SET created_at = $1 WHERE user_id = $2"
    await db.execute(sql, now() - timedelta(days=7), user_uuid(alice))
    await alice.mutate(REQUEST, input={})
    await worker.drain()


async def test_of_many_at_once_one_is_made(alice, worker):
    payloads = await asyncio.gather(*(alice.query(REQUEST, input={}) for _ in range(4)))
    codes = [[e["code"] for e in p["requestDataExport"]["errors"]] for p in payloads]
    assert sorted(codes) == [[], ["COOLDOWN"], ["COOLDOWN"], ["COOLDOWN"]]
    await worker.drain()


async def test_nobody_else_sees_it(server, alice, bob, worker):
    export = await exported(alice, worker)
    assert (await alice.query(NODE, id=export["id"]))["node"]["downloadUrl"]
    assert (await bob.query(NODE, id=export["id"]))["node"] is None
    assert (await bob.query(EXPORTS))["viewer"]["dataExports"] == []


async def test_a_link_is_for_one_file_and_one_day(server, alice, bob, worker):
    export = await exported(alice, worker)
    token = export["downloadUrl"].rpartition("/")[2]
    other = (await exported(bob, worker))["downloadUrl"].rpartition("/")[2]
    mixed = other[:22] + token[22:]
    for wrong in ("x", token[:-4] + "AAAA", token + "A" * 4, "..%2f..%2fsecret", mixed, "%00", "é"):
        response = await download(server, wrong)
        assert (response.status_code, b"zip" in response.content) == (404, False), wrong

    row_id = decode_id("exp", export["id"])
    await db.execute("UPDATE data_export SET expires_at = $1 WHERE id = $2", now() - timedelta(seconds=1), row_id)
    shown = (await alice.query(EXPORTS))["viewer"]["dataExports"][0]
    assert (shown["state"], shown["downloadUrl"]) == ("EXPIRED", None)
    assert (await download(server, token)).status_code == 404
    assert export_path(row_id).exists()
    await expire_exports()
    assert not export_path(row_id).exists()
    found = await db.row("SELECT state FROM data_export WHERE id = $1", row_id)
    assert found["state"] == "EXPIRED"


async def test_a_signed_link_ends_by_itself(server, alice, worker):
    links = server.runtime.part(ExportLinks)
    export = await exported(alice, worker)
    old = links._token(decode_id("exp", export["id"]), now() - timedelta(seconds=1))
    assert links.read(old) is None
    assert (await download(server, old)).status_code == 404


async def test_files_are_private(alice, worker):
    path = export_path(decode_id("exp", (await exported(alice, worker))["id"]))
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


async def test_killed_in_the_middle_it_is_written_anew(server, alice, bob, worker):
    direct = await start_direct(alice, bob)
    await send(alice, direct, "kept")
    export_id = (await alice.mutate(REQUEST, input={}))["export"]["id"]
    work, seconds = WriteExport(str(decode_id("exp", export_id))), 0.001
    while True:
        task = asyncio.create_task(write_export(work))
        done, _ = await asyncio.wait([task], timeout=seconds)
        if done:
            await task
            break
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        seconds *= 1.5
    before = await count("event", "stream_id", user_uuid(alice))
    await worker.drain()  # the job itself, now for nothing

    assert await count("event", "stream_id", user_uuid(alice)) == before
    shown = (await alice.query(EXPORTS))["viewer"]["dataExports"][0]
    assert [m["text"] for m in records_of(await download(server, shown["downloadUrl"]))["messages"]] == ["kept"]
    assert not list(export_path(decode_id("exp", export_id)).parent.glob("*.part"))


async def test_what_could_not_be_written_fails_and_can_be_asked_again(alice, worker):
    export_id = decode_id("exp", (await alice.mutate(REQUEST, input={}))["export"]["id"])
    await db.execute("UPDATE data_export SET created_at = $1 WHERE id = $2", now() - timedelta(days=2), export_id)
    await expire_exports()
    assert (await alice.query(EXPORTS))["viewer"]["dataExports"][0]["state"] == "FAILED"
    await worker.drain()
    assert not export_path(export_id).exists()
    await alice.mutate(REQUEST, input={})
    await worker.drain()


async def test_it_goes_with_the_account(server, alice, worker):
    export = await exported(alice, worker)
    path = export_path(decode_id("exp", export["id"]))
    assert path.exists()
    await erase(alice, worker)
    assert not path.exists()
    assert (await download(server, export["downloadUrl"])).status_code == 404
    assert await count("data_export", "user_id", user_uuid(alice)) == 0
