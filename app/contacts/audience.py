"""What contacts tell accounts: who is whose contact (privacy settings ask), who hears of a changed profile, and who
must not."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from app.accounts.acquaintances import knows_people, withholds_people
from app.accounts.privacy import contacts_are
from app.contacts.blocks import blocked_either_way
from app.contacts.loaders import Pair, load_mutual
from app.core import db


@contacts_are
async def are_contacts(pairs: Sequence[Pair]) -> list[bool]:
    """(owner, other) → whether the owner has the other among their contacts, as the other may know it."""
    return await load_mutual([(other, owner) for owner, other in pairs])


@knows_people
async def find_owners(user_id: UUID, after: UUID, limit: int) -> Sequence[UUID]:
    """Who has the person as a contact."""
    found = await db.rows(
        "SELECT owner_id FROM contact WHERE user_id = $1 AND removed_at IS NULL AND owner_id > $2"
        " ORDER BY owner_id LIMIT $3",
        user_id, after, limit,
    )  # fmt: skip
    return [row["owner_id"] for row in found]


@withholds_people
async def find_kept_from(user_id: UUID, people: Sequence[UUID]) -> set[UUID]:
    """Those whom the person blocks see no update, and nothing arrives at those who block."""
    return await blocked_either_way(user_id) & set(people)
