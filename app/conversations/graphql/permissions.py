"""GroupPermissions: who may do what in a group; and what createGroup and updateGroup are told of it."""

from __future__ import annotations

import strawberry

import app.conversations.graphql.enums  # noqa: F401  (describes MemberRole)
from app.conversations.info import PermissionsChange
from app.conversations.records import MemberRole
from app.core.graphql.directives import Constraint


@strawberry.type(description="The lowest role that may do it, and what goes for everybody.")
class GroupPermissions:
    who_can_send: MemberRole = strawberry.field(description="Who sends messages; the others have ADMINS_ONLY.")
    who_can_edit_info: MemberRole = strawberry.field(description="Who changes title, description and picture.")
    who_can_add_members: MemberRole = strawberry.field(description="Who adds people and makes invites.")
    who_can_pin: MemberRole = strawberry.field(description="Who pins messages.")
    new_members_see_history: bool = strawberry.field(
        description="Whether who joins from now on sees what was sent before."
    )
    slow_mode_seconds: int = strawberry.field(
        description="Seconds between two messages of one plain member; 0: none. See viewerCanSendAt."
    )


@strawberry.input(
    description="Who may do what in a group: the lowest role. An absent or null field stays as it is; in a new group it"
    " has the default."
)
class GroupPermissionsInput:
    who_can_send: MemberRole | None = strawberry.field(
        default=strawberry.UNSET, description="Who sends messages. New groups: MEMBER."
    )
    who_can_edit_info: MemberRole | None = strawberry.field(
        default=strawberry.UNSET, description="Who changes title, description and picture. New groups: ADMIN."
    )
    who_can_add_members: MemberRole | None = strawberry.field(
        default=strawberry.UNSET, description="Who adds people and makes invites. New groups: ADMIN."
    )
    who_can_pin: MemberRole | None = strawberry.field(
        default=strawberry.UNSET, description="Who pins messages. New groups: ADMIN."
    )
    new_members_see_history: bool | None = strawberry.field(
        default=strawberry.UNSET,
        description="Whether who joins from now on sees what was sent before. New groups: false.",
    )
    slow_mode_seconds: int | None = strawberry.field(
        default=strawberry.UNSET,
        description="Seconds between two messages of one plain member, 0 (none) to 3600. New groups: 0.",
        directives=[Constraint(min=0, max=3600)],
    )


def permissions_change(given: GroupPermissionsInput | None) -> PermissionsChange | None:
    """As the services take it; None when nothing was given."""
    if not given:
        return None
    values = {name: getattr(given, name) for name in PermissionsChange.__dataclass_fields__}
    return PermissionsChange(**{name: None if v is strawberry.UNSET else v for name, v in values.items()})
