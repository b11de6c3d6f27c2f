"""Message requests: a stranger's first messages wait for an answer, and the stranger sees nothing of the waiting."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.client import Person
from tests.contacts.documents import ADD, ASK, BLOCK, UNBLOCK
from tests.conversations.documents import ANSWER, START, create_group, start_direct, stored, unknown_id
from tests.messages.documents import DELIVERED, READ, SEND, message, send
from tests.messages.test_privacy import set_privacy
from tests.presence.test_typing_changed import SET
from tests.statements import statements

LISTS = """{ viewer {
  conversations { totalCount nodes { id } }
  requests: conversations(filter: {messageRequests: true}) {
    totalCount nodes { id title unreadCount viewerCanSend viewerSendRefusal lastMessage { text sender { id } }
                       ... on DirectConversation { isMessageRequest peer { id displayName } } } }
  unread { badge messages conversations messageRequests } } }"""
SEEN = """query Seen($id: ID!) { conversation(id: $id) {
  lastSeq deliveredToAllSeq readByAllSeq viewerCanSend viewerSendRefusal typing { activity }
  ... on DirectConversation { isMessageRequest }
  messages { nodes { seq text deliveryState } } members { nodes { user { id } deliveredSeq readSeq readAt } } } }"""
HEARD = """subscription Heard($after: Cursor) { events(after: $after) {
  __typename cursor
  ... on ConversationAdded { conversation { id ... on DirectConversation { isMessageRequest } } }
  ... on ConversationRemoved { conversationId reason }
  ... on MessageReceived { message { text conversation { id ... on DirectConversation { isMessageRequest } } } }
  ... on ReceiptChanged { conversation { readByAllSeq deliveredToAllSeq } } } }"""


async def start(person: Person, other: Person) -> str:
    """As clients do, between people who don't know each other."""
    return (await person.mutate(START, userId=other.id))["conversation"]["id"]  # type: ignore[no-any-return]


async def lists(person: Person) -> tuple[list[str], list[str]]:
    """Conversations and message requests of somebody."""
    viewer = (await person.query(LISTS))["viewer"]
    found = [[node["id"] for node in viewer[name]["nodes"]] for name in ("conversations", "requests")]
    assert [viewer["conversations"]["totalCount"], viewer["requests"]["totalCount"]] == [len(ids) for ids in found]
    return found[0], found[1]


async def heard(person: Person, after: str) -> list[dict[str, Any]]:
    """All events since a cursor, without their cursors."""
    async with person.subscribe(HEARD, after=after) as stream:
        found = []
        while (event := await stream.next())["__typename"] != "CursorMoved":
            found.append({name: value for name, value in event.items() if name != "cursor"})
        return found


@pytest.fixture
async def request_id(alice, bob) -> str:
    """Bob, a stranger to Alice, has written twice."""
    conversation_id = await start(bob, alice)
    for text in ("hello?", "anybody?"):
        await send(bob, conversation_id, text)
    return conversation_id


async def test_a_stranger_waits_among_the_requests(alice, bob):
    cursor = await alice.cursor()
    conversation_id = await start(bob, alice)
    assert (await lists(alice), await heard(alice, cursor)) == (([], []), [])  # nothing was written yet
    await send(bob, conversation_id, "hello?")

    viewer = (await alice.query(LISTS))["viewer"]
    assert viewer["conversations"]["nodes"] == []
    assert viewer["requests"]["nodes"] == [
        {"id": conversation_id, "title": "Bob", "unreadCount": 1, "viewerCanSend": False,
         "viewerSendRefusal": "REQUEST_UNANSWERED", "lastMessage": {"text": "hello?", "sender": {"id": bob.id}},
         "isMessageRequest": True, "peer": {"id": bob.id, "displayName": "Bob"}}
    ]  # fmt: skip
    assert viewer["unread"] == {"badge": 0, "messages": 0, "conversations": 0, "messageRequests": 1}
    assert await lists(bob) == ([conversation_id], [])
    own = (await bob.query(SEEN, id=conversation_id))["conversation"]
    assert (own["isMessageRequest"], own["viewerCanSend"]) == (False, True)


async def test_all_devices_hear_of_it_once(alice, bob, request_id):
    cursor = await alice.cursor()
    other = await start(alice, bob)  # opening it is no answer
    assert (other, await heard(alice, cursor)) == (request_id, [])
    await alice.mutate(ANSWER, conversationId=request_id, answer="DELETE")
    cursor = await alice.cursor()
    for text in ("again", "and again"):
        await send(bob, request_id, text)

    shown = {"id": request_id, "isMessageRequest": True}
    assert sorted(await heard(alice, cursor), key=str) == sorted(
        [{"__typename": "ConversationAdded", "conversation": shown}]
        + [
            {"__typename": "MessageReceived", "message": {"text": text, "conversation": shown}}
            for text in ("again", "and again")
        ],
        key=str,
    )


