"""syncContacts: who of an address book is here and lets others find them. What matches nobody is not kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.accounts.discovery import find_by_hashes
from app.contacts.blocks import blocked_either_way
from app.contacts.listing import all_contacts
from app.contacts.service import add_contact, check_room
from app.core.errors import ErrorCode, UserFault
from app.core.runtime import current
from app.core.viewer import Viewer

_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(slots=True, frozen=True)
class Match:
    """A hash the client sent, and whose it is."""

    key: str
    user_id: UUID


async def sync_contacts(
    viewer: Viewer, phone_hashes: Sequence[str], email_hashes: Sequence[str], *, add_matches: bool
) -> list[Match]:
    """The people behind the hashes, in the order sent; with `add_matches` they are contacts of the viewer then.

    Raises LIMIT_REACHED (too many hashes; no room for the matches), INVALID for what is no hash, RATE_LIMITED when the
    day's hashes are used up: then nothing was looked at.
    """
    most = current().settings.contacts.hashes_per_call
    if len(phone_hashes) + len(email_hashes) > most:
        field = ("phoneHashes" if phone_hashes else "emailHashes",)
        raise UserFault(ErrorCode.LIMIT_REACHED, f"Send at most {most} hashes at once.", field=field, limit=most)
    for name, hashes in (("phoneHashes", phone_hashes), ("emailHashes", email_hashes)):
        for n, text in enumerate(hashes):
            if not _HASH.fullmatch(text):
                raise UserFault(ErrorCode.INVALID, "Not a hash as limits.contactHash describes.", field=(name, str(n)))
    total = len(phone_hashes) + len(email_hashes)
    if not total:
        return []
    await current().limits.admit("contactHashes", viewer=viewer, cost=total)
    excluded = {viewer.user_id, *await blocked_either_way(viewer.user_id)}
    found: dict[str, UUID] = {}
    if phone_hashes:
        found |= await find_by_hashes("phone", phone_hashes, excluded=excluded)
    if email_hashes:
        found |= await find_by_hashes("email", email_hashes, excluded=excluded)
    if add_matches:
        await _add(viewer, set(found.values()))
    return [Match(key, found[key]) for key in dict.fromkeys((*phone_hashes, *email_hashes)) if key in found]


async def _add(viewer: Viewer, people: set[UUID]) -> None:
    """One transaction each, as each has its own pair of locks. Who has been added, blocked or deleted meanwhile, on
    another device, is left out."""
    new = sorted(people - await all_contacts(viewer.user_id))
    await check_room(viewer, len(new))
    for user_id in new:
        try:
            await add_contact(viewer, user_id)
        except UserFault as fault:
            if fault.code not in (ErrorCode.ALREADY_EXISTS, ErrorCode.FORBIDDEN, ErrorCode.NOT_FOUND):
                raise
