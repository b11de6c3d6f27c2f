"""Profile and privacy in the schema: what the viewer tells about themself, and to whom."""

from __future__ import annotations

from typing import Annotated, TypeVar

import strawberry

from app.accounts.avatars import NewAvatar
from app.accounts.graphql.types import Viewer, ViewerPayload, viewer_of
from app.accounts.privacy import Audience, Privacy, PrivacyChange, load_privacy, update_privacy
from app.accounts.profile import Gender, ProfileChange, update_profile
from app.core.errors import ErrorCode, UserFault
from app.core.graphql.context import Info
from app.core.graphql.directives import Constraint
from app.core.graphql.enums import described_enum
from app.core.graphql.extend import extends
from app.core.graphql.ids import known_id
from app.core.graphql.payload import mutation

T = TypeVar("T")

described_enum(
    Audience,
    "Whom a setting lets in.",
    {
        "EVERYONE": "Anybody who is signed in.",
        "CONTACTS": "The people whom the person has as a contact.",
        "NOBODY": "Nobody but the person.",
    },
)


@strawberry.type(description="What a person lets others see and do. Only they see it; obeyed wherever they are shown.")
class PrivacySettings:
    last_seen: Audience = strawberry.field(description="When they were last there. New accounts: CONTACTS.")
    online_status: Audience = strawberry.field(description="Whether they are there now. New accounts: CONTACTS.")
    profile_photo: Audience = strawberry.field(description="Their picture. New accounts: EVERYONE.")
    bio: Audience = strawberry.field(description="User.bio. New accounts: EVERYONE.")
    read_receipts: bool = strawberry.field(
        description="Whether others learn what they have read; when false they don't learn it of others either. New"
        " accounts: true."
    )
    typing_indicators: bool = strawberry.field(
        description="Whether others see them type; when false setTyping tells nobody. New accounts: true."
    )
    who_can_message: Audience = strawberry.field(
        description="Who may write to them first; conversations they have go on. New accounts: EVERYONE."
    )
    who_can_add_to_groups: Audience = strawberry.field(
        description="Who may put them into a group; the others are told to invite them. New accounts: EVERYONE."
    )
    who_can_call: Audience = strawberry.field(description="Who may call them. New accounts: CONTACTS.")
    discoverable_by_phone: bool = strawberry.field(
        description="Whether people who know their verified number find them by it. New accounts: false."
    )
    discoverable_by_email: bool = strawberry.field(
        description="Whether people who know their verified address find them by it. New accounts: false."
    )


def _show_privacy(privacy: Privacy) -> PrivacySettings:
    values = {name: getattr(privacy, name) for name in Privacy.__dataclass_fields__}
    return PrivacySettings(**values)


@extends(Viewer)
class ViewerPrivacy:
    @strawberry.field(description="What the viewer lets others see and do: updatePrivacy.")
    async def privacy(self: Viewer, info: Info) -> PrivacySettings:
        return _show_privacy(await info.context.load(load_privacy, self.viewer.user_id))


# ── inputs ────────────────────────────────────────────────────────────────────────────────────────


@strawberry.input(description="What to change of the profile; an absent field keeps its value.")
class UpdateProfileInput:
    username: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="Letters, digits and underscores (ASCII, so that no two look alike), unique whatever the case; null"
        " is INVALID. The old one is kept for the viewer for 7 days.",
        directives=[Constraint(min_length=3, max_length=50, pattern="^[A-Za-z0-9_]+$")],
    )
    display_name: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="What others see, on one line; null is INVALID.",
        directives=[Constraint(min_length=1, max_length=100)],
    )
    bio: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="At most limits.bioLength code points, may have several lines; null or empty clears it.",
        directives=[Constraint(max_length=500)],
    )
    avatar_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET,
        description="A READY picture that the viewer uploaded with purpose AVATAR, of at most limits.avatarBytes; null"
        " takes the avatar away.",
    )
    gender: Gender | None = strawberry.field(default=strawberry.UNSET, description="Null is UNSPECIFIED.")


