"""The refresh token as a cookie that no script reads and no foreign page sends (reliability.md, row 43)."""

from __future__ import annotations

from app.accounts.sessions import SignedIn
from app.core.clock import now
from app.core.errors import BadRequestError, ForbiddenError
from app.core.graphql.context import Context


def sent_refresh_token(context: Context) -> str | None:
    """The cookie's refresh token; None when there is none.

    Raises FORBIDDEN when one came that a foreign page may have made the browser send: without the CSRF header, which
    only a page that CORS admits can add, or from an Origin that may not use the API.
    """
    cookies = context.cookies
    token = cookies.sent.get(_name(context)) if cookies else None
    if token is not None and cookies is not None and not cookies.is_trusted:
        raise ForbiddenError("Cookies need the header X-Parley-CSRF: 1 and an Origin that may use this server.")
    return token


def check_may_set(context: Context) -> None:
    """Raises BAD_REQUEST over a WebSocket, whose answers carry no headers."""
    if context.cookies is None:
        raise BadRequestError("Cookies are set over HTTP only.")


def set_refresh_token(context: Context, signed_in: SignedIn) -> None:
    """Has the browser keep the session's refresh token until it ends."""
    left = int((signed_in.refresh_expires_at - now()).total_seconds())
    _set(context, signed_in.refresh_token, left)


def forget_refresh_token(context: Context) -> None:
    """Has the browser forget the refresh token, if it has one."""
    if context.cookies is not None and _name(context) in context.cookies.sent:
        _set(context, "", 0)


def _set(context: Context, value: str, seconds: int) -> None:
    text = f"{_name(context)}={value}; Path=/; Max-Age={max(seconds, 0)}; HttpOnly; Secure; SameSite=Strict"
    context.response_headers.append(("set-cookie", text))


def _name(context: Context) -> str:
    """With __Host- no other host of the domain can set it; browsers accept that prefix over https only."""
    is_https = context.runtime.settings.public_url.startswith("https://")
    return "__Host-parley_refresh" if is_https else "parley_refresh"
