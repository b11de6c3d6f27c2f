"""Erasing an account: the parts of the plan, who does each (domains add theirs with `erases`), and the job.

Every step takes a bounded batch in a transaction of its own and can be done again, so a job that is killed goes on
where it was. The account's row stays, empty: it is what others see as "Deleted account".
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

import structlog

from app.accounts.acquaintances import TellProfile
from app.accounts.audit import AuditAction, note
from app.accounts.erased import remember_erased
from app.accounts.identifiers import Identifier
from app.accounts.sessions import SessionEndReason, end_sessions, lock_user
from app.accounts.tokens import Tokens
from app.accounts.usernames import hold_username
from app.core import db, log
from app.core.clock import now
from app.core.jobs import enqueue, job, schedule
from app.core.runtime import current

logger = structlog.get_logger("accounts")
BATCH = 100
# A few rows each, deleted with the profile. tests/contract/test_erasure.py knows every table that names a person.
_PERSONAL = (
    "privacy_settings", "user_word", "two_factor", "recovery_code", "sign_in_challenge", "mail_token",
    "linked_identity", "oauth_attempt",
)  # fmt: skip


class ErasurePart(StrEnum):
    """The parts of an account, in the order in which they are erased: nobody sees the person from the first on."""

    PROFILE = "PROFILE"
    SESSIONS = "SESSIONS"
    DEVICES = "DEVICES"
    KEYS = "KEYS"
    CONTACTS = "CONTACTS"
    MEMBERSHIPS = "MEMBERSHIPS"
    MESSAGES = "MESSAGES"
    MEDIA = "MEDIA"
    STATUSES = "STATUSES"
    CALLS = "CALLS"
    NOTIFICATIONS = "NOTIFICATIONS"
    PUSH_TARGETS = "PUSH_TARGETS"


class DeletedAccountMessages(StrEnum):
    """What becomes of the messages of a deleted account."""

    ANONYMIZE = "ANONYMIZE"
    DELETE = "DELETE"


@dataclass(slots=True, frozen=True)
class Erasure:
    """An account being erased, as its owner wanted it."""

    user_id: UUID
    messages: DeletedAccountMessages


@dataclass(slots=True, frozen=True)
class Step:
    """One part of the plan: how many items are left of it, and whether it has been erased."""

    part: ErasurePart
    item_count: int
    is_done: bool


CountItems = Callable[[UUID], Awaitable[int]]
EraseSome = Callable[[Erasure], Awaitable[int]]
_erasers: dict[ErasurePart, list[tuple[CountItems, EraseSome]]] = {}


def erases(part: ErasurePart, *, count: CountItems) -> Callable[[EraseSome], EraseSome]:
    """Decorates what erases (some of) a part: one bounded batch in one transaction, harmless when done again; it
    returns how many items it took, 0 when none is left. `count` says how many there are."""

    def register(erase: EraseSome) -> EraseSome:
        _erasers.setdefault(part, []).append((count, erase))
        return erase

    return register


async def load_plan(user_id: UUID) -> list[Step]:
    """What erasing this account takes, part by part, counted now."""
    deletion = await db.row("SELECT started_at FROM account_deletion WHERE user_id = $1", user_id)
    has_begun = deletion is not None and deletion["started_at"] is not None
    steps = []
    for part in ErasurePart:
        if part in _erasers:
            left = sum([await count(user_id) for count, _ in _erasers[part]])
            steps.append(Step(part, left, has_begun and not left))
    return steps


# ── the job ───────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True, frozen=True)
class EraseAccount:
    """Erases an account whose time has come."""

    user_id: str


@schedule("accounts.erase_due", every=600)
async def erase_due() -> int:
    """Begins, or goes on with, the accounts whose days of grace are over."""
    found = await db.rows(
        "SELECT user_id FROM account_deletion WHERE erased_at IS NULL AND scheduled_for <= $1"
        " ORDER BY scheduled_for LIMIT $2",
        now(), BATCH,
    )  # fmt: skip
    async with log.transaction():
        for row in found:
            await enqueue(EraseAccount(str(row["user_id"])), unique_key=str(row["user_id"]))
    return len(found)


@job("accounts.erase", seconds=3600)
async def erase_account(work: EraseAccount) -> None:
    """All parts in order, each until nothing is left. Does nothing when the deletion was cancelled."""
    user_id = UUID(work.user_id)
    erasure = await _begin(user_id)
    if erasure is None:
        return
    for part in ErasurePart:
        for _, erase in _erasers.get(part, ()):
            while await erase(erasure):
                pass
    async with log.transaction():
        sql = "UPDATE account_deletion SET erased_at = $1 WHERE user_id = $2 AND erased_at IS NULL"
        if await db.execute(sql, now(), user_id):
            await note(user_id, AuditAction.ACCOUNT_ERASED)
    logger.info("account erased", user_id=work.user_id)


async def _begin(user_id: UUID) -> Erasure | None:
    """Past this nobody can cancel. None when there is nothing to do (any more)."""
    async with log.transaction():
        await lock_user(user_id)
        found = await db.row(
            "UPDATE account_deletion SET started_at = coalesce(started_at, $1) WHERE user_id = $2"
            " AND erased_at IS NULL AND scheduled_for <= $1 RETURNING messages",
            now(), user_id,
        )  # fmt: skip
    return Erasure(user_id, DeletedAccountMessages(found["messages"])) if found else None


# ── the parts of accounts ─────────────────────────────────────────────────────────────────────────


async def _count_profile(user_id: UUID) -> int:
    row = await db.row("SELECT count(*) AS n FROM user_account WHERE id = $1 AND deleted_at IS NULL", user_id)
    return int(row["n"]) if row else 0


@erases(ErasurePart.PROFILE, count=_count_profile)
async def _erase_profile(erasure: Erasure) -> int:
    """Names, addresses, password and settings in one transaction, with the end of whoever signed in meanwhile."""
    user_id = erasure.user_id
    async with log.transaction():
        await lock_user(user_id)
        person = await db.row(
            "SELECT username_key, email_key, phone_number FROM user_account WHERE id = $1 AND deleted_at IS NULL",
            user_id,
        )
        if person is None:
            return 0
        ended = await end_sessions(user_id, SessionEndReason.LOGGED_OUT)
        await hold_username(user_id, person["username_key"])
        email, phone = person["email_key"], person["phone_number"]
        identifiers = [Identifier("email", email, email)] if email else []
        identifiers += [Identifier("phone", phone, phone)] if phone else []
        await remember_erased(identifiers)
        await db.execute("DELETE FROM one_time_code WHERE identifier = ANY($1::text[])", [i.key for i in identifiers])
        await db.execute("DELETE FROM discovery_key WHERE identifier = ANY($1::text[])", [i.key for i in identifiers])
        for table in _PERSONAL:
            await db.execute(f"DELETE FROM {table} WHERE user_id = $1", user_id)
        nobody = f"deleted_{secrets.token_hex(12)}"  # nobody can have registered it before
        await db.execute(
            "UPDATE user_account SET username = $1, username_key = $1, display_name = 'Deleted account', email = NULL,"
            " email_key = NULL, email_verified = $2, phone_number = NULL, phone_verified = $2, password_hash = NULL,"
            " bio = NULL, avatar_id = NULL, gender = 'UNSPECIFIED', role = 'USER', deleted_at = $3,"
            " updated_at = $3 WHERE id = $4",
            nobody, False, now(), user_id,
        )  # fmt: skip
        await enqueue(TellProfile(str(user_id)))
    current().part(Tokens).forget(ended)
    return 1


def _rows_of(part: ErasurePart, table: str) -> None:
    """A part that is the rows of one table; what hangs on them goes with them."""

    async def count(user_id: UUID) -> int:
        row = await db.row(f"SELECT count(*) AS n FROM {table} WHERE user_id = $1", user_id)
        return int(row["n"]) if row else 0

    @erases(part, count=count)
    async def erase(erasure: Erasure) -> int:
        sql = f"DELETE FROM {table} WHERE id IN (SELECT id FROM {table} WHERE user_id = $1 LIMIT $2)"
        return await db.execute(sql, erasure.user_id, BATCH)


_rows_of(ErasurePart.SESSIONS, "session")
_rows_of(ErasurePart.DEVICES, "device")
