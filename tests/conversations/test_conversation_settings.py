"""updateConversationSettings: each setting, its limits, and that all devices of the viewer, and nobody else, hear."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from tests.client import Person
from tests.conversations.documents import LEAVE, create_group, start_direct, stored, unknown_id
from tests.conversations.own import OWN_EVENTS, SET, UNREAD, change, listed, settings_of, take
from tests.messages.documents import send

NOTHING = {
    "mutedUntil": None, "isMuted": False, "isArchived": False, "isPinned": False, "labels": [],
    "notificationLevel": "ALL", "draft": None, "draftUpdatedAt": None,
}  # fmt: skip


def later(**ahead: float) -> str:
    return (datetime.now(UTC) + timedelta(**ahead)).isoformat()


async def refused(person: Person, conversation_id: str, **changes: object) -> tuple[str, list[str], int | None]:
    (error,) = await person.refused(SET, input={"conversationId": conversation_id, **changes})
    return error["code"], error["field"], error["limit"]


async def test_everything_is_unset_at_first_and_set_apart(alice, bob):
    group = await create_group(alice, bob)
    assert await settings_of(alice, group) == NOTHING

    until = later(hours=8)
    changed = await change(
        alice, group, mutedUntil=until, isArchived=True, isPinned=True, labels=["work", "Ärger", "work"],
        notificationLevel="MENTIONS", draft=" half a thou",
    )  # fmt: skip

    assert changed["draftUpdatedAt"]
    assert datetime.fromisoformat(changed["mutedUntil"]) == datetime.fromisoformat(until)
    assert {k: v for k, v in changed.items() if k not in ("mutedUntil", "draftUpdatedAt")} == {
        "isMuted": True, "isArchived": True, "isPinned": True, "labels": sorted(["work", "Ärger"]),
        "notificationLevel": "MENTIONS", "draft": " half a thou",
    }  # fmt: skip
    assert await settings_of(alice, group) == changed
    assert await settings_of(bob, group) == NOTHING, "nobody else's"
    assert (await alice.query("{ viewer { labels } }"))["viewer"]["labels"] == sorted(["work", "Ärger"])
    assert (await bob.query("{ viewer { labels } }"))["viewer"]["labels"] == []


async def test_absent_stays_and_null_clears(alice, bob):
    chat = await start_direct(alice, bob)
    before = await change(
        alice, chat, mutedUntil=later(days=1), isArchived=True, isPinned=True, labels=["x"], notificationLevel="NONE",
        draft="hm",
    )  # fmt: skip
    assert await change(alice, chat) == before
    assert await change(alice, chat, isPinned=False) == before | {"isPinned": False}

    cleared = await change(
        alice, chat, mutedUntil=None, isArchived=None, isPinned=None, labels=None, notificationLevel=None, draft=None
    )

    assert cleared.pop("draftUpdatedAt") > before["draftUpdatedAt"], "clearing is a change, too"
    assert cleared == {key: value for key, value in NOTHING.items() if key != "draftUpdatedAt"}


async def test_all_devices_hear_live_and_later_and_nobody_else(alice, bob):
    group = await create_group(alice, bob)
    await send(bob, group)
    cursor, others = await alice.cursor(), await bob.cursor()
    async with alice.subscribe(OWN_EVENTS, after=cursor) as phone, alice.subscribe(OWN_EVENTS, after=cursor) as laptop:
        await phone.until("CursorMoved")
        await laptop.until("CursorMoved")
        await change(alice, group, mutedUntil=later(hours=1), labels=["work"], draft="so")

        (live,), (other,) = await take(phone, 1), await take(laptop, 1)
    assert live == other
    assert live["conversation"]["settings"] == {
        "isMuted": True, "isArchived": False, "isPinned": False, "labels": ["work"], "notificationLevel": "ALL",
        "draft": "so",
    }  # fmt: skip
    assert live["viewer"]["unread"] == {"badge": 0, "messages": 1, "mentions": 0, "conversations": 1}
    async with alice.subscribe(OWN_EVENTS, after=cursor) as replayed:
        assert await take(replayed, 1) == [live]
    async with bob.subscribe(OWN_EVENTS, after=others) as events:
        assert (await events.next())["__typename"] == "CursorMoved"


async def test_what_is_so_already_is_not_announced(alice, bob):
    group = await create_group(alice, bob)
    until = later(hours=1)
    changes = {"mutedUntil": until, "isArchived": True, "isPinned": True, "labels": ["a", "b"], "draft": "x"}
    before = await change(alice, group, **changes)
    cursor = await alice.cursor()

    assert await change(alice, group, **changes | {"labels": ["b", "a", "b"]}) == before

    async with alice.subscribe(OWN_EVENTS, after=cursor) as events:
        assert (await events.next())["__typename"] == "CursorMoved"


async def test_a_message_ends_the_archive_unless_muted(alice, bob):
    loud, quiet = await create_group(alice, bob), await create_group(alice, bob)
    await change(alice, loud, isArchived=True)
    await change(alice, quiet, isArchived=True, mutedUntil=later(hours=1))
    cursor = await alice.cursor()

    await send(bob, loud)
    await send(bob, quiet)

    async with alice.subscribe(OWN_EVENTS, after=cursor) as events:
        told = [event["message"]["conversation"] for event in await take(events, 2)]
    assert [c["settings"]["isArchived"] for c in told] == [False, True]
    assert not (await settings_of(alice, loud))["isArchived"]
    assert (await settings_of(alice, quiet))["isArchived"]
    assert (await alice.query(UNREAD))["viewer"]["unread"] == {
        "badge": 1, "messages": 2, "mentions": 0, "conversations": 2
    }  # fmt: skip
    await change(alice, quiet, mutedUntil=None)
    assert not (await settings_of(alice, quiet))["isArchived"], "a message came, and nothing keeps it away now"


async def test_pinned_stand_first_and_are_limited(alice, bob, server):
    chats = [await create_group(alice, bob) for _ in range(4)]
    await change(alice, chats[0], isPinned=True)
    await change(alice, chats[2], isPinned=True)

    assert await listed(alice) == [chats[2], chats[0], chats[3], chats[1]]
    await send(bob, chats[0])
    await send(bob, chats[1])
    assert await listed(alice) == [chats[0], chats[2], chats[1], chats[3]]

    most = server.runtime.settings.conversations.pinned
    server.runtime.settings.conversations.pinned = 2
    try:
        assert await refused(alice, chats[1], isPinned=True, draft="x") == (
            "LIMIT_REACHED", ["input", "isPinned"], 2
        )  # fmt: skip
        assert (await settings_of(alice, chats[1]))["draft"] is None, "nothing was changed"
        await change(alice, chats[0], isPinned=True)
        await change(alice, chats[0], isPinned=False)
        both = await asyncio.gather(
            *(alice.query(SET, input={"conversationId": chat, "isPinned": True}) for chat in (chats[1], chats[3]))
        )
        codes = [[e["code"] for e in data["updateConversationSettings"]["errors"]] for data in both]
        assert sorted(codes) == [[], ["LIMIT_REACHED"]], "two devices at once"
    finally:
        server.runtime.settings.conversations.pinned = most


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({"mutedUntil": "2020-01-01T00:00:00Z"}, ("INVALID", ["input", "mutedUntil"], None)),
        ({"labels": ["two\nlines"]}, ("INVALID", ["input", "labels"], None)),
        ({"labels": [" "]}, ("INVALID", ["input", "labels"], None)),
        ({"labels": ["x" * 51]}, ("TOO_LONG", ["input", "labels"], 50)),
        ({"labels": [str(n) for n in range(21)]}, ("LIMIT_REACHED", ["input", "labels"], 20)),
        ({"draft": "x" * 10_001}, ("TOO_LONG", ["input", "draft"], 10_000)),
        ({"draft": "a\x00b"}, ("INVALID", ["input", "draft"], None)),
    ],
    ids=["past", "lines", "blank", "long", "many", "long draft", "nul"],
)
async def test_what_can_not_be_kept_is_refused(alice, changes, answer):
    group = await create_group(alice)
    before = await stored(group)

    assert await refused(alice, group, isPinned=True, **changes) == answer
    assert await stored(group) == before


async def test_different_labels_are_limited(alice, server):
    one, other = await create_group(alice), await create_group(alice)
    most = server.runtime.settings.conversations.labels
    server.runtime.settings.conversations.labels = 3
    try:
        await change(alice, one, labels=["a", "b", "c"])
        await change(alice, other, labels=["c", "a"])
        assert await refused(alice, other, labels=["d"]) == ("LIMIT_REACHED", ["input", "labels"], 3)
        assert (await settings_of(alice, other))["labels"] == ["a", "c"]
        assert (await change(alice, one, labels=["d", "a"]))["labels"] == ["a", "d"], "b is in use no more"
    finally:
        server.runtime.settings.conversations.labels = most


async def test_a_blank_draft_is_none(alice):
    group = await create_group(alice)
    await change(alice, group, draft="x")

    assert (await change(alice, group, draft=" \n"))["draft"] is None


async def test_others_conversations_and_former_ones(alice, bob, carol):
    group = await create_group(alice, bob)
    await bob.mutate(LEAVE, conversationId=group)
    before = await stored(group)

    for conversation_id in (group, unknown_id("cnv"), "nonsense"):
        assert (await refused(carol, conversation_id, isPinned=True))[0] == "NOT_FOUND"
    assert (await refused(bob, group, isPinned=True))[0] == "NOT_PARTICIPANT"
    assert await stored(group) == before
