"""sendMessage and sendMessages over the API."""

from __future__ import annotations

from uuid import UUID

import pytest

from app.core.graphql.ids import encode_id
from app.core.limits import RATES
from tests.client import ask, signed_out
from tests.conversations.documents import ADD, REMOVE, create_group, start_direct
from tests.messages.documents import PAGE, SEND, SEND_MANY, message, send
from tests.running import running, serving


async def test_answers_the_stored_message(alice, bob):
    chat = await start_direct(alice, bob)

    payload = await alice.mutate(SEND, input=message(chat, " hi ", key="my-id"))

    stored = payload["message"]
    assert payload["clientMessageId"] == stored["clientMessageId"] == "my-id"
    assert (stored["seq"], stored["kind"], stored["text"], stored["deliveryState"]) == (1, "TEXT", "hi", "SENT")
    assert stored["sender"]["id"] == alice.id
    assert stored["conversation"] == {"id": chat, "lastSeq": 1, "unreadCount": 0}


async def test_failure_repeats_the_client_message_id(alice, bob):
    chat = await start_direct(alice, bob)

    data = (await alice.query(SEND, input=message(chat, " ", key="my-id")))["sendMessage"]

    assert data["clientMessageId"] == "my-id"
    assert data["message"] is None
    assert [(e["code"], e["field"]) for e in data["errors"]] == [("CONTENT_EMPTY", ["input", "text"])]


@pytest.mark.parametrize("wrong", ["cnv_nonsense", "", "usr_aaaaaaaaaaaaaaaaaaaaaaaaaa", encode_id("cnv", UUID(int=7))])
async def test_unknown_conversations_are_not_found(alice, wrong):
    (error,) = await alice.refused(SEND, input=message(wrong))

    assert (error["code"], error["field"]) == ("NOT_FOUND", ["input", "conversationId"])


async def test_malformed_target_of_an_answer_is_not_found(alice, bob):
    chat = await start_direct(alice, bob)

    (error,) = await alice.refused(SEND, input=message(chat, replyToId="msg_nonsense"))

    assert (error["code"], error["field"]) == ("NOT_FOUND", ["input", "replyToId"])


async def test_seq_sender_and_time_cannot_be_supplied(alice, bob):
    chat = await start_direct(alice, bob)
    at = "2020-01-01T00:00:00Z"

    for wrong in ({"seq": 7}, {"senderId": bob.id}, {"createdAt": at}, {"expiresAt": at}, {"kind": "SYSTEM"}):
        error = await alice.failed(SEND, input=message(chat, **wrong))
        assert error["extensions"]["code"] == "BAD_REQUEST"
    assert (await alice.query(PAGE, id=chat))["conversation"]["messages"]["nodes"] == []


REPEAT = """
mutation Repeat($input: SendMessageInput!) {
  sendMessage(input: $input) {
    message {
      text deliveryState
      conversation {
        memberCount lastSeq members { totalCount nodes { user { id } } } lastMessage { text } viewerCanSend
      }
    }
  }
}
"""


async def test_a_repeat_after_removal_shows_nothing_newer(alice, bob, carol):
    group = await create_group(alice, bob)
    await send(bob, group, "mine", key="again")
    await alice.mutate(REMOVE, conversationId=group, userId=bob.id)
    await alice.mutate(ADD, conversationId=group, userIds=[carol.id])
    await send(alice, group, "not for bob")

    payload = await bob.mutate(REPEAT, input=message(group, "mine", key="again"))

    conversation = payload["message"].pop("conversation")
    assert payload["message"] == {"text": "mine", "deliveryState": "SENT"}
    assert conversation == {
        "memberCount": 0, "lastSeq": 2, "members": {"totalCount": 0, "nodes": []}, "lastMessage": {"text": "mine"},
        "viewerCanSend": False,
    }  # fmt: skip


