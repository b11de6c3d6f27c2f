"""Who blocks whom. A block is known to the blocker alone; what it does to others' views is written where they look.

reliability.md, section 7: the blocked person sees somebody who gives no answer, the blocker gets nothing that was sent
meanwhile, not even after unblocking. The blocker's name, bio and avatar stand still for the blocked.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from app.accounts.kept_profiles import KeptProfile, keeps_profiles, kept_profiles_are, knows_kept_avatars
from app.accounts.loaders import UserRow
from app.core import db
from app.core.errors import ErrorCode, UserFault


async def has_blocked(blocker_id: UUID, blocked_id: UUID) -> bool:
    """Whether the first blocks the second."""
    found = await db.row("SELECT 1 AS one FROM block WHERE blocker_id = $1 AND blocked_id = $2", blocker_id, blocked_id)
    return found is not None


async def check_not_blocking(viewer_id: UUID, user_id: UUID, *, field: str) -> None:
    """Raises FORBIDDEN while the viewer blocks the person."""
    if await has_blocked(viewer_id, user_id):
        raise UserFault(ErrorCode.FORBIDDEN, "You block this person: unblock them first.", field=(field,))


async def load_blocks(pairs: Sequence[tuple[UUID, UUID]]) -> list[bool]:
    """(blocker, blocked) → whether it is so."""
    asked = db.table("v", {"blocker_id": "uuid", "blocked_id": "uuid"})
    found = await db.rows(
        f"SELECT b.blocker_id, b.blocked_id FROM {asked} JOIN block b"
        " ON b.blocker_id = v.blocker_id AND b.blocked_id = v.blocked_id",
        *db.table_args(list(pairs)),
    )
    there = {(row["blocker_id"], row["blocked_id"]) for row in found}
    return [pair in there for pair in pairs]


async def blocks_among(user_ids: Sequence[UUID]) -> set[tuple[UUID, UUID]]:
    """(blocker, blocked) of every block between these people."""
    found = await db.rows(
        "SELECT blocker_id, blocked_id FROM block WHERE blocker_id = ANY($1::uuid[]) AND blocked_id = ANY($1::uuid[])",
        list(user_ids),
    )
    return {(row["blocker_id"], row["blocked_id"]) for row in found}


async def blockers_among(user_ids: Sequence[UUID], of: UUID) -> set[UUID]:
    """Those of the people who block the person."""
    found = await db.rows(
        "SELECT blocker_id FROM block WHERE blocked_id = $1 AND blocker_id = ANY($2::uuid[])", of, list(user_ids)
    )
    return {row["blocker_id"] for row in found}


@keeps_profiles
async def keep_profile(person: UserRow) -> bool:
    """Whom the person blocks goes on seeing the profile of the first change since the block."""
    await db.execute(
        "UPDATE block SET kept_display_name = $1, kept_username = $2, kept_bio = $3,"
        " kept_avatar_id = $4 WHERE blocker_id = $5 AND kept_display_name IS NULL",
        person.display_name,
        person.username,
        person.bio,
        person.avatar_id,
        person.id,
    )
    return await db.row("SELECT 1 AS one FROM block WHERE blocker_id = $1 LIMIT 1", person.id) is not None


@kept_profiles_are
async def load_kept(pairs: Sequence[tuple[UUID, UUID]]) -> list[KeptProfile | None]:
    """(blocker, blocked) → the blocker's profile as the blocked goes on seeing it."""
    found = await db.rows(
        "SELECT blocker_id, blocked_id, kept_username, kept_display_name, kept_bio, kept_avatar_id FROM block"
        " WHERE blocker_id = ANY($1::uuid[]) AND blocked_id = ANY($2::uuid[]) AND kept_display_name IS NOT NULL",
        list({blocker for blocker, _ in pairs}),
        list({blocked for _, blocked in pairs}),
    )
    kept = {
        (row["blocker_id"], row["blocked_id"]): KeptProfile(
            row["kept_username"], row["kept_display_name"], row["kept_bio"], row["kept_avatar_id"]
        )
        for row in found
    }
    return [kept.get(pair) for pair in pairs]


@knows_kept_avatars
async def keeps_avatar(person_id: UUID, media_id: UUID) -> bool:
    sql = "SELECT 1 AS one FROM block WHERE blocker_id = $1 AND kept_avatar_id = $2 LIMIT 1"
    return await db.row(sql, person_id, media_id) is not None


async def blocked_either_way(user_id: UUID) -> set[UUID]:
    """Everybody whom the person blocks, or who blocks them: no search of theirs finds these."""
    found = await db.rows(
        "SELECT blocked_id AS other FROM block WHERE blocker_id = $1"
        " UNION SELECT blocker_id AS other FROM block WHERE blocked_id = $1",
        user_id,
    )
    return {UUID(str(row["other"])) for row in found}
