"""How often sign-in may be tried at the real rates, and revocation as another process sees it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from uuid import uuid4

import pytest

from app.accounts import service, sessions
from app.accounts.devices import DevicePlatform, Installation
from app.accounts.sessions import refresh_session
from app.accounts.tokens import Tokens
from app.core import db
from app.core.clock import now
from app.core.delivery import Delivery
from app.core.errors import ErrorCode, UserFault
from app.core.limits import RATES
from app.core.runtime import Runtime, enter
from app.core.viewer import Client
from tests.accounts.support import Outbox, do_jobs, log_in
from tests.client import PASSWORD
from tests.running import running, serving

CLIENT = Client("192.0.2.1", "test")
REAL = {rate.key: f"{rate.limit}/{rate.seconds}" for rate in RATES}


@pytest.fixture
async def strict(settings, database) -> AsyncIterator[Runtime]:
    """A process with the real rates on the same database, its own counters."""
    async with running(settings.model_copy(update={"rates": REAL})) as runtime:
        yield runtime


def installation(name: str | None = None) -> Installation:
    return Installation(name or uuid4().hex, "test", DevicePlatform.CLI)


async def answer(action: Awaitable[object]) -> ErrorCode | None:
    """The code of a refusal; None when it worked, or does not say for how long to wait."""
    try:
        await action
    except UserFault as fault:
        waits = fault.code in (ErrorCode.RATE_LIMITED, ErrorCode.COOLDOWN)
        return fault.code if waits == bool(fault.retry_after) else None
    return None


async def tried(*, identifier: str, password: str, on: Installation | None = None) -> ErrorCode | None:
    values = {"identifier": identifier, "password": password, "installation": on or installation()}
    return await answer(service.log_in(client=CLIENT, **values))


async def test_passwords_of_an_account_are_guessed_5_times_in_15_minutes(strict, alice):
    enter(strict)

    guesses = [await tried(identifier=alice.username, password="wrong") for _ in range(7)]

    assert guesses == [ErrorCode.WRONG_CREDENTIALS] * 5 + [ErrorCode.RATE_LIMITED] * 2
    assert await tried(identifier=alice.username.upper(), password=PASSWORD) is ErrorCode.RATE_LIMITED


async def test_strangers_can_not_lock_the_owner_out_of_a_known_device(strict, alice):
    enter(strict)
    for _ in range(6):
        await tried(identifier=alice.username, password="wrong")

    assert await tried(identifier=alice.username, password=PASSWORD, on=installation(alice.installation_id)) is None


async def test_unknown_accounts_are_limited_alike(strict):
    enter(strict)
    name = f"nobody_{uuid4().hex[:8]}"
    guesses = [await tried(identifier=name, password="wrong") for _ in range(6)]
    assert guesses == [ErrorCode.WRONG_CREDENTIALS] * 5 + [ErrorCode.RATE_LIMITED]


async def test_three_codes_in_10_minutes_and_none_spent_by_asking_too_early(strict):
    enter(strict)
    strict.part(Delivery).mail = box = Outbox()
    to, answers = f"{uuid4().hex[:10]}@example.com", []

    for _ in range(4):
        for _ in range(2):  # the second comes too early
            answers.append(await answer(service.request_otp(identifier=to)))
        long_ago = now().replace(year=2020)
        await db.execute("UPDATE one_time_code SET sent_at = $1 WHERE identifier = $2", long_ago, to)

    cooldown, limited = ErrorCode.COOLDOWN, ErrorCode.RATE_LIMITED
    assert answers == [None, cooldown] * 3 + [limited, limited]
    await do_jobs(strict)
    assert [to for _, to, _ in box.sent] == [to]  # the last one: those replaced before they were sent are dropped


async def test_an_address_guesses_5_times_whoever_it_guesses(settings, database, person):
    """Credential stuffing: a new account each time, through the API, where the address is counted."""
    people = [await person(f"p{n}") for n in range(2)]
    own = settings.model_copy(update={"rates": REAL, "redis_prefix": uuid4().hex})  # nobody else's counts
    async with running(own) as process, serving(process) as server:
        payloads = [await log_in(server, people[n % 2], password="wrong") for n in range(7)]
        answers = [payload["errors"][0] for payload in payloads]
        assert [a["code"] for a in answers] == ["WRONG_CREDENTIALS"] * 5 + ["RATE_LIMITED"] * 2
        assert all(a["retryAfter"] for a in answers[5:])
        right = await log_in(server, people[0])
        assert [e["code"] for e in right["errors"]] == ["RATE_LIMITED"]
        assert right["tokens"] is None


async def test_all_text_messages_together_have_a_limit(settings, database):
    """The breaker against SMS pumping: many numbers, one bill."""
    rates = settings.rates | {"otpSms": "3/3600"}
    async with running(settings.model_copy(update={"rates": rates, "redis_prefix": uuid4().hex})) as process:
        enter(process)
        process.part(Delivery).sms = box = Outbox()
        numbers = [f"+1555{uuid4().int % 10**7:07}" for _ in range(5)]
        answers = [await answer(service.request_otp(identifier=number)) for number in numbers]
        assert answers == [None] * 3 + [ErrorCode.RATE_LIMITED] * 2
        await do_jobs(process)
        assert {to for _, to, _ in box.sent} == set(numbers[:3])
        stored = await db.rows("SELECT identifier FROM one_time_code WHERE identifier = ANY($1::text[])", numbers)
        assert {row["identifier"] for row in stored} == set(numbers[:3])


async def test_a_session_is_refreshed_10_times_in_15_minutes(strict, alice):
    enter(strict)
    token = alice.refresh_token
    for _ in range(10):
        token = (await refresh_session(token)).refresh_token

    with pytest.raises(UserFault) as refused:
        await refresh_session(token)

    assert refused.value.code is ErrorCode.RATE_LIMITED


async def test_a_revocation_reaches_the_other_processes(strict, server, alice, engine):
    if engine.name == "sqlite":
        pytest.skip("embedded mode has one process")
    there, seen = strict.part(Tokens), asyncio.Event()
    viewer = await there.authenticate(alice.access_token)  # remembered over there
    strict.follower.on_dispatch(lambda event: seen.set() if event.kind == "SESSION_ENDING" else None)
    enter(server.runtime)

    await sessions.log_out(viewer)

    async with asyncio.timeout(1):
        await seen.wait()
    with pytest.raises(Exception, match="ended"):
        await there.authenticate(alice.access_token)
