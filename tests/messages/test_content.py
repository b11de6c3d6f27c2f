"""What sendMessage takes beside text: mentions, everyone, place, card, silent; and the kind that follows."""

from __future__ import annotations

from uuid import UUID

import pytest

from app.core import db
from app.core.graphql.ids import decode_id, encode_id
from tests.conversations.documents import LEAVE, create_group, start_direct
from tests.messages.documents import SEND, SEND_MANY, message, send
from tests.messages.people import state_of

HOLDS = """
  seq kind text mentionsEveryone expiresAt
  mentions { user { id } offset length } location { latitude longitude label } sharedContact { id }
"""
SEND_MORE = f"""
mutation SendMore($input: SendMessageInput!) {{
  sendMessage(input: $input) {{ errors {{ code message field limit }} message {{ id {HOLDS} }} }}
}}
"""
LAST = f"query Last($id: ID!) {{ conversation(id: $id) {{ lastMessage {{ id {HOLDS} }} }} }}"
RECEIVED = f"""
subscription Received($after: Cursor) {{
  messageReceived(after: $after) {{ cursor message {{ id {HOLDS} }} }}
}}
"""
EMPTY = {
    "seq": 1, "kind": "TEXT", "text": None, "mentionsEveryone": False, "expiresAt": None, "mentions": [],
    "location": None, "sharedContact": None,
}  # fmt: skip


def at(text: str, name: str, person) -> dict[str, object]:
    return {"userId": person.id, "offset": text.index(name), "length": len(name)}


async def mentioned(chat: str) -> list[tuple[UUID, int]]:
    found = await db.rows(
        "SELECT user_id, seq FROM message_mention WHERE conversation_id = $1 ORDER BY seq, user_id",
        decode_id("cnv", chat),
    )
    return [(row["user_id"], row["seq"]) for row in found]


async def test_everything_arrives_as_sent_live_replayed_and_queried(alice, bob, carol):
    group = await create_group(alice, bob, carol)
    cursor = await bob.cursor()
    text = "👋🏽 @bob and @carol, @bob"
    mentions = [at(text, "@carol", carol), at(text, "@bob", bob), {"userId": bob.id, "offset": 20, "length": 4}]

    async with bob.subscribe(RECEIVED, after=cursor) as live:
        payload = await alice.mutate(
            SEND_MORE,
            input=message(group, text, mentions=mentions, mentionsEveryone=True, location={
                "latitude": -33.9, "longitude": 151.25, "label": " Beach "}),
        )  # fmt: skip
        heard = (await live.next())["message"]

    sent = payload["message"]
    assert sent.pop("id")
    assert sent == {
        **EMPTY, "seq": 2, "kind": "LOCATION", "text": text, "mentionsEveryone": True,
        "mentions": [
            {"user": {"id": bob.id}, "offset": 3, "length": 4}, {"user": {"id": carol.id}, "offset": 12, "length": 6},
            {"user": {"id": bob.id}, "offset": 20, "length": 4},
        ],
        "location": {"latitude": -33.9, "longitude": 151.25, "label": "Beach"},
    }  # fmt: skip
    async with bob.subscribe(RECEIVED, after=cursor) as again:
        assert (await again.next())["message"] == heard
    assert (await carol.query(LAST, id=group))["conversation"]["lastMessage"] == heard
    assert {**heard, "id": 0} == {**sent, "id": 0}
    assert await mentioned(group) == sorted((decode_id("usr", p.id), 2) for p in (bob, carol))


async def test_mentions_keep_their_place_when_white_space_is_cut_off(alice, bob):
    chat = await start_direct(alice, bob)

    payload = await alice.mutate(SEND_MORE, input=message(chat, "  @bob  ", mentions=[at("  @bob", "@bob", bob)]))

    assert payload["message"]["text"] == "@bob"
    assert payload["message"]["mentions"] == [{"user": {"id": bob.id}, "offset": 0, "length": 4}]


async def test_a_mention_of_oneself_counts_for_nobody(alice, bob):
    chat = await start_direct(alice, bob)

    await alice.mutate(SEND_MORE, input=message(chat, "me", mentions=[at("me", "me", alice)]))

    assert await mentioned(chat) == []


