"""What presence adds to a copy of somebody's data."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from app.accounts.exports import Lines, exports
from app.core.graphql.ids import encode_id
from app.presence.records import Status, load_records


@exports("presence")
async def _presence(user_id: UUID) -> Lines:
    (record,) = await load_records([user_id])
    yield {
        "__typename": "Presence", "isBusy": record.is_busy, "isInvisible": record.is_invisible,
        "awayDevices": sorted(encode_id("dev", device_id) for device_id in record.away_devices),
        **_named("status", record.status), **_named("shownStatus", record.shown_status),
        "lastSeenAt": record.last_seen_at, "activeAt": record.active_at,
    }  # fmt: skip


def _named(name: str, status: Status) -> dict[str, Any]:
    return {f"{name}Text": status.text, f"{name}Emoji": status.emoji, f"{name}ExpiresAt": status.expires_at}
