"""The audit log in the schema: what was done to one's own account."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from app.accounts.audit import AuditRow, list_entries, load_entries
from app.accounts.graphql.types import User, Viewer, show_user
from app.accounts.loaders import load_users
from app.core.graphql.connection import PageInfo, encode_key, instant_key, page_info, page_size
from app.core.graphql.context import Context, Info
from app.core.graphql.extend import extends
from app.core.graphql.ids import encode_id
from app.core.graphql.node import Node, fetch_node, node_kind


@strawberry.type(description="Something that was done to an account. Only its owner sees it, for a year.")
class AuditEntry(Node):
    row: strawberry.Private[AuditRow]

    @strawberry.field(
        description="What: SIGNED_IN and SIGN_IN_FAILED (details say by what: password, code, second factor, a"
        " provider, …), SESSION_ENDED (details say why), REFRESH_TOKEN_REUSED, DEVICE_LINKED, PASSWORD_CHANGED,"
        " PASSWORD_BLOCKED (too many wrong ones in a row), PASSWORD_RESET,"
        " IDENTIFIER_ADDED, IDENTIFIER_PROVED, IDENTIFIER_REMOVED (email or phone), PROVIDER_LINKED,"
        " PROVIDER_UNLINKED, TWO_FACTOR_ON, TWO_FACTOR_OFF, RECOVERY_CODE_USED, PRIVACY_CHANGED, USERNAME_CHANGED,"
        " DELETION_REQUESTED, DELETION_CANCELED, ACCOUNT_ERASED, DATA_EXPORT_REQUESTED; and what"
        " the account did to others in groups: MEMBERS_ADDED (subject: where, details: how many), MEMBER_REMOVED,"
        " ROLE_CHANGED, OWNERSHIP_TRANSFERRED (subject: whom, details: where, and the role); more will appear."
    )
    def action(self) -> str:
        return self.row.action

    @strawberry.field(description="Who did it; null when unknown (a sign-in that failed) or the server itself.")
    async def actor(self, info: Info) -> User | None:
        person = await info.context.load(load_users, self.row.actor_id) if self.row.actor_id else None
        return show_user(person) if person else None

    @strawberry.field(description="What it was done to, e.g. a device; null when that is gone, or the account itself.")
    async def subject(self, info: Info) -> Node | None:
        found: Node | None = await fetch_node(info.context, self.row.subject) if self.row.subject else None
        return found

    @strawberry.field(
        description="The network it came from: an address without its last part, for 28 days; null when unknown."
    )
    def ip_address(self) -> str | None:
        return self.row.ip_address

    @strawberry.field(description="The id of the request, for whoever operates the server; null when there was none.")
    def request_id(self) -> str | None:
        return self.row.request_id

    @strawberry.field(description="More about it, for people: a reason, what was changed. Never a content or a secret.")
    def details(self) -> str | None:
        return self.row.details

    @strawberry.field(description="When.")
    def created_at(self) -> datetime:
        return self.row.created_at


@strawberry.type(description="An entry on a page.")
class AuditEntryEdge:
    cursor: str = strawberry.field(description="Pass it as after to go on behind this entry.")
    node: AuditEntry = strawberry.field(description="The entry.")


@strawberry.type(description="Entries of an audit log, newest first.")
class AuditEntryConnection:
    edges: list[AuditEntryEdge] = strawberry.field(description="The page, with cursors.")
    nodes: list[AuditEntry] = strawberry.field(description="The page.")
    page_info: PageInfo = strawberry.field(description="Where the page stands.")


def _show_entry(row: AuditRow) -> AuditEntry:
    return AuditEntry(id=strawberry.ID(encode_id("aud", row.id)), row=row)


@node_kind("aud")
async def _fetch_entry(context: Context, entry_id: UUID) -> AuditEntry | None:
    viewer = context.require_viewer()
    row = await context.load(load_entries, entry_id)
    return _show_entry(row) if row and row.user_id == viewer.user_id else None


@extends(Viewer)
class ViewerAuditLog:
    @strawberry.field(
        description="What was done to the viewer's account: sign-ins, failures, ended sessions, changed settings, data"
        " rights; newest first."
    )
    async def audit_log(
        self: Viewer,
        info: Info,
        first: Annotated[int | None, strawberry.argument(description="Page size, 1 to 100.")] = 50,
        after: Annotated[str | None, strawberry.argument(description="An endCursor of this list.")] = strawberry.UNSET,
    ) -> AuditEntryConnection:
        size, place = page_size(first), after or None
        found = await list_entries(self.viewer.user_id, size, after=instant_key(place))
        edges = [
            AuditEntryEdge(cursor=encode_key(row.created_at.isoformat(), str(row.id)), node=_show_entry(row))
            for row in found[:size]
        ]
        return AuditEntryConnection(
            edges=edges,
            nodes=[edge.node for edge in edges],
            page_info=page_info([edge.cursor for edge in edges], more=len(found) > size, after=place),
        )
