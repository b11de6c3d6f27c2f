"""Operations that several tests of messages use over the API."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from tests.client import Person

SEND = """
mutation Send($input: SendMessageInput!) {
  sendMessage(input: $input) {
    errors { code message field limit retryAfter }
    clientMessageId
    message {
      id seq kind text clientMessageId createdAt deliveryState sender { id }
      conversation { id lastSeq unreadCount }
    }
  }
}
"""
SEND_MANY = """
mutation SendMany($items: [SendMessageInput!]!) {
  sendMessages(input: {items: $items}) {
    errors { code message field limit }
    results { errors { code field } clientMessageId message { seq text } }
  }
}
"""
PAGE = """
query Page(
  $id: ID!, $first: Int, $after: String, $last: Int, $before: String
  $around: ID, $unread: Boolean, $from: DateTime
) {
  conversation(id: $id) {
    messages(
      first: $first, after: $after, last: $last, before: $before
      around: $around, aroundFirstUnread: $unread, from: $from
    ) {
      edges { cursor node { id } }
      nodes { id seq text createdAt sender { id username displayName } replyTo { id text } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
}
"""
STATE = """
query State($id: ID!) {
  conversation(id: $id) {
    lastSeq firstSeq unreadCount deliveredToAllSeq readByAllSeq
    lastMessage { seq text sender { id } deliveryState }
    firstUnread { seq }
    viewerMember { deliveredSeq readSeq readAt }
  }
  viewer { unread { badge messages conversations } }
}
"""
READ = """
mutation Read($conversationId: ID!, $upToSeq: Int) {
  markRead(input: {conversationId: $conversationId, upToSeq: $upToSeq}) {
    errors { code message field }
    updatedCount
    conversations { id unreadCount }
    viewer { unread { messages conversations } }
  }
}
"""
DELIVERED = """
mutation Delivered($marks: [MarkInput!]!) {
  markDelivered(input: {marks: $marks}) {
    errors { code message field limit }
    updatedCount
    conversations { id deliveredToAllSeq }
  }
}
"""
EVENTS = """
subscription Events($after: Cursor, $kinds: [EventKind!], $conversationIds: [ID!]) {
  events(after: $after, kinds: $kinds, conversationIds: $conversationIds) {
    __typename cursor kind occurredAt
    ... on MessageReceived { message { id seq text clientMessageId sender { id } conversation { id unreadCount } } }
    ... on ReceiptChanged { conversation { id deliveredToAllSeq readByAllSeq } member { user { id } readSeq } }
    ... on UnreadChanged { conversations { id unreadCount } viewer { unread { messages } } }
  }
}
"""
RECEIVED = """
subscription Received($conversationId: ID, $after: Cursor) {
  messageReceived(conversationId: $conversationId, after: $after) {
    cursor message { seq text sender { id displayName } }
  }
}
"""


def message(conversation_id: str, text: str | None = "hello", *, key: str = "", **more: Any) -> dict[str, Any]:
    """A SendMessageInput under a fresh clientMessageId unless one is given."""
    return {"conversationId": conversation_id, "text": text, "clientMessageId": key or uuid4().hex, **more}


async def send(person: Person, conversation_id: str, text: str = "hello", **more: Any) -> dict[str, Any]:
    """Sends a message that must be accepted; the message."""
    payload = await person.mutate(SEND, input=message(conversation_id, text, **more))
    return payload["message"]  # type: ignore[no-any-return]


async def send_many(person: Person, conversation_id: str, count: int) -> None:
    """Sends `count` (up to 100) messages "1", "2" …"""
    items = [message(conversation_id, str(n)) for n in range(1, count + 1)]
    payload = await person.mutate(SEND_MANY, items=items)
    assert all(not result["errors"] for result in payload["results"])
