"""Toys served in the tests' loop: one with development settings, one as in production."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.transport import toy as toys


@pytest.fixture(scope="session")
async def toy() -> AsyncIterator[toys.Toy]:
    async with toys.serving_toy(introspection=True, transport={"cost_least": 1}) as toy:
        yield toy


@pytest.fixture(scope="session")
async def production() -> AsyncIterator[toys.Toy]:
    async with toys.serving_toy(env="production") as toy:
        yield toy
