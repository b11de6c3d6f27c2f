"""A copy of one conversation: all that its reader may see of it when it is written, as NDJSON or as a page of HTML."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from html import escape
from typing import Any
from uuid import UUID

import orjson

from app.accounts import exports
from app.accounts.exports import ExportFormat, ExportRow, exports_conversation
from app.conversations.access import lock_conversation
from app.core import db, log
from app.core.viewer import Viewer
from app.messages.own_data import messages_of

# It works without any other file, and runs nothing, whatever was written in the messages.
_HEAD = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Conversation</title>
<style>
body { font: 16px/1.4 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem; }
article { border-top: 1px solid #8884; padding: .5rem 0; }
header { font-size: .8rem; opacity: .7; }
p { margin: .2rem 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.own { text-align: right; }
</style></head><body>
"""
_TAIL = "</body></html>\n"


@db.retried
async def export_conversation(viewer: Viewer, conversation_id: UUID, format_: ExportFormat) -> ExportRow:
    """Has a copy written; it is downloaded as those of `requestDataExport`. Raises NOT_FOUND, NOT_PARTICIPANT."""
    async with log.transaction():
        await lock_conversation(viewer, conversation_id)
        return await exports.export_conversation(viewer, conversation_id, format_)


@exports_conversation
async def _write(user_id: UUID, conversation_id: UUID, format_: ExportFormat) -> AsyncIterator[bytes]:
    own = await db.row(
        "SELECT m.first_seq, m.left_at, CASE WHEN m.left_at IS NULL THEN c.last_seq ELSE m.last_seq END AS last_seq"
        " FROM member m JOIN conversation c ON c.id = m.conversation_id"
        " WHERE m.user_id = $1 AND m.conversation_id = $2",
        user_id, conversation_id,
    )  # fmt: skip
    if format_ is ExportFormat.HTML:
        yield _HEAD.encode()
    if own is not None:
        async for line in messages_of(
            user_id, conversation_id, own["first_seq"], own["last_seq"] or 0, until=own["left_at"]
        ):
            if format_ is ExportFormat.HTML:
                yield _article(line).encode()
            else:
                yield orjson.dumps(line, option=orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE)
    if format_ is ExportFormat.HTML:
        yield _TAIL.encode()


def _said(line: Mapping[str, Any]) -> Iterator[str]:
    """All that a message says, line by line."""
    if line["text"]:
        yield line["text"]
    for file in line.get("attachments", ()):
        yield f"[{file['kind']}] " + " – ".join(filter(None, (file.get("media", {}).get("fileName"), file["caption"])))
    if place := line.get("location"):
        yield f"[{place['latitude']}, {place['longitude']}] {place['label'] or ''}".rstrip()
    if person := line.get("sharedContact"):
        yield f"[CONTACT] {person['displayName'] or 'Deleted account'}"
    if notice := line.get("systemNotice"):
        people = ", ".join(target["displayName"] or "Deleted account" for target in notice["targets"])
        yield f"[{notice['kind']}] " + " – ".join(filter(None, (people, notice["value"])))


def _article(line: Mapping[str, Any]) -> str:
    name = (line["sender"] or {}).get("displayName") or "Deleted account"
    text = "(deleted)" if line["deletedAt"] else "\n".join(_said(line)) or f"({line['kind']})"
    edited = " (edited)" if line["editedAt"] and not line["deletedAt"] else ""
    own = ' class="own"' if line["isOwn"] else ""
    at = line["createdAt"].isoformat(" ", "seconds")
    return (
        f'<article id="{line["seq"]}"{own}><header>{escape(name)} · {escape(at)}{edited}</header>'
        f'<p dir="auto">{escape(text)}</p></article>\n'
    )