async def test_answer_shows_its_target(alice, bob):
    chat = await start_direct(alice, bob)
    first = await send(alice, chat, "question")

    await send(bob, chat, "answer", replyToId=first["id"])

    nodes = (await alice.query(PAGE, id=chat))["conversation"]["messages"]["nodes"]
    assert [(n["text"], n["replyTo"]) for n in nodes] == [
        ("question", None), ("answer", {"id": first["id"], "text": "question"}),
    ]  # fmt: skip


async def test_each_item_has_its_own_result(alice, bob):
    chat = await start_direct(alice, bob)
    items = [
        message(chat, "one", key="1"),
        message("cnv_nonsense", key="2"),
        message(chat, "", key="3"),
        message(chat, "two", key="4"),
    ]

    payload = await alice.mutate(SEND_MANY, items=items)

    assert [r["clientMessageId"] for r in payload["results"]] == ["1", "2", "3", "4"]
    assert [r["message"] and r["message"]["seq"] for r in payload["results"]] == [1, None, None, 2]
    assert [[(e["code"], e["field"]) for e in r["errors"]] for r in payload["results"]] == [
        [], [("NOT_FOUND", ["input", "items", "1", "conversationId"])],
        [("CONTENT_EMPTY", ["input", "items", "2", "text"])], [],
    ]  # fmt: skip


async def test_too_many_items_are_refused(alice, bob):
    chat = await start_direct(alice, bob)

    (error,) = await alice.refused(SEND_MANY, items=[message(chat) for _ in range(101)])

    assert (error["code"], error["limit"], error["field"]) == ("LIMIT_REACHED", 100, ["input", "items"])
    assert (await alice.query(PAGE, id=chat))["conversation"]["messages"]["nodes"] == []


async def test_a_batch_sends_no_more_than_single_sends_could(settings, alice, bob):
    """30 messages a minute, however they come; what comes after the 30th waits, in order."""
    chat = await start_direct(alice, bob)
    rates = {rate.key: f"{rate.limit}/{rate.seconds}" for rate in RATES}
    document = (
        "mutation($items: [SendMessageInput!]!) { sendMessages(input: {items: $items})"
        " { errors { code } results { message { id } errors { code limit retryAfter } } } }"
    )
    async with (
        running(settings.model_copy(update={"rates": rates})) as runtime,
        serving(runtime) as strict,
        signed_out(strict, alice.access_token) as session,
    ):
        answer = await ask(session, document, items=[message(chat, str(n)) for n in range(40)])

    results = answer["sendMessages"]["results"]
    assert [bool(r["message"]) for r in results] == [True] * 30 + [False] * 10
    refused = [r["errors"][0] for r in results[30:]]
    assert {(e["code"], e["limit"]) for e in refused} == {("RATE_LIMITED", 30)}
    assert all(e["retryAfter"] for e in refused)
    nodes = (await alice.query(PAGE, id=chat))["conversation"]["messages"]["nodes"]
    assert [n["text"] for n in nodes] == [str(n) for n in range(30)]


async def test_two_mutations_of_one_document_see_each_other(alice, bob):
    chat = await start_direct(alice, bob)
    document = """
      mutation Two($a: SendMessageInput!, $b: SendMessageInput!) {
        a: sendMessage(input: $a) { errors { code } message { conversation { lastSeq } } }
        b: sendMessage(input: $b) { errors { code } message { conversation { lastSeq } } }
      }"""

    data = await alice.query(document, a=message(chat), b=message(chat))

    assert [data[name]["message"]["conversation"]["lastSeq"] for name in "ab"] == [1, 2]


async def test_sending_needs_signing_in(server, alice, bob):
    from gql.transport.exceptions import TransportQueryError

    from tests.client import ask, signed_out

    chat = await start_direct(alice, bob)
    async with signed_out(server) as session:
        with pytest.raises(TransportQueryError) as failure:
            await ask(session, SEND, input=message(chat))

    assert failure.value.errors[0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_former_member_may_not_send(alice, bob):
    from tests.conversations.documents import LEAVE

    group = await create_group(alice, bob)
    await bob.mutate(LEAVE, conversationId=group)

    (error,) = await bob.refused(SEND, input=message(group))

    assert error["code"] == "NOT_PARTICIPANT"
