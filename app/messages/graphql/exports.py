"""Asking for a copy of one conversation."""

from __future__ import annotations

from typing import Annotated

import strawberry

from app.accounts.exports import ExportFormat
from app.accounts.graphql import DataExportPayload, show_export
from app.core.errors import ErrorCode, UserFault
from app.core.graphql.context import Info
from app.core.graphql.enums import described_enum
from app.core.graphql.ids import decode_id
from app.core.graphql.payload import mutation
from app.messages.conversation_export import export_conversation

described_enum(
    ExportFormat,
    "How the copy of a conversation is written, in a zip.",
    {
        "NDJSON": "messages.ndjson: a JSON object a line, shaped and named as Message in this schema.",
        "HTML": "messages.html: a page to read, which needs no other file and runs nothing.",
    },
)


@strawberry.input(description="Which conversation to copy, and how.")
class ExportConversationInput:
    conversation_id: strawberry.ID = strawberry.field(description="A conversation the viewer is in.")
    format: ExportFormat | None = strawberry.field(default=ExportFormat.NDJSON, description="How to write it.")


@strawberry.type
class ConversationExportMutation:
    @mutation(
        DataExportPayload,
        description="Has a copy of one conversation written: all messages the viewer may see in it then, tombstones"
        " without their content. DataExportReady tells when it can be downloaded, for a day; it stands among"
        " viewer.dataExports. Codes: NOT_FOUND, NOT_PARTICIPANT, RATE_LIMITED.",
        rate_limit="exportConversation",
    )
    async def export_conversation(
        self, info: Info, input: Annotated[ExportConversationInput, strawberry.argument(description="Which one.")]
    ) -> DataExportPayload:
        viewer = info.context.require_viewer()
        conversation_id = decode_id("cnv", input.conversation_id)
        if conversation_id is None:
            raise UserFault(ErrorCode.NOT_FOUND, "There is no such conversation.", field=("conversationId",))
        row = await export_conversation(viewer, conversation_id, input.format or ExportFormat.NDJSON)
        return DataExportPayload(export=show_export(row))
