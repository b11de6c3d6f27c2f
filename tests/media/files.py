"""Files as tests make them: rows, as long as there are no uploads."""

from __future__ import annotations

from app.core import db
from app.core.clock import new_id, now
from app.core.graphql.ids import decode_id, encode_id
from tests.client import Person


async def make_media(owner: Person, kind: str = "IMAGE", name: str = "a.png", **more: object) -> str:
    """The id of a file, as an upload will leave it."""
    values = {
        "id": new_id(), "owner_id": decode_id("usr", owner.id), "kind": kind, "state": "READY", "purpose": "MESSAGE",
        "file_name": name, "mime_type": "application/x-test", "size_bytes": 5, "created_at": now(), "updated_at": now(),
        **more,
    }  # fmt: skip
    places = ", ".join(f"${n}" for n in range(1, len(values) + 1))
    await db.execute(f"INSERT INTO media ({', '.join(values)}) VALUES ({places})", *values.values())
    return encode_id("med", values["id"])


async def make_avatar(owner: Person, purpose: str = "AVATAR", **more: object) -> str:
    """The id of a picture that may become the person's avatar (a group's: purpose GROUP_AVATAR)."""
    return await make_media(owner, purpose=purpose, **more)


NOT_FITTING: list[tuple[dict[str, object], str]] = [
    ({"state": "PENDING"}, "INVALID"),
    ({"state": "REJECTED"}, "INVALID"),
    ({"purpose": "MESSAGE"}, "INVALID"),
    ({"kind": "VIDEO"}, "INVALID"),
    ({"kind": "FILE"}, "INVALID"),
    ({"size_bytes": 5 * 2**20 + 1}, "TOO_LARGE"),
]
"""What a file is that can't be an avatar, and the code that says so."""
