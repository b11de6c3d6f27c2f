"""scheduleMessage: sent at its time by a worker, once; canceled before; shown with its errors when it can't be."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from app.core import db, job_store
from app.core.graphql.ids import decode_id, encode_id
from app.core.jobs import KINDS
from app.core.runtime import current, enter
from app.messages.scheduling import SendScheduled, find_due, forget_done, send_scheduled
from app.worker import Worker
from tests.conversations.documents import LEAVE, create_group, start_direct
from tests.messages.documents import PAGE, SEND, message, send
from tests.messages.people import state_of
from tests.messages.test_content import HOLDS
from tests.messages.test_plain_sends import MEMBERS, WAITING, held
from tests.messages.test_send_permission import let
from tests.running import Server
from tests.statements import statements

FIELDS = "id text sendAt state message { id seq text } errors { code message } conversation { id }"
SCHEDULE = f"""
mutation Schedule($message: SendMessageInput!, $sendAt: DateTime!) {{
  scheduleMessage(input: {{message: $message, sendAt: $sendAt}}) {{
    errors {{ code field limit }} scheduledMessage {{ {FIELDS} }}
  }}
}}
"""
CANCEL = f"""
mutation Cancel($id: ID!) {{
  cancelScheduledMessage(input: {{scheduledMessageId: $id}}) {{
    errors {{ code field }} scheduledMessage {{ {FIELDS} }}
  }}
}}
"""
LIST = f"""
query List($id: ID, $first: Int, $after: String) {{
  viewer {{ scheduledMessages(conversationId: $id, first: $first, after: $after) {{
    nodes {{ {FIELDS} }} pageInfo {{ hasNextPage endCursor }}
  }} }}
}}
"""
NODE = f"query Node($id: ID!) {{ node(id: $id) {{ ... on ScheduledMessage {{ {FIELDS} }} }} }}"
EVENTS = f"""
subscription Events($after: Cursor) {{
  events(after: $after, kinds: [SCHEDULED_MESSAGE_CHANGED]) {{
    __typename ... on ScheduledMessageChanged {{ scheduledMessage {{ {FIELDS} }} }}
  }}
}}
"""
JOB = "messages.sendScheduled"


@pytest.fixture(autouse=True)
def _as_in_the_server(server: Server) -> None:
    """Jobs run here as in its process, whatever runtime an earlier test entered."""
    enter(server.runtime)


def later(**more: float) -> str:
    return (datetime.now(UTC) + timedelta(**(more or {"hours": 1}))).isoformat()


async def schedule(person, chat: str, text: str | None = "later", **more: Any) -> dict[str, Any]:
    payload = await person.mutate(SCHEDULE, message=message(chat, text, **more), sendAt=later())
    return payload["scheduledMessage"]


async def work() -> int:
    """Lets a worker do what is due; how many messages it looked at."""
    return (await Worker(current(), [KINDS[JOB]]).drain()).get(JOB, 0)


async def work_at_its_time() -> None:
    await job_store.hurry([JOB])
    assert await work()


async def listed(person, chat: str | None = None) -> list[dict[str, Any]]:
    return (await person.query(LIST, id=chat))["viewer"]["scheduledMessages"]["nodes"]


async def texts(person, chat: str) -> list[str]:
    nodes = (await person.query(PAGE, id=chat))["conversation"]["messages"]["nodes"]
    return [n["text"] for n in nodes if n["text"]]  # notices have none


async def test_it_is_sent_at_its_time(alice, bob):
    chat = await start_direct(alice, bob)
    await send(bob, chat, "now")
    cursor = await alice.cursor()
    waiting = await schedule(alice, chat, key="k")

    assert (waiting["text"], waiting["state"], waiting["message"], waiting["errors"]) == ("later", "PENDING", None, [])
    assert waiting["conversation"] == {"id": chat}
    assert await listed(alice) == await listed(alice, chat) == [waiting]
    (job,) = await db.rows("SELECT run_at FROM job WHERE unique_key = $1", f"{JOB}:{decode_id('sch', waiting['id'])}")
    assert abs(job["run_at"] - datetime.fromisoformat(waiting["sendAt"])) < timedelta(seconds=1)
    await work()
    assert await texts(bob, chat) == ["now"]

    await work_at_its_time()

    nodes = (await bob.query(PAGE, id=chat))["conversation"]["messages"]["nodes"]
    assert [(n["text"], n["sender"]["id"]) for n in nodes] == [("now", bob.id), ("later", alice.id)]
    sent = {**waiting, "state": "SENT", "message": {"id": nodes[1]["id"], "seq": 2, "text": "later"}}
    assert (await alice.query(NODE, id=waiting["id"]))["node"] == sent
    assert await listed(alice) == []
    async with alice.subscribe(EVENTS, after=cursor) as stream:  # both tell what is now
        assert [(await stream.next())["scheduledMessage"] for _ in range(2)] == [sent, sent]
    # A device that sends it too, under its id, gets that message.
    repeat = await alice.mutate(SEND, input=message(chat, "later", key="k"))
    assert repeat["message"]["id"] == nodes[1]["id"]


async def test_it_is_sent_once_however_many_try(alice, bob):
    chat = await start_direct(alice, bob)
    waiting = await schedule(alice, chat)
    job = SendScheduled(str(decode_id("sch", waiting["id"])))

    await asyncio.gather(*(send_scheduled(job) for _ in range(4)))
    await send_scheduled(job)

    assert await texts(bob, chat) == ["later"]


async def test_it_waits_for_who_holds_the_membership(alice, bob):
    if not db.is_postgres():
        pytest.skip("SQLite has one writer")
    chat = await start_direct(alice, bob)
    waiting = await schedule(alice, chat)

    async with held(decode_id("cnv", chat), sql=MEMBERS):
        sending = asyncio.create_task(send_scheduled(SendScheduled(str(decode_id("sch", waiting["id"])))))
        while not sending.done() and not await db.rows(WAITING, "%FROM member%"):
            await asyncio.sleep(0)
    await sending

    assert await texts(bob, chat) == ["later"]


async def test_two_workers_send_each_once(alice, bob):
    chat = await start_direct(alice, bob)
    wanted = [str(n) for n in range(8)]
    for text in wanted:
        await schedule(alice, chat, text)
    await job_store.hurry([JOB])

    await asyncio.gather(*(Worker(current(), [KINDS[JOB]]).drain() for _ in range(2)))
    await work()

    assert sorted(await texts(bob, chat)) == wanted
    assert await listed(alice) == []


async def test_canceled_is_never_sent(alice, bob):
    chat = await start_direct(alice, bob)
    waiting = await schedule(alice, chat)
    cursor = await alice.cursor()

    for _ in range(2):
        payload = await alice.mutate(CANCEL, id=waiting["id"])
        assert payload["scheduledMessage"] == {**waiting, "state": "CANCELED"}
    await job_store.hurry([JOB])
    await work()

    assert await texts(bob, chat) == []
    assert await listed(alice) == []
    other = await schedule(alice, chat, "another")
    async with alice.subscribe(EVENTS, after=cursor) as stream:
        assert [(await stream.next())["scheduledMessage"]["id"] for _ in range(2)] == [waiting["id"], other["id"]]


async def test_cancelling_comes_before_or_after_sending(alice, bob):
    chat = await start_direct(alice, bob)
    sent = 0
    for n in range(6):
        waiting = await schedule(alice, chat, str(n))
        job = SendScheduled(str(decode_id("sch", waiting["id"])))
        answer, _ = await asyncio.gather(alice.query(CANCEL, id=waiting["id"]), send_scheduled(job))
        errors = [e["code"] for e in answer["cancelScheduledMessage"]["errors"]]
        state = (await alice.query(NODE, id=waiting["id"]))["node"]["state"]
        assert (errors, state) in ((["CONFLICT"], "SENT"), ([], "CANCELED"))
        sent += state == "SENT"

    assert len(await texts(bob, chat)) == sent


async def test_only_ones_own_can_be_seen_and_canceled(alice, bob):
    chat = await start_direct(alice, bob)
    waiting = await schedule(alice, chat)

    for who, id_ in ((bob, waiting["id"]), (alice, "sch_nonsense"), (alice, encode_id("sch", UUID(int=7)))):
        (error,) = await who.refused(CANCEL, id=id_)
        assert (error["code"], error["field"]) == ("NOT_FOUND", ["input", "scheduledMessageId"])
    assert (await bob.query(NODE, id=waiting["id"]))["node"] is None
    assert await listed(bob) == []
    assert await listed(alice) == [waiting]


async def test_what_refuses_it_is_shown(alice, bob):
    group = await create_group(alice, bob)
    waiting = await schedule(bob, group)
    cursor = await bob.cursor()
    await bob.mutate(LEAVE, conversationId=group)

    await work_at_its_time()

    failed = (await bob.query(NODE, id=waiting["id"]))["node"]
    assert (failed["state"], failed["message"]) == ("FAILED", None)
    assert [e["code"] for e in failed["errors"]] == ["NOT_PARTICIPANT"]
    assert await listed(bob) == [failed]
    async with bob.subscribe(EVENTS, after=cursor) as stream:
        assert (await stream.next())["scheduledMessage"] == failed
    assert (await bob.mutate(CANCEL, id=waiting["id"]))["scheduledMessage"]["state"] == "CANCELED"
    assert await listed(bob) == []


async def test_sent_by_hand_before_its_time(alice, bob):
    chat = await start_direct(alice, bob)
    same, other = await schedule(alice, chat, "same", key="1"), await schedule(alice, chat, "other", key="2")
    by_hand = await send(alice, chat, "same", key="1")
    await send(alice, chat, "another", key="2")

    await work_at_its_time()

    assert (await alice.query(NODE, id=same["id"]))["node"]["message"]["id"] == by_hand["id"]
    failed = (await alice.query(NODE, id=other["id"]))["node"]
    assert [e["code"] for e in failed["errors"]] == ["CONFLICT"]
    assert await texts(bob, chat) == ["same", "another"]


async def test_all_that_it_holds_is_kept(alice, bob):
    group = await create_group(alice, bob)
    root = await send(alice, group, "root")
    await schedule(
        alice, group, "hi bob", threadRootId=root["id"], replyToId=root["id"], mentionsEveryone=True, silent=True,
        mentions=[{"userId": bob.id, "offset": 3, "length": 3}], location={"latitude": 1.5, "longitude": 2},
    )  # fmt: skip

    await work_at_its_time()

    document = f"""query Last($id: ID!) {{ conversation(id: $id) {{ lastMessage {{
        {HOLDS} threadRoot {{ id }} replyTo {{ id }} }} }} }}"""
    assert (await bob.query(document, id=group))["conversation"]["lastMessage"] == {
        "seq": root["seq"] + 1, "kind": "LOCATION", "text": "hi bob", "mentionsEveryone": True, "expiresAt": None,
        "mentions": [{"user": {"id": bob.id}, "offset": 3, "length": 3}],
        "location": {"latitude": 1.5, "longitude": 2, "label": None}, "sharedContact": None,
        "threadRoot": {"id": root["id"]}, "replyTo": {"id": root["id"]},
    }  # fmt: skip
    (row,) = await db.rows("SELECT silent FROM message WHERE thread_root_id = $1", decode_id("msg", root["id"]))
    assert row["silent"]


async def test_a_repeat_gives_the_first(alice, bob):
    chat = await start_direct(alice, bob)
    first, at = message(chat, "later", key="k"), later()
    waiting = (await alice.mutate(SCHEDULE, message=first, sendAt=at))["scheduledMessage"]

    assert (await alice.mutate(SCHEDULE, message=first, sendAt=at))["scheduledMessage"] == waiting
    for other, when in (({**first, "text": "other"}, at), (first, later(hours=2)), ({**first, "silent": True}, at)):
        (error,) = await alice.refused(SCHEDULE, message=other, sendAt=when)
        assert (error["code"], error["field"]) == ("CONFLICT", ["input", "message", "clientMessageId"])
    assert await listed(alice) == [waiting]


@pytest.mark.parametrize(
    ("changed", "at", "code", "field"),
    [
        ({}, {"seconds": -5}, "INVALID", ["sendAt"]),
        ({}, {"days": 31}, "INVALID", ["sendAt"]),
        ({"text": " "}, {}, "CONTENT_EMPTY", ["message", "text"]),
        ({"clientMessageId": ""}, {}, "INVALID", ["message", "clientMessageId"]),
        ({"conversationId": "cnv_nonsense"}, {}, "NOT_FOUND", ["message", "conversationId"]),
        ({"conversationId": encode_id("cnv", UUID(int=7))}, {}, "NOT_FOUND", ["message", "conversationId"]),
        ({"replyToId": encode_id("msg", UUID(int=7))}, {}, "NOT_FOUND", ["message", "replyToId"]),
        ({"contactUserId": encode_id("usr", UUID(int=7))}, {}, "NOT_FOUND", ["message", "contactUserId"]),
    ],
)
async def test_what_could_not_be_sent_is_not_scheduled(alice, bob, changed, at, code, field):
    chat = await start_direct(alice, bob)
    before = await state_of(decode_id("cnv", chat))

    (error,) = await alice.refused(SCHEDULE, message={**message(chat), **changed}, sendAt=later(**at))

    assert (error["code"], error["field"]) == (code, ["input", *field])
    assert await listed(alice) == []
    assert await state_of(decode_id("cnv", chat)) == before


async def test_an_id_already_sent_is_a_conflict(alice, bob):
    chat = await start_direct(alice, bob)
    await send(alice, chat, "sent", key="k")

    (error,) = await alice.refused(SCHEDULE, message=message(chat, "sent", key="k"), sendAt=later())

    assert (error["code"], error["field"]) == ("CONFLICT", ["input", "message", "clientMessageId"])


async def test_only_so_many_wait(alice, bob, server):
    chat = await start_direct(alice, bob)
    settings = server.runtime.settings.messages
    before, settings.scheduled_pending = settings.scheduled_pending, 2
    try:
        await schedule(alice, chat)
        gone = await schedule(alice, chat)
        (error,) = await alice.refused(SCHEDULE, message=message(chat), sendAt=later())
        assert (error["code"], error["limit"]) == ("LIMIT_REACHED", 2)
        await alice.mutate(CANCEL, id=gone["id"])
        await schedule(alice, chat)
    finally:
        settings.scheduled_pending = before


async def test_pages_by_time(alice, bob):
    chat = await start_direct(alice, bob)
    for hours in (3, 1, 2):
        await alice.mutate(SCHEDULE, message=message(chat, str(hours)), sendAt=later(hours=hours))

    seen, after = [], None
    for more in (True, False):
        page = (await alice.query(LIST, first=2, after=after))["viewer"]["scheduledMessages"]
        seen += [n["text"] for n in page["nodes"]]
        assert page["pageInfo"]["hasNextPage"] is more
        after = page["pageInfo"]["endCursor"]
    assert seen == ["1", "2", "3"]
    assert await listed(alice, "cnv_nonsense") == []


async def test_a_page_costs_as_much_as_one(alice, bob, carol):
    chats = [await start_direct(alice, bob), await start_direct(alice, carol), await create_group(alice, bob)]
    for n in range(12):
        await schedule(alice, chats[n % 3])

    counts = []
    for first in (1, 12):
        async with statements() as found:
            await alice.query(LIST, first=first)
        counts.append(len(found))

    assert counts[0] == counts[1]


async def due(waiting: dict[str, Any]) -> None:
    """Its time has come."""
    past = datetime.now(UTC) - timedelta(seconds=1)
    await db.execute("UPDATE scheduled_message SET send_at = $1 WHERE id = $2", past, decode_id("sch", waiting["id"]))


async def test_slow_mode_holds_it_back_until_a_sweep(alice, bob):
    group = await create_group(alice, bob)
    conversation_id = await let(group, slow_mode_seconds=60)
    await send(bob, group, "just now")
    waiting = await schedule(bob, group)
    await due(waiting)

    await work_at_its_time()
    assert await listed(bob) != []
    await db.execute("UPDATE member SET sent_at = NULL WHERE conversation_id = $1", conversation_id)
    assert await find_due() >= 1
    await work()

    assert await texts(alice, group) == ["just now", "later"]


async def test_a_lost_job_is_found_again(alice, bob):
    chat = await start_direct(alice, bob)
    waiting = await schedule(alice, chat)
    assert await find_due() == 0
    await due(waiting)
    assert await find_due() == 0  # its job still waits
    await db.execute("DELETE FROM job WHERE name = $1", JOB)

    assert await find_due() == 1
    await work()

    assert await texts(bob, chat) == ["later"]


async def test_what_is_done_is_forgotten_in_time(alice, bob):
    chat = await start_direct(alice, bob)
    waiting, canceled = await schedule(alice, chat), await schedule(alice, chat)
    await alice.mutate(CANCEL, id=canceled["id"])
    await forget_done()
    assert (await alice.query(NODE, id=canceled["id"]))["node"]
    long_ago = datetime.now(UTC) - timedelta(days=31)
    await db.execute("UPDATE scheduled_message SET updated_at = $1", long_ago)

    await forget_done()

    assert (await alice.query(NODE, id=canceled["id"]))["node"] is None
    assert (await alice.query(NODE, id=waiting["id"]))["node"] == waiting