@pytest.mark.parametrize(
    ("place", "field"),
    [
        ({"offset": -1, "length": 2}, "offset"),
        ({"offset": 0, "length": 0}, "length"),
        ({"offset": 0, "length": 6}, "length"),
        ({"offset": 5, "length": 1}, "offset"),
        ({"offset": 0}, "offset"),
        ({"length": 1}, "offset"),
        ({}, "offset"),
    ],
)
async def test_mentions_lie_in_the_text(alice, bob, place, field):
    chat = await start_direct(alice, bob)
    before = await state_of(decode_id("cnv", chat))

    (error,) = await alice.refused(SEND_MORE, input=message(chat, "hello", mentions=[{"userId": bob.id, **place}]))

    assert (error["code"], error["field"]) == ("INVALID", ["input", "mentions", "0", field])
    assert await state_of(decode_id("cnv", chat)) == before


async def test_mentions_lie_beside_each_other(alice, bob):
    chat = await start_direct(alice, bob)
    mentions = [{"userId": bob.id, "offset": 2, "length": 3}, {"userId": bob.id, "offset": 0, "length": 3}]

    (error,) = await alice.refused(SEND_MORE, input=message(chat, "hello", mentions=mentions))

    assert (error["code"], error["field"]) == ("INVALID", ["input", "mentions", "0", "offset"])


async def test_only_so_many_mentions(alice, bob):
    chat = await start_direct(alice, bob)
    mentions = [{"userId": bob.id, "offset": n, "length": 1} for n in range(51)]

    (error,) = await alice.refused(SEND_MORE, input=message(chat, "x" * 60, mentions=mentions))

    assert (error["code"], error["limit"], error["field"]) == ("LIMIT_REACHED", 50, ["input", "mentions"])
    limits = await alice.query("{ limits { mentionsPerMessage } }")
    assert limits["limits"]["mentionsPerMessage"] == 50


async def test_only_members_are_mentioned(alice, bob, carol):
    group = await create_group(alice, bob, carol)
    await carol.mutate(LEAVE, conversationId=group)
    before = await state_of(decode_id("cnv", group))

    for who in (carol.id, encode_id("usr", UUID(int=7)), "usr_nonsense"):
        (error,) = await alice.refused(
            SEND_MORE, input=message(group, "hi", mentions=[
                {"userId": bob.id, "offset": 0, "length": 1}, {"userId": who, "offset": 1, "length": 1}])
        )  # fmt: skip
        assert (error["code"], error["field"]) == ("NOT_FOUND", ["input", "mentions", "1", "userId"])

    assert await state_of(decode_id("cnv", group)) == before
    assert await mentioned(group) == []


async def test_everyone_is_for_the_staff_of_large_groups(alice, bob):
    group = await create_group(alice, bob)
    await db.execute("UPDATE conversation SET member_count = 33 WHERE id = $1", decode_id("cnv", group))

    (error,) = await bob.refused(SEND_MORE, input=message(group, "all!", mentionsEveryone=True))

    assert (error["code"], error["field"]) == ("FORBIDDEN", ["input", "mentionsEveryone"])
    assert (await alice.mutate(SEND_MORE, input=message(group, "all!", mentionsEveryone=True)))["message"][
        "mentionsEveryone"
    ]
    await db.execute("UPDATE conversation SET member_count = 32 WHERE id = $1", decode_id("cnv", group))
    await bob.mutate(SEND_MORE, input=message(group, "all!", mentionsEveryone=True))


async def test_a_place_needs_no_text(alice, bob):
    chat = await start_direct(alice, bob)

    payload = await alice.mutate(SEND_MORE, input=message(chat, None, location={"latitude": 90, "longitude": -180}))

    assert payload["message"].pop("id")
    place = {"latitude": 90, "longitude": -180, "label": None}
    assert payload["message"] == {**EMPTY, "kind": "LOCATION", "location": place}


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        ({"latitude": 90.1, "longitude": 0}, "INVALID", "latitude"),
        ({"latitude": 0, "longitude": -180.1}, "INVALID", "longitude"),
        ({"latitude": 0, "longitude": 0, "label": "x" * 201}, "TOO_LONG", "label"),
        ({"latitude": 0, "longitude": 0, "label": "two\nlines"}, "INVALID", "label"),
    ],
)
async def test_places_are_on_the_map(alice, bob, wrong, code, field):
    chat = await start_direct(alice, bob)

    (error,) = await alice.refused(SEND_MORE, input=message(chat, None, location=wrong))

    assert (error["code"], error["field"]) == (code, ["input", "location", field])


