"""Message requests: a stranger's conversation waits until the receiver answers, and the stranger learns nothing.

Who is not among the receiver's contacts is a stranger. `member.is_request` of the receiver is set when the stranger
starts the conversation (service.py), and cleared by accepting, by making them a contact, or by starting it oneself.
Until then marks are withheld (messages/receipts.py). `is_listed` is false before the first message and after a
deletion; the send path lists it with the next message. Sources: features.md, section 5; reliability.md, section 7.
"""

from __future__ import annotations

from uuid import UUID

from app.contacts.blocking import set_block
from app.contacts.blocks import check_not_blocking, has_blocked
from app.contacts.book import lets_in
from app.contacts.locks import lock_people, pair_key
from app.conversations.access import Access, lock_conversation, require_conversation
from app.conversations.records import (
    CONVERSATION_COLUMNS,
    MEMBER_COLUMNS,
    ConversationKind,
    ConversationRemovedReason,
    ConversationRow,
    MemberRow,
    MessageRequestAnswer,
    conversation_from,
    member_from,
)
from app.core import db, log
from app.core.clock import now
from app.core.errors import ErrorCode, UserFault
from app.core.viewer import Viewer


@db.retried
async def answer_message_request(viewer: Viewer, conversation_id: UUID, answer: MessageRequestAnswer) -> Access | None:
    """Accepts a request, or takes it out of the viewer's list: then None. The same answer again changes nothing.

    Raises NOT_FOUND, NOT_PARTICIPANT, CONFLICT for what is no message request (any more), FORBIDDEN to accept while the
    viewer blocks the sender.
    """
    async with log.transaction():
        access = await lock_conversation(viewer, conversation_id)
        is_direct = access.conversation.kind is ConversationKind.DIRECT
        if not is_direct or not (access.member.is_request or answer is MessageRequestAnswer.ACCEPT):
            raise UserFault(ErrorCode.CONFLICT, "This is no message request.", field=("conversationId",))
        peer_id = access.conversation.peer_of(viewer.user_id)
        if answer is MessageRequestAnswer.ACCEPT:
            await check_not_blocking(viewer.user_id, peer_id, field="conversationId")
            await accept(access.member.id, peer_id, lists=True)
            return await require_conversation(viewer, conversation_id)
        if answer is MessageRequestAnswer.BLOCK:
            await lock_people(viewer, peer_id, field="conversationId")
            await set_block(viewer, peer_id, is_blocked=True)
        await _unlist(access)
    return None


@lets_in
async def let_contact_in(owner_id: UUID, user_id: UUID) -> None:
    """Whoever becomes a contact is no stranger any more."""
    row = await db.row(
        "SELECT m.id FROM conversation c JOIN member m ON m.conversation_id = c.id AND m.user_id = $1"
        " WHERE c.direct_key = $2 AND m.is_request AND m.left_at IS NULL",
        owner_id,
        pair_key(owner_id, user_id),
    )
    if row is not None:
        await accept(row["id"], user_id, lists=False)


async def accept(member_id: UUID, peer_id: UUID, *, lists: bool) -> None:
    """Inside a transaction: makes an ordinary conversation of a request, unless it is one; what was withheld is told.
    `lists`: also of one that is in no list, which otherwise comes back with the next message."""
    await db.rows("SELECT id FROM member WHERE id = $1 FOR NO KEY UPDATE", member_id)
    row = await db.row(
        f"SELECT {CONVERSATION_COLUMNS}, {MEMBER_COLUMNS} FROM member m JOIN conversation c ON c.id = m.conversation_id"
        " WHERE m.id = $1",
        member_id,
    )
    if row is None or not (member := member_from(row)).is_request:
        return
    await db.execute(
        "UPDATE member SET is_request = $1, told_delivered_seq = NULL, told_read_seq = NULL, told_read_at = NULL,"
        " is_listed = $2, updated_at = $3 WHERE id = $4",
        False,
        member.is_listed or lists,
        now(),
        member_id,
    )
    if member.is_listed or lists:
        _tell_owner(member, conversation_from(row), "CONVERSATION_LISTED")
    if (member.told_delivered_seq or 0, member.told_read_seq or 0) != (member.delivered_seq, member.read_seq):
        facts = {"memberId": str(member.id), "userId": str(member.user_id)}
        hidden_from = [peer_id] if await has_blocked(peer_id, member.user_id) else ()
        log.record(log.NewEvent(member.conversation_id, "RECEIPT_CHANGED", facts, hidden_from=hidden_from))


async def _unlist(access: Access) -> None:
    member = access.member
    if member.is_listed:
        await db.execute("UPDATE member SET is_listed = $1, updated_at = $2 WHERE id = $3", False, now(), member.id)
        deleted = ConversationRemovedReason.DELETED.value
        _tell_owner(member, access.conversation, "CONVERSATION_UNLISTED", change=deleted)


def _tell_owner(member: MemberRow, conversation: ConversationRow, kind: str, **facts: str) -> None:
    """Tells all devices of the person: the conversation went from one list to another, and what it has unread too.

    With nothing unread the counts stay, and the person must not hear of it: a conversation that a blocker had started
    looks like one that nobody had.
    """
    payload = {"conversationId": str(member.conversation_id), **facts}
    log.record(log.NewEvent(member.user_id, kind, payload))
    if conversation.last_seq_for(member.user_id) > member.read_seq or member.unread_from_seq is not None:
        log.record(log.NewEvent(member.user_id, "UNREAD_CHANGED", {"conversationIds": []}))
