"""Forwarding: a message's content goes into another conversation, with a note of where it first came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.core import db
from app.core.errors import ErrorCode, UserFault
from app.core.viewer import Viewer
from app.media.records import MediaKind
from app.messages.attachments import HAVE_ATTACHMENTS, AttachmentRow, load_attachments
from app.messages.content import check_client_message_id
from app.messages.details import Details, Origin
from app.messages.history import load_messages, load_visible_messages
from app.messages.records import Draft, MessageKind, MessageRow, NewAttachment
from app.messages.service import send_drafts

_NEVER = frozenset((MessageKind.SYSTEM, MessageKind.CALL, MessageKind.ENCRYPTED))


@dataclass(slots=True, frozen=True)
class Forward:
    """One message to one conversation."""

    message_id: UUID
    conversation_id: UUID
    client_message_id: str


async def forward_messages(viewer: Viewer, items: Sequence[Forward | UserFault]) -> list[MessageRow | UserFault]:
    """Forwards in order within each conversation; one result each: the new message (a repeat: the first one), or why
    not. NOT_FOUND: the viewer doesn't see the message, or it was deleted; FORBIDDEN: it is none that can be forwarded;
    and what sending refuses."""
    wanted = [item for item in items if isinstance(item, Forward)]
    sources = await load_visible_messages([(viewer.user_id, item.message_id) for item in wanted]) if wanted else []
    files = await _files_of([s for s in sources if s is not None])
    drafts = dict(zip(wanted, [_draft(viewer, i, s, files) for i, s in zip(wanted, sources, strict=True)], strict=True))
    results = await send_drafts([drafts[i] if isinstance(i, Forward) else i for i in items])
    gone = [i for i, draft in drafts.items() if isinstance(draft, UserFault) and draft.code is ErrorCode.NOT_FOUND]
    first = await _first_results(viewer, gone) if gone else {}
    return [first.get(item, result) if isinstance(item, Forward) else result
            for item, result in zip(items, results, strict=True)]  # fmt: skip


Files = Mapping[UUID, Sequence[AttachmentRow]]


async def _files_of(sources: Sequence[MessageRow]) -> Files:
    ids = [source.id for source in sources if source.kind in HAVE_ATTACHMENTS]
    return dict(zip(ids, await load_attachments(ids), strict=True)) if ids else {}


def _draft(viewer: Viewer, item: Forward, source: MessageRow | None, files: Files) -> Draft | UserFault:
    """The content as it is now. Mentions stay behind: they are of members of the other conversation."""
    try:
        check_client_message_id(item.client_message_id)
    except UserFault as fault:
        return fault
    if source is None or source.deleted_at is not None:
        return UserFault(ErrorCode.NOT_FOUND, "This message is not there.", field=("messageId",))
    attachments = files.get(source.id, ())
    if source.kind in _NEVER or any(one.view_once for one in attachments):
        return UserFault(ErrorCode.FORBIDDEN, "This message can't be forwarded.", field=("messageId",))
    before = source.details.forwarded or Origin(source.id, 0)
    details = Details(
        location=source.details.location,
        contact_id=source.details.contact_id,
        forwarded=Origin(before.message_id, before.hops + 1),
    )
    return Draft(
        item.conversation_id, viewer.user_id, item.client_message_id, source.text, kind=source.kind, details=details,
        attachments=tuple(_onward(one) for one in attachments), forward_of_id=source.id,
    )  # fmt: skip


def _onward(one: AttachmentRow) -> NewAttachment:
    return NewAttachment(one.media_id, one.caption, one.waveform, one.kind is MediaKind.VOICE, is_forwarded=True)


async def _first_results(viewer: Viewer, items: Sequence[Forward]) -> dict[Forward, MessageRow | UserFault]:
    """What was forwarded before its source went away: a repeat is answered as ever."""
    found = await db.rows(
        "SELECT id, client_message_id, content_hash FROM message"
        " WHERE sender_id = $1 AND client_message_id = ANY($2::text[])",
        viewer.user_id, [item.client_message_id for item in items],
    )  # fmt: skip
    known = {row["client_message_id"]: (row["id"], row["content_hash"]) for row in found}
    ids: dict[Forward, UUID] = {}
    for item in items:
        id_, content_hash = known.get(item.client_message_id, (None, None))
        if id_ is not None and content_hash in ("", _repeat_of(viewer, item).content_hash):
            ids[item] = id_
    messages = await load_messages(list(ids.values())) if ids else []
    results = zip(ids, messages, strict=True)
    return {item: message.seen_by(viewer.user_id) for item, message in results if message is not None}


def _repeat_of(viewer: Viewer, item: Forward) -> Draft:
    return Draft(
        item.conversation_id, viewer.user_id, item.client_message_id, None, forward_of_id=item.message_id
    )  # fmt: skip
