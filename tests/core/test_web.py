"""What the application shows beside GraphQL: health, metrics, headers, limits, pages that are not there."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from app.core import db
from app.core.errors import StartError
from app.core.limits import RATES
from app.serve import monitored
from app.worker import Worker
from tests.running import SECRET, serving
from tests.servers import free_port


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


async def test_operations_left_to_graphql_core_are_counted(http, server):
    """None are where graphql-core executes everything anyway (PARLEY_EXECUTOR)."""

    async def counted(query: str) -> float:
        assert "errors" not in (await http.post("/graphql", json={"query": query})).json()
        lines = (await http.get("/metrics")).text.splitlines()
        return next(float(line.split()[1]) for line in lines if line.startswith("parley_executor_handed_over_total "))

    before = await counted("{ health { status } }")
    assert await counted("{ health { status } }") == before
    assert await counted("{ __schema { queryType { name } } }") == before + (
        server.runtime.settings.executor == "compiled"
    )


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


async def test_health_knows_whether_jobs_are_done(http, runtime):
    async def worker() -> str:
        answer = await http.post("/graphql", json={"query": "{ health { status worker } }"})
        health = answer.json()["data"]["health"]
        assert health["status"] == ("OK" if health["worker"] == "OK" else "DEGRADED")
        return health["worker"]

    await Worker(runtime).run_once()
    assert await worker() == "OK"
    for seconds, level in ((12, "DEGRADED"), (70, "DOWN")):
        at = await db.now() - timedelta(seconds=seconds)
        await db.execute("UPDATE job SET run_at = $1 WHERE name = 'jobs.forgetDead'", at)
        assert await worker() == level
    await Worker(runtime).run_once()
    assert await worker() == "OK"


async def test_the_workers_own_port_is_for_monitors(runtime):
    port = free_port()
    settings, runtime.settings = runtime.settings, runtime.settings.model_copy(update={"worker_port": port})
    try:
        async with monitored(runtime), httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
            assert (await http.get("/healthz")).json() == {"status": "OK"}
            assert (await http.get("/readyz")).json()["database"] == "OK"
            metrics = await http.get("/metrics")
            assert "parley_jobs_waiting" in metrics.text
            assert metrics.headers["x-content-type-options"] == "nosniff"
            assert (await http.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"})).status_code == 404
            assert (await http.post("/graphql", json={"query": "{ health { status } }"})).status_code == 404
            with pytest.raises(StartError, match="PARLEY_WORKER_PORT"):
                async with monitored(runtime):
                    pass
        with pytest.raises(httpx.ConnectError):
            await httpx.AsyncClient().get(f"http://127.0.0.1:{port}/healthz")
    finally:
        runtime.settings = settings


async def test_health_is_open_to_everybody(http):
    query = "{ health { status database bus uptimeSeconds } server { name version signInMethods time } viewer { id } }"
    data = (await http.post("/graphql", json={"query": query})).json()["data"]
    assert data["health"]["database"] == data["health"]["bus"] == "OK"
    assert data["server"]["signInMethods"] == ["PASSWORD", "OTP_SMS", "OTP_EMAIL"]
    assert data["viewer"] is None
