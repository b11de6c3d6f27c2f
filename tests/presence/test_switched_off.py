"""A server that shows no presence, and what a process leaves when it ends."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from app.core import db
from app.core.graphql.ids import decode_id
from tests.presence.documents import OF, SET, WATCH, befriend, board_of, online, presence_of
from tests.running import running, serving


@asynccontextmanager
async def another_server(server, prefix, **presence):
    """A process on the same database, apart from the shared one."""
    settings = server.runtime.settings
    changed = settings.presence.model_copy(update=presence)
    settings = settings.model_copy(update={"presence": changed, "redis_prefix": prefix})
    async with running(settings) as runtime, serving(runtime) as other:
        yield other


async def test_nobody_is_told_anything(server, alice, bob):
    await befriend(alice, bob)
    async with another_server(server, "off", enabled=False) as other:
        here = [replace(one, server=other, _session=None, _client=None) for one in (alice, bob)]
        async with online(here[0]), here[1].subscribe(WATCH) as stream:
            assert await presence_of(here[1], alice) is None
            assert await presence_of(here[0], alice) is None
            (error,) = await here[0].refused(SET, input={"state": "BUSY"})
            assert error["code"] == "FORBIDDEN"
            devices = await here[0].query("{ viewer { devices { isOnline } } }")
            assert devices["viewer"]["devices"] == [{"isOnline": True}]
            with pytest.raises(TimeoutError):
                await stream.next(0.3)
        for one in here:
            await one.close()
    assert await db.row("SELECT 1 AS one FROM presence WHERE user_id = $1", decode_id("usr", alice.id)) is None


async def test_a_process_that_ends_stores_who_was_there(server, alice, bob):
    await befriend(alice, bob)
    async with another_server(server, "ending") as other:
        here = replace(alice, server=other, _session=None, _client=None)
        async with here.subscribe(WATCH):
            user_id = decode_id("usr", alice.id)
            while user_id not in board_of(here).own_people():
                await here.query(OF, id=bob.id)
            found = None
            while found is None:
                found = await db.row("SELECT active_at FROM presence WHERE user_id = $1", user_id)
            await here.close()
    stored = await db.row("SELECT last_seen_at, active_at FROM presence WHERE user_id = $1", user_id)
    assert stored["last_seen_at"] == stored["active_at"] >= found["active_at"]
