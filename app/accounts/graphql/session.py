"""What every way to sign in has in common: the device it is for, and the session it answers with."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import strawberry

from app.accounts.challenges import Challenge
from app.accounts.devices import INSTALLATION_LENGTH, NAME_LENGTH, DevicePlatform, Installation, check_installation
from app.accounts.graphql.cookies import check_may_set, set_refresh_token
from app.accounts.graphql.types import Viewer, viewer_of
from app.accounts.sessions import SignedIn
from app.core.errors import ErrorCode, UserFault
from app.core.graphql.context import Context
from app.core.graphql.directives import Constraint
from app.core.graphql.enums import described_enum
from app.core.graphql.payload import Payload, user_error


class RefreshTokenTransport(StrEnum):
    """How the refresh token travels."""

    BODY = "BODY"
    COOKIE = "COOKIE"


described_enum(
    RefreshTokenTransport,
    "How the refresh token travels.",
    {
        "BODY": "In SessionTokens: for apps that can keep it where other programs can't read it.",
        "COOKIE": "As an HttpOnly cookie that scripts can't read: for browsers. Over HTTP only.",
    },
)
TRANSPORT = strawberry.field(
    default=RefreshTokenTransport.BODY,
    description="COOKIE keeps the refresh token from scripts; BAD_REQUEST over a WebSocket.",
)


@strawberry.type(
    description="What a signed-in client holds. Keep the refresh token where other programs can't read it."
)
class SessionTokens:
    access_token: str = strawberry.field(
        description="Send as Authorization: Bearer, and in connection_init as { Authorization }. Lives 15 minutes."
    )
    access_expires_at: datetime = strawberry.field(description="Refresh before then.")
    refresh_token: str | None = strawberry.field(
        description="For refreshSession, once: each use gives the next. Null when it travels as an HttpOnly cookie."
    )
    refresh_expires_at: datetime = strawberry.field(
        description="Not refreshed by then, the session ends: 7 days after the last use, 90 days after signing in."
    )


@strawberry.type(description="A session, or why there is none.")
class SessionPayload(Payload):
    tokens: SessionTokens | None = strawberry.field(default=None, description="Null when it failed.")
    viewer: Viewer | None = strawberry.field(default=None, description="Who is signed in now; null when it failed.")
    is_new_user: bool = strawberry.field(default=False, description="Whether the account was made by this mutation.")
    challenge: str | None = strawberry.field(
        default=None, description="With SECOND_FACTOR_REQUIRED: pass to verifyTwoFactor within 5 minutes."
    )


@strawberry.input(description="The client that signs in.")
class DeviceInput:
    name: str = strawberry.field(
        description="What the person calls it, e.g. Firefox on Linux; shown in their list of devices.",
        directives=[Constraint(min_length=1, max_length=NAME_LENGTH)],
    )
    platform: DevicePlatform = strawberry.field(description="What it runs on.")
    installation_id: str = strawberry.field(
        description="A stable random id kept by the client, so that one device is one row. Visible ASCII characters.",
        directives=[Constraint(min_length=1, max_length=INSTALLATION_LENGTH, pattern="^[!-~]+$")],
    )


def installation_of(device: DeviceInput) -> Installation:
    """The device of an input, checked. Raises INVALID or TOO_LONG with the field."""
    return check_installation(installation_id=device.installation_id, name=device.name, platform=device.platform)


def check_transport(context: Context, transport: RefreshTokenTransport | None) -> None:
    """Before anything is changed: raises BAD_REQUEST when a cookie is asked for where none can be set."""
    if transport is RefreshTokenTransport.COOKIE:
        check_may_set(context)


def session_payload(
    context: Context, signed_in: SignedIn | Challenge, *, transport: RefreshTokenTransport | None
) -> SessionPayload:
    """The payload of a sign-in; the rest of the operation is the person's, unless a second factor is asked for."""
    if isinstance(signed_in, Challenge):
        fault = UserFault(ErrorCode.SECOND_FACTOR_REQUIRED, "Enter the code of your authenticator app.")
        return SessionPayload(errors=[user_error(fault)], challenge=_join_challenge(signed_in.text, transport))
    context.sign_in(signed_in.viewer)
    by_cookie = transport is RefreshTokenTransport.COOKIE
    if by_cookie:
        set_refresh_token(context, signed_in)
    tokens = SessionTokens(
        access_token=signed_in.access_token,
        access_expires_at=signed_in.viewer.expires_at,
        refresh_token=None if by_cookie else signed_in.refresh_token,
        refresh_expires_at=signed_in.refresh_expires_at,
    )
    return SessionPayload(tokens=tokens, viewer=viewer_of(signed_in.viewer), is_new_user=signed_in.is_new_user)


def _join_challenge(text: str, transport: RefreshTokenTransport | None) -> str:
    # How the tokens travel is the client's own choice: nothing is lost if it changes this.
    return f"{text}.{(transport or RefreshTokenTransport.BODY).value}"


def split_challenge(challenge: str) -> tuple[str, RefreshTokenTransport]:
    """A challenge, and how the tokens are to travel as was said at the first step."""
    text, _, transport = challenge.rpartition(".")
    return text, RefreshTokenTransport.COOKIE if transport == "COOKIE" else RefreshTokenTransport.BODY