async def test_a_card_is_a_person(alice, bob, carol):
    chat = await start_direct(alice, bob)

    payload = await alice.mutate(SEND_MORE, input=message(chat, None, contactUserId=carol.id))

    assert payload["message"].pop("id")
    assert payload["message"] == {**EMPTY, "kind": "CONTACT", "sharedContact": {"id": carol.id}}
    for who in (encode_id("usr", UUID(int=7)), "usr_nonsense", chat):
        (error,) = await alice.refused(SEND_MORE, input=message(chat, None, contactUserId=who))
        assert (error["code"], error["field"]) == ("NOT_FOUND", ["input", "contactUserId"])


async def test_one_content_at_a_time(alice, bob, carol):
    chat = await start_direct(alice, bob)
    both = message(chat, None, contactUserId=carol.id, location={"latitude": 0, "longitude": 0})

    (error,) = await alice.refused(SEND_MORE, input=both)

    assert (error["code"], error["field"]) == ("INVALID", ["input", "contactUserId"])


async def test_the_same_id_with_other_content_is_a_conflict(alice, bob, carol):
    group = await create_group(alice, bob, carol)
    first = message(group, "hi all", key="k", mentions=[{"userId": bob.id, "offset": 0, "length": 2}], silent=True)
    sent = (await alice.mutate(SEND_MORE, input=first))["message"]
    before = await state_of(decode_id("cnv", group))

    assert (await alice.mutate(SEND_MORE, input=first))["message"] == sent
    for other in (
        {"mentions": None}, {"mentions": [{"userId": carol.id, "offset": 0, "length": 2}]}, {"silent": False},
        {"mentionsEveryone": True}, {"location": {"latitude": 0, "longitude": 0}}, {"contactUserId": carol.id},
    ):  # fmt: skip
        (error,) = await alice.refused(SEND_MORE, input={**first, **other})
        assert error["code"] == "CONFLICT"
    assert await state_of(decode_id("cnv", group)) == before
    assert len(await mentioned(group)) == 1


async def test_items_of_all_kinds_keep_their_order(alice, bob):
    chat = await start_direct(alice, bob)
    items = [
        message(chat, "one"),
        message(chat, "two", mentions=[{"userId": bob.id, "offset": 0, "length": 3}]),
        message(chat, "bad", mentions=[{"userId": bob.id, "offset": 0, "length": 9}]),
        message(chat, None, location={"latitude": 1, "longitude": 2}),
        message(chat, "three"),
    ]

    results = (await alice.mutate(SEND_MANY, items=items))["results"]

    assert [r["message"] and r["message"]["seq"] for r in results] == [1, 2, None, 3, 4]
    assert results[2]["errors"] == [{"code": "INVALID", "field": ["input", "items", "2", "mentions", "0", "length"]}]
    assert (await send(bob, chat, "four"))["seq"] == 5


async def test_a_message_hidden_by_a_block_mentions_nobody(alice, bob):
    chat = await start_direct(alice, bob)
    await send(bob, chat)
    block = "mutation Block($userId: ID!) { blockUser(input: {userId: $userId}) { errors { code } } }"
    await bob.mutate(block, userId=alice.id)

    await alice.mutate(SEND, input=message(chat, "bob!", mentions=[{"userId": bob.id, "offset": 0, "length": 3}]))

    assert await mentioned(chat) == []


@pytest.mark.parametrize("field", ["replyToId", "threadRootId", "contactUserId"])
async def test_an_empty_id_is_not_an_absent_one(alice, bob, field):
    chat = await start_direct(alice, bob)
    (error,) = await alice.refused(SEND_MORE, input=message(chat, **{field: ""}))
    assert (error["code"], error["field"]) == ("NOT_FOUND", ["input", field])


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("see https://example.org/a?b=c#d.", "https://example.org/a?b=c#d"),
        ("(https://example.org/x_(y)) and https://second.example", "https://example.org/x_(y)"),
        ("HTTPS://EXAMPLE.org", "HTTPS://EXAMPLE.org"),
        ("http://plain.example www.example.org https:// https://[::x", None),
        ("none", None),
    ],
    ids=["end", "brackets", "case", "no-https", "none"],
)
async def test_the_first_link_is_shown(alice, bob, text, url):
    sent = await send(alice, await start_direct(alice, bob), text)
    found = await bob.query("query($id: ID!) { message(id: $id) { linkPreview { url title } } }", id=sent["id"])
    assert found["message"]["linkPreview"] == (url and {"url": url, "title": None})
