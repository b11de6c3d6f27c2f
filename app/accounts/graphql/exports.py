"""Copies of one's data in the schema: asking for one, and the event that it is there."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

import strawberry

from app.accounts.export_links import ExportLinks
from app.accounts.exports import DataExportState, ExportRow, list_exports, load_exports, request_data_export
from app.accounts.graphql.types import Viewer
from app.core import log
from app.core.graphql.context import Context, Info
from app.core.graphql.enums import described_enum
from app.core.graphql.events import Event, EventKind, event_face
from app.core.graphql.extend import extends
from app.core.graphql.ids import encode_id
from app.core.graphql.node import Node, node_kind
from app.core.graphql.payload import Payload, mutation
from app.core.graphql.scalars import BigInt, Url

described_enum(
    DataExportState,
    "How far an export is.",
    {
        "QUEUED": "Waits for a worker.",
        "RUNNING": "Is being written.",
        "READY": "Can be downloaded.",
        "FAILED": "Could not be written within a day: ask again.",
        "EXPIRED": "Was there for a day; its file is deleted.",
    },
)


@strawberry.type(
    description="A copy of the viewer's data: a zip with one NDJSON file for each kind (viewer, devices, sessions,"
    " contacts, conversations, messages …) of objects named as in this schema; or, of one conversation, with"
    " messages.ndjson or messages.html. Only its owner sees it."
)
class DataExport(Node):
    row: strawberry.Private[ExportRow]

    @strawberry.field(description="How far it is.")
    def state(self) -> DataExportState:
        return self.row.shown_state

    @strawberry.field(description="When it was asked for.")
    def created_at(self) -> datetime:
        return self.row.created_at

    @strawberry.field(description="Downloadable until then, a day; null before it is ready.")
    def expires_at(self) -> datetime | None:
        return self.row.expires_at

    @strawberry.field(
        description="GET it without any header. Whoever has the link has the file, so don't pass it on; null unless"
        " READY."
    )
    def download_url(self, info: Info) -> Url | None:
        url = info.context.runtime.part(ExportLinks).url(self.row)
        return Url(url) if url else None

    @strawberry.field(description="Of the file; null before it is ready.")
    def size_bytes(self) -> BigInt | None:
        return None if self.row.size_bytes is None else BigInt(self.row.size_bytes)


def show_export(row: ExportRow) -> DataExport:
    """The schema's object of an export."""
    return DataExport(id=strawberry.ID(encode_id("exp", row.id)), row=row)


@node_kind("exp")
async def _fetch_export(context: Context, export_id: UUID) -> DataExport | None:
    viewer = context.require_viewer()
    row = await context.load(load_exports, export_id)
    return show_export(row) if row and row.user_id == viewer.user_id else None


@extends(Viewer)
class ViewerExports:
    @strawberry.field(description="The last exports the viewer asked for, the newest first; 20 at most.")
    async def data_exports(self: Viewer, info: Info) -> list[DataExport]:
        return [show_export(row) for row in await list_exports(self.viewer.user_id)]


@event_face(EventKind.DATA_EXPORT_READY)
@strawberry.type(description="An export the viewer asked for can be downloaded.")
class DataExportReady(Event):
    export_row: strawberry.Private[ExportRow]

    @classmethod
    async def build(cls, record: log.Event, context: Context) -> Self | None:
        row = await context.load(load_exports, UUID(record.payload["exportId"]))
        return cls(record=record, export_row=row) if row else None

    @strawberry.field(description="The export.")
    def export(self) -> DataExport:
        return show_export(self.export_row)


@strawberry.input(description="What to put into the copy.")
class RequestDataExportInput:
    include_media: bool | None = strawberry.field(
        default=False,
        description="Whether files go with it, beside everything that is written. No effect yet: there are no files.",
    )


@strawberry.type(description="The answer of requestDataExport.")
class DataExportPayload(Payload):
    export: DataExport | None = strawberry.field(
        default=None, description="The export, not ready yet; null when it failed."
    )


@strawberry.type
class ExportsMutation:
    @mutation(
        DataExportPayload,
        description="Has a copy of all the viewer's data written: profile, settings, devices, sessions, contacts,"
        " conversations, and the messages they may read, where others are named only. DataExportReady tells when it is"
        " there. Codes: COOLDOWN with retryAfter (one in 7 days).",
    )
    async def request_data_export(
        self, info: Info, input: Annotated[RequestDataExportInput, strawberry.argument(description="What.")]
    ) -> DataExportPayload:
        row = await request_data_export(info.context.require_viewer(), include_media=bool(input.include_media))
        return DataExportPayload(export=show_export(row))
