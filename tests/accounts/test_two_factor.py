"""Two factors: switching them on and off, and the second step of signing in by password and by code."""

import asyncio
from datetime import timedelta

import pyotp
import pytest
from gql.transport.exceptions import TransportError

from app.accounts import challenges
from app.accounts.two_factor import Seals
from app.core import db
from app.core.clock import now
from app.core.errors import UserFault
from app.core.viewer import Client
from tests.accounts.support import (
    LOG_IN,
    REQUEST_OTP,
    VERIFY_OTP,
    call,
    codes_of,
    count,
    device,
    log_in,
    own_rows,
    prove_address,
    user_uuid,
)
from tests.client import PASSWORD, Person

_ERRORS = "errors { code message field retryAfter limit }"
_CHALLENGE = f"{_ERRORS} challenge tokens {{ accessToken }} viewer {{ id }}"
BEGIN = (
    "mutation B($input: BeginTwoFactorInput!)"
    f" {{ beginTwoFactor(input: $input) {{ {_ERRORS} secret otpauthUrl qrCode }} }}"
)
CONFIRM = (
    "mutation C($input: ConfirmTwoFactorInput!)"
    f" {{ confirmTwoFactor(input: $input) {{ {_ERRORS} recoveryCodes viewer {{ twoFactorEnabled }} }} }}"
)
DISABLE = (
    "mutation D($input: DisableTwoFactorInput!)"
    f" {{ disableTwoFactor(input: $input) {{ {_ERRORS} viewer {{ twoFactorEnabled }} }} }}"
)
VERIFY = (
    "mutation V($input: VerifyTwoFactorInput!)"
    f" {{ verifyTwoFactor(input: $input) {{ {_ERRORS} challenge isNewUser tokens {{ accessToken refreshToken }}"
    " viewer { id session { device { name number } } } } }"
)
CHALLENGED = f"mutation L($input: LogInInput!) {{ logIn(input: $input) {{ {_CHALLENGE} }} }}"
BY_CODE = f"mutation L($input: VerifyOtpInput!) {{ verifyOtp(input: $input) {{ {_CHALLENGE} }} }}"
EVENTS = "subscription E($after: Cursor) { events(after: $after, kinds: [VIEWER_CHANGED]) { __typename } }"


