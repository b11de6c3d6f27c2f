"""What presence adds to a copy of somebody's data."""

from __future__ import annotations

from uuid import UUID

from app.accounts.exports import Lines, exports
from app.core.graphql.ids import encode_id
from app.presence.records import load_records


@exports("presence")
async def _presence(user_id: UUID) -> Lines:
    (record,) = await load_records([user_id])
    yield {
        "__typename": "Presence", "isBusy": record.is_busy, "isInvisible": record.is_invisible,
        "awayDevices": sorted(encode_id("dev", device_id) for device_id in record.away_devices),
        "statusText": record.status_text, "statusEmoji": record.status_emoji,
        "statusExpiresAt": record.status_expires_at, "lastSeenAt": record.last_seen_at,
        "activeAt": record.active_at,
    }  # fmt: skip
