"""Where the operation under way comes from, for the audit log: bound by the transport, absent in jobs."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address, ip_network


@dataclass(slots=True, frozen=True)
class Origin:
    """The network somebody acts from (an address without its last part) and the request's id; None when unknown."""

    network: str | None = None
    request_id: str | None = None


_origin: ContextVar[Origin] = ContextVar("origin")
_NOWHERE = Origin()


def enter(ip: str, request_id: str) -> None:
    """Binds the origin to the current context and the tasks made from it."""
    _origin.set(Origin(truncated(ip), request_id))


def current_origin() -> Origin:
    """The origin of the current operation."""
    return _origin.get(_NOWHERE)


@lru_cache(4096)
def truncated(ip: str) -> str | None:
    """The /24 of an IPv4 address, the /48 of an IPv6 one, as an address; None for none."""
    try:
        address = ip_address(ip.partition("%")[0])
    except ValueError:
        return None
    return str(ip_network((address, 24 if address.version == 4 else 48), strict=False).network_address)
