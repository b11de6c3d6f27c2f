"""A person's profile: what updateProfile changes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from tortoise.exceptions import IntegrityError

from app.accounts.acquaintances import TellProfile
from app.accounts.audit import AuditAction, note
from app.accounts.avatars import NewAvatar, check_avatar, drop_later
from app.accounts.identifiers import Identifier, check_display_name, check_username
from app.accounts.kept_profiles import keep_profile
from app.accounts.loaders import load_users
from app.accounts.search import index_names
from app.accounts.sessions import lock_user
from app.accounts.usernames import check_username_free, hold_username, username_taken
from app.accounts.viewer_changes import ViewerChange, record_viewer_change
from app.core import db, log
from app.core.clock import now
from app.core.errors import SessionRevokedError
from app.core.jobs import enqueue
from app.core.runtime import current
from app.core.text import check_text
from app.core.viewer import Viewer

# What others see, and the audience (a field of Privacy) of what not everybody does.
_SHOWN = {"username": None, "display_name": None, "bio": "bio", "avatar_id": "profile_photo"}


class Gender(StrEnum):
    """What a person says about themself, to themself."""

    FEMALE = "FEMALE"
    MALE = "MALE"
    OTHER = "OTHER"
    UNSPECIFIED = "UNSPECIFIED"


@dataclass(slots=True, frozen=True)
class ProfileChange:
    """New values, as typed; None keeps the old one. An empty bio clears it."""

    username: str | None = None
    display_name: str | None = None
    bio: str | None = None
    gender: Gender | None = None
    avatar: NewAvatar | None = None


async def update_profile(viewer: Viewer, change: ProfileChange) -> None:
    """Changes the given parts, and ends the profile set-up even when none is given.

    Raises INVALID or TOO_LONG with the field, USERNAME_TAKEN (also by who gave it up in the last 7 days), RATE_LIMITED
    for too many new usernames, NOT_FOUND for an avatar that is no file of theirs, INVALID for one that is no picture
    uploaded for this, and ready.
    """
    settings = current().settings.accounts
    username = check_username(change.username, settings) if change.username is not None else None
    values: dict[str, Any] = {}
    if change.display_name is not None:
        values["display_name"] = check_display_name(change.display_name, settings)
    if change.bio is not None:
        values["bio"] = check_text(change.bio, field=("bio",), limit=settings.bio_length, empty=None) or None
    if change.gender is not None:
        values["gender"] = change.gender.value
    if change.avatar is not None:
        values["avatar_id"] = change.avatar.media_id
    if username is not None and await _is_new(viewer.user_id, username):
        await check_username_free(username, viewer.user_id)  # a wrong guess must not use up a change
        await current().limits.admit("usernameChange", viewer=viewer)
    try:
        await _update(viewer.user_id, username, values)
    except IntegrityError:  # somebody else was a moment earlier
        raise username_taken() from None


async def _is_new(user_id: UUID, username: Identifier) -> bool:
    account = await db.row("SELECT username_key FROM user_account WHERE id = $1", user_id)
    return account is not None and account["username_key"] != username.key


@db.retried
async def _update(user_id: UUID, username: Identifier | None, values: dict[str, Any]) -> None:
    async with log.transaction():
        await lock_user(user_id)
        old = await db.row(
            "SELECT username, username_key, display_name, bio, gender, avatar_id, needs_profile_setup"
            " FROM user_account WHERE id = $1 AND deleted_at IS NULL",
            user_id,
        )
        if old is None:  # erased while this waited: nothing may be written of them any more
            raise SessionRevokedError
        changed = {name: value for name, value in values.items() if old[name] != value}
        if username is not None and username.text != old["username"]:
            changed |= {"username": username.text, "username_key": username.key}
        if not changed and not old["needs_profile_setup"]:
            return
        if changed.get("avatar_id") is not None:
            await check_avatar(user_id, changed["avatar_id"])
        if "avatar_id" in changed:
            await drop_later(old["avatar_id"])
        columns = {**changed, "needs_profile_setup": False, "updated_at": now()}
        (person,) = await load_users([user_id])
        if person and changed.keys() & _SHOWN.keys() and await keep_profile(person):
            columns["has_kept_profile"] = True
        names = ", ".join(f"{name} = ${n}" for n, name in enumerate(columns, 2))
        await db.execute(f"UPDATE user_account SET {names} WHERE id = $1", user_id, *columns.values())
        if username is not None and username.key != old["username_key"]:
            await hold_username(user_id, old["username_key"])
            # Only now: who gave it up may have been what the update waited for.
            await check_username_free(username, user_id)
            await note(user_id, AuditAction.USERNAME_CHANGED, by=user_id)
        if changed.keys() & {"username", "display_name"}:
            called = {**old, **changed}
            await index_names(user_id, called["username"], called["display_name"])
        record_viewer_change(user_id, ViewerChange.PROFILE)
        if shown := changed.keys() & _SHOWN.keys():
            audiences = [audience for name in sorted(shown) if (audience := _SHOWN[name])]
            await enqueue(TellProfile(str(user_id), audiences if len(audiences) == len(shown) else ()))
