"""The clients that frontend teams use, for real: each signs in, pages, sends and receives."""

from __future__ import annotations

import pytest

from tests.clients.node import install, run


@pytest.mark.parametrize("client", ["graphql_ws", "apollo"])
async def test_client_signs_in_pages_sends_and_receives(server, client):
    folder = install("js")

    output = await run(folder, "node", f"{client}.mjs", f"{server.url}/graphql")

    assert output.strip().endswith("ok")


async def test_code_generator_with_strict_scalars_compiles_the_schema():
    folder = install("js")

    await run(folder, "npx", "graphql-codegen", "--config", "codegen.ts", seconds=120)
    await run(folder, "npx", "tsc", "-p", ".", seconds=120)
