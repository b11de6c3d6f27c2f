"""Events of accounts, in the person's own stream."""

from __future__ import annotations

from typing import Self
from uuid import UUID

import strawberry

from app.accounts.devices import DeviceChange, DeviceRow, load_devices
from app.accounts.graphql.types import Device, User, Viewer, device_of, show_user, viewer_of
from app.accounts.loaders import UserRow, load_users
from app.accounts.sessions import SessionEndReason
from app.core import log
from app.core.graphql.context import Context, Info
from app.core.graphql.enums import described_enum
from app.core.graphql.events import Event, EventKind, event_face

described_enum(
    DeviceChange,
    "What happened to a device.",
    {
        "LINKED": "It signed in: add it to Viewer.devices.",
        "RENAMED": "Its name changed.",
        "REVOKED": "It was signed out, by itself or from elsewhere: take it off Viewer.devices.",
    },
)
described_enum(
    SessionEndReason,
    "Why a session ends. More may appear.",
    {
        "LOGGED_OUT": "logOut, or the same installation signed in again.",
        "DEVICE_REVOKED": "Its device was revoked from another one.",
        "TOKEN_REUSED": "A refresh token came back that was used before: somebody may have copied it. Warn the person.",
        "PASSWORD_CHANGED": "The password changed, or the account's address was proved by another device.",
        "SUSPENDED": "The account was suspended.",
        "DISCONNECTED_BY_OPERATOR": "The server's operator ended it.",
    },
)


@event_face(EventKind.DEVICE_CHANGED)
@strawberry.type(description="A device of the viewer signed in, was renamed or was signed out.")
class DeviceChanged(Event):
    device_row: strawberry.Private[DeviceRow]

    @classmethod
    async def build(cls, record: log.Event, context: Context) -> Self | None:
        """Left out when the device has been removed since."""
        row = await context.load(load_devices, UUID(record.payload["deviceId"]))
        return cls(record=record, device_row=row) if row else None

    @strawberry.field(description="The device as it is now.")
    def device(self) -> Device:
        return device_of(self.device_row)

    @strawberry.field(description="What happened to it.")
    def device_change(self) -> DeviceChange:
        return DeviceChange(self.record.payload["change"])


@event_face(EventKind.SESSION_ENDING)
@strawberry.type(
    description="The session that subscribes was ended; the socket closes within a second. Other sessions of the"
    " account get DeviceChanged instead."
)
class SessionEnding(Event):
    @classmethod
    def build(cls, record: log.Event, context: Context) -> Self | None:
        """For the session itself only."""
        viewer = context.require_viewer()
        return cls(record=record) if str(viewer.session_id) == record.payload["sessionId"] else None

    @strawberry.field(description="Why it ended.")
    def end_reason(self) -> SessionEndReason:
        return SessionEndReason(self.record.payload["reason"])


@event_face(EventKind.PROFILE_CHANGED)
@strawberry.type(
    description="The name or bio of a contact, or of somebody in a common conversation (up to 256 members), changed."
)
class ProfileChanged(Event):
    user_row: strawberry.Private[UserRow]

    @classmethod
    async def build(cls, record: log.Event, context: Context) -> Self | None:
        row = await context.load(load_users, UUID(record.payload["userId"]))
        return cls(record=record, user_row=row) if row else None

    @strawberry.field(description="The person, as they are now.")
    def user(self) -> User:
        return show_user(self.user_row)


@event_face(EventKind.VIEWER_CHANGED)
@strawberry.type(
    description="The viewer's own account, profile or settings changed, on this device or another: read what you show"
    " of it again."
)
class ViewerChanged(Event):
    @strawberry.field(description="Oneself, as it is now.")
    def viewer(self, info: Info) -> Viewer:
        return viewer_of(info.context.require_viewer())
