"""Passwords, addresses and numbers of one's own account in the schema."""

from __future__ import annotations

from typing import Annotated

import strawberry

from app.accounts import credentials, oauth, own_identifiers
from app.accounts.graphql.mutations import OtpChannel, RequestOtpPayload
from app.accounts.graphql.types import ViewerPayload, viewer_of
from app.accounts.identifiers import EMAIL_LENGTH
from app.accounts.oauth_providers import OAuthProvider
from app.accounts.prefixes import Prefix, prefixes
from app.core.errors import ErrorCode, UserFault
from app.core.graphql.context import Info
from app.core.graphql.directives import Constraint
from app.core.graphql.payload import EmptyPayload, mutation

_NEW_PASSWORD = "Any characters; no common one, none like the username or e-mail. WEAK_PASSWORD, INVALID."  # noqa: S105


@strawberry.input(description="The password to be.")
class ChangePasswordInput:
    current_password: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="The present one; absent only when Viewer.hasPassword is false. WRONG_CREDENTIALS.",
        directives=[Constraint(max_length=128)],
    )
    new_password: str = strawberry.field(
        description=_NEW_PASSWORD, directives=[Constraint(min_length=8, max_length=128)]
    )


@strawberry.input(description="Whose password is to be reset.")
class RequestPasswordResetInput:
    email: str = strawberry.field(
        description="The account's e-mail address. INVALID, TOO_LONG.",
        directives=[Constraint(max_length=EMAIL_LENGTH)],
    )


@strawberry.input(description="The token of the mailed link, and the password to be.")
class ResetPasswordInput:
    token: str = strawberry.field(description="What follows #token= in the link. EXPIRED when it does not work.")
    new_password: str = strawberry.field(
        description=_NEW_PASSWORD, directives=[Constraint(min_length=8, max_length=128)]
    )


@strawberry.input(description="The token of the mailed link.")
class VerifyEmailInput:
    token: str = strawberry.field(description="What follows #token= in the link. EXPIRED when it does not work.")


@strawberry.input(description="What to add.")
class AddIdentifierInput:
    identifier: str = strawberry.field(description="E-mail or phone number (+…). INVALID, TOO_LONG.")


@strawberry.input(description="The code that came.")
class ConfirmIdentifierInput:
    identifier: str = strawberry.field(description="The same as in addIdentifier.")
    code: str = strawberry.field(description="6 digits. WRONG_CODE, TOO_MANY_ATTEMPTS after 5 tries.")


@strawberry.input(description="What to remove.")
class RemoveIdentifierInput:
    identifier: str | None = strawberry.field(
        default=strawberry.UNSET, description="The viewer's e-mail or phone number. INVALID when it is neither."
    )
    provider: OAuthProvider | None = strawberry.field(
        default=strawberry.UNSET, description="One of viewer.linkedProviders. Give exactly one of the two: INVALID."
    )


