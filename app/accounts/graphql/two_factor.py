"""Two factors in the schema: switching them on and off, and the second step of signing in."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

import strawberry

from app.accounts import challenges, two_factor
from app.accounts.graphql.linking import qr_svg
from app.accounts.graphql.session import SessionPayload, check_transport, session_payload, split_challenge
from app.accounts.graphql.types import Viewer, ViewerPayload, viewer_of
from app.accounts.two_factor import load_has_two_factor
from app.core.graphql.context import Info
from app.core.graphql.directives import Constraint
from app.core.graphql.extend import extends
from app.core.graphql.payload import Payload, mutation


@extends(Viewer)
class ViewerTwoFactor:
    @strawberry.field(description="Whether signing in takes a second factor.")
    async def two_factor_enabled(self: Any, info: Info) -> bool:
        return await info.context.load(load_has_two_factor, self.viewer.user_id)


@strawberry.type(description="What an authenticator app needs. Shown once; it counts after confirmTwoFactor.")
class BeginTwoFactorPayload(Payload):
    secret: str | None = strawberry.field(default=None, description="Base32, to be typed.")
    otpauth_url: str | None = strawberry.field(default=None, description="Opens an authenticator app.")
    qr_code: str | None = strawberry.field(default=None, description="The same to be scanned: SVG markup.")


@strawberry.type(description="Two factors are on, or why not.")
class ConfirmTwoFactorPayload(Payload):
    recovery_codes: list[str] | None = strawberry.field(
        default=None, description="Ten codes that each work once in place of the app. Never shown again."
    )
    viewer: Viewer | None = strawberry.field(default=None, description="As they are now; null when it failed.")


@strawberry.input(description="Who asks.")
class BeginTwoFactorInput:
    password: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="Needed where the account has one. WRONG_CREDENTIALS.",
        directives=[Constraint(max_length=128)],
    )


@strawberry.input(description="The app's first code.")
class ConfirmTwoFactorInput:
    code: str = strawberry.field(description="6 digits. WRONG_CODE.")


@strawberry.input(description="A code.")
class DisableTwoFactorInput:
    code: str = strawberry.field(description="From the authenticator app, or a recovery code. WRONG_CODE.")


@strawberry.input(description="The second factor.")
class VerifyTwoFactorInput:
    challenge: str = strawberry.field(description="From the payload with SECOND_FACTOR_REQUIRED. EXPIRED.")
    code: str = strawberry.field(
        description="From the authenticator app, or a recovery code. WRONG_CODE, TOO_MANY_ATTEMPTS after 5 tries."
    )


@strawberry.type
class TwoFactorMutation:
    @mutation(
        SessionPayload,
        signed_out=True,
        rate_limit="twoFactorVerify",
        description="Second step after SECOND_FACTOR_REQUIRED from logIn, verifyOtp or completeOAuth, within 5 minutes;"
        " tokens travel as was asked for there. Codes: WRONG_CODE, TOO_MANY_ATTEMPTS and EXPIRED (sign in again),"
        " LIMIT_REACHED (6 devices), RATE_LIMITED.",
    )
    async def verify_two_factor(
        self, info: Info, input: Annotated[VerifyTwoFactorInput, strawberry.argument(description="The factor.")]
    ) -> SessionPayload:
        challenge, transport = split_challenge(input.challenge)
        check_transport(info.context, transport)
        signed_in = await challenges.verify_two_factor(challenge=challenge, code=input.code, client=info.context.client)
        return session_payload(info.context, signed_in, transport=transport)

    @mutation(
        BeginTwoFactorPayload,
        rate_limit="twoFactor",
        description="Makes a secret for an authenticator app; confirm it with a code within 15 minutes. Codes:"
        " WRONG_CREDENTIALS, ALREADY_EXISTS (two factors are on), RATE_LIMITED.",
    )
    async def begin_two_factor(
        self, info: Info, input: Annotated[BeginTwoFactorInput, strawberry.argument(description="Who asks.")]
    ) -> BeginTwoFactorPayload:
        begun = await two_factor.begin_two_factor(info.context.require_viewer(), password=input.password or None)
        return BeginTwoFactorPayload(
            secret=begun.secret, otpauth_url=begun.url, qr_code=await asyncio.to_thread(qr_svg, begun.url)
        )

    @mutation(
        ConfirmTwoFactorPayload,
        rate_limit="twoFactor",
        description="Switches two factors on: from now on signing in takes a code too. The viewer's devices get"
        " ViewerChanged. Codes: WRONG_CODE, EXPIRED (begin again), ALREADY_EXISTS, RATE_LIMITED.",
    )
    async def confirm_two_factor(
        self, info: Info, input: Annotated[ConfirmTwoFactorInput, strawberry.argument(description="The code.")]
    ) -> ConfirmTwoFactorPayload:
        viewer = info.context.require_viewer()
        codes = await two_factor.confirm_two_factor(viewer, input.code)
        return ConfirmTwoFactorPayload(recovery_codes=codes, viewer=viewer_of(viewer))

    @mutation(
        ViewerPayload,
        rate_limit="twoFactor",
        description="Switches two factors off; the recovery codes work no more. The viewer's devices get ViewerChanged."
        " Codes: WRONG_CODE, NOT_FOUND (they are off), RATE_LIMITED.",
    )
    async def disable_two_factor(
        self, info: Info, input: Annotated[DisableTwoFactorInput, strawberry.argument(description="A code.")]
    ) -> ViewerPayload:
        viewer = info.context.require_viewer()
        await two_factor.disable_two_factor(viewer, input.code)
        return ViewerPayload(viewer=viewer_of(viewer))
