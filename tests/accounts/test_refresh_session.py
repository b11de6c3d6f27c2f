"""refreshSession: rotation, the grace of 10 seconds, and what becomes of a token that comes back."""

import asyncio
from datetime import datetime, timedelta

import asyncpg
import pytest

from app.accounts.tokens import Tokens
from app.core import db
from app.core.clock import now
from tests.accounts.support import (
    OWN_EVENTS,
    REFRESH,
    age_refresh_token,
    call,
    count,
    log_in,
    only_error,
    own_rows,
    prove_address,
)
from tests.client import ask, signed_out

OVER = ("EXPIRED", ["input", "refreshToken"])


async def refresh(server, token: str | None) -> dict:
    return await call(server, REFRESH, refreshToken=token)


async def test_each_use_gives_the_next_token(server, alice):
    first = await refresh(server, alice.refresh_token)
    second = await refresh(server, first["tokens"]["refreshToken"])

    assert first["errors"] == second["errors"] == []
    assert first["viewer"]["user"]["id"] == alice.id
    assert len({alice.refresh_token, first["tokens"]["refreshToken"], second["tokens"]["refreshToken"]}) == 3
    async with signed_out(server, second["tokens"]["accessToken"]) as session:
        assert (await ask(session, "{ viewer { id } }"))["viewer"]["id"] == alice.viewer_id


async def test_tabs_that_refresh_at_once_get_the_same_successor(server, alice):
    payloads = await asyncio.gather(*(refresh(server, alice.refresh_token) for _ in range(6)))
    late = await refresh(server, alice.refresh_token)

    assert {p["tokens"]["refreshToken"] for p in [*payloads, late]} == {payloads[0]["tokens"]["refreshToken"]}
    assert (await refresh(server, late["tokens"]["refreshToken"]))["errors"] == []


async def test_refreshing_locks_the_device_before_the_session(server, alice, engine):
    """As signing in does: the other way round the two deadlock, a second each."""
    if engine.name == "sqlite":
        pytest.skip("one writer, no row locks")
    session_id = Tokens.session_of(alice.refresh_token)
    held = "SELECT 1 FROM device WHERE id = (SELECT device_id FROM session WHERE id = $1) FOR NO KEY UPDATE"
    other = await asyncpg.connect(engine.url)
    try:
        async with other.transaction():
            await other.fetch(held, session_id)
            refreshing = asyncio.create_task(refresh(server, alice.refresh_token))
            while not await other.fetch("SELECT pid FROM pg_locks WHERE NOT granted"):
                assert not refreshing.done()
            assert await other.fetch("SELECT 1 FROM session WHERE id = $1 FOR NO KEY UPDATE NOWAIT", session_id)
        assert (await refreshing)["errors"] == []
    finally:
        await other.close()


async def test_a_used_token_that_comes_back_later_ends_the_session(server, alice):
    fresh = (await refresh(server, alice.refresh_token))["tokens"]
    await age_refresh_token(alice.refresh_token, now() - timedelta(seconds=11))

    async with alice.subscribe(OWN_EVENTS, after=await alice.cursor()) as events:
        assert only_error(await refresh(server, alice.refresh_token)) == OVER
        ending = await events.until("SessionEnding")

    assert ending["endReason"] == "TOKEN_REUSED"
    assert only_error(await refresh(server, fresh["refreshToken"])) == OVER
    for token in (alice.access_token, fresh["accessToken"]):
        async with signed_out(server, token) as session:
            with pytest.raises(Exception, match="ended") as refused:
                await ask(session, "{ viewer { id } }")
        assert refused.value.errors[0]["extensions"]["code"] == "SESSION_REVOKED"


async def test_reuse_is_told_by_mail_to_a_proved_address(server, alice, bob, outbox):
    await prove_address(alice)
    for person in (alice, bob):
        await refresh(server, person.refresh_token)
        await age_refresh_token(person.refresh_token, now() - timedelta(seconds=11))
        await refresh(server, person.refresh_token)

    told = [mail.to for mail in outbox.mails if "signed out" in mail.subject]
    assert told == [alice.email]


async def test_reuse_ends_that_session_only(server, alice):
    other = await log_in(server, alice)
    await refresh(server, alice.refresh_token)
    await age_refresh_token(alice.refresh_token, now() - timedelta(seconds=11))
    await refresh(server, alice.refresh_token)

    assert (await refresh(server, other["tokens"]["refreshToken"]))["errors"] == []


@pytest.mark.parametrize(
    "token",
    ["", "x", "rt_aaaaaaaaaaaaaaaaaaaaaaaaaa." + "A" * 43, "rt_.", "." * 100, "é" * 80, None, "x" * 50_000],
)
async def test_what_was_never_a_token_is_refused(server, token):
    assert only_error(await refresh(server, token)) == OVER


async def test_a_guessed_secret_for_a_known_session_changes_nothing(server, alice):
    before = await own_rows(alice)
    session_text, _, secret = alice.refresh_token.partition(".")

    assert only_error(await refresh(server, f"{session_text}.{secret[::-1]}")) == OVER

    assert await own_rows(alice) == before
    assert (await refresh(server, alice.refresh_token))["errors"] == []


async def test_a_session_past_its_end_can_not_be_refreshed(server, alice):
    session_id = Tokens.session_of(alice.refresh_token)
    await db.execute("UPDATE session SET expires_at = $1 WHERE id = $2", now() - timedelta(seconds=1), session_id)

    assert only_error(await refresh(server, alice.refresh_token)) == OVER


async def test_a_session_ends_after_90_days_however_often_it_is_refreshed(server, alice):
    session_id = Tokens.session_of(alice.refresh_token)
    begun = now() - timedelta(days=90) + timedelta(minutes=5)
    await db.execute("UPDATE session SET created_at = $1 WHERE id = $2", begun, session_id)

    tokens = (await refresh(server, alice.refresh_token))["tokens"]

    end = begun + timedelta(days=90)
    assert datetime.fromisoformat(tokens["refreshExpiresAt"]) == end
    assert datetime.fromisoformat(tokens["accessExpiresAt"]) <= end


async def test_only_hashes_are_stored(server, alice):
    fresh = (await refresh(server, alice.refresh_token))["tokens"]["refreshToken"]

    for token in (alice.refresh_token, fresh):
        assert await count("refresh_token", "token_hash", token) == 0
        assert await count("refresh_token", "token_hash", Tokens.hash_refresh(token)) == 1
