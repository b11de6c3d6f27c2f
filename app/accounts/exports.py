"""Copies of somebody's data: asked for once a week, written by a job, downloaded by a signed link for a day.

A copy is a zip of NDJSON files, one for each kind, of objects shaped and named as in the schema. Domains add their
files with `exports`. A copy of one conversation is what `exports_conversation` writes. The file lies in
`data_dir/exports` of the process that wrote it.
"""

from __future__ import annotations

import asyncio
import math
import os
import zipfile
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import structlog

from app.accounts.audit import AuditAction, note
from app.accounts.sessions import lock_user
from app.core import db, log
from app.core.clock import new_id, now
from app.core.errors import ErrorCode, UserFault
from app.core.jobs import enqueue, job, schedule
from app.core.runtime import current
from app.core.viewer import Viewer

logger = structlog.get_logger("accounts")
SHOWN = 20
_CHUNK = 500  # lines written at once, on a thread
_GIVEN_UP = timedelta(days=1)

Lines = AsyncIterator[Mapping[str, Any]]
Source = Callable[[UUID], Lines]
_sources: dict[str, Source] = {}


class ExportFormat(StrEnum):
    """How the copy of a conversation is written."""

    NDJSON = "NDJSON"
    HTML = "HTML"


ConversationSource = Callable[[UUID, UUID, ExportFormat], AsyncIterator[bytes]]
_conversation_source: list[ConversationSource] = []


class DataExportState(StrEnum):
    """How far an export is."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    READY = "READY"
    FAILED = "FAILED"
    EXPIRED = "EXPIRED"


@dataclass(slots=True, frozen=True)
class ExportRow:
    """An export as stored."""

    id: UUID
    user_id: UUID
    state: str
    size_bytes: int | None
    created_at: datetime
    expires_at: datetime | None
    conversation_id: UUID | None = None

    @property
    def shown_state(self) -> DataExportState:
        """EXPIRED from that moment on, whenever the file is deleted."""
        is_over = self.state == DataExportState.READY and self.expires_at is not None and self.expires_at <= now()
        return DataExportState.EXPIRED if is_over else DataExportState(self.state)


def exports(name: str) -> Callable[[Source], Source]:
    """Decorates an async generator that gives the lines of `<name>.ndjson` for a person: JSON objects, in order."""

    def register(source: Source) -> Source:
        assert name not in _sources, f"{name} is exported twice"
        _sources[name] = source
        return source

    return register


def exports_conversation(source: ConversationSource) -> ConversationSource:
    """Decorates what gives the text of `messages.ndjson` or `messages.html`: (person, conversation, format) → pieces of
    what that person may read of it at that moment."""
    assert not _conversation_source, "conversations are exported twice"
    _conversation_source.append(source)
    return source


# ── asking and reading ────────────────────────────────────────────────────────────────────────────

_COLUMNS = "id, user_id, state, size_bytes, created_at, expires_at, conversation_id"


async def load_exports(ids: Sequence[UUID]) -> list[ExportRow | None]:
    """Batch function: exports by id, in the order asked. They are their owner's to see."""
    found = await db.rows(f"SELECT {_COLUMNS} FROM data_export WHERE id = ANY($1::uuid[])", list(ids))
    by_id = {row["id"]: ExportRow(**row) for row in found}
    return [by_id.get(id_) for id_ in ids]


async def list_exports(user_id: UUID) -> list[ExportRow]:
    """The person's last exports, newest first."""
    sql = f"SELECT {_COLUMNS} FROM data_export WHERE user_id = $1 ORDER BY created_at DESC LIMIT $2"
    return [ExportRow(**row) for row in await db.rows(sql, user_id, SHOWN)]


@db.retried
async def request_data_export(viewer: Viewer, *, include_media: bool = False) -> ExportRow:
    """Has a copy of everything written. Raises COOLDOWN within 7 days of the last one that did not fail."""
    every = timedelta(days=current().settings.accounts.export_days)
    async with log.transaction():
        await lock_user(viewer.user_id)
        last = await db.row(
            "SELECT created_at FROM data_export WHERE user_id = $1 AND state <> 'FAILED' AND conversation_id IS NULL"
            " ORDER BY created_at DESC LIMIT 1",
            viewer.user_id,
        )
        at = now()
        if last is not None and last["created_at"] + every > at:
            wait = math.ceil((last["created_at"] + every - at).total_seconds())
            raise UserFault(ErrorCode.COOLDOWN, "There was an export less than a week ago.", retry_after=wait)
        return await _ask(ExportRow(new_id(), viewer.user_id, DataExportState.QUEUED, None, at, None), include_media)


async def export_conversation(viewer: Viewer, conversation_id: UUID, format_: ExportFormat) -> ExportRow:
    """Inside a transaction of the caller, who has checked the membership: has a copy of a conversation written."""
    row = ExportRow(new_id(), viewer.user_id, DataExportState.QUEUED, None, now(), None, conversation_id)
    return await _ask(row, include_media=False, format_=format_)


