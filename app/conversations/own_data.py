"""What conversations add to a copy of somebody's data: where they are and were, others by their names only."""

from __future__ import annotations

from uuid import UUID

from app.accounts.exports import Lines, exports
from app.accounts.loaders import load_users
from app.conversations.access import Access, access_from
from app.conversations.own_state import load_own_labels, load_own_states
from app.conversations.records import CONVERSATION_COLUMNS, MEMBER_COLUMNS, ConversationKind
from app.core import db
from app.core.graphql.ids import encode_id

PAGE = 200
_TYPES = {
    ConversationKind.DIRECT: "DirectConversation",
    ConversationKind.GROUP: "Group",
    ConversationKind.BROADCAST: "Broadcast",
}


@exports("conversations")
async def _conversations(user_id: UUID) -> Lines:
    after = UUID(int=0)
    while True:
        found = await db.rows(
            f"SELECT {CONVERSATION_COLUMNS}, {MEMBER_COLUMNS} FROM member m JOIN conversation c"
            " ON c.id = m.conversation_id WHERE m.user_id = $1 AND m.id > $2 ORDER BY m.id LIMIT $3",
            user_id, after, PAGE,
        )  # fmt: skip
        page = [access_from(row) for row in found]
        if not page:
            return
        names = await _peer_names(page, user_id)
        keys = [(user_id, access.conversation.id) for access in page]
        states, labels = await load_own_states(keys), await load_own_labels(keys)
        for access, state, named in zip(page, states, labels, strict=True):
            member, conversation = access.member, access.conversation
            is_direct = conversation.kind is ConversationKind.DIRECT
            yield {
                "__typename": _TYPES[conversation.kind],
                "id": encode_id("cnv", conversation.id), "kind": conversation.kind,
                "title": names.get(conversation.id) if is_direct else conversation.title,
                "description": conversation.description, "avatar": _avatar(access),
                "createdAt": conversation.created_at,
                "viewerMember": {
                    "__typename": "Member", "id": encode_id("mem", member.id), "role": member.role,
                    "joinedAt": member.joined_at, "leftAt": member.left_at, "deliveredSeq": member.delivered_seq,
                    "readSeq": member.read_seq, "readAt": member.read_at,
                },
                "settings": {
                    "__typename": "ConversationSettings", "mutedUntil": state.muted_until,
                    "isArchived": state.is_archived, "isPinned": state.is_pinned, "labels": named,
                    "notificationLevel": state.notification_level, "draft": state.draft,
                    "draftUpdatedAt": state.draft_updated_at,
                },
            }  # fmt: skip
        if len(page) < PAGE:
            return
        after = page[-1].member.id


def _avatar(access: Access) -> dict[str, str] | None:
    """The picture of a group or broadcast that the person is in now."""
    media_id = access.conversation.avatar_id
    if media_id is None or access.member.left_at is not None:
        return None
    return {"__typename": "Media", "id": encode_id("med", media_id)}


async def _peer_names(page: list[Access], user_id: UUID) -> dict[UUID, str]:
    """Direct conversation → the other person's name."""
    peers = {a.conversation.id: a.conversation.peer_of(user_id) for a in page if a.conversation.direct_key}
    people = await load_users(list(peers.values()))
    return {conversation_id: person.shown_name for conversation_id, person in zip(peers, people, strict=True) if person}
