"""What the application shows beside GraphQL: health, metrics, headers, limits, pages that are not there."""

from __future__ import annotations

import httpx
import pytest

from app.core.limits import RATES
from tests.running import SECRET, serving


@pytest.fixture
async def http(server):
    async with httpx.AsyncClient(base_url=server.url) as client:
        yield client


async def test_healthy_and_ready(http):
    assert (await http.get("/healthz")).json() == {"status": "OK"}
    assert (await http.get("/readyz")).json() == {"status": "OK", "database": "OK", "bus": "OK"}


async def test_not_ready_once_it_ends(runtime):
    async with serving(runtime) as server, httpx.AsyncClient(base_url=server.url) as http:
        await server.app.drain(0)
        answer = await http.get("/readyz")
        assert answer.status_code == 503
        assert answer.json()["reason"] == "ending"
        assert (await http.get("/healthz")).status_code == 200


async def test_metrics_are_for_this_machine_only(http, alice):
    text = (await http.get("/metrics")).text
    assert "parley_events_dispatched_total" in text
    assert "parley_sockets" in text
    assert alice.username not in text
    assert SECRET not in text

    assert (await http.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"})).status_code == 404


async def test_every_answer_has_security_headers(http):
    for path in ("/healthz", "/nothing", "/graphql"):
        headers = (await http.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "no-referrer"
        assert "server" not in headers


@pytest.mark.parametrize("path", ["/", "/graphiql"])
async def test_development_leads_to_graphiql(http, path):
    answer = await http.get(path)
    assert answer.status_code == 307
    assert answer.headers["location"] == "/graphiql/"


@pytest.mark.parametrize("path", ["/nothing", "/graphql/x", "/healthz/", "/../etc/passwd", "/graphiql/nothing"])
async def test_other_paths_are_not_found(http, path):
    assert (await http.get(path)).status_code == 404


async def test_limits_are_those_that_are_enforced(alice):
    data = await alice.query(
        "{ limits { messageLength usernameMin usernameMax passwordMin passwordMax pageSize pageSizeMax batchItems"
        " devices groupMembers groupTitleLength otpDigits otpResendSeconds frameBytes eventRetentionSeconds"
        " displayNameLength rates { name limit windowSeconds remaining resetsAt } } }"
    )
    limits = data["limits"]
    assert (limits["messageLength"], limits["pageSize"], limits["pageSizeMax"]) == (10_000, 50, 100)
    assert [rate["name"] for rate in limits["rates"]] == [rate.name for rate in RATES]
    typing = next(rate for rate in limits["rates"] if rate["name"] == "typing")
    assert typing["remaining"] == typing["limit"] == 1_000_000


async def test_the_budget_tells_the_cost(alice):
    first = (await alice.query("{ rateLimit { cost limit remaining resetsAt } }"))["rateLimit"]
    second = (await alice.query("{ rateLimit { cost limit remaining resetsAt } }"))["rateLimit"]
    assert first["cost"] > 0
    assert second["remaining"] == first["remaining"] - second["cost"]


async def test_health_is_open_to_everybody(http):
    query = "{ health { status database bus uptimeSeconds } server { name version signInMethods time } viewer { id } }"
    data = (await http.post("/graphql", json={"query": query})).json()["data"]
    assert data["health"]["status"] == "OK"
    assert data["server"]["signInMethods"] == ["PASSWORD", "OTP_SMS", "OTP_EMAIL"]
    assert data["viewer"] is None
