"""Presence in the schema: setPresence, User.presence, Viewer.isInvisible, Device.isOnline."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry

from app.accounts.graphql import Device, User, Viewer, viewer_of
from app.core.executor import quick
from app.core.graphql.context import Info
from app.core.graphql.directives import Constraint
from app.core.graphql.enums import described_enum
from app.core.graphql.extend import extends
from app.core.graphql.payload import Payload, mutation
from app.presence.board import DeviceBoard
from app.presence.records import load_records
from app.presence.service import EMOJI_LENGTH, KEEP, PresenceChange, set_presence
from app.presence.shown import PresenceState, Shown, load_shown
from app.presence.sight import load_sight

described_enum(
    PresenceState,
    "How reachable somebody is. More may appear: show them as ONLINE.",
    {
        "ONLINE": "Connected with at least one device that is in use.",
        "AWAY": "Connected, but away from every device.",
        "BUSY": "Connected, and does not want to be disturbed.",
        "OFFLINE": "Connected with no device for 10 seconds, or invisible.",
    },
)


@strawberry.type(
    description="How somebody is to be reached, as the viewer may know it. The highest state of all their devices"
    " counts: BUSY, ONLINE, AWAY."
)
class Presence:
    shown: strawberry.Private[Shown]

    @strawberry.field(
        description="Online or not. OFFLINE too where privacy.onlineStatus of either leaves the other out, so that only"
        " lastSeenAt is told."
    )
    def state(self) -> PresenceState:
        return self.shown.state

    @strawberry.field(
        description="When they were online last, to the minute. Null while they are online, when they never were, and"
        " where privacy.lastSeen of either leaves the other out."
    )
    def last_seen_at(self) -> datetime | None:
        return self.shown.last_seen_at

    @strawberry.field(description="What they are up to, in their words, at most 100 characters; null when nothing.")
    def status_text(self) -> str | None:
        return self.shown.status.text

    @strawberry.field(description="A picture of it, at most 32 code points; null when there is none.")
    def status_emoji(self) -> str | None:
        return self.shown.status.emoji

    @strawberry.field(
        description="When text and emoji end: hide them then, no event tells. Null when they last until changed."
    )
    def status_expires_at(self) -> datetime | None:
        return self.shown.status.expires_at


@extends(User)
class UserPresence:
    @strawberry.field(
        description="Whether they are online, or when they were. Null where the viewer may not know: where"
        " privacy.onlineStatus and lastSeen of either leave the other out (who hides theirs does not see others'), a"
        " block or an unanswered message request is between them, or this server shows no presence; and for moments in"
        " which it is not known. presenceChanged tells of changes."
    )
    @quick
    async def presence(self: User, info: Info) -> Presence | None:
        if self.row.deleted_at:
            return None
        sight = await info.context.load(load_sight, (info.context.require_viewer().user_id, self.row.id))
        shown = await info.context.load(load_shown, self.row.id) if sight else None
        seen = shown.seen_with(sight) if shown else None
        return Presence(shown=seen) if seen else None


@extends(Viewer)
class ViewerPresence:
    @strawberry.field(description="Whether everybody sees the viewer as offline. Set with setPresence.")
    async def is_invisible(self: Viewer, info: Info) -> bool:
        return (await info.context.load(load_records, self.viewer.user_id)).is_invisible


@extends(Device)
class DevicePresence:
    @strawberry.field(
        description="Whether it is connected this moment, whatever its owner's presence says. While processes of the"
        " server can't reach each other, only those connected to the one that answers."
    )
    def is_online(self: Device, info: Info) -> bool:
        return info.context.runtime.part(DeviceBoard).is_connected(self.row.user_id, self.row.id)


@strawberry.input(description="What to change; what is absent stays as it is.")
class SetPresenceInput:
    state: PresenceState | None = strawberry.field(
        default=None,
        description="AWAY and ONLINE are said of the device that asks, which counts as ONLINE until it says AWAY; BUSY"
        " of the person, until a device says ONLINE. Kept while they are offline. INVALID for OFFLINE: use invisible.",
    )
    status_text: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="On one line; null or empty takes it away. INVALID, TOO_LONG.",
        directives=[Constraint(max_length=100)],
    )
    status_emoji: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="Beside the text; null or empty takes it away. INVALID, TOO_LONG.",
        directives=[Constraint(max_length=EMOJI_LENGTH)],
    )
    status_expires_at: datetime | None = strawberry.field(
        default=strawberry.UNSET,
        description="When text and emoji end; null: when they are changed, as for a new text or emoji that comes"
        " without it. INVALID unless it is in the future.",
    )
    invisible: bool | None = strawberry.field(
        default=None,
        description="Seen as offline by everyone, since now, until it is false again. A status set meanwhile is"
        " seen then only; that from before stays, as it does of somebody offline.",
    )


@strawberry.type(description="The viewer after the change.")
class PresencePayload(Payload):
    viewer: Viewer | None = strawberry.field(default=None, description="As they are now; null when it failed.")


@strawberry.type
class PresenceMutation:
    @mutation(
        PresencePayload,
        description="Says how the viewer is: away, busy, invisible, a status. Others hear of it by presenceChanged, of"
        " several changes within 5 seconds the last; own devices by ViewerChanged. Coming online and going offline is"
        " noticed by itself. Codes: INVALID, TOO_LONG, FORBIDDEN where this server shows no presence, RATE_LIMITED.",
        rate_limit="presence",
    )
    async def set_presence(
        self, info: Info, input: Annotated[SetPresenceInput, strawberry.argument(description="What changes.")]
    ) -> PresencePayload:
        viewer = info.context.require_viewer()
        change = PresenceChange(
            input.state,
            KEEP if input.status_text is strawberry.UNSET else input.status_text,
            KEEP if input.status_emoji is strawberry.UNSET else input.status_emoji,
            KEEP if input.status_expires_at is strawberry.UNSET else input.status_expires_at,
            input.invisible,
        )
        await set_presence(viewer, change)
        return PresencePayload(viewer=viewer_of(viewer))
