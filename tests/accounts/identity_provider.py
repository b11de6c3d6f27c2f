"""Providers for tests: the real one (npm oidc-provider), and a person who signs in there as a browser would."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx2

from tests.clients.node import install
from tests.servers import free_port

REDIRECT_URI = "https://chat.example/signed-in"
CLIENT_ID = "parley"
CLIENT_SECRET = "parley-secret-of-the-tests"


@asynccontextmanager
async def identity_provider() -> AsyncIterator[str]:
    """A running OpenID Connect issuer; its URL."""
    folder, port = install("oidc"), free_port()
    process = await asyncio.create_subprocess_exec(
        "node", "provider.mjs", str(port), REDIRECT_URI, cwd=folder, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        assert process.stdout
        async with asyncio.timeout(30):
            while (line := await process.stdout.readline()).strip() != b"listening":
                assert line, "the provider ended"
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        await process.wait()


async def sign_in_there(url: str, login: str) -> dict[str, str]:
    """Follows the provider's pages as this login; the parameters it sends back to the client."""
    async with httpx2.AsyncClient(timeout=10) as browser:
        response = await browser.get(url)
        for _ in range(12):
            if response.is_redirect:
                target = urljoin(str(response.url), response.headers["location"])
                if target.startswith(REDIRECT_URI):
                    return {name: values[0] for name, values in parse_qs(urlsplit(target).query).items()}
                response = await browser.get(target)
            else:
                action = re.search(r'action="([^"]+)"', response.text)
                prompt = re.search(r'name="prompt" value="(\w+)"', response.text)
                assert action, response.text
                assert prompt, response.text
                form = {"prompt": prompt[1], "login": login, "password": "any"}
                response = await browser.post(urljoin(str(response.url), action[1]), data=form)
    raise AssertionError("the provider never sent anybody back")