def code_of(secret: str, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at(now() + timedelta(seconds=30 * steps))


async def switched_on(who: Person) -> tuple[str, list[str]]:
    """Secret and recovery codes of a person who has just switched two factors on, with the code of the step before."""
    secret = (await who.mutate(BEGIN, input={"password": PASSWORD}))["secret"]
    codes = (await who.mutate(CONFIRM, input={"code": code_of(secret, -1)}))["recoveryCodes"]
    return secret, codes


async def challenge(server, who: Person, document: str = CHALLENGED, **values) -> str:
    asked = {"identifier": who.username, "password": PASSWORD, "device": device()} | values
    payload = await call(server, document, **asked)
    assert codes_of(payload) == ["SECOND_FACTOR_REQUIRED"]
    assert payload["tokens"] is None
    assert payload["viewer"] is None
    return payload["challenge"]


async def verify(server, text: str, code: str) -> dict:
    return await call(server, VERIFY, challenge=text, code=code)


async def enabled(who: Person) -> bool:
    return (await who.query("{ viewer { twoFactorEnabled } }"))["viewer"]["twoFactorEnabled"]


# ── switching on and off ──────────────────────────────────────────────────────────────────────────


async def test_a_confirmed_secret_switches_two_factors_on(server, alice):
    cursor = await alice.cursor()
    begun = await alice.mutate(BEGIN, input={"password": PASSWORD})
    assert begun["otpauthUrl"].startswith(f"otpauth://totp/Parley:{alice.username}?secret={begun['secret']}")
    assert begun["qrCode"].startswith("<svg")
    assert not await enabled(alice)

    confirmed = await alice.mutate(CONFIRM, input={"code": code_of(begun["secret"])})

    assert confirmed["viewer"] == {"twoFactorEnabled": True}
    assert len(set(confirmed["recoveryCodes"])) == 10
    async with alice.subscribe(EVENTS, after=cursor) as events:
        assert (await events.next())["__typename"] == "ViewerChanged"


async def test_secret_and_recovery_codes_are_not_stored_as_they_are(server, alice):
    secret, codes = await switched_on(alice)

    row = await db.row("SELECT sealed_secret FROM two_factor WHERE user_id = $1", user_uuid(alice))
    hashes = await db.rows("SELECT code_hash FROM recovery_code WHERE user_id = $1", user_uuid(alice))

    assert row
    assert secret not in row["sealed_secret"]
    assert len(hashes) == 10
    assert not {h["code_hash"] for h in hashes} & {*codes, *(c.replace("-", "") for c in codes)}


async def test_a_sealed_secret_opens_for_its_person_and_key_only(alice, bob, server):
    seals = server.runtime.part(Seals)
    sealed = seals.seal(user_uuid(alice), "SECRET")

    assert seals.open(user_uuid(alice), sealed) == "SECRET"
    assert seals.open(user_uuid(bob), sealed) is None
    assert Seals("another key").open(user_uuid(alice), sealed) is None


@pytest.mark.parametrize("values", [{}, {"password": "not the password"}, {"password": ""}])
async def test_beginning_takes_the_password(server, alice, values):
    (error,) = await alice.refused(BEGIN, input=values)

    assert (error["code"], error["field"]) == ("WRONG_CREDENTIALS", ["input", "password"])
    assert await count("two_factor", "user_id", user_uuid(alice)) == 0


async def test_an_account_without_password_needs_none(server, alice):
    await db.execute("UPDATE user_account SET password_hash = NULL WHERE id = $1", user_uuid(alice))

    assert (await alice.mutate(BEGIN, input={}))["secret"]


@pytest.mark.parametrize("code", ["", "000000x", "12345", "１２３４５６", "x" * 5000])
async def test_a_wrong_first_code_leaves_them_off(server, alice, code):
    await alice.mutate(BEGIN, input={"password": PASSWORD})
    before = await own_rows(alice)

    (error,) = await alice.refused(CONFIRM, input={"code": code})

    assert (error["code"], error["field"]) == ("WRONG_CODE", ["input", "code"])
    assert not await enabled(alice)
    assert await own_rows(alice) == before
    assert await count("recovery_code", "user_id", user_uuid(alice)) == 0


async def test_nothing_begun_or_begun_long_ago_can_not_be_confirmed(server, alice):
    (none,) = await alice.refused(CONFIRM, input={"code": "123456"})
    secret = (await alice.mutate(BEGIN, input={"password": PASSWORD}))["secret"]
    await db.execute("UPDATE two_factor SET created_at = $1 WHERE user_id = $2", now() - timedelta(minutes=16),
                     user_uuid(alice))  # fmt: skip

    (old,) = await alice.refused(CONFIRM, input={"code": code_of(secret)})

    assert (none["code"], old["code"]) == ("EXPIRED", "EXPIRED")
    assert not await enabled(alice)


async def test_they_are_switched_on_once(server, alice):
    secret, codes = await switched_on(alice)

    (again,) = await alice.refused(BEGIN, input={"password": PASSWORD})
    (twice,) = await alice.refused(CONFIRM, input={"code": code_of(secret)})

    assert (again["code"], twice["code"]) == ("ALREADY_EXISTS", "ALREADY_EXISTS")
    assert (await verify(server, await challenge(server, alice), codes[0]))["errors"] == []  # the first ones still work


@pytest.mark.parametrize("by_recovery", [False, True])
async def test_a_code_switches_them_off(server, alice, by_recovery):
    secret, codes = await switched_on(alice)

    off = await alice.mutate(DISABLE, input={"code": codes[3] if by_recovery else code_of(secret)})

    assert off["viewer"] == {"twoFactorEnabled": False}
    assert await count("recovery_code", "user_id", user_uuid(alice)) == 0
    assert (await log_in(server, alice))["errors"] == []


async def test_switching_off_is_told_by_mail(server, alice, outbox):
    await prove_address(alice)
    secret, _ = await switched_on(alice)

    await call(server, DISABLE, token=alice.access_token, code=code_of(secret))

    assert "Two factors are off" in outbox.mails_to(alice.email)[-1].subject


async def test_a_wrong_code_leaves_them_on(server, alice, bob):
    await switched_on(alice)
    _, others = await switched_on(bob)
    before = await own_rows(alice)

    for code in ("000000", "", others[0]):
        (error,) = await alice.refused(DISABLE, input={"code": code})
        assert error["code"] == "WRONG_CODE"

    assert await enabled(alice)
    assert await own_rows(alice) == before


async def test_what_is_off_can_not_be_switched_off(server, alice):
    (error,) = await alice.refused(DISABLE, input={"code": "123456"})

    assert error["code"] == "NOT_FOUND"


@pytest.mark.parametrize("document", [BEGIN, CONFIRM, DISABLE])
async def test_signed_out_callers_are_told_to_sign_in(server, document):
    with pytest.raises(TransportError) as refused:
        await call(server, document, **({} if document is BEGIN else {"code": "1"}))
    assert refused.value.errors[0]["extensions"]["code"] == "UNAUTHENTICATED"


# ── signing in ────────────────────────────────────────────────────────────────────────────────────


async def test_the_password_alone_opens_no_session(server, alice):
    await switched_on(alice)
    before = await own_rows(alice)

    await challenge(server, alice)

    assert await own_rows(alice) == before


async def test_the_second_factor_signs_in_the_device_of_the_first(server, alice):
    secret, _ = await switched_on(alice)
    text = await challenge(server, alice, device=device() | {"name": "Second phone"})

    payload = await verify(server, text, f" {code_of(secret)[:3]} {code_of(secret)[3:]}")

    assert (payload["errors"], payload["challenge"], payload["isNewUser"]) == ([], None, False)
    assert payload["viewer"] == {"id": alice.viewer_id, "session": {"device": {"name": "Second phone", "number": 2}}}
    assert payload["tokens"]["refreshToken"]


async def test_a_sign_in_by_code_takes_it_too(server, alice, outbox):
    secret, _ = await switched_on(alice)
    await prove_address(alice)
    await call(server, REQUEST_OTP, identifier=alice.email)
    values = {"identifier": alice.email, "code": outbox.code_for(alice.email), "device": device()}

    payload = await call(server, BY_CODE, **values)

    assert codes_of(payload) == ["SECOND_FACTOR_REQUIRED"]
    assert codes_of(await call(server, BY_CODE, **values)) == ["WRONG_CODE"]  # it is used up
    assert (await verify(server, payload["challenge"], code_of(secret)))["errors"] == []


async def test_the_first_proof_of_an_address_drops_the_factor_of_whoever_registered_it(server, alice, outbox):
    await switched_on(alice)
    await call(server, REQUEST_OTP, identifier=alice.email)

    payload = await call(server, VERIFY_OTP, identifier=alice.email, code=outbox.code_for(alice.email), device=device())

    assert payload["errors"] == []
    assert await count("two_factor", "user_id", user_uuid(alice)) == 0


async def test_a_code_works_once(server, alice):
    secret, _ = await switched_on(alice)
    code = code_of(secret)
    texts = [await challenge(server, alice) for _ in range(4)]

    payloads = await asyncio.gather(*(verify(server, text, code) for text in texts))

    assert sorted(codes_of(p) for p in payloads) == [[], *[["WRONG_CODE"]] * 3]
    older = await verify(server, await challenge(server, alice), code_of(secret, -1))
    assert codes_of(older) == ["WRONG_CODE"]
    newer = await verify(server, await challenge(server, alice), code_of(secret, 1))
    assert newer["errors"] == []


async def test_a_recovery_code_works_once(server, alice):
    _, codes = await switched_on(alice)

    first = await verify(server, await challenge(server, alice), codes[0].upper().replace("-", " "))
    again = await verify(server, await challenge(server, alice), codes[0])
    other = await verify(server, await challenge(server, alice), codes[1])

    assert [codes_of(p) for p in (first, again, other)] == [[], ["WRONG_CODE"], []]


async def test_a_challenge_works_once(server, alice):
    secret, codes = await switched_on(alice)
    text = await challenge(server, alice)
    await verify(server, text, code_of(secret))
    before = await own_rows(alice)

    assert codes_of(await verify(server, text, codes[0])) == ["EXPIRED"]

    assert await own_rows(alice) == before


async def test_a_challenge_has_its_time(server, alice):
    secret, _ = await switched_on(alice)
    text = await challenge(server, alice)
    past = now() - timedelta(seconds=1)
    await db.execute("UPDATE sign_in_challenge SET expires_at = $1 WHERE user_id = $2", past, user_uuid(alice))

    payload = await verify(server, text, code_of(secret))

    assert [(e["code"], e["field"]) for e in payload["errors"]] == [("EXPIRED", ["input", "challenge"])]


@pytest.mark.parametrize("text", ["", "x", "chl_aaaaaaaaaaaaaaaaaaaaaaaaaa.secret.BODY", "....", "é" * 100])
async def test_what_was_never_a_challenge_is_refused(server, text):
    assert codes_of(await verify(server, text, "123456")) == ["EXPIRED"]


async def test_a_challenge_of_somebody_else_does_not_help(server, alice, bob):
    mine, _ = await switched_on(alice)
    await switched_on(bob)
    before = await own_rows(bob)

    assert codes_of(await verify(server, await challenge(server, bob), code_of(mine))) == ["WRONG_CODE"]

    assert await own_rows(bob) == before


async def test_of_many_parallel_guesses_five_are_evaluated(server, alice):
    secret, _ = await switched_on(alice)
    text = await challenge(server, alice)
    wrong = f"{(int(code_of(secret)) + 1) % 1_000_000:06}"

    async def guess() -> str:
        with pytest.raises(UserFault) as fault:
            await challenges.verify_two_factor(
                challenge=text.rpartition(".")[0], code=wrong, client=Client("192.0.2.1", "test")
            )
        return fault.value.code.value

    answers = await asyncio.gather(*(guess() for _ in range(200)))

    assert sorted(answers) == ["TOO_MANY_ATTEMPTS"] * 195 + ["WRONG_CODE"] * 5
    assert codes_of(await verify(server, text, code_of(secret))) == ["TOO_MANY_ATTEMPTS"]


async def test_a_wrong_password_learns_nothing_of_the_factor(server, alice):
    await switched_on(alice)

    payload = await call(server, LOG_IN, identifier=alice.username, password="not the password", device=device())

    assert codes_of(payload) == ["WRONG_CREDENTIALS"]
    assert await count("sign_in_challenge", "user_id", user_uuid(alice)) == 0


async def test_tokens_travel_as_was_asked_at_the_first_step(server, alice):
    from tests.accounts.test_cookies import post, set_cookie

    secret, _ = await switched_on(alice)
    text = await challenge(server, alice, refreshTokenTransport="COOKIE")

    response = await post(server, VERIFY, challenge=text, code=code_of(secret))

    assert response.json()["data"]["verifyTwoFactor"]["tokens"]["refreshToken"] is None
    assert set_cookie(response)[0].startswith("rt_")
