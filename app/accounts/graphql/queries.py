"""Root queries of accounts."""

from __future__ import annotations

from typing import Annotated

import strawberry

from app.accounts.graphql.types import User, Viewer, show_user, viewer_of
from app.accounts.loaders import find_user, load_users
from app.core.errors import BadRequestError
from app.core.graphql.context import Info
from app.core.graphql.ids import decode_id


@strawberry.type
class AccountsQuery:
    @strawberry.field(
        description="The signed-in account; null when signed out. One request with eventCursor is a complete cold"
        " start."
    )
    def viewer(self, info: Info) -> Viewer | None:
        viewer = info.context.viewer
        return viewer_of(viewer) if viewer else None

    @strawberry.field(
        description="A person by id or by username; null when there is none. Give exactly one of the two (BAD_REQUEST)."
        " UNAUTHENTICATED when signed out."
    )
    async def user(
        self,
        info: Info,
        id: Annotated[strawberry.ID | None, strawberry.argument(description="usr_…")] = strawberry.UNSET,
        username: Annotated[
            str | None, strawberry.argument(description="Compared whatever the case.")
        ] = strawberry.UNSET,
    ) -> User | None:
        info.context.require_viewer()
        if bool(id) == bool(username):
            raise BadRequestError("Give an id or a username.")
        if username:
            row = await find_user(username)
        else:
            user_id = decode_id("usr", str(id))
            row = await info.context.load(load_users, user_id) if user_id else None
        return show_user(row) if row else None