async def test_the_stranger_sees_no_mark_no_typing(alice, bob, request_id):
    before = (await bob.query(SEEN, id=request_id))["conversation"]
    cursor = await bob.cursor()
    await alice.mutate(DELIVERED, marks=[{"conversationId": request_id, "upToSeq": 2}])
    assert (await alice.mutate(READ, conversationId=request_id))["updatedCount"] == 2
    await alice.mutate(SET, id=request_id)

    assert (await bob.query(SEEN, id=request_id))["conversation"] == before
    assert [node["deliveryState"] for node in before["messages"]["nodes"]] == ["SENT", "SENT"]
    assert (before["deliveredToAllSeq"], before["readByAllSeq"]) == (0, 0)
    assert await heard(bob, cursor) == []
    assert (await alice.query(LISTS))["viewer"]["unread"]["messageRequests"] == 0


async def test_typing_of_the_stranger_is_not_seen(alice, bob, request_id):
    await bob.mutate(SET, id=request_id)
    assert (await alice.query(SEEN, id=request_id))["conversation"]["typing"] == []


async def test_the_receiver_answers_before_writing(alice, bob, request_id):
    before = await stored(request_id)
    (error,) = await alice.refused(SEND, input=message(request_id))

    assert (error["code"], error["field"]) == ("FORBIDDEN", ["input", "conversationId"])
    assert await stored(request_id) == before
    await alice.mutate(ANSWER, conversationId=request_id, answer="ACCEPT")
    await send(alice, request_id, "hi")


async def test_accepted(alice, bob, request_id):
    await alice.mutate(READ, conversationId=request_id, upToSeq=1)
    mine, theirs = await alice.cursor(), await bob.cursor()
    payload = await alice.mutate(ANSWER, conversationId=request_id, answer="ACCEPT")

    assert payload["conversation"] == {"id": request_id, "isMessageRequest": False}
    assert payload["removedConversationId"] is None
    assert await lists(alice) == ([request_id], [])
    assert (await alice.query(LISTS))["viewer"]["unread"] == {
        "badge": 1, "messages": 1, "conversations": 1, "messageRequests": 0,
    }  # fmt: skip
    added = {"__typename": "ConversationAdded", "conversation": {"id": request_id, "isMessageRequest": False}}
    receipt = {"__typename": "ReceiptChanged", "conversation": {"readByAllSeq": 1, "deliveredToAllSeq": 1}}
    assert sorted(await heard(alice, mine), key=str) == [added, receipt, {"__typename": "UnreadChanged"}]
    assert await heard(bob, theirs) == [receipt]
    shown = (await bob.query(SEEN, id=request_id))["conversation"]
    assert [node["deliveryState"] for node in shown["messages"]["nodes"]] == ["READ", "SENT"]
    await alice.mutate(READ, conversationId=request_id)
    await send(bob, request_id, "thanks")
    assert (await lists(alice), (await bob.query(SEEN, id=request_id))["conversation"]["readByAllSeq"]) == (
        ([request_id], []), 2,
    )  # fmt: skip


@pytest.mark.parametrize("answer", ["ACCEPT", "DELETE", "BLOCK"])
async def test_the_same_answer_again_changes_nothing(alice, bob, request_id, answer):
    first = await alice.mutate(ANSWER, conversationId=request_id, answer=answer)
    cursor, before = await alice.cursor(), await stored(request_id)

    assert await alice.mutate(ANSWER, conversationId=request_id, answer=answer) == first
    assert (await stored(request_id), await heard(alice, cursor)) == (before, [])


async def test_deleted_until_the_next_message(alice, bob, request_id):
    cursor, theirs, seen = await alice.cursor(), await bob.cursor(), await bob.query(SEEN, id=request_id)
    payload = await alice.mutate(ANSWER, conversationId=request_id, answer="DELETE")

    assert (payload["conversation"], payload["removedConversationId"]) == (None, request_id)
    assert await lists(alice) == ([], [])
    assert (await alice.query(LISTS))["viewer"]["unread"]["messageRequests"] == 0
    assert (await alice.query(SEEN, id=request_id))["conversation"] is None
    removed = {"__typename": "ConversationRemoved", "conversationId": request_id, "reason": "DELETED"}
    assert await heard(alice, cursor) == [removed, {"__typename": "UnreadChanged"}]
    assert (await bob.query(SEEN, id=request_id), await heard(bob, theirs)) == (seen, [])
    await send(bob, request_id, "once more")
    assert await lists(alice) == ([], [request_id])


