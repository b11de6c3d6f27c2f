"""What may come in through a socket: well-formed messages of the protocol, not too many."""

from __future__ import annotations

from typing import Any

from app.core.errors import BadRequestError
from app.core.transport.origin import Headers
from app.core.transport.request import decode_json

_ID_LENGTH = 128
_BURST_SECONDS = 10


class Closing(Exception):
    """The socket must be closed with this code."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class FrameRate:
    """A token bucket: so many frames a second, on average over ten."""

    __slots__ = ("_at", "_capacity", "_left", "_rate")

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._capacity = self._left = float(rate * _BURST_SECONDS)
        self._at = 0.0

    def admit(self, now: float) -> bool:
        """Counts one frame at `now` (seconds of the loop's clock); False when it is one too many."""
        self._left = min(self._capacity, self._left + (now - self._at) * self._rate) - 1
        self._at = now
        return self._left >= 0


def checked_message(event: Any) -> dict[str, Any]:
    """The message in an ASGI receive event. Raises Closing(4400) unless the protocol has such a message."""
    text = event.get("text")
    if text is None:
        raise Closing(4400, "Only text frames in UTF-8 are accepted")
    try:
        return checked(decode_json(text))
    except BadRequestError as error:
        raise Closing(4400, "This is not JSON") from error


def checked(message: Any) -> dict[str, Any]:
    """The same for what the frame's JSON says."""
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        raise Closing(4400, "A message is an object with a type")
    kind, payload = message["type"], message.get("payload")
    if kind in ("subscribe", "complete"):
        operation_id = message.get("id")
        if not isinstance(operation_id, str) or not 0 < len(operation_id) <= _ID_LENGTH:
            raise Closing(4400, f"id must be a string of 1 to {_ID_LENGTH} characters")
        if kind == "subscribe" and not isinstance(payload, dict):
            raise Closing(4400, "The payload of subscribe must be an object")
    elif kind in ("connection_init", "ping", "pong"):
        if payload is not None and not isinstance(payload, dict):
            raise Closing(4400, "A payload must be an object")
    else:
        raise Closing(4400, "Unknown message type")
    return message


def token_of(payload: dict[str, Any] | None, headers: Headers) -> str | None:
    """The access token: from connection_init (`Authorization: Bearer …`, `token` or `authToken`), else the handshake.

    None: signed out. Raises Closing(4400) when it is no string.
    """
    for name, value in (payload or {}).items():
        if name.lower() in ("authorization", "token", "authtoken") and value is not None:
            if not isinstance(value, str):
                raise Closing(4400, f"{name} must be a string")
            return _bare(value) or None
    header = headers.get("authorization")
    return (_bare(header) or None) if header else None


def _bare(text: str) -> str:
    scheme, _, token = text.strip().partition(" ")
    return token.strip() if scheme.lower() == "bearer" else text.strip()
