"""Files in the copy of somebody's data, and what becomes of them with the account."""

from __future__ import annotations

from app.core import db
from app.core.graphql.ids import decode_id
from tests.accounts.test_delete_account import erase
from tests.accounts.test_request_data_export import exported, records_of
from tests.contacts.documents import BLOCK, UNBLOCK
from tests.conversations.documents import LEAVE, create_group
from tests.exports import download
from tests.media.files import make_media
from tests.media.test_avatars import SET as WEAR
from tests.media.test_avatars import wear
from tests.media.test_group_avatars import SET, make_picture, seen
from tests.messages.test_attachments import MESSAGE, send_files

PERSON = "query($id: ID!) { user(id: $id) { isDeleted avatar { id } } }"


async def stored(*media_ids: str) -> list[bool | None]:
    """Of each file whether it has an owner; None: it is deleted."""
    found = await db.rows("SELECT id, owner_id FROM media")
    owned = {row["id"]: row["owner_id"] is not None for row in found}
    return [owned.get(decode_id("med", media_id)) for media_id in media_ids]


async def test_what_nothing_refers_to_goes_with_the_account(alice, bob, worker):
    group = await create_group(alice, bob)
    avatar, picture, sent = await wear(alice), await make_picture(alice), await make_media(alice)
    unused = [await make_media(alice), await make_picture(alice)]
    other = await make_media(bob)
    await alice.mutate(SET["GROUP"], id=group, avatar=picture)
    attached = await send_files(alice, group, {"mediaId": sent})

    await erase(alice, worker)

    assert (await bob.query(PERSON, id=alice.id))["user"] == {"isDeleted": True, "avatar": None}
    assert await seen(bob, group, picture) == (picture, True)
    assert (await bob.query(MESSAGE, id=attached["id"]))["message"]["attachments"][0]["media"]["id"] == sent
    assert await stored(avatar, picture, sent, *unused, other) == [None, False, False, None, None, True]


async def test_deleted_messages_hold_no_files(alice, bob, worker):
    group, sent = await create_group(alice, bob), await make_media(alice)
    await send_files(alice, group, {"mediaId": sent})
    await erase(alice, worker, messages="DELETE")
    assert await stored(sent) == [None]


async def test_an_avatar_kept_for_the_blocked_goes_too(alice, bob, worker):
    old = await wear(alice)
    await alice.mutate(BLOCK, userId=bob.id)
    await wear(alice)
    assert (await bob.query(PERSON, id=alice.id))["user"]["avatar"] == {"id": old}
    await erase(alice, worker)
    assert (await bob.query(PERSON, id=alice.id))["user"]["avatar"] is None
    assert await stored(old) == [None]


async def a_day_later(worker) -> None:
    await db.execute("UPDATE job SET run_at = created_at WHERE name = 'media.drop_avatar'")
    await worker.drain()


async def test_a_replaced_avatar_goes_after_a_day(alice, worker):
    first, second = await wear(alice), await wear(alice)
    await worker.drain()
    assert await stored(first, second) == [True, True]
    await alice.mutate(WEAR, input={"avatarId": first})

    await a_day_later(worker)

    assert await stored(first, second) == [True, None]
    await alice.mutate(WEAR, input={"avatarId": None})
    await a_day_later(worker)
    assert await stored(first) == [None]


async def test_a_replaced_avatar_stays_while_a_block_shows_it(alice, bob, worker):
    old = await wear(alice)
    await alice.mutate(BLOCK, userId=bob.id)
    await wear(alice)
    await a_day_later(worker)
    assert (await bob.query(PERSON, id=alice.id))["user"]["avatar"] == {"id": old}
    await alice.mutate(UNBLOCK, userId=bob.id)
    await a_day_later(worker)
    assert await stored(old) == [None]


async def test_a_groups_replaced_avatar_goes_unless_another_group_has_it(alice, bob, worker):
    groups = [await create_group(alice, bob) for _ in range(2)]
    shared, alone, last = [await make_picture(alice) for _ in range(3)]
    await alice.mutate(SET["GROUP"], id=groups[0], avatar=shared)
    for picture in (shared, alone, last):
        await alice.mutate(SET["GROUP"], id=groups[1], avatar=picture)

    await a_day_later(worker)

    assert await stored(shared, alone, last) == [True, None, True]


async def test_the_copy_names_avatars(server, alice, bob, worker):
    avatar, picture = await wear(alice), await make_picture(bob)
    for title in ("in", "left"):
        group = await create_group(bob, alice, title=title)
        await bob.mutate(SET["GROUP"], id=group, avatar=picture)
    await alice.mutate(LEAVE, conversationId=group)

    files = records_of(await download(server, (await exported(alice, worker))["downloadUrl"]))

    assert files["viewer"][0]["user"]["avatar"] == {"__typename": "Media", "id": avatar}
    assert [file["id"] for file in files["media"]] == [avatar]
    avatars = {c["title"]: c["avatar"] for c in files["conversations"]}
    assert avatars == {"in": {"__typename": "Media", "id": picture}, "left": None}