async def test_blocked(alice, bob, request_id):
    theirs, seen = await bob.cursor(), await bob.query(SEEN, id=request_id)
    payload = await alice.mutate(ANSWER, conversationId=request_id, answer="BLOCK")

    assert (payload["removedConversationId"], await lists(alice)) == (request_id, ([], []))
    blocked = (await alice.query("{ viewer { blockedUsers { nodes { id } } } }"))["viewer"]["blockedUsers"]
    assert blocked == {"nodes": [{"id": bob.id}]}
    assert (await bob.query(SEEN, id=request_id), await heard(bob, theirs)) == (seen, [])
    await send(bob, request_id, "hidden")
    await alice.mutate(UNBLOCK, userId=bob.id)
    assert await lists(alice) == ([], [])
    await send(bob, request_id, "seen")
    assert await lists(alice) == ([], [request_id])


async def test_not_accepted_while_blocking(alice, bob, request_id):
    await alice.mutate(BLOCK, userId=bob.id)
    before = await stored(request_id)
    (error,) = await alice.refused(ANSWER, conversationId=request_id, answer="ACCEPT")

    assert (error["code"], error["field"]) == ("FORBIDDEN", ["input", "conversationId"])
    assert await stored(request_id) == before


@pytest.mark.parametrize("answer", ["DELETE", "BLOCK"])
@pytest.mark.parametrize("where", ["accepted", "group", "own"])
async def test_only_requests_are_answered(alice, bob, request_id, answer, where):
    if where == "accepted":
        await alice.mutate(ANSWER, conversationId=request_id, answer="ACCEPT")
    conversation_id = await create_group(alice, bob) if where == "group" else request_id
    before = await stored(conversation_id)
    (error,) = await (bob if where == "own" else alice).refused(ANSWER, conversationId=conversation_id, answer=answer)

    assert (error["code"], error["field"]) == ("CONFLICT", ["input", "conversationId"])
    assert await stored(conversation_id) == before


async def test_a_group_is_not_accepted(alice, bob):
    (error,) = await alice.refused(ANSWER, conversationId=await create_group(bob, alice), answer="ACCEPT")
    assert error["code"] == "CONFLICT"


@pytest.mark.parametrize("answer", ["ACCEPT", "DELETE", "BLOCK"])
async def test_others_learn_nothing(carol, request_id, answer):
    before = await stored(request_id)
    for id_ in (request_id, unknown_id("cnv"), "nonsense"):
        (error,) = await carol.refused(ANSWER, conversationId=id_, answer=answer)
        assert (error["code"], error["field"]) == ("NOT_FOUND", ["input", "conversationId"])
    assert await stored(request_id) == before


async def test_a_contact_is_no_stranger(alice, bob):
    await alice.mutate(ADD, userId=bob.id)
    conversation_id = await start(bob, alice)
    assert await lists(alice) == ([conversation_id], [])
    await send(bob, conversation_id)
    assert (await alice.query(SEEN, id=conversation_id))["conversation"]["viewerCanSend"] is True


@pytest.mark.parametrize("how", ["added", "asked by the stranger", "asked by the receiver"])
async def test_becoming_a_contact_accepts(alice, bob, request_id, how):
    await alice.mutate(READ, conversationId=request_id)
    cursor, theirs = await alice.cursor(), await bob.cursor()
    if how == "asked by the stranger":
        await bob.mutate(ASK, userId=alice.id)
    if how == "asked by the receiver":
        await alice.mutate(ASK, userId=bob.id)
        await bob.mutate(ADD, userId=alice.id)
    else:
        await alice.mutate(ADD, userId=bob.id)

    assert await lists(alice) == ([request_id], [])
    assert {"__typename": "ConversationAdded", "conversation": {"id": request_id, "isMessageRequest": False}} in (
        await heard(alice, cursor)
    )
    assert {"__typename": "ReceiptChanged", "conversation": {"readByAllSeq": 2, "deliveredToAllSeq": 2}} in (
        await heard(bob, theirs)
    )


async def test_whoever_starts_it_too_is_asked_nothing(alice, bob):
    conversation_id = await start(bob, alice)
    assert await start(alice, bob) == conversation_id
    await send(bob, conversation_id)
    await send(alice, conversation_id)
    assert (await lists(alice), await lists(bob)) == (([conversation_id], []), ([conversation_id], []))


async def test_starting_it_after_deleting_it_accepts(alice, bob, request_id):
    await alice.mutate(READ, conversationId=request_id)
    await alice.mutate(ANSWER, conversationId=request_id, answer="DELETE")
    cursor, theirs = await alice.cursor(), await bob.cursor()

    assert await start(alice, bob) == request_id
    assert await lists(alice) == ([request_id], [])
    added = {"__typename": "ConversationAdded", "conversation": {"id": request_id, "isMessageRequest": False}}
    assert added in await heard(alice, cursor)
    assert [event["__typename"] for event in await heard(bob, theirs)] == ["ReceiptChanged"]
    assert (await bob.query(SEEN, id=request_id))["conversation"]["readByAllSeq"] == 2


