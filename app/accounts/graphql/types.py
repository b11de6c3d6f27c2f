"""The types of accounts: User as others see them, Viewer for oneself, sessions and devices."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import strawberry
from strawberry import UNSET
from strawberry.types.unset import UnsetType

from app.accounts.devices import DevicePlatform, DeviceRow, load_devices
from app.accounts.kept_profiles import as_seen, load_kept_profiles
from app.accounts.loaders import AccountRow, UserRole, UserRow, load_accounts, load_users
from app.accounts.oauth_providers import OAuthProvider
from app.accounts.privacy import Audience, load_is_contact, load_privacy
from app.accounts.profile import Gender
from app.accounts.sessions import SessionRow, load_sessions, load_sessions_of
from app.core import viewer as core
from app.core.errors import SessionRevokedError
from app.core.executor import known, quick
from app.core.graphql.context import Context, Info
from app.core.graphql.enums import described_enum
from app.core.graphql.ids import encode_id
from app.core.graphql.node import Node, node_kind
from app.core.graphql.payload import Payload
from app.core.graphql.scalars import CursorText, EmailAddress, PhoneNumber
from app.core.log import encode_cursor

described_enum(
    OAuthProvider,
    "A provider of identities. More may appear.",
    {
        "GOOGLE": "Google.",
        "APPLE": "Apple.",
        "GITHUB": "GitHub.",
        "MICROSOFT": "Microsoft.",
        "OIDC": "The operator's own OpenID Connect issuer.",
    },
)
described_enum(
    UserRole,
    "What somebody may do on this server.",
    {"USER": "Chats.", "MODERATOR": "Handles reports too.", "ADMIN": "Runs the server."},
)
described_enum(
    Gender,
    "What a person says about themself.",
    {"FEMALE": "Female.", "MALE": "Male.", "OTHER": "Something else.", "UNSPECIFIED": "Said nothing."},
)
described_enum(
    DevicePlatform,
    "What a client runs on.",
    {
        "WEB": "A browser.",
        "IOS": "An iPhone or iPad.",
        "ANDROID": "An Android phone or tablet.",
        "DESKTOP": "An application on a computer.",
        "CLI": "A command line or a bot.",
        "OTHER": "Anything else.",
    },
)


@strawberry.type(description="A person as others see them. Anybody signed in may see anybody's.")
class User(Node):
    row: strawberry.Private[UserRow]
    # What everybody sees; UNSET where it depends on who is looking.
    shown_username: strawberry.Private[str | UnsetType | None]
    shown_name: strawberry.Private[str | UnsetType]

    def __init__(self, row: UserRow) -> None:
        self.id = strawberry.ID(encode_id("usr", row.id))
        self.row = row
        if row.has_kept_profile:
            self.shown_username = self.shown_name = UNSET
        elif row.deleted_at:
            self.shown_username = None
            self.shown_name = row.shown_name
        else:
            self.shown_username = row.username
            self.shown_name = row.display_name

    async def seen(self, context: Context) -> UserRow:
        """The person as the viewer sees them, who is asked only where that is not the same for everybody."""
        return await person_as_seen(context, self.row)

    @strawberry.field(
        description="3 to 50 letters, digits and underscores, unique whatever the case; null once deleted."
    )
    @known("shown_username", for_all=True)
    def username(self, info: Info) -> str | None:
        if self.row.has_kept_profile and not self.row.deleted_at:
            return self._kept_username(info.context)  # type: ignore[return-value]  # awaited only where it must be
        return None if self.row.deleted_at else self.row.username

    async def _kept_username(self, context: Context) -> str:
        return (await self.seen(context)).username

    @strawberry.field(description="What to show, at most 100 characters, any script. Never empty.")
    @known("shown_name", for_all=True)
    def display_name(self, info: Info) -> str:
        if self.row.has_kept_profile:
            return self._kept_name(info.context)  # type: ignore[return-value]  # as username
        return self.row.shown_name

    async def _kept_name(self, context: Context) -> str:
        return (await self.seen(context)).shown_name

    @strawberry.field(
        description="What they say about themselves, at most limits.bioLength characters; null when nothing, or when"
        " their privacy.bio leaves the viewer out."
    )
    @quick
    async def bio(self, info: Info) -> str | None:
        bio = (await self.seen(info.context)).bio
        if bio is None or self.row.deleted_at:
            return None
        audience = (await info.context.load(load_privacy, self.row.id)).bio
        return bio if await is_within(info.context, audience, self.row.id) else None

    @strawberry.field(
        description="Whether startDirectConversation would work for the viewer: from their privacy.whoCanMessage alone,"
        " it says nothing about blocks."
    )
    @quick
    async def viewer_can_message(self, info: Info) -> bool:
        if self.row.deleted_at:
            return False
        audience = (await info.context.load(load_privacy, self.row.id)).who_can_message
        return await is_within(info.context, audience, self.row.id)

    @strawberry.field(
        description="Whether their privacy.whoCanCall lets the viewer call them; like viewerCanMessage it says nothing"
        " about blocks."
    )
    async def viewer_can_call(self, info: Info) -> bool:
        if self.row.deleted_at:
            return False
        audience = (await info.context.load(load_privacy, self.row.id)).who_can_call
        return await is_within(info.context, audience, self.row.id)

    @strawberry.field(description="True when the account was deleted: only the id is left.")
    def is_deleted(self) -> bool:
        return self.row.deleted_at is not None


async def person_as_seen(context: Context, person: UserRow) -> UserRow:
    """The person with the name, bio and avatar that the viewer sees: for somebody whom they block those of then."""
    if not person.has_kept_profile:
        return person
    viewer = context.viewer
    if viewer is None or viewer.user_id == person.id:
        return person
    return as_seen(person, await context.load(load_kept_profiles, (person.id, viewer.user_id)))


@strawberry.type(description="One installation of a client. Only its owner sees it.")
class Device(Node):
    row: strawberry.Private[DeviceRow]

    @strawberry.field(description="1 to 127, unique within the account: the device id of the Signal protocol address.")
    def number(self) -> int:
        return self.row.number

    @strawberry.field(
        description="As the client called itself when it signed in last, or as renamed since; at most 100 characters."
    )
    def name(self) -> str:
        return self.row.name

    @strawberry.field(description="What it runs on.")
    def platform(self) -> DevicePlatform:
        return DevicePlatform(self.row.platform)

    @strawberry.field(description="When it signed in first.")
    def created_at(self) -> datetime:
        return self.row.created_at

    @strawberry.field(description="When it signed in or refreshed last.")
    def last_seen_at(self) -> datetime:
        return self.row.last_seen_at

    @strawberry.field(description="Whether it is the device that asks.")
    def is_current(self, info: Info) -> bool:
        return info.context.require_viewer().device_id == self.row.id


@strawberry.type(description="A signed-in device. Only its owner sees it.")
class Session(Node):
    row: strawberry.Private[SessionRow]

    @strawberry.field(description="The device that is signed in.")
    async def device(self, info: Info) -> Device:
        row = await info.context.load(load_devices, self.row.device_id)
        if row is None:
            raise SessionRevokedError
        return device_of(row)

    @strawberry.field(description="When it signed in.")
    def created_at(self) -> datetime:
        return self.row.created_at

    @strawberry.field(description="When its tokens were refreshed last.")
    def last_used_at(self) -> datetime:
        return self.row.last_used_at

    @strawberry.field(
        description="When it ends unless it is refreshed: 7 days after the last time, 90 days after it began."
    )
    def expires_at(self) -> datetime:
        return self.row.expires_at

    @strawberry.field(description="Where it signed in from; null when unknown.")
    def ip_address(self) -> str | None:
        return self.row.ip_address

    @strawberry.field(description="What the client said it is, at most 255 characters; null when it said nothing.")
    def user_agent(self) -> str | None:
        return self.row.user_agent

    @strawberry.field(description="Whether it is the session that asks.")
    def is_current(self, info: Info) -> bool:
        return info.context.require_viewer().session_id == self.row.id


@strawberry.type(
    description="The signed-in person, for themself alone. Has an id, so that every payload and event that returns it"
    " updates the one cached viewer."
)
class Viewer(Node):
    viewer: strawberry.Private[core.Viewer]

    @strawberry.field(description="Oneself as others see one.")
    async def user(self, info: Info) -> User:
        row = await info.context.load(load_users, self.viewer.user_id)
        if row is None:
            raise SessionRevokedError
        return show_user(row)

    @strawberry.field(
        description="Subscribe with events(after:) from here: nothing between this response and the stream is missed."
    )
    def event_cursor(self, info: Info) -> CursorText:
        return CursorText(encode_cursor(info.context.start, info.context.runtime.epoch))

    @strawberry.field(description="As typed; null when there is none.")
    async def email(self, info: Info) -> EmailAddress | None:
        email = (await _account(info.context, self.viewer)).email
        return EmailAddress(email) if email else None

    @strawberry.field(description="Whether a code or link proved that the address is theirs.")
    async def email_verified(self, info: Info) -> bool:
        return (await _account(info.context, self.viewer)).email_verified

    @strawberry.field(description="Null when there is none.")
    async def phone_number(self, info: Info) -> PhoneNumber | None:
        number = (await _account(info.context, self.viewer)).phone_number
        return PhoneNumber(number) if number else None

    @strawberry.field(description="Whether a code proved that the number is theirs.")
    async def phone_verified(self, info: Info) -> bool:
        return (await _account(info.context, self.viewer)).phone_verified

    @strawberry.field(description="What they may do on this server.")
    async def role(self, info: Info) -> UserRole:
        return UserRole((await _account(info.context, self.viewer)).role)

    @strawberry.field(description="Whether logIn works for this account; verifyOtp always does.")
    async def has_password(self, info: Info) -> bool:
        return (await _account(info.context, self.viewer)).has_password

    @strawberry.field(description="True until the first updateProfile (an empty one skips).")
    async def needs_profile_setup(self, info: Info) -> bool:
        return (await _account(info.context, self.viewer)).needs_profile_setup

    @strawberry.field(description="As told with updateProfile; nobody else sees it.")
    async def gender(self, info: Info) -> Gender:
        return Gender((await _account(info.context, self.viewer)).gender)

    @strawberry.field(description="The session that asks.")
    async def session(self, info: Info) -> Session:
        row = await info.context.load(load_sessions, self.viewer.session_id)
        if row is None:
            raise SessionRevokedError
        return session_of(row)

    @strawberry.field(description="All live sessions of the account, the one used last first.")
    async def sessions(self, info: Info) -> list[Session]:
        return [session_of(row) for row in await info.context.load(load_sessions_of, self.viewer.user_id)]

    @strawberry.field(description="The signed-in devices of the account, the one seen last first; 6 at most.")
    async def devices(self, info: Info) -> list[Device]:
        live = await info.context.load(load_sessions_of, self.viewer.user_id)
        rows = await info.context.loader(load_devices).load_many(dict.fromkeys(s.device_id for s in live))
        return [device_of(row) for row in rows if row]


@strawberry.type(description="The viewer after the change.")
class ViewerPayload(Payload):
    viewer: Viewer | None = strawberry.field(default=None, description="As they are now; null when it failed.")


async def is_within(context: Context, audience: Audience, owner_id: UUID) -> bool:
    """Whether an audience of this person's lets the viewer in; the person themself always is.

    The viewer is asked last: what everybody may see is executed once for all subscribers of an event.
    """
    if audience is Audience.EVERYONE:
        return True
    viewer = context.viewer
    if viewer is None:
        return False
    if viewer.user_id == owner_id:
        return True
    return audience is Audience.CONTACTS and await context.load(load_is_contact, (owner_id, viewer.user_id))


def show_user(row: UserRow) -> User:
    """The schema's object of a person."""
    return User(row)


