"""At most three sockets a device: the oldest makes room, in whatever process it is. At most 200 an address."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

import pytest
from websockets.exceptions import InvalidStatus

from app.core.transport.server import GraphQLTransport
from tests.accounts.support import log_in
from tests.running import running, serving
from tests.transport import toy as toys
from tests.transport.sockets import Socket, socket


async def opened(stack: AsyncExitStack, url: str, token: str) -> Socket:
    """A socket that has signed in."""
    one = await stack.enter_async_context(socket(url))
    await one.start(Authorization=f"Bearer {token}")
    return one


async def alive(one: Socket) -> bool:
    await one.say({"type": "ping"})
    return (await one.hear())["type"] == "pong"


async def test_the_fourth_socket_closes_the_oldest(server, alice):
    async with AsyncExitStack() as stack:
        sockets = [await opened(stack, server.ws_url, alice.access_token) for _ in range(4)]

        code, reason = await sockets[0].closed()
        assert (code, reason) == (4409, "Too many sockets: this device opened newer ones")
        assert [await alive(s) for s in sockets[1:]] == [True, True, True]


async def test_closed_sockets_make_room(server, alice):
    async with AsyncExitStack() as stack:
        first = await opened(stack, server.ws_url, alice.access_token)
        for _ in range(5):
            async with socket(server.ws_url) as short:
                await short.start(Authorization=f"Bearer {alice.access_token}")
            while len(server.runtime.part(GraphQLTransport).sockets._newer) > 1:
                await asyncio.sleep(0)  # until the server has noticed
        assert await alive(first)


async def test_other_devices_and_signed_out_sockets_do_not_count(server, alice, bob):
    other = await log_in(server, alice)
    async with AsyncExitStack() as stack:
        first = await opened(stack, server.ws_url, alice.access_token)
        for token in (other["tokens"]["accessToken"], bob.access_token):
            await asyncio.gather(*(opened(stack, server.ws_url, token) for _ in range(3)))
        for _ in range(3):
            await (await stack.enter_async_context(socket(server.ws_url))).start()
        assert await alive(first)


async def test_the_limit_holds_over_two_processes(server, engine, settings, alice):
    if not engine.redis_url:
        pytest.skip("SQLite has one process")
    async with AsyncExitStack() as stack:
        runtime = await stack.enter_async_context(running(settings))
        second = await stack.enter_async_context(serving(runtime))
        async with socket(second.ws_url) as warm:
            await warm.start()  # a transport listens from its first request on
        sockets = []
        for server_url in (server.ws_url, second.ws_url, second.ws_url, server.ws_url, second.ws_url):
            sockets.append(await opened(stack, server_url, alice.access_token))

        assert (await sockets[0].closed())[0] == 4409
        assert (await sockets[1].closed())[0] == 4409
        assert [await alive(s) for s in sockets[2:]] == [True, True, True]


async def test_an_address_has_so_many_sockets_in_a_process() -> None:
    async with toys.serving_toy(transport={"sockets_per_address": 2}) as toy, AsyncExitStack() as stack:
        for _ in range(2):
            await (await stack.enter_async_context(socket(toy.ws_url))).start()
        with pytest.raises(InvalidStatus) as refused:
            await stack.enter_async_context(socket(toy.ws_url))
        answer = refused.value.response
        assert answer.status_code == 429
        assert answer.headers["retry-after"] == "30"
        assert b'"RATE_LIMITED"' in answer.body
        assert len(toy.transport.connections) == 2

    async with toys.serving_toy(transport={"sockets_per_address": 1}) as toy:
        for _ in range(3):  # those that are gone do not count
            async with socket(toy.ws_url) as one:
                await one.start()
            while toy.transport.addresses._open:
                await asyncio.sleep(0)
