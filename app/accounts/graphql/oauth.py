"""Signing in with a provider in the schema."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry

from app.accounts import oauth
from app.accounts.graphql.session import (
    TRANSPORT,
    DeviceInput,
    RefreshTokenTransport,
    SessionPayload,
    check_transport,
    installation_of,
    session_payload,
)
from app.accounts.graphql.types import Viewer, viewer_of
from app.accounts.oauth import load_linked_providers
from app.accounts.oauth_providers import OAuthProvider, OAuthProviders
from app.core.graphql.context import Info
from app.core.graphql.directives import Constraint
from app.core.graphql.extend import extends
from app.core.graphql.payload import Payload, mutation
from app.core.graphql.scalars import Url
from app.core.graphql.server import ServerInfo


@extends(ServerInfo)
class ServerOAuth:
    @strawberry.field(description="Providers that beginOAuth takes.")
    def oauth_providers(self: Any, info: Info) -> list[OAuthProvider]:
        return list(info.context.runtime.part(OAuthProviders).names)


@extends(Viewer)
class ViewerOAuth:
    @strawberry.field(description="Providers that sign in to this account, the one linked first first.")
    async def linked_providers(self: Any, info: Info) -> list[OAuthProvider]:
        return await info.context.load(load_linked_providers, self.viewer.user_id)


@strawberry.type(description="Where the person signs in, or why not.")
class BeginOAuthPayload(Payload):
    authorization_url: Url | None = strawberry.field(default=None, description="Open it in a browser.")
    state: str | None = strawberry.field(
        default=None, description="Comes back with the code; compare them. Works once, for 10 minutes."
    )


@strawberry.input(description="Which provider, and where it sends the person back.")
class BeginOAuthInput:
    provider: OAuthProvider = strawberry.field(description="One of server.oauthProviders. NOT_FOUND.")
    redirect_uri: Url = strawberry.field(description="One that the operator listed, to the letter. INVALID.")
    code_challenge: str = strawberry.field(
        description="PKCE: SHA-256 of the code verifier, in base64url without padding. INVALID.",
        directives=[Constraint(pattern="^[A-Za-z0-9_-]{43}$")],
    )


@strawberry.input(description="What the provider sent back.")
class CompleteOAuthInput:
    provider: OAuthProvider = strawberry.field(description="The same as in beginOAuth.")
    state: str = strawberry.field(description="As it came back. EXPIRED.")
    code: str = strawberry.field(description="As it came back. WRONG_CODE.")
    code_verifier: str = strawberry.field(
        description="PKCE: what codeChallenge was made of. INVALID.",
        directives=[Constraint(min_length=43, max_length=128)],
    )
    device: DeviceInput = strawberry.field(description="The client that signs in.")
    refresh_token_transport: RefreshTokenTransport | None = TRANSPORT


@strawberry.type
class OAuthMutation:
    @mutation(
        BeginOAuthPayload,
        signed_out=True,
        rate_limit="oauth",
        description="Begins to sign in with a provider; called while signed in, to link it to the account. Codes:"
        " NOT_FOUND (not offered), INVALID (address or challenge), RATE_LIMITED. UNAVAILABLE when it does not answer.",
    )
    async def begin_o_auth(
        self, info: Info, input: Annotated[BeginOAuthInput, strawberry.argument(description="Which.")]
    ) -> BeginOAuthPayload:
        begun = await oauth.begin_oauth(
            info.context.viewer,
            provider=input.provider,
            redirect_uri=input.redirect_uri,
            code_challenge=input.code_challenge,
        )
        return BeginOAuthPayload(authorization_url=Url(begun.authorization_url), state=begun.state)

    @mutation(
        SessionPayload,
        signed_out=True,
        rate_limit="oauth",
        description="Signs in, and makes the account (isNewUser) if nobody has linked this person; called while signed"
        " in, links the provider to the account instead (no new tokens). An e-mail address alone never links. Codes:"
        " EXPIRED (state), INVALID (verifier), WRONG_CODE, EMAIL_TAKEN (an account has the address: sign in to it,"
        " then link), CONFLICT (linked elsewhere), ALREADY_EXISTS (another person of it is linked),"
        " SECOND_FACTOR_REQUIRED, LIMIT_REACHED (6 devices), RATE_LIMITED, INVALID and TOO_LONG for the device.",
    )
    async def complete_o_auth(
        self, info: Info, input: Annotated[CompleteOAuthInput, strawberry.argument(description="What came back.")]
    ) -> SessionPayload:
        context, viewer = info.context, info.context.viewer
        check_transport(context, input.refresh_token_transport)
        installation = installation_of(input.device)
        identity = await oauth.prove_identity(
            viewer,
            provider=input.provider,
            state=input.state,
            code=input.code,
            code_verifier=input.code_verifier,
        )
        if viewer is not None:
            await oauth.link_identity(viewer, identity, input.provider)
            return SessionPayload(viewer=viewer_of(viewer))
        signed_in = await oauth.sign_in_by_identity(
            identity, input.provider, installation=installation, client=context.client
        )
        return session_payload(context, signed_in, transport=input.refresh_token_transport)
