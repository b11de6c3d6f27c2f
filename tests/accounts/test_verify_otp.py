"""requestOtp and verifyOtp: signing in by a code."""

import asyncio
from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest

from app.accounts.codes import Codes, try_code
from app.accounts.identifiers import check_email
from app.core import db
from app.core.clock import now
from app.core.errors import UserFault
from app.core.runtime import enter
from tests.accounts.support import (
    REQUEST_OTP,
    VERIFY_OTP,
    call,
    codes_of,
    count,
    device,
    log_in,
    only_error,
    prove_address,
)
from tests.client import PASSWORD, ask, signed_out


def address() -> str:
    return f"{uuid4().hex[:12]}@example.com"


async def verify(server, identifier: str, code: str, installation: str | None = None) -> dict:
    return await call(server, VERIFY_OTP, identifier=identifier, code=code, device=device(installation))


async def age(identifier: str, seconds: int) -> None:
    """Lets time pass for a code."""
    found = await db.row("SELECT sent_at, expires_at FROM one_time_code WHERE identifier = $1", identifier)
    passed = timedelta(seconds=seconds)
    await db.execute(
        "UPDATE one_time_code SET sent_at = $1, expires_at = $2 WHERE identifier = $3",
        found["sent_at"] - passed, found["expires_at"] - passed, identifier,
    )  # fmt: skip


# ── requestOtp ────────────────────────────────────────────────────────────────────────────────────


async def test_the_answer_is_the_same_for_known_and_unknown(server, alice, outbox):
    known = await call(server, REQUEST_OTP, identifier=alice.email)
    unknown = await call(server, REQUEST_OTP, identifier=address())

    assert known["errors"] == unknown["errors"] == []
    assert known["channel"] == unknown["channel"] == "EMAIL"
    assert known["expiresAt"] > known["resendAt"]
    assert len(outbox.sent) == 2
    assert [len(code) for _, _, code in outbox.sent] == [6, 6]


async def test_a_phone_number_gets_it_by_sms_however_it_is_written(server, outbox):
    number = f"+1555{uuid4().int % 10**7:07}"
    payload = await call(server, REQUEST_OTP, identifier=f"{number[:5]} {number[5:]}")

    assert payload["channel"] == "SMS"
    assert outbox.sent[-1][:2] == ("SMS", number)


async def test_a_second_one_must_wait(server, outbox):
    to = address()
    await call(server, REQUEST_OTP, identifier=to)

    again = await call(server, REQUEST_OTP, identifier=to.upper())
    assert codes_of(again) == ["COOLDOWN"]
    assert 1 <= again["errors"][0]["retryAfter"] <= 30
    assert len(outbox.sent) == 1

    await age(to, 31)
    first = outbox.code_for(to)
    assert codes_of(await call(server, REQUEST_OTP, identifier=to)) == []
    assert len(outbox.sent) == 2
    if outbox.code_for(to) != first:
        assert only_error(await verify(server, to, first))[0] == "WRONG_CODE"


async def test_parallel_requests_send_one(server, outbox):
    to = address()
    payloads = await asyncio.gather(*(call(server, REQUEST_OTP, identifier=to) for _ in range(8)))

    assert sum(not p["errors"] for p in payloads) == len(outbox.sent) == 1


@pytest.mark.parametrize("identifier", ["", "nobody", "a@b", "+1", "+999999999999999999", "\x00@example.com"])
async def test_what_no_code_can_be_sent_to_is_refused(server, outbox, identifier):
    payload = await call(server, REQUEST_OTP, identifier=identifier)
    assert [(e["code"], e["field"]) for e in payload["errors"]] == [("INVALID", ["input", "identifier"])]
    assert outbox.sent == []


# ── verifyOtp ─────────────────────────────────────────────────────────────────────────────────────


async def test_the_first_code_makes_the_account_and_the_next_finds_it(server, outbox):
    to = address()
    await call(server, REQUEST_OTP, identifier=to)
    first = await verify(server, to.upper(), f" {outbox.code_for(to)} ")
    viewer = first["viewer"]
    assert (first["errors"], first["isNewUser"]) == ([], True)
    assert (viewer["email"], viewer["emailVerified"], viewer["hasPassword"]) == (to.upper(), True, False)
    assert viewer["needsProfileSetup"] is True
    assert viewer["user"]["username"].startswith("user_")

    await call(server, REQUEST_OTP, identifier=to)  # used up: no cooldown is left
    second = await verify(server, to, outbox.code_for(to))
    assert (second["errors"], second["isNewUser"]) == ([], False)
    assert second["viewer"]["user"] == viewer["user"]


