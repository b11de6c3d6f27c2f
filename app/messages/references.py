"""What messages refer to beside their conversation: thread roots, mentioned members, shared cards, files.

Read and written only for batches that hold such drafts: plain text costs no statement.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from app.core import db
from app.core.clock import new_id
from app.core.errors import ErrorCode, UserFault
from app.media.records import MediaRow
from app.messages.attachments import message_kind, read_media, refuse_attachments, write_attachments
from app.messages.details import NO_DETAILS
from app.messages.records import MESSAGE_COLUMNS, Draft, MessageKind, MessageRow, NewAttachment, message_from
from app.messages.visibility import still_there


@dataclass(slots=True, frozen=True)
class References:
    """What there is of what the drafts of a batch name: messages not deleted, current members, people, files; and the
    attachments of the drafts, by sender and clientMessageId."""

    roots: Mapping[UUID, MessageRow] = field(default_factory=dict)
    members: AbstractSet[tuple[UUID, UUID]] = frozenset()
    people: AbstractSet[UUID] = frozenset()
    media: Mapping[UUID, MediaRow] = field(default_factory=dict)
    attachments: Mapping[tuple[UUID | None, str | None], Sequence[NewAttachment]] = field(default_factory=dict)

    def kind_of(self, draft: Draft) -> MessageKind:
        """The kind of a draft that is not refused: what its files are decides."""
        return message_kind(draft.attachments, self.media) if draft.attachments else draft.kind

    def refusal(self, draft: Draft, row: Mapping[str, Any]) -> UserFault | None:
        """Why the draft may not refer to what it does; `row` is its sender's standing."""
        if draft.thread_root_id is not None:
            root = self.roots.get(draft.thread_root_id)
            if root is None or root.conversation_id != draft.conversation_id or root.seq < row["first_seq"] or (
                root.is_hidden and root.sender_id != draft.sender_id
            ):  # fmt: skip
                return UserFault(
                    ErrorCode.NOT_FOUND, "The message of this thread is not there.", field=("threadRootId",)
                )
            if root.thread_root_id is not None:
                words = "This message is in a thread itself: write into that one."
                return UserFault(ErrorCode.INVALID, words, field=("threadRootId",))
        for n, mention in enumerate(draft.details.mentions):
            if (draft.conversation_id, mention.user_id) not in self.members:
                words = "Only members of the conversation can be mentioned."
                return UserFault(ErrorCode.NOT_FOUND, words, field=("mentions", str(n), "userId"))
        if draft.contact_to_check is not None and draft.contact_to_check not in self.people:
            return UserFault(ErrorCode.NOT_FOUND, "There is no such person.", field=("contactUserId",))
        return refuse_attachments(draft.attachments, self.media, draft.sender_id) if draft.attachments else None


_NONE = References()


async def read_references(drafts: Sequence[Draft]) -> References:
    """What the drafts refer to, as it is in this transaction."""
    if all(d.thread_root_id is None and d.details is NO_DETAILS and not d.attachments for d in drafts):
        return _NONE
    attachments: dict[tuple[UUID | None, str | None], Sequence[NewAttachment]] = {
        (d.sender_id, d.client_message_id): d.attachments for d in drafts if d.attachments
    }
    media = {one.media_id for some in attachments.values() for one in some}
    return References(
        await _read_roots({d.thread_root_id for d in drafts if d.thread_root_id is not None}),
        await _read_members([d for d in drafts if d.details.mentions]),
        await _read_people({d.contact_to_check for d in drafts if d.contact_to_check is not None}),
        await read_media(list(media)) if media else {},
        attachments,
    )


async def _read_roots(ids: AbstractSet[UUID]) -> dict[UUID, MessageRow]:
    if not ids:
        return {}
    found = await db.rows(
        f"SELECT {MESSAGE_COLUMNS} FROM message m WHERE m.id = ANY($1::uuid[]) AND m.deleted_at IS NULL"
        f" AND {still_there()}",
        list(ids),
    )
    return {row["id"]: message_from(row) for row in found}


async def _read_members(drafts: Sequence[Draft]) -> set[tuple[UUID, UUID]]:
    if not drafts:
        return set()
    found = await db.rows(
        "SELECT conversation_id, user_id FROM member WHERE conversation_id = ANY($1::uuid[])"
        " AND user_id = ANY($2::uuid[]) AND left_at IS NULL",
        list({d.conversation_id for d in drafts}),
        list({mention.user_id for d in drafts for mention in d.details.mentions}),
    )
    return {(row["conversation_id"], row["user_id"]) for row in found}


async def _read_people(ids: AbstractSet[UUID]) -> set[UUID]:
    """Everybody may be looked up by their id, so whoever has an account can be shared."""
    if not ids:
        return set()
    sql = "SELECT id FROM user_account WHERE id = ANY($1::uuid[]) AND deleted_at IS NULL"
    return {row["id"] for row in await db.rows(sql, list(ids))}


# ── writing ───────────────────────────────────────────────────────────────────────────────────────

_MENTION = {"id": "uuid", "user_id": "uuid", "conversation_id": "uuid", "seq": "int", "message_id": "uuid"}
_FOLLOW = {"id": "uuid", "user_id": "uuid", "root_id": "uuid"}


async def write_references(messages: Sequence[MessageRow], references: References) -> None:
    """Files, who is mentioned, and who follows the threads from now on. What is hidden from somebody mentions them
    not."""
    if references is _NONE:
        return
    if references.attachments:
        sent = [(m, references.attachments.get((m.sender_id, m.client_message_id), ())) for m in messages]
        await write_attachments(sent, references.media)
    mentions = [
        (new_id(), user_id, m.conversation_id, m.seq, m.id)
        for m in messages
        if not m.is_hidden
        for user_id in sorted({mention.user_id for mention in m.details.mentions} - {m.sender_id})
    ]
    if mentions:
        columns = ", ".join(_MENTION)
        await db.execute(
            f"INSERT INTO message_mention ({columns}) SELECT {columns} FROM {db.table('d', _MENTION)}",
            *db.table_args(mentions),
        )
    follows = {
        (root.id, user_id) for m in messages if m.thread_root_id for root in (references.roots[m.thread_root_id],)
        for user_id in _followers(m, root)
    }  # fmt: skip
    if follows:
        await follow([(user_id, root_id) for root_id, user_id in sorted(follows)], messages[0].created_at)


def _followers(reply: MessageRow, root: MessageRow) -> set[UUID]:
    """Who takes part in a thread by a reply: its author and whom it mentions, and those of the root."""
    people = {reply.sender_id}
    if not reply.is_hidden:
        people |= {root.sender_id}
        people |= {mention.user_id for m in (reply, root) for mention in m.details.mentions}
    return {user_id for user_id in people if user_id is not None}


async def follow(follows: Sequence[tuple[UUID, UUID]], at: datetime) -> None:
    """(user, root): lets them follow these threads, unless they have said whether they want to."""
    await db.execute(
        "INSERT INTO thread_follow (id, user_id, root_id, is_following, created_at)"
        f" SELECT id, user_id, root_id, $1, $2::timestamptz FROM {db.table('d', _FOLLOW, first=3)} WHERE TRUE"
        " ON CONFLICT (user_id, root_id) DO NOTHING",
        True,
        at,
        *db.table_args([(new_id(), *pair) for pair in follows]),
    )
