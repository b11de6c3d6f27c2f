"""The audit suite of GraphQL over HTTP (npm graphql-http): 61 requests with the answers the draft asks for."""

from __future__ import annotations

import json
from collections import Counter

from tests.clients.node import install, run
from tests.running import Server


async def test_no_must_or_should_fails(server: Server) -> None:
    folder = install("audit")

    output = await run(folder, "node", "audit.mjs", server.graphql_url)

    results = [json.loads(line) for line in output.splitlines()]
    assert len(results) == 61
    # "error" is a failed MUST, "warn" a failed SHOULD; the failed MAYs are those of GET, which we refuse on purpose.
    assert [r for r in results if r["status"] in ("error", "warn")] == []
    assert Counter(r["status"] for r in results) == {"ok": 58, "notice": 3}
