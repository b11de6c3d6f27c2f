"""What the worker removes."""

from datetime import timedelta

from app.accounts.sweep import sweep, sweep_addresses
from app.accounts.tokens import Tokens
from app.core import db
from app.core.clock import now
from tests.accounts.support import REFRESH, REQUEST_OTP, age_refresh_token, call, count, log_in, only_error, user_uuid


async def test_only_what_is_long_dead_goes(server, alice, bob, outbox):
    dead, live = Tokens.session_of(alice.refresh_token), Tokens.session_of(bob.refresh_token)
    sql = "UPDATE session SET expires_at = $1 WHERE id = $2"
    await db.execute(sql, now() - timedelta(days=31), dead)
    await db.execute(sql, now() - timedelta(days=29), live)
    await call(server, REQUEST_OTP, identifier=alice.email)
    await call(server, REQUEST_OTP, identifier=bob.email)
    old_code = "UPDATE one_time_code SET expires_at = $1 WHERE identifier = $2"
    await db.execute(old_code, now() - timedelta(seconds=1), alice.email)

    assert await sweep() >= 2

    assert [await count("session", "id", s) for s in (dead, live)] == [0, 1]
    assert await count("refresh_token", "session_id", dead) == 0
    assert [await count("one_time_code", "identifier", p.email) for p in (alice, bob)] == [0, 1]


async def test_sessions_forget_after_four_weeks_from_where_they_began(alice, bob):
    for person, days in ((alice, 29), (bob, 27)):
        sql = "UPDATE session SET created_at = $1 WHERE user_id = $2"
        await db.execute(sql, now() - timedelta(days=days), user_uuid(person))

    await sweep_addresses()

    query = "{ viewer { session { ipAddress userAgent } } }"
    old, young = [(await person.query(query))["viewer"]["session"] for person in (alice, bob)]
    assert (old["ipAddress"], young["ipAddress"]) == (None, "127.0.0.1")
    assert old["userAgent"] == young["userAgent"]


async def test_a_used_token_is_recognised_for_as_long_as_it_could_live(server, alice):
    tokens = (await log_in(server, alice))["tokens"]
    await call(server, REFRESH, refreshToken=tokens["refreshToken"])
    await age_refresh_token(tokens["refreshToken"], now() - timedelta(days=6))

    await sweep()

    assert only_error(await call(server, REFRESH, refreshToken=tokens["refreshToken"]))[0] == "EXPIRED"
    assert await count("session", "end_reason", "TOKEN_REUSED") >= 1
