"""Signing in and out: their inputs, payloads and mutations."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import strawberry

from app.accounts import service, sessions
from app.accounts.graphql.cookies import forget_refresh_token, sent_refresh_token
from app.accounts.graphql.session import (
    TRANSPORT,
    DeviceInput,
    RefreshTokenTransport,
    SessionPayload,
    check_transport,
    installation_of,
    session_payload,
)
from app.accounts.identifiers import EMAIL_LENGTH, PHONE_LENGTH
from app.accounts.tokens import authenticate
from app.core.errors import BadRequestError, ErrorCode, SessionExpiredError, UnauthenticatedError, UserFault
from app.core.graphql.context import Info
from app.core.graphql.directives import Constraint
from app.core.graphql.enums import described_enum
from app.core.graphql.payload import Payload, mutation


class OtpChannel(StrEnum):
    SMS = "SMS"
    EMAIL = "EMAIL"


described_enum(OtpChannel, "How a code travels.", {"SMS": "To a phone number.", "EMAIL": "To an e-mail address."})


# ── payloads ──────────────────────────────────────────────────────────────────────────────────────


@strawberry.type(description="Where a code went. It is the same whether anybody has the identifier.")
class RequestOtpPayload(Payload):
    channel: OtpChannel | None = strawberry.field(default=None, description="How it travels.")
    expires_at: datetime | None = strawberry.field(default=None, description="The code works until then (5 minutes).")
    resend_at: datetime | None = strawberry.field(
        default=None, description="Another may be asked for from then (30 seconds)."
    )


@strawberry.type(description="The session is over.")
class LogOutPayload(Payload):
    pass


@strawberry.type(description="How long the connection is good for now.")
class RenewConnectionPayload(Payload):
    expires_at: datetime | None = strawberry.field(
        default=None, description="The new token's end: renew again before then."
    )


# ── inputs ────────────────────────────────────────────────────────────────────────────────────────


@strawberry.input(description="A new account and its first device.")
class RegisterInput:
    username: str = strawberry.field(
        description="Letters, digits and underscores, unique whatever the case. INVALID, TOO_LONG, USERNAME_TAKEN.",
        directives=[Constraint(min_length=3, max_length=50, pattern="^[A-Za-z0-9_]+$")],
    )
    email: str = strawberry.field(
        description="Kept as typed, unique whatever the case. INVALID, TOO_LONG, EMAIL_TAKEN.",
        directives=[Constraint(max_length=EMAIL_LENGTH)],
    )
    password: str = strawberry.field(
        description="Any characters; no common one, none like the username or e-mail. WEAK_PASSWORD, INVALID.",
        directives=[Constraint(min_length=8, max_length=128)],
    )
    phone_number: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="With the country code, e.g. +919876543210. INVALID, PHONE_TAKEN.",
        directives=[Constraint(max_length=PHONE_LENGTH)],
    )
    display_name: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="What others see, on one line; absent: the username. INVALID, TOO_LONG.",
        directives=[Constraint(max_length=100)],
    )
    device: DeviceInput = strawberry.field(description="The client that signs in.")
    refresh_token_transport: RefreshTokenTransport | None = TRANSPORT


@strawberry.input(description="An account's identifier and password.")
class LogInInput:
    identifier: str = strawberry.field(description="Username, e-mail or phone number (+…).")
    password: str = strawberry.field(description="The account's password.", directives=[Constraint(max_length=128)])
    device: DeviceInput = strawberry.field(description="The client that signs in.")
    refresh_token_transport: RefreshTokenTransport | None = TRANSPORT


@strawberry.input(description="Where to send a code.")
class RequestOtpInput:
    identifier: str = strawberry.field(description="E-mail or phone number (+…). INVALID, TOO_LONG.")


@strawberry.input(description="The code that came.")
class VerifyOtpInput:
    identifier: str = strawberry.field(description="The same as in requestOtp.")
    code: str = strawberry.field(description="6 digits. WRONG_CODE, TOO_MANY_ATTEMPTS after 5 tries.")
    device: DeviceInput = strawberry.field(description="The client that signs in.")
    refresh_token_transport: RefreshTokenTransport | None = TRANSPORT


@strawberry.input(description="The refresh token to be used up.")
class RefreshSessionInput:
    refresh_token: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="From the last SessionTokens. EXPIRED when it no longer works. Absent: the cookie's.",
    )


@strawberry.input(description="What to sign out.")
class LogOutInput:
    all_devices: bool | None = strawberry.field(
        default=False, description="True: every session of the account; false: this one."
    )


@strawberry.input(description="The newer token.")
class RenewConnectionInput:
    access_token: str = strawberry.field(
        description="Of the same session, from refreshSession. INVALID when it is of another or none, EXPIRED."
    )


# ── mutations ─────────────────────────────────────────────────────────────────────────────────────


@strawberry.type
class AccountsMutation:
    @mutation(
        SessionPayload,
        signed_out=True,
        rate_limit="register",
        description="Makes an account and signs in. Codes: INVALID, TOO_LONG, WEAK_PASSWORD, USERNAME_TAKEN,"
        " EMAIL_TAKEN, PHONE_TAKEN, CONFLICT (somebody registers the same right now),"
        " RATE_LIMITED.",
    )
    async def register(
        self, info: Info, input: Annotated[RegisterInput, strawberry.argument(description="Who, and from where.")]
    ) -> SessionPayload:
        check_transport(info.context, input.refresh_token_transport)
        signed_in = await service.register(
            username=input.username,
            email=input.email,
            password=input.password,
            phone_number=input.phone_number or None,
            display_name=input.display_name or None,
            installation=installation_of(input.device),
            client=info.context.client,
        )
        return session_payload(info.context, signed_in, transport=input.refresh_token_transport)

    @mutation(
        SessionPayload,
        signed_out=True,
        rate_limit="logIn",
        description="Signs in by password; the earlier session of the same installation ends. Codes: WRONG_CREDENTIALS"
        " (which one is not told), LIMIT_REACHED (6 devices), RATE_LIMITED, INVALID and TOO_LONG for the device.",
    )
    async def log_in(
        self, info: Info, input: Annotated[LogInInput, strawberry.argument(description="Who, and from where.")]
    ) -> SessionPayload:
        check_transport(info.context, input.refresh_token_transport)
        signed_in = await service.log_in(
            identifier=input.identifier,
            password=input.password,
            installation=installation_of(input.device),
            client=info.context.client,
        )
        return session_payload(info.context, signed_in, transport=input.refresh_token_transport)

    @mutation(
        RequestOtpPayload,
        signed_out=True,
        rate_limit="otpSend",
        description="Sends a sign-in code; an earlier one stops working. The answer is the same whether anybody has the"
        " identifier. Codes: INVALID, TOO_LONG, COOLDOWN (30 s) and RATE_LIMITED (3 in 10 minutes) with retryAfter.",
    )
    async def request_otp(
        self, info: Info, input: Annotated[RequestOtpInput, strawberry.argument(description="Where to.")]
    ) -> RequestOtpPayload:
        sent = await service.request_otp(identifier=input.identifier)
        return RequestOtpPayload(channel=OtpChannel(sent.channel), expires_at=sent.expires_at, resend_at=sent.resend_at)

    @mutation(
        SessionPayload,
        signed_out=True,
        rate_limit="otpVerify",
        description="Signs in by code, and makes the account (isNewUser, with a generated username) if nobody has the"
        " identifier. The first proof of an address that was registered unproved drops the account's password and"
        " other sessions. Codes: WRONG_CODE, TOO_MANY_ATTEMPTS (ask for a new code), LIMIT_REACHED (6 devices),"
        " RATE_LIMITED, INVALID, TOO_LONG.",
    )
    async def verify_otp(
        self, info: Info, input: Annotated[VerifyOtpInput, strawberry.argument(description="The code.")]
    ) -> SessionPayload:
        check_transport(info.context, input.refresh_token_transport)
        signed_in = await service.verify_otp(
            identifier=input.identifier,
            code=input.code,
            installation=installation_of(input.device),
            client=info.context.client,
        )
        return session_payload(info.context, signed_in, transport=input.refresh_token_transport)

    @mutation(
        SessionPayload,
        signed_out=True,
        rate_limit="refreshSession",
        description="New tokens for a refresh token, which is used up: keep the new one. Two tabs that refresh within"
        " 10 seconds get the same. A token that comes back later ends its session (TOKEN_REUSED). Without refreshToken"
        " the cookie's is used, and its successor set as the cookie: over HTTP only, with the header X-Parley-CSRF: 1"
        " and from an Origin that may use the API, else FORBIDDEN. Codes: EXPIRED for every token that does not work"
        " (sign in again), RATE_LIMITED.",
    )
    async def refresh_session(
        self, info: Info, input: Annotated[RefreshSessionInput, strawberry.argument(description="The token.")]
    ) -> SessionPayload:
        token, transport = input.refresh_token, RefreshTokenTransport.BODY
        if token is None or token is strawberry.UNSET:
            token, transport = sent_refresh_token(info.context), RefreshTokenTransport.COOKIE
        return session_payload(info.context, await sessions.refresh_session(token or ""), transport=transport)

    @mutation(
        LogOutPayload,
        description="Ends this session, or all of the account: their tokens are refused at once and their sockets close"
        " within a second. No codes of its own.",
    )
    async def log_out(
        self, info: Info, input: Annotated[LogOutInput, strawberry.argument(description="Which sessions.")]
    ) -> LogOutPayload:
        await sessions.log_out(info.context.require_viewer(), all_devices=bool(input.all_devices))
        forget_refresh_token(info.context)
        return LogOutPayload()

    @mutation(
        RenewConnectionPayload,
        description="Swaps the token of the live WebSocket without touching its subscriptions. Codes: INVALID (no token"
        " of this session), EXPIRED. BAD_REQUEST over HTTP; SESSION_REVOKED when the session has ended.",
    )
    async def renew_connection(
        self, info: Info, input: Annotated[RenewConnectionInput, strawberry.argument(description="The token.")]
    ) -> RenewConnectionPayload:
        connection, present = info.context.connection, info.context.require_viewer()
        if connection is None:
            raise BadRequestError("Only a WebSocket can be renewed.")
        field = ("accessToken",)
        try:
            viewer = await authenticate(input.access_token)
        except SessionExpiredError:
            raise UserFault(ErrorCode.EXPIRED, "Refresh the session first.", field=field) from None
        except UnauthenticatedError:
            viewer = None
        if viewer is None or viewer.session_id != present.session_id:
            raise UserFault(ErrorCode.INVALID, "This is no token of this session.", field=field)
        connection.renew(viewer)
        return RenewConnectionPayload(expires_at=viewer.expires_at)