@strawberry.input(description="What to change of the privacy settings; an absent or null field keeps its value.")
class UpdatePrivacyInput:
    last_seen: Audience | None = strawberry.field(default=strawberry.UNSET, description="Who sees when one was there.")
    online_status: Audience | None = strawberry.field(
        default=strawberry.UNSET, description="Who sees whether one is there."
    )
    profile_photo: Audience | None = strawberry.field(default=strawberry.UNSET, description="Who sees the picture.")
    bio: Audience | None = strawberry.field(default=strawberry.UNSET, description="Who sees User.bio.")
    read_receipts: bool | None = strawberry.field(
        default=strawberry.UNSET, description="False: others don't learn what one has read, nor one of them."
    )
    typing_indicators: bool | None = strawberry.field(
        default=strawberry.UNSET, description="False: nobody sees one type."
    )
    who_can_message: Audience | None = strawberry.field(default=strawberry.UNSET, description="Who may write first.")
    who_can_add_to_groups: Audience | None = strawberry.field(
        default=strawberry.UNSET, description="Who may add one to groups."
    )
    who_can_call: Audience | None = strawberry.field(default=strawberry.UNSET, description="Who may call.")
    discoverable_by_phone: bool | None = strawberry.field(
        default=strawberry.UNSET, description="Whether one is found by the verified number."
    )
    discoverable_by_email: bool | None = strawberry.field(
        default=strawberry.UNSET, description="Whether one is found by the verified address."
    )


# ── mutations ─────────────────────────────────────────────────────────────────────────────────────


@strawberry.type
class ProfileMutation:
    @mutation(
        ViewerPayload,
        rate_limit="updateProfile",
        description="Changes the viewer's profile; the first one, even an empty one, ends needsProfileSetup. The"
        " viewer's devices get ViewerChanged. Codes: INVALID and TOO_LONG (with the field), USERNAME_TAKEN (also a name"
        " that somebody gave up in the last 7 days), NOT_FOUND, INVALID and TOO_LARGE (avatarId), RATE_LIMITED (3"
        " new usernames a day); then nothing is changed.",
    )
    async def update_profile(
        self, info: Info, input: Annotated[UpdateProfileInput, strawberry.argument(description="What to change.")]
    ) -> ViewerPayload:
        viewer = info.context.require_viewer()
        gender = _given(input.gender)
        change = ProfileChange(
            username=_required(input.username, "username"),
            display_name=_required(input.display_name, "displayName"),
            bio="" if input.bio is None else _given(input.bio),
            gender=Gender.UNSPECIFIED if input.gender is None else gender,
            avatar=new_avatar(input.avatar_id),
        )
        await update_profile(viewer, change)
        return ViewerPayload(viewer=viewer_of(viewer))

    @mutation(
        ViewerPayload,
        rate_limit="updatePrivacy",
        description="Changes what the viewer lets others see and do, from now on: what was seen before stays seen. The"
        " viewer's devices get ViewerChanged. Codes: RATE_LIMITED.",
    )
    async def update_privacy(
        self, info: Info, input: Annotated[UpdatePrivacyInput, strawberry.argument(description="What to change.")]
    ) -> ViewerPayload:
        viewer = info.context.require_viewer()
        names = PrivacyChange.__dataclass_fields__
        await update_privacy(viewer, PrivacyChange(**{name: _given(getattr(input, name)) for name in names}))
        return ViewerPayload(viewer=viewer_of(viewer))


def new_avatar(media_id: strawberry.ID | None) -> NewAvatar | None:
    """What an optional avatarId of an input asks for, None when absent. Raises NOT_FOUND for a malformed one."""
    if media_id is strawberry.UNSET:
        return None
    return NewAvatar(None if media_id is None else known_id("med", media_id, "avatarId"))


def _given(value: T | None) -> T | None:
    """An optional value of an input, None when absent."""
    return None if value is strawberry.UNSET else value


def _required(value: str | None, field: str) -> str | None:
    """None when absent. Raises INVALID for null: it can't be cleared."""
    if value is None:
        raise UserFault(ErrorCode.INVALID, "This can be changed, but not cleared.", field=(field,))
    return _given(value)