def device_of(row: DeviceRow) -> Device:
    """The schema's object of a device."""
    return Device(id=strawberry.ID(encode_id("dev", row.id)), row=row)


def session_of(row: SessionRow) -> Session:
    """The schema's object of a session."""
    return Session(id=strawberry.ID(encode_id("ses", row.id)), row=row)


def viewer_of(viewer: core.Viewer) -> Viewer:
    """The schema's object of the signed-in person."""
    return Viewer(id=strawberry.ID(encode_id("vwr", viewer.user_id)), viewer=viewer)


async def _account(context: Context, viewer: core.Viewer) -> AccountRow:
    account = await context.load(load_accounts, viewer.user_id)
    if account is None:
        raise SessionRevokedError
    return account


@node_kind("usr")
async def _fetch_user(context: Context, user_id: UUID) -> User | None:
    context.require_viewer()
    row = await context.load(load_users, user_id)
    return show_user(row) if row else None


@node_kind("dev")
async def _fetch_device(context: Context, device_id: UUID) -> Device | None:
    viewer = context.require_viewer()
    row = await context.load(load_devices, device_id)
    return device_of(row) if row and row.user_id == viewer.user_id else None


@node_kind("ses")
async def _fetch_session(context: Context, session_id: UUID) -> Session | None:
    viewer = context.require_viewer()
    row = await context.load(load_sessions, session_id)
    return session_of(row) if row and row.user_id == viewer.user_id else None


@node_kind("vwr")
async def _fetch_viewer(context: Context, user_id: UUID) -> Viewer | None:
    viewer = context.require_viewer()
    return viewer_of(viewer) if viewer.user_id == user_id else None
