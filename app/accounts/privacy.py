"""What people let others see and do: the settings, and the one question `is_within` that every reader of them asks.

Who is a contact is known above (contacts); until that says so with `contacts_are`, nobody is.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any
from uuid import UUID

from app.accounts.audit import AuditAction, note
from app.accounts.sessions import lock_user
from app.accounts.viewer_changes import ViewerChange, record_viewer_change
from app.core import db, log
from app.core.clock import now
from app.core.viewer import Viewer


class Audience(StrEnum):
    """Whom a setting lets in, beside the person themself."""

    EVERYONE = "EVERYONE"
    CONTACTS = "CONTACTS"
    NOBODY = "NOBODY"


@dataclass(slots=True, frozen=True)
class Privacy:
    """A person's settings; the defaults are those of a new account. Being found by number or address is opt-in
    (reliability.md, section 7: contact discovery)."""

    last_seen: Audience = Audience.CONTACTS
    online_status: Audience = Audience.CONTACTS
    profile_photo: Audience = Audience.EVERYONE
    bio: Audience = Audience.EVERYONE
    read_receipts: bool = True
    typing_indicators: bool = True
    who_can_message: Audience = Audience.EVERYONE
    who_can_add_to_groups: Audience = Audience.EVERYONE
    who_can_call: Audience = Audience.CONTACTS
    discoverable_by_phone: bool = False
    discoverable_by_email: bool = False


@dataclass(slots=True, frozen=True)
class PrivacyChange:
    """New values; None keeps the old one. Field by field as `Privacy`."""

    last_seen: Audience | None = None
    online_status: Audience | None = None
    profile_photo: Audience | None = None
    bio: Audience | None = None
    read_receipts: bool | None = None
    typing_indicators: bool | None = None
    who_can_message: Audience | None = None
    who_can_add_to_groups: Audience | None = None
    who_can_call: Audience | None = None
    discoverable_by_phone: bool | None = None
    discoverable_by_email: bool | None = None


UNWELCOME = "This person's settings don't let you write to them first."
_DEFAULT = Privacy()
_COLUMNS = tuple(field.name for field in fields(Privacy))


async def load_privacy(user_ids: Sequence[UUID]) -> list[Privacy]:
    """Batch function: the settings of these people, in the order asked; the defaults where nothing was changed."""
    found = await db.rows(
        f"SELECT user_id, {', '.join(_COLUMNS)} FROM privacy_settings WHERE user_id = ANY($1::uuid[])", list(user_ids)
    )
    settings = {row["user_id"]: _privacy(row) for row in found}
    return [settings.get(user_id, _DEFAULT) for user_id in user_ids]


def _privacy(row: db.Row) -> Privacy:
    values: dict[str, Any] = {
        name: bool(row[name]) if isinstance(getattr(_DEFAULT, name), bool) else Audience(row[name]) for name in _COLUMNS
    }
    return Privacy(**values)


@db.retried
async def update_privacy(viewer: Viewer, change: PrivacyChange) -> None:
    """Changes the given settings at once and tells the viewer's devices, if anything is different then."""
    wanted = {name: getattr(change, name) for name in _COLUMNS if getattr(change, name) is not None}
    async with log.transaction():
        await lock_user(viewer.user_id)
        old = (await load_privacy([viewer.user_id]))[0]
        new = replace(old, **wanted)
        if new == old:
            return
        places = ", ".join(f"${n}" for n in range(1, len(_COLUMNS) + 3))
        await db.execute(
            f"INSERT INTO privacy_settings (user_id, updated_at, {', '.join(_COLUMNS)}) VALUES ({places})"
            " ON CONFLICT (user_id) DO UPDATE SET updated_at = excluded.updated_at, "
            + ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS),
            viewer.user_id, now(), *(getattr(new, name) for name in _COLUMNS),
        )  # fmt: skip
        changed = ", ".join(name for name, value in wanted.items() if getattr(old, name) != value)
        await note(viewer.user_id, AuditAction.PRIVACY_CHANGED, by=viewer.user_id, details=changed)
        record_viewer_change(viewer.user_id, ViewerChange.PRIVACY)


# ── who is let in ─────────────────────────────────────────────────────────────────────────────────

Pair = tuple[UUID, UUID]
"""Whose setting it is, and who asks."""
IsContact = Callable[[Sequence[Pair]], Awaitable[Sequence[bool]]]


class _Registry:
    is_contact: IsContact | None = None


def contacts_are(is_contact: IsContact) -> IsContact:
    """Decorates the batch function that knows of each (owner, other) whether the owner has the other as a contact."""
    _Registry.is_contact = is_contact
    return is_contact


async def load_is_contact(pairs: Sequence[Pair]) -> list[bool]:
    """Batch function: (owner, other) → whether the owner has the other as a contact."""
    known = _Registry.is_contact
    return list(await known(pairs)) if known else [False] * len(pairs)


async def let_in(setting: str, owner_ids: Sequence[UUID], other_id: UUID) -> frozenset[UUID]:
    """Those of the people whose audience of that name (a field of `Privacy`) lets the other in. For services."""
    return frozenset(owner for owner, _ in await let_in_pairs(setting, [(owner, other_id) for owner in owner_ids]))


async def let_in_pairs(setting: str, pairs: Iterable[Pair]) -> frozenset[Pair]:
    """As `let_in`, for any number of people who ask: two statements at most."""
    asked = list(dict.fromkeys(pairs))
    if not asked:
        return frozenset()
    settings = await load_privacy([owner for owner, _ in asked])
    audiences = {pair: getattr(privacy, setting) for pair, privacy in zip(asked, settings, strict=True)}
    unsure = [pair for pair, audience in audiences.items() if audience is Audience.CONTACTS and pair[0] != pair[1]]
    answers = await load_is_contact(unsure) if unsure else []
    contacts = {pair for pair, is_contact in zip(unsure, answers, strict=True) if is_contact}
    return frozenset(p for p, a in audiences.items() if a is Audience.EVERYONE or p in contacts or p[0] == p[1])
