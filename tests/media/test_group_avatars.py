"""Avatars of groups and broadcasts: who sets them, who sees them, what is told, what who left learns."""

from __future__ import annotations

import pytest

from app.core import db
from tests.conversations.documents import (
    LEAVE,
    REMOVE,
    UPDATE,
    conversations_of,
    create_broadcast,
    create_group,
    make_admin,
    start_direct,
    stored,
    unknown_id,
)
from tests.media.files import NOT_FITTING, make_avatar
from tests.statements import statements

CREATE = {
    "GROUP": """mutation C($input: CreateGroupInput!) { createGroup(input: $input) {
      errors { code field } group { id avatar { id } } } }""",
    "BROADCAST": """mutation C($input: CreateBroadcastInput!) { createBroadcast(input: $input) {
      errors { code field } broadcast { id avatar { id } } } }""",
}
SET = {
    "GROUP": """mutation S($id: ID!, $avatar: ID) { updateGroup(input: {groupId: $id, avatarId: $avatar}) {
      errors { code field } group { id avatar { id } } } }""",
    "BROADCAST": """mutation S($id: ID!, $avatar: ID) { updateBroadcast(input: {broadcastId: $id, avatarId: $avatar}) {
      errors { code field } broadcast { id avatar { id } } } }""",
}
START = {"GROUP": create_group, "BROADCAST": create_broadcast}
SEEN = """query($id: ID!, $file: ID!) { conversation(id: $id) { avatar { id } } node(id: $file) { id } }"""
PREVIEW = "query($code: String!) { invitePreview(code: $code) { avatar { id mimeType } } }"
INVITE = "mutation($id: ID!) { createInvite(input: {conversationId: $id}) { errors { code } invite { code } } }"
EVENTS = """subscription($after: Cursor) { events(after: $after, kinds: [CONVERSATION_CHANGED, MESSAGE_RECEIVED]) {
  __typename ... on ConversationChanged { conversation { avatar { id } } actor { id } }
  ... on MessageReceived { message { conversation { avatar { id } } systemNotice { kind value actor { id } } } } } }"""
KINDS = pytest.mark.parametrize("kind", ["GROUP", "BROADCAST"])


async def make_picture(owner, **more: object) -> str:
    return await make_avatar(owner, **{"purpose": "GROUP_AVATAR", **more})


async def seen(person, chat: str, media_id: str) -> tuple[str | None, bool]:
    """The avatar of the conversation, and whether the file is there by its id."""
    data = await person.query(SEEN, id=chat, file=media_id)
    conversation = data["conversation"] or {}
    return (conversation.get("avatar") or {}).get("id"), data["node"] is not None


async def told(person, after: str) -> list[dict]:
    found = []
    async with person.subscribe(EVENTS, after=after) as events:
        while (event := await events.next())["__typename"] != "CursorMoved":
            found.append(event)
    return found


@KINDS
async def test_set_at_the_start_changed_and_taken_away(alice, bob, kind):
    field = kind.lower()
    first, second = await make_picture(alice), await make_picture(alice)
    started = (await alice.mutate(CREATE[kind], input={"title": "T", "memberIds": [bob.id], "avatarId": first}))[field]
    assert started["avatar"] == {"id": first}
    assert await seen(bob, started["id"], first) == (first, True)

    assert (await alice.mutate(SET[kind], id=started["id"], avatar=second))[field]["avatar"] == {"id": second}
    assert await seen(bob, started["id"], second) == (second, True)
    assert await seen(bob, started["id"], first) == (second, False)
    await alice.mutate(SET[kind], id=started["id"])
    assert await seen(bob, started["id"], second) == (second, True)
    assert (await alice.mutate(SET[kind], id=started["id"], avatar=None))[field]["avatar"] is None
    assert await seen(bob, started["id"], second) == (None, False)


@KINDS
async def test_all_are_told_once_with_a_notice(alice, bob, kind):
    chat, media_id = await START[kind](alice, bob), await make_picture(alice)
    cursors = await alice.cursor(), await bob.cursor()
    async with bob.subscribe(EVENTS) as live:
        await live.until("CursorMoved")
        for _ in range(2):  # the same again changes nothing
            await alice.mutate(SET[kind], id=chat, avatar=media_id)
        events = [await live.next(), await live.next()]

    avatar, actor = {"id": media_id}, {"id": alice.id}
    notice = {"kind": "AVATAR_CHANGED", "value": None, "actor": actor}
    assert events == [
        {"__typename": "ConversationChanged", "conversation": {"avatar": avatar}, "actor": actor},
        {"__typename": "MessageReceived", "message": {"conversation": {"avatar": avatar}, "systemNotice": notice}},
    ]
    assert [await told(p, c) for p, c in zip((alice, bob), cursors, strict=True)] == [events, events]


