"""Node: one door by id to every entity. Each domain says how its kind is fetched, with its permission check."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

import strawberry

from app.core.errors import BadRequestError
from app.core.graphql.connection import PAGE_MAX
from app.core.graphql.context import Context, Info
from app.core.graphql.ids import decode_id

Fetch = Callable[[Context, UUID], Awaitable[Any]]
_fetchers: dict[str, Fetch] = {}


@strawberry.interface(
    description="Anything with a global, opaque, type-prefixed id (usr_, dev_, cnv_, msg_ … and a time-ordered UUID)."
)
class Node:
    id: strawberry.ID = strawberry.field(description="Global and opaque: compare only for equality.")


def node_kind(prefix: str) -> Callable[[Fetch], Fetch]:
    """Registers how `prefix_…` ids are fetched: the entity, or None when it is unknown or the viewer may not see it."""

    def register(fetch: Fetch) -> Fetch:
        assert prefix not in _fetchers, f"{prefix} is registered twice"
        _fetchers[prefix] = fetch
        return fetch

    return register


async def fetch_node(context: Context, text: str) -> Any:
    """The entity behind a global id; None for unknown, invisible and malformed alike."""
    prefix = text.partition("_")[0]
    fetch = _fetchers.get(prefix)
    value = decode_id(prefix, text) if fetch else None
    return await fetch(context, value) if fetch and value else None


@strawberry.type
class NodeQuery:
    @strawberry.field(description="Anything by its id; null when unknown, malformed or not visible to the viewer.")
    async def node(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Any id of this schema.")]
    ) -> Node | None:
        return await fetch_node(info.context, id)  # type: ignore[no-any-return]

    @strawberry.field(
        description="Several by their ids, in the order asked, null where node is null. At most 100, else BAD_REQUEST."
    )
    async def nodes(
        self, info: Info, ids: Annotated[list[strawberry.ID], strawberry.argument(description="Any ids.")]
    ) -> list[Node | None]:
        if len(ids) > PAGE_MAX:
            raise BadRequestError(f"At most {PAGE_MAX} ids.")
        return list(await asyncio.gather(*(fetch_node(info.context, id) for id in ids)))
