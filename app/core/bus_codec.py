"""The text of a bus message: who sent it, a signature, and JSON. Redis is no authority: what isn't signed is ignored.

`carried` rows hold UUIDs and times, which JSON has no types for: beside each row it says which fields they are. Nobody
packs them while nobody else listens. Each event's are a line of their own below the items: most processes show them to
nobody, and never look into them.
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
from asyncpg.pgproto.pgproto import UUID as PgUUID  # made in a tenth of the time

from app.core.log import Event

R = TypeVar("R")

_MARKS = {UUID: "u", PgUUID: "u", datetime: "t"}
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
    of one, by default its fields: a dict of UUIDs, times and JSON values (with no UUIDs or times inside)."""
    _rows[type_] = plain or fields_of


def fields_of(row: Any) -> dict[str, Any]:
    """The fields of a dataclass, as they are."""
    return {name: getattr(row, name) for name in row.__dataclass_fields__}


class Codec:
    """Signs and checks the messages of one server (all processes share the secret); `node` names this process."""

    def __init__(self, secret: str, node: str) -> None:
        assert len(node) == _NODE
        self._key = hashlib.sha256(b"bus:" + secret.encode()).digest()
        self._node = node.encode()

    def encode(self, channel: str, items: Sequence[Any], rows: Sequence[bytes] = ()) -> bytes:
        """The text for a channel, and good on that one only. `rows` have no line breaks."""
        body = b"\n".join((orjson.dumps(items, default=_pack_unknown), *rows))
        return self._node + self._sign(channel, body) + body

    def is_own(self, text: bytes) -> bool:
        """Whether this process sent it (unchecked: a forger could only make us ignore it)."""
        return text.startswith(self._node)

    def decode(self, channel: str, text: bytes) -> tuple[list[Any], list[bytes]]:
        """Items and rows. Raises ValueError when it isn't signed by this server for this channel."""
        body = text[_NODE + _SIGNATURE :]
        if not hmac.compare_digest(text[_NODE : _NODE + _SIGNATURE], self._sign(channel, body)):
            raise ValueError("not signed by this server")
        first, *rows = body.split(b"\n")
        items = orjson.loads(first)
        if not isinstance(items, list):
            raise ValueError("not a list")
        return items, rows

    def _sign(self, channel: str, body: bytes) -> bytes:
        return hmac.digest(self._key, channel.encode() + b"\0" + body, "sha256").hex().encode()


def pack_event(e: Event) -> list[Any]:
    """An event as JSON values, without what it carries."""
    return [
        e.partition, e.position, e.tag, e.tag_before, e.stream_id.hex, e.kind, dict(e.payload), _hexes(e.joined),
        _hexes(e.left), _hexes(e.hidden_from), e.created_at,
    ]  # fmt: skip


def pack_rows(carried: Mapping[str, Any] | None) -> bytes:
    """What an event carries, as a line; empty for nothing: readers load it."""
    if carried is None:
        return b""
    return orjson.dumps({name: _pack(row) for name, row in carried.items()}, default=_pack_unknown)


def unpack_event(items: Sequence[Any], rows: bytes) -> Event:
    """The event again. Raises ValueError or TypeError for what pack_event did not make."""
    partition, position, tag, tag_before, stream, kind, payload, joined, left, hidden, at = items
    return Event(
        partition, position, tag, tag_before, PgUUID(stream), kind, payload, _people(joined), _people(left),
        _people(hidden), datetime.fromisoformat(at), _Packed(rows) if rows else None,
    )  # fmt: skip


class _Packed(Mapping[str, Any]):
    """What an event carries, unpacked when it is rendered: most processes have nobody who listens to a conversation."""

    __slots__ = ("_line", "_rows")

    def __init__(self, line: bytes) -> None:
        self._line = line
        self._rows: dict[str, Any] | None = None

    def _unpacked(self) -> dict[str, Any]:
        if self._rows is None:
            self._rows = {name: _unpack(*packed) for name, packed in orjson.loads(self._line).items()}
        return self._rows

    def __getitem__(self, key: str) -> Any:
        return self._unpacked()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._unpacked())

    def __len__(self) -> int:
        return len(self._unpacked())


def pack_announcement(a: Announcement) -> list[Any]:
    """An announcement as JSON values."""
    return [a.topic, a.stream_id.hex, a.key, dict(a.payload), _hexes(a.excluded)]


def unpack_announcement(items: Sequence[Any]) -> Announcement:
    """The announcement again. Raises ValueError or TypeError for what pack_announcement did not make."""
    topic, stream, key, payload, excluded = items
    return Announcement(topic, PgUUID(stream), key, payload, _people(excluded))


_NOBODY: frozenset[UUID] = frozenset()


def _hexes(people: frozenset[UUID]) -> list[str]:
    return [u.hex for u in people]


def _people(hexes: Sequence[str]) -> frozenset[UUID]:
    return frozenset(map(PgUUID, hexes)) if hexes else _NOBODY


def _pack(row: Any) -> tuple[Any, dict[str, str]]:
    """A row, or None, and the marks of its UUIDs and times."""
    if (plain := _rows.get(type(row))) is not None:
        row = plain(row)
    return row, {name: mark for name, value in row.items() if (mark := _MARKS.get(type(value)))} if row else {}


def _unpack(row: Any, marks: Mapping[str, str]) -> Any:
    for name, mark in marks.items():
        row[name] = PgUUID(row[name]) if mark == "u" else datetime.fromisoformat(row[name])
    return row


def _pack_unknown(value: Any) -> Any:
    # Subclasses of UUID (asyncpg's), which orjson does not know. In facts they are plain text, as they are when stored.
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value)} has no place in an event")
