"""Files as avatars: which may become one, and who sees a person's."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from app.accounts.avatars import DropAvatar, checks_avatars, drop_later, unknown_file
from app.accounts.kept_profiles import as_seen, keeps_avatar, load_kept_profiles
from app.accounts.loaders import load_users
from app.accounts.privacy import let_in_pairs
from app.core import db, log
from app.core.errors import ErrorCode, UserFault
from app.core.jobs import job
from app.core.runtime import current
from app.media.access import find_held, shows_media
from app.media.records import MEDIA_COLUMNS, MediaKind, MediaState, UploadPurpose, load_media, media_from


@checks_avatars
async def check_own_avatar(user_id: UUID, media_id: UUID) -> None:
    """As `check_picture`, for a person's own avatar."""
    await check_picture(user_id, media_id, UploadPurpose.AVATAR)


async def check_picture(owner_id: UUID, media_id: UUID, purpose: UploadPurpose) -> None:
    """Inside the transaction that makes the file an avatar; until its end nobody deletes the file.

    Raises NOT_FOUND for what is not the person's own, INVALID for what is not ready, meant for something else, or no
    picture, TOO_LARGE.
    """
    field = ("avatarId",)
    found = await db.row(
        f"SELECT {MEDIA_COLUMNS} FROM media WHERE id = $1 AND owner_id = $2 FOR NO KEY UPDATE", media_id, owner_id
    )
    if found is None:
        raise unknown_file()
    row = media_from(found)
    if row.state is not MediaState.READY:
        raise UserFault(ErrorCode.INVALID, "This file is not ready: finish its upload first.", field=field)
    if row.purpose is not purpose:
        raise UserFault(ErrorCode.INVALID, "This file was uploaded for something else.", field=field)
    if row.kind is not MediaKind.IMAGE:
        raise UserFault(ErrorCode.INVALID, "Only a picture can be an avatar.", field=field)
    most = current().settings.media.avatar_bytes
    if row.size_bytes > most:
        raise UserFault(ErrorCode.TOO_LARGE, f"An avatar has at most {most} bytes.", field=field, limit=most)


@job("media.drop_avatar")
async def drop_avatar(work: DropAvatar) -> None:
    """Deletes a picture that was replaced. The full lock: whoever is about to wear it waits, or is seen by the next
    statement. While somebody goes on seeing it (a block), it is looked at again every day."""
    media_id = UUID(work.media_id)
    async with log.transaction():
        await db.rows("SELECT id FROM media WHERE id = $1 FOR UPDATE", media_id)
        (row,) = await load_media([media_id])
        if row is None or await find_held([media_id]):
            return
        (owner,) = await load_users([row.owner_id]) if row.owner_id else (None,)
        if owner and owner.avatar_id == media_id:
            return
        if owner and await keeps_avatar(owner.id, media_id):
            await drop_later(media_id)
            return
        await db.execute("DELETE FROM media WHERE id = $1", media_id)


@shows_media
async def _shows_avatars(pairs: Sequence[tuple[UUID, UUID]]) -> list[bool]:
    """Whether the file is the avatar of its owner that the viewer sees."""
    media_ids = list({media_id for _, media_id in pairs})
    files = [row for row in await load_media(media_ids) if row and row.purpose is UploadPurpose.AVATAR]
    owners = {row.id: row.owner_id for row in files if row.owner_id is not None}
    asked = {(viewer_id, media_id): owners[media_id] for viewer_id, media_id in pairs if media_id in owners}
    if not asked:
        return [False] * len(pairs)
    people = {person.id: person for person in await load_users(list(set(asked.values()))) if person}
    looks = [(owner_id, viewer_id) for (viewer_id, _), owner_id in asked.items() if people[owner_id].has_kept_profile]
    kept = dict(zip(looks, await load_kept_profiles(looks), strict=True)) if looks else {}
    shown = {
        (viewer_id, media_id): (owner_id, viewer_id)
        for (viewer_id, media_id), owner_id in asked.items()
        if as_seen(people[owner_id], kept.get((owner_id, viewer_id))).avatar_id == media_id
    }
    let_in = await let_in_pairs("profile_photo", shown.values())
    return [shown.get(pair) in let_in for pair in pairs]