@KINDS
async def test_what_is_no_avatar_is_refused(alice, bob, kind):
    chat = await START[kind](alice, bob)
    foreign, cases = await make_picture(bob), list(NOT_FITTING)
    files = [(await make_picture(alice, **more), code) for more, code in cases]
    files += [(media_id, "NOT_FOUND") for media_id in (foreign, unknown_id("med"), "nonsense", "", alice.id)]
    files.append((await make_picture(alice, purpose="AVATAR"), "INVALID"))
    before, conversations = await stored(chat), await conversations_of(alice)
    for media_id, code in files:
        new = {"title": "T", "memberIds": [bob.id], "avatarId": media_id}
        for errors in (
            await alice.refused(SET[kind], id=chat, avatar=media_id),
            await alice.refused(CREATE[kind], input=new),
        ):
            assert [(e["code"], e["field"]) for e in errors] == [(code, ["input", "avatarId"])]
    assert await stored(chat) == before
    assert await conversations_of(alice) == conversations


async def test_info_is_changed_by_whom_the_permissions_name(alice, bob, carol):
    group = await create_group(alice, bob, carol)
    await make_admin(group, bob)
    for required, allowed in (("ADMIN", (alice, bob)), ("OWNER", (alice,)), ("MEMBER", (alice, bob, carol))):
        await alice.mutate(UPDATE, groupId=group, permissions={"whoCanEditInfo": required})
        for person in (alice, bob, carol):
            media_id = await make_picture(person)
            if person in allowed:
                await person.mutate(SET["GROUP"], id=group, avatar=media_id)
                continue
            before = await stored(group)
            for avatar in (media_id, None):
                errors = await person.refused(SET["GROUP"], id=group, avatar=avatar)
                assert [e["code"] for e in errors] == ["FORBIDDEN"]
            assert await stored(group) == before


async def test_a_broadcasts_is_its_staffs(alice, bob):
    chat, media_id = await create_broadcast(alice, bob), await make_picture(bob)
    before = await stored(chat)
    assert [e["code"] for e in await bob.refused(SET["BROADCAST"], id=chat, avatar=media_id)] == ["FORBIDDEN"]
    assert await stored(chat) == before
    await make_admin(chat, bob)
    await bob.mutate(SET["BROADCAST"], id=chat, avatar=media_id)
    assert await seen(alice, chat, media_id) == (media_id, True)


@KINDS
async def test_who_left_and_strangers_see_nothing(alice, bob, carol, kind):
    chat, old, new = await START[kind](alice, bob), await make_picture(alice), await make_picture(alice)
    cursor = await bob.cursor()
    await alice.mutate(SET[kind], id=chat, avatar=old)
    await bob.mutate(LEAVE, conversationId=chat)
    assert await seen(bob, chat, old) == await seen(carol, chat, old) == (None, False)
    assert (await told(bob, cursor))[0]["conversation"]["avatar"] == {"id": old}

    await alice.mutate(SET[kind], id=chat, avatar=new)
    assert [event for event in await told(bob, cursor) if new in str(event)] == []
    assert (await told(bob, cursor))[0]["conversation"]["avatar"] is None
    for person in (bob, carol):
        assert (await seen(person, chat, new))[1] is False


async def test_an_invite_shows_it_to_who_may_join(alice, bob, carol):
    group, media_id = await create_group(alice, bob), await make_picture(alice)
    code = (await alice.mutate(INVITE, id=group))["invite"]["code"]
    assert (await carol.query(PREVIEW, code=code))["invitePreview"] == {"avatar": None}
    await alice.mutate(SET["GROUP"], id=group, avatar=media_id)
    shown = {"avatar": {"id": media_id, "mimeType": "application/x-test"}}
    assert (await carol.query(PREVIEW, code=code))["invitePreview"] == shown
    await alice.mutate(REMOVE, conversationId=group, userId=bob.id)
    assert (await bob.query(PREVIEW, code=code))["invitePreview"] is None


async def test_one_row_or_many_cost_the_same_statements(alice, bob, person):
    plain = "{ viewer { conversations(first: 50) { nodes { id title } } } }"
    with_avatars = "{ viewer { conversations(first: 50) { nodes { id title avatar { id } } } } }"

    async def costs(document: str) -> int:
        async with statements() as found:
            await alice.query(document)
        return len(found)

    async def add(other) -> None:
        profile = "mutation($id: ID!) { updateProfile(input: {avatarId: $id}) { errors { code } } }"
        await other.mutate(profile, id=await make_avatar(other))
        await start_direct(alice, other)
        for kind in SET:
            await alice.mutate(SET[kind], id=await START[kind](alice, other), avatar=await make_picture(alice))

    await add(bob)
    few = [await costs(plain), await costs(with_avatars)]
    for number in range(8):
        await add(await person(f"p{number}"))
    assert [await costs(plain), await costs(with_avatars)] == few
    nodes = (await alice.query(with_avatars))["viewer"]["conversations"]["nodes"]
    assert len(nodes) == 27
    assert all(node["avatar"] for node in nodes)


async def test_a_file_that_is_gone_is_no_avatar(alice, bob):
    group, media_id = await create_group(alice, bob), await make_picture(alice)
    await alice.mutate(SET["GROUP"], id=group, avatar=media_id)
    await db.execute("DELETE FROM media WHERE purpose = 'GROUP_AVATAR'")
    assert await seen(alice, group, media_id) == (None, False)
