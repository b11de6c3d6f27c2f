"""The text of a bus message: who sent it, a signature, and JSON. Redis is no authority: what isn't signed is ignored.

`carried` rows hold UUIDs and times, which JSON has no types for; they travel as strings that begin with U+0000, which
no text of a client may contain. Nobody packs them while nobody else listens.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import orjson

from app.core.log import Event

R = TypeVar("R")

_PLAIN = frozenset((str, int, float, bool, type(None)))
_NODE = 16  # characters of the sender's id
_SIGNATURE = 64


@dataclass(slots=True, frozen=True)
class Announcement:
    """Something only worth knowing now. The last one of a (stream, key) wins; `excluded` people are not told.

    `audience` and `version` stay in this process: which of the stream's listeners are meant, and a number above 0 that
    no other state of this topic has, so that what is rendered once serves who comes later.
    """

    topic: str
    stream_id: UUID
    key: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    excluded: frozenset[UUID] = frozenset()
    audience: str = ""
    version: int = 0


_rows: dict[type, Callable[[Any], dict[str, Any]]] = {}


def travels(type_: type[R], plain: Callable[[R], dict[str, Any]] | None = None) -> None:
    """Lets events carry rows of this dataclass. This process hands them on as they are; another gets what `plain` made
    of one, by default its fields: a dict of JSON values, UUIDs and times."""
    _rows[type_] = plain or fields_of


def fields_of(row: Any) -> dict[str, Any]:
    """The fields of a dataclass, as they are."""
    return {name: getattr(row, name) for name in row.__dataclass_fields__}


class Codec:
    """Signs and checks the messages of one server (all processes share the secret); `node` names this process."""

    def __init__(self, secret: str, node: str) -> None:
        assert len(node) == _NODE
        self._key = hashlib.sha256(b"bus:" + secret.encode()).digest()
        self._node = node

    def encode(self, channel: str, items: Sequence[Any]) -> str:
        """The text for a channel. It is good on that channel only."""
        body = orjson.dumps(items, default=_pack_unknown)
        return f"{self._node}{self._sign(channel, body)}{body.decode()}"

    def is_own(self, text: str) -> bool:
        """Whether this process sent it (unchecked: a forger could only make us ignore it)."""
        return text.startswith(self._node)

    def decode(self, channel: str, text: str) -> list[Any]:
        """The items. Raises ValueError when it isn't signed by this server for this channel."""
        body = text[_NODE + _SIGNATURE :].encode()
        if not hmac.compare_digest(text[_NODE : _NODE + _SIGNATURE].encode(), self._sign(channel, body).encode()):
            raise ValueError("not signed by this server")
        items = orjson.loads(body)
        if not isinstance(items, list):
            raise ValueError("not a list")
        return items

    def _sign(self, channel: str, body: bytes) -> str:
        return hmac.digest(self._key, channel.encode() + b"\0" + body, "sha256").hex()


def pack_event(e: Event, *, with_rows: bool = True) -> list[Any]:
    """An event as JSON values; without what it carries, readers load that."""
    return [
        e.partition, e.position, e.tag, e.tag_before, e.stream_id.hex, e.kind, dict(e.payload), _hexes(e.joined),
        _hexes(e.left), _hexes(e.hidden_from), e.created_at.isoformat(), _pack(e.carried) if with_rows else None,
    ]  # fmt: skip


def unpack_event(items: Sequence[Any]) -> Event:
    """The event again. Raises ValueError or TypeError for what pack_event did not make."""
    partition, position, tag, tag_before, stream, kind, payload, joined, left, hidden, at, carried = items
    return Event(
        partition, position, tag, tag_before, UUID(stream), kind, payload, _people(joined), _people(left),
        _people(hidden), datetime.fromisoformat(at), None if carried is None else _Packed(carried),
    )  # fmt: skip


class _Packed(Mapping[str, Any]):
    """What an event carries, unpacked when it is rendered: most processes have nobody who listens to a conversation."""

    __slots__ = ("_rows",)

    def __init__(self, rows: dict[str, Any]) -> None:
        self._rows = rows

    def __getitem__(self, key: str) -> Any:
        return _unpack(self._rows[key])

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


def pack_announcement(a: Announcement) -> list[Any]:
    """An announcement as JSON values."""
    return [a.topic, a.stream_id.hex, a.key, dict(a.payload), _hexes(a.excluded)]


def unpack_announcement(items: Sequence[Any]) -> Announcement:
    """The announcement again. Raises ValueError or TypeError for what pack_announcement did not make."""
    topic, stream, key, payload, excluded = items
    return Announcement(topic, UUID(stream), key, payload, _people(excluded))


def _hexes(people: frozenset[UUID]) -> list[str]:
    return [u.hex for u in people]


def _people(hexes: Sequence[str]) -> frozenset[UUID]:
    return frozenset(UUID(h) for h in hexes)


def _pack(value: Any) -> Any:
    kind = type(value)
    if kind in _PLAIN:
        return value
    if (plain := _rows.get(kind)) is not None:
        return _pack(plain(value))
    if kind is dict:
        return {key: item if type(item) in _PLAIN else _pack(item) for key, item in value.items()}
    if kind is list or kind is tuple:
        return [_pack(item) for item in value]
    if isinstance(value, UUID):
        return f"\0u{value.hex}"
    return f"\0t{value.isoformat()}" if isinstance(value, datetime) else value


def _pack_unknown(value: Any) -> Any:
    # Subclasses of UUID (asyncpg's), which orjson does not know. In facts they are plain text, as they are when stored.
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value)} has no place in an event")


def _unpack(value: Any) -> Any:
    if isinstance(value, str) and value.startswith("\0"):
        return UUID(value[2:]) if value[1] == "u" else datetime.fromisoformat(value[2:])
    if isinstance(value, dict):
        return {key: _unpack(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_unpack(item) for item in value]
    return value
