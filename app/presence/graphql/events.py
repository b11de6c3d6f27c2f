"""presenceChanged: the people somebody watches, as they are and as they change."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

import strawberry

from app.accounts.graphql import User, show_user
from app.accounts.loaders import load_users
from app.core import log
from app.core.errors import BadRequestError
from app.core.graphql.context import Context, Info
from app.core.graphql.ids import decode_id
from app.core.graphql.streams import EphemeralStream, ephemeral_face
from app.presence.graphql.presence import Presence
from app.presence.telling import TOPIC
from app.presence.watching import Watchers

PEOPLE = 100


@ephemeral_face(TOPIC)
@strawberry.type(description="How somebody is, or what changed of it. Not stored: what was missed is not told later.")
class PresenceChanged:
    user: User = strawberry.field(description="Who.")
    presence: Presence | None = strawberry.field(
        description="The new user.presence; null when the viewer may no longer see it, or it is not known for a while."
    )

    @classmethod
    async def build(cls, record: log.Event, context: Context) -> Any:
        """Routes know who may see it: one rendering for all of them."""
        person = await context.load(load_users, record.stream_id)
        if person is None:
            return None
        shown = None if person.deleted_at else record.payload["shown"]
        return cls(user=show_user(person), presence=Presence(shown=shown) if shown else None)


@strawberry.type
class PresenceSubscription:
    @strawberry.subscription(
        description="How people are: first how they are now, one by one, then each change. Tells of the viewer's"
        " contacts, or of those named (the members of the conversation that is open, say), as far as the viewer may see"
        " their presence: as user.presence. Coming online is told at once, going offline after 10 seconds without any"
        " device, other changes at most once in 5 seconds. Live only: nothing is stored or resumed. BAD_REQUEST for"
        " more than 100 people."
    )
    async def presence_changed(
        self,
        info: Info,
        user_ids: Annotated[
            list[strawberry.ID] | None,
            strawberry.argument(
                description="Only these people, at most 100, contacts or not; unknown ones are silent. Absent: the"
                " viewer's contacts, also those added later."
            ),
        ] = strawberry.UNSET,
    ) -> AsyncIterator[PresenceChanged]:
        viewer = info.context.require_viewer()
        wanted = None
        if user_ids is not strawberry.UNSET and user_ids is not None:
            if len(user_ids) > PEOPLE:
                raise BadRequestError(f"At most {PEOPLE} people.")
            wanted = frozenset(found for text in user_ids if (found := decode_id("usr", text)))
        router = info.context.runtime.part(Watchers)
        return EphemeralStream(viewer, TOPIC, router=router, wanted=wanted)  # type: ignore[return-value]
