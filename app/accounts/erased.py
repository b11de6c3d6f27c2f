"""Addresses and numbers of erased accounts: for 30 days only whoever proves one can have it again.

Else anybody could register with it, unproved, and be taken for the person who left. Kept as keyed hashes that name
nobody.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from datetime import timedelta

from app.accounts.identifiers import Identifier
from app.accounts.tokens import derive_key
from app.core import db
from app.core.clock import now
from app.core.runtime import current


async def remember_erased(identifiers: Sequence[Identifier]) -> None:
    """Inside the transaction that takes them off the account: notes them for `erased_identifier_days`."""
    until = now() + timedelta(days=current().settings.accounts.erased_identifier_days)
    await db.execute_many(
        "INSERT INTO erased_identifier (identifier_hash, until) VALUES ($1, $2)"
        " ON CONFLICT (identifier_hash) DO UPDATE SET until = excluded.until",
        [(_hash(identifier), until) for identifier in identifiers],
    )


async def find_erased(identifiers: Sequence[Identifier]) -> list[Identifier]:
    """Those of them that belonged to an account erased in the last 30 days."""
    hashes = {_hash(identifier): identifier for identifier in identifiers}
    sql = "SELECT identifier_hash FROM erased_identifier WHERE identifier_hash = ANY($1::text[]) AND until > $2"
    return [hashes[row["identifier_hash"]] for row in await db.rows(sql, list(hashes), now())]


def _hash(identifier: Identifier) -> str:
    """Keyed: there are few enough phone numbers to try them all."""
    key = derive_key(current().settings.secret, "erased identifiers")
    return hmac.digest(key, f"{identifier.kind}\0{identifier.key}".encode(), "sha256").hex()
