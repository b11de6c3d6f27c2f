"""What may happen with messages: sending them and reaching one. Receipts have their own module."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.core.errors import ErrorCode, UserFault
from app.core.runtime import current
from app.core.text import check_text
from app.core.viewer import Viewer
from app.messages.lanes import SendLanes
from app.messages.records import Draft, MessageRow

CLIENT_ID_LENGTH = 64
_CLIENT_ID = re.compile(f"[^\x00-\x1f\x7f-\x9f\ud800-\udfff]{{1,{CLIENT_ID_LENGTH}}}")


@dataclass(slots=True, frozen=True)
class NewMessage:
    """What a client wants to send, ids decoded."""

    conversation_id: UUID
    client_message_id: str
    text: str | None
    reply_to_id: UUID | None = None


async def send_message(viewer: Viewer, new: NewMessage) -> MessageRow:
    """Sends a message; a repeat gives the first one again. Raises UserFault (see `check_draft`, `SendLanes.send`)."""
    return await current().part(SendLanes).send(check_draft(viewer, new))


async def send_messages(viewer: Viewer, items: Sequence[NewMessage | UserFault]) -> list[MessageRow | UserFault]:
    """Sends many, in order within each conversation; one result each. An item that is a fault already stays one."""
    lanes = current().part(SendLanes)
    sent: list[asyncio.Future[MessageRow] | UserFault] = []
    for item in items:
        try:
            sent.append(item if isinstance(item, UserFault) else lanes.put(check_draft(viewer, item)))
        except UserFault as fault:
            sent.append(fault)
    await asyncio.gather(*(s for s in sent if isinstance(s, asyncio.Future)), return_exceptions=True)
    return [s if isinstance(s, UserFault) else _result(s) for s in sent]


def _result(sent: asyncio.Future[MessageRow]) -> MessageRow | UserFault:
    error = sent.exception()
    if error is None:
        return sent.result()
    if isinstance(error, UserFault):
        return error
    raise error


def check_draft(viewer: Viewer, new: NewMessage) -> Draft:
    """The draft of a new message, its text trimmed.

    Raises UserFault: CONTENT_EMPTY when nothing would be seen, TOO_LONG with the limit, INVALID for NUL and lone
    surrogates in the text or a clientMessageId that is not 1 to 64 characters without controls.
    """
    if not _CLIENT_ID.fullmatch(new.client_message_id):
        raise UserFault(ErrorCode.INVALID, "Use 1 to 64 characters, such as a UUID.", field=("clientMessageId",))
    text = check_text(
        new.text or "", field=("text",), limit=current().settings.messages.length, empty=ErrorCode.CONTENT_EMPTY
    )
    return Draft(new.conversation_id, viewer.user_id, new.client_message_id, text, new.reply_to_id)
