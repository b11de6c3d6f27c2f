"""Rate limits in this process and in Redis; what they do while Redis is away."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from app.core.counters import LocalCounters
from app.core.errors import ErrorCode, RateLimitedError, UnavailableError, UserFault
from app.core.limits import RATES, RateLimits, configured_rates
from app.core.viewer import Client, Viewer
from tests import servers


def _client() -> Client:
    return Client(ip=f"10.{uuid4().int % 250}.{uuid4().int % 250}.{uuid4().int % 250}", user_agent="test")


def _viewer() -> Viewer:
    return Viewer(uuid4(), uuid4(), uuid4(), datetime.now(UTC) + timedelta(minutes=15))


@pytest.fixture(params=["memory", "redis"])
async def limits(request):
    url = request.getfixturevalue("valkey_server").url if request.param == "redis" else ""
    made = RateLimits(url, overrides={}, cost_per_minute=1000, prefix=uuid4().hex)
    yield made
    await made.close()


def test_a_window_admits_its_limit_and_fades():
    counters = LocalCounters()
    start = 1_000_000_020.0  # a multiple of 60

    taken = [counters.hit("k", 10, 60, now=start + n).admitted for n in range(12)]
    assert taken == [True] * 10 + [False] * 2
    assert not counters.hit("k", 10, 60, now=start + 60).admitted  # the whole window before still counts
    halfway = [counters.hit("k", 10, 60, now=start + 90).admitted for _ in range(6)]
    assert halfway == [True] * 5 + [False]
    assert counters.hit("k", 10, 60, now=start + 240, cost=10).admitted


@pytest.mark.parametrize(("limit", "seconds"), [(5, 900), (1, 1), (30, 60), (3, 600)])
def test_the_promised_wait_is_enough(limit, seconds):
    counters = LocalCounters()
    now = 1_000_000_000.3
    while (count := counters.hit("k", limit, seconds, now=now)).admitted:
        now += seconds / limit / 7
    assert now < count.resets_at <= now + 2 * seconds
    assert counters.hit("k", limit, seconds, now=count.resets_at + 0.01).admitted


def test_counters_forget():
    counters = LocalCounters()
    for number in range(10_001):
        counters.hit(number, 5, 1, now=1000.0)
    assert counters.hit("later", 5, 1, now=2000.0).admitted
    counters._prune_at = 0
    counters.hit("again", 5, 1, now=2000.0)
    assert set(counters._windows) == {"later", "again"}


async def test_the_limit_is_met_and_told(limits):
    client = _client()
    for _ in range(5):
        await limits.admit("logIn", client=client)
    with pytest.raises(UserFault) as fault:
        await limits.admit("logIn", client=client)

    assert fault.value.code is ErrorCode.RATE_LIMITED
    assert fault.value.limit == 5
    assert fault.value.retry_after is not None
    assert 1 <= fault.value.retry_after <= 900
    await limits.admit("logIn", client=_client())  # others are not concerned


async def test_every_row_of_a_name_must_admit(limits):
    viewer = _viewer()
    admitted = 0
    with pytest.raises(UserFault) as fault:
        for _ in range(30):
            await limits.admit("sendMessage", viewer=viewer, client=_client())
            admitted += 1

    assert fault.value.limit == 5  # the burst of a second, long before the 30 of a minute
    assert admitted in (5, 10)  # 10 when a second began meanwhile


async def test_identifiers_are_counted_apart_from_addresses(limits):
    client = _client()
    for number in range(12):
        await limits.admit("otpSend", client=client, identifier=f"{number}@example.com")
    for _ in range(2):
        await limits.admit("otpSend", client=_client(), identifier="1@example.com")
    with pytest.raises(UserFault):
        await limits.admit("otpSend", client=_client(), identifier="1@example.com")


async def test_a_household_is_one_address_of_ipv6(limits):
    for number in range(5):
        await limits.admit("logIn", client=Client(ip=f"2001:db8:1:2::{number}", user_agent=""))
    with pytest.raises(UserFault):
        await limits.admit("logIn", client=Client(ip="2001:db8:1:2:ffff::1", user_agent=""))
    await limits.admit("logIn", client=Client(ip="2001:db8:1:3::1", user_agent=""))


async def test_processes_share_what_redis_counts(valkey_server):
    prefix, client = uuid4().hex, _client()
    one, other = (RateLimits(valkey_server.url, overrides={}, cost_per_minute=1000, prefix=prefix) for _ in range(2))
    for turn in range(5):
        await (one if turn % 2 else other).admit("logIn", client=client)
    for limits in (one, other):
        with pytest.raises(UserFault):
            await limits.admit("logIn", client=client)
        await limits.close()


async def test_redis_away_limits_locally_or_refuses():
    client = _client()
    with servers.valkey() as valkey:
        limits = RateLimits(valkey.url, overrides={}, cost_per_minute=1000)
        await limits.admit("logIn", client=client)
        valkey.kill()

        for _ in range(5):
            await limits.admit("logIn", client=client)
        with pytest.raises(UserFault):
            await limits.admit("logIn", client=client)
        with pytest.raises(UnavailableError):
            await limits.admit("otpSend", client=client, identifier="a@example.com")

        valkey.start()
        limits._away_until = 0
        await limits.admit("otpSend", client=client, identifier="a@example.com")
        await limits.close()


async def test_a_frozen_redis_delays_nobody_for_long():
    with servers.valkey() as valkey:
        limits = RateLimits(valkey.url, overrides={}, cost_per_minute=1000)
        valkey.pause()
        started = time.monotonic()
        for _ in range(20):
            await limits.admit("conversationCreate", viewer=_viewer(), client=_client())
        assert time.monotonic() - started < 2.5  # one waits for the answer, the others know
        valkey.resume()
        await limits.close()


async def test_the_budget_is_per_account_and_tells_what_is_left(limits):
    viewer, client = _viewer(), _client()
    first = limits.spend(viewer, client, 400)
    assert (first.cost, first.limit, first.remaining) == (400, 1000, 600)
    limits.spend(viewer, client, 600)
    with pytest.raises(RateLimitedError) as error:
        limits.spend(viewer, client, 1)
    assert error.value.extensions["retryAfter"] >= 1
    assert (limits.spend(None, client, 1)).remaining == 999
    assert limits.budget(viewer, client).remaining == 0


def test_settings_override_rows():
    rates = {rate.key: rate for rate in configured_rates({"logIn": "9/60"})}
    assert (rates["logIn"].limit, rates["logIn"].seconds) == (9, 60)
    assert len(rates) == len(RATES)
    with pytest.raises(ValueError, match="unknown rates: nonsense"):
        configured_rates({"nonsense": "1/1"})
    with pytest.raises(ValueError, match="limit/seconds"):
        configured_rates({"logIn": "often"})