async def _ask(row: ExportRow, include_media: bool, format_: ExportFormat = ExportFormat.NDJSON) -> ExportRow:
    await db.execute(
        "INSERT INTO data_export (id, user_id, conversation_id, format, state, include_media, created_at, updated_at)"
        " VALUES ($1, $2, $3, $4, 'QUEUED', $5, $6, $6)",
        row.id, row.user_id, row.conversation_id, format_, include_media, row.created_at,
    )  # fmt: skip
    await note(row.user_id, AuditAction.DATA_EXPORT_REQUESTED, by=row.user_id)
    await enqueue(WriteExport(str(row.id)), unique_key=str(row.id))
    return row


# ── writing ───────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True, frozen=True)
class WriteExport:
    """Writes the file of an export."""

    export_id: str


@job("accounts.export", seconds=3600)
async def write_export(work: WriteExport) -> None:
    """Writes the zip beside its place, then moves it there and tells the person. Done again, it writes it anew."""
    export_id = UUID(work.export_id)
    started = await db.row(
        "UPDATE data_export SET state = 'RUNNING', updated_at = $1 WHERE id = $2 AND state IN ('QUEUED', 'RUNNING')"
        " RETURNING user_id, conversation_id, format",
        now(), export_id,
    )  # fmt: skip
    if started is None:
        return
    path = export_path(export_id)
    draft = path.with_suffix(f".{new_id().hex}.part")  # its own: a worker that lost its lease may still be writing
    _make_private(draft)  # not on a thread, which would go on after a cancellation
    try:
        if started["conversation_id"] is None:
            await _write(draft, started["user_id"])
        else:
            await _write_conversation(draft, started)
        size = (await asyncio.to_thread(_publish, draft, path)).st_size
    finally:
        draft.unlink(missing_ok=True)
    at = now()
    async with log.transaction():
        done = await db.execute(
            "UPDATE data_export SET state = 'READY', size_bytes = $1, expires_at = $2, updated_at = $3"
            " WHERE id = $4 AND state = 'RUNNING'",
            size, at + timedelta(seconds=current().settings.accounts.export_link_seconds), at, export_id,
        )  # fmt: skip
        if done:
            log.record(log.NewEvent(started["user_id"], "DATA_EXPORT_READY", {"exportId": work.export_id}))
    if not done:  # the account was erased meanwhile
        await asyncio.to_thread(path.unlink, missing_ok=True)


def export_path(export_id: UUID) -> Path:
    """Where the file lies: made of the id alone."""
    return current().settings.data_dir / "exports" / f"{export_id}.zip"


def _make_private(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _publish(draft: Path, path: Path) -> os.stat_result:
    with draft.open("rb+") as file:
        os.fsync(file.fileno())
    draft.replace(path)
    return path.stat()


async def _write(path: Path, user_id: UUID) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(_sources):
            with archive.open(f"{name}.ndjson", "w", force_zip64=True) as file:
                lines: list[Mapping[str, Any]] = []
                async for line in _sources[name](user_id):
                    lines.append(line)
                    if len(lines) == _CHUNK:
                        await asyncio.to_thread(_append, file, lines)
                        lines = []
                await asyncio.to_thread(_append, file, lines)


async def _write_conversation(path: Path, row: db.Row) -> None:
    format_ = ExportFormat(row["format"])
    (source,) = _conversation_source
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open(f"messages.{format_.lower()}", "w", force_zip64=True) as file,
    ):
        pieces: list[bytes] = []
        async for piece in source(row["user_id"], row["conversation_id"], format_):
            pieces.append(piece)
            if len(pieces) == _CHUNK:
                await asyncio.to_thread(file.write, b"".join(pieces))
                pieces = []
        await asyncio.to_thread(file.write, b"".join(pieces))


def _append(file: Any, lines: Sequence[Mapping[str, Any]]) -> None:
    file.write(b"".join(orjson.dumps(line, option=orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE) for line in lines))


# ── ending ────────────────────────────────────────────────────────────────────────────────────────


@schedule("accounts.expire_exports", every=600)
async def expire_exports() -> int:
    """Deletes files whose day is over, and gives up what was not written within a day."""
    at = now()
    over = await db.rows("SELECT id FROM data_export WHERE state = 'READY' AND expires_at <= $1 LIMIT 100", at)
    for row in over:
        await asyncio.to_thread(export_path(row["id"]).unlink, missing_ok=True)
    sql = "UPDATE data_export SET state = 'EXPIRED', updated_at = $1 WHERE id = ANY($2::uuid[])"
    await db.execute(sql, at, [row["id"] for row in over])
    failed = await db.execute(
        "UPDATE data_export SET state = 'FAILED', updated_at = $1 WHERE state IN ('QUEUED', 'RUNNING')"
        " AND created_at < $2",
        at, at - _GIVEN_UP,
    )  # fmt: skip
    await asyncio.to_thread(_delete_drafts, (at - _GIVEN_UP).timestamp())
    return len(over) + failed


def _delete_drafts(before: float) -> None:
    """What workers left that were killed."""
    for draft in export_path(UUID(int=0)).parent.glob("*.part"):
        if draft.stat().st_mtime < before:
            draft.unlink(missing_ok=True)


async def delete_exports(user_id: UUID) -> int:
    """Deletes all of a person's exports, files first; returns how many."""
    found = await db.rows("SELECT id FROM data_export WHERE user_id = $1", user_id)
    for row in found:
        await asyncio.to_thread(export_path(row["id"]).unlink, missing_ok=True)
    return await db.execute("DELETE FROM data_export WHERE id = ANY($1::uuid[])", [row["id"] for row in found])
