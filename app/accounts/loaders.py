"""People as everybody may read them, many at once: what higher domains load users through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from app.core import db
from app.core.bus_codec import travels
from app.core.records import record


class UserRole(StrEnum):
    """What somebody may do on this server."""

    USER = "USER"
    MODERATOR = "MODERATOR"
    ADMIN = "ADMIN"


_DELETED = "Deleted account"


@record(slots=True, frozen=True)
class UserRow:
    """The public part of an account. Nothing here is private to its owner (no e-mail, no phone number)."""

    id: UUID
    username: str
    display_name: str
    bio: str | None
    role: str
    deleted_at: datetime | None
    # Somebody sees other names and another bio (kept_profiles.py); then readers ask for whom they read.
    has_kept_profile: bool = False
    avatar_id: UUID | None = None

    @property
    def shown_name(self) -> str:
        """What others read: the display name, as long as there is an account."""
        return _DELETED if self.deleted_at else self.display_name


travels(UserRow)


def carried_user(value: Any) -> UserRow:
    """Somebody whose row an event carries: as it is, or packed by another process, of another release too."""
    return value if type(value) is UserRow else UserRow(*(value[name] for name in _NAMES))


_NAMES = tuple(field.name for field in fields(UserRow))


def user_columns(user: str, prefix: str) -> list[str]:
    """SQL: the columns of an account that is joined under this name, as `user_beside` takes them."""
    return [f"{user}.{name} AS {prefix}{name}" for name in _NAMES]


# Of a statement about something else, `join_user` among its joins, for `user_beside`.
USER_COLUMNS = ", ".join(user_columns("u", "u_"))
USER_WIDTH = len(_NAMES)
_NAME, _DELETED_AT, _KEPT, _AVATAR = map(
    _NAMES.index, ("display_name", "deleted_at", "has_kept_profile", "avatar_id")
)  # fmt: skip


def join_user(user_id: str, user: str = "u") -> str:
    """SQL: a join with the account of this column, if there is one, under a name."""
    return f" LEFT JOIN user_account {user} ON {user}.id = {user_id}"


def user_beside(values: Sequence[Any]) -> UserRow | None:
    """The person of the values of USER_COLUMNS; None where the join found nobody."""
    return None if values[0] is None else UserRow(*values)


def name_beside(values: Sequence[Any], start: int) -> str | None:
    """What everybody reads as the name of the person whose USER_COLUMNS stand there; None where the join found nobody,
    or it depends on who is looking."""
    if values[start] is None or values[start + _KEPT]:
        return None
    return _DELETED if values[start + _DELETED_AT] else values[start + _NAME]


def is_bare_beside(values: Sequence[Any], start: int) -> bool:
    """The same of whether everybody sees that the person has no avatar."""
    return values[start] is not None and values[start + _AVATAR] is None and not values[start + _KEPT]


def people_text(ids: str) -> str:
    """SQL: a text of all that `UserRow` holds of these people (a placeholder of their ids): another as soon as any of
    it changes. NULL for nobody."""
    columns = ", ".join(f"u.{name}" for name in _NAMES)
    if db.is_postgres():
        return (
            f"(SELECT string_agg(ROW({columns})::text, '' ORDER BY u.id) FROM user_account u"
            f" WHERE u.id = ANY({ids}::uuid[]))"
        )
    return (
        f"(SELECT group_concat(json_array({columns}), '') FROM (SELECT * FROM user_account WHERE id = ANY({ids})"
        " ORDER BY id) u)"
    )


async def load_users(ids: Sequence[UUID]) -> list[UserRow | None]:
    """The people with these ids, in the order asked; None for an unknown one. Deleted accounts have `deleted_at`."""
    found = await db.rows(
        "SELECT id, username, display_name, bio, role, deleted_at, has_kept_profile, avatar_id"
        " FROM user_account WHERE id = ANY($1::uuid[])",
        list(ids),
    )
    people = {row["id"]: UserRow(*row.values()) for row in found}
    return [people.get(user_id) for user_id in ids]


async def load_people(ids: Sequence[UUID]) -> tuple[dict[UUID, UserRow], str | None]:
    """People, and the `people_text` of them at the same moment: what is named by it is never another state of them."""
    if not ids:
        return {}, None
    found = await db.rows(
        f"SELECT {people_text('$1')} AS people, {', '.join(_NAMES)} FROM user_account WHERE id = ANY($1::uuid[])",
        list(ids),
    )
    people = {row["id"]: UserRow(*values) for row, (_, *values) in zip(found, db.by_place(found), strict=True)}
    return people, found[0]["people"] if found else None


async def find_people_by_name(ids: Sequence[UUID], text: str) -> set[UUID]:
    """Those of the people whose display name or username has the text anywhere in it, whatever the case."""
    wanted = text.casefold()
    people = await load_users(ids)
    return {p.id for p in people if p and (wanted in p.display_name.casefold() or wanted in p.username.casefold())}


async def find_user(username: str) -> UserRow | None:
    """The person with this username, whatever its case; None when there is none, or the account was deleted."""
    if not username.isascii() or "\x00" in username:  # no username, and not all of it fit for a database
        return None
    found = await db.row("SELECT id FROM user_account WHERE username_key = $1 AND deleted_at IS NULL", username.lower())
    return (await load_users([found["id"]]))[0] if found else None


@dataclass(slots=True, frozen=True)
class AccountRow:
    """What only the person themself may see of their account."""

    id: UUID
    email: str | None
    email_verified: bool
    phone_number: str | None
    phone_verified: bool
    role: str
    has_password: bool
    needs_profile_setup: bool
    gender: str


async def load_accounts(ids: Sequence[UUID]) -> list[AccountRow | None]:
    """The own accounts of these people, in the order asked; None for an unknown one."""
    found = await db.rows(
        "SELECT id, email, email_verified, phone_number, phone_verified, role, needs_profile_setup, gender,"
        " password_hash IS NOT NULL AS has_password FROM user_account WHERE id = ANY($1::uuid[])",
        list(ids),
    )
    flags = ("email_verified", "phone_verified", "has_password", "needs_profile_setup")  # SQLite has 0 and 1
    accounts = {row["id"]: AccountRow(**{**row, **{f: bool(row[f]) for f in flags}}) for row in found}
    return [accounts.get(user_id) for user_id in ids]
