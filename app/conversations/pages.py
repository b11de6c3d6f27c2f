"""The page that an invite's link opens when no app of one's own does: it shows the code, and asks nothing."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from app.core.runtime import Runtime, current
from app.settings import Settings

_CODE = re.compile(r"[A-Za-z0-9_-]{16,64}")
_HEADERS = {
    "content-security-policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}


def invite_url(settings: Settings, code: str) -> str:
    """The link of an invite: to the page of one's own app (`conversations.invite_url`), else to this server's."""
    template = settings.conversations.invite_url or f"{settings.public_url.rstrip('/')}/invite/{{code}}"
    return template.replace("{code}", code)


async def show_invite(request: Request) -> Response:
    """GET /invite/<code>: the same for every code, good or not, so that nobody can try codes here."""
    code = request.path_params["code"]
    if not _CODE.fullmatch(code):
        return HTMLResponse("<!doctype html><title>Not found</title><p>There is no such page.", 404, headers=_HEADERS)
    product = escape(current().settings.name)
    return HTMLResponse(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{product}</title><main><p>{product}</p><h1>You are invited</h1>"
        "<p>Open your app, choose to join by an invite, and enter this code:</p>"
        f"<p><code>{escape(code)}</code></p></main>",
        headers=_HEADERS,
    )


@asynccontextmanager
async def lifespan(runtime: Runtime) -> AsyncIterator[None]:
    """Serves the page."""
    runtime.routes.append(Route("/invite/{code}", show_invite, methods=["GET"]))
    yield
