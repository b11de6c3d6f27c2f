"""What may happen with messages: sending them and reaching one. Receipts have their own module."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from app.core.errors import UserFault
from app.core.runtime import current
from app.core.viewer import Viewer
from app.messages.content import NewMessage, check_draft
from app.messages.lanes import SendLanes
from app.messages.records import Draft, MessageRow


async def send_message(viewer: Viewer, new: NewMessage) -> MessageRow:
    """Sends a message; a repeat gives the first one again. Raises UserFault (see `check_draft`, `SendLanes.send`)."""
    return await current().part(SendLanes).send(check_draft(viewer, new))


async def send_messages(viewer: Viewer, items: Sequence[NewMessage | UserFault]) -> list[MessageRow | UserFault]:
    """Sends many, in order within each conversation; one result each. An item that is a fault already stays one."""
    return await send_drafts([_draft(viewer, item) for item in items])


async def send_drafts(drafts: Sequence[Draft | UserFault]) -> list[MessageRow | UserFault]:
    """As `send_messages`, for what has been checked."""
    lanes = current().part(SendLanes)
    sent = [draft if isinstance(draft, UserFault) else lanes.put(draft) for draft in drafts]
    await asyncio.gather(*(s for s in sent if isinstance(s, asyncio.Future)), return_exceptions=True)
    return [s if isinstance(s, UserFault) else _result(s) for s in sent]


def _draft(viewer: Viewer, item: NewMessage | UserFault) -> Draft | UserFault:
    try:
        return item if isinstance(item, UserFault) else check_draft(viewer, item)
    except UserFault as fault:
        return fault


def _result(sent: asyncio.Future[MessageRow]) -> MessageRow | UserFault:
    error = sent.exception()
    if error is None:
        return sent.result()
    if isinstance(error, UserFault):
        return error
    raise error
