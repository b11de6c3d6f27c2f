"""The pages that mailed links open when no app of one's own does: prove an address, choose a new password.

They need nothing but this server, and speak GraphQL as every client does.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from html import escape
from pathlib import Path
from string import Template

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from app.accounts.mail_tokens import PATHS, MailPurpose
from app.settings import Settings

STATIC = Path(__file__).parent / "static"
_HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}
_TITLES = {MailPurpose.VERIFY_EMAIL: "Confirm your address", MailPurpose.RESET_PASSWORD: "Choose a new password"}


def mail_link_routes(settings: Settings) -> list[BaseRoute]:
    """A page for each kind of link, and what the pages load."""
    frame = Template((STATIC / "page.html").read_text())
    product = escape(settings.name)
    pages: list[BaseRoute] = []
    for purpose, path in PATHS.items():
        text = frame.substitute(product=product, title=_TITLES[purpose], purpose=purpose.value)
        pages.append(Route(f"/{path}", _page(text), methods=["GET"]))
    return [*pages, Mount("/mail-links", StaticFiles(directory=STATIC))]


def _page(text: str) -> Callable[[Request], Awaitable[Response]]:
    async def show(_request: Request) -> Response:
        return HTMLResponse(text, headers=_HEADERS)

    return show