async def test_a_code_works_once_even_in_parallel(server, outbox):
    to = address()
    await call(server, REQUEST_OTP, identifier=to)
    code = outbox.code_for(to)

    payloads = await asyncio.gather(*(verify(server, to, code) for _ in range(4)))

    assert sum(not p["errors"] for p in payloads) == 1
    assert {c for p in payloads for c in codes_of(p)} == {"WRONG_CODE"}
    assert await count("user_account", "email_key", to) == 1
    assert only_error(await verify(server, to, code)) == ("WRONG_CODE", ["input", "code"])


async def test_codes_of_others_expired_ones_and_none_at_all_are_equally_wrong(server, outbox):
    mine, other, late = address(), address(), address()
    for to in (mine, other, late):
        await call(server, REQUEST_OTP, identifier=to)
    await age(late, 301)

    for to, code in (
        (mine, outbox.wrong_code_for(mine)),
        (late, outbox.code_for(late)),
        (address(), "123456"),
        (mine, ""),
        (mine, "1" * 10_000),
        (mine, "１２３４５６"),
    ):
        assert only_error(await verify(server, to, code)) == ("WRONG_CODE", ["input", "code"])
    assert [await count("user_account", "email_key", to) for to in (mine, other, late)] == [0, 0, 0]


async def test_of_200_parallel_guesses_exactly_5_are_evaluated(server, outbox):
    to = address()
    await call(server, REQUEST_OTP, identifier=to)
    enter(server.runtime)
    guess, email = outbox.wrong_code_for(to), check_email(to)

    async def answer() -> str:
        try:
            await try_code(email, guess)
        except UserFault as fault:
            return fault.code.value
        return "RIGHT"

    answers = Counter(await asyncio.gather(*(answer() for _ in range(200))))

    assert answers == {"WRONG_CODE": 5, "TOO_MANY_ATTEMPTS": 195}
    right = await verify(server, to, outbox.code_for(to))
    assert only_error(right) == ("TOO_MANY_ATTEMPTS", ["input", "code"])
    assert await count("user_account", "email_key", to) == 0


async def test_a_new_code_gives_new_tries(server, outbox):
    to = address()
    await call(server, REQUEST_OTP, identifier=to)
    for _ in range(5):
        await verify(server, to, outbox.wrong_code_for(to))
    await age(to, 31)

    await call(server, REQUEST_OTP, identifier=to)

    assert codes_of(await verify(server, to, outbox.code_for(to))) == []


async def test_a_refused_sign_in_leaves_the_code_for_another_try(server, alice, outbox):
    await prove_address(alice)
    for _ in range(5):
        await log_in(server, alice)
    await call(server, REQUEST_OTP, identifier=alice.email)
    code = outbox.code_for(alice.email)

    assert only_error(await verify(server, alice.email, code))[0] == "LIMIT_REACHED"
    assert codes_of(await verify(server, alice.email, code, alice.installation_id)) == []


async def test_the_first_proof_of_an_address_ends_what_was_registered_with_it(server, alice, outbox):
    await call(server, REQUEST_OTP, identifier=alice.email)

    mine = await verify(server, alice.email, outbox.code_for(alice.email))

    assert mine["viewer"]["user"]["id"] == alice.id
    assert (mine["viewer"]["emailVerified"], mine["viewer"]["hasPassword"]) == (True, False)
    async with signed_out(server, alice.access_token) as session:
        with pytest.raises(Exception, match="ended"):
            await ask(session, "{ viewer { id } }")
    assert only_error(await log_in(server, alice, password=PASSWORD))[0] == "WRONG_CREDENTIALS"


async def test_a_proved_address_keeps_password_and_sessions(server, alice, outbox):
    await prove_address(alice)
    await call(server, REQUEST_OTP, identifier=alice.email)

    mine = await verify(server, alice.email, outbox.code_for(alice.email))

    assert mine["viewer"]["hasPassword"] is True
    assert (await alice.query("{ viewer { id } }"))["viewer"]["id"] == mine["viewer"]["id"]


async def test_codes_are_stored_as_keyed_hashes(server, outbox):
    to = address()
    await call(server, REQUEST_OTP, identifier=to)

    stored = await db.row("SELECT code_hash, sent_at, expires_at FROM one_time_code WHERE identifier = $1", to)

    assert outbox.code_for(to) not in stored["code_hash"]
    assert len(stored["code_hash"]) == 64
    assert stored["expires_at"] - stored["sent_at"] == timedelta(minutes=5)
    assert stored["expires_at"] > now()
    codes = {server.runtime.part(Codes).code(f"nonce {n}") for n in range(50)}
    assert len(codes) > 45
    assert all(len(code) == 6 and code.isdigit() for code in codes)
