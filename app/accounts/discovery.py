"""Finding people by an address book: keyed hashes that a client makes of its numbers, compared with an index.

The salt is the same for everybody and public, and another one each day (`contacts.hash_seconds`), so what a call sent
says nothing a day later. Salts follow from the server's secret and the number of the day: nothing is stored, and all
processes agree. An HMAC can't be indexed without its salt, so the worker writes the keys of discoverable numbers and
addresses for today and tomorrow (`discovery_key`); a call is then one look-up by primary key for each hash. A row names
nobody: whose number it is, and whether they have proved it and still let others find them by it, is asked at the
look-up, so a row that is out of date finds nobody.

What this does not do: there are few enough phone numbers to try them all, so a hash hides nothing from the operator,
nor from who may call this without limit. The budgets (core/limits.py, contactHashes) are what stands against that.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

from app.accounts.tokens import derive_key
from app.core import db
from app.core.clock import now
from app.core.jobs import schedule
from app.core.runtime import current

ALGORITHM = (
    "hex(HMAC-SHA-256(key: the bytes of salt, message: UTF-8 of the E.164 number, or of the lower-case e-mail"
    " address)), 64 lower-case digits"
)
BATCH = 1000
LOOK_UP = 200
Kind = Literal["phone", "email"]
_COLUMNS: dict[Kind, str] = {"phone": "phone_number", "email": "email_key"}


@dataclass(slots=True, frozen=True)
class HashRule:
    """The salt of now, and when another one takes its place; for as long again the old one still finds people."""

    salt: bytes
    rotates_at: datetime


def hash_rule() -> HashRule:
    """How clients hash at this moment."""
    epoch, seconds = _epoch(), current().settings.contacts.hash_seconds
    return HashRule(_salt(epoch), datetime.fromtimestamp((epoch + 1) * seconds, UTC))


def hash_identifier(salt: bytes, identifier: str) -> str:
    """What a client sends for a number or address."""
    return hmac.new(salt, identifier.encode(), hashlib.sha256).hexdigest()


async def find_by_hashes(kind: Kind, hashes: Sequence[str], *, excluded: Collection[UUID]) -> dict[str, UUID]:
    """Hash → who has proved that number or address and lets others find them by it. Unknown hashes are not kept.

    Two statements for each 200 hashes: with more at once PostgreSQL prefers to walk a table of 100,000 people.
    """
    found: dict[str, UUID] = {}
    oldest = _epoch() - 1
    for start in range(0, len(hashes), LOOK_UP):
        keys = await db.rows(KEYS, list(hashes[start : start + LOOK_UP]), oldest)
        rows = await db.rows(owners(kind), list({row["identifier"] for row in keys})) if keys else []
        people = {row["identifier"]: row["id"] for row in rows if row["id"] not in excluded}
        found |= {row["key"]: people[row["identifier"]] for row in keys if row["identifier"] in people}
    return found


KEYS = "SELECT key, identifier FROM discovery_key WHERE key = ANY($1::text[]) AND epoch >= $2"


def owners(kind: Kind) -> str:
    """Whose the identifiers are, if they have proved them and let others find them by them."""
    return (
        f"SELECT u.{_COLUMNS[kind]} AS identifier, u.id FROM user_account u"
        f" JOIN privacy_settings p ON p.user_id = u.id AND p.discoverable_by_{kind}"
        f" WHERE u.{_COLUMNS[kind]} = ANY($1::text[]) AND u.{kind}_verified AND u.deleted_at IS NULL"
    )


@schedule("accounts.index_discoverable", every=30)
async def index_discoverable() -> int:
    """Writes the keys that are missing for this salt and the next, forgets those of dead salts; returns how many."""
    epoch, done = _epoch(), 0
    for wanted in (epoch, epoch + 1):
        for kind in _COLUMNS:
            while written := await _index_some(kind, wanted):
                done += written
    while gone := await db.execute(
        "DELETE FROM discovery_key WHERE key IN (SELECT key FROM discovery_key WHERE epoch < $1 LIMIT $2)",
        epoch - 1,
        BATCH,
    ):
        done += gone
    return done


async def _index_some(kind: Kind, epoch: int) -> int:
    column = _COLUMNS[kind]
    found = await db.rows(
        f"SELECT u.{column} AS identifier FROM privacy_settings p JOIN user_account u ON u.id = p.user_id"
        f" AND u.{kind}_verified AND u.deleted_at IS NULL AND u.{column} IS NOT NULL"
        f" LEFT JOIN discovery_key k ON k.epoch = $1 AND k.identifier = u.{column}"
        f" WHERE p.discoverable_by_{kind} AND k.key IS NULL LIMIT $2",
        epoch,
        BATCH,
    )
    if not found:
        return 0
    salt = _salt(epoch)
    rows = [(hash_identifier(salt, row["identifier"]), epoch, row["identifier"]) for row in found]
    source = db.table("d", {"key": "text", "epoch": "int", "identifier": "text"})
    return await db.execute(
        f"INSERT INTO discovery_key (key, epoch, identifier) SELECT key, epoch, identifier FROM {source}"
        " WHERE TRUE ON CONFLICT (key) DO NOTHING",  # SQLite takes ON for that of a join without a WHERE
        *db.table_args(sorted(rows)),
    )


def _epoch() -> int:
    return int(now().timestamp()) // current().settings.contacts.hash_seconds


def _salt(epoch: int) -> bytes:
    key = derive_key(current().settings.secret, "address book hashes")
    return hmac.new(key, str(epoch).encode(), hashlib.sha256).digest()