@strawberry.type
class CredentialsMutation:
    @mutation(
        ViewerPayload,
        rate_limit="changePassword",
        description="Sets the password; the account's other sessions end (PASSWORD_CHANGED), and its proved address is"
        " told. Codes: WRONG_CREDENTIALS, WEAK_PASSWORD, INVALID, RATE_LIMITED.",
    )
    async def change_password(
        self, info: Info, input: Annotated[ChangePasswordInput, strawberry.argument(description="Old and new.")]
    ) -> ViewerPayload:
        viewer = info.context.require_viewer()
        present = input.current_password or None
        await credentials.change_password(viewer, current_password=present, new_password=input.new_password)
        return ViewerPayload(viewer=viewer_of(viewer))

    @mutation(
        EmptyPayload,
        signed_out=True,
        rate_limit="passwordReset",
        description="Mails a link to a new password, good for an hour, once. The answer is the same whether anybody has"
        " the address. Codes: INVALID, TOO_LONG, RATE_LIMITED (3 in 10 minutes for an address).",
    )
    async def request_password_reset(
        self, info: Info, input: Annotated[RequestPasswordResetInput, strawberry.argument(description="Where to.")]
    ) -> EmptyPayload:
        await credentials.request_password_reset(email=input.email)
        return EmptyPayload()

    @mutation(
        EmptyPayload,
        signed_out=True,
        rate_limit="resetPassword",
        description="Sets the password by the token of a mailed link and proves the address; all sessions of the"
        " account end (PASSWORD_CHANGED). Sign in with logIn then. Codes: EXPIRED, WEAK_PASSWORD and INVALID (the link"
        " still works), RATE_LIMITED.",
    )
    async def reset_password(
        self, info: Info, input: Annotated[ResetPasswordInput, strawberry.argument(description="Token and password.")]
    ) -> EmptyPayload:
        await credentials.reset_password(token=input.token, new_password=input.new_password)
        return EmptyPayload()

    @mutation(
        ViewerPayload,
        rate_limit="verifyEmail",
        description="Proves the viewer's e-mail address by the token of the link mailed after registering. Call it"
        " signed in to that account. Codes: EXPIRED, RATE_LIMITED.",
    )
    async def verify_email(
        self, info: Info, input: Annotated[VerifyEmailInput, strawberry.argument(description="The token.")]
    ) -> ViewerPayload:
        viewer = info.context.require_viewer()
        await credentials.verify_email(viewer, token=input.token)
        return ViewerPayload(viewer=viewer_of(viewer))

    @mutation(
        EmptyPayload,
        rate_limit="resendEmailVerification",
        description="Mails the link that proves the viewer's address once more. Codes: NOT_FOUND (no address), CONFLICT"
        " (proved already), RATE_LIMITED (3 in 10 minutes).",
    )
    async def resend_email_verification(self, info: Info) -> EmptyPayload:
        await credentials.resend_email_verification(info.context.require_viewer())
        return EmptyPayload()

    @mutation(
        RequestOtpPayload,
        rate_limit="addIdentifier",
        description="Sends a code to an address or number that is to become the viewer's, in place of one of that kind"
        " they have. The answer is the same whether somebody has it. Codes: INVALID, TOO_LONG, COOLDOWN, RATE_LIMITED.",
    )
    async def add_identifier(
        self, info: Info, input: Annotated[AddIdentifierInput, strawberry.argument(description="What to add.")]
    ) -> RequestOtpPayload:
        sent = await own_identifiers.add_identifier(info.context.require_viewer(), identifier=input.identifier)
        return RequestOtpPayload(channel=OtpChannel(sent.channel), expires_at=sent.expires_at, resend_at=sent.resend_at)

    @mutation(
        ViewerPayload,
        rate_limit="otpVerify",
        description="Makes the address or number the viewer's, proved. Codes: WRONG_CODE, TOO_MANY_ATTEMPTS (ask for a"
        " new code), EMAIL_TAKEN and PHONE_TAKEN (somebody else proved it), INVALID, TOO_LONG, RATE_LIMITED.",
    )
    async def confirm_identifier(
        self, info: Info, input: Annotated[ConfirmIdentifierInput, strawberry.argument(description="The code.")]
    ) -> ViewerPayload:
        viewer = info.context.require_viewer()
        await own_identifiers.confirm_identifier(viewer, identifier=input.identifier, code=input.code)
        return ViewerPayload(viewer=viewer_of(viewer))

    @mutation(
        ViewerPayload,
        description="Takes an e-mail address, phone number or provider off the account. Codes: NOT_FOUND (not the"
        " viewer's), CONFLICT (the last way in: set a password or add another first), INVALID, TOO_LONG.",
    )
    async def remove_identifier(
        self, info: Info, input: Annotated[RemoveIdentifierInput, strawberry.argument(description="What to remove.")]
    ) -> ViewerPayload:
        viewer = info.context.require_viewer()
        if bool(input.identifier) == bool(input.provider):
            raise UserFault(ErrorCode.INVALID, "Say what to remove: one thing.", field=("identifier",))
        if input.provider:
            await oauth.unlink_provider(viewer, input.provider)
        else:
            await own_identifiers.remove_identifier(viewer, identifier=str(input.identifier))
        return ViewerPayload(viewer=viewer_of(viewer))


@strawberry.type(description="A country's dial code. Open to everybody.")
class PhonePrefix:
    country: str = strawberry.field(description="Its name in English.")
    country_code: str = strawberry.field(description="ISO 3166-1, two letters.")
    dial_code: str = strawberry.field(description="With the plus: +91.")
    flag: str = strawberry.field(description="As an emoji.")

    @classmethod
    def of(cls, prefix: Prefix) -> PhonePrefix:
        """The schema's object of a country."""
        return cls(
            country=prefix.country,
            country_code=prefix.country_code,
            dial_code=prefix.dial_code,
            flag=prefix.flag,
        )


@strawberry.type
class PrefixesQuery:
    @strawberry.field(description="Countries that this server sends codes to, by name, for a picker. Cache them.")
    def phone_prefixes(self, info: Info) -> list[PhonePrefix]:
        return [PhonePrefix.of(p) for p in prefixes(info.context.runtime.settings.delivery.sms_countries)]
