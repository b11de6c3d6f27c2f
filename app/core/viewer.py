"""Who asks: the signed-in person and the place the request comes from. Services take these, never a request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(slots=True, frozen=True)
class Viewer:
    """A signed-in person on one device, as an access token proves it. `expires_at` is the token's end."""

    user_id: UUID
    session_id: UUID
    device_id: UUID
    expires_at: datetime


@dataclass(slots=True, frozen=True)
class Client:
    """Where a request comes from; `ip` is the address behind trusted proxies only."""

    ip: str
    user_agent: str
