"""What accounts keep in a running process: threads that hash, keys of tokens and codes, who is signed in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.routing import Route

from app.accounts import discovery, linking, own_data, sweep
from app.accounts.codes import Codes
from app.accounts.export_links import ExportLinks, download
from app.accounts.linking import Links
from app.accounts.oauth_providers import OAuthProviders
from app.accounts.pages import mail_link_routes
from app.accounts.passwords import PasswordHasher
from app.accounts.tokens import Tokens
from app.accounts.two_factor import Seals
from app.core.runtime import Runtime

assert all((discovery, sweep, own_data)), "what they do is registered by importing them"


@asynccontextmanager
async def lifespan(runtime: Runtime) -> AsyncIterator[None]:
    """Provides the parts of accounts to the runtime, and ends them with it."""
    settings = runtime.settings
    passwords = await asyncio.to_thread(PasswordHasher, settings.accounts)
    tokens = Tokens(settings.accounts, settings.secret)
    runtime.provide(passwords)
    runtime.provide(tokens)
    runtime.provide(Codes(settings.accounts, settings.secret))
    runtime.follower.on_dispatch(tokens.on_event)
    runtime.provide(Seals(settings.secret))
    providers = OAuthProviders(settings.oauth)
    runtime.provide(providers)
    links = Links(runtime)
    runtime.provide(links)
    runtime.hub.on_announcement(linking.TOPIC, links.hear)
    runtime.provide(ExportLinks(settings))
    runtime.routes += mail_link_routes(settings)
    runtime.routes.append(Route("/exports/{token}", download, methods=["GET"]))
    try:
        yield
    finally:
        links.close()
        await providers.close()
        await asyncio.to_thread(passwords.close)
