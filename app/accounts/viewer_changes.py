"""What VIEWER_CHANGED is about: clients read themselves again, but the server need not judge everything anew."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from app.core import log


class ViewerChange(StrEnum):
    """What of somebody's own changed. `OTHER`: credentials, identifiers, the deletion of the account."""

    PROFILE = "PROFILE"
    PRIVACY = "PRIVACY"
    PRESENCE = "PRESENCE"
    OTHER = "OTHER"


def record_viewer_change(user_id: UUID, change: ViewerChange = ViewerChange.OTHER) -> None:
    """Inside a transaction: tells the person's own devices."""
    log.record(log.NewEvent(user_id, "VIEWER_CHANGED", {"change": change.value}))


def viewer_change(event: log.Event) -> ViewerChange:
    """What a VIEWER_CHANGED is about; OTHER where it doesn't say, as with other versions of the server."""
    said = event.payload.get("change", "")
    return ViewerChange(said) if said in ViewerChange.__members__ else ViewerChange.OTHER