async def test_a_stranger_who_is_kept_out_later_can_not_go_on(alice, bob, request_id):
    await set_privacy(alice, whoCanMessage="NOBODY")
    before = await stored(request_id)
    shown = (await bob.query(SEEN, id=request_id))["conversation"]
    (error,) = await bob.refused(SEND, input=message(request_id))

    assert (shown["viewerCanSend"], shown["viewerSendRefusal"]) == (False, "READ_ONLY")
    assert error["code"] == "FORBIDDEN"
    assert await stored(request_id) == before
    await alice.mutate(ANSWER, conversationId=request_id, answer="ACCEPT")
    await send(bob, request_id)


async def test_answers_that_race_leave_one_state(alice, bob, request_id):
    answers = ["ACCEPT", "DELETE", "ACCEPT", "DELETE"]
    payloads = await asyncio.gather(
        *(alice.query(ANSWER, conversationId=request_id, answer=answer) for answer in answers),
        *(send(bob, request_id, str(n)) for n in range(4)),
    )

    codes = {e["code"] for payload in payloads[:4] for e in payload["answerMessageRequest"]["errors"]}
    assert codes <= {"CONFLICT"}
    assert await lists(alice) == ([request_id], [])  # accepting is for good, whatever came before it


async def test_lists_follow_from_events(alice, bob, carol):
    """What a client keeps from a snapshot and the events after it is what it would read anew."""
    kept: dict[str, bool] = {}
    cursor = await alice.cursor()
    known = await start_direct(carol, alice)
    strange = await start(bob, alice)

    async def follow(after: str) -> str:
        async with alice.subscribe(HEARD, after=after) as stream:
            while True:
                event = await stream.next()
                if event["__typename"] == "ConversationAdded":
                    kept[event["conversation"]["id"]] = event["conversation"]["isMessageRequest"]
                elif event["__typename"] == "ConversationRemoved":
                    kept.pop(event["conversationId"], None)
                elif event["__typename"] == "CursorMoved":
                    return event["cursor"]  # type: ignore[no-any-return]

    for step in ("write", "DELETE", "write", "ACCEPT"):
        if step == "write":
            await send(bob, strange)
            await send(carol, known)
        else:
            await alice.mutate(ANSWER, conversationId=strange, answer=step)
        cursor = await follow(cursor)
        plain, requests = await lists(alice)
        assert kept == dict.fromkeys(plain, False) | dict.fromkeys(requests, True), step
    assert set(kept) == {known, strange}


async def test_one_request_or_many_cost_the_same_statements(alice, bob, person):
    await send(bob, await start(bob, alice))
    async with statements() as few:
        await alice.query(LISTS)
    for number in range(14):
        stranger = await person(f"s{number}")
        await send(stranger, await start(stranger, alice))
    async with statements() as many:
        page = (await alice.query(LISTS))["viewer"]["requests"]

    assert len(page["nodes"]) == 15
    assert len(many) == len(few), many


async def test_accepting_and_blocking_race_with_messages(alice, bob, request_id):
    """Two devices answer differently while the stranger writes on: one answer wins, and a block cuts cleanly."""
    cursor = await alice.cursor()
    answers, _ = await asyncio.gather(
        asyncio.gather(
            *(alice.query(ANSWER, conversationId=request_id, answer=answer) for answer in ("BLOCK", "ACCEPT", "BLOCK"))
        ),
        asyncio.gather(*(send(bob, request_id, str(n)) for n in range(8))),
    )

    codes = {e["code"] for answer in answers for e in answer["answerMessageRequest"]["errors"]}
    mine = (await alice.query(SEEN, id=request_id))["conversation"]
    other = await bob.query(SEEN, id=request_id)
    texts = [node["text"] for node in other["conversation"]["messages"]["nodes"]]
    told = [e["message"]["text"] for e in await heard(alice, cursor) if e["__typename"] == "MessageReceived"]
    blocked = (await alice.query("{ viewer { blockedUsers { totalCount } } }"))["viewer"]["blockedUsers"]["totalCount"]
    assert (len(texts), texts[:2]) == (10, ["hello?", "anybody?"])
    if blocked:
        assert codes <= {"FORBIDDEN"}
        assert await lists(alice) == ([], [])
        assert mine is None
        assert told == texts[2 : 2 + len(told)], "nothing of what came after the block"
    else:
        assert codes == {"CONFLICT"}
        assert await lists(alice) == ([request_id], [])
        assert [node["text"] for node in mine["messages"]["nodes"]] == texts
        assert told == texts[2:]
