"""forwardMessages: content goes on, with its origin."""

from __future__ import annotations

from uuid import UUID

from app.core import db
from app.core.graphql.ids import decode_id, encode_id
from tests.conversations.documents import create_group, start_direct
from tests.messages.documents import message, send
from tests.messages.people import state_of
from tests.messages.test_content import HOLDS, SEND_MORE

FORWARD = f"""
mutation Forward($items: [ForwardInput!]!) {{
  forwardMessages(input: {{items: $items}}) {{
    errors {{ code field limit }}
    results {{
      errors {{ code field }} clientMessageId
      message {{ id sender {{ id }} {HOLDS} forwarded {{ isManyTimes originalSender {{ id }} }} replyTo {{ id }} }}
    }}
  }}
}}
"""
LAST = "query Last($id: ID!) { conversation(id: $id) { lastMessage { forwarded { originalSender { id } } } } }"


def item(source: dict[str, str] | str, to: str, key: str = "k") -> dict[str, str]:
    id_ = source if isinstance(source, str) else source["id"]
    return {"messageId": id_, "conversationId": to, "clientMessageId": key}


async def forward(person, *items):
    return (await person.mutate(FORWARD, items=list(items)))["results"]


async def test_content_goes_on_without_what_belongs_to_its_conversation(alice, bob, carol):
    group, chat = await create_group(alice, bob), await start_direct(alice, carol)
    first = await send(bob, group, "first")
    source = await send(
        bob, group, "look, alice", replyToId=first["id"], mentions=[{"userId": alice.id, "offset": 6, "length": 5}],
        location={"latitude": 1, "longitude": 2, "label": "There"},
    )  # fmt: skip

    (result,) = await forward(alice, item(source, chat))

    assert result["errors"] == []
    assert result["clientMessageId"] == "k"
    assert result["message"].pop("id") != source["id"]
    assert result["message"] == {
        "seq": 1, "kind": "LOCATION", "text": "look, alice", "mentionsEveryone": False, "expiresAt": None,
        "mentions": [], "location": {"latitude": 1, "longitude": 2, "label": "There"}, "sharedContact": None,
        "sender": {"id": alice.id}, "forwarded": {"isManyTimes": False, "originalSender": {"id": bob.id}},
        "replyTo": None,
    }  # fmt: skip
    # Carol is not in the group: whose it was is not hers to know.
    seen = (await carol.query(LAST, id=chat))["conversation"]["lastMessage"]
    assert seen == {"forwarded": {"originalSender": None}}


async def test_the_origin_stays_and_hops_count(alice, bob):
    chat = await start_direct(alice, bob)
    source = (await alice.mutate(SEND_MORE, input=message(chat, None, contactUserId=bob.id)))["message"]

    marks = []
    for n in range(6):
        ((result),) = await forward(bob, item(source, chat, str(n)))
        source = result["message"]
        assert source["sharedContact"] == {"id": bob.id}
        assert source["forwarded"]["originalSender"] == {"id": alice.id}
        marks.append(source["forwarded"]["isManyTimes"])

    assert marks == [False] * 4 + [True] * 2


async def test_each_item_has_its_own_result(alice, bob, carol):
    group, chat = await create_group(alice, bob), await start_direct(alice, carol)
    seen, hers = await send(alice, group, "seen"), await send(carol, await start_direct(carol, bob), "hers")
    deleted, gone, notice = [await send(alice, group, text) for text in ("deleted", "gone", "notice")]
    at = await db.now()
    await db.execute(
        "UPDATE message SET deleted_at = $1, text = NULL WHERE id = $2", at, decode_id("msg", deleted["id"])
    )
    await db.execute("UPDATE message SET expires_at = $1 WHERE id = $2", at, decode_id("msg", gone["id"]))
    await db.execute("UPDATE message SET kind = 'SYSTEM' WHERE id = $1", decode_id("msg", notice["id"]))
    closed = await create_group(bob, carol)

    results = await forward(
        alice, item(seen, chat, "1"), item(hers, chat, "2"), item(deleted, chat, "3"), item(notice, chat, "4"),
        item("msg_nonsense", chat, "5"), item(seen, closed, "6"), item(seen, "cnv_nonsense", "7"),
        item(encode_id("msg", UUID(int=7)), chat, "8"), item(seen, chat, "9"), item(seen, chat, ""),
    )  # fmt: skip

    assert [r["message"] and r["message"]["seq"] for r in results] == [1] + [None] * 7 + [2, None]
    assert [[(e["code"], e["field"][1:]) for e in r["errors"]] for r in results] == [
        [], [("NOT_FOUND", ["items", "1", "messageId"])], [("NOT_FOUND", ["items", "2", "messageId"])],
        [("FORBIDDEN", ["items", "3", "messageId"])], [("NOT_FOUND", ["items", "4", "messageId"])],
        [("NOT_FOUND", ["items", "5", "conversationId"])], [("NOT_FOUND", ["items", "6", "conversationId"])],
        [("NOT_FOUND", ["items", "7", "messageId"])], [], [("INVALID", ["items", "9", "clientMessageId"])],
    ]  # fmt: skip


async def test_a_repeat_changes_nothing_whatever_became_of_the_source(alice, bob):
    chat, group = await start_direct(alice, bob), await create_group(alice, bob)
    source, other = await send(bob, chat, "before"), await send(bob, chat, "other")
    (first,) = await forward(alice, item(source, group))
    before = await state_of(decode_id("cnv", group))

    source_id = decode_id("msg", source["id"])
    await db.execute("UPDATE message SET text = 'after' WHERE id = $1", source_id)
    (edited,) = await forward(alice, item(source, group))
    await db.execute("UPDATE message SET text = NULL, deleted_at = $1 WHERE id = $2", await db.now(), source_id)
    (deleted,) = await forward(alice, item(source, group))

    assert edited["message"]["id"] == deleted["message"]["id"] == first["message"]["id"]
    assert deleted["message"]["text"] == "before"
    (conflict,) = await forward(alice, item(other, group))
    assert conflict["errors"] == [{"code": "CONFLICT", "field": ["input", "items", "0", "clientMessageId"]}]
    assert await state_of(decode_id("cnv", group)) == before


async def test_too_many_items_are_refused(alice, bob):
    chat = await start_direct(alice, bob)
    source = await send(alice, chat)

    (error,) = await alice.refused(FORWARD, items=[item(source, chat, str(n)) for n in range(101)])

    assert (error["code"], error["limit"], error["field"]) == ("LIMIT_REACHED", 100, ["input", "items"])


async def test_a_bad_id_of_the_client_is_one_whatever_is_forwarded(alice, bob):
    chat = await start_direct(alice, bob)
    sent = await send(alice, chat)
    for source in (sent, "msg_unknown", encode_id("msg", UUID(int=1))):
        (result,) = await forward(alice, item(source, chat, "\0"))
        code = "NOT_FOUND" if source == "msg_unknown" else "INVALID"
        assert result["errors"][0]["code"] == code
