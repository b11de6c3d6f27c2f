"""What accounts leave behind, removed by the worker: expired codes, usernames no longer held, sessions and
refresh tokens long dead."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.accounts.audit import ADDRESSES_KEPT
from app.core import db
from app.core.clock import now
from app.core.jobs import schedule
from app.core.runtime import current

BATCH = 1000


@schedule("accounts.sweep", every=300)
async def sweep() -> int:
    """Deletes what has outlived its use, in small statements; returns how many rows."""
    return (
        await _sweep_codes()
        + await _sweep_mail_tokens()
        + await _sweep_tokens()
        + await _sweep_sessions()
        + await _sweep_usernames()
        + await _sweep_erased()
        + await _sweep_links()
        + await _sweep_challenges()
        + await _sweep_attempts()
    )


async def _sweep_codes() -> int:
    # An expired code still holds back the next one for its cooldown, which is shorter than its life.
    return await _in_batches(
        "DELETE FROM one_time_code WHERE identifier IN"
        " (SELECT identifier FROM one_time_code WHERE expires_at < $1 LIMIT $2)",
        now(),
    )


async def _sweep_mail_tokens() -> int:
    return await _in_batches(
        "DELETE FROM mail_token WHERE token_hash IN (SELECT token_hash FROM mail_token WHERE expires_at < $1 LIMIT $2)",
        now(),
    )


async def _sweep_tokens() -> int:
    return await _in_batches(
        "DELETE FROM refresh_token WHERE token_hash IN"
        " (SELECT token_hash FROM refresh_token WHERE expires_at < $1 LIMIT $2)",
        _long_dead(),
    )


def _long_dead() -> datetime:
    """A refresh token that comes back is recognised as stolen for as long as it is kept."""
    return now() - timedelta(days=current().settings.accounts.dead_session_days)


async def _sweep_sessions() -> int:
    """By their planned end, which is indexed; one ended early is kept until then, and its tokens with it."""
    return await _in_batches(
        "DELETE FROM session WHERE id IN (SELECT id FROM session WHERE expires_at < $1 LIMIT $2)", _long_dead()
    )


@schedule("accounts.sweep_addresses", every=3600)
async def sweep_addresses() -> int:
    """A session that goes on for months forgets from where it began, as the audit log does after four weeks. Apart and
    rarely, as sessions are not indexed by their beginning."""
    return await _in_batches(
        "UPDATE session SET ip_address = NULL WHERE id IN"
        " (SELECT id FROM session WHERE created_at < $1 AND ip_address IS NOT NULL LIMIT $2)",
        now() - ADDRESSES_KEPT,
    )


async def _sweep_challenges() -> int:
    return await _in_batches(
        "DELETE FROM sign_in_challenge WHERE id IN (SELECT id FROM sign_in_challenge WHERE expires_at < $1 LIMIT $2)",
        now(),
    )


async def _sweep_attempts() -> int:
    return await _in_batches(
        "DELETE FROM oauth_attempt WHERE state_hash IN"
        " (SELECT state_hash FROM oauth_attempt WHERE expires_at < $1 LIMIT $2)",
        now(),
    )


async def _sweep_links() -> int:
    return await _in_batches(
        "DELETE FROM device_link WHERE id IN (SELECT id FROM device_link WHERE expires_at < $1 LIMIT $2)",
        now() - timedelta(days=1),
    )


async def _sweep_usernames() -> int:
    return await _in_batches(
        "DELETE FROM username_hold WHERE username_key IN"
        " (SELECT username_key FROM username_hold WHERE until < $1 LIMIT $2)",
        now(),
    )


async def _sweep_erased() -> int:
    return await _in_batches(
        "DELETE FROM erased_identifier WHERE identifier_hash IN"
        " (SELECT identifier_hash FROM erased_identifier WHERE until < $1 LIMIT $2)",
        now(),
    )


async def _in_batches(sql: str, before: object) -> int:
    done = 0
    while True:
        count = await db.execute(sql, before, BATCH)
        done += count
        if count < BATCH:
            return done
