"""Operations that several tests of conversations use, and the state a refusal must leave alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from app.core import db
from app.core.clock import new_id, now
from app.core.graphql.ids import decode_id, encode_id
from tests.client import Person

START = """
mutation Start($userId: ID!) {
  startDirectConversation(input: {userId: $userId}) {
    errors { code message field }
    conversation { id kind title memberCount firstSeq lastSeq peer { id } viewerMember { role } }
  }
}
"""
CREATE = """
mutation Create($title: String!, $memberIds: [ID!]!, $description: String) {
  createGroup(input: {title: $title, memberIds: $memberIds, description: $description}) {
    errors { code message field limit }
    group {
      id kind title description memberCount viewerCanManage viewerCanAddMembers viewerCanSend createdBy { id }
      viewerMember { role }
    }
    needInvite { id }
  }
}
"""
ADD = """
mutation Add($conversationId: ID!, $userIds: [ID!]!) {
  addMembers(input: {conversationId: $conversationId, userIds: $userIds}) {
    errors { code message field limit }
    conversation { id memberCount }
    added { id role user { id } addedBy { id } }
    needInvite { id }
  }
}
"""
REMOVE = """
mutation Remove($conversationId: ID!, $userId: ID!) {
  removeMember(input: {conversationId: $conversationId, userId: $userId}) {
    errors { code message field }
    conversation { id memberCount }
    removedConversationId
  }
}
"""
LEAVE = """
mutation Leave($conversationId: ID!) {
  leaveConversation(input: {conversationId: $conversationId}) {
    errors { code message field }
    conversation { id }
    removedConversationId
  }
}
"""
ANSWER = """
mutation Answer($conversationId: ID!, $answer: MessageRequestAnswer!) {
  answerMessageRequest(input: {conversationId: $conversationId, answer: $answer}) {
    errors { code message field }
    conversation { id ... on DirectConversation { isMessageRequest } } removedConversationId
  }
}
"""
MEMBERS = """
query Members($id: ID!, $query: String, $role: MemberRole, $first: Int = 50, $after: String) {
  conversation(id: $id) {
    id
    members(query: $query, role: $role, first: $first, after: $after) {
      totalCount
      nodes { id role user { id displayName } viewerCanRemove viewerCanSetRole addedBy { id } joinedAt }
      edges { cursor node { id } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
}
"""
UPDATE = """
mutation Update($groupId: ID!, $title: String, $description: String, $permissions: GroupPermissionsInput) {
  updateGroup(input: {groupId: $groupId, title: $title, description: $description, permissions: $permissions}) {
    errors { code message field limit }
    group { id title description permissions {
      whoCanSend whoCanEditInfo whoCanAddMembers whoCanPin newMembersSeeHistory slowModeSeconds
    } }
  }
}
"""
SET_ROLE = """
mutation SetRole($conversationId: ID!, $userId: ID!, $role: MemberRole!) {
  setMemberRole(input: {conversationId: $conversationId, userId: $userId, role: $role}) {
    errors { code message field }
    member { id role user { id } }
  }
}
"""
TRANSFER = """
mutation Transfer($conversationId: ID!, $userId: ID!) {
  transferOwnership(input: {conversationId: $conversationId, userId: $userId}) {
    errors { code message field }
    conversation { id viewerMember { role } }
  }
}
"""
CREATE_BROADCAST = """
mutation CreateBroadcast($title: String!, $memberIds: [ID!]!, $description: String) {
  createBroadcast(input: {title: $title, memberIds: $memberIds, description: $description}) {
    errors { code message field limit }
    broadcast {
      id kind title description memberCount viewerCanManage viewerCanSend viewerSendRefusal createdBy { id }
      viewerMember { role }
    }
    needInvite { id }
  }
}
"""
UPDATE_BROADCAST = """
mutation UpdateBroadcast($broadcastId: ID!, $title: String, $description: String) {
  updateBroadcast(input: {broadcastId: $broadcastId, title: $title, description: $description}) {
    errors { code message field limit }
    broadcast { id title description }
  }
}
"""
EVENTS = """
subscription Events($after: Cursor) {
  events(after: $after) {
    __typename
    cursor
    kind
    ... on ConversationAdded { conversation { id kind title memberCount lastSeq } }
    ... on ConversationChanged { conversation { id title } actor { id } }
    ... on ConversationRemoved { conversationId reason }
    ... on MemberChanged {
      conversation { id memberCount } member { id role } removedMemberId user { id } change actor { id }
    }
  }
}
"""


async def start_direct(person: Person, other: Person) -> str:
    """The id of their direct conversation, which is a message request to neither."""
    async with known_to(decode_id("usr", other.id), decode_id("usr", person.id)):
        return (await person.mutate(START, userId=other.id))["conversation"]["id"]  # type: ignore[no-any-return]


@asynccontextmanager
async def known_to(owner_id: UUID | None, user_id: UUID | None) -> AsyncIterator[None]:
    """For the moment the first has the second as a contact: what is started now is no message request."""
    made = await db.execute(
        "INSERT INTO contact (id, owner_id, user_id, is_favorite, added_at, created_at, updated_at)"
        " VALUES ($1, $2, $3, $4, $5, $5, $5) ON CONFLICT (owner_id, user_id) DO NOTHING",
        (id_ := new_id()), owner_id, user_id, False, now(),
    )  # fmt: skip
    yield
    if made:
        await db.execute("DELETE FROM contact WHERE id = $1", id_)


async def create_group(owner: Person, *others: Person, title: str = "Team") -> str:
    """The id of a new group."""
    payload = await owner.mutate(CREATE, title=title, memberIds=[other.id for other in others])
    return payload["group"]["id"]  # type: ignore[no-any-return]


async def create_broadcast(owner: Person, *others: Person, title: str = "News") -> str:
    """The id of a new broadcast."""
    payload = await owner.mutate(CREATE_BROADCAST, title=title, memberIds=[other.id for other in others])
    return payload["broadcast"]["id"]  # type: ignore[no-any-return]


async def told_since(person: Person, cursor: str) -> list[dict[str, Any]]:
    """The events since then, without cursors, notices of the system and the end of the replay."""
    told = []
    async with person.subscribe(EVENTS, after=cursor) as events:
        while (event := await events.next())["__typename"] != "CursorMoved":
            del event["cursor"]
            if event["__typename"] != "MessageReceived":
                told.append(event)
    return told


async def roles(person: Person, group_id: str) -> dict[str, str]:
    """User id → role, as a member sees it."""
    page = (await person.query(MEMBERS, id=group_id))["conversation"]["members"]
    return {node["user"]["id"]: node["role"] for node in page["nodes"]}


async def make_admin(group_id: str, person: Person) -> None:
    """Without an event, and without the owner."""
    await db.execute(
        "UPDATE member SET role = 'ADMIN' WHERE conversation_id = $1 AND user_id = $2",
        decode_id("cnv", group_id),
        decode_id("usr", person.id),
    )


async def number_messages(group_id: str, last_seq: int) -> None:
    """As if messages had been sent up to this number."""
    await db.execute("UPDATE conversation SET last_seq = $1 WHERE id = $2", last_seq, decode_id("cnv", group_id))


async def stored(conversation_id: str) -> list[Any]:
    """Everything stored about a conversation: its row, its members, its intervals and its events."""
    key = decode_id("cnv", conversation_id)
    found: list[Any] = []
    for table, column in (
        ("conversation", "id"),
        ("member", "conversation_id"),
        ("membership", "stream_id"),
        ("event", "stream_id"),
    ):
        found.append(
            sorted(repr(dict(row)) for row in await db.rows(f"SELECT * FROM {table} WHERE {column} = $1", key))
        )
    return found


async def conversations_of(person: Person) -> int:
    """How many conversations somebody is or was in."""
    row = await db.row("SELECT count(*) AS total FROM member WHERE user_id = $1", decode_id("usr", person.id))
    assert row is not None
    return int(row["total"])


def unknown_id(prefix: str) -> str:
    """An id of the right form that nothing has."""
    return encode_id(prefix, UUID("01900000-0000-7000-8000-000000000000"))
