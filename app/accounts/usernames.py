"""Usernames given up: held for a while for who had them, so that nobody else is taken for that person."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from app.accounts.identifiers import Identifier
from app.core import db
from app.core.clock import now
from app.core.errors import ErrorCode, UserFault
from app.core.runtime import current

_NOBODY = UUID(int=0)


async def hold_username(user_id: UUID, username_key: str) -> None:
    """Inside a transaction: keeps the name for who gives it up, for `username_hold_days`."""
    until = now() + timedelta(days=current().settings.accounts.username_hold_days)
    await db.execute(
        "INSERT INTO username_hold (username_key, user_id, until) VALUES ($1, $2, $3)"
        " ON CONFLICT (username_key) DO UPDATE SET user_id = excluded.user_id, until = excluded.until",
        username_key, user_id, until,
    )  # fmt: skip


async def check_username_free(username: Identifier, user_id: UUID = _NOBODY) -> None:
    """Raises USERNAME_TAKEN when somebody but this person has the name, or gave it up less than 7 days ago."""
    taken = await db.row(
        "SELECT 1 AS taken FROM user_account WHERE username_key = $1 AND id <> $2"
        " UNION ALL SELECT 1 FROM username_hold WHERE username_key = $1 AND user_id <> $2 AND until > $3",
        username.key, user_id, now(),
    )  # fmt: skip
    if taken:
        raise username_taken()


def username_taken() -> UserFault:
    """The one answer for a name somebody has, or had until a moment ago."""
    return UserFault(ErrorCode.USERNAME_TAKEN, "Somebody has this username.", field=("username",))
