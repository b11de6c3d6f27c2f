"""Listening without missing the start: ephemera are not stored, so a test must know that the stream is open."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import pytest

from app.core.graphql.ids import decode_id


@pytest.fixture
def listening(server):
    """`async with listening(person, document) as stream`: announcements reach it from here on."""

    @asynccontextmanager
    async def listen(person, document, **variables):
        async with person.subscribe(document, **variables) as stream:
            await armed(server, decode_id("usr", person.id))
            yield stream

    return listen


async def armed(server, user_id) -> None:
    """Returns when all subscriptions of that person know their conversations."""
    hub = server.runtime.hub
    while not (mine := hub._people.get(user_id)) or not all(subscription.is_armed for subscription in mine):
        await asyncio.sleep(0.002)
