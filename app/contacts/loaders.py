"""Batch functions: what somebody is to the viewer, for many people in one statement. Keys are (viewer, person)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from app.contacts.blocks import load_blocks
from app.contacts.records import (
    CONTACT_COLUMNS,
    REQUEST_COLUMNS,
    ContactRow,
    Relationship,
    RequestRow,
    contact_from,
    request_from,
)
from app.core import db

Pair = tuple[UUID, UUID]


async def load_contacts(pairs: Sequence[Pair]) -> list[ContactRow | None]:
    """(owner, person) → the contact."""
    found = await db.rows(
        f"SELECT {CONTACT_COLUMNS} FROM contact k WHERE k.owner_id = ANY($1::uuid[]) AND k.user_id = ANY($2::uuid[])"
        " AND k.removed_at IS NULL",
        list({owner for owner, _ in pairs}),
        list({person for _, person in pairs}),
    )
    contacts = {(row["owner_id"], row["user_id"]): contact_from(row) for row in found}
    return [contacts.get(pair) for pair in pairs]


async def load_contact_ids(owner_ids: Sequence[UUID]) -> list[frozenset[UUID]]:
    """Owner → everybody among their contacts."""
    found = await db.rows(
        "SELECT owner_id, user_id FROM contact WHERE owner_id = ANY($1::uuid[]) AND removed_at IS NULL",
        list(set(owner_ids)),
    )
    people: dict[UUID, set[UUID]] = defaultdict(set)
    for row in found:
        people[row["owner_id"]].add(row["user_id"])
    return [frozenset(people[owner_id]) for owner_id in owner_ids]


async def load_mutual(pairs: Sequence[Pair]) -> list[bool]:
    """(owner, person) → whether the person has the owner among their contacts, as the owner may know it."""
    # Joined pair by pair: two lists of ids would find all contacts of everybody among everybody.
    asked = db.table("v", {"owner_id": "uuid", "user_id": "uuid"})
    found = await db.rows(
        f"SELECT k.owner_id, k.user_id FROM {asked} JOIN contact k"
        " ON k.owner_id = v.owner_id AND k.user_id = v.user_id",
        *db.table_args([(person, owner) for owner, person in pairs]),
    )
    there = {(row["user_id"], row["owner_id"]) for row in found}
    return [pair in there for pair in pairs]


async def load_requests(ids: Sequence[UUID]) -> list[RequestRow | None]:
    """Requests by their ids, whoever asks: `is_visible_to` decides."""
    found = await db.rows(f"SELECT {REQUEST_COLUMNS} FROM contact_request r WHERE r.id = ANY($1::uuid[])", list(ids))
    by_id = {row["id"]: request_from(row) for row in found}
    return [by_id.get(request_id) for request_id in ids]


async def load_own_contacts(keys: Sequence[tuple[UUID, UUID]]) -> list[ContactRow | None]:
    """(owner, contact id) → the contact, None for somebody else's."""
    found = await db.rows(
        f"SELECT {CONTACT_COLUMNS} FROM contact k WHERE k.id = ANY($1::uuid[]) AND k.removed_at IS NULL",
        list({contact_id for _, contact_id in keys}),
    )
    contacts = {(row["owner_id"], row["id"]): contact_from(row) for row in found}
    return [contacts.get(key) for key in keys]


async def load_relationships(pairs: Sequence[Pair]) -> list[Relationship]:
    """(viewer, person) → what the person is to the viewer. Three statements, however many pairs."""
    blocks = await load_blocks(pairs)
    contacts = await load_contacts(pairs)
    found = await db.rows(
        "SELECT sender_id, recipient_id, is_hidden FROM contact_request WHERE state = 'PENDING'"
        " AND ((sender_id = ANY($1::uuid[]) AND recipient_id = ANY($2::uuid[]))"
        " OR (sender_id = ANY($2::uuid[]) AND recipient_id = ANY($1::uuid[])))",
        list({viewer for viewer, _ in pairs}),
        list({person for _, person in pairs}),
    )
    sent = {(row["sender_id"], row["recipient_id"]) for row in found}
    received = {(row["recipient_id"], row["sender_id"]) for row in found if not row["is_hidden"]}

    def relationship(pair: Pair, is_blocked: bool, contact: ContactRow | None) -> Relationship:
        if is_blocked:
            return Relationship.BLOCKED
        if contact is not None:
            return Relationship.CONTACT
        if pair in received:
            return Relationship.REQUEST_RECEIVED
        return Relationship.REQUEST_SENT if pair in sent else Relationship.NONE

    return [relationship(*facts) for facts in zip(pairs, blocks, contacts, strict=True)]
