"""Subscription.events: everything that happens to the viewer, resumable from one string."""

from __future__ import annotations

from collections.abc import AsyncIterable
from typing import Annotated

import strawberry

from app.core.errors import BadRequestError
from app.core.graphql.context import Info
from app.core.graphql.events import Event, EventKind
from app.core.graphql.ids import decode_id
from app.core.graphql.scalars import CursorText
from app.core.graphql.streams import DurableStream

CONVERSATIONS = 100


@strawberry.type
class EventsSubscription:
    @strawberry.subscription(
        description="Everything the viewer may see, in order. With after (the cursor of any event, or"
        " viewer { eventCursor }) first what was missed since, then live, with no gap and no repeat; else live from"
        " now."
        " UNAUTHENTICATED when signed out. CURSOR_EXPIRED: the cursor is older than limits.eventRetentionSeconds or of"
        " another log; start again from viewer { eventCursor }."
    )
    async def events(
        self,
        info: Info,
        after: Annotated[
            CursorText | None,
            strawberry.argument(description="Resume after this event. Going on with other kinds: narrower only."),
        ] = strawberry.UNSET,
        kinds: Annotated[
            list[EventKind] | None, strawberry.argument(description="Only these, and CURSOR_MOVED, which always comes.")
        ] = strawberry.UNSET,
        conversation_ids: Annotated[
            list[strawberry.ID] | None,
            strawberry.argument(
                description="Only events of these conversations, at most 100 (BAD_REQUEST); unknown ones are silent."
            ),
        ] = strawberry.UNSET,
    ) -> AsyncIterable[Event]:
        if conversation_ids and len(conversation_ids) > CONVERSATIONS:
            raise BadRequestError(f"At most {CONVERSATIONS} conversations.")
        wanted = [decode_id("cnv", text) for text in conversation_ids or ()]
        return DurableStream(  # type: ignore[return-value]  # the transport hands it to the hub: no generators
            viewer=info.context.require_viewer(),
            after=after if isinstance(after, str) else None,  # "" is a cursor that is none, not "from now"
            kinds=frozenset(kind.value for kind in kinds) if kinds else None,
            conversation_ids=frozenset(id for id in wanted if id) if conversation_ids else None,
        )
